"""Alterations found in samples, one frame whatever file they came from, and the readers of those files."""
