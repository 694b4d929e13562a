"""One door per foreign thing. Nothing else imports the library or starts the program behind it."""
