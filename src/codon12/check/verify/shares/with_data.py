"""Those of a group with data, where a sentence says how many have none: `of 100, the status of 20 being unknown`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import Case

__all__ = ["with_data", "without_data"]

_LACKS = (
    r"(?:unknown|missing|lacking|unavailable|undetermined|"
    r"not (?:known|available|recorded|tested|done|assessed|evaluable|determined)|without (?:data|results?))"
)
_LACKING = re.compile(
    rf"(?<![\d.])(?P<a>\d+)(?: [a-z]+){{0,5}} {_LACKS}\b|\b{_LACKS}(?: [a-z]+){{0,4}} (?P<b>\d+)(?![\d.%]| ?%)",
    re.IGNORECASE,
)


def with_data(case: Case, s: Statement, totals: Sequence[int]) -> Denominator | None:
    """The patients of a group with data, where the sentence says how many have none: `20 being unknown` of 100."""
    for lack, at in without_data(case, case.text.passages[s.passage]):
        if s.normal_start <= at < s.normal_end:
            continue
        here, before, _ = case.populations_around(s)
        for group in (*here, *before):
            if lack < group.n and group.n - lack in totals:
                return Denominator(group.n - lack, "context", f"with data, of {group.n}")
    return None


def without_data(case: Case, p: Passage) -> Iterator[tuple[int, int]]:
    """How many a sentence says to be without data, and where."""
    for m in _LACKING.finditer(case.flat, p.start, p.end):
        which = "a" if m["a"] else "b"
        yield int(m[which]), m.start(which)
