"""The least, the middle and the greatest value of one thing, in whatever order a sentence tells them.

`22 to 61 years, mean 64`; `the shortest stay was 11 and the median 9 days`; `quartiles 12 and 96, extremes 19 and 402`.
"""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.check.verify.side_by_side import Mention, mentions_of, side_by_side
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_extremes"]

_WORDS = ("median", "mean", "average", "quartile")
_UNIT = (
    r"years?|months?|weeks?|days?|hours?|min(?:utes?)?|cm|mm|m|kg|g|mg|mL|ml|dL|L|points?|%|mm ?Hg|kg/m2|mg/dL|mmol/L|"
    r"g/dL|ng/mL|µm|cycles?|doses?|lesions?|nodes?|procedures?"
)
_VALUE = re.compile(
    rf"(?<![\w.,/<>≤≥±=-])(?P<v>{NUMBER})(?![\d.,]*\d|[-/]\d)(?:[ -]?(?P<u>{_UNIT})(?![\w/]))?(?!-[a-z]|st\b|nd\b"
    rf"|rd\b|th\b)"
)
_NAMES = re.compile(
    r"\b(?:(?P<least>minim(?:um|al)|(?<!\d[ -])(?<!xx[ -])min|shortest|lowest|smallest|youngest|fastest|lightest|"
    r"thinnest|earliest)|(?P<most>maxim(?:um|al)|max|longest|highest|largest|greatest|oldest|slowest|heaviest|thickest|latest)|"
    r"(?P<middle>(?<!geometric )means?|medians?|averag(?:e|ed|ing)))\b",
    re.IGNORECASE,
)
_TWO = (
    rf"(?P<a>{NUMBER})(?: ?(?P<u>{_UNIT}))?(?: ?(?:to|-|and|,) ?)(?P<b>{NUMBER})(?![\d.,]*\d)"
    rf"(?: ?(?P<w>{_UNIT})(?![\w/]))?"
)
_RANGE = re.compile(
    rf"\b(?:(?P<quartiles>quartiles|IQR|interquartile range|25th and 75th percentiles)|(?:(?P<range>rang(?:e[sd]?|ing)|"
    rf"extremes|var(?:ied|ies|ying)|spann(?:ed|ing)|lay|extend(?:ed|ing)|span)))(?:(?! (?:and|while|with|but) "
    rf")[^;.()\d]){{0,40}}?[,:]? ?(?:\(?(?:from|between|of|at|were|was|being|=) )?{_TWO}",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:versus|vs|than|compared|respectively|groups?|arms?|cohorts?|each|per|whereas|controls?|placebo|difference|"
    r"change|reduc\w+|increas\w*|decreas\w*|target\w*|planned|eligib\w*|required|permitted|allowed|normal|reference|"
    r"scale|possible|(?:scores?|scored|scale) (?:from|range)|trim\w*|women|men|boys|girls|cases|interval|confidence|CI|"
    r"among|survival|concentration|Cmax|peak|trough|steady|simulat\w*|assum\w*|expected|dose|(?:least|most) squares|"
    r"minimal (?:residual|change|clinically)|follow-up (?:visit|scan))\b|±",
    re.IGNORECASE,
)
_FILL = frozenset(
    """
    the and with was were for from that this being had their its his her all our over about only value values observed
    lasting lasted whole time having varied between ranged range ranging lay old age aged years patients patient one two
    respective extremes quartiles minimum maximum shortest longest was while but both
    """.split()  # noqa: SIM905  a list of words reads better so
)
_LETTERS = re.compile(r"[a-z]{3,}")
_MOST_VALUES = 6


_AGE = re.compile(r"\bage(?= \d)")
"""Before a number that is the measure itself, not a group's name."""


class _Range(NamedTuple):
    low: Printed
    high: Printed
    unit: str
    places: tuple[tuple[int, int], tuple[int, int]]
    quartiles: bool


def check_extremes(case: Case) -> None:
    """Check the middle value of a sentence against the extremes told there, and quartiles against the range."""
    for p in sentences_with(case, *_WORDS):
        said = case.figures[p.start : p.end]
        if not _OTHERS.search(said):
            _sentence(case, p, said)


