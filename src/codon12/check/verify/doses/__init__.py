"""Doses by the body, in fractions and repeated."""
