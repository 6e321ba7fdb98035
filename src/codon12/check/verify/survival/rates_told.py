"""Rates of survival as a sentence tells them, whatever its order: of what, at which time, of which group.

`At 24 months, PFS was 58% and OS 49%`; `the 1-, 3- and 5-year OS rates were 81, 65 and 72%`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.survival.outcomes_told import A_RATE, AT, Word, each_with_its_time, words_of
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Rate", "rates_told"]


_RUN = re.compile(
    rf"(?<![\d.,/<>≤≥±\w-]){A_RATE}(?: ?%)?(?:(?: *, +(?:and |or )?| +and +| +or +|/){A_RATE}(?: ?%)?)*"
    r"(?<=%)(?! ?(?:CI\b|confidence|credible))",
    re.IGNORECASE,
)
_RATE = re.compile(A_RATE)
_OPENING = 12
"""Characters within which a time opens the sentence, and is that of all it tells until another is."""
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_ERROR = re.compile(r"(?<=\d) ?%? ?± ?\d+(?:\.\d+)? ?%")
"""A standard error behind a rate: `83 ± 4%`."""
_SHARE_FIRST = re.compile(rf"[(\[] ?{A_RATE} ?%(?! ?CI)", re.IGNORECASE)
_LIMITS = re.compile(
    rf"\b\d\d(?:\.\d)? ?% (?:CI|confidence intervals?|confidence limits?)[,:]? ?(?:of |from )?[-\d.%]+(?: ?(?:-|to|,|"
    rf"and) ?)[-\d.%]+|{A_RATE} ?%? ?(?:to|-) ?{A_RATE} ?%",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r",? \b(?:in|for|among|of) those (?:who|with|without|treated|receiving|assigned|given|aged)\b[^,;.%]*|"
    r",? \b(?:in|for|among|of|with) (?:standard|high|low|average|intermediate|poor|good)-risk [a-z]+|"
    r",? \b(?:with|in|for|among) (?:arm |group )?(?-i:[A-Z])\b(?![-.])|,? \b(?:in|for|among|of|with) (?:the |all "
    r"|these |those |our )?(?:[\w/+-]+ ){0,6}?(?:arm|group|cohort|patients|women|men|"
    r"children|subgroup|population|subset|subjects|participants|series|centre|center|study|trial)\b"
    r"(?: (?:with|without|who|treated|receiving|assigned|given|of) [^,;:.%]*?(?=,|;|:|\.|%|$| and | was | were ))?",
    re.IGNORECASE,
)
_FROM = re.compile(
    r" (?:from|after) (?:the )?(?:(?:date|time|start|day) of )?(?:transplant\w*|diagnosis|randomi[sz]ation|enrol\w+|"
    r"registration|surgery|treatment|therapy|study entry)\b",
    re.IGNORECASE,
)
"""Where the time begins: the same for all that a sentence tells, where it says so once."""
_LINK = re.compile(
    r"(?:[\s,:;=()]|\b(?:was|were|is|are|of|at|after|by|to|the|a|an|and|but|or|as|for|in|on|it|this|they|that|from|"
    r"rates?|estimat(?:e|es|ed)|probabilit(?:y|ies)|percentages?|proportions?|respectively|corresponding|stood|reached|"
    r"reaching|remained|remaining|remain|being|been|had|have|about|approximately|only|still|versus|vs|compared|against|"
    r"then|fell|fallen|dropped|rose|increased|decreased|declined|kaplan-meier|actuarial|projected|predicted|observed|"
    r"crude|median|overall|also|with|survival)\b)*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?: +(?:of|for|in|them|who|estimated|known|expected|randomi[sz]ed|enrolled|treated|same|were|was|are|is|remained|"
    r"remain|being|still|to be|had|the|all|these|those|patients|women|men|children|subjects|grafts|implants|at|after|"
    r"by|alive|surviv\w+|free|in place|in situ|patent|functioning|[a-z]+s(?= (?:were|remained|was))))*[ ,(]*",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(r"\b(?:and|but)\b|;")
_OTHERS = re.compile(
    r"\b(?:conditional\w*|survived (?:\d|at least|beyond|longer)|(?:in|of|among|for) (?:[a-z]+ ){0,2}survivors|"
    r"surviving (?:\d|at least|beyond|patients)|subsequent\w*|thereafter|decade|era|if|since|of those|of whom|"
    r"excluding|landmark|difference|improvement|from \d(?![\d.]* ?%)|[12]\d{3}-[12]\d{3}|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""Words that make one of the rates one of other people, or of another kind."""
_SEVERAL = re.compile(
    r"\b(?:versus|vs|(?<!more )(?<!less )(?<!longer )than|compared|comparison|former|latter|arms|groups|cohorts|both|"
    r"stages?|risk|grades?|positive|negative|mutant|mutated|(?:non-?)?responders?|completers|subset|wild|"
    r"women\b.*\bmen|men\b.*\bwomen|girls\b.*\bboys|boys\b.*\bgirls|with(?:out)? (?!an? |the |overall |a?n? ?survival "
    r")[a-z]+|in the (?:first|second|other|third))\b",
    re.IGNORECASE,
)


_SAME = re.compile(r"\b(?:same|that|this) (?:arm|group|cohort)\b")
"""A group that is the one named before."""
_ANY = frozenset(
    (
        *("in", "for", "among", "of", "with", ",", "the", "all", "these", "those", "our", "same", "very", "whole"),
        *("entire", "randomised", "randomized", "enrolled", "treated"),
    )
)
"""Words of a group that do not tell it from another."""


