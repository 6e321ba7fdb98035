"""People who stand in the subject table under two identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from codon12.parallel import told_of_all
from codon12.records.findings import no_findings, row_findings, shown_expr
from codon12.records.terms.spelling import word

__all__ = ["enrolled_twice", "identifiers_alike"]

_PERSON = ["STUDYID", "SITEID", "SUBJID"]


def enrolled_twice(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Findings (``subject-enrolled-twice``) on subjects of one study, site and SUBJID under several USUBJID.

    Each counts as a subject of its own. Only rows whose SITEID and SUBJID are known.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, DM (SUBJID is unique within a study; USUBJID names one person).
    """
    name = next((t for t in ("DM", "ADSL") if t in tables), None)
    if name is None or not {"USUBJID", "SITEID", "SUBJID", "SRCROW"} <= set(tables[name].columns):
        return no_findings()
    frame = tables[name]
    study = pl.col("STUDYID").cast(pl.String) if "STUDYID" in frame.columns else pl.lit(None, pl.String)
    people = frame.select(
        "USUBJID", pl.col("SITEID", "SUBJID").cast(pl.String), pl.col("SRCROW").cast(pl.Int64), STUDYID=study
    ).drop_nulls(["USUBJID", "SITEID", "SUBJID"])
    return told_of_all(f"subjects of {name} by site", people, partial(_told, table=name))


def _told(people: pl.DataFrame, *, table: str) -> pl.DataFrame:
    """All rows of a person but the first, with the identifier of the first."""
    rows = people.sort("SRCROW").with_columns(_FIRST=pl.col("USUBJID").first().over(_PERSON))
    return row_findings(
        rows.filter(pl.col("USUBJID") != pl.col("_FIRST")),
        table=table,
        rule="subject-enrolled-twice",
        severity="warning",
        variable="SUBJID",
        value=pl.col("SUBJID"),
        message=f"{table} row {{}}: SUBJID {{}} of site {{}} is also subject {{}}; each counts as a subject.",
        parts=[pl.col("SRCROW"), *(shown_expr(pl.col(c)) for c in ("SUBJID", "SITEID", "_FIRST"))],
    )


def identifiers_alike(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Findings (``subject-id-alike``) on identifiers that differ in case, blanks, dashes or leading zeros alone.

    Two of the subject table count as two subjects; one that stands in other tables alone is of no subject.
    """
    name = next((t for t in ("DM", "ADSL", "PATIENT") if t in tables), None)
    if name is None or not {"USUBJID", "SRCROW"} <= set(tables[name].columns):
        return no_findings()
    known = tables[name]["USUBJID"].drop_nulls().unique()
    parts = []
    for table, frame in sorted(tables.items()):
        if not {"USUBJID", "SRCROW"} <= set(frame.columns):
            continue
        rows = frame.select("USUBJID", pl.col("SRCROW").cast(pl.Int64)).drop_nulls()
        if table != name:
            rows = rows.filter(~pl.col("USUBJID").is_in(known.implode()))
        first = rows.group_by("USUBJID").agg(pl.col("SRCROW").min())
        parts.append(first.with_columns(TABLE=pl.lit(table), OWN=pl.lit(table == name)))
    return told_of_all("identifiers of subjects", pl.concat(parts), partial(_alike, name=name))


def _alike(ids: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """All identifiers that another of the subject table, further up, is like."""
    bare = word(pl.col("USUBJID")).str.replace_all(" ", "").str.replace(r"\.0+$", "").str.replace_all("[‐-―−_]", "-")
    zeros = bare.str.replace_all(r"(^|[^0-9])0+([0-9])", "${1}${2}")
    rows = ids.with_columns(_KEY=zeros).sort("SRCROW", "USUBJID")
    own = rows.filter("OWN").unique("_KEY", keep="first", maintain_order=True)
    rows = rows.join(own.select("_KEY", _LIKE="USUBJID"), on="_KEY", how="inner", maintain_order="left")
    rows = rows.filter(pl.col("USUBJID") != pl.col("_LIKE"))
    tail = pl.when("OWN").then(pl.lit("they count as two subjects")).otherwise(pl.lit(f"it is not in {name}"))
    found = row_findings(
        rows,
        table=name,
        rule="subject-id-alike",
        severity="warning",
        variable="USUBJID",
        value=pl.col("USUBJID"),
        message="{} row {}: USUBJID '{}' differs from subject {} in case, blanks, dashes or zeros alone; {}.",
        parts=[pl.col("TABLE"), pl.col("SRCROW"), *(shown_expr(pl.col(c)) for c in ("USUBJID", "_LIKE")), tail],
    )
    return found.with_columns(TABLE=rows["TABLE"]) if rows.height else found
