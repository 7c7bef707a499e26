"""Caught letters, in development and trials only."""
