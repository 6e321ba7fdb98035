"""Rows and columns of tables against each other and their heads."""
