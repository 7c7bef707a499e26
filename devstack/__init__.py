"""What runs ispath on one machine for development and tests. Never part of production."""
