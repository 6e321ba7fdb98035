"""Exact binomial and beta statistics, rounding, and how a number may be printed. Knows no data.

Each name is imported on first use, so that rounding a number does not load the special functions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.numbers.binomial import binomial_cdf, binomial_pmf, binomial_sf
    from codon12.numbers.proportion import METHODS, proportion_interval
    from codon12.numbers.rounding import Rounding, percent, printed, printed_p, round_decimal
    from codon12.numbers.unrounded import (
        Printed,
        counts_for_percent,
        percent_modes,
        read_printed,
        rounding_modes,
        totals_for_percent,
    )

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

_HOME = {
    **dict.fromkeys(("binomial_cdf", "binomial_pmf", "binomial_sf"), "binomial"),
    **dict.fromkeys(("METHODS", "proportion_interval"), "proportion"),
    **dict.fromkeys(("Rounding", "percent", "printed", "printed_p", "round_decimal"), "rounding"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'codon12.numbers' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"codon12.numbers.{_HOME.get(name, 'unrounded')}"), name)
    globals()[name] = value
    return value
