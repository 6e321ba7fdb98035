"""Target lesions of subjects that had none at baseline: non-target disease stays non-target disease."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import no_findings, row_findings
from codon12.response.keys import grouping, with_reference

__all__ = ["without_late_targets"]


def without_late_targets(lesions: pl.DataFrame, reference: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lesions without the targets of who had non-target lesions alone at baseline, and a finding for each left out.

    Parameters
    ----------
    lesions
        USUBJID, EVAL, GROUP, LESIONID, ADT, SRCROW.
    reference
        USUBJID, ADT: scans on or before ADT are baseline. A subject without it, or without any lesion at baseline,
        keeps all rows.

    Returns
    -------
    tuple of DataFrame
        The lesions that count, and findings (``target-not-of-baseline``).

    Notes
    -----
    Source: RECIST 1.1, 4.1 and table 2: target lesions are chosen at baseline; without any, non-target lesions decide.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 2, "EVAL": ["CENTRAL"] * 2, "GROUP": ["NON-TARGET", "TARGET"],
    ...     "LESIONID": ["NT1", "T9"], "ADT": [dt.date(2024, 1, 1), dt.date(2024, 3, 1)], "SRCROW": [1, 2]})
    >>> kept, found = without_late_targets(rows, pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 9)]}))
    >>> kept["LESIONID"].to_list(), found["ROW"].to_list()
    (['NT1'], [2])
    """
    who = grouping(lesions)
    group = pl.col("GROUP").cast(pl.String)
    early = (
        lesions.lazy()
        .filter(pl.col("ADT") <= pl.lit(reference["ADT"].max(), pl.Date))
        .select(*who, "GROUP", "ADT")
        .collect()
    )
    baseline = with_reference(early, reference).filter(pl.col("ADT") <= pl.col("_ref"))
    with_targets = baseline.filter(group == "TARGET").select(who).unique()
    others = baseline.filter(group == "NON-TARGET").select(who).unique()
    if others.join(with_targets, on=who, how="anti", nulls_equal=True).is_empty():
        return lesions, no_findings()
    rows = with_reference(lesions, reference)
    before = (pl.col("ADT") <= pl.col("_ref")).fill_null(value=False)
    only_others = (before & (group == "NON-TARGET")).any().over(who) & ~(before & (group == "TARGET")).any().over(who)
    late = rows.select((only_others & (group == "TARGET")).fill_null(value=False).alias("_late"))["_late"]
    found = row_findings(
        lesions.filter(late),
        table="TR",
        rule="target-not-of-baseline",
        severity="warning",
        variable="TRGRPID",
        value=pl.col("LESIONID").cast(pl.String),
        message="TR row {}: target lesion {} of a subject without target lesions at baseline; it counts in no sum.",
        parts=[pl.col("SRCROW"), pl.col("LESIONID").cast(pl.String)],
    )
    return lesions.filter(~late), found
