"""What people see: reports on the terminal and as JSON, in their language."""
