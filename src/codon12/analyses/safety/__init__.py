"""Adverse events and exposure."""
