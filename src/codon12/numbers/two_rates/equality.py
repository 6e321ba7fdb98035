"""Tests that two independent rates are the same."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.fisher import fisher_exact
from codon12.numbers.two_rates.contrast import whole_counts

__all__ = ["RateTest", "rates_p"]

RateTest = Literal["fisher", "chi-square", "chi-square-cc"]


def rates_p(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, test: RateTest = "fisher"
) -> NDArray[np.float64]:
    """Two-sided P value that two independent rates are the same.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of the first and of the second group; arrays broadcast.
    test
        ``fisher`` (exact: tables no more likely than the one seen), ``chi-square`` (Pearson), ``chi-square-cc`` (with
        Yates' correction, never beyond the difference seen, as R's ``prop.test`` and ``chisq.test``).

    Returns
    -------
    array
        NaN where a group is empty; of a chi-square test also where all subjects of both groups are alike.

    Raises
    ------
    UsageError
        Unknown test, counts that are not whole or outside 0..n.

    References
    ----------
    Fisher 1935; Pearson 1900; Yates 1934.

    Examples
    --------
    >>> [round(float(rates_p(56, 70, 48, 80, test=t)), 6) for t in ("fisher", "chi-square", "chi-square-cc")]
    [0.012521, 0.008045, 0.013409]
    """
    if test not in get_args(RateTest):
        raise UsageError(f"test must be one of {', '.join(get_args(RateTest))}; got {test!r}")
    x1, n1, x2, n2 = whole_counts(x1, n1, x2, n2)
    if test == "fisher":
        flat = [v.reshape(-1) for v in (x1, n1 - x1, x2, n2 - x2)]
        p = fisher_exact(*flat).p.reshape(x1.shape)
    else:
        total, events = n1 + n2, x1 + x2
        with np.errstate(divide="ignore", invalid="ignore"):
            away = np.abs(x1 - n1 * events / total)
            if test == "chi-square-cc":
                away = away - np.minimum(0.5, away)
            chi2 = away**2 * total**3 / (n1 * n2 * events * (total - events))
            p = special.chdtrc(1, chi2)
    return np.where((n1 == 0) | (n2 == 0), np.nan, p)
