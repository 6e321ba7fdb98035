"""What ``codon12.toml`` says of one table: its file, its columns, its dates and its times."""

from __future__ import annotations

from typing import Literal

import msgspec

from codon12.errors import ConfigError
from codon12.records.dates.written import check_format

__all__ = ["JoinSource", "SubjectLink", "TableSource", "TimeSource", "check_source"]


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


class TimeSource(_Closed, frozen=True):
    """A time to event that a plain table holds in columns of its own (``OS_MONTHS``, ``OS_STATUS``)."""

    time: str
    """Column, or SQL expression over the file's columns (numbers; ISO dates count as days; text where it is compared
    with a text)."""
    status: str | None = None
    """Column of the status, or SQL expression over the file's columns as text; every row is an event when left out."""
    event: list[str] = []
    """Texts of the status that mean an event."""
    censored: list[str] = []
    """Texts that mean no event; when given, any other text is a finding and has no time."""
    dated: Literal["event", "censored"] | None = None
    """In place of `event` and `censored`: what a date in the status means (a date of death); none means the other."""
    unit: Literal["days", "weeks", "months", "years"] | None = None
    """Unit of the time; that of the table when left out."""
    entry: str | None = None
    """Column or SQL expression: time at which a subject came under observation (left truncation)."""
    label: str | None = None
    """Name as printed."""


class SubjectLink(_Closed, frozen=True):
    """How a table that knows samples only finds the subject of each row."""

    column: str
    """Column of this table that holds the key."""
    table: str = "SAMPLE"
    """Table that holds the key and the subject."""
    key: str = "SAMPLE_ID"
    """Column of that table."""


class JoinSource(_Closed, frozen=True):
    """Columns of another file, or sheet, that belong beside the rows of a table: deaths in a list of their own."""

    file: str
    """File name inside the study folder."""
    key: str
    """Column of that file that names the row's patient."""
    on: str
    """Column of this table, as its file names it, in which the same keys stand."""
    columns: dict[str, str]
    """New name, as if a column of this table's file -> name in that file."""
    sheet: str | None = None
    """Sheet of a workbook; the first when left out."""
    header: int | None = None
    """Line of the file, or row of the sheet, that names the columns, from 1; the first filled one when left out."""
    where: str | None = None
    """SQL predicate over that file's own columns: only these rows are joined."""
    missing: list[str] = []
    """Texts that mean missing in that file."""
    dates: dict[str, str | list[str]] = {}
    """Column of that file -> how its dates are written, as in a table."""
    pick: Literal["only", "first", "last"] = "only"
    """Of several rows of one key: none where they differ (a finding), or the first or last by `order`."""
    order: str | None = None
    """Column of that file that orders the rows of one key; dates are compared as dates."""


class TableSource(_Closed, frozen=True):
    """Where one table comes from, and what its columns are called there."""

    file: str | None = None
    """File name inside the study folder; found by domain name when left out."""
    sheet: str | None = None
    """Sheet of a workbook; the first when left out."""
    header: int | None = None
    """Line of the file, or row of the sheet, that names the columns, from 1; the first filled one when left out."""
    columns: dict[str, str] = {}
    """CDISC name -> name in the file."""
    values: dict[str, dict[str, str]] = {}
    """CDISC name -> {text in the file: text to read it as; an empty one: missing}."""
    constants: dict[str, str] = {}
    """CDISC name -> one text for all rows."""
    where: str | None = None
    """SQL predicate over the file's own columns: only these rows are read, the others counted."""
    missing: list[str] = []
    """Texts that mean missing in this file, besides the empty one (for example '.' or 'UNKNOWN')."""
    dates: dict[str, str | list[str]] = {}
    """Column, as the file names it -> how its dates are written: `"%d.%m.%Y"`, `"%m/%Y"`, `"excel"` (serial numbers),
    or several of them. A text that two of them read differently is no date."""
    days: dict[str, Literal["first", "middle", "last"]] = {}
    """Column, as the file names it -> the day that counts where its date has a month and no day: the first, the 15th,
    the last. Without it such a date is none in a time."""
    visits: list[str] = []
    """A wide table of visits: texts that stand for ``{}`` in `columns`, `dates` and `values`; each gives a row, with
    the text as VISIT."""
    fill: list[str] = []
    """Columns, as the file names them, in which an empty cell repeats the one above: merged cells."""
    pick: Literal["first", "last"] | None = None
    """A table of subjects with several rows of one: the first or last by `order` counts, the others are findings.
    Rows equal in every column count once in any case."""
    order: str | None = None
    """Column, as the file names it, that orders the rows of one subject; dates are compared as dates, and without it
    the rows stand in the order of the file."""
    decimal: Literal[".", ","] = "."
    unit: Literal["days", "weeks", "months", "years"] | None = None
    """Unit of the times in a plain time-to-event table."""
    derive: dict[str, str] = {}
    """CDISC name -> SQL expression over the file's own columns, which are text (`"'OAK-' || PtID"`)."""
    times: dict[str, TimeSource] = {}
    """PARAMCD -> where its time and status stand; the rows go to table ADTTE."""
    link: SubjectLink | None = None
    """For a table without subjects: the way from its samples to USUBJID."""
    join: dict[str, JoinSource] = {}
    """Any name -> columns of another file that are read as columns of this one."""


def check_source(source: TableSource, *, where: str) -> None:
    """Refuse what types alone cannot.

    Raises
    ------
    ConfigError
        Keys that exclude each other, or a format of dates that is none; the message names the key.
    """
    for param, time in source.times.items():
        key = f"{where}.times.{param}"
        if time.dated is not None and (time.status is None or time.event or time.censored):
            raise ConfigError(f"{key}: 'dated' needs 'status' and stands in place of 'event' and 'censored'")
        if time.dated is None and (time.status is None) != (not time.event):
            raise ConfigError(f"{key}: 'status' and 'event' go together")
        both = sorted(set(time.event) & set(time.censored))
        if both:
            raise ConfigError(f"{key}: {both} cannot mean both an event and no event")
        if time.unit is None and source.unit is None:
            raise ConfigError(f"{key}.unit: name the unit of the time (days, weeks, months or years)")
    clash = sorted(set(source.columns) & (set(source.constants) | set(source.derive)))
    if clash:
        raise ConfigError(f"{where}: {', '.join(clash)} is given twice")
    wide = [n for n in source.columns.values() if "{}" in n]
    if bool(wide) != bool(source.visits):
        raise ConfigError(f"{where}.visits: names the visits that stand for {{}} in 'columns'; give both or neither")
    if source.header is not None and source.header < 1:
        raise ConfigError(f"{where}.header: lines are counted from 1, got {source.header}")
    if source.order is not None and source.pick is None:
        raise ConfigError(f"{where}.order: say which of a subject's rows counts: pick = 'first' or 'last'")
    for name, join in source.join.items():
        if (join.order is None) != (join.pick == "only"):
            raise ConfigError(f"{where}.join.{name}.pick: 'first' and 'last' need 'order', and 'only' has none")
        check_source(TableSource(header=join.header, dates=join.dates), where=f"{where}.join.{name}")
    for column, formats in source.dates.items():
        for given in [formats] if isinstance(formats, str) else formats:
            check_format(given, where=f"{where}.dates.{column}")
