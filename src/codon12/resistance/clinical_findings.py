"""What is odd about the records of progression: dates against doses and cut-off, progression without a lesion."""

from __future__ import annotations

import datetime as dt

import polars as pl

from codon12.records.columns.needed import need
from codon12.records.findings import no_findings, row_findings
from codon12.resistance.clinical_facts import as_days
from codon12.resistance.organs import Organs, shipped_organs

__all__ = ["progression_findings", "site_findings", "therapy_findings"]


def progression_findings(
    subjects: pl.DataFrame, assessments: pl.DataFrame, *, cutoff: dt.date | None = None
) -> pl.DataFrame:
    """Findings on progressions that do not count: before the first dose, after the data cut-off, without a date."""
    need(assessments, ("USUBJID", "AVALC", "ADT"), what="assessments")
    need(subjects, ("USUBJID",), what="subjects")
    code = pl.col("AVALC").cast(pl.String).str.strip_chars().str.to_uppercase()
    rows = assessments.filter(code.is_in(["PD", "POD", "IUPD", "ICPD"]))
    if "PARAMCD" in rows.columns:
        rows = rows.filter(pl.col("PARAMCD").is_in(["OVRLRESP", "OVR"]))
    if not rows.height:
        return no_findings()
    if "SRCROW" not in rows.columns:
        rows = rows.with_columns(SRCROW=pl.lit(None, pl.Int64))
    table = rows["SRCDOM"].drop_nulls()[0] if "SRCDOM" in rows.columns and rows["SRCDOM"].drop_nulls().len() else "RS"
    first = subjects.select(pl.col("USUBJID").cast(pl.String), _first=as_days(subjects, "TRTSDT"))
    rows = rows.with_columns(pl.col("USUBJID").cast(pl.String), _day=as_days(rows, "ADT", impute="last"))
    rows = rows.join(first, on="USUBJID", how="left", maintain_order="left")
    shown = pl.col("ADT").cast(pl.String).fill_null("no date")
    kinds = [
        ("progression-before-first-dose", pl.col("_day") < pl.col("_first"), "before the first dose"),
        ("progression-without-date", pl.col("_day").is_null(), "without a date"),
    ]
    if cutoff is not None:
        after = pl.col("_day") > (cutoff - dt.date(1970, 1, 1)).days
        kinds.append(("progression-after-cut-off", after, f"after the data cut-off of {cutoff}"))
    found = [
        row_findings(
            rows.filter(test.fill_null(value=False)), table=str(table), rule=rule, severity="warning", variable="ADT",
            value=shown, message=f"The progression of {{}} lies {words}; it does not count.", parts=[shown],
        )
        for rule, test, words in kinds
    ]  # fmt: skip
    return pl.concat(found)


