"""Checked input: one way to read a column, a group, a frame; terms of a model and their design."""
