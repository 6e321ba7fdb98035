"""Survival curves: Kaplan-Meier, follow-up, restricted means, the bootstrap."""
