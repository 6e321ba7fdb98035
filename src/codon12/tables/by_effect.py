"""Tables of a treatment's effect by subgroup: a row a level under its variable, columns of counts, effect and P."""

from __future__ import annotations

from typing import Any

from codon12.numbers import Rounding
from codon12.tables.cells import cell_text
from codon12.tables.model import Cell, Column, Row

__all__ = ["by_effect"]

_P = "P for interaction"
_MEASURES = {"hr": "Hazard ratio", "or": "Odds ratio", "rd": "Difference, percentage points"}


def by_effect(found: list[dict[str, Any]], rounding: Rounding) -> tuple[list[Column], list[Row], tuple[str, ...]]:
    """Columns, rows and the sentences below: a row a level, the P of interaction in the row of its variable.

    Numbers of a level have its name in `row` and their column in `what`; those of everybody stand first. Where several
    treatments are compared with the reference, each has a heading (`section`).
    """
    heads: list[str] = []
    sections: dict[str | None, dict[tuple[str, str], dict[str, dict[str, Any]]]] = {}
    sentences: list[str] = []
    effects: set[str] = set()
    for r in found:
        if r["kind"] == "text":
            sentences.append(str(r["label"]))
            continue
        head = _head(r)
        if head not in heads:
            heads.append(head)
        if r["kind"] in ("ratio", "difference"):
            effects.add(head)
        rows = sections.setdefault(r["section"], {})
        rows.setdefault((r["group"], r["level"]), {})[head] = r
    last = [h for h in heads if h in effects] + [_P]
    heads = [h for h in heads if h not in last] + [h for h in last if h in heads]
    out: list[Row] = []
    for section, rows in sections.items():
        if len(sections) > 1 and section:
            out.append(Row(section))
        for (group, _), cells in rows.items():
            named = next(iter(cells.values()))
            out.append(
                Row(
                    str(named["row"]),
                    tuple(Cell(cell_text(r, rounding), (r["id"],)) if (r := cells.get(h)) else Cell() for h in heads),
                    indent=int(group != "all" and _P not in cells),
                )
            )
    return [Column(h) for h in heads], out, tuple(sentences)


def _head(number: dict[str, Any]) -> str:
    """Heading of the column of a number."""
    if number["kind"] == "p":
        return _P
    level = number.get("conf_level")
    interval = f" ({100 * level:g}% CI)" if level else ""
    if number["kind"] in ("ratio", "difference"):
        return _MEASURES.get(number["statistic"], str(number["what"])) + interval
    return str(number["what"]) + (interval if number["kind"] in ("time", "rate") else "")
