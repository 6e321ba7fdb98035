"""P values of a table against the counts that it prints beside them: of groups in columns, or of levels in rows.

Which test it was no table says; most rows must come out by Pearson's, Fisher's or Yates's, so that one is odd.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scipy import special

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.check.verify.inference.two_by_two import p_of_two_by_two
from codon12.check.verify.prose import compared, held
from codon12.check.verify.tables.drawn import Cell, Row
from codon12.check.verify.tables.figures import Grid
from codon12.check.verify.tables.ways import columns_that_follow
from codon12.numbers.unrounded import read_printed

__all__ = ["check_p_of_rows"]

_P = re.compile(r"[^\w<>≤=.]{0,2}(?:[Pp] ?)?(?P<op>[<>≤=]?) ?(?P<p>0?\.\d+|1\.0+)[^\w.]{0,3}[a-e]?\W{0,2}")
_HEAD = re.compile(r"\b[Pp](?:[- ]?[Vv]alues?)?\b(?!.*(?:trend|interaction|adjust|linear))")
_ALL = re.compile(r"\W*(?:all|total|overall|entire|whole)\b", re.IGNORECASE)
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_GROUPS, _TWO = (2, 5), 2
_AGREE, _ODD = 0.06, 0.6
"""Normal deviates within which a P value comes out, and beyond which it is another."""
_FEWEST, _TIMES = 3, 3
"""Rows that must come out, and how many times as many as do not."""


class _Tested(NamedTuple):
    """A P value of a table, where it stands, and the counts behind it: groups by outcomes."""

    row: Row
    cell: Cell
    counts: list[list[int]]
    at: list[tuple[int, int]]


def check_p_of_rows(case: Case, rows: Sequence[Row], grid: Grid | None) -> None:
    """Check each P value of a table whose other P values come out of their counts."""
    if len(rows) <= _FEWEST:
        return
    heads = rows[0]
    columns = [j for j, c in enumerate(heads.cells) if _HEAD.search(c.text)]
    if len(columns) != 1:
        return
    tested = [*_of_columns(rows, columns[0])] or [*_of_levels(rows, columns[0], grid)]
    gaps = [(t, _gap(t)) for t in tested]
    right = [t for t, gap in gaps if gap is not None and gap <= _AGREE]
    wrong = [t for t, gap in gaps if gap is not None and gap > _AGREE]
    odd = [t for t, gap in gaps if gap is not None and gap > _ODD]
    if len(right) >= max(_FEWEST, _TIMES * len(odd)) and 2 * len(wrong) <= len(right):
        for t in odd:
            _tell(case, t, len(right))


def _of_columns(rows: Sequence[Row], at: int) -> Iterator[_Tested]:
    """Rows, or the levels below a row that has a P value alone, of groups whose heads tell their sizes."""
    heads = rows[0].cells
    sizes = {j: int(m["n"].replace(",", "")) for j, c in enumerate(heads) if (m := _SIZE.search(c.text)) and j < at}
    sizes = {j: n for j, n in sizes.items() if not _ALL.match(heads[j].text) and _TWO * n != sum(sizes.values())}
    if not _GROUPS[0] <= len(sizes) <= _GROUPS[1]:
        return
    for k, row in enumerate(rows[1:], 1):
        cell = row.cells[at] if len(row.cells) == at + 1 else None
        if cell is None or _P.fullmatch(cell.text) is None:
            continue
        own = [row.cells[j].n for j in sizes]
        if None not in own:
            if not _has_levels(rows, k, at):
                counts = [[n or 0, size - (n or 0)] for n, size in zip(own, sizes.values(), strict=True)]
                yield _Tested(row, cell, counts, [row.cells[j].at for j in sizes])
        elif not any(c.text for c in row.cells[:at]):
            levels = list(_levels(rows, k, at))
            each = [[r.cells[j].n for r in levels] for j in sizes]
            if len(levels) > 1 and all(None not in x for x in each):
                yield _Tested(row, cell, [[n or 0 for n in x] for x in each],
                              [r.cells[j].at for r in levels for j in sizes])  # fmt: skip


def _levels(rows: Sequence[Row], k: int, at: int) -> Iterator[Row]:
    """The rows below one, up to the next that has a P value or stands below another heading."""
    below = rows[k + 1 :]
    for row in below:
        if len(row.cells) > at or not row.cells or row.passage.heading != below[0].passage.heading:
            return
        yield row


def _has_levels(rows: Sequence[Row], k: int, at: int) -> bool:
    """Whether the next row has none, so that a P value may be of both."""
    return k + 1 < len(rows) and len(rows[k + 1].cells) <= at


def _of_levels(rows: Sequence[Row], at: int, grid: Grid | None) -> Iterator[_Tested]:
    """The levels below a row that has a P value alone, each with a count and whom it is of."""
    found = next((f for f in columns_that_follow(grid) if f.way.name == "share"), None) if grid is not None else None
    if found is None:
        return
    part, whole = found.part.place[0], found.whole.place[0]
    for k, row in enumerate(rows[1:], 1):
        cell = row.cells[at] if len(row.cells) == at + 1 else None
        if cell is None or _P.fullmatch(cell.text) is None or any(c.text for c in row.cells[:at]):
            continue
        levels = [r for r in _levels(rows, k, at) if len(r.cells) > max(part, whole)]
        pairs = [(r.cells[part].n, r.cells[whole].n) for r in levels]
        if len(pairs) > 1 and all(a is not None and b is not None and a <= b for a, b in pairs):
            yield _Tested(row, cell, [[a or 0, (b or 0) - (a or 0)] for a, b in pairs],
                          [r.cells[j].at for r in levels for j in (part, whole)])  # fmt: skip


def _of_counts(counts: Sequence[Sequence[int]]) -> dict[str, float]:
    """P by the tests that papers use; none where a count is below none or nobody differs."""
    groups, outcomes = [sum(g) for g in counts], [sum(x) for x in zip(*counts, strict=True)]
    if min(min(g) for g in counts) < 0 or not all(groups) or sum(map(bool, outcomes)) < _TWO:
        return {}
    if len(groups) == len(outcomes) == _TWO:
        return p_of_two_by_two(counts[0][0], groups[0], counts[1][0], groups[1])
    total, used = sum(groups), [k for k, n in enumerate(outcomes) if n]
    chi = sum(
        (g[k] - n * outcomes[k] / total) ** 2 / (n * outcomes[k] / total)
        for g, n in zip(counts, groups, strict=True) for k in used
    )  # fmt: skip
    return {"chi-square": float(special.chdtrc((len(groups) - 1) * (len(used) - 1), chi))}


def _gap(t: _Tested) -> float | None:
    """How many normal deviates a printed P value is from the nearest that its counts give."""
    m, found = _P.fullmatch(t.cell.text), _of_counts(t.counts)
    if m is None or not found:
        return None
    low, high = printed_range(read_printed(m["p"]), {"≤": "<="}.get(m["op"], m["op"]) or "=")
    if any(low <= p <= high for p in found.values()):
        return 0.0
    return min(
        abs(wald_z(max(p, 1e-15)) - wald_z(max(x, 1e-15))) for p in found.values() for x in (low, min(high, 1.0))
    )


def _tell(case: Case, t: _Tested, others: int) -> None:
    if any(compared(case, x, "P/counts") for x in (t.cell.span,)):
        return
    values = ", ".join(f"{p:.2g} ({name})" for name, p in _of_counts(t.counts).items())
    sentence = (
        f"The counts give P = {values}, not {t.cell.text.strip()}; {others} other P values of the table come out."
    )
    case.relate("P/counts", [*t.at, t.cell.span], "unlikely", sentence, "tests of counts", tie="structural",
                on=held(case, t.row.passage, t.cell.span))  # fmt: skip
