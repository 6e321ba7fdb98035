"""Tables as they are drawn: total rows and columns of plain counts, sizes in heads, cells that a sentence tells.

Whether a row or column of totals adds up at all, the other columns or rows of the table must show; where there is
none, one digit must explain the gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_grid"]

_PARTS = re.compile(r"[^|\t]+")
_COUNT = re.compile(
    r"^\W*(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\.\d| ?%|[-/]|\s?±| to )(?: ?\([\d.]+ ?%?\))? ?[a-z*†‡§]{0,2}\W*$"
)
_TOTAL = re.compile(
    r"^\W*(?:grand |sub-?)?(?:totals?|all|overall|sum|combined)(?: (?:patients|participants|no\.?|number|sample|n|"
    r"cases))?"
    r"(?:[ ,]*\(?[nN] ?= ?[\d,]+\)?)?\W*$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_FEW, _LARGE = 2, 12


_WORDS = ("total", "overall", "| all", "\tall", "combined", "| sum", "\tsum")
"""A total row or column begins with one of these."""
_ABOVE = 300
"""Characters above the first row with a number, where the headings stand."""


class _Cell(NamedTuple):
    text: str
    span: tuple[int, int]
    n: int | None
    at: tuple[int, int]


class _Row(NamedTuple):
    passage: Passage
    label: str
    cells: list[_Cell]


def check_grid(case: Case) -> None:
    """Check total rows, total columns and sizes in heads of every table, and counts of sentences that point at one."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            found[p.table].append(p)
    if not found:
        return
    for passages in found.values():
        begin, end = max(0, passages[0].start - _ABOVE), passages[-1].end
        if any(case.small.find(w, begin, end) >= 0 for w in _WORDS):
            rows = _rows(case, passages)
            if len(rows) > 1:
                _heads(case, rows[0])
                _total_rows(case, rows)
                _total_column(case, rows)
    _told(case, found)


def _rows(case: Case, passages: Sequence[Passage]) -> list[_Row]:
    """Rows of a table in their order, the headings first."""
    rows = [row for p in passages if (row := _row(case, p)) is not None]
    head = _head(case, rows[0]) if rows else None
    return [*([head] if head else []), *rows]


def _row(case: Case, p: Passage) -> _Row | None:
    parts = [(m[0], m.span()) for m in _PARTS.finditer(case.flat, p.start, p.end)]
    if len(parts) < _FEW or len(parts) > _LARGE:
        return None
    cells = []
    for text, span in parts[1:]:
        m = _COUNT.match(text)
        at = (span[0] + m.start("n"), span[0] + m.end("n")) if m else span
        cells.append(_Cell(text.strip(), span, int(m["n"].replace(",", "")) if m else None, at))
    while cells and not cells[-1].text:
        cells.pop()
    return _Row(p, parts[0][0].strip(), cells)


def _head(case: Case, first: _Row) -> _Row | None:
    """The row of headings right above the first row with a number, where it has no number itself."""
    text, end = case.text.normal.text, first.passage.start
    while (end := text.rfind("\n", 0, end)) > 0:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if not _RULE.fullmatch(line):
            parts = [(m[0], (start + m.start(), start + m.end())) for m in _PARTS.finditer(line)]
            if parts and not parts[0][0].strip() and len(parts) > len(first.cells) + 1:
                del parts[0]  # before the first bar
            if len(parts) != len(first.cells) + 1 or any(ch.isdigit() for ch in line):
                return None
            return _Row(first.passage, parts[0][0].strip(), [_Cell(x.strip(), s, None, s) for x, s in parts[1:]])
    return None


_RULE = re.compile(r"[\s|:+=-]*")


def _slip(a: int, b: int) -> bool:
    return one_digit_apart(str(a), str(b)) or sorted(str(a)) == sorted(str(b))


def _heads(case: Case, head: _Row) -> None:
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


def _inside(case: Case, c: _Cell, m: re.Match[str]) -> tuple[int, int]:
    shift = c.span[0] + len(case.flat[c.span[0] : c.span[1]]) - len(case.flat[c.span[0] : c.span[1]].lstrip())
    return shift + m.start("n"), shift + m.end("n")


def _total_rows(case: Case, rows: Sequence[_Row]) -> None:
    """Rows called a total against those above them, back to the last total or heading."""
    start = 1
    for k, row in enumerate(rows):
        if k and _TOTAL.match(row.label):
            above = [r for r in rows[start:k] if r.cells]
            first_is_total = bool(above) and _TOTAL.match(above[0].label)
            if len(above) >= _FEW and not first_is_total and all(len(r.cells) == len(row.cells) for r in above):
                _column_sums(case, row, above)
            start = k + 1
        elif not row.cells or all(not c.text for c in row.cells):
            start = k + 1


