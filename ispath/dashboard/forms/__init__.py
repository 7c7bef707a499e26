"""Forms: what a person types, checked for shape only; what it means is the clinic's to say."""
