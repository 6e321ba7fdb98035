"""Intervals, ranges and limits: what lies within them, by which method they were made, what no value can be."""
