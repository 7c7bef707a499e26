"""The engine: frozen values in, frozen values out. No Django, no database, no clock."""
