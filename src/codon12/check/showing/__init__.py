"""Showing findings: lines for a terminal, a page, comments in the document itself."""
