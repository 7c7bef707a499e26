"""SMART backend services."""
