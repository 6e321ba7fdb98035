"""Parametric models, with which a curve may be carried beyond the last follow-up."""
