"""Times to event that follow from what columns are taken for: ready ones, and those of dates."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.errors import ConfigError
from codon12.init.belief import ColumnBelief
from codon12.init.endpoints import FOLLOW_UP
from codon12.init.entry import possible_entries
from codon12.init.rows import quoted, text
from codon12.init.tables import Known
from codon12.init.undated import nobody_alive
from codon12.init.vocabulary import since_of
from codon12.records.sql import expression

__all__ = ["TimeBelief", "begin_of", "believe_times", "without_ending"]

_ENDPOINTS = ("OS", "PFS", "DFS", "RFS", "EFS", "DSS", "TTP", "TTF")
_SOME = 0.05
"""Share of those without the event who have a time, below which the times are of the event alone."""
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
    entries: tuple[tuple[str, str], ...] = ()
    """Expressions for the time at which a patient may have come under observation, each with why; none is used."""


def believe_times(known: Known) -> tuple[list[TimeBelief], list[str]]:
    """Give the times to event of a table of patients, and a sentence for each that cannot be made."""
    out: list[TimeBelief] = []
    notes: list[str] = []
    for param in _ENDPOINTS:
        time, status = known.column(f"{param}_TIME"), known.column(f"{param}_STATUS")
        if time is not None and FOLLOW_UP in time.alternatives and _dates_of_survival(known):
            continue
        if time is None:
            if status is not None:
                notes.append(f"{param} has a status ({status.column}) and no time that was recognised.")
            continue
        found = status or (known.column("VITAL") if param == "OS" else None)
        if found is None or not found.values:
            notes.append(f"{param} has a time ({time.column}) and no status whose words are known.")
            continue
        event, censored = _meaning(found)
        if param == "OS" and (apart := _unlike_vital(known, found, event)):
            notes.append(f"OS was not made: {apart}.")
            continue
        if _of_the_dead_alone(known, time, found, event):
            notes.append(f"{param}: {time.column} is filled for those with the event alone; no time was made of it.")
            continue
        why = f"{time.column}: {time.why}. {found.column}: {found.why}"
        out.append(
            TimeBelief(
                param=param,
                time=without_ending(time),
                status=found.column,
                event=event,
                censored=censored,
                unit=time.unit or "months",
                why=why,
                label="Overall survival from diagnosis" if param == "OS" and since_of(time.column) else None,
            )
        )
    have = {t.param for t in out}
    out += [made for made in _of_dates(known, notes, have) if made.param not in have]
    out = [t for t in out if _can_stand(t, notes)]
    return [msgspec.structs.replace(t, entries=possible_entries(known, t.unit, begin_of(known))) for t in out], notes


def without_ending(belief: ColumnBelief) -> str:
    """Give the SQL of a column of numbers, without the texts behind them."""
    cell = quoted(belief.column)
    for ending in belief.endings:
        cell = f"REPLACE({cell}, {text(ending)}, '')"
    return f"TRY_CAST(REPLACE({cell}, ',', '.') AS DOUBLE)" if belief.endings else cell


def _dates_of_survival(known: Known) -> bool:
    """Whether survival follows from dates."""
    died = known.column("DTHDT") or known.column("VITAL")
    return died is not None and known.column("LSTALVDT") is not None and begin_of(known) is not None


def begin_of(known: Known) -> tuple[ColumnBelief, str] | None:
    """Time zero: the column of its date, and what day it is."""
    found = ((known.column(role), name) for role, name in _STARTS.items())
    return next(((b, name) for b, name in found if b is not None), None)


def _of_the_dead_alone(known: Known, time: ColumnBelief, status: ColumnBelief, event: tuple[str, ...]) -> bool:
    """Whether next to nobody without the event has a time, though such patients are there."""
    missing = next((v.missing for b, v in known.columns if b.column == time.column), ())
    filled = pl.col(time.column).is_not_null() & ~pl.col(time.column).is_in(list(missing))
    rows = known.seen.frame.select(t=filled.fill_null(value=False), s=pl.col(status.column))
    others = rows.filter(pl.col("s").is_null() | ~pl.col("s").is_in(list(event)))
    return others.height > 0 and others.filter("t").height < _SOME * others.height


def _unlike_vital(known: Known, status: ColumnBelief, event: tuple[str, ...]) -> str | None:
    """Say so where a status says the opposite of the vital status of most patients, as reversed codes do."""
    vital = known.column("VITAL")
    if vital is None or vital.column == status.column:
        return None
    dead, alive = _meaning(vital)
    both = known.seen.frame.select(d=pl.col(vital.column), s=pl.col(status.column).is_in(list(event))).drop_nulls()
    both = both.filter(pl.col("d").is_in([*dead, *alive]))
    apart = both.filter(pl.col("d").is_in(list(dead)) != pl.col("s")).height
    if 2 * apart <= both.height:
        return None
    return f"'{status.column}' and '{vital.column}' contradict one another in {apart} of {both.height} patients"


def _can_stand(time: TimeBelief, notes: list[str]) -> bool:
    """Whether the headings can stand in an expression; those that look like a query cannot."""
    try:
        expression(time.time, where=time.param)
        if time.status.startswith(("COALESCE(", "CASE ")):
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
        if vital is None:
            notes.append("OS was not made of days to death and to last contact: who died is not clear.")
            return []
        event, censored = _meaning(vital)
        dead = " OR ".join(f"{quoted(vital.column)} = {text(w)}" for w in event)
        time = f"CASE WHEN {dead} THEN {quoted(days_death.column)} ELSE {quoted(days_last.column)} END"
        why = f"days to death of the dead, to the last contact of the others; {vital.column}: {vital.why}"
        return [
            TimeBelief(param="OS", time=time, status=vital.column, event=event, censored=censored, unit="days", why=why)
        ]
    start = begin_of(known)
    if start is None or (death is None and vital is None):
        return []
    begin, since = start
    if last is None:
        if "OS" not in have:
            notes.append(
                "OS was not made of dates: no date of last contact was recognised, so the living have no time."
            )
        return []
    if vital is None and death is not None:
        values = next(v for b, v in known.columns if b is death)
        if nobody_alive(values, known.cells(death)):
            notes.append(
                f"OS was not made of dates: who has no date in {death.column} has a word that may be a death without "
                "its day, so nobody is alive."
            )
            return []
    out = [_survival(known, begin, since, last)]
    progress = known.column("PROGDT")
    if progress is not None and since != "diagnosis":
        out.append(_progression_free(known, begin, since, (progress, last)))
    return out


def _is(column: str, words: tuple[str, ...]) -> str:
    return f"{quoted(column)} IN ({', '.join(map(text, words))})" if words else "FALSE"


def _survival(known: Known, begin: ColumnBelief, since: str, last: ColumnBelief) -> TimeBelief:
    """Overall survival: by the vital status where there is one, else dead is who has a date of death."""
    death, vital = known.column("DTHDT"), known.column("VITAL")
    label = "Overall survival" if since != "diagnosis" else "Overall survival from diagnosis"
    if vital is None:
        died = death or last
        return TimeBelief(
            param="OS",
            time=f"COALESCE({quoted(died.column)}, {quoted(last.column)}) - {quoted(begin.column)} + 1",
            status=died.column,
            dated=True,
            unit="days",
            why=f"from {since} to death or last contact; a date of death means dead, as no column says so",
            label=label,
        )
    event, censored = _meaning(vital)
    end, status = quoted(last.column), vital.column
    why = f"from {since} to death or last contact; {vital.column} says who died"
    if death is None:
        why += f". likely: no column has the day of death, so that of {last.column} counts for the dead too"
    else:
        end = f"CASE WHEN {_is(vital.column, event)} THEN {quoted(death.column)} ELSE {end} END"
        if _alive_with_date(known, death, censored, vital):
            both = f"{_is(vital.column, censored)} AND {quoted(death.column)} IS NOT NULL"
            status = f"CASE WHEN {both} THEN 'alive, with a date of death' ELSE {quoted(vital.column)} END"
            why += "; who is called alive and has a date of death counts as neither"
    return TimeBelief(
        param="OS",
        time=f"{end} - {quoted(begin.column)} + 1",
        status=status,
        event=event,
        censored=censored,
        unit="days",
        why=why,
        label=label,
    )


def _alive_with_date(known: Known, death: ColumnBelief, censored: tuple[str, ...], vital: ColumnBelief) -> bool:
    alive = pl.col(vital.column).is_in(list(censored)) & pl.col(death.column).is_not_null()
    return known.seen.frame.filter(alive).height > 0


def _progression_free(
    known: Known, begin: ColumnBelief, since: str, ends: tuple[ColumnBelief, ColumnBelief]
) -> TimeBelief:
    """Time to progression or death, whichever column tells of a death."""
    (progress, last), death, vital = ends, known.column("DTHDT"), known.column("VITAL")
    dates = [quoted(c.column) for c in (progress, death, last) if c is not None]
    time = f"COALESCE({', '.join(dates)}) - {quoted(begin.column)} + 1"
    why, label = f"from {since} to progression or death, else last contact", "Progression-free survival"
    if vital is None:
        first = f"COALESCE({', '.join(dates[:-1])})"
        return TimeBelief(param="PFS", time=time, status=first, dated=True, unit="days", why=why, label=label)
    dead, alive = _meaning(vital)
    event = ("progression", "death")
    undated = "'death'" if death is None else "'death without its date'"
    died = "" if death is None else f"WHEN {quoted(death.column)} IS NOT NULL THEN 'death' "
    status = (
        f"CASE WHEN {quoted(progress.column)} IS NOT NULL THEN 'progression' {died}"
        f"WHEN {_is(vital.column, dead)} THEN {undated} WHEN {_is(vital.column, alive)} THEN 'no event' "
        f"ELSE {quoted(vital.column)} END"
    )
    censored = ("no event",)
    return TimeBelief(
        param="PFS", time=time, status=status, event=event, censored=censored, unit="days", why=why, label=label
    )
