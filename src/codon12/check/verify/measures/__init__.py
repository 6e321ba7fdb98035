"""Measures that follow from other numbers of their sentence, read from its words whether or not it has a statement."""
