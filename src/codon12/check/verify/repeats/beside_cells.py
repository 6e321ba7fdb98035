"""A number of running text beside the cell of a table that it may be told from: the same, another, of another kind."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.repeats.numbers_told import NumberTold
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.drawn import Cell, Row

__all__ = ["COUNT", "TIMED", "is_first", "is_one_slip", "is_there", "may_be", "printed_in", "tells"]


class _Printed(NamedTuple):
    text: str
    is_share: bool


_IN_CELL = re.compile(r"(?<![\w.])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<pct> ?%)?(?![\d.]*\d)")


def printed_in(cell: Cell) -> list[_Printed]:
    """The numbers of a cell, each with whether it is a percentage."""
    found = list(_IN_CELL.finditer(cell.text))
    return [
        _Printed(m["n"].replace(",", ""), m["pct"] is not None or (k > 0 and cell.text[m.start() - 1] in "(["))
        for k, m in enumerate(found)
    ]


def is_there(number: NumberTold, row: Row, cell: Cell) -> bool:
    """Whether the cell prints the number, or another of the row does where that is its percentage."""
    cells = row.cells if number.is_share else [cell]
    printed = [x for c in cells for x in printed_in(c)]
    if number.share and not all(x.is_share for x in printed):
        printed = [x for x in printed if not x.is_share]
    return any(_equal(number.text, x.text) for x in printed)


def _equal(told: str, there: str) -> bool:
    digits = min(len(x.partition(".")[2]) for x in (told, there))
    return abs(float(told) - float(there)) < (1.01 * 10**-digits if "." in told + there else 0.5)


TIMED = re.compile(r"\bmedian|\bmean|[,(] ?(?:years|months|weeks|days)\b", re.IGNORECASE)
_UNITS = {"yr": "years", "y": "years", "mo": "months", "wk": "weeks"}
_UNIT = re.compile(r"\b(?:yr|y|mo|wk)\b")
_SHARE = re.compile(r"%|percent|rate\b|proportion", re.IGNORECASE)
COUNT = re.compile(r"\bn\b|\bno\b|number", re.IGNORECASE)


_PART_OF = re.compile(r"\W*\d[\d,]* ?(?:/|of) ?(?P<total>\d[\d,]*)")


def may_be(number: NumberTold, cell: Cell, row: Row) -> bool:
    """Whether the cell prints something of the same kind: a whole number where one is told, a percentage likewise."""
    there = printed_in(cell)
    if not there:
        return False
    part = _PART_OF.match(cell.text)
    if part is not None and float(number.text) > int(part["total"].replace(",", "")):
        return False  # of more than the cell is of: `line (234 patients)` beside `23/101`
    if number.is_share:
        return any(x.is_share for x in there) and not row.label.lower().startswith(("median", "mean"))
    if number.unit or TIMED.search(row.label):
        units = _UNIT.sub(lambda m: _UNITS[m[0]], f"{row.label} {cell.text} {row.passage.heading}")
        return number.unit != "" and number.unit in units and not there[0].is_share
    if "." in number.text and "ratio" in number.words:
        return "." in there[0].text and not there[0].is_share
    whole = "." not in number.text and "." not in there[0].text and not there[0].is_share
    return whole and not (_SHARE.search(row.label) and not COUNT.search(row.label))


def is_first(number: NumberTold, cell: Cell) -> bool:
    """Whether a number is the first that a cell prints."""
    return any(number.text == x.text for x in printed_in(cell)[:1])


def tells(number: NumberTold, cell: Cell) -> bool:
    """Whether a number, with its share, is the one of a cell: `55 of 92; none was found in the other 37 (40.2%)`."""
    return number.share != "" and is_first(number, cell) and any(x.text == number.share for x in printed_in(cell))


def is_one_slip(a: str, b: str) -> bool:
    """A digit changed, left out or put in, or two that changed places."""
    short, long = sorted((a, b), key=len)
    dropped = len(long) == len(short) + 1 and short in (long[:k] + long[k + 1 :] for k in range(len(long)))
    return one_digit_apart(a, b) or dropped or (len(a) > 1 and sorted(a) == sorted(b))
