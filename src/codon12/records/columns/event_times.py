"""Times to event that a plain table holds in columns of its own, as ADTTE rows."""

from __future__ import annotations

import re
from difflib import get_close_matches

import polars as pl

from codon12.errors import ConfigError
from codon12.records.columns.types import number
from codon12.records.config import CONFIG_FILE, TableSource, TimeSource
from codon12.records.dates import parse_dtc
from codon12.records.findings import findings_frame, row_findings
from codon12.records.sql import evaluate, expression

__all__ = ["LONGEST_YEARS", "times_to_event"]

LONGEST_YEARS = 130
"""A time beyond is no time of a patient: a slipped decimal, a date among times, a number that overflowed."""
_COMPARED = re.compile(
    r"""(?:"([^"]+)"|\b(\w+))\s*(?:=|<>|!=|\bLIKE\b|\bIN\s*\()\s*'|\bREPLACE\(\s*(?:"([^"]+)"|(\w+))\s*,""",
    re.IGNORECASE,
)
"""Columns that an expression compares with a text, or of which it takes one off."""
_PER_YEAR = {"DAYS": 365.25, "WEEKS": 365.25 / 7, "MONTHS": 12.0, "YEARS": 1.0}


def times_to_event(
    raw: pl.DataFrame, subjects: pl.Series, source: TableSource, *, table: str, file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Build ADTTE rows from the time and status columns of a plain table; one row a subject and time.

    `raw` has the file's own columns as text and `SRCROW`, `subjects` the USUBJID of each row. Returns
    USUBJID, PARAMCD, PARAM, AVAL (in AVALU, as the file has it), AVALU, CNSR (0 event, 1 censored), EVNTDESC,
    CNSDTDSC, ENTRY (time under observation, where given), SRCDOM, SRCVAR, SRCROW; and findings: a missing, negative or
    absurd time, a status that is missing or that no list names. Such a row has no time (AVAL null) and no
    censoring (CNSR null).

    Raises
    ------
    ConfigError
        A column or expression of the mapping cannot be evaluated over the file.
    """
    frames, found = [], []
    for param, spec in source.times.items():
        where = f"{CONFIG_FILE}, key tables.{table}.times.{param}"
        rows = _one_time(raw, subjects, source, spec, param=param, table=table, where=where)
        longest = _longest(spec, source)
        found += _problems(rows, spec, table=table, file=file, param=param, longest=longest)
        frames.append(rows.drop("_STATUS", "_TIME"))
    return pl.concat(frames), _gathered(pl.concat([findings_frame([]), *found]), file)


def _gathered(found: pl.DataFrame, file: str) -> pl.DataFrame:
    """One finding for a row that lacks several times."""
    missing = (pl.col("RULE") == "time-missing") & (pl.len().over("ROW", "RULE") > 1)
    several = found.filter(missing)
    if several.is_empty():
        return found
    name = pl.col("MESSAGE").str.extract(r": (\S+) has no time")
    merged = several.group_by("ROW", maintain_order=True).agg(
        pl.exclude("VARIABLE", "MESSAGE").first(),
        pl.col("VARIABLE").str.join(", "),
        pl.format(
            f"{file}, row {{}}: {{}} have no time; the row is left out of them.",
            pl.col("ROW").first(),
            name.str.join(", "),
        )
        .first()
        .alias("MESSAGE"),
    )
    return pl.concat([found.filter(~missing), merged.select(found.columns)])


def _one_time(
    raw: pl.DataFrame,
    subjects: pl.Series,
    source: TableSource,
    spec: TimeSource,
    *,
    param: str,
    table: str,
    where: str,
) -> pl.DataFrame:
    unit = (spec.unit or source.unit or "days").upper()
    time = _number(raw, spec.time, decimal=source.decimal, where=f"{where}.time")
    entry = (
        _number(raw, spec.entry, decimal=source.decimal, where=f"{where}.entry")
        if spec.entry is not None
        else pl.Series([None] * raw.height, dtype=pl.Float64)
    )
    if spec.status is None:
        status = pl.Series(["EVENT"] * raw.height, dtype=pl.String)
        event, censored = pl.lit(value=True), pl.lit(value=False)
    else:
        status = _status(raw, spec.status, where=f"{where}.status")
        event, censored = _meaning(spec)
    cnsr = pl.when(event).then(0).when(censored).then(1).cast(pl.Int64)
    good = pl.col("_TIME").is_between(0, _longest(spec, source)) & cnsr.is_not_null()
    said = pl.col("_STATUS") if spec.dated is None else pl.lit(None, pl.String)  # a date describes no event
    return pl.DataFrame(
        {
            "USUBJID": subjects,
            "_TIME": time,
            "_STATUS": status,
            "_ENTRY": entry,
            "SRCROW": raw["SRCROW"],
        }
    ).select(
        "USUBJID",
        pl.lit(param).alias("PARAMCD"),
        pl.lit(spec.label or param).alias("PARAM"),
        pl.when(good).then(pl.col("_TIME")).alias("AVAL"),
        pl.lit(unit).alias("AVALU"),
        pl.when(good).then(cnsr).alias("CNSR"),
        pl.when(good & (cnsr == 0)).then(said).alias("EVNTDESC"),
        pl.when(good & (cnsr == 1)).then(said).alias("CNSDTDSC"),
        pl.col("_ENTRY").alias("ENTRY"),
        pl.lit(table).alias("SRCDOM"),
        pl.lit(spec.time).alias("SRCVAR"),
        "SRCROW",
        "_TIME",
        "_STATUS",
    )


def _status(raw: pl.DataFrame, text: str, *, where: str) -> pl.Series:
    """One text a row: a column, or an expression over the columns as text."""
    if text in raw.columns:
        return raw[text]
    if re.fullmatch(r"[\w .:-]+", text):  # a name, and not an expression
        have = ", ".join(c for c in raw.columns[:60] if c != "SRCROW")
        near = get_close_matches(text, raw.columns, n=1)
        meant = f"; did you mean '{near[0]}'?" if near else "."
        raise ConfigError(f"{where}: the file has no column '{text}'{meant} It has {have}")
    return evaluate(raw.drop("SRCROW"), text, where=where).cast(pl.String)


def _meaning(spec: TimeSource) -> tuple[pl.Expr, pl.Expr]:
    """When a status means an event, and when it means none."""
    status = pl.col("_STATUS")
    if spec.dated is not None:
        filled, empty = parse_dtc(status, impute="first").is_not_null(), status.is_null()
        return (filled, empty) if spec.dated == "event" else (empty, filled)
    event = status.is_in(spec.event)
    return event, status.is_in(spec.censored) if spec.censored else status.is_not_null() & ~event


def _longest(spec: TimeSource, source: TableSource) -> float:
    """The longest time a patient can be followed, in the unit of the column."""
    return LONGEST_YEARS * _PER_YEAR[(spec.unit or source.unit or "days").upper()]


def _number(raw: pl.DataFrame, text: str, *, decimal: str, where: str) -> pl.Series:
    """One number a row: a column, or an expression over columns read as numbers (ISO dates as days)."""
    if text in raw.columns:
        return raw.select(_numeric(text, decimal))[text]
    names = [n for n in expression(text, where=where).meta.root_names() if n in raw.columns]
    texts = {name for found in _COMPARED.findall(text) for name in found if name}
    numbers = raw.with_columns(_numeric(n, decimal) for n in dict.fromkeys(names) if n not in {"SRCROW", *texts})
    value = evaluate(numbers, text, where=where)
    if not value.dtype.is_numeric():
        raise ConfigError(f"{where}: {text!r} gives {value.dtype}, not a number")
    value = value.cast(pl.Float64)
    return value.set(~value.is_finite() & value.is_not_null(), None)


def _numeric(name: str, decimal: str) -> pl.Expr:
    days = pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(number(name, decimal=decimal), days.to_physical().cast(pl.Float64)).alias(name)


def _problems(
    rows: pl.DataFrame, spec: TimeSource, *, table: str, file: str, param: str, longest: float
) -> list[pl.DataFrame]:
    time, status = pl.col("_TIME"), pl.col("_STATUS")
    no_status = status.is_null() if spec.dated is None else pl.lit(value=False)
    unknown = pl.col("CNSR").is_null() & status.is_not_null() & time.is_between(0, longest)
    rules = (
        ("time-missing", time.is_null(), spec.time, pl.lit(None, pl.String), "has no time"),
        (
            "time-absurd",
            time > longest,
            spec.time,
            time.cast(pl.String),
            f"has a time of more than {LONGEST_YEARS} years",
        ),
        ("time-negative", time < 0, spec.time, time.cast(pl.String), "has a negative time"),
        ("status-missing", no_status & (time >= 0), spec.status, status, "has no status"),
        ("status-unknown", unknown, spec.status, status, "has a status that codon12.toml does not name"),
    )
    return [
        row_findings(
            rows.filter(bad),
            table=table,
            rule=rule,
            severity="warning",
            variable=variable,
            value=value,
            message=f"{file}, row {{}}: {param} {text}; the row is left out of it.",
            parts=[pl.col("SRCROW")],
        )
        for rule, bad, variable, value, text in rules
    ]
