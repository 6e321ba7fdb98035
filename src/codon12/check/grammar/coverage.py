"""What of a text was read: numbers in statements, numbers that state nothing, numbers that were not read, and where."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.normal import A_NUMBER, Normal
from codon12.check.finding.tokens import Token
from codon12.check.statements import Statement

__all__ = ["Coverage", "Unread", "covered", "is_of_a_name"]

_MUCH = 0.15
"""A document of which a larger share of the numbers was not read says so at its top."""
_FEW = 20
"""Below so many numbers a share says little."""


class Unread(msgspec.Struct, frozen=True, gc=False):
    """A number that no statement holds, its place in the text as given, and the table and page it stands in."""

    start: int
    end: int
    table: int | None
    page: int | None


class Coverage(msgspec.Struct, frozen=True):
    """How many numbers a text prints, and what became of them; the three parts add up to all."""

    numbers: int
    stated: int
    aside: int
    """Numbers that state nothing: citations, labels, identifiers, figures pointed at, page furniture, references."""
    unread: tuple[Unread, ...]

    def with_compared(self, spans: Sequence[tuple[int, int]]) -> Coverage:
        """The same, where numbers that no statement holds were compared all the same: spans of the text as given."""
        read = sorted(spans)
        starts = [a for a, _ in read]
        unread = tuple(u for u in self.unread if not _within(read, starts, u.start))
        more = len(self.unread) - len(unread)
        return msgspec.structs.replace(self, stated=self.stated + more, unread=unread) if more else self

    @property
    def is_poor(self) -> bool:
        """Whether so much was not read that the verdicts speak for a part of the document only."""
        return self.numbers >= _FEW and len(self.unread) > _MUCH * self.numbers

    @property
    def sentence(self) -> str:
        """One line: `412 numbers: 360 in statements, 31 not statements, 21 not read: 14 in table 3 on page 5`.

        Examples
        --------
        >>> Coverage(3, 2, 0, (Unread(5, 7, 1, None),)).sentence
        '3 numbers: 2 in statements, 0 not statements, 1 not read: 1 in table 1'
        """
        says = f"{self.numbers} numbers: {self.stated} in statements, {self.aside} not statements"
        if not self.unread:
            return f"{says}, none not read"
        where: Counter[str] = Counter()
        for u in self.unread:
            table = f"table {u.table}" if u.table is not None else "the text"
            where[table + (f" on page {u.page}" if u.page is not None else "")] += 1
        shown = ", ".join(f"{n} in {place}" for place, n in where.most_common(3))
        more = "" if len(where) <= 3 else f", {sum(n for _, n in where.most_common()[3:])} elsewhere"
        return f"{says}, {len(self.unread)} not read: {shown}{more}"

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``--json``."""
        return {
            "numbers": self.numbers,
            "in_statements": self.stated,
            "not_statements": self.aside,
            "not_read": len(self.unread),
            "much_not_read": self.is_poor,
            "sentence": self.sentence,
            "places": [msgspec.structs.asdict(u) for u in self.unread[:500]],
        }


_NAME_BEFORE, _NAME_BEHIND = re.compile(r"[A-Za-z]{2,}\d*-$|\b[A-Z]-$"), re.compile(r"-[A-Za-z]{2,}")


def is_of_a_name(text: str, t: Token) -> bool:
    """Whether a whole number is part of a word: `COVID-19`, `SARS-CoV-2`, `5-fluorouracil`, `13-item`."""
    if not text[t.start : t.end].isdigit():
        return False
    if text[t.start - 1 : t.start] == "-" and _NAME_BEFORE.search(text, max(0, t.start - 12), t.start) is not None:
        return True
    return text.startswith("-", t.end) and _NAME_BEHIND.match(text, t.end) is not None


def covered(normal: Normal, statements: Sequence[Statement], candidates: array[int]) -> Coverage:
    """All numbers of the text, those within statements, and those that could state something but were not read.

    Of each candidate stand its start, its end and its table, 0 for none, one behind the other.
    """
    spans = [(s.normal_start, s.normal_end) for s in statements]
    spans.sort()
    starts = [a for a, _ in spans]
    text, numbers, stated = normal.text, 0, 0
    for m in A_NUMBER.finditer(text):
        numbers += 1
        stated += _within(spans, starts, m.start())
    paged = "\f" in normal.given
    unread = []
    for a, b, table in zip(candidates[::3], candidates[1::3], candidates[2::3], strict=True):
        if not _within(spans, starts, a):
            start, end = normal.span(a, b)
            page = normal.given.count("\f", 0, start) + 1 if paged and len(unread) < _MOST_PLACED else None
            unread.append(Unread(start, end, table or None, page))
    aside = max(0, numbers - stated - len(unread)) + normal.numbers_aside
    return Coverage(stated + aside + len(unread), stated, aside, tuple(unread))


_MOST_PLACED = 1000
"""Beyond so many numbers that were not read, no page is sought for the rest."""


def _within(spans: list[tuple[int, int]], starts: list[int], at: int) -> bool:
    k = bisect_right(starts, at) - 1
    return k >= 0 and at < spans[k][1]
