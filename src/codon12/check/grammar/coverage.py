"""What of a text was read: numbers in statements, numbers that state nothing, numbers that were not read, and where."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

__all__ = ["Coverage", "Unread"]

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
    """Numbers that state nothing: citations, labels, identifiers, page furniture, lists of references."""
    unread: tuple[Unread, ...]

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
