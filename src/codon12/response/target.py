"""Sums of diameters to target response (RECIST 1.1, 4.3.1 and 4.3.2)."""

from __future__ import annotations

import polars as pl

from codon12.response.keys import group_number, grouping, in_order, sources
from codon12.response.policy import RecistPolicy
from codon12.response.running import any_before, any_in_group
from codon12.response.states import micrometres
from codon12.response.sums import with_baseline_and_nadir

__all__ = ["target_response"]

_DERIVED = {"ABLFL", "BASE", "NADIR", "ANL01FL", "CRFL", "PRESENTFL", "PDFL"}


def target_response(sums: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Target response at each visit after baseline: CR, PD, PR, SD or NE, in this order.

    Parameters
    ----------
    sums
        As from ``sum_of_diameters``. A frame of USUBJID, [EVAL, EVALID], ADT, AVAL (mm) alone will do: its first
        row is the baseline, every sum is complete, and complete response is a sum of 0.
    policy
        response_percent, progression_percent, progression_mm, partial_sum_pd, reappearance_after_cr,
        sticky_pr.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (TRGRESP), ADT, [ADTENDT, VISITNUM, VISIT], AVALC, AVAL (the sum, mm),
        PRESENTFL, and the source; sorted by subject, evaluator and date. A sum without a baseline is NE.

    Notes
    -----
    Thresholds are compared as whole micrometres: 14.0 to 9.8 mm is PR, 27.0 to 32.4 mm and 3.2 to 8.2 mm are PD.
    PD is called from a partial sum where that sum qualifies already (``partial_sum_pd``). With ``sticky_pr`` an
    SD after a PR or CR is PR until progression.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.3.1, 4.3.2; EORTC RECIST FAQ for the continuing PR.

    Examples
    --------
    >>> import datetime as dt
    >>> days = [dt.date(2024, m, 1) for m in (1, 3, 5)]
    >>> sums = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": days, "AVAL": [14.0, 9.8, 14.8]})
    >>> target_response(sums)["AVALC"].to_list()
    ['PR', 'PD']
    """
    policy = policy or RecistPolicy()
    if not set(sums.columns) >= _DERIVED:
        sums = with_baseline_and_nadir(sums, None, policy=policy)
    keys = grouping(sums)
    um, base = micrometres(pl.col("AVAL")), micrometres(pl.col("BASE"))
    complete = (pl.col("ANL01FL") == "Y").fill_null(value=False)
    answer = (
        pl.when(complete & (pl.col("CRFL") == "Y"))
        .then(pl.lit("CR"))
        .when(pl.col("PDFL") == "Y")
        .then(pl.lit("PD"))
        .when(complete & (100 * um <= (100 - policy.response_percent) * base))
        .then(pl.lit("PR"))
        .when(complete)
        .then(pl.lit("SD"))
        .otherwise(pl.lit("NE"))
    )
    rows = in_order(sums, keys=keys).with_columns(answer.alias("AVALC"), group_number(keys))
    is_base = (pl.col("ABLFL") == "Y").fill_null(value=False)
    begun = rows.select(is_base.alias("base"))["base"]
    after = any_before(begun, rows["_g"]) & ~begun
    rows = rows.filter(after | ~any_in_group(begun, rows["_g"]))
    if policy.sticky_pr:
        rows = _kept_until_progression(rows, policy=policy)
    kept = [c for c in ("ADTENDT", "VISITNUM", "VISIT", "SCANSET") if c in rows.columns]
    return rows.select(
        *keys, pl.lit("TRGRESP").alias("PARAMCD"), "ADT", *kept, "AVALC", "AVAL", "PRESENTFL", *sources(rows)
    )


def _kept_until_progression(rows: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """SD after an (if asked for, confirmed) response is PR until the next PD."""
    responded = pl.col("AVALC").is_in(["CR", "PR"])
    spell = (pl.col("AVALC") == "PD").cum_sum().over("_g").alias("_spell")
    rows = rows.with_columns(spell)
    day = pl.when(responded).then(pl.col("ADT").to_physical().cast(pl.Int64))
    first = day.cum_min().forward_fill().over("_g", "_spell")
    latest = day.cum_max().forward_fill().over("_g", "_spell")
    gap = policy.confirmation_min_days if policy.sticky_pr_confirmed else 0
    kept = (pl.col("AVALC") == "SD") & (latest - first >= gap).fill_null(value=False)
    return rows.with_columns(pl.when(kept).then(pl.lit("PR")).otherwise("AVALC").alias("AVALC"))
