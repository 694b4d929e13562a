"""From a campaign's spreadsheets to signed, compiled and archived policy agreements."""

__version__ = "0.1.0"

OBJECTS = 200_000
"""New objects before Python looks for circles among them; its own 700 are for programs that run for days."""
