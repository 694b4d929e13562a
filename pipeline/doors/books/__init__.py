"""The door to spreadsheets: read as people see them, and written for people."""
