"""Log-rank tests between every two groups, adjusted for their number."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from codon12.numbers.multiplicity import Adjustment, adjusted_p
from codon12.survival.comparisons.logrank import logrank
from codon12.survival.comparisons.weightings import Weighting
from codon12.survival.subjects.columns import combined_factor, times

__all__ = ["pairwise_logrank"]


def pairwise_logrank(
    time: ArrayLike,
    event: ArrayLike,
    group: Any,
    *,
    strata: Any = None,
    weighting: Weighting = "logrank",
    rho: float = 0.0,
    gamma: float = 0.0,
    adjust: Adjustment = "holm",
) -> pl.DataFrame:
    """Test every pair of groups on the subjects of the two.

    Parameters and errors are those of ``logrank``; `adjust` is a method of ``adjusted_p``.

    Returns
    -------
    polars.DataFrame
        One row a pair, in the order of the levels: group_a, group_b, statistic, p, log10_p, p_adjusted.

    Examples
    --------
    >>> pairwise_logrank([1, 2, 3, 4, 5, 6], [1] * 6, list("aabbcc"))["group_b"].to_list()
    ['b', 'c', 'c']
    """
    t, d = np.asarray(times(time)), np.asarray(event)
    groups = combined_factor(group, t.size, what="group")
    layers = None if strata is None else combined_factor(strata, t.size).codes
    rows = []
    for a, b in combinations(range(len(groups)), 2):
        own = (groups.codes == a) | (groups.codes == b)
        test = logrank(
            t[own],
            d[own],
            groups.codes[own],
            strata=None if layers is None else layers[own],
            weighting=weighting,
            rho=rho,
            gamma=gamma,
        )
        rows.append((groups.labels[a], groups.labels[b], test.statistic, test.p, test.log10_p))
    schema = {"group_a": pl.String, "group_b": pl.String}
    schema |= dict.fromkeys(["statistic", "p", "log10_p"], pl.Float64)
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.with_columns(pl.Series("p_adjusted", adjusted_p(table["p"].to_numpy(), method=adjust)))
