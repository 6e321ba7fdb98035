"""What rates of survival are of and at which times, as the words of a sentence name them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.spelled import WORD_VALUES
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["AT", "A_RATE", "Word", "each_with_its_time", "words_of"]

A_RATE = r"\d{1,3}(?:\.\d+)?"
"""A percentage as printed, without its sign."""
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
AT = re.compile(r"\b(?:at|after|by)(?: the| a)?(?: end of)? ?$", re.IGNORECASE)
_DAYS = {"y": Fraction(36525, 100), "m": Fraction(36525, 1200), "w": Fraction(7), "d": Fraction(1)}


class Word(NamedTuple):
    """A word of the sentence that says of what a rate is (`outcome`, `way`), or at which times."""

    start: int
    end: int
    outcome: str
    way: str
    times: tuple[Fraction, ...]


_WITH_ITS_TIME = re.compile(
    rf"(?<![\d.,/<>≤≥±\w-])(?P<p>{A_RATE}) ?%(?: \((?:at )?(?P<t>{_N})[- ](?P<u>{_UNIT})\)|(?P<lived> (?:of (?:them|"
    rf"patients|the patients) )?(?:survived|lived|were alive))?(?: for)? (?P<t2>{_N})[- ](?P<u2>{_UNIT})\b(?! "
    rf"(?:before|of age|follow|ago|later|after|from|without)))",
    re.IGNORECASE,
)
"""`71% survived one year and 78% two years`, `71% (1 y), 78% (2 y)`."""
_AND_SO_ON = re.compile(r",?(?: and| but)?(?: only| still)? ")


def each_with_its_time(said: str, start: int) -> list[tuple[str, str, Fraction, Printed, tuple[int, int]]]:
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


def words_of(bare: str) -> list[Word]:
    """Outcomes and times in order; a time counts behind `at`, or as an adjective before what is measured."""
    outcomes = [
        Word(m.start(), m.end(), *_named(m), ())
        for m in _OUTCOME.finditer(bare)
        if not _OF_THAT.search(bare[max(0, m.start() - 30) : m.start()])
    ]
    times = [
        Word(m.start(), m.end(), "", "", _days(m))
        for m in _TIME.finditer(bare)
        if AT.search(bare[: m.start()]) or (_ADJECTIVE.match(bare[m.end() :]) and not _VALUE.search(bare[: m.start()]))
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
