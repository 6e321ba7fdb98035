"""Ratios, P values, test statistics, differences, means, power: each recomputed from what stands beside it."""
