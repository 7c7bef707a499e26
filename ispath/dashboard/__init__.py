"""The admin site and its pages."""
