"""Every kind of result computed a second way."""
