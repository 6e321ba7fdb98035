"""What the columns of a table are: by the words over their cells, and by what most cells agree with in the study."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import takewhile

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row
from codon12.check.comparing.in_sentence import digits_of
from codon12.check.grammar.columns import Cell, Columns, cells_of
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["Column", "Heads", "column_of", "columns_of"]

Column = tuple[str, str, str, str]
"""Family of endpoints (`ae`, `ae.related`, `baseline`), statistic, level and arm."""
_FEWEST, _MOSTLY = 3, 0.6
_EVENTS = {"ae", "ae.related"}


def column_of(row: Row) -> Column:
    """Which kind of column a number of the study would stand in."""
    endpoint = str(row["endpoint"])
    family = "ae.related" if endpoint.startswith("ae.related") else endpoint.split(".", maxsplit=1)[0]
    return family, str(row["statistic"]), str(row["level"]), str(row.get("arm") or "all")


def columns_of(
    cells: Iterable[tuple[tuple[int, int | None], Statement, list[Row]]], equal: Callable[[Statement, Row], bool]
) -> dict[tuple[int, int | None], frozenset[Column]]:
    """For each table and column the kinds of numbers it may hold, where at least three cells and most say so.

    A cell counts for every kind of column in which the study has its number under its label; kinds for which as many
    cells speak are all kept.
    """
    votes: dict[tuple[int, int | None], Counter[Column]] = defaultdict(Counter)
    asked: dict[tuple[int, int | None], Counter[Column]] = defaultdict(Counter)
    agreed: Counter[tuple[int, int | None]] = Counter()
    for place, s, rows in cells:
        equal_ones = {column_of(r) for r in rows if equal(s, r)}
        asked[place].update({column_of(r) for r in rows})
        votes[place].update(equal_ones)
        agreed[place] += bool(equal_ones)
    out: dict[tuple[int, int | None], frozenset[Column]] = {}
    for place, found in votes.items():
        if not found:
            continue
        times = max(found.values())
        best = frozenset(c for c, n in found.items() if n == times and times >= _MOSTLY * asked[place][c])
        mixed = agreed[place] - times > 1 and any(
            c[0] in _EVENTS for c in best
        )  # a part of all, a part of those related
        if best and times >= _FEWEST and times >= _MOSTLY * agreed[place] and not mixed:
            out[place] = best
    return _of_one_relation(out)


def _of_one_relation(
    columns: dict[tuple[int, int | None], frozenset[Column]],
) -> dict[tuple[int, int | None], frozenset[Column]]:
    """A table is of all adverse events or of those related to treatment: what one column tells holds for the others."""
    told: dict[int, set[str]] = defaultdict(set)
    for (table, _), best in columns.items():
        families = {c[0] for c in best}
        if len(families) == 1 and families <= _EVENTS:
            told[table] |= families
    return {
        place: frozenset(c for c in best if c[0] not in _EVENTS or len(told[place[0]]) != 1 or c[0] in told[place[0]])
        or best
        for place, best in columns.items()
    }


_NO_LABEL = re.compile(r"\W*(?:reference|ref|NA|NE|NR|not|yes|no|n|vs?|none)\b", re.IGNORECASE)
_OF_MEDIANS = re.compile(r"\b(?:median|mean)\b", re.IGNORECASE)
"""A row of plain numbers that is below the head of a table."""
_WITH_CELLS = {
    "table_cell",
    "median_ci",
    "median_only",
    "median_range",
    "percent_ci",
    "count_percent_ci",
    "count_percent",
    "hr_ci_p",
    "landmark",
}


def _in_words(cell: Cell) -> bool:
    """`Mutated` in the second column: it belongs to the label of its row."""
    return re.fullmatch(r"\W*[A-Za-z][A-Za-z -]*\W*", cell.words) is not None and not _NO_LABEL.match(cell.words)


def _is_share(s: Statement) -> bool:
    """`153/238`, which no head of a column is."""
    return s.kind == "count" and None not in (s.quantities.n, s.quantities.N)


class Heads:
    """The heads of the tables of a text, by statement."""

    def __init__(self, report: Report) -> None:
        self._over: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._places: dict[str, int] = {}
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
            plain = any(s.kind == "value" for s in here) and _OF_MEDIANS.search(text, p.start, p.end)
            if not columns.begun and not plain and not any(s.kind in _WITH_CELLS or _is_share(s) for s in here):
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
                    self._places[s.id] = cell.column
                    words = [text[a:b], *(c.words for c in takewhile(_in_words, cells) if c.start < at)]
                    self._labels[s.id] = re.sub(r"\s+", " ", " ".join(words)).strip()

    def over(self, s: Statement) -> str:
        """The words over the cell that a statement is."""
        return self._over.get(s.id, "")

    def column(self, s: Statement) -> int | None:
        """The place of its cell in the row, empty cells counted; that of the statement where the row is not parted."""
        return self._places.get(s.id, s.column) if s.column is not None else None

    def label(self, s: Statement) -> str:
        """The words at the head of its row; those the statement has where the row is not parted in cells."""
        return self._labels.get(s.id, s.label)
