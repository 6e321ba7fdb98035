"""Counts of a stretch that are told with what they are of: `12 of 40`, `11 cases among 6200 vaccinees`.

`Of 80 cases 34 were smokers`; `among 6200 vaccinees and 6180 others there were 11 and 44 cases, respectively`.
"""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import whole

__all__ = ["CountedOf", "counted_of"]

_INT = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_NO_MORE = r"(?![\d.,]*\d| ?%|/)"
_NO_TIME = (
    r"(?! ?-?(?:years?|months?|weeks?|days?|hours?|min|cycles?|courses?|doses?|cent(?:er|re)s|sites|person|patient-))"
)
_OF = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_INT}) ?(?:/|of(?: the| all)?|out of) ?(?P<t>{_INT}){_NO_MORE}"
    rf"|(?<![\w.,/-])(?P<n2>{_INT}) (?!and\b|or\b|to\b|of\b)[a-z-]+(?: (?!and\b|or\b|to\b|in\b|of\b)[a-z-]+){{0,2}} "
    rf"(?:in|among|amongst) (?:the |all |our )?(?P<t2>{_INT}){_NO_MORE}{_NO_TIME}(?= [a-z])"
    rf"|\b(?:[Oo]f|[Aa]mong) (?:the |these |all )?(?P<t3>{_INT}) (?!and\b)[a-z-]+(?: (?!and\b)[a-z-]+){{0,2}},? "
    rf"(?P<n3>{_INT}){_NO_MORE} (?=(?:were|had|was|died|smoked|developed|received|experienced|responded|reported)\b)"
)
_EACH = re.compile(
    rf"\b(?:[Aa]mong|[Ii]n|[Oo]f) (?:the )?(?P<t>{_INT}) [^\d.;]{{2,40}}? and (?P<t2>{_INT}) [^\d.;]{{2,70}}? "
    rf"(?P<n>{_INT}) and (?P<n2>{_INT}){_NO_MORE}(?! of)[^.;\d]{{0,50}}?\brespectively"
)


class CountedOf(NamedTuple):
    """A count, what it is of, and where both stand."""

    n: int
    total: int
    places: list[tuple[int, int]]


def counted_of(case: Case, start: int, end: int) -> list[CountedOf]:
    """Counts of a stretch with their totals, in order."""
    each = _EACH.search(case.figures, start, end)
    if each is not None:
        pairs = [(each, "n", "t"), (each, "n2", "t2")]
    else:
        found = ((m, next(k for k in ("", "2", "3") if m[f"n{k}"])) for m in _OF.finditer(case.figures, start, end))
        pairs = [(m, f"n{k}", f"t{k}") for m, k in found]
    return [CountedOf(whole(m[n]), whole(m[t]), [m.span(n), m.span(t)]) for m, n, t in pairs]
