"""Measured biomarkers: expression, mutational burden, microsatellites; their scales and cut-offs."""
