"""Lesions assessed: one row a lesion, reader, date and method out of the rows of its tests."""

from __future__ import annotations

import polars as pl

from codon12.records.rows import may_repeat
from codon12.records.terms.assessments import (
    ABSENT,
    DIAMETER_TESTS,
    NOT_ASSESSED,
    PROGRESSED,
    STATE_TESTS,
    diameter_mm,
)

__all__ = ["LESION_COLUMNS", "READER", "assessments_of_lesions"]

LESION_COLUMNS = (
    "USUBJID",
    "EVAL",
    "EVALID",
    "ACPTFL",
    "LESIONID",
    "GROUP",
    "LOC",
    "NODAL",
    "DTC",
    "ADT",
    "ADTF",
    "VISITNUM",
    "VISIT",
    "METHOD",
    "AVAL",
    "AVALC",
    "TEST",
    "REASND",
    "SRCDOM",
    "SRCROW",
    "SRCSEQ",
)
"""Columns of lesions as `codon12.records.domains.tumours.lesions` gives them."""
READER = ("USUBJID", "EVAL", "EVALID", "LNKID")
"""A lesion of one reader."""


def assessments_of_lesions(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a lesion, reader, date and method out of its test rows: the diameter that counts, and the state."""
    number = pl.coalesce(
        diameter_mm(pl.col("STRESN"), pl.col("STRESU")),
        diameter_mm(
            pl.when(pl.col("STRESN").is_null()).then(pl.col("ORRES").cast(pl.Float64, strict=False)),
            pl.coalesce("ORRESU", "STRESU"),
        ),
    )
    text = pl.coalesce("STRESC", "ORRES").str.to_uppercase()
    not_done = pl.col("STAT").str.to_uppercase() == "NOT DONE"
    unread = (not_done | text.str.strip_chars().is_in(NOT_ASSESSED)).fill_null(value=False)
    preference = _preference()
    rows = rows.with_columns(
        pl.when(preference.is_not_null() & ~unread).then(number).alias("AVAL"),
        pl.when(text.cast(pl.Float64, strict=False).is_null()).then(text).alias("_STATE"),
        pl.when(not_done).then(pl.lit("NOT DONE")).alias("_NOTDONE"),
        preference.alias("_PREFERENCE"),
        pl.col("TESTCD").is_in(STATE_TESTS).alias("_ISSTATE"),
    )
    day = [*READER, "DTC", "VISITNUM", "VISIT"]
    if 0 < rows["METHOD"].null_count() < rows.height:
        one = pl.col("METHOD").min().over(day) == pl.col("METHOD").max().over(day)
        # A row without a method belongs to the only method of its day.
        rows = rows.with_columns(pl.coalesce("METHOD", pl.when(one).then(pl.col("METHOD").min().over(day))))
    key = [*day, "METHOD"]
    state = pl.col("_STATE").str.strip_chars()
    rows = rows.with_columns(_SAID=state.is_in(NOT_ASSESSED) & pl.col("_ISSTATE"))
    several = may_repeat(rows, key)
    return pl.concat([_of_one_row(rows.filter(~several)), _of_several_rows(rows.filter(several), key)])


def _of_one_row(rows: pl.DataFrame) -> pl.DataFrame:
    """An assessment that one row tells."""
    denied = pl.col("_SAID").fill_null(value=False)
    rows = rows.with_columns(pl.when(~denied).then("AVAL").alias("AVAL"))
    not_measured = pl.when(pl.col("AVAL").is_null()).then("_NOTDONE")
    rows = rows.with_columns(pl.coalesce("_STATE", not_measured).alias("AVALC"))
    return rows.rename({"LNKID": "LESIONID", "TESTCD": "TEST"}).select(_ASSESSED)


def _of_several_rows(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Assessments that several rows tell."""
    denied = pl.col("_SAID").any().over(key).fill_null(value=False)
    rows = rows.with_columns(pl.when(~denied).then("AVAL").alias("AVAL"))
    # The row that decides: a measurement before a state before a blank, the preferred test first, then the larger.
    decides = [
        pl.col("AVAL").is_null(),
        pl.col("_STATE").is_null(),
        ~pl.col("_ISSTATE"),
        "_PREFERENCE",
        0 - pl.col("AVAL"),
        "SRCROW",
    ]
    rows = rows.sort([*key, *decides], nulls_last=True)
    own, other = pl.when("_ISSTATE").then("_STATE"), pl.when(~pl.col("_ISSTATE")).then("_STATE")
    state = pl.col("_STATE").str.strip_chars()
    worst = (
        pl.when(state.is_in(PROGRESSED))
        .then(0)
        .when(state.is_in(ABSENT))
        .then(3)
        .when(state.is_in(NOT_ASSESSED))
        .then(2)
        .otherwise(1)
    )
    not_measured = pl.when(pl.col("AVAL").first().is_null()).then(pl.col("_NOTDONE").min())
    first = ("ACPTFL", "LOC", "NODAL", "AVAL", "SRCDOM", "SRCROW", "SRCSEQ")
    return (
        rows.group_by(key, maintain_order=True)
        .agg(
            *(pl.col(c).first() for c in first),
            pl.col("TESTCD").first().alias("TEST"),
            pl.col("GROUP").min(),
            pl.col("REASND").min(),
            pl.coalesce(
                own.sort_by(worst).drop_nulls().first(), other.sort_by(worst).drop_nulls().first(), not_measured
            ).alias("AVALC"),
        )
        .rename({"LNKID": "LESIONID"})
        .select(_ASSESSED)
    )


_ASSESSED = [c for c in LESION_COLUMNS if c not in ("ADT", "ADTF")]


def _preference() -> pl.Expr:
    """Rank of a diameter test for the lesion's kind; null where the test is not the one that counts."""
    ranks = {kind: {t: i for i, t in enumerate(tests)} for kind, tests in DIAMETER_TESTS.items()}
    test = pl.col("TESTCD")
    return (
        pl.when("NODAL")
        .then(test.replace_strict(ranks["nodal"], default=None, return_dtype=pl.Int64))
        .otherwise(test.replace_strict(ranks["other"], default=None, return_dtype=pl.Int64))
    )
