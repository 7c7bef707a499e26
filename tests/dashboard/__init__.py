"""The dashboard through Django's test client: what is shown, what is refused, how many queries it takes."""
