"""Tables as they are drawn: total rows and columns of plain counts, sizes in heads, cells that a sentence tells.

Whether a row or column of totals adds up at all, the other columns or rows of the table must show; where there is
none, one digit must explain the gap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.drawn import Cell, Row, drawn
from codon12.check.verify.tables.grades import GRADED, grades_in

__all__ = ["check_grid"]

_TOTAL = re.compile(
    r"^\W*(?:grand |sub-?)?(?:totals?|all|overall|sum|combined)(?: (?:patients|participants|no\.?|number|sample|n|"
    r"cases))?"
    r"(?:[ ,]*\(?[nN] ?= ?[\d,]+\)?)?\W*$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_FEW = 2


def check_grid(case: Case) -> None:
    """Check total rows, total columns and sizes in heads of every table, and counts of sentences that point at one."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            found[p.table].append(p)
    if not found:
        return
    for passages in found.values():
        rows = drawn(case, passages)
        if len(rows) > 1:
            _heads(case, rows[0])
            _total_rows(case, rows)
            _total_column(case, rows)
    _told(case, found)


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


def _column_sums(case: Case, total: Row, above: Sequence[Row]) -> None:
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


_POINTS = re.compile(r"\bTables? (?P<n>S?\d{1,2})\b")
_NOISE = stems("n no number patients participants group arm the of and with in percent total all value mean median")
_NUMERAL = re.compile(r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<pct> ?%)?(?![\d.,]*\d|-)")


_LIMITS = re.compile(
    r"\b\d\d ?% ?(?:CI|confidence)[^()\[\];]*|\b(?:at|after) \d+ (?:month|week|year|day)s?\b", re.IGNORECASE
)


def _told(case: Case, tables: dict[int, list[Passage]]) -> None:
    """`Hypertension was present in 31 patients of the statin group (Table 1)`: one number, one row, one column."""
    pointing = [(p, told, text) for p in sentences_with(case, "table ") for told, text in _numbers(case, p)]
    meant: list[list[tuple[Row, Cell]]] = [[] for _ in pointing]
    for passages in tables.values() if pointing else ():  # one table is held at a time
        rows = drawn(case, passages)
        first = passages[0]
        above = stems(f"{case.flat[first.start : first.end]} {first.heading} {first.section}") if rows else frozenset()
        for cells, (_, _, text) in zip(meant, pointing, strict=True):
            cells.extend(_meant(rows, _POINTS.sub(" ", text), above) if rows else ())
    for cells, (p, told, _) in zip(meant, pointing, strict=True):
        if len(cells) == 1:
            _beside(case, p, told, *cells[0])


def _numbers(case: Case, p: Passage) -> Iterator[tuple[list[re.Match[str]], str]]:
    """The number that a sentence about a table tells, with its percentage, and its words without the pointing ones."""
    if not _POINTS.search(case.flat, p.start, p.end):
        return
    text = _POINTS.sub(lambda m: " " * len(m[0]), case.flat[p.start : p.end])
    text = _LIMITS.sub(lambda m: " " * len(m[0]), GRADED.sub(lambda m: re.sub(r"\d", "_", m[0]), text))
    told = list(_NUMERAL.finditer(text))
    if not 1 <= len(told) <= _FEW or any(
        re.search(r"[nN] ?= ?$|week |month |day |year |grade ", text[: m.start()][-8:]) for m in told
    ):
        return
    if _MEDIAN.search(text) and (_NO_VALUE.search(text) or not _VALUE_OF.search(text[: told[0].start()])):
        return
    if len(told) < _FEW or (told[0]["pct"] is None and told[1]["pct"]):
        yield told, case.flat[p.start : p.end]


def _beside(case: Case, p: Passage, told: list[re.Match[str]], row: Row, cell: Cell) -> None:
    there = [m["n"].replace(",", "") for m in _NUMERAL.finditer(cell.text)]
    wanted = [m["n"].replace(",", "") for m in told]
    if not there or any(_same(w, t) for w in wanted for t in there):
        return
    places = [(p.start + told[0].start("n"), p.start + told[0].end("n")), cell.span]
    if any(compared(case, x, "text/table") for x in places):
        return
    sentence = f"The table prints “{cell.text}” under “{row.label}”, the text {told[0]['n']}{told[0]['pct'] or ''}."
    judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")


def _same(told: str, there: str) -> bool:
    a, b = float(told), float(there)
    digits = min(len(x.partition(".")[2]) for x in (told, there))
    return abs(a - b) < 1.01 * 10**-digits if "." in told + there else a == b


