"""Responses as collected: which criterion counts, and where they stand in for lesions that nobody measured."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl

from codon12.parallel import of_all, told_of_all
from codon12.records.findings import Severity, no_findings, row_findings
from codon12.response.policy import RecistPolicy

__all__ = ["of_criterion", "same_visit", "tests_not_used", "without_lesions"]

_UNSCHEDULED = "(?i)unsched"


def of_criterion(collected: pl.DataFrame, *, policy: RecistPolicy | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Responses by the policy's criterion, and a finding for each of the others.

    Parameters
    ----------
    collected
        As from ``codon12.records.responses``: CRITERION, SRCDOM, SRCROW and the response. Without CRITERION every
        row counts.
    policy
        criterion; upper and lower case do not matter.

    Returns
    -------
    tuple of DataFrame
        The rows that count, and findings (``criterion-not-used``).

    Examples
    --------
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 2, "CRITERION": ["RECIST 1.1", "MRECIST"], "AVALC": ["PR", "PD"],
    ...     "SRCDOM": ["RS"] * 2, "SRCROW": [1, 2]})
    >>> counted, found = of_criterion(rows)
    >>> counted["AVALC"].to_list(), found["ROW"].to_list()
    (['PR'], [2])
    """
    policy = policy or RecistPolicy()
    if "CRITERION" not in collected.columns:
        return collected, no_findings()
    name = pl.col("CRITERION").str.to_uppercase()
    same = (name == policy.criterion.strip().upper()).fill_null(value=False)
    other = collected.filter(~same)
    found = row_findings(
        other,
        table="RS",
        rule="criterion-not-used",
        severity="note"
        if of_all("RS has the criterion that counts", bool(collected.filter(same).height))
        else "warning",
        variable="RSCAT",
        value=pl.col("CRITERION"),
        message=f"RS row {{}}: a response by {{}}; only {policy.criterion} counts ([response] criterion).",
        parts=[pl.col("SRCROW"), pl.col("CRITERION")],
    )
    return collected.filter(same), found


def tests_not_used(collected: pl.DataFrame, used: Sequence[str]) -> pl.DataFrame:
    """Findings on responses of other tests than `used` (``response-test-not-used``): one a test, at its first row.

    A best response as collected, say, counts for nothing: it is derived. Where no overall response (OVRLRESP) is
    collected the finding is a warning.
    """
    other = collected.filter(~pl.col("PARAMCD").is_in(list(used))).sort("SRCROW", nulls_last=True)
    first = other.unique("PARAMCD", keep="first", maintain_order=True).select("PARAMCD", "USUBJID", "SRCROW")
    overall = of_all("RS has overall responses", bool((collected["PARAMCD"] == "OVRLRESP").any()))
    return told_of_all(
        "tests of RS that are not used", first, partial(_of_tests, severity="note" if overall else "warning")
    )


def _of_tests(rows: pl.DataFrame, *, severity: Severity) -> pl.DataFrame:
    first = rows.sort("SRCROW", nulls_last=True, maintain_order=True).unique(
        "PARAMCD", keep="first", maintain_order=True
    )
    return row_findings(
        first,
        table="RS",
        rule="response-test-not-used",
        severity=severity,
        variable="RSTESTCD",
        value=pl.col("PARAMCD"),
        message="RS row {}: responses of test {} are not used: time points and best responses are derived.",
        parts=[pl.col("SRCROW"), pl.col("PARAMCD")],
    )


