"""Ratios, P values, test statistics, differences, means, spreads: each recomputed from what stands beside it."""
