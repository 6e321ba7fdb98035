"""Rates of survival as a sentence tells them, whatever its order: of what, at which time, of which group.

`At 24 months, PFS was 58% and OS 49%`; `the 1-, 3- and 5-year OS rates were 81, 65 and 72%`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Rate", "rates_told"]

_KEPT = r"patency|retention|control|remission"
_MORE = r"(?:(?! (?:was|were|is|at|in|and|or|of|by|after|for)\b) [a-z]+){0,2}"
_OUTCOME = re.compile(
    r"\b(?:(?P<rising>cumulative (?![a-z]+-free\b|[a-z-]* ?surviv)[a-z][a-z -]{3,40}|(?:overall |all-cause "
    r"|hospital |in-hospital )?mortality"
    r"|(?:recurrence|relapse)(?![- ]free)"
    r"|(?:cumulative )?incidence)"
    rf"|(?P<kept>(?:(?!(?:years?|months?|and|or|the|of|at|in)\b)[a-z]+[- ]){{1,2}}(?:{_KEPT})|(?:cancer|disease"
    rf"|cause)-specific survival|relative survival|"
    r"(?:graft|implant|prosthesis|device|valve|kidney|renal) survival|CSS|DSS|patent|in place|in situ|functioning"
    r"|unrevised|"
    r"continent|in remission|ongoing|maintained)"
    rf"|(?P<free>alive (?:and (?:[a-z]+[- ])?free|without)|(?P<what>[a-z]+-|(?:progression|disease|event|relapse"
    rf"|recurrence|failure|metastasis|seizure|symptom)[ -]?)free(?:[ -]survival)?|free (?:of|from) (?:an? |any "
    rf"|the )?(?P<from>[a-z]+{_MORE})|freedom from (?:(?P<first>(?:disease )?(?:progression|relapse|recurrence)|death)"
    rf" or (?:of )?(?:death|progression|relapse|recurrence)|(?P<freedom>[a-z]+{_MORE}))|"
    r"(?-i:m?(?P<short>i?DFS|PFS|EFS|RFS|MFS|FFS)))"
    r"|(?P<alive>overall(?= (?:and|or) [a-z]+[- ]free)|(?:overall |actuarial |estimated |patient )*surviv(?:al|ed"
    r"|ing)|(?-i:m?OS)"
    r"|(?:still )?alive))(?![\w-])",
    re.IGNORECASE,
)
_SHORT = {"progression": "PFS", "disease": "DFS", "event": "EFS", "relapse": "RFS", "recurrence": "RFS"}
_SHORT |= {"failure": "FFS", "metastasis": "MFS"}
_UNIT = r"(?:years?|yrs?|months?|mos?|weeks?|wks?|days?|y)"
_IN_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty"
_N = rf"(?:\d+(?:\.\d)?|{_IN_WORDS})"
_SEP = r"(?:, ?(?:and |or )?| and | or |/)"
_TIME = re.compile(
    rf"(?<![\d.,%/-])(?:(?P<hyphened>{_N}(?:-{_UNIT})?-?(?:{_SEP}{_N}(?:-{_UNIT})?-?)*-(?P<unit>{_UNIT}))|"
    rf"(?P<spaced>{_N}(?: {_UNIT})?(?:{_SEP}{_N}(?: {_UNIT})?)* (?P<unit1>{_UNIT}))|(?P<unit2>month|year|week|day) "
    rf"(?P<list2>{_N}))\b(?! (?:of age|old\b|follow|apart|earlier|later|previous|period))",
    re.IGNORECASE,
)
_ONE_TIME = re.compile(rf"({_N})(?:[- ]({_UNIT}))?", re.IGNORECASE)
_AT = re.compile(r"\b(?:at|after|by)(?: the| a)?(?: end of)? ?$", re.IGNORECASE)
_DAYS = {"y": Fraction(36525, 100), "m": Fraction(36525, 1200), "w": Fraction(7), "d": Fraction(1)}

_P = r"\d{1,3}(?:\.\d+)?"
_RUN = re.compile(
    rf"(?<![\d.,/<>≤≥±\w-]){_P}(?: ?%)?(?:(?: *, +(?:and |or )?| +and +| +or +|/){_P}(?: ?%)?)*"
    r"(?<=%)(?! ?(?:CI\b|confidence|credible))",
    re.IGNORECASE,
)
_RATE = re.compile(_P)
_OPENING = 12
"""Characters within which a time opens the sentence, and is that of all it tells until another is."""
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_ERROR = re.compile(r"(?<=\d) ?%? ?± ?\d+(?:\.\d+)? ?%")
"""A standard error behind a rate: `83 ± 4%`."""
_SHARE_FIRST = re.compile(rf"[(\[] ?{_P} ?%(?! ?CI)", re.IGNORECASE)
_LIMITS = re.compile(
    rf"\b\d\d(?:\.\d)? ?% (?:CI|confidence intervals?|confidence limits?)[,:]? ?(?:of |from )?[-\d.%]+(?: ?(?:-|to|,|"
    rf"and) ?)[-\d.%]+|{_P} ?%? ?(?:to|-) ?{_P} ?%",
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


_ANY = frozenset(
    [
        "in",
        "for",
        "among",
        "of",
        "with",
        ",",
        "the",
        "all",
        "these",
        "those",
        "our",
        "same",
        "very",
        "whole",
        "entire",
        "randomised",
        "randomized",
        "enrolled",
        "treated",
    ]
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


class _Word(NamedTuple):
    """A word of the sentence that says of what a rate is (`outcome`, `way`), or at which times."""

    start: int
    end: int
    outcome: str
    way: str
    times: tuple[Fraction, ...]


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
    groups = {tuple(w for w in m[0].lower().split() if w not in _ANY) for m in _GROUP.finditer(bare)}
    bare = _FROM.sub(lambda m: " " * len(m[0]), bare)
    bare = _GROUP.sub(lambda m: " " * len(m[0]), bare)
    words = _words(bare)
    told: list[tuple[str, str, Fraction, Printed, tuple[int, int]]] = []
    if each := _each_with_its_time(said, p.start):
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


_WITH_ITS_TIME = re.compile(
    rf"(?<![\d.,/<>≤≥±\w-])(?P<p>{_P}) ?%(?: \((?:at )?(?P<t>{_N})[- ](?P<u>{_UNIT})\)|(?P<lived> (?:of (?:them|"
    rf"patients|the patients) )?(?:survived|lived|were alive))?(?: for)? (?P<t2>{_N})[- ](?P<u2>{_UNIT})\b(?! "
    rf"(?:before|of age|follow|ago|later|after|from|without)))",
    re.IGNORECASE,
)
"""`71% survived one year and 78% two years`, `71% (1 y), 78% (2 y)`."""


_AND_SO_ON = re.compile(r",?(?: and| but)?(?: only| still)? ")


def _each_with_its_time(said: str, start: int) -> list[tuple[str, str, Fraction, Printed, tuple[int, int]]]:
    """Rates of one outcome, each with its time right behind; none where a percentage has none."""
    told = list(_WITH_ITS_TIME.finditer(said))
    named = {_named(m) for m in _OUTCOME.finditer(said)}
    if len(told) < 2 or len(told) != said.count("%") or len(named) != 1 or not (told[0]["t"] or told[0]["lived"]):
        return []
    if any(not _AND_SO_ON.fullmatch(said, a.end(), b.start()) for a, b in pairwise(told)):
        return []
    ((outcome, way),) = named
    if way != "alive" and outcome not in _SHORT.values():
        return []
    return [
        (
            outcome,
            way,
            _number(m["t"] or m["t2"]) * _DAYS[(m["u"] or m["u2"])[0].lower()],
            read_printed(m["p"]),
            (start + m.start("p"), start + m.end("p")),
        )
        for m in told
    ]


def _without_limits(m: re.Match[str]) -> str:
    """A bracket as blanks; a share that opens it stays."""
    share = _SHARE_FIRST.match(m[0])
    return " " * len(m[0]) if share is None else share[0] + " " * (len(m[0]) - share.end())


def _words(bare: str) -> list[_Word]:
    """Outcomes and times in order; a time counts behind `at`, or as an adjective before what is measured."""
    outcomes = [
        _Word(m.start(), m.end(), *_named(m), ())
        for m in _OUTCOME.finditer(bare)
        if not _OF_THAT.search(bare[max(0, m.start() - 30) : m.start()])
    ]
    times = [
        _Word(m.start(), m.end(), "", "", _days(m))
        for m in _TIME.finditer(bare)
        if _AT.search(bare[: m.start()]) or (_ADJECTIVE.match(bare[m.end() :]) and not _VALUE.search(bare[: m.start()]))
    ]
    return sorted((*outcomes, *times))


_VALUE = re.compile(r"\b(?:was|were|is|being|reached|median(?: survival)?(?: of)?) $", re.IGNORECASE)
"""Before a time that is what was measured: `the median was 14.0 months, and OS at 24 months was 62%`."""
_ADJECTIVE = re.compile(
    r"[- ,]*(?:(?:actuarial|estimated|kaplan-meier|overall|cumulative|rates?|the|of|and|in|patient|local) "
    r")*(?:[a-z]+[- ]?free\b|surviv|m?OS\b|i?[DPERMF]FS\b|mortality|alive|rates?\b|estimates?\b|probabilit|[a-z]+ "
    r"(?:control|patency|retention|survival|incidence|mortality)|incidence|recurrence|relapse|progression-|cumulative|"
    r"disease-|event-)",
    re.IGNORECASE,
)


_OF_THAT = re.compile(r"-free \S+-(?:year|month) $", re.IGNORECASE)
"""Before a survival that is the one just named: `overall and disease-free 5-year survival`."""


def _named(m: re.Match[str]) -> tuple[str, str]:
    """What an outcome is called in one way, and which way its rates go."""
    if m["free"]:
        if m["first"]:
            return _SHORT.get(m["first"].lower().split()[-1], "PFS"), "free"
        if m["freedom"]:
            return m["freedom"].lower(), "kept"
        word = (m["what"] or m["from"] or "").lower().strip(" -")
        if m["short"] or word in _SHORT or not word:
            return (m["short"].upper() if m["short"] else _SHORT.get(word, "PFS")), "free"
        return word, "kept"  # of an event that death is not: whoever died without it is free of it
    for way in ("rising", "kept"):
        if m[way]:
            return " ".join(m[way].lower().split()).removesuffix(" rates"), way
    return "OS", "alive"


def _days(m: re.Match[str]) -> tuple[Fraction, ...]:
    """Times in days; one without a unit has that of the next."""
    if m["list2"]:
        return (_number(m["list2"]) * _DAYS[m["unit2"][0].lower()],)
    unit, out = m["unit"] or m["unit1"], []
    for number, own in reversed(_ONE_TIME.findall(m["hyphened"] or m["spaced"])):
        unit = own or unit
        out.append(_number(number) * _DAYS[unit[0].lower()])
    return tuple(out[::-1])


def _number(text: str) -> Fraction:
    return Fraction(WORD_VALUES.get(text.lower()) or text)


_Bound = tuple[list[tuple[str, str]], tuple[Fraction, ...], list["re.Match[str]"], bool]


def _bound(bare: str, words: Sequence[_Word]) -> Iterator[_Bound]:
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
            if known or not _BEHIND.fullmatch(gap) or (w.times and not _AT.search(gap)):
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


def _side_by_side(bare: str, head: Sequence[_Word]) -> Sequence[_Word]:
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
