"""Log-rank tests between every two groups, adjusted for their number."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import polars as pl
from numpy.typing import ArrayLike

from codon12.errors import DataError, UsageError
from codon12.numbers.multiplicity import ADJUSTMENTS, Adjustment, adjusted_p
from codon12.survival.comparisons.logrank import logrank
from codon12.survival.comparisons.weightings import Weighting
from codon12.survival.subjects.options import check_choice
from codon12.survival.subjects.subjects import read_subjects

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
        One row a pair, in the order of the levels: group_a, group_b, statistic, p, log10_p, p_adjusted, and
        ``dropped``: how many rows were left out of all pairs because their group or stratum is missing.

    Examples
    --------
    >>> pairwise_logrank([1, 2, 3, 4, 5, 6], [1] * 6, list("aabbcc"))["group_b"].to_list()
    ['b', 'c', 'c']
    """
    check_choice("adjust", adjust, ADJUSTMENTS)
    if group is None:
        raise UsageError("group must be one column of values, one a subject; got None")
    subjects = read_subjects(time, event=event, group=group, strata=strata)
    t, d, groups = subjects.time, subjects.event, subjects.group
    layers = None if subjects.strata is None else subjects.strata.codes
    if len(groups) < 2:
        raise DataError(f"group has one level only ({groups.labels[0]}): there is nothing to compare")
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
    adjusted = pl.Series("p_adjusted", adjusted_p(table["p"].to_numpy(), method=adjust))
    return table.with_columns(adjusted, pl.lit(subjects.dropped, dtype=pl.Int64).alias("dropped"))
