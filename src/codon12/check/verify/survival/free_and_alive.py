"""Two rates at one time, without an event and alive: whoever is free of an event is alive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["ARMS", "OTHER_PATIENTS", "check_free_and_alive"]

ARMS = re.compile(
    r"\brespectively|corresponding|\barms? [A-D1-4]\b|\bversus|\bvs\b|\bthan\b|\d,? and \d", re.IGNORECASE
)
"""Words that say several groups are followed: nothing then tells which number goes with which."""
OTHER_PATIENTS = re.compile(
    r"\b(?:in|for|among|of) (?:the )?(?:patients|those|women|men|responders|complete responders|subset|subgroup) "
    r"(?:in|with|who|without|achieving|receiving|treated|of)\b|\bamong (?:complete |the )?responders\b",
    re.IGNORECASE,
)
"""Words by which one of two rates may be of some of the patients."""

_FREE = r"(?:progression|disease|event|relapse|recurrence|failure|metastasis)[- ]free"
_NAMED = re.compile(
    rf"\b(?:(?P<early>{_FREE}(?:[ -]survival)?(?: \([A-Z]+\))?|PFS|DFS|EFS|RFS)|"
    r"(?P<late>overall[ -]survival(?: \(OS\))?|OS|(?<!and )alive(?! (?:and|without|with|but)\b)))(?![\w-])",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d.])(?:\d+(?:\.\d+)?|one|two|three|four|five|ten)[- ](?:years?|months?|yr|mo)\b", re.IGNORECASE
)
_RATE = re.compile(
    r"(?<![\d.,/-])(?P<v>\d{1,3}(?:\.\d+)?)(?= ?%| and \d{1,3}(?:\.\d+)? ?%)(?! ?% ?(?:CI|confidence|to|-))"
)
_LIMITS = re.compile(
    r"[(\[][^()\[\]]*(?:\bCI\b|confidence|\d ?%? ?(?:-|to|,) ?\d)[^()\[\]]*[)\]]|"
    r"\b\d+(?:\.\d+)? ?%? ?(?:to|-) ?\d+(?:\.\d+)? ?%"
)
_TWO_GROUPS = re.compile(
    r"\bversus\b|\bvs\b|\bcompared\b|\bthan\b|\barms?\b|\bgroups?\b|\bcorresponding|\bdifference|\bincreas|\bdecreas|"
    r"\bimprov|\breduc|\bmedian\b|\bwhereas those\b",
    re.IGNORECASE,
)


def check_free_and_alive(case: Case) -> None:
    """Check each pair of a rate without an event and a rate of survival that a sentence gives of one time."""
    for p in sentences_with(case, "-free", " free", "pfs", "dfs", "efs", "rfs"):
        if OTHER_PATIENTS.search(case.flat, p.start, p.end) or _TWO_GROUPS.search(case.flat, p.start, p.end):
            continue
        for start, end in _of_one_time(case, p):
            _judge(case, p, start, end)


def _of_one_time(case: Case, p: Passage) -> Iterator[tuple[int, int]]:
    """A sentence that names one time; of one that names several, what follows each."""
    times = list(_TIME.finditer(case.flat, p.start, p.end))
    if len({re.sub(r"s?$", "", t[0].lower().replace(" ", "-")) for t in times}) == 1:
        yield p.start, p.end
        return
    starts = [t.start() for t in times]
    yield from pairwise((*starts, p.end))


def _judge(case: Case, p: Passage, start: int, end: int) -> None:
    names = list(_NAMED.finditer(case.flat, start, end))
    if [bool(m["early"]) for m in names] not in ([True, False], [False, True]):
        return
    limits = [m.span() for m in _LIMITS.finditer(case.flat, start, end)]
    rates = [m for m in _RATE.finditer(case.flat, start, end) if not any(a <= m.start() < b for a, b in limits)]
    if len(rates) != 2:
        return
    early, late = rates if names[0]["early"] else reversed(rates)
    free, alive = read_printed(early["v"]), read_printed(late["v"])
    if free.low > alive.high and free.value <= 100:
        sentence = f"{free.text} % without an event cannot be above {alive.text} % alive, in the same patients."
        judge(case, p, "order", [early.span("v"), late.span("v")], "error-if", sentence, "event-free <= OS")
