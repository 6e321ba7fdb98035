"""A design written down, computed again, and handed on as protocol text and committee sheet."""
