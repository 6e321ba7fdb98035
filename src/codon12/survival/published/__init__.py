"""What a published curve or percentage tells of the subjects behind it."""
