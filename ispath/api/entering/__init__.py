"""What comes in by REST or by a command: documents, what each does, and once for each key."""
