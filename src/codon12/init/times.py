"""Times to event that follow from what columns are taken for: ready ones, and those of dates."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.errors import ConfigError
from codon12.init.belief import ColumnBelief
from codon12.init.tables import Known
from codon12.records.sql import expression

__all__ = ["TimeBelief", "believe_times", "quoted"]

_ENDPOINTS = ("OS", "PFS", "DFS", "RFS", "EFS", "DSS", "TTP", "TTF")
_STARTS = {"RANDDT": "randomisation", "TRTSDT": "start of treatment", "DIAGDT": "diagnosis"}


class TimeBelief(msgspec.Struct, frozen=True, kw_only=True):
    """A time to event as ``codon12.toml`` says it."""

    param: str
    time: str
    status: str
    event: tuple[str, ...] = ()
    censored: tuple[str, ...] = ()
    dated: bool = False
    unit: str
    why: str
    label: str | None = None


def quoted(column: str) -> str:
    """A column's name in SQL.

    Examples
    --------
    >>> quoted("Tod am")
    '"Tod am"'
    """
    return '"' + column.replace('"', '""') + '"'


def believe_times(known: Known) -> tuple[list[TimeBelief], list[str]]:
    """Give the times to event of a table of patients, and a sentence for each that cannot be made."""
    out: list[TimeBelief] = []
    notes: list[str] = []
    for param in _ENDPOINTS:
        time, status = known.column(f"{param}_TIME"), known.column(f"{param}_STATUS")
        if time is None:
            if status is not None:
                notes.append(f"{param} has a status ({status.column}) and no time that was recognised.")
            continue
        found = status or (known.column("VITAL") if param == "OS" else None)
        if found is None or not found.values:
            notes.append(f"{param} has a time ({time.column}) and no status whose words are known.")
            continue
        event, censored = _meaning(found)
        if _of_the_dead_alone(known, time, found, event):
            notes.append(f"{param}: {time.column} is filled for those with the event alone; no time was made of it.")
            continue
        why = f"{time.column}: {time.why}. {found.column}: {found.why}"
        out.append(
            TimeBelief(
                param=param,
                time=quoted(time.column),
                status=found.column,
                event=event,
                censored=censored,
                unit=time.unit or "months",
                why=why,
            )
        )
    have = {t.param for t in out}
    out += [made for made in _of_dates(known, notes, have) if made.param not in have]
    return [t for t in out if _can_stand(t, notes)], notes


def _of_the_dead_alone(known: Known, time: ColumnBelief, status: ColumnBelief, event: tuple[str, ...]) -> bool:
    """Whether nobody without the event has a time, though such patients are there."""
    rows = known.seen.frame.select(t=pl.col(time.column).is_not_null(), s=pl.col(status.column))
    others = rows.filter(pl.col("s").is_null() | ~pl.col("s").is_in(list(event)))
    return others.height > 0 and not others["t"].any()


def _can_stand(time: TimeBelief, notes: list[str]) -> bool:
    """Whether the headings can stand in an expression; those that look like a query cannot."""
    try:
        expression(time.time, where=time.param)
        if time.status.startswith("COALESCE("):
            expression(time.status, where=time.param)
    except ConfigError:
        notes.append(f"{time.param} was not made: a heading it needs looks like a query in SQL; rename the column.")
        return False
    return True


def _meaning(status: ColumnBelief) -> tuple[tuple[str, ...], tuple[str, ...]]:
    event = tuple(w for w, m in status.values.items() if m in ("event", "dead"))
    return event, tuple(w for w, m in status.values.items() if m in ("censored", "alive"))


def _of_dates(known: Known, notes: list[str], have: set[str]) -> list[TimeBelief]:
    death, last, vital = known.column("DTHDT"), known.column("LSTALVDT"), known.column("VITAL")
    days_death, days_last = known.column("DAYS_DEATH"), known.column("DAYS_LAST")
    if days_death is not None and days_last is not None:
        vital = vital or _settled_vital(known, days_death)
        if vital is None:
            notes.append("OS was not made of days to death and to last contact: who died is not clear.")
            return []
        event, censored = _meaning(vital)
        dead = " OR ".join(f"{quoted(vital.column)} = {_text(w)}" for w in event)
        time = f"CASE WHEN {dead} THEN {quoted(days_death.column)} ELSE {quoted(days_last.column)} END"
        why = f"days to death of the dead, to the last contact of the others; {vital.column}: {vital.why}"
        return [
            TimeBelief(param="OS", time=time, status=vital.column, event=event, censored=censored, unit="days", why=why)
        ]
    start = next(((b, name) for r, name in _STARTS.items() if (b := known.column(r)) is not None), None)
    if start is None or (death is None and vital is None):
        return []
    begin, since = start
    if last is None:
        if "OS" not in have:
            notes.append(
                "OS was not made of dates: no date of last contact was recognised, so the living have no time."
            )
        return []
    end = quoted(last.column) if death is None else f"COALESCE({quoted(death.column)}, {quoted(last.column)})"
    label = "Overall survival" if since != "diagnosis" else "Overall survival from diagnosis"
    out = []
    if vital is not None:
        event, censored = _meaning(vital)
        if death is not None:
            dead = " OR ".join(f"{quoted(vital.column)} = {_text(w)}" for w in event)
            end = f"CASE WHEN {dead} THEN {quoted(death.column)} ELSE {quoted(last.column)} END"
        why = f"from {since} to death or last contact; {vital.column} says who died"
        out.append(
            TimeBelief(
                param="OS",
                time=f"{end} - {quoted(begin.column)} + 1",
                status=vital.column,
                event=event,
                censored=censored,
                unit="days",
                why=why,
                label=label,
            )
        )
    elif death is not None:
        why = f"from {since} to death or last contact; a date of death means dead, as no column says so"
        out.append(
            TimeBelief(
                param="OS",
                time=f"{end} - {quoted(begin.column)} + 1",
                status=death.column,
                dated=True,
                unit="days",
                why=why,
                label=label,
            )
        )
    progress = known.column("PROGDT")
    if progress is not None and death is not None and since != "diagnosis":
        why = f"from {since} to progression or death, else last contact"
        first = f"COALESCE({quoted(progress.column)}, {quoted(death.column)})"
        out.append(
            TimeBelief(
                param="PFS",
                time=f"COALESCE({quoted(progress.column)}, {quoted(death.column)}, {quoted(last.column)})"
                f" - {quoted(begin.column)} + 1",
                status=first,
                dated=True,
                unit="days",
                why=why,
                label="Progression-free survival",
            )
        )
    return out


def _settled_vital(known: Known, death: ColumnBelief) -> ColumnBelief | None:
    """Vital status whose codes are settled by who has a time or date of death."""
    found = next((b for b, v in known.columns if b.role == "VITAL" and v.distinct <= 3), None)
    if found is None:
        return None
    rows = known.seen.frame.select(w=pl.col(found.column), d=pl.col(death.column).is_not_null()).drop_nulls("w")
    shares = rows.group_by("w").agg(pl.col("d").mean()).sort("w")
    read = {w: "dead" if d > 0.8 else "alive" for w, d in shares.iter_rows() if d > 0.8 or d < 0.02}
    if len(read) < shares.height or set(read.values()) != {"dead", "alive"}:
        return None
    died = ", ".join(f"'{w}' means {m}" for w, m in read.items())
    why = f"{died}, as those with a death in '{death.column}' show"
    return msgspec.structs.replace(found, values=read, confidence="likely", why=why)


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