def site_findings(
    patterns: pl.DataFrame,
    contributing: pl.DataFrame,
    lesions: pl.DataFrame | None = None,
    *,
    organs: Organs | None = None,
) -> pl.DataFrame:
    """Findings on sites: a progression that no lesion explains, a new lesion where one was, a site nobody knows.

    Shapes as from `progression_patterns` and `contributing_lesions`; `lesions` as they take it.
    """
    need(patterns, ("USUBJID", "COMPONENT", "PROGDT"), what="patterns")
    need(contributing, ("LOC",), what="contributing")
    organs = organs or shipped_organs()
    none = pl.lit(None, pl.Int64).alias("SRCROW")
    bare = patterns if "SRCROW" in patterns.columns else patterns.with_columns(none)
    found = [
        row_findings(
            bare.filter(pl.col("COMPONENT") == "clinical only"), table="RS", rule="progression-without-lesion",
            severity="warning", variable="AVALC", value=pl.lit("PD"),
            message="No lesion record explains the progression of {}: its sites are not known.",
            parts=[pl.col("PROGDT").cast(pl.String)],
        )
    ]  # fmt: skip
    places = organs.look_up(contributing["LOC"].unique().to_list()) if contributing.height else organs.look_up([])
    rows = contributing if "SRCROW" in contributing.columns else contributing.with_columns(none)
    rows = rows.join(places, on="LOC", how="left", nulls_equal=True, maintain_order="left")
    unknown = rows.filter(pl.col("NAME").is_not_null() & pl.col("SITE").is_null())
    found.append(
        row_findings(
            unknown, table="TU", rule="unknown-site", severity="warning", variable="LOC", value=pl.col("LOC"),
            message="'{}' is no site that the table of organs knows; it counts as a site of its own, without a class.",
            parts=[pl.col("LOC")],
        )
    )  # fmt: skip
    found.append(
        row_findings(
            rows.filter(pl.col("SEVERAL").is_not_null()), table="TU", rule="several-sites", severity="warning",
            variable="LOC", value=pl.col("LOC"),
            message="'{}' names several sites ({}); it counts as the first of these alone.",
            parts=[pl.col("LOC"), pl.col("SEVERAL")],
        )
    )  # fmt: skip
    if lesions is not None and "LOC" in lesions.columns:
        keys = ["USUBJID", *(["EVAL"] if {"EVAL"} <= set(lesions.columns) & set(rows.columns) else [])]
        old = lesions.filter((pl.col("GROUP") != "NEW") & pl.col("LOC").is_not_null()).select(*keys, "LOC").unique()
        again = rows.filter((pl.col("KIND") == "new") & pl.col("LOC").is_not_null()).join(
            old, on=[*keys, "LOC"], how="semi"
        )
        found.append(
            row_findings(
                again, table="TU", rule="new-lesion-in-known-place", severity="note", variable="LOC",
                value=pl.col("LOC"),
                message="New lesion {} lies in {}, where the subject had a lesion before.",
                parts=[pl.col("LESIONID"), pl.col("LOC")],
            )
        )  # fmt: skip
    return pl.concat(found)


def therapy_findings(patterns: pl.DataFrame, therapy: pl.DataFrame) -> pl.DataFrame:
    """Findings on what `next_therapy` assumes: a start that may lie before the progression, one that is not known."""
    need(patterns, ("USUBJID", "PROGDT"), what="patterns")
    need(therapy, ("USUBJID", "ADT", "TRT"), what="therapy")
    missing = {"SRCDOM": pl.String, "SRCROW": pl.Int64}
    rows = therapy.with_columns(pl.lit(None, t).alias(c) for c, t in missing.items() if c not in therapy.columns)
    rows = rows.with_columns(
        pl.col("USUBJID").cast(pl.String), _from=as_days(rows, "ADT"), _to=as_days(rows, "ADT", impute="last")
    )
    ends = patterns.select(pl.col("USUBJID").cast(pl.String), "PROGDT", _pd=as_days(patterns, "PROGDT"))
    rows = rows.join(ends.unique(), on="USUBJID", maintain_order="left")
    table = str(rows["SRCDOM"].drop_nulls()[0]) if rows["SRCDOM"].drop_nulls().len() else "CM"
    undated = rows.filter(pl.col("_from").is_null()).unique(["SRCDOM", "SRCROW", "USUBJID", "TRT"], maintain_order=True)
    either = rows.filter((pl.col("_from") < pl.col("_pd")) & (pl.col("_pd") <= pl.col("_to")))
    told = [pl.col("TRT").cast(pl.String).fill_null("a therapy")]
    return pl.concat(
        [
            row_findings(
                part, table=table, rule=rule, severity="warning", variable=f"{table}STDTC", value=pl.col("ADT"),
                message=message, parts=[*told, *more],
            )
            for part, rule, message, more in (
                (
                    undated, "next-therapy-without-date",
                    "The start of {} is not known; it counts as no therapy after the progression.", [],
                ),
                (
                    either, "next-therapy-assumed",
                    "The start of {} ({}) may lie before or after the progression of {}; it counts as begun then.",
                    [pl.col("ADT").cast(pl.String), pl.col("PROGDT").cast(pl.String)],
                ),
            )
        ]
    )  # fmt: skip
