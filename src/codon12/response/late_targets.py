"""Lesions that baseline does not know: targets of who had none at baseline, and non-target lesions added later."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import no_findings, row_findings
from codon12.records.terms.lesions import lesion_families, names_of_families
from codon12.response.keys import grouping, with_reference
from codon12.response.policy import RecistPolicy

__all__ = ["late_non_targets", "late_targets_as_others"]


def late_targets_as_others(lesions: pl.DataFrame, reference: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Targets of who had non-target lesions alone at baseline count as non-target lesions; a finding for each row.

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
        The lesions, and findings (``target-not-of-baseline``).

    Notes
    -----
    Source: RECIST 1.1, 4.1 and table 2: target lesions are chosen at baseline; without any, non-target lesions decide,
    and 4.3.1, 4.3.3: no response is complete while a lesion is seen.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 2, "EVAL": ["CENTRAL"] * 2, "GROUP": ["NON-TARGET", "TARGET"],
    ...     "LESIONID": ["NT1", "T9"], "ADT": [dt.date(2024, 1, 1), dt.date(2024, 3, 1)], "SRCROW": [1, 2]})
    >>> judged, found = late_targets_as_others(rows, pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 9)]}))
    >>> judged["GROUP"].to_list(), found["ROW"].to_list()
    (['NON-TARGET', 'NON-TARGET'], [2])
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
        message="TR row {}: target lesion {} of a subject without target lesions at baseline; it counts in no sum, and "
        "as a non-target lesion.",
        parts=[pl.col("SRCROW"), pl.col("LESIONID").cast(pl.String)],
    )
    as_other = pl.when(late).then(pl.lit("NON-TARGET").cast(lesions.schema["GROUP"])).otherwise("GROUP")
    return lesions.with_columns(as_other.alias("GROUP")), found


def late_non_targets(lesions: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Findings ``non-target-added-later``: the first record of each non-target lesion that baseline does not know.

    Arguments as in `late_targets_as_others`. Of subjects who have other lesions at baseline.
    """
    who = grouping(lesions)
    group = pl.col("GROUP").cast(pl.String)
    rows = with_reference(lesions, reference).filter(pl.col("ADT").is_not_null())
    before = (pl.col("ADT") <= pl.col("_ref")).fill_null(value=False)
    known = rows.filter(before).select(who).unique()
    others = rows.with_columns(_before=before).filter(group == "NON-TARGET")
    late = others.filter(~pl.col("_before").any().over(*who, "LESIONID"))
    late = late.join(known, on=who, how="semi", nulls_equal=True, maintain_order="left")
    if late.is_empty():
        return no_findings()
    if policy.split_and_merged == "follow" and names_of_families(others):  # they had their baseline under other names
        families = lesion_families(others.with_columns(pl.col("LESIONID").cast(pl.String)), keys=who)
        late = late.with_columns(pl.col("LESIONID").cast(pl.String))
        late = late.join(families, on=[*who, "LESIONID"], how="anti", nulls_equal=True)
    first = late.sort("ADT", "SRCROW").unique([*who, "LESIONID"], keep="first", maintain_order=True)
    return row_findings(
        first,
        table="TR",
        rule="non-target-added-later",
        severity="warning",
        variable="TRGRPID",
        value=pl.col("LESIONID").cast(pl.String),
        message="TR row {}: non-target lesion {} was not recorded at baseline; from its first record on no response is "
        "complete without it.",
        parts=[pl.col("SRCROW"), pl.col("LESIONID").cast(pl.String)],
    )
