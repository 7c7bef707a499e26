"""Dose calendars for people and programs: what was asked for, the JSON, the table."""
