"""Exact binomial and beta statistics, rounding, and how a number may be printed. Knows no data."""

from codon12.numbers.binomial import binomial_cdf, binomial_pmf, binomial_sf
from codon12.numbers.boxes import (
    Printed,
    counts_for_percent,
    percent_modes,
    read_printed,
    rounding_modes,
    totals_for_percent,
)
from codon12.numbers.proportion import METHODS, proportion_interval
from codon12.numbers.rounding import Rounding, percent, printed, printed_p, round_decimal

__all__ = [
    "METHODS",
    "Printed",
    "Rounding",
    "binomial_cdf",
    "binomial_pmf",
    "binomial_sf",
    "counts_for_percent",
    "percent",
    "percent_modes",
    "printed",
    "printed_p",
    "proportion_interval",
    "read_printed",
    "round_decimal",
    "rounding_modes",
    "totals_for_percent",
]
