"""Counts and percentages: whom each is of, and whether it prints as it does."""
