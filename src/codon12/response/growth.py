"""How a tumour grows and shrinks: best change, depth, time to nadir, growth rate, early shrinkage."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.response.keys import group_number, grouping, in_order, sources
from codon12.response.policy import RecistPolicy
from codon12.response.states import micrometres
from codon12.response.sums import with_baseline_and_nadir

__all__ = [
    "best_percent_change",
    "depth_of_response",
    "early_tumour_shrinkage",
    "time_to_nadir",
    "tumour_growth_rate",
]

_NEEDED = {"ABLFL", "BASE", "PCHG", "ANL01FL"}


def best_percent_change(
    sums: pl.DataFrame, *, policy: RecistPolicy | None = None, progression: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Best percent change of the sum from baseline, one row a subject: the bars of a waterfall plot.

    Parameters
    ----------
    sums
        As from ``sum_of_diameters`` (or USUBJID, [EVAL, EVALID], ADT, AVAL alone, first row the baseline).
    policy
        best_change: whether sums after progression count.
    progression
        USUBJID, [EVAL, EVALID], ADT of the first progression; without it the first sum that is progression by
        itself (PDFL).

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], ADT, AVAL (mm), BASE, CHG, PCHG and the source, of the lowest complete sum after
        baseline (the first of equals); sorted by subject. Subjects without one, or with baseline 0, have no row.

    Notes
    -----
    Incomplete sums never count: a sum with a lesion missing looks like shrinkage.

    Examples
    --------
    >>> import datetime as dt
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 3, "AVAL": [40.0, 30.0, 20.0],
    ...     "ADT": [dt.date(2024, m, 1) for m in (1, 3, 5)], "ANL01FL": ["Y", "Y", None]})
    >>> best_percent_change(sums)["PCHG"].item()
    -25.0
    """
    rows = _described(sums)
    keys = grouping(rows)
    at_start = rows.lazy().filter(pl.col("ABLFL") == "Y").select(keys)
    later = rows.lazy().filter((pl.col("ANL01FL") == "Y") & pl.col("ABLFL").is_null() & pl.col("PCHG").is_not_null())
    kept = [*keys, "ADT", *(c for c in ("VISITNUM",) if c in rows.columns), "AVAL", "BASE", "CHG", "PCHG"]
    with_start = later.select(*kept, *sources(rows)).join(at_start, on=keys, how="semi", nulls_equal=True)
    rows = with_start.collect()
    if policy is not None and policy.best_change == "until-progression":
        first = (
            _described(sums).filter(PDFL="Y")
            if progression is None
            else progression.filter(pl.col("ADT").is_not_null())
        )
        ends = first.group_by(keys).agg(pl.col("ADT").min().alias("_pd"))
        rows = rows.join(ends, on=keys, how="left", nulls_equal=True)
        rows = rows.filter((pl.col("ADT") <= pl.col("_pd")).fill_null(value=True))
    lowest = rows.filter(pl.col("PCHG") == pl.col("PCHG").min().over(keys))
    best = in_order(lowest, keys=keys).unique(keys, keep="first", maintain_order=True)
    return best.select(*keys, "ADT", "AVAL", "BASE", "CHG", "PCHG", *sources(best))


def depth_of_response(sums: pl.DataFrame) -> pl.DataFrame:
    """Depth of response: the largest shrinkage from baseline in percent (negative: the tumour only grew).

    Returns
    -------
    DataFrame
        As ``best_percent_change``, with PARAMCD (DPR) and AVAL the depth, -PCHG.

    References
    ----------
    Heinemann 2015, Eur J Cancer 51:1927 (depth of response).

    Examples
    --------
    >>> import datetime as dt
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 1, 1), dt.date(2024, 3, 1)],
    ...     "AVAL": [40.0, 10.0]})
    >>> depth_of_response(sums)["AVAL"].item()
    75.0
    """
    best = best_percent_change(sums)
    return best.select(
        *grouping(best),
        pl.lit("DPR").alias("PARAMCD"),
        "ADT",
        (0 - pl.col("PCHG")).alias("AVAL"),
        *sources(best),
    )


def time_to_nadir(sums: pl.DataFrame) -> pl.DataFrame:
    """Days from baseline to the lowest complete sum after it.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (TTNADIR), STARTDT (baseline), ADT (nadir), AVAL (days, ADT - STARTDT) and the
        source. Subjects without a complete sum after baseline have no row.

    Examples
    --------
    >>> import datetime as dt
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 3, "AVAL": [40.0, 20.0, 30.0],
    ...     "ADT": [dt.date(2024, 1, d) for d in (1, 15, 29)]})
    >>> time_to_nadir(sums)["AVAL"].item()
    14
    """
    rows = _complete(sums)
    keys = grouping(rows)
    lowest = rows.sort([*keys, "AVAL", "ADT"], nulls_last=True).unique(keys, keep="first", maintain_order=True)
    return lowest.select(
        *keys,
        pl.lit("TTNADIR").alias("PARAMCD"),
        "STARTDT",
        "ADT",
        (pl.col("ADT") - pl.col("STARTDT")).dt.total_days().alias("AVAL"),
        *sources(lowest),
    )


