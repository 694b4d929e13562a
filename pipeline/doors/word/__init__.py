"""The door to Word files: templates compiled, rendered, checked; documents composed, and read when they come back."""