def _sentence(case: Case, p: Passage, said: str) -> None:
    plain = without_asides(_AGE.sub("agx", said))
    ranges: list[_Range] = []
    for m in _RANGE.finditer(said):
        low, high = _number(m["a"]), _number(m["b"])
        if m["u"] and m["w"] and m["u"].rstrip("s") != m["w"].rstrip("s"):
            return  # 5 months to 24 years
        places = ((p.start + m.start("a"), p.start + m.end("a")), (p.start + m.start("b"), p.start + m.end("b")))
        ranges.append(_Range(low, high, _one(m["u"], m["w"]), places, bool(m["quartiles"])))
        plain = plain[: m.start()] + " " * (m.end() - m.start()) + plain[m.end() :]
    whole = [r for r in ranges if not r.quartiles]
    if len(whole) > 1 or len(ranges) - len(whole) > 1:
        return
    apart = len(ranges) == 2 and _ANOTHER.search(said, *sorted(r.places[0][0] - p.start for r in ranges))
    if len(ranges) == 2 and not apart:
        _within(case, p, whole[0], next(r for r in ranges if r.quartiles))
    values = list(_VALUE.finditer(plain))
    names = mentions_of(_NAMES, plain)
    if not 0 < len(values) < _MOST_VALUES or sum(m.name == "middle" for m in names) != 1:
        return
    paired = side_by_side(plain, [m.span() for m in values], names)
    if paired is None or len({m.name for m, _ in paired}) != len(paired):
        return
    if not all(_is_said(plain, m, values[k]) for m, k in paired):
        return
    found = {m.name: (m, values[k]) for m, k in paired}
    named, middle = found.pop("middle")
    units = {_one(v["u"]) for _, v in (*found.values(), (named, middle))} | {r.unit for r in whole}
    if len(units - {""}) > 1:
        return
    mine = _telling(plain, named, middle)
    for m, v in found.values():
        other = _telling(plain, m, v)
        if mine and other and not mine & other:
            return
    if whole and mine and not mine & {w.rstrip("s") for w in _LETTERS.findall(plain[: named.start].lower())} | _AGES:
        return
    value = _number(middle["v"])
    for side, (_, v) in found.items():
        _judge(case, p, side, value, _number(v["v"]), _at(p, middle), _at(p, v))
        for r in whole:
            _same_end(case, p, side, (_number(v["v"]), _at(p, v)), r)
    for r in whole:
        _judge(case, p, "least", value, r.low, _at(p, middle), r.places[0])
        _judge(case, p, "most", value, r.high, _at(p, middle), r.places[1])


_ANOTHER = re.compile(r"\b(?:median|mean|average)\b", re.IGNORECASE)
"""Between two ranges that are of two measures: `33 [IQR, 29 to 37; range, 26 to 60] years and a median of 12`."""
_OF_IT = re.compile(r"(?:(?!;|\.|\b(?:and|but|while|with)\b).){0,60}?", re.IGNORECASE)
_IN_IT = re.compile(r",? (?:in|as|on|being|was|for)(?: the| an?)? ", re.IGNORECASE)
"""Between a value and its name behind it: `9 days in median`."""


def _is_said(plain: str, name: Mention, value: re.Match[str]) -> bool:
    """Whether nothing but the name of the measure stands between a name and its value."""
    if name.end <= value.start():
        return _OF_IT.fullmatch(plain, name.end, value.start()) is not None
    return _IN_IT.fullmatch(plain, value.end(), name.start) is not None


_AGES = frozenset(("age", "aged", "years", "year"))


def _telling(plain: str, name: Mention, value: re.Match[str]) -> set[str]:
    """The telling words between a name and its value, or right behind the name where the value stands before it."""
    a, b = (name.end, value.start()) if name.end <= value.start() else (value.end(), name.start)
    return {w.rstrip("s") for w in _LETTERS.findall(plain[a:b].lower()) if w not in _FILL}


def _number(text: str) -> Printed:
    """A number, where figures stand for a word without its noughts in front."""
    plain = text.replace(",", "")
    return read_printed(str(int(plain)) if plain.isdigit() else plain)


def _one(*units: str | None) -> str:
    told = {u.rstrip("s") for u in units if u}
    return next(iter(told)) if len(told) == 1 else ""


def _at(p: Passage, m: re.Match[str]) -> tuple[int, int]:
    return p.start + m.start("v"), p.start + m.end("v")


def _judge(
    case: Case, p: Passage, side: str, middle: Printed, end: Printed, at: tuple[int, int], place: tuple[int, int]
) -> None:
    off = end.low > middle.high_cut if side == "least" else middle.low > end.high_cut
    if off and not any(compared(case, x, "order", "interval") for x in (at, place)):
        where = "below the least" if side == "least" else "above the greatest"
        sentence = f"A middle value of {middle.text} is {where}, {end.text}."
        judge(case, p, "order", [place, at], "error-if", sentence, "least < middle < greatest")


def _same_end(case: Case, p: Passage, side: str, told: tuple[Printed, tuple[int, int]], whole: _Range) -> None:
    """The least value told is where the range begins, and the greatest where it ends."""
    (value, at), end = told, whole.low if side == "least" else whole.high
    off = end.high_cut < value.low if side == "least" else end.low > value.high_cut
    if off:
        does, which = ("begins", "least") if side == "least" else ("ends", "greatest")
        sentence = f"The range {does} at {end.text}, and the {which} value is told as {value.text}."
        judge(
            case, p, "order", [at, whole.places[0 if side == "least" else 1]], "error-if", sentence, "least of a range"
        )


def _within(case: Case, p: Passage, whole: _Range, quartiles: _Range) -> None:
    if {whole.unit, quartiles.unit} - {""} and len({whole.unit, quartiles.unit} - {""}) > 1:
        return
    if whole.low.low > quartiles.low.high or quartiles.high.low > whole.high.high:
        places = [*whole.places, *quartiles.places]
        if any(compared(case, x, "order") for x in places):
            return
        shown = f"{quartiles.low.text} and {quartiles.high.text}"
        sentence = f"The quartiles {shown} do not lie within the range, {whole.low.text} to {whole.high.text}."
        judge(case, p, "order", places, "error", sentence, "quartiles within range")
