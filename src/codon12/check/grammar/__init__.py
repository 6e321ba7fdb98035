"""The grammar of printed results: which numbers belong together, and what they state."""
