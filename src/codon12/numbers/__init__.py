"""Exact binomial and beta statistics, rounding, and how a number may be printed. Knows no data."""

from codon12.numbers.binomial import binomial_cdf, binomial_pmf, binomial_sf
from codon12.numbers.proportion import METHODS, proportion_interval
from codon12.numbers.rounding import Rounding, percent, printed, round_decimal

__all__ = [
    "METHODS",
    "Rounding",
    "binomial_cdf",
    "binomial_pmf",
    "binomial_sf",
    "percent",
    "printed",
    "proportion_interval",
    "round_decimal",
]
