"""Categories of a column or of a row that are all of it, one count or share of which does not fit: the others tell it.

`56 (7.5) | 114 (15.2) | 240 (32.0) | 247 (34.2) | 84 (11.2)`: the shares make a hundred, and the other four are of 749
to 751, so that the fourth is 255 to 257. The counts may be the sound ones: then their sum is what the shares are of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.margins import is_measure, is_over_time
from codon12.check.verify.tables.own_totals import totals_of

__all__ = ["check_closed_blocks"]

_FEWEST = 3
"""Categories of which the others must be of one total."""
_MOST_TOTALS = 10_000
_MOST = 60
"""Longer lists are of genes or events, no categories; each cell is held against all others."""
_BY_ROUNDING = 1
"""So much may a count be off where shares were rounded to make a hundred."""
_MISSING = re.compile(r"\b(?:missing|unknown|not (?:known|recorded|available|reported))\b", re.IGNORECASE)
_SMALL = 20
"""Totals from which on shares of a few categories are not of one number by chance."""


def check_closed_blocks(case: Case) -> None:
    """Check each block of categories in each column: one cell that neither its count nor its share lets fit."""
    blocks: dict[tuple[int, str, int | None], list[Statement]] = defaultdict(list)
    rows: dict[int, dict[int, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for s in case.statements:
        p = case.text.passages[s.passage]
        if p.table is None or s.kind != "table_cell" or s.explicit:
            continue
        q = s.quantities
        if q.n and q.percent is not None and q.percent.value > 0 and not (is_measure(case, s) or is_over_time(s.label)):
            blocks[p.table, p.heading, case.tables.place_in_row(s)].append(s)
            rows[p.table][s.passage].append(s)
    for found in rows.values():
        _across(case, [cells for cells in found.values() if _FEWEST_ACROSS <= len(cells) <= _MOST_ACROSS])
    for cells in blocks.values():
        with_data = [s for s in cells if not _MISSING.search(s.label)]
        for group in (with_data, cells) if len(with_data) < len(cells) else (cells,):
            if _FEWEST < len(group) <= _MOST and _judge(case, group):
                break


_FEWEST_ACROSS, _MOST_ACROSS, _FEWEST_ROWS = 3, 8, 4


def _across(case: Case, rows: Sequence[list[Statement]]) -> None:
    """Tell the cell that does not fit its row, where the cells of nearly all other rows make a hundred."""
    full = [_make_a_hundred(cells) for cells in rows]
    if sum(full) < _FEWEST_ROWS or 4 * sum(full) < 3 * len(full):
        return
    for cells, is_full in zip(rows, full, strict=True):
        if not is_full:
            _judge(case, cells)


def _make_a_hundred(cells: Sequence[Statement]) -> bool:
    percents = [p for s in cells if (p := s.quantities.percent) is not None]
    return sum(p.low for p in percents) <= 100 <= sum(p.high_cut for p in percents)


def _judge(case: Case, cells: Sequence[Statement]) -> bool:
    """Tell the one cell of a block that does not fit; whether there is one."""
    spans = [totals_of(s) for s in cells]
    found: list[tuple[Statement, str, str]] = []
    for k, s in enumerate(cells):
        others = [x for j, x in enumerate(spans) if j != k]
        known = [x for x in others if x is not None]
        if len(known) < len(others):
            continue  # another cell fits no total at all
        low, high = max(x[0] for x in known), min(x[1] for x in known)
        own = spans[k]
        if low < _SMALL or low > high or (own is not None and own[0] <= high and low <= own[1]):
            continue
        must = _must_be(cells, k, low, high)
        if must is None:
            return False  # rounded so that all make a hundred
        found.append((s, must, str(low) if low == high else f"{low} to {high}"))
    if len(found) != 1 or any(c.verdict in PROBLEMS for c in case.checks.get(found[0][0].id, ())):
        return False
    s, must, of = found[0]
    sentence = f"The {len(cells) - 1} other categories are of {of}, and with them this one must be {must}."
    case.add(s, Check("one total", "error-if", sentence, "categories that are all", {}, "structural"))
    return True


def _must_be(cells: Sequence[Statement], k: int, low: int, high: int) -> str | None:
    """What the other cells of a column say of the count, where the shares are all of it, or else of the share."""
    pairs = [(s.quantities.n or 0, p) for s in cells if (p := s.quantities.percent) is not None]
    n, percent = pairs[k]
    others = sum(m for j, (m, _) in enumerate(pairs) if j != k)
    if _make_a_hundred(cells):
        fits = [
            total - others
            for total in range(max(low, others + 1), min(high, low + _MOST_TOTALS) + 1)
            if percent.low <= Fraction(100 * (total - others), total) < percent.high_cut
        ]
        if not fits or fits[0] - _BY_ROUNDING <= n <= fits[-1] + _BY_ROUNDING:
            return None
        return f"{fits[0] if len(fits) == 1 else f'{fits[0]} to {fits[-1]}'} ({percent.text} %)"
    total = others + n
    return f"{n} ({exact(n, total)} %)" if low <= total <= high else None
