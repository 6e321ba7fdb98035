"""Columns that may tell when a patient came under observation, as an expression that the owner may switch on."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.errors import Codon12Error
from codon12.init.belief import ColumnBelief
from codon12.init.rows import quoted
from codon12.init.tables import Known
from codon12.init.toml_text import comment, inline, string
from codon12.init.values import Values, serial_days
from codon12.init.vocabulary import unit_of
from codon12.records.cbioportal.survival_attributes import attribute_findings, survival_attributes
from codon12.records.columns.late_entry import entry_expression, may_be_entry
from codon12.records.config import TableSource
from codon12.records.dates import parse_dtc
from codon12.records.dates.written import iso_dates
from codon12.records.findings.accounting import Ledger
from codon12.records.opening.typed_table import file_columns
from codon12.records.readers import ReadOptions, read_table

__all__ = ["attribute_entries", "days_after", "entry_formats", "possible_entries"]

_TIMES = ("days", "weeks", "months", "years")
_ISO = ["%Y-%m-%d"]
_USED = ("DTHDT", "LSTALVDT", "BRTHDT", "PROGDT", "TRTSDT", "RANDDT", "DIAGDT", "TRTEDT")


def possible_entries(known: Known, unit: str, begin: tuple[ColumnBelief, str] | None) -> tuple[tuple[str, str], ...]:
    """Give expressions for the time of entry in the unit of a time, each with why; `begin` is the day of time zero.

    A date counts where it lies after time zero in some patient, a number where its heading has the unit.
    """
    out = []
    for belief, values in known.columns:
        used = belief.role in _USED and belief.confidence != "unsure"
        from_elsewhere = next((j for j in known.joins if belief.column in j.columns), None)
        if used or not may_be_entry(belief.column) or (from_elsewhere is not None and from_elsewhere.pick == "last"):
            continue
        formats = entry_formats(belief.column, values)
        if formats is not None and begin is not None:
            late, size = days_after(known, belief.column, formats, begin[0])
            if late:
                why = (
                    f"{belief.column} is after {begin[1]} in {late} of {size} patients. If they were followed from it "
                    "on only, the time before it counts as survived; then take the # away"
                )
                out.append((entry_expression(belief.column, begin[0].column, unit), why))
        elif unit_of(belief.column) == unit and unit in _TIMES and values.numbers > 0.9 and (values.high or 0) > 0:
            why = f"{belief.column} may be the time at which a patient came under observation; then take the # away"
            out.append((quoted(belief.column), why))
    return tuple(out)


def entry_formats(column: str, values: Values) -> list[str] | None:
    """How the dates of a column that may be the day of entry are written; None where it is none, or two orders fit."""
    if not may_be_entry(column):
        return None
    if values.dates is None:
        return ["excel"] if serial_days(values) else None
    return None if values.dates.choices else list(values.dates.formats)


def days_after(known: Known, column: str, formats: list[str], begin: ColumnBelief) -> tuple[int, int]:
    """Count the patients whose day in a column is after time zero, and those who have both days."""
    days = known.seen.frame.select(
        e=parse_dtc(iso_dates(pl.col(column), formats or _ISO), impute="first"),
        s=parse_dtc(iso_dates(pl.col(begin.column), list(begin.formats) or _ISO), impute="first"),
    ).drop_nulls()
    return days.filter(pl.col("e") > pl.col("s")).height, days.height


def attribute_entries(path: Path, table: str) -> list[str]:
    """Give lines, all of them comments, that read the times of a cBioPortal study from the day of entry on.

    None where no attribute may be the time of entry.
    """
    try:
        raw = read_table(path, ReadOptions(table=table, quoting=False))
        own, _ = file_columns(raw, TableSource(), table=table, file=path.name, ledger=Ledger())
    except Codon12Error:  # what is wrong with the file is said where it is opened
        return []
    read = survival_attributes(own)
    told = attribute_findings(own, read, table=table, file=path.name)
    late = next((f for f in told if f.rule == "late-entry-not-read"), None)
    if late is None or late.variable is None:
        return []
    said = f"unsure: {late.variable} may be the time at which a patient came under observation; it is not used."
    lines = ["", f"# {comment(said)}"]
    lines.append("# If so, the time before it counts as survived: take the # away from the lines below.")
    for param, time in read.times.items():
        lines += [
            f"# [tables.{table}.times.{param}]",
            f"# time = {string(time.time)}",
            f"# status = {string(str(time.status))}",
            f"# event = {inline(time.event)}",
            f"# censored = {inline(time.censored)}",
            f"# unit = {string(str(time.unit))}",
            f"# entry = {string(late.variable)}",
        ]
    return lines