def tumour_growth_rate(sums: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Tumour growth rate: percent change of volume a month between one complete sum and the next.

    Parameters
    ----------
    sums
        As from ``sum_of_diameters``, baseline included; a scan before baseline can be given as a first row to
        compare growth before and on treatment.
    policy
        days_per_month.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (TGR), STARTDT, ADT, MONTHS, AVAL (% a month; null where a sum is 0, where the
        cube law has no answer), and the source of the later sum. One row per complete sum but the first.

    Notes
    -----
    Volume is taken as the cube of the sum: TG = 3 ln(D2 / D1) / months, TGR = 100 (exp(TG) - 1).

    References
    ----------
    Ferté 2014, Clin Cancer Res 20:246; Champiat 2017, Clin Cancer Res 23:1920.

    Examples
    --------
    >>> import datetime as dt
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 1, 1), dt.date(2024, 3, 1)],
    ...     "AVAL": [10.0, 20.0]})
    >>> round(tumour_growth_rate(sums, policy=RecistPolicy(days_per_month=30.0))["AVAL"].item(), 6)  # 8-fold, 2 months
    182.842712
    """
    policy = policy or RecistPolicy()
    need(sums, ("USUBJID", "ADT", "AVAL"), what="sums")
    keys = grouping(sums)
    rows = sums.filter(pl.col("AVAL").is_not_null() & pl.col("ADT").is_not_null())
    if "ANL01FL" in rows.columns:
        rows = rows.filter(pl.col("ANL01FL") == "Y")
    rows = in_order(rows, keys=keys).with_columns(group_number(keys))
    rows = rows.with_columns(pl.col("AVAL", "ADT").shift(1).over("_g").name.prefix("_"))
    months = (pl.col("ADT") - pl.col("_ADT")).dt.total_days() / policy.days_per_month
    growth = (3 * (pl.col("AVAL") / pl.col("_AVAL")).log() / months).exp() - 1
    known = (pl.col("AVAL") > 0) & (pl.col("_AVAL") > 0) & (months > 0)
    return rows.filter(pl.col("_ADT").is_not_null()).select(
        *keys,
        pl.lit("TGR").alias("PARAMCD"),
        pl.col("_ADT").alias("STARTDT"),
        "ADT",
        months.alias("MONTHS"),
        pl.when(known).then(100 * growth).alias("AVAL"),
        *sources(rows),
    )


def early_tumour_shrinkage(sums: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Whether the sum had shrunk by ``early_shrinkage_percent`` at the first assessment of the early window.

    Parameters
    ----------
    sums
        As from ``sum_of_diameters``.
    policy
        early_shrinkage_percent, early_shrinkage_days (days from baseline, both ends included).

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (ETS), ADT, PCHG, AVALC (Y, N; NE without a complete sum in the window) and
        the source; a row for each subject with a baseline.

    References
    ----------
    Piessevaux 2013, J Clin Oncol 31:3764 (20% at the first assessment).

    Examples
    --------
    >>> import datetime as dt
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 1, 1), dt.date(2024, 2, 12)],
    ...     "AVAL": [40.0, 32.0]})
    >>> early_tumour_shrinkage(sums)["AVALC"].item()
    'Y'
    """
    policy = policy or RecistPolicy()
    rows = _described(sums)
    keys = grouping(rows)
    everyone = rows.filter(pl.col("ABLFL") == "Y").select(keys)
    low, high = policy.early_shrinkage_days
    early = _complete(rows).filter(
        (pl.col("ADT") - pl.col("STARTDT")).dt.total_days().is_between(low, high) & (pl.col("BASE") > 0)
    )
    first = early.unique(keys, keep="first", maintain_order=True)
    shrunk = 100 * micrometres(pl.col("AVAL")) <= (100 - policy.early_shrinkage_percent) * micrometres(pl.col("BASE"))
    first = first.select(*keys, "ADT", "PCHG", shrunk.alias("_y"), *sources(first))
    joined = everyone.join(first, on=keys, how="left", nulls_equal=True)
    answer = pl.when("_y").then(pl.lit("Y")).when(~pl.col("_y")).then(pl.lit("N")).otherwise(pl.lit("NE"))
    return joined.select(
        *keys, pl.lit("ETS").alias("PARAMCD"), "ADT", "PCHG", answer.alias("AVALC"), *sources(joined)
    ).sort(keys, nulls_last=True)


def _described(sums: pl.DataFrame) -> pl.DataFrame:
    if sums.columns and set(sums.columns) >= _NEEDED:
        return sums
    return with_baseline_and_nadir(sums, None, policy=RecistPolicy())


def _complete(sums: pl.DataFrame) -> pl.DataFrame:
    """Complete sums after baseline, in order, with the baseline's date as STARTDT."""
    rows = _after_baseline(sums)
    return in_order(rows, keys=grouping(rows))


def _after_baseline(sums: pl.DataFrame) -> pl.DataFrame:
    rows = _described(sums)
    keys = grouping(rows)
    start = rows.filter(pl.col("ABLFL") == "Y").select(*keys, pl.col("ADT").alias("STARTDT"))
    rows = rows.filter((pl.col("ANL01FL") == "Y") & pl.col("ABLFL").is_null())
    return rows.join(start, on=keys, how="inner", nulls_equal=True)
