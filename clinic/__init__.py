"""The child."""
