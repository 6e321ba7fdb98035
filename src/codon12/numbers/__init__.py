"""Exact binomial and beta statistics, two rates compared, rounding, and how a number may be printed. Knows no data.

Each name is imported on first use, so that rounding a number does not load the special functions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.numbers.binomial import binomial_cdf, binomial_pmf, binomial_sf
    from codon12.numbers.proportion import METHODS, proportion_interval
    from codon12.numbers.rate import RATE_METHODS, rate_interval
    from codon12.numbers.rounding import Rounding, percent, printed, printed_p, round_decimal
    from codon12.numbers.standardised import standardised_difference_of_counts, standardised_difference_of_means
    from codon12.numbers.two_rates.contrast import Contrast
    from codon12.numbers.two_rates.difference import risk_difference
    from codon12.numbers.two_rates.equality import rates_p
    from codon12.numbers.two_rates.homogeneity import Homogeneity, homogeneity
    from codon12.numbers.two_rates.ratio import odds_ratio, risk_ratio
    from codon12.numbers.two_rates.strata import (
        CmhTest,
        cmh_test,
        common_difference,
        common_odds_ratio,
        common_risk_ratio,
    )
    from codon12.numbers.two_samples import chi_square_p, rank_sum_p
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
    "RATE_METHODS",
    "CmhTest",
    "Contrast",
    "Homogeneity",
    "Printed",
    "Rounding",
    "binomial_cdf",
    "binomial_pmf",
    "binomial_sf",
    "chi_square_p",
    "cmh_test",
    "common_difference",
    "common_odds_ratio",
    "common_risk_ratio",
    "counts_for_percent",
    "homogeneity",
    "odds_ratio",
    "percent",
    "percent_modes",
    "printed",
    "printed_p",
    "proportion_interval",
    "rank_sum_p",
    "rate_interval",
    "rates_p",
    "read_printed",
    "risk_difference",
    "risk_ratio",
    "round_decimal",
    "rounding_modes",
    "standardised_difference_of_counts",
    "standardised_difference_of_means",
    "totals_for_percent",
]

_HOME = {
    **dict.fromkeys(("binomial_cdf", "binomial_pmf", "binomial_sf"), "binomial"),
    **dict.fromkeys(("METHODS", "proportion_interval"), "proportion"),
    **dict.fromkeys(("standardised_difference_of_counts", "standardised_difference_of_means"), "standardised"),
    **dict.fromkeys(("chi_square_p", "rank_sum_p"), "two_samples"),
    **dict.fromkeys(("RATE_METHODS", "rate_interval"), "rate"),
    "Contrast": "two_rates.contrast",
    "risk_difference": "two_rates.difference",
    "rates_p": "two_rates.equality",
    **dict.fromkeys(("Homogeneity", "homogeneity"), "two_rates.homogeneity"),
    **dict.fromkeys(("odds_ratio", "risk_ratio"), "two_rates.ratio"),
    **dict.fromkeys(
        ("CmhTest", "cmh_test", "common_difference", "common_odds_ratio", "common_risk_ratio"), "two_rates.strata"
    ),
    **dict.fromkeys(("Rounding", "percent", "printed", "printed_p", "round_decimal"), "rounding"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'codon12.numbers' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"codon12.numbers.{_HOME.get(name, 'unrounded')}"), name)
    globals()[name] = value
    return value