def _meant(rows: Sequence[Row], text: str, above: AbstractSet[str]) -> Iterator[tuple[Row, Cell]]:
    """The cells whose row and column a sentence names; a column of grades it may name by these."""
    if _NOT_OF_A_CELL.search(text):
        return
    said = stems(_in_full(text))
    columns = [j for j, c in enumerate(rows[0].cells) if (w := _named(c.text)) and w <= said]
    graded = list(GRADED.finditer(text))
    if not columns and len(graded) == 1:
        heads = [GRADED.search(c.text) for c in rows[0].cells]
        columns = [j for j, m in enumerate(heads) if m is not None and grades_in(m) == grades_in(graded[0])]
        if len(columns) == 1 and not said - above - _EVENTS:
            yield from ((r, r.cells[columns[0]]) for r in rows[1:] if _ANY_EVENT.match(r.label) and _full(r, rows[0]))
            return
    if len(columns) != 1 or len(rows[0].cells) < _FEW or any(not c.text for c in rows[0].cells):
        return  # a head that spans columns is of several
    head = rows[0].cells[columns[0]].text
    median = _MEDIAN.search(text) is not None
    for row in rows[1:]:
        words = _named(row.label)
        if any(not re.search(rf"\b{m['n']}[- ](?:mo|year|yr|week|day)", text) for m in _TIME.finditer(row.label)):
            continue
        if median != (_MEDIAN.search(row.label) is not None):
            continue
        there = GRADED.search(f"{head} {row.label}")
        if graded and (there is None or not any(grades_in(m) == grades_in(there) for m in graded)):
            continue
        if words and words <= said and _full(row, rows[0]) and _BEGINS.match(row.cells[columns[0]].text):
            yield row, row.cells[columns[0]]


def _full(row: Row, head: Row) -> bool:
    return len(row.cells) == len(head.cells)


_ANY_EVENT = re.compile(
    r"\W*(?:any|all|overall|total|at least one|patients with (?:any|at least one))"
    r"(?: (?:treatment-(?:related|emergent) )?(?:adverse )?(?:events?|AEs?|TEAEs?|TRAEs?))?(?:,? n)?\b[^a-z]*$",
    re.IGNORECASE,
)
_EVENTS = stems("grade higher worse above least more one treated safety population") | {
    *stems("develop experience occur report record observe seen had overall total affect suffer in"),
    *("advers", "event", "events", "patien", "report", "occurr", "observ", "higher", "experi", "worse", "record"),
}
_NOT_OF_A_CELL = re.compile(
    r"(?i:\b(?:difference|differed|ratio|hazard|improve\w+ (?:by|of)|gain|longer by|shorter by|"
    r"by \d[\d.]* (?:mo|months|points))"
    r"\b)|\b(?:HR|OR|RR)\b|\b[pP] ?[=<]"
)
"""What a sentence has whose number is reckoned from cells, not one of them."""
_NO_VALUE = re.compile(
    r"follow|not (?:yet )?(?:been )?(?:reached|estimable|met)|\bNR\b|\bNE\b|subgroup|subset", re.IGNORECASE
)
_VALUE_OF = re.compile(r"\b(?:was|were|of|at|is|reached|lasted)(?: only| about)? $|[=:,(] ?$")
_TIME = re.compile(r"(?P<n>\d+)[- ](?:mo\b|month|year|yr|week|day)")
_MEDIAN = re.compile(r"\bmedian", re.IGNORECASE)
_ABBREVIATIONS = {
    "OS": "overall survival",
    "PFS": "progression-free survival",
    "DFS": "disease-free survival",
    "EFS": "event-free survival",
    "RFS": "relapse-free survival",
    "ORR": "objective response",
    "DCR": "disease control",
    "DOR": "duration of response",
    "DoR": "duration of response",
}
_SHORT = re.compile(rf"\bm?(?P<x>{'|'.join(_ABBREVIATIONS)})\b")


def _in_full(text: str) -> str:
    """A label or sentence with the usual endpoints in full: `Median OS` is `Median overall survival`."""
    return _SHORT.sub(lambda m: _ABBREVIATIONS[m["x"]], text)


_BEGINS = re.compile(r"\W*\d")


def _named(text: str) -> frozenset[str]:
    return (
        stems(re.sub(r"\([^()]*\)|\b(?:months?|weeks?|years?|days?|rate)\b|\d+|[nN] ?=|%|, *n\b", " ", _in_full(text)))
        - _NOISE
    )
