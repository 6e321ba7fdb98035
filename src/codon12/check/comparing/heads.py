"""The words that stand over a cell of a table, and what its row and column say of it: arm, grade, subgroup."""

from __future__ import annotations

import re

from codon12.check.comparing.clause import digits_of
from codon12.check.grammar.columns import Columns, cells_of
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["Heads"]

_WITH_CELLS = {
    "table_cell",
    "median_ci",
    "median_only",
    "percent_ci",
    "count_percent_ci",
    "count_percent",
    "hr_ci_p",
    "landmark",
}


class Heads:
    """The heads of the tables of a text, by statement."""

    def __init__(self, report: Report) -> None:
        self._over: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        text = report.text.normal.text
        columns = Columns(text)
        by_passage: dict[int, list[Statement]] = {}
        for s in report.text.statements:
            by_passage.setdefault(s.passage, []).append(s)
        for p in report.text.passages:
            if p.table is None:
                continue
            columns.reach(p)
            here = by_passage.get(p.index, [])
            if not columns.begun and not any(s.kind in _WITH_CELLS for s in here):
                continue
            columns.begin(p)
            row = cells_of(text, p.start, p.end)
            if row is None:
                continue
            (a, b), cells = row
            for s in here:
                at = digits_of(s, text)[0]
                cell = next((c for c in cells if c.start <= at < max(c.end, c.start + 1)), None)
                if cell is not None:
                    self._over[s.id] = columns.over(cell, len(cells), p.start)
                    self._labels[s.id] = re.sub(r"\s+", " ", text[a:b]).strip()

    def over(self, s: Statement) -> str:
        """The words over the cell that a statement is."""
        return self._over.get(s.id, "")

    def label(self, s: Statement) -> str:
        """The words at the head of its row; those the statement has where the row is not parted in cells."""
        return self._labels.get(s.id, s.label)
