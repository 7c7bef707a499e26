"""Caught letters, in development only."""
