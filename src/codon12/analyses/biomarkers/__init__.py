"""Alterations, and results by subgroup."""
