"""A total that the bracket behind it splits into parts: `of 600 patients (400 and 200)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import Case

__all__ = ["of_a_part"]

_SPLIT = re.compile(r" ?(?:[\w-]+ ){0,4}[(\[](?P<parts>[^()\[\]]{3,80})[)\]]")


def of_a_part(case: Case, s: Statement, tied: Denominator, totals: range) -> Denominator | None:
    """A part of the total that the bracket behind it splits: `of 600 (400 and 200), 64 (16.0%) and 6 (3.0%)`."""
    at = next((p.statement.normal_end for p in case.populations_around(s)[0] if p.n == tied.value), None)
    found = None if at is None or at > s.normal_start else _SPLIT.match(case.flat, at)
    parts = [] if found is None else [int(x.replace(",", "")) for x in _WHOLE.findall(found["parts"])]
    fitting = [x for x in parts if x in totals]
    if len(parts) < 2 or sum(parts) != tied.value or len(fitting) != 1:
        return None
    return Denominator(fitting[0], "sentence", found[0].strip() if found else "")


_WHOLE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d| ?%)")
