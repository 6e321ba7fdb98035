"""Basket trials: outcomes, borrowing, error rates."""
