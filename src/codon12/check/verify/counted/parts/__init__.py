"""What is part of what: never more than the whole."""
