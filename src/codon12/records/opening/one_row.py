"""One row a subject, where a table of subjects has several: equal ones count once, of others the one that is named."""

from __future__ import annotations

import polars as pl

from codon12.errors import ConfigError
from codon12.records.columns.types import number
from codon12.records.config import CONFIG_FILE, TableSource
from codon12.records.findings import no_findings, row_findings, shown_expr

__all__ = ["one_row_a_subject"]

_MOST_NAMED = 8
"""Columns that a finding names, at most."""


def one_row_a_subject(
    own: pl.DataFrame, frame: pl.DataFrame, source: TableSource, *, table: str, file: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Leave each subject the row that counts: both frames without the other rows, and a finding for each of those.

    `own` has the columns of the file as text, `frame` the same rows with CDISC names. Rows equal in every column count
    once (``subject-row-repeated``). Of rows that differ the first or last by `order` counts, where `pick` says so
    (``subject-row-not-used``, with the columns that differ); without `pick` they all stay. Rows of no subject stay.

    Raises
    ------
    ConfigError
        `order` names a column that the file does not have; the message lists those it has.
    """
    said = [c for c in own.columns if c != "SRCROW"]
    if source.order is not None and source.order not in said:
        have = ", ".join(said[:60])
        raise ConfigError(
            f"{CONFIG_FILE}, key tables.{table}.order: the file has no column '{source.order}'; it has {have}"
        )
    rows = own.with_columns(_SUBJECT=frame["USUBJID"])
    if not rows["_SUBJECT"].drop_nulls().is_duplicated().any():
        return own, frame, no_findings()
    several = rows.filter(pl.col("_SUBJECT").is_not_null() & pl.col("_SUBJECT").is_duplicated())
    several = several.with_columns(_AGAIN=pl.col("SRCROW").min().over(["_SUBJECT", *said]))
    again = several.filter(pl.col("SRCROW") > pl.col("_AGAIN"))
    found = [
        row_findings(
            again.rename({"_SUBJECT": "USUBJID"}),
            table=table,
            rule="subject-row-repeated",
            severity="warning",
            variable="USUBJID",
            value=pl.col("USUBJID"),
            message=f"{file}, row {{}}: it says of this subject what row {{}} says, in every column; it counts once.",
            parts=[pl.col("SRCROW"), pl.col("_AGAIN")],
        )
    ]
    gone = again["SRCROW"]
    if source.pick is not None:
        other = _not_picked(several.filter(pl.col("SRCROW") == pl.col("_AGAIN")), source, said)
        found.append(_said_of(other, source, table=table, file=file))
        gone = pl.concat([gone, other["SRCROW"]])
    keep = ~pl.col("SRCROW").is_in(gone.implode())
    return own.filter(keep), frame.filter(keep), pl.concat(found)


def _not_picked(several: pl.DataFrame, source: TableSource, said: list[str]) -> pl.DataFrame:
    """Rows that do not count: `_COUNTS` is the row of the subject that does, `_DIFFER` what differs between the two."""
    keys = [pl.col("SRCROW")]
    if source.order is not None:
        text = pl.col(source.order)
        keys = [number(source.order, decimal=source.decimal), text, *keys]
    ordered = several.sort(keys, descending=False, nulls_last=source.pick == "first", maintain_order=True)
    ordered = ordered.filter(pl.len().over("_SUBJECT") > 1)
    picked = {c: pl.col(c).last() if source.pick == "last" else pl.col(c).first() for c in ("SRCROW", *said)}
    differ = [
        pl.when(~pl.col(c).eq_missing(picked[c].over("_SUBJECT"))).then(pl.lit(c)) for c in said if c != source.order
    ]
    return (
        ordered.with_columns(
            _COUNTS=picked["SRCROW"].over("_SUBJECT"), _DIFFER=pl.concat_list(differ).list.drop_nulls()
        )
        .filter(pl.col("SRCROW") != pl.col("_COUNTS"))
        .sort("SRCROW")
    )


def _said_of(other: pl.DataFrame, source: TableSource, *, table: str, file: str) -> pl.DataFrame:
    which = f"the {source.pick} of the subject's rows" + (f" by {source.order}" if source.order is not None else "")
    named = pl.col("_DIFFER").list.head(_MOST_NAMED).list.join(", ")
    more = pl.when(pl.col("_DIFFER").list.len() > _MOST_NAMED).then(pl.lit(" and more")).otherwise(pl.lit(""))
    return row_findings(
        other.rename({"_SUBJECT": "USUBJID"}).with_columns(_NAMED=pl.concat_str(named, more)),
        table=table,
        rule="subject-row-not-used",
        severity="note",
        variable=source.order or "USUBJID",
        value=pl.col(source.order or "USUBJID"),
        message="{}, row {}: row {} counts, {}; they differ in {}.",
        parts=[
            pl.lit(file),
            pl.col("SRCROW"),
            pl.col("_COUNTS"),
            pl.lit(which),
            shown_expr(pl.when(pl.col("_NAMED") == "").then(pl.lit("nothing else")).otherwise("_NAMED")),
        ],
    )
