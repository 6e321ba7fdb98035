"""Sections of ``codon12.toml``: a table's file, columns, dates, words and times, with a reason in every line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from codon12.init.belief import ColumnBelief
from codon12.init.entry import entry_formats
from codon12.init.roles import DATE_ROLES
from codon12.init.rows import quoted, text
from codon12.init.tables import Known
from codon12.init.times import TimeBelief
from codon12.init.toml_text import comment, inline, key, string
from codon12.init.undated import maybe_deaths
from codon12.records.columns.types import is_date

__all__ = [
    "dated_columns",
    "head",
    "join_sections",
    "mapped_columns",
    "place_of",
    "read_values",
    "reading",
    "time_sections",
    "times_table",
    "unused_columns",
    "unused_of_events",
    "without_endings",
]


def place_of(known: Known) -> str:
    """Name a table as it is printed."""
    return known.seen.place


def head(known: Known, table: str, where: str | None = None) -> list[str]:
    """Give the head of a table: what it is taken for, its file, sheet and headings, and which rows are read."""
    seen = known.seen
    out = ["", f"# {comment(place_of(known))}: {known.confidence}: {comment(known.why)}."]
    if seen.sampled:
        out.append("# Only the head of the file was looked at; keys and codes further down may differ.")
    out += [f"[tables.{table}]", f"file = {string(seen.file)}"]
    if seen.sheet is not None:
        out.append(f"sheet = {string(seen.sheet)}")
    if seen.header is not None:
        out.append(f"header = {seen.header}  # sure: the rows above it are no table")
    if known.fill:
        out.append(f"fill = {inline(known.fill)}  # likely: merged cells, the key stands once over several rows")
    if known.repeated:
        out.append(f"# sure: {known.repeated} row(s) equal another one in every column; each counts once.")
    if known.pick is not None:
        out.append(f'pick = "{known.pick}"  # likely: several rows a patient, of which this one counts')
        out += [f"order = {string(known.order)}"] if known.order is not None else []
    gone = known.strangers
    where = " AND ".join(w for w in (seen.where, where) if w) or None
    if gone is not None:
        both = f"{gone.where} AND {where}" if where else gone.where
        why = f"{gone.count} row(s) are of no patient: units, headings again, a total or notes"
        out.append(f"where = {string(both)}  # likely: {why}")
    elif where:
        out.append(f"where = {string(where)}")
    return out


def reading(known: Known, roles: tuple[str, ...]) -> list[str]:
    """Decimal commas, words for missing, formats of dates: of the columns that are used."""
    used = [(b, v) for b, v in known.columns if b.role in roles or (b.role or "").endswith(("_TIME", "_STATUS"))]
    used = [(b, v) for b, v in used if b.confidence != "unsure"]
    out = []
    if any(v.comma for _, v in used):
        where = next(b.column for b, v in used if v.comma)
        out.append(f'decimal = ","  # sure: {comment(where)} has decimal commas')
    died = {w for b, v in used if b.role == "DTHDT" for w in maybe_deaths(v)}
    read = {
        w for b, _ in used for w, meant in b.values.items() if meant
    }  # a word that one column reads is missing in no other
    missing = sorted({w for _, v in used for w in v.missing} - died - read)
    if died:
        words = ", ".join(comment(w) for w in sorted(died))
        out.append(f"# {words} stands for a day of death: that patient counts as neither dead nor alive.")
    if missing:
        out.append(f"missing = {inline(missing)}  # likely: words for a missing value")
    return out


def without_endings(known: Known, roles: tuple[str, ...]) -> dict[str, str]:
    """Give columns of numbers with a text behind them -> expression that takes it off."""
    out = {}
    for belief, _ in known.columns:
        if belief.role in roles and belief.endings and belief.confidence != "unsure":
            cell = quoted(belief.column)
            for ending in belief.endings:
                cell = f"REPLACE({cell}, {text(ending)}, '')"
            out[str(belief.role)] = cell
    return out


def _joined(known: Known, belief: ColumnBelief) -> bool:
    return any(belief.column in j.columns for j in known.joins)


def join_sections(known: Known, table: str) -> Iterator[str]:
    """Give the joins of a table: the other file, its key, and what is taken from it."""
    for join in known.joins:
        there = join.other.seen
        yield ""
        yield f"# {comment(join.why)}"
        if {b.role for b, _ in known.columns if b.column in join.columns} & {"DTHDT", "VITAL"}:
            yield "# likely: it holds every death; whoever is not in it counts as alive until the last contact."
        yield f"[tables.{table}.join.{join.name}]"
        yield f"file = {string(there.file)}"
        if there.sheet is not None:
            yield f"sheet = {string(there.sheet)}"
        if there.header is not None:
            yield f"header = {there.header}"
        gone = join.other.strangers
        where = " AND ".join(w for w in (there.where, gone.where if gone else None, join.where) if w)
        if where:
            yield f"where = {string(where)}"
        yield f"key = {string(join.key)}"
        yield f"on = {string(join.on)}"
        yield f"columns = {inline(join.columns)}"
        if join.order is not None:
            which = "latest" if join.pick == "last" else "first"
            yield f'pick = "{join.pick}"  # likely: the {which} row of each patient counts'
            yield f"order = {string(join.order)}"
        dates: dict[str, str | list[str]] = {
            b.column: b.formats[0] if len(b.formats) == 1 else list(b.formats)
            for b, _ in join.other.columns
            if b.formats and (b.column in join.columns.values() or b.column == join.order)
        }
        if dates:
            yield f"dates = {inline(dates)}"


def dated_columns(known: Known, table: str, roles: tuple[str, ...]) -> Iterator[str]:
    """Give formats of dates, also of unused columns whose name alone makes them dates (SCREENING DT)."""
    dated = {}
    for belief, values in known.columns:
        if _joined(known, belief):
            continue
        if belief.role in DATE_ROLES and belief.role in roles and belief.formats and belief.confidence != "unsure":
            dated[belief.column] = belief.formats
        elif (formats := entry_formats(belief.column, values)) is not None:
            dated[belief.column] = tuple(formats)
        elif values.dates is not None and (
            belief.column == known.order or (belief.confidence == "unsure" and is_date(belief.column.upper()))
        ):
            dated[belief.column] = values.dates.formats
    dated = {column: formats for column, formats in dated.items() if formats}
    if dated:
        yield ""
        yield f"[tables.{table}.dates]"
    for column, formats in dated.items():
        given = formats[0] if len(formats) == 1 else list(formats)
        yield f"{key(column)} = {inline(given)}  # sure: no other order reads its cells"


def mapped_columns(known: Known, table: str, roles: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    """Give the columns, each with how sure and why; unsure ones as comments."""
    yield ""
    yield f"[tables.{table}.columns]"
    for belief, values in known.columns:
        if belief.role is None or belief.role not in roles:
            continue
        name = names.get(belief.role, belief.role)
        also = f"; or {', '.join(belief.alternatives)}" if belief.alternatives else ""
        if values.dates is not None and values.dates.choices and belief.role in DATE_ROLES:
            also += "; formats: " + " or ".join(" / ".join(c) for c in values.dates.choices)
        off = "# " if belief.confidence == "unsure" else ""
        if belief.endings and not off:
            yield f"# {name}: made of {string(belief.column)} above; {belief.confidence}: {comment(belief.why)}"
            continue
        yield f"{off}{name} = {string(belief.column)}  # {belief.confidence}: {comment(belief.why)}{comment(also)}"


def unused_columns(unused: Sequence[ColumnBelief], heading: str = "# Columns that are not used, and why:") -> list[str]:
    """Give the columns that nothing is made of, as comments."""
    lines = [f"# {comment(b.column)}: {b.confidence}: {_meant(b)}{comment(b.why)}" for b in unused[:100]]
    return ["", heading, *lines] if lines else []


def unused_of_events(known: Known, roles: Sequence[str]) -> list[str]:
    """Give the columns of a table of events, lesions or therapies that nothing is made of."""
    return unused_columns([b for b, _ in known.columns if b.role not in roles])


def _meant(belief: ColumnBelief) -> str:
    meant = [r for r in (belief.role, *belief.alternatives) if r]
    return f"{' or '.join(meant)}? " if meant else ""


def read_values(known: Known, table: str, roles: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    """Give words of the file and what they are read as."""
    coded = [
        b for b, _ in known.columns if b.role in roles and b.values and b.confidence != "unsure" and b.role != "VITAL"
    ]
    if coded:
        yield ""
        yield f"[tables.{table}.values]"
    vital = known.column("VITAL")
    if "VITAL" in roles and vital is not None and known.column("OS_STATUS") is not None:  # the two are compared
        yield from () if coded else ("", f"[tables.{table}.values]")
        yield f"VITAL = {inline({w: m.upper() for w, m in vital.values.items()})}"
    for belief in coded:
        yield f"{names.get(str(belief.role), str(belief.role))} = {inline(belief.values)}"


def time_sections(times: list[TimeBelief], table: str) -> Iterator[str]:
    """Give times to event."""
    for time in times:
        yield ""
        yield f"# {comment(time.why, 600)}"
        yield f"[tables.{table}.times.{time.param}]"
        yield f"time = {string(time.time)}"
        yield f"status = {string(time.status)}"
        if time.dated:
            yield 'dated = "event"'
        else:
            yield f"event = {inline(time.event)}"
            yield f"censored = {inline(time.censored)}"
        yield f"unit = {string(time.unit)}"
        if time.label:
            yield f"label = {string(time.label)}"
        for entry, why in time.entries:
            yield f"# unsure: {comment(why, 400)}"
            yield f"# entry = {string(entry)}"


def times_table(other: Known, times: list[TimeBelief]) -> list[str]:
    """Give table ADTTE: times to event that stand in a table of their own."""
    lines = [*head(other, "ADTTE"), *reading(other, ("USUBJID",)), *mapped_columns(other, "ADTTE", ("USUBJID",), {})]
    return [*lines, *dated_columns(other, "ADTTE", DATE_ROLES), *time_sections(times, "ADTTE")]
