"""Tables whose rows are groups or terms and whose columns are their estimates; tables with a column per group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codon12.numbers import Rounding
from codon12.tables.cells import cell_text, unit_text
from codon12.tables.model import Cell, Column, Row

__all__ = ["by_estimate", "enter", "group_columns"]

_HEADS = {"hr": "Hazard ratio", "shr": "Subdistribution hazard ratio"}
_BESIDE = {"hr_alone": "Alone, HR", "hr": "Adjusted, HR"}
_NAMED = {"fraction_missing": "Information missing, %", "ph_chisq": "Chi-square"}
_P = "P value"
_REFERENCE = "Reference"


def by_estimate(found: list[dict[str, Any]], rounding: Rounding) -> tuple[list[Column], list[Row]]:
    """A row per group (or per term of a model), a column per estimate: events, median, landmarks, ratio, P value.

    Numbers of no group have a row of their own under their label: a P value in the column of P values (in the last
    where no other row has one), others in the first. A group that others are compared with, and that has no ratio of
    its own, says so. Where a model has its terms alone too, their ratios stand before the adjusted ones.
    """
    names = _HEADS | (_BESIDE if any(r["statistic"] == "hr_alone" for r in found) else {})
    lines: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    labels: dict[tuple[Any, ...], str] = {}
    heads: list[str] = []
    against: set[str] = set()
    for r in found:
        grouped = r["group"] != "all" and r["level"] != "all"
        key = (r["section"], grouped, r["level"] if grouped else r["label"])
        if not grouped:
            labels.setdefault(key, r["label"] or "")
        elif r["kind"] != "ratio" and r.get("row"):  # the row of a ratio names two groups
            labels.setdefault(key, r["row"])
        head = _head(r, (r.get("what") or r["label"] or "") if grouped else "", names)
        if head and head not in heads:
            heads.append(head)
        if r["kind"] == "ratio" and names.get(r["statistic"]) in _HEADS.values():
            against.add(head)
        lines.setdefault(key, {})[head] = r
    beside = any(
        _P in cells and len(cells) > 1 for cells in lines.values()
    )  # else P values need no column of their own
    heads = [h for h in heads if h != _P] + ([_P] if beside else [])
    heads = heads or [_P if any(_P in cells for cells in lines.values()) else ""]
    ratios = [h for h in heads if h in against]
    compared = {key[0] for key, cells in lines.items() if key[1] and set(ratios) & set(cells)}
    rows: list[Row] = []
    section: Any = None
    for key, cells in lines.items():
        if key[0] != section and key[0]:
            rows.append(Row(key[0]))
        section = key[0]
        loose = cells.pop("", None)
        out = [_cell(cells.get(h), rounding) for h in heads]
        if _P in cells and _P not in heads:
            out[-1] = _cell(cells[_P], rounding)
        if loose is not None:
            out[0] = _cell(loose, rounding)
        if key[1] and section in compared and not set(ratios) & set(cells):
            out[heads.index(ratios[0])] = Cell(_REFERENCE)
        unit = unit_text(loose) if loose is not None else ""
        rows.append(Row(labels.get(key, str(key[2])), tuple(out), indent=int(bool(section)), unit=unit))
    return [Column(h) for h in heads], rows


def _head(number: Mapping[str, Any], what: str, names: Mapping[str, str]) -> str:
    """Heading of a number's column; empty for one that has a row of its own."""
    level = number.get("conf_level")
    interval = f" ({100 * level:g}% CI)" if level else ""
    if number["kind"] == "p":
        return _P
    if number["kind"] == "ratio":
        return names.get(number["statistic"], "Ratio") + interval
    if number["statistic"] in _NAMED:
        return _NAMED[number["statistic"]]
    if not what:
        return ""
    units = {"count": " — no. (%)", "fraction": ", n/N (%)"}
    return what + units.get(number["kind"], interval)


def enter(
    keyed: dict[tuple[Any, ...], dict[Any, Any]], key: tuple[Any, ...], place: Any, number: dict[str, Any]
) -> None:
    """Put a number in its cell; a second one of the same cell has a row of its own, so that none is lost."""
    own, times = key, 0
    while place in keyed.setdefault(own, {}):
        times += 1
        own = (*key, times)
    keyed[own][place] = number


def group_columns(
    found: list[dict[str, Any]], all_label: str
) -> tuple[list[str], list[Column], dict[tuple[Any, ...], dict[str, Any]]]:
    """Columns of a table across the levels of one variable: their keys, headings, and the numbers of every row."""
    places = list(dict.fromkeys(r["level"] for r in found))
    keyed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for r in found:
        enter(keyed, (r["section"], r["label"], r["endpoint"], r["statistic"]), r["level"], r)
    totals = {p: {r["N"] for r in found if r["level"] == p and r["N"] is not None} for p in places}
    span = next((r["group"] for r in found if r["group"] != "all"), "")
    columns = [
        Column(
            all_label if p == "all" else p,
            span="" if p == "all" else span,
            n=next(iter(totals[p])) if len(totals[p]) == 1 else None,
        )
        for p in places
    ]
    return places, columns, keyed


def _cell(number: Mapping[str, Any] | None, rounding: Rounding) -> Cell:
    return Cell() if number is None else Cell(cell_text(number, rounding), (number["id"],))
