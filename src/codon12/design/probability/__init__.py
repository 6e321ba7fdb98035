"""Probabilities that designs rest on: beta priors, decisions at near ties, quadrature, inversion."""