class Rate(NamedTuple):
    """A rate told: of what outcome, which way that goes, after how many days, of which group in order, and where."""

    outcome: str
    way: str
    days: Fraction
    group: int
    rate: Printed
    place: tuple[int, int]


def rates_told(case: Case, p: Passage) -> tuple[Rate, ...]:
    """The rates of survival of a sentence; none where it does not say surely of what, when and of whom each is."""
    known: dict[int, tuple[Rate, ...]] = case.once.setdefault("survival rates", {})
    if p.index not in known:
        known[p.index] = tuple(_read(case, p))
    return known[p.index]


def _read(case: Case, p: Passage) -> list[Rate]:
    said = case.flat[p.start : p.end]
    if "%" not in said or _OTHERS.search(said):
        return []
    bare = _ERROR.sub(lambda m: "%" + " " * (len(m[0]) - 1), said)
    bare = _BRACKET.sub(_without_limits, bare)
    bare = _LIMITS.sub(lambda m: " " * len(m[0]), bare)
    groups = {
        tuple(w for w in m[0].lower().split() if w not in _ANY) for m in _GROUP.finditer(bare) if not _SAME.search(m[0])
    }
    bare = _FROM.sub(lambda m: " " * len(m[0]), bare)
    bare = _GROUP.sub(lambda m: " " * len(m[0]), bare)
    words = words_of(bare)
    told: list[tuple[str, str, Fraction, Printed, tuple[int, int]]] = []
    if each := each_with_its_time(said, p.start):
        return _of_groups(each, several=len(groups) > 1 or _SEVERAL.search(bare) is not None)
    for outcomes, times, numbers, again in _bound(bare, words):
        shown = [(read_printed(m[0]), (p.start + m.start(), p.start + m.end())) for m in numbers]
        n = len(shown)
        if any(rate.value > 100 for rate, _ in shown):
            return []
        if again and n == len(told) > 1:
            told += [(*first[:3], *x) for first, x in zip(told, shown, strict=True)]
            continue
        if n % len(times) or n % len(outcomes) or len(times) > 1 < len(outcomes):
            return []
        told += [(*outcomes[k % len(outcomes)], times[k % len(times)], *x) for k, x in enumerate(shown)]
    return _of_groups(told, several=len(groups) > 1 or _SEVERAL.search(bare) is not None)


def _without_limits(m: re.Match[str]) -> str:
    """A bracket as blanks; a share that opens it stays."""
    share = _SHARE_FIRST.match(m[0])
    return " " * len(m[0]) if share is None else share[0] + " " * (len(m[0]) - share.end())


_Bound = tuple[list[tuple[str, str]], tuple[Fraction, ...], list["re.Match[str]"], bool]


def _bound(bare: str, words: Sequence[Word]) -> Iterator[_Bound]:
    """Each run of rates with its outcomes and times: those told before or right behind it, or as before.

    The last of each says whether it is told of nothing new.
    """
    taken = [(w.start, w.end) for w in words if w.times]
    runs = [m for m in _RUN.finditer(bare) if not any(a < m.end() and m.start() < b for a, b in taken)]
    outcomes: list[tuple[str, str]] = []
    times: tuple[Fraction, ...] = ()
    told = {w.times for w in words if w.times}
    only = next(iter(told)) if len(told) == 1 else ()
    used = 0
    for k, run in enumerate(runs):
        stop = runs[k + 1].start() if k + 1 < len(runs) else len(bare)
        head = [w for w in words if used <= w.start and w.end <= run.start()]
        tail = [w for w in words if run.end() <= w.start and w.end <= stop]
        before = head[-1].end if head else used
        linked = _LINK.fullmatch(bare, before, run.start()) is not None and (bool(head) or k > 0)
        own = [(w.outcome, w.way) for w in _side_by_side(bare, head) if w.outcome] if linked else []
        if linked and not own and not outcomes:
            own = [(w.outcome, w.way) for w in head if w.outcome][-1:]
        at = next((w.times for w in reversed(head) if w.times and (linked or w.start < _OPENING)), ())
        begins = _NEW_CLAUSE.search(bare, before, run.start()) is not None
        used = behind = run.end()
        for w in tail:
            gap = bare[behind : w.start]
            known = (at if w.times else own) and not begins and not (w.times and w is tail[0] and gap == " at ")
            if known or not _BEHIND.fullmatch(gap) or (w.times and not AT.search(gap)):
                break
            if w.outcome:
                own = [(w.outcome, w.way)]
            else:
                at = w.times
            linked, used, behind = True, w.end, w.end
        if not linked:
            continue
        outcomes, times = own or outcomes, at or times or only
        if outcomes and times:
            yield outcomes, times, list(_RATE.finditer(bare, run.start(), run.end())), not (own or at)


def _side_by_side(bare: str, head: Sequence[Word]) -> Sequence[Word]:
    """The last of some words, and those before it with nothing but links between: `PFS and OS at 5 years`."""
    first = len(head) - 1
    while first > 0 and _LINK.fullmatch(bare, head[first - 1].end, head[first].start):
        first -= 1
    return head[max(first, 0) :]


def _of_groups(told: Sequence[tuple[str, str, Fraction, Printed, tuple[int, int]]], *, several: bool) -> list[Rate]:
    """Rates by group: one of each outcome and time of one group, else as many of each, in the same order."""
    by_time: dict[tuple[str, Fraction], list[Rate]] = defaultdict(list)
    for outcome, way, days, rate, place in told:
        same = by_time[outcome, days]
        same.append(Rate(outcome, way, days, len(same), rate, place))
    sizes = {len(same) for same in by_time.values()}
    if len(sizes) != 1 or (several and sizes == {1}):
        return []
    return [r for same in by_time.values() for r in same]
