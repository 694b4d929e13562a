"""Limits that processes of this program share."""

OBJECTS = 200_000
"""New objects before Python looks for circles among them; its own 700 are for programs that run for days."""
