"""Pages about protocols that a clinician can read, made from the library."""
