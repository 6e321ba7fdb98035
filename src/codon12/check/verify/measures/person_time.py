"""Rates per person-time: events over time at risk, in whatever order and unit a sentence gives them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, Count, compared, counts_in, judge, only, whole
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_followed", "check_person_time", "check_unit_of_another"]

_WHO = (
    r"(?:person|patient|participant|subject|wom[ae]n|m[ae]n|child|infant|girl|boy|catheter|device|ventilator|bed|"
    r"line|hospital|animal|eye|tooth|implant|player|athlete|resident|worker|mother|pregnancy|cow|student)"
)
_UNIT = r"(?P<{0}>years?|months?|weeks?|days?|hours?|y|yr)"
_TIME = re.compile(
    rf"(?<![\w.,])(?P<t>{NUMBER})(?P<k> ?(?:thousand|million))? (?:{_WHO}[- ]{_UNIT.format('u')}|"
    rf"{_UNIT.format('w')}(?= (?:of (?:follow-?up|observation|exposure|treatment)|at risk|under observation)\b))",
    re.IGNORECASE,
)
_PER = re.compile(
    rf"(?<![\w.,/-])(?P<r>{NUMBER})(?P<pct> ?%)? ?(?:[a-z-]+ ){{0,3}}?(?:per|/|for every|for each) "
    rf"?(?:(?P<per>1(?:,?0){{1,7}}|million) )?(?:{_WHO}[- ])?{_UNIT.format('v')}\b",
    re.IGNORECASE,
)
_MOST = 100
"""Pairs of a count and a time of one sentence that are tried."""
_CRUDE_NOT = re.compile(
    r"\b(?:(?<!exposure[- ])adjust\w*|standardi[sz]\w+|"
    r"weighted|modell?ed|estimated|expected|annuali[sz]ed|predicted|relative|pooled)\b",
    re.IGNORECASE,
)
_DAYS = {
    "y": Fraction(36525, 100),
    "m": Fraction(36525, 1200),
    "w": Fraction(7),
    "d": Fraction(1),
    "h": Fraction(1, 24),
}


def check_person_time(case: Case, p: Passage) -> None:
    """Check each rate of a sentence against the events and the person-time of the same sentence."""
    rates = [m for m in _PER.finditer(case.flat, p.start, p.end) if m["per"] or m["pct"] or "-" in m[0]]
    if not rates:
        return
    begin = p.start
    times, counts = _times_and_counts(case, begin, p.end, rates)
    before = case.text.passages[p.index - 1] if p.index else p
    if before.paragraph == p.paragraph and len(rates) == 1 and not (times and counts):
        begin = before.start  # `78 fell ill in 5,200 person-years. The incidence was therefore 1.5 per 100`
        times, counts = _times_and_counts(case, begin, p.end, rates)
        if len(times) != 1 or _PER.search(case.flat, begin, before.end):
            return
    if not times or (len(rates) > max(len(times), 1) and not _units_differ(rates)):
        return
    if not counts or len(counts) * len(times) > _MOST:
        return
    crude = not _CRUDE_NOT.search(case.flat, begin, p.end)
    for r in rates:
        _judge(case, p, r, times, counts, crude=crude)


def _times_and_counts(
    case: Case, begin: int, end: int, rates: list[re.Match[str]]
) -> tuple[list[re.Match[str]], list[Count]]:
    """Person-times and counts of a stretch that are not of its rates."""
    times = [
        m for m in _TIME.finditer(case.flat, begin, end) if not any(r.start() <= m.start() < r.end() for r in rates)
    ]
    taken = (*times, *rates)
    counts = [c for c in counts_in(case, begin, end) if not any(m.start() <= c.span[0] < m.end() for m in taken)]
    return times, counts


_SHORT = re.compile(
    rf"(?<![\w.,/-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) (?:[a-z]+ ){{0,3}}?(?:during|in|over|within) (?P<t>{NUMBER}) "
    rf"{_WHO}[- ]{_UNIT.format('u')} [(\[](?P<r>{NUMBER})(?: per (?P<per>1(?:,?0){{1,7}}))?[)\];,]",
    re.IGNORECASE,
)
"""`107 during 14,714.2 person-years (7.27 per 1000)`: a rate in the unit of a fuller one of the sentence."""


def check_unit_of_another(case: Case, p: Passage) -> None:
    """Check that rates of one sentence are of one person-time."""
    full = [m for m in _PER.finditer(case.flat, p.start, p.end) if m["per"] and m["per"][0] == "1"]
    units = {(m["per"].replace(",", ""), m["v"][0].lower()) for m in full}
    if len(units) != 1 or _CRUDE_NOT.search(case.flat, p.start, p.end):
        return
    ((per, unit),) = units
    for m in _SHORT.finditer(case.flat, p.start, p.end):
        if m["u"][0].lower() != unit or (m["per"] or per).replace(",", "") != per:
            continue
        time, given, n = read_printed(m["t"]), read_printed(m["r"]), whole(m["n"])
        if time.low <= 0 or any(compared(case, m.span(k), "incidence") for k in ("t", "r")):
            continue
        size = n * int(per) / time.value
        fits = _agree(given, n * int(per) / time.high, n * int(per) / time.low)
        sentence = f"{n} in {time.text} person-time is {float(size):.4g} per {int(per):,}"
        places = [m.span(k) for k in ("n", "t", "r")]
        if fits:
            judge(case, p, "incidence", places, "ok", f"{sentence}, as printed.", _METHOD)
        elif abs(size - given.value) > given.value / 50:
            judge(case, p, "incidence", places, "error-if", f"{sentence}, printed {given.text}.", _METHOD)


def _units_differ(rates: list[re.Match[str]]) -> bool:
    """Whether rates are one rate per several units: `4.0 per 100 person-months, or 48 per 100 person-years`."""
    return len({((m["per"] or "").replace(",", ""), m["v"][0].lower()) for m in rates}) == len(rates)


def _judge(
    case: Case, p: Passage, rate: re.Match[str], times: list[re.Match[str]], counts: list[Count], *, crude: bool
) -> None:
    given = read_printed(rate["r"])
    per = 1_000_000 if rate["per"] == "million" else int((rate["per"] or "1").replace(",", ""))
    per = 100 * per if rate["pct"] else per
    best: tuple[Fraction, Count, re.Match[str], Fraction] | None = None
    for c, t in product(counts, times):
        time = read_printed(t["t"])
        if time.value <= 0:
            continue
        scale = _in_days(t["u"] or t["w"]) / _in_days(rate["v"])
        scale *= 1000 if "thousand" in (t["k"] or "") else 1_000_000 if t["k"] else 1
        size = Fraction(c.n) * per / (time.value * scale)
        least, most = (Fraction(c.n) * per / (x * scale) for x in (time.high, max(time.low, time.step / 2)))
        if _agree(given, least, most) or abs(size - given.value) <= given.value / 50:
            if _agree(given, least, most):
                sentence = f"{c.n} in {time.text} {_named(t)} is {float(size):.4g} per {per:,}, as printed."
                judge(case, p, "incidence", [c.span, t.span("t"), rate.span("r")], "ok", sentence, _METHOD)
            return
        apart = abs(t.start() - rate.start()) + abs(c.span[0] - rate.start())
        if best is None or apart < best[0]:
            best = Fraction(apart), c, t, size
    if best is None:
        return
    _, c, t, size = best
    if c.n > read_printed(t["t"]).value * (1000 if t["k"] else 1) * 10:
        return
    told = len(counts) == len(times) == 1
    verdict: Verdict = "cannot confirm" if not crude else "error" if told else "error-if"
    sentence = (
        f"{c.n} in {read_printed(t['t']).text} {_named(t)} is {float(size):.4g} per {per:,}, printed {given.text}"
    )
    sentence += "." if crude else ": it may be adjusted."
    judge(case, p, "incidence", [c.span, t.span("t"), rate.span("r")], verdict, sentence, _METHOD)


_METHOD = "events / person-time"


def _named(t: re.Match[str]) -> str:
    return re.sub(r"^[\d.,]+(?: ?thousand| ?million)? ", "", t[0])


def _in_days(unit: str) -> Fraction:
    return _DAYS[unit[0].lower()]


def _agree(given: Printed, least: Fraction, most: Fraction) -> bool:
    return given.low <= most and least <= given.high_cut


_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
_DAYS_OF_FOLLOW_UP = {"d": Fraction(1), "w": Fraction(7), "m": Fraction(365, 12), "y": Fraction(365)}


_PEOPLE = (
    r"(?:patients|participants|subjects|women|men|adults|children|people|persons|individuals|nurses|workers|infants|"
    r"residents|volunteers|physicians|veterans|students)"
)


_FOLLOWED = re.compile(rf"(?<![\w.,/-])(?P<n>{_N}) (?:[a-z-]+ ){{0,3}}?{_PEOPLE}\b", re.IGNORECASE)


_MEAN_TIME = re.compile(
    r"\b(?:mean|average)(?: [a-z-]+){0,3}?(?: of the \d[\d,]* [a-z]+)?(?: \([A-Za-z]+\))?(?: of| was|,|:| =)* "
    r"(?P<v>\d+(?:\.\d+)?) (?P<u>years?|months?)\b",
    re.IGNORECASE,
)


_PERSON_TIME = re.compile(
    rf"(?<![\w.,/-])(?P<v>{NUMBER}) (?:(?:person|patient|participant|wom[ae]n)[- ](?P<u>years?|months?)|"
    r"(?P<w>years?) of follow-?up)\b",
    re.IGNORECASE,
)


_ROUGH = Fraction(1, 8)
_AT_MOST = re.compile(
    rf"\b(?:(?:at|for) most|up to|(?:no|not) (?:more|longer) than|a maximum of|maximum(?: follow-?up)?(?: of| was|,)|"
    rf"(?:none|nobody|no one|no [a-z]+) [a-z0-9 ]{{0,40}}?(?:longer than|more than|beyond|past)|capped at|limited to|"
    rf"(?:did not|never) exceed(?:ed)?|within|the first|followed for(?: exactly)?) (?P<v>{NUMBER}) (?P<u>years?|"
    rf"months?)\b|\b(?P<w>{NUMBER}) (?P<x>years?|months?)(?: each)? (?:at (?:the )?most|or less|maximum)\b",
    re.IGNORECASE,
)
"""The longest time that each was followed."""


_FOLLOW = re.compile(r"\b(?:follow|observ)", re.IGNORECASE)


def _no_more_than(case: Case, p: Passage, time: re.Match[str]) -> None:
    """`the 214 survivors were each followed for five years at most, for a total of 1,480 person-years`."""
    beside = case.text.passages[max(0, p.index - 1) : p.index + 2]
    near = [q for q in beside if q.paragraph == p.paragraph and q.table is None]
    begin, end = near[0].start, near[-1].end
    most = only(_AT_MOST.finditer(case.figures, p.start, p.end)) or only(_AT_MOST.finditer(case.figures, begin, end))
    if most is None or _CRUDE_NOT.search(case.flat, begin, end):
        return
    if not p.start <= most.start() < p.end and not _FOLLOW.search(case.flat, begin, end):
        return
    taken = (most, time)
    people = [c for c in counts_in(case, p.start, p.end) if not any(m.end("v") == c.span[1] for m in taken)]
    if not people:
        people = [c for c in counts_in(case, begin, end) if not any(m.end("v") == c.span[1] for m in taken)]
    v, u = ("v", "u") if most["v"] else ("w", "x")
    people = [c for c in people if c.span != most.span(v)]
    each, told = read_printed(most[v]), read_printed(time["v"])
    scale = _DAYS_OF_FOLLOW_UP[most[u][0].lower()] / _DAYS_OF_FOLLOW_UP[(time["u"] or time["w"])[0].lower()]
    n = max((c.n for c in people), default=0)
    if len(people) != 1 or not n * each.high * scale < told.low:
        return
    in_all = float(n * each.value * scale)
    sentence = f"{n} for {float(each.value):g} {most[u]} each are at most {in_all:,.0f}, printed {told.text}."
    judge(case, p, "derived", [people[0].span, most.span(v), time.span("v")], "error-if", sentence, "people x time")


def check_followed(case: Case, p: Passage) -> None:
    """`500 participants were followed for a mean of 4.0 years (2,000 person-years)`."""
    time = only(
        x
        for x in _PERSON_TIME.finditer(case.flat, p.start, p.end)
        if not re.search(r"\bper (?:[\d,]+ )?$", case.flat[p.start : x.start()])
    )
    if time is not None:
        _no_more_than(case, p, time)
    mean = only(_MEAN_TIME.finditer(case.flat, p.start, p.end))
    who = only(_FOLLOWED.finditer(case.figures, p.start, p.end))
    if time is None or mean is None or who is None or time.start() == mean.start("v"):
        return
    n, each, told = whole(who["n"]), read_printed(mean["v"]), read_printed(time["v"])
    scale = _DAYS_OF_FOLLOW_UP[mean["u"][0].lower()] / _DAYS_OF_FOLLOW_UP[(time["u"] or time["w"])[0].lower()]
    low, high = n * each.low * scale, n * each.high * scale
    places = [who.span("n"), mean.span("v"), time.span("v")]
    shown = f"{n} for {each.text} {mean['u']} each are {float(n * each.value * scale):,.0f} in all"
    if low * (1 - _ROUGH) <= told.value <= high * (1 + _ROUGH):
        judge(case, p, "derived", places, "ok", f"{shown}.", "people x time")
    elif told.value > 0:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {told.text}.", "people x time")
