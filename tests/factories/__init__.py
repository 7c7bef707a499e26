"""One boring default per model; a test names only what it is about."""
