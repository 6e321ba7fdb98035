"""Merged lesions whose parts were of different groups, or of another group than the record says."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import no_findings
from codon12.records.terms.lesions import lesion_families
from codon12.response.family_findings import tumour_row_findings
from codon12.response.keys import grouping, in_order
from codon12.response.policy import RecistPolicy

__all__ = ["across_groups", "across_groups_findings"]

_GROUPS = ("TARGET", "NON-TARGET")


def across_groups(lesions: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Give every record of a merged lesion to the groups that its parts had at baseline.

    Parameters
    ----------
    lesions
        The lesions frame: USUBJID, [EVAL, EVALID], LESIONID, GROUP, ADT, with sizes and states.
    policy
        split_and_merged.

    Returns
    -------
    DataFrame
        The rows given; a record of ``T01/NT01`` is a record of the target ``T01``, whose size is that of the merged
        lesion, and one of the non-target ``NT01``, seen as long as the merged lesion is. What is recorded as new stays
        so beside. Frames without such a lesion are given back as they are.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.3.2: of lesions that have coalesced the longest diameter of the coalesced lesion
    counts; 4.1: target lesions are those of baseline, and stay so.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 3, "LESIONID": ["T01", "NT01", "T01/NT01"], "AVAL": [20.0, None, 60.0],
    ...     "GROUP": ["TARGET", "NON-TARGET", "TARGET"], "ADT": [dt.date(2024, m, 1) for m in (1, 1, 3)]})
    >>> across_groups(rows).select("LESIONID", "GROUP", "AVAL").rows()[2:]
    [('T01', 'TARGET', 60.0), ('NT01', 'NON-TARGET', 60.0)]
    """
    names = _names(lesions, policy=policy)
    if names is None:
        return lesions
    own = [*grouping(lesions), "LESIONID"]
    rows = lesions.with_row_index("_row").with_columns(
        pl.col("LESIONID").cast(pl.String), pl.col("GROUP").cast(pl.String)
    )
    moved = rows.join(names, on=own, how="inner", nulls_equal=True).with_columns(GROUP="_group", LESIONID="_name")
    new = (pl.col("GROUP") == "NEW").fill_null(value=False)
    kept = pl.concat(
        [
            rows.join(names, on=own, how="anti", nulls_equal=True),
            rows.join(names, on=own, how="semi", nulls_equal=True).filter(new),
        ]
    )
    both = pl.concat([kept, moved.select(rows.columns)]).sort("_row", pl.col("GROUP") != "TARGET", maintain_order=True)
    return both.drop("_row").with_columns(pl.col("GROUP").cast(lesions.schema["GROUP"]))


def across_groups_findings(lesions: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Findings ``merged-across-groups``: one a record that ``across_groups`` gives to other groups."""
    names = _names(lesions, policy=policy)
    if names is None:
        return no_findings()
    own = [*grouping(lesions), "LESIONID"]
    rows = lesions.with_columns(pl.col("LESIONID").cast(pl.String))
    return tumour_row_findings(
        rows.join(names, on=own, how="semi", nulls_equal=True, maintain_order="left"),
        "merged-across-groups",
        "warning",
        "lesions of several groups, or of another group than is recorded here, have merged: the longest diameter of "
        "the merged lesion counts for its targets, and its non-target lesions are seen as long as it is.",
        pl.col("LESIONID"),
        "TRGRPID",
    )


def _names(lesions: pl.DataFrame, *, policy: RecistPolicy | None) -> pl.DataFrame | None:
    """The parts by group (`_name`) of merged lesions that a record gives to another group than all parts have."""
    follow = (policy or RecistPolicy()).split_and_merged == "follow"
    if not follow or not lesions["LESIONID"].unique().cast(pl.String).str.contains("[/+]").any():
        return None
    keys = grouping(lesions)
    own = [*keys, "LESIONID"]
    rows = lesions.with_columns(pl.col("LESIONID").cast(pl.String), pl.col("GROUP").cast(pl.String))
    merged = lesion_families(rows, keys=keys).filter(pl.col("_kind") == "merged")
    if merged.is_empty():
        return None
    named = in_order(rows.filter(pl.col("GROUP").is_in(_GROUPS)), keys=keys)
    first = named.unique(own, keep="first", maintain_order=True)
    groups = first.select(*keys, pl.col("LESIONID").alias("_part"), pl.col("GROUP").alias("_group"))
    parts = merged.join(groups, on=[*keys, "_part"], how="inner", nulls_equal=True, maintain_order="left")
    names = parts.group_by([*own, "_group"], maintain_order=True).agg(pl.col("_part").str.join("/").alias("_name"))
    said = rows.select(*own, "GROUP").unique().join(names, on=own, how="inner", nulls_equal=True)
    other = said.filter(pl.col("GROUP").ne_missing(pl.col("_group"))).select(own).unique()
    return None if other.is_empty() else names.join(other, on=own, how="semi", nulls_equal=True)
