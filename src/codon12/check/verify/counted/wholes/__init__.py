"""A whole and its parts, in counts and in percentages."""
