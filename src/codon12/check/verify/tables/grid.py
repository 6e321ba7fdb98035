"""Tables as they are drawn: total rows and columns of plain counts, and sizes in heads.

Whether a row or column of totals adds up at all, the other columns or rows of the table must show; where there is
none, one digit must explain the gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, takewhile

from codon12.check import patterns as re
from codon12.check.documents.blocks import CAPTION
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.across import check_across
from codon12.check.verify.tables.at_risk import check_rows_at_risk
from codon12.check.verify.tables.down import check_down, check_reasons
from codon12.check.verify.tables.drawn import Cell, Row, drawn, passages_of_tables
from codon12.check.verify.tables.figures import filled_up, read_grid
from codon12.check.verify.tables.p_of_rows import check_p_of_rows

__all__ = ["check_grid"]

_TOTAL = re.compile(
    r"^\W*(?:grand |sub-?)?(?:totals?|all|overall|sum|combined|both|together)"
    r"(?: (?:patients|participants|no\.?|number|sample|n|cases|(?:the )?[a-z]{3,}(?:s|en)))?"
    r"(?:[ ,]*\(?[nN] ?= ?[\d,]+\)?)?\W*$",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\W*both\b", re.IGNORECASE)
"""In the middle of a table those who had the one and the other."""
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_FEW = 2


def check_grid(case: Case) -> None:
    """Check total rows, total columns and sizes in heads of every table."""
    at_risk = "at risk" in case.flat
    for passages in passages_of_tables(case).values():
        rows = drawn(case, passages)  # one table is held at a time
        _check(case, rows)
        if at_risk:
            captions = [case.flat[p.start : p.end] for p in passages if CAPTION.match(case.flat[p.start : p.end])]
            before = case.text.normal.text[max(0, passages[0].start - _ABOVE) : passages[0].start].rstrip()
            captions.append(before.rsplit("\n", 1)[-1])
            check_rows_at_risk(case, " ".join(captions), rows)


_ABOVE = 300


def _check(case: Case, rows: Sequence[Row]) -> None:
    if len(rows) > 1:
        _heads(case, rows[0])
        _total_rows(case, rows)
        _total_column(case, rows)
        check_reasons(case, rows)
    grid = read_grid(rows)
    if grid is not None:
        check_across(case, grid)
    check_p_of_rows(case, rows, grid)
    whole = read_grid(filled_up(rows))
    if whole is not None:
        check_down(case, whole)


def _slip(a: int, b: int) -> bool:
    return one_digit_apart(str(a), str(b)) or sorted(str(a)) == sorted(str(b))


def _heads(case: Case, head: Row) -> None:
    """`A (n = 50) | B (n = 48) | Total (n = 98)`."""
    sizes = [(c, m) for c in head.cells if (m := _SIZE.search(c.text)) is not None]
    totals = [x for x in sizes if re.match(r"(?:total|all|overall)\b", x[0].text, re.IGNORECASE)]
    parts = [x for x in sizes if x not in totals]
    if len(totals) != 1 or len(parts) < _FEW or len(sizes) != len([c for c in head.cells if "P" not in c.text[:2]]):
        return
    n, counts = int(totals[0][1]["n"].replace(",", "")), [int(m["n"].replace(",", "")) for _, m in parts]
    places = [_inside(case, c, m) for c, m in (*parts, *totals)]
    if n == sum(counts) or max(counts) > n or any(compared(case, x, "sum") for x in places):
        return
    if sum(counts) > n or _slip(sum(counts), n):
        shown = f"{' + '.join(map(str, counts))} = {sum(counts)}, not {n}"
        _tell(case, head.passage, places, "error-if", f"If these are all the columns: {shown}.", "sum of columns")


def _inside(case: Case, c: Cell, m: re.Match[str]) -> tuple[int, int]:
    shift = c.span[0] + len(case.flat[c.span[0] : c.span[1]]) - len(case.flat[c.span[0] : c.span[1]].lstrip())
    return shift + m.start("n"), shift + m.end("n")


def _total_rows(case: Case, rows: Sequence[Row]) -> None:
    """Rows called a total against those above them, back to the last total or heading."""
    start = int(all(c.n is None for c in rows[0].cells))
    for k, row in enumerate(rows):
        named = _TOTAL.match(row.label) and (k == len(rows) - 1 or not _BOTH.match(row.label))
        if k and (named or _spans(row, rows[start:k])):
            above = [r for r in rows[start:k] if r.cells]
            first_is_total = bool(above) and _TOTAL.match(above[0].label)
            if len(above) >= _FEW and not first_is_total and all(len(r.cells) == len(row.cells) for r in above):
                _column_sums(case, row, above)
                _shares(case, row, above)
            start = k + 1
        elif not row.cells or all(not c.text for c in row.cells):
            start = k + 1


_BAND = re.compile(r"\W*(?P<a>\d+)(?: ?(?:-|to) ?(?P<b>\d+))?(?: (?:years|y))?\W*")


def _spans(total: Row, above: Sequence[Row]) -> bool:
    """Whether a row is of all years or ages of those above: `2015-2017` below `2015`, `2016` and `2017`."""
    bands = [_BAND.fullmatch(r.label) for r in (*above, total)]
    found = [(int(m["a"]), int(m["b"] or m["a"])) for m in bands if m is not None]
    if len(found) < len(bands) or len(above) < _FEW:
        return False
    *parts, (first, last) = found
    last += first // 100 * 100 if last < first else 0  # `2018-20`
    follow = all(a[1] < b[0] <= a[1] + 1 for a, b in pairwise(parts))
    return follow and (first, last) == (parts[0][0], parts[-1][1])


def _column_sums(case: Case, total: Row, above: Sequence[Row]) -> None:
    right, wrong = 0, []
    for j, cell in enumerate(total.cells):
        parts = [r.cells[j] for r in above]
        counts = [c.n for c in parts if c.n is not None]
        if cell.n is None or len(counts) < len(parts) or min(counts) < cell.n < max(counts):
            continue  # of an average, no sum
        together = sum(c.n or 0 for c in parts)
        if together > cell.n and _MARKED.search(cell.text):
            continue  # a footnote says why: `25†`, some in two rows
        if together == cell.n:
            right += 1
        else:
            wrong.append((cell, parts, together))
    for cell, parts, together in wrong:
        places = [*(c.at for c in parts), cell.at]
        alone = not right and len(wrong) == 1 and cell.n not in (None, _ALL_OF_IT)
        lone = alone and _slip(together, cell.n or 0) and together >= _SMALL
        if (right >= len(wrong) or lone) and not any(compared(case, x, "sum", "row sum") for x in places):
            verdict: Verdict = "error-if" if right else "unlikely"
            shown = f"The rows above the total make {together}, not {cell.n}"
            _tell(case, total.passage, places, verdict, f"{shown}.", "total row")


_SMALL = 20
_MARKED = re.compile(r"[*†‡§¶#]\W*$|\d[a-h]$")
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentages?\b|\bproportions?\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:multiple|several|more than one|not add up|add up to more|or more|overlap\w*)\b", re.IGNORECASE
)
_ALL_OF_IT, _ABOVE = 100, 160


def _shares(case: Case, total: Row, above: Sequence[Row]) -> None:
    """A column of percentages with a hundred below: whole ones are off by half of one each at most."""
    end = above[0].passage.start
    lead = case.flat[max(0, case.flat.rfind("\n\n", 0, max(0, end - 2)), end - _ABOVE) : end]
    if len(total.cells) != 1 or total.cells[0].n != _ALL_OF_IT or not _PERCENT.search(lead) or _SEVERAL.search(lead):
        return
    parts = [r.cells[0] for r in above]
    together = sum(c.n or 0 for c in parts)
    places = [*(c.at for c in parts), total.cells[0].at]
    if any(c.n is None for c in parts) or 2 * abs(together - _ALL_OF_IT) <= len(parts):
        return
    if not any(compared(case, x, "sum", "row sum") for x in places):
        _tell(case, total.passage, places, "error-if", f"The rows above the total make {together} %.", "total row")


_DISTINCT = re.compile(r"\b(?:species|genera|taxa|unique|distinct|different)\b", re.IGNORECASE)
"""Of a row whose columns share some of what it counts."""


def _total_column(case: Case, rows: Sequence[Row]) -> None:
    """A last or first column called a total against the others, where most rows add up; uncalled, nearly all rows."""
    heads = rows[0].cells
    named = [
        j
        for j, c in enumerate(heads)
        if re.match(r"\W*(?:total|all(?![ -]grade)|overall|sum)\b", c.text, re.IGNORECASE)
    ]
    if len(named) == 1 and named[0] in (0, len(heads) - 1) and len(heads) > _FEW:
        width, j, few, share = len(heads), named[0], _FEW, 2
    else:
        width, j, few, share = _width(rows), -1, _MANY, _APART
    if width <= _FEW:
        return
    right, wrong = 0, []
    for row in rows[1:]:
        counts = row.cells[:width]
        if len(counts) != width or any(c.n is None for c in counts) or _DISTINCT.search(row.label):
            continue
        told = counts[j]
        parts = [c for c in counts if c is not told]
        together = sum(c.n or 0 for c in parts)
        if together != told.n:
            wrong.append((row, parts, told, together))
        elif few == _FEW or sum(bool(c.n) for c in parts) > 1:
            right += 1
    for row, parts, told, together in wrong:
        places = [*(c.at for c in parts), told.at]
        if right >= max(few, share * len(wrong)) and not any(compared(case, x, "sum", "row sum") for x in places):
            shown = f"{' + '.join(str(c.n) for c in parts)} = {together}, not {told.n}"
            _tell(case, row.passage, places, "error-if", f"{shown}; {right} other rows add up.", "total column")


_MANY, _APART = 8, 8
"""Rows that add up where no head says that a column is a sum, and how many of them for one that does not."""


def _width(rows: Sequence[Row]) -> int:
    """How many columns of counts most rows begin with."""
    widths = Counter(len(list(takewhile(lambda c: c.n is not None, r.cells))) for r in rows)
    return max(widths, key=lambda w: (w > 0, widths[w]), default=0)


def _tell(case: Case, p: Passage, places: list[tuple[int, int]], verdict: Verdict, sentence: str, method: str) -> None:
    here = case.by_passage.get(p.index, ())
    on = [s for s in here if s.normal_start <= places[-1][0] < s.normal_end][:1]
    case.relate("sum", places, verdict, sentence, method, on=on, tie="structural")
