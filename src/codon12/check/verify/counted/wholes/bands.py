"""Counts of the bands of one scale that follow on each other: PD-L1 `<1% in 142, 1-49% in 131 and ≥50% in 116`.

Bands that leave no gap and do not overlap hold each of those measured once, so that together they are all of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["are_halves", "check_bands"]

_UNIT = r"(?: ?(?:%|percent|per cent|years?|yrs?|months?|cm|mm|kg|mg|mut/Mb|mutations/Mb|points))?(?: of age)?"
_BAND = re.compile(
    rf"(?:<|≤|<=|\b(?:under|below|less than|lower than|fewer than|younger than|up to)) ?(?P<below>{NUMBER}){_UNIT}"
    rf"|(?:>|≥|>=|\b(?:over|above|more than|greater than|higher than|older than|at least)) ?(?P<above>{NUMBER}){_UNIT}"
    rf"|(?<![\d.,/-])(?P<least>{NUMBER}){_UNIT} (?:or|and) (?:more|higher|greater|above|over|older)\b"
    rf"|(?<![\d.,/-])(?P<most>{NUMBER}){_UNIT} (?:or|and) (?:less|lower|fewer|below|under|younger)\b"
    rf"|(?<![\d.,/-])(?P<from>{NUMBER}){_UNIT} ?(?:-|–|to) ?(?P<to>{NUMBER}){_UNIT}(?! ?[)\]]?,? ?(?:CI\b|range))",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\w.,/<>≤≥±-])(?<![^nN]=)(?P<n>\d{1,3}(?:,\d{3})+|\d+)"
    r"(?![\d.,]*\d|\.\d| ?%| ?[-–/±]|[A-Za-z]| (?:years?|months?|weeks?)\b)"
)
_NOT_ALL = re.compile(
    r"\b(?:respectively|versus|vs|compared|median|hazard|survival|response|respond\w*|CI|each|both|placebo)\b"
    r"|\b[Pp] ?[=<]"
)
_ASIDE = re.compile(r"\((?:median|mean|average) age[^()]{1,60}\)")
_TWO, _SMALL = 2, 20
_WHOLE = re.compile(
    r"\b(?:of|all|total|overall|everyone|there (?:were|are)|n ?=)(?: (?:the|all|these|our|patients|participants|"
    r"subjects|n))*[\s:=,(]*$",
    re.IGNORECASE,
)
"""Before the number of all, where there are two bands alone."""


class _Band(NamedTuple):
    low: float
    high: float
    start: int
    end: int


def check_bands(case: Case, p: Passage) -> None:
    """Check the counts of three bands or more, each with its own count beside it, against the number of all."""
    text = _ASIDE.sub(lambda m: " " * len(m[0]), case.figures[p.start : p.end])
    bands = [_Band(*_ends(m), *m.span()) for m in _BAND.finditer(text)]
    if len(bands) < _TWO or _NOT_ALL.search(text):
        return
    in_order = sorted(bands, key=lambda b: b.low)
    if not _follow_on(in_order):
        return
    plain = list(text)
    for b in bands:
        plain[b.start : b.end] = " " * (b.end - b.start)
    counts = list(_COUNT.finditer("".join(plain)))
    beside = _beside(bands, counts)
    others = [m for m in counts if m not in beside]
    if len(beside) != len(bands) or len(others) != 1:
        return
    if len(bands) == _TWO and not _WHOLE.search(text, 0, others[0].start()):
        return
    whole, parts = others[0], [int(m["n"].replace(",", "")) for m in beside]
    total, together = int(whole["n"].replace(",", "")), sum(parts)
    places = [(p.start + m.start("n"), p.start + m.end("n")) for m in (*beside, whole)]
    if total < _SMALL or max(parts) > total or any(compared(case, at, "sum") for at in places):
        return
    shown = f"{' + '.join(map(str, parts))} = {together}"
    slip = any(one_digit_apart(str(x), str(x + total - together)) for x in parts if x + total > together)
    slip = slip and len(bands) > _TWO  # of two, some may not be known
    verdict: Verdict | None = "error-if" if together > total else "unlikely" if slip else None
    if together == total:
        judge(case, p, "sum", places, "ok", f"{shown}.", "bands of one scale")
    elif verdict is not None:
        sentence = f"{shown}, not {total}; bands that follow on each other hold each once."
        judge(case, p, "sum", places, verdict, sentence, "bands of one scale")


def _ends(m: re.Match[str]) -> tuple[float, float]:
    def value(name: str) -> float:
        return float(m[name].replace(",", ""))

    if m["from"]:
        return value("from"), value("to")
    name = next(k for k in ("below", "above", "least", "most") if m[k])
    return (float("-inf"), value(name)) if name in ("below", "most") else (value(name), float("inf"))


def _follow_on(bands: list[_Band]) -> bool:
    """Whether the bands go from below to above, each from where the last one ends or a unit further."""
    closed = bands[0].low == float("-inf") and bands[-1].high == float("inf")
    return closed and all(0 <= b.low - a.high <= 1 and a.low < a.high for a, b in pairwise(bands))


def _beside(bands: list[_Band], counts: list[re.Match[str]]) -> list[re.Match[str]]:
    """The count of each band: all right behind their bands, or all right before them."""
    behind = [[m for m in counts if b.end <= m.start() < until] for b, until in _until(bands)]
    before = [[m for m in counts if since <= m.start() < b.start] for b, since in _since(bands)]
    if all(len(x) == 1 for x in behind[:-1]) and behind[-1]:
        return [x[0] for x in behind]
    if all(len(x) == 1 for x in before[1:]) and before[0]:
        return [x[-1] for x in before]
    return []


def _until(bands: list[_Band]) -> list[tuple[_Band, int]]:
    ends = [b.start for b in bands[1:]]
    return list(zip(bands, [*ends, bands[-1].end + _REACH], strict=True))


def _since(bands: list[_Band]) -> list[tuple[_Band, int]]:
    starts = [b.end for b in bands[:-1]]
    return list(zip(bands, [max(0, bands[0].start - _REACH), *starts], strict=True))


_REACH = 60


def are_halves(a: str, b: str) -> bool:
    """Whether two labels are the two sides of one limit: `Age <65 years` and `Age ≥65 years`.

    Examples
    --------
    >>> are_halves("Age <65 years", "Age ≥65 years"), are_halves("Age <65 years", "Age ≥75 years")
    (True, False)
    """
    first, second = _BAND.search(a), _BAND.search(b)
    if first is None or second is None:
        return False
    stems = {re.sub(r"\W+", " ", x[: m.start()] + x[m.end() :]).strip().lower() for x, m in ((a, first), (b, second))}
    low, high = sorted(_Band(*_ends(m), *m.span()) for m in (first, second))
    return len(stems) == 1 and _follow_on([low, high]) and low.high == high.low
