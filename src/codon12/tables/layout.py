"""From the numbers of an analysis to its table: rows by section and order, columns by arm, level or endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codon12.errors import UsageError
from codon12.numbers import Rounding
from codon12.tables.by_effect import by_effect
from codon12.tables.by_estimate import by_estimate, enter, group_columns
from codon12.tables.cells import ABBREVIATIONS, cell_text, unit_text
from codon12.tables.intervals import intervals_text
from codon12.tables.model import Cell, Column, Row, Table

__all__ = ["table_of"]

_READ = ("id", "statistic", "label", "section", "order", "arm", "group", "level", "kind")
"""Columns of the evidence that every layout reads."""

_ALONE = (
    "Alone: each variable in a model of its own, in the same patients. P values are those of the adjusted model. "
    "HR denotes hazard ratio."
)
_PROPORTIONS = {"orr": "Objective response, %"}


def table_of(
    numbers: pl.DataFrame,
    *,
    name: str,
    title: str,
    columns: str = "arm",
    footnotes: tuple[str, ...] = (),
    population: str = "",
    rounding: Rounding | None = None,
    all_label: str = "All patients",
    loose_first: bool = False,
) -> Table | None:
    """Lay out the numbers of one analysis as a table; None where there are none.

    Parameters
    ----------
    numbers
        Rows of ``evidence.numbers`` of one analysis.
    name, title, footnotes, population
        As the plan gives them.
    columns
        ``arm``: a column per treatment, a row per number; ``statistic`` or ``level``: a column per `level` (worst
        grades, responses of the other reader), spanned by treatment; ``level`` of subgroups: a row per level, a
        column per endpoint with the numbers of subjects before it. ``estimate``: a row per group or term, a column
        per estimate. ``group``: a column per level of the variable the table is across. ``effect``: a row per level of
        each subgroup variable, columns of counts, effect and P of interaction.
    rounding
        How numbers are printed.
    all_label
        Heading of the arm ``all``.
    loose_first
        Rows without a section stand before all sections, not where their order puts them.

    Examples
    --------
    >>> numbers = pl.DataFrame({"id": ["orr.all"], "endpoint": ["orr"], "statistic": ["rate"], "label": ["Response"],
    ...     "section": [None], "order": [0], "arm": ["all"], "group": ["all"], "level": ["all"], "kind": ["count"],
    ...     "n": [46], "N": [124], "evaluator": [None], "conf_level": [None]})
    >>> table_of(numbers, name="response", title="Response").rows[0].cells[0].text
    '46 (37.1)'
    """
    lacking = [c for c in _READ if c not in numbers.columns] if isinstance(numbers, pl.DataFrame) else list(_READ)
    if lacking:
        raise UsageError(f"{name}: numbers must be rows of evidence.numbers; column(s) {', '.join(lacking)} missing")
    if numbers.is_empty():
        return None
    rounding = rounding or Rounding()
    own = numbers[[c for c in numbers.columns if c != "subjects"]]
    found = (own if own["order"].is_sorted() else own.sort("order", maintain_order=True)).to_dicts()
    arms = list(dict.fromkeys(r["arm"] or "all" for r in found))
    heads = {a: (all_label if len(arms) == 1 else "Total") if a == "all" else a for a in arms}
    subgroups = any((r["group"] or "all") != "all" for r in found)
    if columns == "level" and subgroups:
        heads_of, rows = _by_endpoint(found, rounding)
    elif columns == "estimate":
        heads_of, rows = by_estimate(found, rounding)
    elif columns == "effect":
        heads_of, rows, sentences = by_effect(found, rounding)
        footnotes = (*sentences, *footnotes)
    elif columns == "group":
        places, heads_of, keyed = group_columns(found, "Total")
        rows = _sectioned(keyed, places, rounding)
    elif columns in ("level", "statistic"):
        heads_of, rows = _by_level(found, arms, heads, rounding)
    else:
        heads_of, rows = _by_arm(found, arms, heads, rounding)
    if loose_first:
        first = next((i for i, r in enumerate(rows) if r.heading), len(rows))
        loose = [r for r in rows[first:] if not r.heading and r.indent == 0]
        rows = rows[:first] + loose + [r for r in rows[first:] if r.heading or r.indent]
    alone = (_ALONE,) if any(r["statistic"] == "hr_alone" for r in found) else ()
    notes = (*footnotes, *alone, *_abbreviations(rows, heads_of))
    if not any("limits" in note for note in notes):  # a kind of analysis may say it in its own words
        notes = (*notes, *intervals_text(found))
    stub, rows = _common_unit(rows)
    return Table(name, title, tuple(heads_of), tuple(rows), stub=stub, population=population, footnotes=notes)


def _cell(number: Mapping[str, Any] | None, rounding: Rounding) -> Cell:
    return Cell() if number is None else Cell(cell_text(number, rounding), (number["id"],))


def _by_arm(
    found: list[dict[str, Any]], arms: list[str], heads: Mapping[str, str], rounding: Rounding
) -> tuple[list[Column], list[Row]]:
    keyed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for r in found:
        key = (r["section"], r["label"], r["endpoint"], r["statistic"], r["evaluator"], r["group"], r["level"])
        enter(keyed, key, r["arm"] or "all", r)
    # groups in rows may be of one size by chance, which is not everybody's
    whole = [r for r in found if (r["group"] or "all") == "all"]
    totals = {a: _total(r for r in whole if (r["arm"] or "all") == a) for a in arms}
    # a total that every arm shares is everybody's, not the arm's
    shared = len(arms) > 1 and "all" in arms and len(set(totals.values())) == 1
    columns = [Column(heads[a], n=None if shared and a != "all" else totals[a]) for a in arms]
    return columns, _sectioned(keyed, arms, rounding)


def _by_level(
    found: list[dict[str, Any]], arms: list[str], heads: Mapping[str, str], rounding: Rounding
) -> tuple[list[Column], list[Row]]:
    levels = list(dict.fromkeys(r["level"] for r in found))
    keyed: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for r in found:
        enter(keyed, (r["section"], r["label"]), (r["arm"] or "all", r["level"]), r)
    totals = {a: _total(r for r in found if (r["arm"] or "all") == a) for a in arms}
    spans = {a: Column(heads[a], n=totals[a]).heading for a in arms}
    places = [(a, level) for a in arms for level in levels]
    words = {"all": "Overall"} if len(levels) > 1 else {"all": ""}
    return [Column(words.get(level, level), span=spans[a]) for a, level in places], _sectioned(keyed, places, rounding)


def _by_endpoint(found: list[dict[str, Any]], rounding: Rounding) -> tuple[list[Column], list[Row]]:
    """A row per section and level; before each proportion its n/N, before each median its events/N."""
    kept = [r for r in found if r["kind"] in ("rate", "time", "ratio", "p", "count")]
    places = list(dict.fromkeys((r["endpoint"], r["statistic"]) for r in kept))
    columns: list[Column] = []
    for endpoint, statistic in places:
        first = next(r for r in kept if (r["endpoint"], r["statistic"]) == (endpoint, statistic))
        median = f"Median {endpoint.upper()}, months" if statistic == "median" else None
        words = median or _PROPORTIONS.get(endpoint if statistic == "rate" else "")
        level = f"{100 * (first.get('conf_level') or 0.95):g}%"
        words = f"{words} ({level} CI)" if words else f"{endpoint.upper()}, {first['label'] or statistic}"
        if first["kind"] in ("rate", "time"):
            columns.append(Column("Responses/n" if first["kind"] == "rate" else "Events/n"))
        columns.append(Column(words))
    keyed: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for r in kept:
        keyed.setdefault((r["section"], r["group"], r["level"]), {})[(r["endpoint"], r["statistic"])] = r
    rows: list[Row] = []
    section: Any = None
    for (heading, _, level), cells in keyed.items():
        if heading != section and heading:
            rows.append(Row(heading))
        section = heading
        out: list[Cell] = []
        for place in places:
            r = cells.get(place)
            if next(k for k in kept if (k["endpoint"], k["statistic"]) == place)["kind"] in ("rate", "time"):
                out.append(Cell() if r is None else Cell(f"{r['n']:,}/{r['N']:,}", (r["id"],)))
            out.append(_cell(r, rounding))
        named = next((r["label"] for r in cells.values() if r["kind"] == "rate" and level != "all assessed"), None)
        label = named or level[:1].upper() + level[1:]
        rows.append(Row(label, tuple(out), indent=int(bool(heading))))
    return columns, rows


def _sectioned(keyed: Mapping[tuple[Any, ...], Mapping[Any, Any]], places: list[Any], rounding: Rounding) -> list[Row]:
    """Rows under their section headings; a section that comes back later is gathered to its first place."""
    sections: dict[Any, list[Row]] = {}
    for (section, label, *_), cells in keyed.items():
        first = next(iter(cells.values()))
        row = Row(
            label or "",
            tuple(_cell(cells.get(p), rounding) for p in places),
            indent=int(section is not None),
            unit=unit_text(first),
        )
        # rows without a section stand where they come; they never join across a section
        sections.setdefault(section if section is not None else (id(row),), []).append(row)
    out: list[Row] = []
    for section, rows in sections.items():
        if isinstance(section, str):
            out.append(Row(section))
        out += rows
    return out


def _total(numbers: Any) -> int | None:
    """N of a column, where all its counts are out of the same number."""
    totals = {r["N"] for r in numbers if r["kind"] in ("count", "rate") and r["N"] is not None}
    return totals.pop() if len(totals) == 1 else None


def _common_unit(rows: list[Row]) -> tuple[str, list[Row]]:
    """Move the unit to the head of the label column, or of a section, where all rows below print the same."""
    units = {r.unit for r in rows if not r.heading}
    if len(units) == 1 and units != {""}:
        unit = units.pop()
        words = {"no. (%)": "No. of patients (%)", "no.": "No. of patients"}.get(unit, unit)
        return words, [Row(r.label, r.cells, r.indent) for r in rows]
    out: list[Row] = []
    at = 0
    while at < len(rows):
        end = at + 1
        while rows[at].heading and end < len(rows) and rows[end].indent:
            end += 1
        below = {r.unit for r in rows[at + 1 : end]}
        if len(below) == 1 and end > at + 2:
            out.append(Row(rows[at].label, unit=below.pop()))
            out += [Row(r.label, r.cells, r.indent) for r in rows[at + 1 : end]]
        else:
            out += rows[at:end]
        at = end
    return "", out


def _abbreviations(rows: list[Row], columns: list[Column]) -> tuple[str, ...]:
    texts = [c.text for r in rows for c in r.cells]
    used = [words for mark, words in ABBREVIATIONS.items() if any(mark in t for t in texts)]
    if any("CI" in text for text in (*(r.unit for r in rows), *(c.label for c in columns))):
        used.insert(0, "CI denotes confidence interval")
    return ("; ".join(used) + ".",) if used else ()
