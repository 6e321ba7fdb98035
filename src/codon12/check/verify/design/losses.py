"""Those to enrol against those needed and the share that is expected to be lost."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.design.sizes import IN_EACH, LOST
from codon12.check.verify.prose import counts_in, judge, only, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_losses"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"


def check_losses(case: Case, p: Passage) -> None:
    """`allowing for 20% attrition, the 240 required became 300`: divided by what stays, or with so much added."""
    m = only(LOST.finditer(case.flat, p.start, p.end))
    if m is None:
        return
    which = "p" if m["p"] else "q"
    if _fewer_than_needed(case, p, m.span(which)) or not _PLANS.search(case.flat, p.start, p.end):
        return
    lost = read_printed(m[which]).value / 100
    counts = [c for c in counts_in(case, p.start, p.end) if c.n > _SMALLEST]
    if len(counts) != 2 or not 0 < lost < Fraction(3, 5) or _DONE_SO_FAR.search(case.flat, p.start, p.end):
        return
    a, b = sorted(counts, key=lambda c: c.n)
    arms = [int(k) for k in re.findall(r"\b0*([2-6]) (?:[a-z]+ )?(?:groups|arms)\b", case.figures[p.start : p.end])]
    each = IN_EACH.search(case.figures, p.start, p.end)
    times = [1, *arms, *([2] if each or "each" in case.flat[p.start : p.end] else [])]
    fits = [k * a.n * x for k in times for x in (1 / (1 - lost), 1 + lost)]
    places = [a.span, m.span(which), b.span]
    slack = 2 + Fraction(b.n, 50)
    both = any(abs(k * a.n - b.n / (1 - lost)) <= slack for k in times if k > 1)  # `180 needed, 100 in each arm`
    if any(abs(b.n - x) <= slack for x in fits) or a.n == b.n or both:
        return
    if _back(a.n, b.n, lost, times):
        return
    shown = f"{a.n} with {m[which]} % lost are {math.ceil(a.n / (1 - lost))} to enrol, not {b.n}"
    judge(case, p, "derived", places, "unlikely", f"{shown}.", "n / (1 - loss)")


_DONE_SO_FAR = re.compile(
    r"\d (?:[a-z]+ )?(?:events|deaths)\b|\b(?:and|but|of whom|before) \d[\d,]* (?:[a-z]+ )?(?:were|had been) "
    r"(?:enrol|recruit|"
    r"randomi|includ)"
)
"""Of events, or of those who came in the end."""


def _fewer_than_needed(case: Case, p: Passage, lost: tuple[int, int]) -> bool:
    """`180 patients would be required; with 10% lost, the target was 160`: fewer than needed, before any loss."""
    enrolled = only(_TO_ENROL.finditer(case.figures, p.start, p.end))
    if enrolled is None:
        return False
    before = case.text.passages[p.index - 1] if p.index else p
    begins = [p.start, *([before.start] if before.paragraph == p.paragraph else [])]
    at = _span(enrolled)
    for begin in begins:
        told = [x for x in _NEEDED.finditer(case.figures, begin, p.end) if _span(x) not in (lost, at)]
        if len(told) != 1:
            continue
        of = _span(told[0])
        each = [_EACH.match(case.figures, x[1]) is not None for x in (of, at)]
        needed, target = (whole(case.figures[slice(*x)]) for x in (of, at))
        if each[0] == each[1] and needed / 2 < target < needed and needed > _SMALLEST:
            sentence = f"{target} to enrol are fewer than the {needed} needed, before any loss."
            judge(case, p, "derived", [of, lost, at], "unlikely", sentence, "n / (1 - loss)")
            return True
    return False


def _span(m: re.Match[str]) -> tuple[int, int]:
    return m.span(next(k for k in "nmk" if m[k]))


def _back(a: int, b: int, lost: Fraction, times: list[int]) -> bool:
    """Whether the smaller is what is left of a part of the larger."""
    return any(abs(a - b * (1 - lost) / k) <= 2 + Fraction(a, 50) for k in times)


_PLANS = re.compile(
    r"\b(?:allow\w*|account\w*|assum\w*|anticipat\w*|expect\w*|inflat\w*|adjust\w*|compensat\w*|with)\b", re.IGNORECASE
)
_WHO = (
    r"(?:patients|participants|women|men|subjects|children|adults|volunteers|people|eyes|tumou?rs|samples|infants|"
    r"pairs|cases|controls|births|implants|teeth|knees|hips|nurses|students|residents|couples|mothers)"
)
_EACH = re.compile(r"(?: [a-z-]+){0,3}? (?:per|in each|for each|in either|to each|each)\b")
_NEEDED = re.compile(
    rf"\b(?:need(?:ed|s|ing)?|requir(?:ed|es?|ing)|necessary|power calculation(?:s)? (?:gave|yielded|showed|asked for)|"
    rf"sample size(?: calculation)?(?: of| was| is|:| gave| yielded)?|asked for|called for)(?: a total of| at least)? "
    rf"(?P<n>{_N})(?! ?%| (?:[a-z-]+ )?(?:events|deaths|progressions))(?: (?:[a-z-]+ ){{0,2}}?(?:{_WHO}|per)\b)"
    rf"|(?<![\w.,/-])(?P<m>{_N}) (?:[a-z-]+ ){{0,2}}?{_WHO}(?: (?:per|in each|for each) [a-z]+)? "
    rf"(?:would be|will be|would have to be|had to be|were|was|are|is) (?:needed|required|"
    r"necessary)\b"
    rf"|(?<![\w.,/-])(?P<k>{_N}) (?:[a-z-]+ ){{0,2}}?{_WHO} (?:had|would have|have) to be (?:included|enrolled|"
    rf"recruited|"
    r"studied|analy[sz]ed)\b",
    re.IGNORECASE,
)
_MORE = r"(?! ?%| (?:[a-z-]+ )?(?:more|additional|further|other|extra|cent(?:er|re)s|sites|hospitals|events|deaths)\b)"
_TO_ENROL = re.compile(
    r"\b(?:plan(?:ned|s|ning)?|aim(?:ed|s|ing)?|intend(?:ed|s)?|decided|set out|sought|had|will|would|wanted|proposed)"
    r" (?:to )?(?:enrol|enroll|recruit|include|randomi[sz]e|accrue|register|invite)(?: a total of)? "
    rf"(?P<n>{_N}){_MORE}"
    r"|\b(?:(?:target|goal|accrual|recruitment|enrol?lment|sample size|number)(?: (?:goal|target|size|of patients))?"
    r"(?:, [a-z0-9%. -]{3,50},)? (?:was|is|being|were|of)(?: (?:therefore|thus|then|hence|set|fixed|increased|raised|"
    r"inflated|to|at|a|total|of))*|(?:inflated|increased|raised|rounded up|enlarged) to|(?:therefore|thus|so|hence) "
    r"(?:we )?(?:enrolled|recruited|randomi[sz]ed|included)|a total of(?= [\d,]+ (?:[a-z-]+ ){0,2}(?:will|would|were to"
    rf"|are to) be (?:enrolled|recruited|randomi[sz]ed|included)))(?: a total of)? (?P<m>{_N}){_MORE}"
    rf"|(?<![\w.,/-])(?P<k>{_N}) (?:[a-z-]+ ){{0,2}}?(?:were|was|are) (?:therefore |thus )?(?:planned|foreseen|"
    rf"envisaged|"
    r"to be (?:approached|enrolled|recruited|randomi[sz]ed|invited|included))\b(?! as\b)",
    re.IGNORECASE,
)
_SMALLEST = 9