def same_visit(mine: pl.DataFrame, theirs: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Pair the time points of two frames that are one assessment: one subject, evaluator and visit, close in time.

    Parameters
    ----------
    mine, theirs
        USUBJID, EVAL, ADT, [VISITNUM, VISIT, ADTF]. One visit number, or one of the two without a number or
        unscheduled. What lies on one day is one assessment, whatever its number.
    policy
        visit_days: days that may lie between the two; twice as many under one scheduled visit number, and any number
        where a date is partial.

    Returns
    -------
    DataFrame
        `_mine` and `_theirs`, row numbers of the two frames; for each row of `theirs` the nearest of `mine`.

    Examples
    --------
    >>> import datetime as dt
    >>> scan = pl.DataFrame({"USUBJID": ["1"], "EVAL": ["CENTRAL"], "ADT": [dt.date(2024, 3, 1)], "VISITNUM": [2.0]})
    >>> same_visit(scan, scan.with_columns(ADT=dt.date(2024, 3, 5))).rows()
    [(0, 0)]
    """
    policy = policy or RecistPolicy()
    left, right = (_numbered(f, n) for f, n in ((mine, "_mine"), (theirs, "_theirs")))
    both = right.join(left, on=["USUBJID", "EVAL"], suffix="_m")
    gap = (pl.col("ADT") - pl.col("ADT_m")).dt.total_days().abs()
    number = (pl.col("_number") == pl.col("_number_m")).fill_null(value=False)
    loose = pl.col("_number").is_null() | pl.col("_number_m").is_null()
    partial = pl.col("_partial") | pl.col("_partial_m") | pl.col("ADT").is_null()
    near = (gap == 0) | (loose & (gap <= policy.visit_days)) | (number & (partial | (gap <= 2 * policy.visit_days)))
    pairs = both.filter(near.fill_null(value=False)).with_columns(gap.alias("_gap"))
    return pairs.sort("_theirs", "_gap", "_mine").unique("_theirs", keep="first").select("_mine", "_theirs")


def _numbered(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    number = pl.col("VISITNUM").cast(pl.Float64) if "VISITNUM" in frame.columns else pl.lit(None, pl.Float64)
    if "VISIT" in frame.columns:
        text = pl.col("VISIT").cast(pl.String).str.contains(_UNSCHEDULED).fill_null(value=False)
        number = pl.when(~text).then(number)
    partial = pl.col("ADTF").is_not_null() if "ADTF" in frame.columns else pl.lit(value=False)
    who = pl.col("USUBJID", "EVAL").cast(pl.String)
    rows = frame.select(who, "ADT", number.alias("_number"), partial.alias("_partial"))
    return rows.with_row_index(name)


def without_lesions(
    collected: pl.DataFrame,
    derived: pl.DataFrame,
    lesions: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Collected responses of subjects and visits whose lesions nobody measured, and a finding for each overall one.

    Parameters
    ----------
    collected
        Responses as collected, one reading a subject and evaluator: USUBJID, EVAL, PARAMCD, ADT, [VISITNUM, VISIT],
        SRCDOM, SRCROW.
    derived
        Overall responses derived from lesions.
    lesions
        The lesions they were derived from. Evaluators without any lesion need no finding.
    reference
        USUBJID, ADT: of subjects with lesions only responses after ADT can be visits of their own.
    policy
        visit_days.

    Returns
    -------
    tuple of DataFrame
        The rows that count, and findings (``response-as-collected``).
    """
    policy = policy or RecistPolicy()
    who = ["USUBJID", "EVAL"]
    text = [pl.col(c).cast(pl.String) for c in who]
    measured = lesions.select(text).unique()
    start = reference.select(pl.col("USUBJID").cast(pl.String), pl.col("ADT").alias("_ref")).unique("USUBJID")
    rows = collected.with_columns(text).with_row_index("_theirs")
    covered = same_visit(derived, rows, policy=policy)
    rows = rows.join(measured.with_columns(pl.lit(value=True).alias("_has")), on=who, how="left", maintain_order="left")
    rows = rows.join(start, on="USUBJID", how="left", maintain_order="left")
    later = (pl.col("ADT") > pl.col("_ref")).fill_null(value=True)
    rows = rows.filter(pl.col("_has").is_null() | (later & ~pl.col("_theirs").is_in(covered["_theirs"].implode())))
    known = pl.col("EVAL").is_in(
        of_all("evaluators who measured lesions", frozenset(measured["EVAL"].drop_nulls()), sorted)
    )
    told = rows.filter((pl.col("PARAMCD") == "OVRLRESP") & known & pl.col("AVALC").is_not_null())
    found = row_findings(
        told,
        table="RS",
        rule="response-as-collected",
        severity="note",
        variable="RSSTRESC",
        value=pl.col("AVALC").cast(pl.String),
        message="RS row {}: no lesion was measured {}; the response as collected ({}) counts.",
        parts=[
            pl.col("SRCROW"),
            pl.when(pl.col("_has").is_null()).then(pl.lit("of this subject")).otherwise(pl.lit("at this visit")),
            pl.col("AVALC").cast(pl.String),
        ],
    )
    return rows.drop("_theirs", "_has", "_ref"), found
