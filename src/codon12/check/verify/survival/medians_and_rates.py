"""Medians of times to an event against each other and against rates: half are past the event at the median.

`Median OS was 9.4 months; 62% were alive at 12 months`; `median PFS 14.2, median OS 11.8 months`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.several import named_group, several_groups
from codon12.check.verify.survival.medians_and_landmarks import medians_against_landmarks
from codon12.check.verify.survival.order import RATE_WORDS
from codon12.check.verify.survival.rates_told import Rate, rates_told
from codon12.numbers.unrounded import read_printed

__all__ = ["DAYS", "FREE_OF", "SLACK", "UNIT_OF_TIME", "Median", "check_medians_and_rates", "judge_rate"]

_TIMES = ("PFS", "OS", "DFS", "EFS", "RFS", "MFS", "FFS")
_CLOSE = 3
SLACK = Fraction(2, 100)
"""Part of its time by which a median and a rate must be apart: months are not all of one length."""
_DIFFERENCE = re.compile(r"\b(?:difference|gain|benefit|improvement|prolongation|increase)\b[^.;]{0,20}$")
_SEVERAL = several_groups(
    *("subgroups?", "responders", "survivors", "both"),
    *("respectively", "while", "whereas", "stages?", "grades?", "risk", r"conditional\w*", "subgroups?", "responders"),
    *("survivors", "both"),
    *("positive", "negative", "those", "placebo", r"with(?:out)? (?:the )?mutation", r"\d,? and \d"),
)
UNIT_OF_TIME = r"(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)"
_N = r"\d+(?:\.\d+)?"
_FREE = (
    r"(?P<what{0}>overall |(?:progression|event|disease|relapse|recurrence|metastasis|failure)-free )?"
    r"(?P<short{0}>survival|OS|PFS|DFS|EFS|RFS|MFS)(?: time)?(?: \([A-Z]+\))?"
)
_HALF = (
    r"\bhalf of (?:[^.;\d]{{3,40}}|[a-z ]{{0,8}}\d+ [a-z ]{{3,30}}) (?:had |have |were )?"
    r"(?P<what_{0}>died|dead|progressed|relapsed|recurred|failed)"
)
_MEDIAN = re.compile(
    rf"{_HALF.format('happened')} by (?P<v2>{_N}) (?P<u2>{UNIT_OF_TIME})\b"
    rf"|\b(?:at|by|after) (?:a median of )?(?P<v3>{_N}) (?P<u3>{UNIT_OF_TIME}),? {_HALF.format('had')}\b"
    rf"|\bmedian (?:for |of )?(?:the )?{_FREE.format('')}"
    r"(?:[^.;()\d]|\b(?:of|in|for|among) (?:the |all |these )*\d[\d,]* (?=[a-z])){0,50}?[,:]? "
    rf"(?:(?:was|of|is|reached|had) )?(?:(?P<not>not (?:yet )?(?:been )?(?:reached|estimable|evaluable))"
    rf"|(?P<v>{_N}) (?P<u>{UNIT_OF_TIME})\b)"
    rf"|\bmedian (?:of|was) (?P<v4>{_N}) (?P<u4>{UNIT_OF_TIME}) (?:for|of) (?:the )?{_FREE.format('4')}"
    rf"|(?:;|,|,? (?:and|with)) (?:the|its|a|an estimated) (?:Kaplan-Meier |estimated )?median (?:was|of|being|is) "
    rf"(?P<v5>{_N}) (?P<u5>{UNIT_OF_TIME})\b(?! (?:for|of|follow))",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:\b(?P<named>OS|PFS|DFS|EFS)(?:[:,;]| \()? ?[Mm]edian(?: of| was|,|:)?|\bm(?P<m>OS|PFS)(?: of| was|,|:)?) "
    rf"(?P<v>{_N}) (?P<u>{UNIT_OF_TIME})\b"
)
"""`OS: median 12.5 mo`, `mPFS 5.6 mos`."""
_BOTH = re.compile(
    r"\bmedian (?P<first>progression-free|disease-free|event-free|relapse-free|PFS|DFS|EFS"
    r"|RFS)(?: survival)?(?: \([A-Z]+\))? and (?:median )?"
    r"(?:overall survival|OS)(?: times?)?(?: \([A-Z]+\))?(?:,[^.;\d]{3,50},| from [a-z ]{3,30}?"
    r"| in [a-z ]{3,30}?)? (?:was|were|of|reached) "
    rf"(?P<a>{_N})(?: {UNIT_OF_TIME})?(?: \([^()]{{3,40}}\))?,? and (?P<b>{_N}) ?{UNIT_OF_TIME}\b",
    re.IGNORECASE,
)
"""Both medians under one verb: `median PFS and OS were 9.3 and 18.8 months`."""
FREE_OF = {"progression": "PFS", "event": "EFS", "disease": "DFS", "relapse": "RFS", "recurrence": "RFS"}
FREE_OF |= {"metastasis": "MFS", "failure": "FFS"}
_HAPPENED = {"died": "OS", "dead": "OS", "progressed": "PFS", "relapsed": "RFS", "recurred": "RFS", "failed": "FFS"}
DAYS = {"y": Fraction(36525, 100), "m": Fraction(36525, 1200), "w": Fraction(7), "d": Fraction(1)}


class Median(NamedTuple):
    """A median time: of what, after how many days, as printed, and where."""

    outcome: str
    days: Fraction | None
    """None where it is said not to be reached."""
    text: str
    place: tuple[int, int]
    passage: Passage
    group: str = ""
    """The one group that its sentence names."""


def check_medians_and_rates(case: Case) -> None:
    """Check the median of PFS against that of OS, and each median against the rates near it."""
    medians_against_landmarks(case)
    _progression_first(case)
    medians = list(_medians(case))
    if not medians:
        return
    told = [(p, rates) for p in sentences_with(case, *RATE_WORDS) if (rates := rates_told(case, p))]
    of_outcome: dict[str, list[Median]] = defaultdict(list)
    for m in medians:
        of_outcome[m.outcome].append(m)
    for same in of_outcome.values():
        if len({m.days for m in same}) == 1:
            _against_rates(case, same[0], told)


def _medians(case: Case) -> Iterator[Median]:
    """Medians that sentences of one group tell."""
    for p in sentences_with(case, "median", "half of", "mos ", "mpfs"):
        words, group = named_group(case.flat[p.start : p.end])
        if _SEVERAL.search(words):
            continue
        for m in _MEDIAN.finditer(case.figures, p.start, p.end):
            outcome = _outcome(case, p, m)
            if outcome is None:
                continue
            key = "not" if m["not"] else next(k for k in ("v", "v2", "v3", "v4", "v5") if m[k])
            unit = next((m[k] for k in ("u", "u2", "u3", "u4", "u5") if m[k]), None)
            days = None if unit is None else Fraction(m[key]) * DAYS[unit[0].lower()]
            yield Median(
                outcome, days, f"{m[key].lstrip('0')} {unit}" if unit else "not reached", m.span(key), p, group
            )
        for m in _SHORT.finditer(case.flat, p.start, p.end):
            days = Fraction(m["v"]) * DAYS[m["u"][0].lower()]
            yield Median(m["named"] or m["m"], days, f"{m['v']} {m['u']}", m.span("v"), p, group)


def _outcome(case: Case, p: Passage, m: re.Match[str]) -> str | None:
    """What a median is of; of one without a name what all rates of its sentence are of."""
    if m["v5"]:
        named = {r.outcome for r in rates_told(case, p)}
        return named.pop() if len(named) == 1 else None
    if happened := m["what_happened"] or m["what_had"]:
        return _HAPPENED[happened.lower()]
    what, short = (m["what4"], m["short4"]) if m["v4"] else (m["what"], m["short"])
    return FREE_OF.get((what or "").lower().split("-")[0].strip()) or (
        "OS" if what else short.upper().replace("SURVIVAL", "OS")
    )


def _against_rates(case: Case, median: Median, told: list[tuple[Passage, tuple[Rate, ...]]]) -> None:
    """Compare with the rates of its own and the next sentences of the paragraph, where those are of one group."""
    for p, rates in told:
        near = p.index == median.passage.index
        if not near and abs(p.index - median.passage.index) <= _CLOSE and p.paragraph == median.passage.paragraph:
            words, group = named_group(case.flat[p.start : p.end])
            other = p if not group else median.passage
            pointed = not (group and median.group) and _SAME_GROUP.search(case.flat, other.start, other.end) is not None
            same = group == median.group or pointed
            near = same and not _SEVERAL.search(words)
        for r in rates if near else ():
            if (
                r.outcome != median.outcome
                or r.group
                or _of_others(case, median, r)
                or sum(x.days == r.days and x.outcome == r.outcome for x in rates) > 1
            ):
                continue
            if not compared(case, r.place, "median/landmarks"):
                judge_rate(case, median, p, r)


_SAME_GROUP = re.compile(r"\b(?:same|that|this) (?:arm|group|cohort)\b")
_OF_WHOM = re.compile(r" (?:in|among|for|with) (?:the )?(?P<who>[a-z-]+)(?: (?P<next>[a-z-]+))?")
_SAME = frozenset(
    "that this these those them all both each our whole entire same total which a an".split()  # noqa: SIM905
)


def _of_others(case: Case, median: Median, r: Rate) -> bool:
    """Whether the words right behind a median and a rate name different people: `in the elderly`, `in the young`."""
    begin = re.compile(rf" ?{UNIT_OF_TIME}|").match(case.flat, median.place[1])
    of = [_OF_WHOM.match(case.flat, x.end()) for x in (begin, re.compile(r" ?%?").match(case.flat, r.place[1])) if x]
    who = [m["who"] for m in of if m is not None and m["who"] not in _SAME]
    return len(who) == _BOTH_NAMED and who[0] != who[1]


_BOTH_NAMED = 2


def judge_rate(case: Case, median: Median, p: Passage, r: Rate) -> None:
    """Tell whether a median and a rate of the same people agree: half are past the event at the median."""
    high, low = r.rate.low > 50, r.rate.high_cut < 50
    places = [median.place, r.place]
    method = "median bracketed by landmarks"
    if median.days is None:
        if low:
            sentence = f"At {r.rate.text} % the median has been passed, which is told as not reached."
            judge(case, p, "median/landmarks", places, "error-if", sentence, method)
        return
    late, early = r.days > median.days * (1 + SLACK), r.days < median.days * (1 - SLACK)
    if (late and high) or (early and low):
        side = "after" if late else "before"
        sentence = (
            f"{r.rate.text} % puts the median {side} that time; {median.text} is {'before' if late else 'after'} it."
        )
        judge(case, p, "median/landmarks", places, "error-if", sentence, method)
    elif late or early:
        sentence = f"A median of {median.text} agrees with {r.rate.text} %."
        judge(case, p, "median/landmarks", places, "ok", sentence, method)


def _progression_first(case: Case) -> None:
    """Death is an event of progression-free survival: its median is never above that of survival."""
    medians: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_ci", "median_only") or q.outcome not in _TIMES or q.unit != "months":
            continue
        if q.value is not None and not case.cites(s) and _DIFFERENCE.search(case.around(s, 40, 0)[0]) is None:
            medians[q.outcome].append(s)
    for p in sentences_with(case, "median"):
        for m in _BOTH.finditer(case.flat, p.start, p.end):
            _never_longer(case, p, m)
    for first in ("PFS", "DFS", "EFS"):
        a, b = _only(medians.get(first, [])), _only(medians.get("OS", []))
        if a is None or b is None or abs(a.passage - b.passage) > _CLOSE or a.section != b.section:
            continue
        if _of_some_and_all(case.sentence(a), case.sentence(b)):
            continue
        early, late = a.quantities.value, b.quantities.value
        assert early is not None
        assert late is not None
        if early.low > late.high_cut:
            sentence = f"In the same patients median {first} ({early.text}) cannot be longer than OS ({late.text})."
            case.relate("order", (a, b), "error-if", sentence, f"{first} <= OS", on=(a,))
        else:
            sentence = f"Median {first} ({early.text}) is not longer than OS ({late.text})."
            case.relate("order", (a, b), "ok", sentence, f"{first} <= OS")


_SOME = re.compile(r"\bsub(?:group|set|population)")
_EVERYBODY = re.compile(r"\b(?:all|the (?:whole|entire|full)|(?:in|of) the overall)\b")


def _of_some_and_all(*sentences: str) -> bool:
    """Whether some sentences are of a subgroup and of everybody, or one of a subgroup and the other not."""
    some = [_SOME.search(x) is not None for x in sentences]
    return any(some) and (not all(some) or any(_EVERYBODY.search(x) for x in sentences))


def _never_longer(case: Case, p: Passage, m: re.Match[str]) -> None:
    early, late = read_printed(m["a"]), read_printed(m["b"])
    if early.low > late.high_cut and not _of_some_and_all(case.flat[p.start : p.end]):
        sentence = f"In the same patients median {m['first']} ({m['a']}) cannot be longer than OS ({m['b']})."
        judge(case, p, "order", [m.span("a"), m.span("b")], "error-if", sentence, "PFS <= OS")


def _only(statements: list[Statement]) -> Statement | None:
    """The statement that gives the one median of an outcome; None where there are several."""
    values = {s.quantities.value.value for s in statements if s.quantities.value is not None}
    return statements[0] if len(values) == 1 else None
