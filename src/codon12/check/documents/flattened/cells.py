"""The forms of cells in a line of text, and lines in runs: what all ways of losing columns share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from codon12.check import patterns as re

__all__ = [
    "A_SHARE", "CAPTION", "FEWEST_ROWS", "LONGEST", "MARK", "SIZE", "STRONG", "WEAK", "Edit", "Line", "head_above",
    "lines_of", "runs",
]  # fmt: skip

NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
MARK = r"(?: ?[*†‡§¶#]{1,2}|[a-j](?![a-z])| [a-j](?![a-z]))?"
"""The sign of a footnote behind a cell."""
_INSIDE = (
    rf"(?:9\d ?% ?CI[:, ]*)?[<>≤~]?(?:{NUMBER}|NE|NR)\+? ?%?"
    rf"(?:(?: ?- ?| to |[,;] ?|/)(?:{NUMBER}|NE|NR|undefined)\+? ?%?)?"
)
STRONG = (
    rf"(?:{NUMBER} ?%? ?(?:/ ?\d[\d,]*)?[*†‡§]? ?[(\[] ?(?:{_INSIDE}|[Rr]ef[a-z]*\.?)[)\]]"
    rf"|{NUMBER} ?± ?{NUMBER}|{NUMBER} to {NUMBER})"
)
"""A cell that nothing else looks like: a number with what stands in brackets behind it, a deviation, limits."""
WEAK = (
    rf"(?:[<>≤=]? ?(?:{NUMBER}|\.\d+)(?: ?%)?(?:(?: ?/ ?|-)\d[\d.,]*)?|N[ERADSP]|[Rr]ef(?:\.|erence|erent)?(?![a-z])"
    r"|-{1,2}|—|·+|\.\.+)"
)
"""A cell that may as well be the end of a label: a number alone, a word for none."""
A_SHARE = re.compile(r"(?P<digits>\d[\d,.]*) ?\((?P<percent>\d{1,3}(?:\.\d+)?) ?%?\)")
SIZE = re.compile(r"\b[nN] ?= ?(\d{1,3}(?:,\d{3})+|\d+)")
CAPTION = re.compile(r"\s*\**(?:Supplement\w* |Appendix |e)?table\b", re.IGNORECASE)
FEWEST_ROWS = 3
"""Rows of one form that make a table."""
LONGEST = 320
"""Characters of a line that are looked at."""
_HEAD_LINES = 40


class Edit(msgspec.Struct, frozen=True):
    """What stands from `start` to before `end` is to be `new`."""

    start: int
    end: int
    new: str
    origin: int | None = None
    """Where `new` stood before, of words that are moved."""


class Line(msgspec.Struct, frozen=True):
    """A line of a text: where it stands, and its words as far as they are looked at."""

    start: int
    end: int
    words: str


def lines_of(text: str) -> list[Line]:
    """The lines of a text."""
    out, begin = [], 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        out.append(Line(begin, end, text[begin : min(end, begin + LONGEST)]))
        begin = end + 1
    return out


def head_above(lines: Sequence[Line], first: int) -> int:
    """The line where the head of a table begins: its caption, or some lines above its first row."""
    begin = max(0, first - _HEAD_LINES)
    return next((k for k in range(first, begin, -1) if CAPTION.match(lines[k].words)), begin)


def runs(lines: Sequence[Line], wanted: Callable[[Line], bool], *, apart: int) -> Iterator[list[int]]:
    """Numbers of the lines wanted, in runs with at most so many others between."""
    run: list[int] = []
    for k, line in enumerate(lines):
        if run and k - run[-1] > apart:
            yield run
            run = []
        if run and CAPTION.match(line.words):
            yield run
            run = []
        if wanted(line):
            run.append(k)
    if run:
        yield run