def _column_sums(case: Case, total: _Row, above: Sequence[_Row]) -> None:
    right, wrong = 0, []
    for j, cell in enumerate(total.cells):
        parts = [r.cells[j] for r in above]
        if cell.n is None or any(c.n is None for c in parts):
            continue
        together = sum(c.n or 0 for c in parts)
        if together == cell.n:
            right += 1
        else:
            wrong.append((cell, parts, together))
    for cell, parts, together in wrong:
        places = [*(c.at for c in parts), cell.at]
        lone = not right and len(wrong) == 1 and cell.n is not None and _slip(together, cell.n) and together >= _SMALL
        if (right >= len(wrong) or lone) and not any(compared(case, x, "sum", "row sum") for x in places):
            verdict: Verdict = "error-if" if right else "unlikely"
            shown = f"The rows above the total make {together}, not {cell.n}"
            _tell(case, total.passage, places, verdict, f"{shown}.", "total row")


_SMALL = 20


def _total_column(case: Case, rows: Sequence[_Row]) -> None:
    """A last or first column called a total against the others, where most rows add up."""
    heads = rows[0].cells
    named = [j for j, c in enumerate(heads) if re.match(r"\W*(?:total|all|overall|sum)\b", c.text, re.IGNORECASE)]
    if len(named) != 1 or named[0] not in (0, len(heads) - 1) or len(heads) < _FEW + 1:
        return
    j = named[0]
    right, wrong = 0, []
    for row in rows[1:]:
        if len(row.cells) != len(heads) or any(c.n is None for c in row.cells):
            continue
        parts = [c for k, c in enumerate(row.cells) if k != j]
        together, told = sum(c.n or 0 for c in parts), row.cells[j]
        if together == told.n:
            right += 1
        else:
            wrong.append((row, parts, told, together))
    for row, parts, told, together in wrong:
        places = [*(c.at for c in parts), told.at]
        if right >= max(_FEW, 2 * len(wrong)) and not any(compared(case, x, "sum", "row sum") for x in places):
            shown = f"{' + '.join(str(c.n) for c in parts)} = {together}, not {told.n}"
            _tell(case, row.passage, places, "error-if", f"{shown}; {right} other rows add up.", "total column")


def _tell(case: Case, p: Passage, places: list[tuple[int, int]], verdict: Verdict, sentence: str, method: str) -> None:
    here = case.by_passage.get(p.index, ())
    on = [s for s in here if s.normal_start <= places[-1][0] < s.normal_end][:1]
    case.relate("sum", places, verdict, sentence, method, on=on, tie="structural")


_POINTS = re.compile(r"\bTables? (?P<n>S?\d{1,2})\b")
_NOISE = stems("n no number patients participants group arm the of and with in percent total all value mean median")
_NUMERAL = re.compile(r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<pct> ?%)?(?![\d.,]*\d|-)")


def _told(case: Case, tables: dict[int, list[Passage]]) -> None:
    """`Hypertension was present in 31 patients of the statin group (Table 1)`: one number, one row, one column."""
    drawn: list[list[_Row]] | None = None
    for p in sentences_with(case, "table "):
        if not _POINTS.search(case.flat, p.start, p.end):
            continue
        text = _POINTS.sub(lambda m: " " * len(m[0]), case.flat[p.start : p.end])
        told = list(_NUMERAL.finditer(text))
        if not 1 <= len(told) <= _FEW or any(
            re.search(r"[nN] ?= ?$|week |month |day |year |grade ", text[: m.start()][-8:]) for m in told
        ):
            continue
        if len(told) == _FEW and not (told[0]["pct"] is None and told[1]["pct"]):
            continue
        said = stems(text)
        drawn = [rows for x in tables.values() if (rows := _rows(case, x))] if drawn is None else drawn
        cells = [x for rows in drawn for x in _meant(rows, said)]
        if len(cells) != 1:
            continue
        row, cell = cells[0]
        there = [m["n"].replace(",", "") for m in _NUMERAL.finditer(cell.text)]
        wanted = [m["n"].replace(",", "") for m in told]
        if not there or any(_same(w, t) for w in wanted for t in there):
            continue
        places = [(p.start + told[0].start("n"), p.start + told[0].end("n")), cell.span]
        if any(compared(case, x, "text/table") for x in places):
            continue
        sentence = f"The table prints “{cell.text}” under “{row.label}”, the text {told[0]['n']}{told[0]['pct'] or ''}."
        judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")


def _same(told: str, there: str) -> bool:
    a, b = float(told), float(there)
    digits = min(len(x.partition(".")[2]) for x in (told, there))
    return abs(a - b) < 1.01 * 10**-digits if "." in told + there else a == b


def _meant(rows: Sequence[_Row], said: frozenset[str]) -> Iterator[tuple[_Row, _Cell]]:
    """The cells whose row and column a sentence names."""
    columns = [j for j, c in enumerate(rows[0].cells) if (w := _named(c.text)) and w <= said]
    if len(columns) != 1 or len(rows[0].cells) < _FEW:
        return
    for row in rows[1:]:
        words = _named(row.label)
        if words and words <= said and len(row.cells) == len(rows[0].cells) and row.cells[columns[0]].text:
            yield row, row.cells[columns[0]]


def _named(text: str) -> frozenset[str]:
    return stems(re.sub(r"\([^()]*\)|\d+|[nN] ?=|%|, *n\b", " ", text)) - _NOISE
