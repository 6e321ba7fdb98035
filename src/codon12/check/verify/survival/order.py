"""Rates of survival against each other: none rises with time, and who is free of an event is alive.

Of cumulative incidence and mortality the other way round: they never fall. No rate is of a time beyond all follow-up.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.check.verify.side_by_side import mentions_of, side_by_side
from codon12.check.verify.survival.rates_told import Rate, rates_told
from codon12.numbers.unrounded import read_printed

__all__ = ["RATE_WORDS", "check_order"]

RATE_WORDS = (
    *("surviv", "free", "alive", "pfs", "dfs", "efs", "rfs", "mfs", "os ", "os:", "mortality", "cumulative"),
    *("incidence", "recurrence", "relapse", "control", "patent", "patency", "in place", "in situ", "remission"),
    *("functioning", "retention", "unrevised", "ongoing", "maintained"),
)
"""Words one of which a sentence with rates of survival has."""
_CLOSE = 3
"""Sentences apart within which two rates may be of the same patients."""


def check_order(case: Case) -> None:
    """Check the rates of each sentence in time, and free of an event against alive, also in a sentence near by."""
    told: list[tuple[Passage, tuple[Rate, ...]]] = []
    for p in sentences_with(case, *RATE_WORDS):
        if rates := rates_told(case, p):
            _in_time(case, p, rates)
            _free_and_alive(case, p, rates)
            told.append((p, rates))
        _free_beside_alive(case, p)
    for (p, first), (q, second) in pairwise(told):
        if (
            q.index - p.index <= _CLOSE
            and p.paragraph == q.paragraph
            and len({r.group for r in (*first, *second)}) == 1
        ):
            _free_and_alive(case, q, (*first, *second), apart=p.end)
    _within_follow_up(case, told)


def _in_time(case: Case, p: Passage, rates: tuple[Rate, ...]) -> None:
    runs: dict[tuple[str, int], list[Rate]] = defaultdict(list)
    for r in rates:
        runs[r.outcome, r.group].append(r)
    for run in runs.values():
        run.sort(key=lambda r: r.days)
        rising = run[0].way == "rising"
        what = "Cumulative incidence" if rising else "Survival"
        method = "F(t) rises" if rising else "S(t) falls"
        wrong = next((x for x in pairwise(run) if _turns(*x, rising=rising)), None)
        if wrong is not None:
            early, late = wrong
            turn = f"cannot {'fall' if rising else 'rise'} from {early.rate.text} % to {late.rate.text} %"
            sentence = f"{what} {turn} in the same patients."
            judge(case, p, "landmark", [early.place, late.place], "error-if", sentence, method)
        elif len(run) > 1:
            shown = ", ".join(f"{r.rate.text} %" for r in run)
            sentence = f"{shown}: never {'falling' if rising else 'rising'} with time."
            judge(case, p, "landmark", [r.place for r in run], "ok", sentence, method)


def _turns(early: Rate, late: Rate, *, rising: bool) -> bool:
    return early.rate.low > late.rate.high_cut if rising else late.rate.low > early.rate.high_cut


def _free_and_alive(case: Case, p: Passage, rates: tuple[Rate, ...], *, apart: int | None = None) -> None:
    """Compare at each time and of each group; of two sentences only across the place where they part."""
    by_time: dict[tuple[Fraction, int], list[Rate]] = defaultdict(list)
    for r in rates:
        by_time[r.days, r.group].append(r)
    for same in by_time.values():
        alive = [r for r in same if r.way == "alive"]
        for free in [r for r in same if r.way == "free"] if len(alive) == 1 else ():
            if apart is not None and (free.place[0] < apart) == (alive[0].place[0] < apart):
                continue
            places = [free.place, alive[0].place]
            if free.rate.low > alive[0].rate.high_cut:
                both = f"{free.rate.text} % without an event cannot be above {alive[0].rate.text} % alive"
                sentence = f"{both}, in the same patients."
                judge(case, p, "order", places, "error-if", sentence, "event-free <= OS")
            elif apart is None:
                sentence = f"{free.rate.text} % without an event is not above {alive[0].rate.text} % alive."
                judge(case, p, "order", places, "ok", sentence, "event-free <= OS")


_STATES = re.compile(
    r"\b(?:(?P<free>(?:alive|living|lived|surviv(?:ed|ing|al)|survivors)(?: [a-z]+){0,3}? (?:without|free (?:of|from)) "
    r"(?:an? |any |further )?[a-z]+(?: [a-z]+)??|(?:progression|disease|event|relapse|recurrence|failure|"
    r"metastas[ei]s)(?:[- ]free)(?: survival| rate)?|[DERMF]FS|PFS|progression-free and)|(?P<alive>overall(?: "
    r"survival)?|OS|(?:still )?alive|surviv(?:ed|al|ors|ing)))\b(?! time\b)",
)
_RATE_OR_TIME = re.compile(
    r"(?<![\d.,<>≤≥±/-])(?P<v>\d{1,3}(?:\.\d+)?)(?: ?(?P<share>%)|(?=,? (?:and|v|vs) [\d.]+ ?%)| (?P<unit>months?|"
    r"years?)\b)(?! ?(?:CI\b|confidence))"
)
_WHEN = re.compile(
    r"(?<![\w.])(?<!ty-)(?P<n>[\d.]+|one|two|three|four|five|six|seven|eight|nine|ten)[- ](?P<u>year|month|day)",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(
    r"\b(?:versus|vs|than|compared|whereas|while|respectively in|arms|groups|cohorts|sub(?:groups?|sets?)|those|who|"
    r"whom|with(?:out)? (?:an? )?(?:(?-i:[A-Z])|low|high)|high|low|risk|stage|difference|improve\w*|increas\w*|"
    r"decreas\w*|median follow|in (?:the )?(?:19|20)\d\d|(?:wo)?men|(?:arm|group|cohort|stage) (?-i:[A-Z])|conditional|"
    r"if|cancer-specific|disease-specific|patients with (?!a )|hazard|ratio|predict\w*|P [<=>])\b",
    re.IGNORECASE,
)
_SPREAD = re.compile(r"[(\[][^()\[\]]*(?:CI|range|confidence|IQR|SD)\b[^()\[\]]*[)\]]")


def _free_beside_alive(case: Case, p: Passage) -> None:
    """`58% survived ten years and 64% survived ten years without recurrence`: two numbers, two states, one time."""
    words = _SPREAD.sub(lambda m: " " * len(m[0]), case.flat[p.start : p.end])
    names = mentions_of(_STATES, words)
    if {m.name for m in names} != {"free", "alive"} or _OF_SEVERAL.search(words):
        return
    when = {(m["n"].lower(), m["u"].lower()) for m in _WHEN.finditer(words)}
    middle = re.search(r"\bmedian\b", words, re.IGNORECASE) is not None
    numbers = [
        m
        for m in _RATE_OR_TIME.finditer(words)
        if middle == bool(m["unit"]) and (middle or m["share"] or not m["unit"])
    ]
    if len(numbers) != 2 or (not middle and len(when) > 1):
        return
    paired = side_by_side(words, [m.span() for m in numbers], names)
    if paired is None or len(paired) != 2:
        return
    one = {m.name: numbers[k] for m, k in paired}
    if len(one) != 2 or {m["unit"] for m in numbers} not in ({None}, {"months"}, {"years"}):
        return
    free, alive = (read_printed(one[k]["v"]) for k in ("free", "alive"))
    places = [(p.start + one[k].start("v"), p.start + one[k].end("v")) for k in ("free", "alive")]
    if free.low > alive.high_cut and not any(compared(case, x, "order", "landmark") for x in places):
        unit = "%" if not middle else numbers[0]["unit"]
        sentence = (
            f"{free.text} {unit} without an event cannot be above {alive.text} {unit} alive, in the same patients."
        )
        judge(case, p, "order", places, "error-if", sentence, "event-free <= OS")


_SPAN = r"(?:(?:for|to|of|at|about|exactly|only) )*(?P<{0}>{1}) (?P<{2}>years?|months?|weeks?)\b"
_OBSERVED = r"(?:follow(?:ed)?[- ]?(?:up)?|observ(?:ed|ation)|monitored|under observation)"
_LONGEST = re.compile(
    rf"\b(?:longest|maximum|maximal|max\.?) (?:possible )?(?:duration of )?{_OBSERVED}(?: time| period| duration)?(?: "
    rf"\([^()]*\))?(?: (?:was|is|being|of|reached))*[,:]? ?{_SPAN.format('a', NUMBER, 'u')}|\b{_OBSERVED}(?: time| "
    rf"period| duration)? (?:did not (?:exceed|go beyond)|never exceeded|was (?:limited to|capped at|at most|no longer "
    rf"than|not longer than)|ended (?:at|after)|stopped at) {_SPAN.format('b', NUMBER, 'v')}|\b(?:no|none|nobody|not "
    rf"one)\b[^.;%]{{0,50}}? {_OBSERVED} (?:for )?(?:more than|longer than|beyond|past|over) "
    rf"{_SPAN.format('c', NUMBER, 'w')}|\b{_OBSERVED} (?:for )?(?:at most|up to|a maximum of|no more than|no longer "
    rf"than|not more than) {_SPAN.format('d', NUMBER, 'x')}|\b{_OBSERVED} (?:for )?{_SPAN.format('e', NUMBER, 'y')} at "
    rf"(?:the )?most\b",
    re.IGNORECASE,
)
"""The longest time that anybody was followed."""
_NOT_OBSERVED = re.compile(
    r"\b(?:project\w*|extrapolat\w*|predict\w*|model\w*|simulat\w*|expected|planned|will|previous\w*|registry|"
    r"elsewhere|literature|schedul\w*|every|historical\w*)\b",
    re.IGNORECASE,
)
_DAYS = {"y": Fraction(36525, 100), "m": Fraction(36525, 1200), "w": Fraction(7)}
_LONGER = Fraction(104, 100)


def _within_follow_up(case: Case, told: list[tuple[Passage, tuple[Rate, ...]]]) -> None:
    """`no patient was followed for more than 18 months; 36-month overall survival was 55%`."""
    found = [
        (p, m)
        for p in sentences_with(case, "follow", "observ", "monitored")
        if not _NOT_OBSERVED.search(case.flat, p.start, p.end)
        for m in _LONGEST.finditer(case.figures, p.start, p.end)
    ]
    longest = {Fraction(m[x]) * _DAYS[m[u][0].lower()] for _, m in found for x, u in _SPANS if m[x]}
    if len(longest) != 1:
        return
    p, m = found[0]
    (most,) = longest
    place = next(m.span(x) for x, _ in _SPANS if m[x])
    for q, rates in told:
        if abs(q.index - p.index) > _CLOSE or _NOT_OBSERVED.search(case.flat, q.start, q.end):
            continue
        late = next((r for r in rates if r.days > most * _LONGER), None)
        if late is not None:
            sentence = f"{late.rate.text} % is of a time beyond the longest follow-up, {m[0][place[0] - m.start() :]}."
            judge(case, q, "follow-up", [place, late.place], "error-if", sentence, "comparison of times")
            return


_SPANS = (("a", "u"), ("b", "v"), ("c", "w"), ("d", "x"), ("e", "y"))
