"""Whose a row of a table is: the subject that it names, or the sample that leads to one."""

from __future__ import annotations

import polars as pl

from codon12.records.cbioportal.files import SAMPLE_COLUMN
from codon12.records.columns import as_text
from codon12.records.config import CONFIG_FILE, StudyConfig, SubjectLink, TableSource
from codon12.records.config.resistance import SampleColumns
from codon12.records.files.locate import Located, StudyFormat
from codon12.records.readers import is_sliced
from codon12.records.sql import evaluate, row_by_row

__all__ = ["held_whole", "link_over_samples", "names_subjects", "raw_name", "subject_link", "subject_of_rows"]


def subject_link(entry: Located, fmt: StudyFormat) -> SubjectLink | None:
    """The way from a table's samples to subjects, where it names no subject itself."""
    if entry.source.link is not None or fmt != "cbioportal" or "USUBJID" in entry.source.columns:
        return entry.source.link
    column = SAMPLE_COLUMN.get(entry.table)
    return None if column is None else SubjectLink(column=column)


def link_over_samples(entry: Located, located: list[Located], config: StudyConfig) -> SubjectLink | None:
    """The way over the paired samples, for the table of their calls and any of mutations, fusions and panels."""
    own = config.resistance.samples or SampleColumns()
    table = own.table.upper()
    if entry.table == table or not any(e.table == table for e in located):
        return None
    column = "SAMPLE_ID" if own.calls and entry.table == own.calls.upper() else SAMPLE_COLUMN.get(entry.table)
    return None if column is None else SubjectLink(column=column, table=table, key=own.sample)


def names_subjects(entry: Located, columns: list[str]) -> bool:
    """Whether the columns of a file, or a rule of the configuration, name the subject."""
    return "USUBJID" in entry.source.derive or raw_name(entry.source, columns, "USUBJID") is not None


def held_whole(entry: Located) -> bool:
    """Whether all rows of a table are needed to tell whose each is, or its format cannot be read a few at a time."""
    leans = entry.source.fill or not all(row_by_row(told) for told in entry.source.derive.values())
    return bool(leans) or not is_sliced(entry.path.name)


def subject_of_rows(frame: pl.DataFrame, entry: Located, link: SubjectLink | None) -> pl.Series:
    """Subject of every row, or its sample where a table names those; null where the row names none."""
    source = entry.source
    wanted = "USUBJID" if link is None else link.column
    if wanted in source.derive:
        text = as_text(frame).with_columns(pl.col([c for c in source.fill if c in frame.columns]).forward_fill())
        where = f"{CONFIG_FILE}, key tables.{entry.table}.derive"
        return evaluate(text, source.derive[wanted], where=where).cast(pl.String)
    column = raw_name(source, frame.columns, wanted)
    if column is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    found = as_text(frame.select(column, "SRCROW"))[column]
    return found.fill_null(strategy="forward") if column in source.fill else found


def raw_name(source: TableSource, columns: list[str], wanted: str) -> str | None:
    """Column of the file that a CDISC name stands for, in any case of letters."""
    name = next((v for k, v in source.columns.items() if k.upper() == wanted.upper()), wanted)
    return name if name in columns else next((c for c in columns if c.lower() == name.lower()), None)
