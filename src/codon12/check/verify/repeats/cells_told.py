"""A number that a sentence tells of a table against the cell whose row and column its words name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.tables.drawn import Cell, Row, drawn, passages_of_tables
from codon12.check.verify.tables.grades import GRADED, grades_in

__all__ = ["ENDPOINTS", "check_cells_told"]


_FEW = 2
_POINTS = re.compile(r"\bTables? (?P<n>S?\d{1,2})\b")
_NOISE = stems("n no number patients participants group arm the of and with in percent total all value mean median")
_NUMERAL = re.compile(r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<pct> ?%)?(?![\d.,]*\d|-)")
_LIMITS = re.compile(
    r"\b\d\d ?% ?(?:CI|confidence)[^()\[\];]*|\b(?:at|after) \d+ (?:month|week|year|day)s?\b", re.IGNORECASE
)


def check_cells_told(case: Case) -> None:
    """`Hypertension was present in 31 patients of the statin group (Table 1)`: one number, one row, one column."""
    pointing = [(p, told, text) for p in sentences_with(case, "table ") for told, text in _numbers(case, p)]
    meant: list[list[tuple[Row, Cell]]] = [[] for _ in pointing]
    for passages in passages_of_tables(case).values() if pointing else ():  # one table is held at a time
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
    if not there or any(_same(w, t) for w in wanted for t in there) or _of_another(told, row, there):
        return
    places = [(p.start + told[0].start("n"), p.start + told[0].end("n")), cell.span]
    if any(compared(case, x, "text/table") for x in places):
        return
    sentence = f"The table prints “{cell.text}” under “{row.label}”, the text {told[0]['n']}{told[0]['pct'] or ''}."
    judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")


def _of_another(told: Sequence[re.Match[str]], row: Row, there: Sequence[str]) -> bool:
    """Whether a percentage stands in a cell of the row as a fraction, or a decimal is of quite another size."""
    wanted = {float(m["n"].replace(",", "")) / 100 for m in told if m["pct"]}
    beside = {float(m["n"].replace(",", "")) for c in row.cells for m in _NUMERAL.finditer(c.text)}
    if any(abs(w - x) < _ALIKE * abs(x) for w in wanted for x in beside if x):
        return True
    decimal = all("." in m["n"] and not m["pct"] for m in told) and not any("." in t for t in there)
    return decimal and all(not 1 / _FAR < float(m["n"]) / (float(t) or 1) < _FAR for m in told for t in there)


_ALIKE, _FAR = 1e-9, 20
"""Two numbers this near are one; a decimal this many times smaller or larger than a whole number is of other units."""


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
    r"(?i:\b(?:difference|differed|ratio|hazard|improve\w+ (?:by|of)|gain|longer by|shorter by|by \d[\d.]* (?:mo|"
    r"months|points))\b)|\b(?:HR|OR|RR)\b|\b[pP] ?[=<]"
)
"""What a sentence has whose number is reckoned from cells, not one of them."""
_NO_VALUE = re.compile(
    r"follow|not (?:yet )?(?:been )?(?:reached|estimable|met)|\bNR\b|\bNE\b|subgroup|subset", re.IGNORECASE
)
_VALUE_OF = re.compile(r"\b(?:was|were|of|at|is|reached|lasted)(?: only| about)? $|[=:,(] ?$")
_TIME = re.compile(r"(?P<n>\d+)[- ](?:mo\b|month|year|yr|week|day)")
_MEDIAN = re.compile(r"\bmedian", re.IGNORECASE)
ENDPOINTS = {
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
_SHORT = re.compile(rf"\bm?(?P<x>{'|'.join(ENDPOINTS)})\b")


def _in_full(text: str) -> str:
    """A label or sentence with the usual endpoints in full: `Median OS` is `Median overall survival`."""
    return _SHORT.sub(lambda m: ENDPOINTS[m["x"]], text)


_BEGINS = re.compile(r"\W*\d")


def _named(text: str) -> frozenset[str]:
    return (
        stems(re.sub(r"\([^()]*\)|\b(?:months?|weeks?|years?|days?|rate)\b|\d+|[nN] ?=|%|, *n\b", " ", _in_full(text)))
        - _NOISE
    )
