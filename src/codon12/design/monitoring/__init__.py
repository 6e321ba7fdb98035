"""Bayesian monitoring of a single arm: predictive probability, BOP2, Thall and Simon, toxicity."""
