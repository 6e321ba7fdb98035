"""Tables that know samples only: the subject of each row, found through another table."""

from __future__ import annotations

import polars as pl

from codon12.errors import ConfigError
from codon12.records.config import CONFIG_FILE, SubjectLink
from codon12.records.files.locate import Located
from codon12.records.findings import findings_frame, row_findings

__all__ = ["add_subject", "link_subjects"]


def link_subjects(frames: dict[str, pl.DataFrame], located: list[Located]) -> pl.DataFrame:
    """Add USUBJID to the tables whose source names a link; rows without a subject are findings.

    Replaces the frames of `frames` that are linked.

    Raises
    ------
    ConfigError
        The table or a column that the link names does not exist.
    """
    found = [findings_frame([])]
    for entry in located:
        link = entry.source.link
        if link is None or "USUBJID" in frames[entry.table].columns:
            continue
        where = f"{CONFIG_FILE}, key tables.{entry.table}.link"
        other = link.table.upper()
        if other not in frames:
            raise ConfigError(f"{where}.table: no table {other}; there are {', '.join(sorted(frames))}")
        frames[entry.table], missed = add_subject(
            frames[entry.table], frames[other], link, table=entry.table, where=where
        )
        found.append(missed)
    return pl.concat(found)


def add_subject(
    frame: pl.DataFrame, keys: pl.DataFrame, link: SubjectLink, *, table: str, where: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add USUBJID by way of a key; frame and findings for the rows whose key leads to no subject.

    A key that leads to several subjects leads to none.

    Raises
    ------
    ConfigError
        A column does not exist.
    """
    column, key = link.column.upper(), link.key.upper()
    for name, names, which in ((column, frame.columns, table), (key, keys.columns, link.table.upper())):
        if name not in names:
            raise ConfigError(f"{where}: table {which} has no column {name}; it has {', '.join(names[:60])}")
    if "USUBJID" not in keys.columns:
        raise ConfigError(f"{where}: table {link.table.upper()} has no USUBJID; map it under its own columns")
    pairs = keys.select(pl.col(key).alias(column), "USUBJID").drop_nulls().unique()
    pairs = pairs.filter(pl.len().over(column) == 1)
    linked = frame.join(pairs, on=column, how="left", maintain_order="left")
    missed = row_findings(
        linked.filter(pl.col("USUBJID").is_null()),
        table=table,
        rule="sample-without-subject",
        severity="warning",
        variable=column,
        value=pl.col(column),
        message=f"{table} row {{}}: {column} leads to no single subject in table {link.table.upper()}.",
        parts=[pl.col("SRCROW")],
    )
    return linked.select("USUBJID", *frame.columns), missed
