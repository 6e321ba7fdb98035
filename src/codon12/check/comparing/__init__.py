"""Comparing: one document with another, a document with the evidence of its study."""
