"""Measures of a diagnostic test and of two readers: from their counts, and from each other."""
