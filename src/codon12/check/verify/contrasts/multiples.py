"""How many times as much: `a doubling`, `threefold`, `halved`, against the ratio or the two values."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.values import LAST_OF_SEVERAL, values_in
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_multiples"]

_TIMES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "twice": 2, "thrice": 3}  # fmt: skip
_ABOUT = (
    r"(?P<about>(?:almost|nearly|about|approximately|roughly|around|more than|over|less than|at least|up to|some|"
    r"well over|close to|just (?:over|under)|virtually|practically)[ -])?"
)
_PART = (
    r"by (?P<about2>almost |nearly |about |approximately |roughly |around |more than |over |less than |at least )?"
    r"(?P<part>(?:a|one)[ -]half|half|(?:(?:an?|one)[ -]|(?P<many>two|three|four)[ -])"
    r"(?P<of>third|quarter|fifth|sixth|eighth|tenth)s?)"
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_RISING = re.compile(r"\b(?:rose|ris(?:es?|ing|en)|increas\w+|gr[eo]w\w*|higher|more|longer)\b", re.IGNORECASE)
_FALLING = re.compile(r"\b(?:f[ae]ll\w*|decreas\w+|reduc\w+|drop\w+|declin\w+|lower\w*|fewer|less)\b", re.IGNORECASE)
_HALF = r"(?P<half>halv(?:ed|es|ing)|cut (?:in|by) half|reduced (?:by|to) (?:one[- ])?half|half the|half as)"
_MANY = (
    r"(?<!each )(?<!every )(?<!per )(?P<double>doubl(?:ed|es|ing)|double(?! [a-z]*-?(?:blind|dummy|hit))(?= (?:the|"
    r"that)\b)|twice(?: as| the)|twofold|two-fold)|(?P<triple>tripl(?:ed|es|ing)|trebl(?:ed|ing)|three times|threefold|"
    r"three-fold)|(?P<four>quadrupl(?:ed|ing))|(?P<word>four|five|six|seven|eight|nine|ten)(?:-?fold| times)|"
    r"(?<![≥≤<>] )(?<![≥≤<>])(?P<number>\d+(?:\.\d+)?)(?:[- ]?fold| times)(?! (?:in|per|a|an|each|every|daily|weekly|"
    r"monthly|during|over|within)\b)"
)
_WORDS = re.compile(
    rf"\b{_ABOUT}(?:{_HALF}|{_PART}|{_MANY})\b(?P<more> (?:higher|greater|more|increased?|rise|as))?", re.IGNORECASE
)
_RATIO = re.compile(
    r"\b(?:(?:adjusted |relative |crude )*(?:hazard|odds|risk|rate|prevalence|incidence)[- ]ratio|relative risk|"
    r"(?:a|s)?(?:HR|OR|RR)|IRR)s?(?: \((?:a?HR|a?OR|a?RR|IRR)\))?(?: (?:of|was|were|is))?(?:,|:| =)? ?"
    rf"(?P<v>{NUMBER})(?![\d.]*\d| ?%)",
)
_FROM_TO = re.compile(
    rf"(?<!ranging )\bfrom (?:an? )?(?:(?:median|mean|average|rate|level|"
    rf"score)s? of )?[$€£]?(?P<a>{NUMBER})(?P<u>(?: ?(?:%|[a-zA-Zµμ/]{{1,9}}))?)(?: (?!to\b|"
    rf"and\b)[^\s.;()]+){{0,6}}? to (?:an? )?(?:(?:median|mean|average|rate|level|score)s? of )?[$€£]?(?P<b>"
    rf"{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:power(?:ed)?|detect|assum\w*|hypothes\w*|expected|would|planned|if|previous\w*|earlier|margin|dilution|"
    r"dose|cut-?off|threshold|upper limit|ULN|range|limit of normal)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|without|failed to)(?: [a-z]+)? $")
_LEAST, _MOST = Fraction(4, 5), Fraction(5, 4)
_LEAST_PART, _MOST_PART = Fraction(4, 5), Fraction(5, 4)
"""How far what is gained or lost may be from the part that words say it is."""
_MOST_MORE = 2
"""How many times the multiple that is told `more than` may be, or another word had been taken."""
_LEAST_ABOUT, _MOST_ABOUT = Fraction(2, 3), Fraction(3, 2)


def check_multiples(case: Case, p: Passage) -> None:
    """Check words of multiples against the one ratio or the two values of their sentence."""
    words = list(_WORDS.finditer(case.flat, p.start, p.end))
    if len(words) != 1 or _PLANNED.search(case.flat, p.start, p.end):
        return
    m = words[0]
    if LAST_OF_SEVERAL.search(case.flat[p.start : m.start()]) or _DENIED.search(case.flat, p.start, m.start()):
        return
    times = _size(m)
    rises = _RISING.search(case.flat, p.start, p.end) is not None
    if times is None or (rises and m["part"] and _FALLING.search(case.flat, p.start, p.end)):
        return
    if rises and m["part"]:
        times = 2 - times
    ratios = list(_RATIO.finditer(case.flat, p.start, p.end))
    pairs = list(_FROM_TO.finditer(case.flat, p.start, p.end))
    shown = m[0].strip()
    if len(ratios) == 1 and not pairs and abs(ratios[0].start() - m.end()) < _NEAR and _same(case, m, ratios[0]):
        value = read_printed(ratios[0]["v"])
        if value.value <= 0:
            return
        sizes = [value.value, 1 / value.value]
        _compare(case, p, m, times, sizes, [ratios[0].span("v")], f"“{shown}” and a ratio of {value.text}", "derived")
    elif (
        len(pairs) == 1 and not ratios and not _ALSO.search(case.flat[p.start : m.start()] + case.flat[m.end() : p.end])
    ):
        a, b = read_printed(pairs[0]["a"]), read_printed(pairs[0]["b"])
        if (
            a.value <= 0
            or b.value <= 0
            or not _same(case, m, pairs[0])
            or (not pairs[0]["u"] and _year(a) and _year(b))
            or (pairs[0].end() <= m.start() and _LEADS_TO.search(case.flat, pairs[0].end(), m.start()))
            or all(_TEN_TO_THE.fullmatch(x.text) for x in (a, b))
        ):
            return
        size = b.value / a.value
        text = f"“{shown}”, and from {a.text} to {b.text} is {float(size):.3g} times as much"
        sizes = [size] if m["half"] or m["part"] else [size, 1 / size] if "fold" in m[0] else [size]
        _compare(case, p, m, times, sizes, [pairs[0].span("a"), pairs[0].span("b")], text, "difference")
    elif not pairs and not ratios and (_AS_MUCH.match(case.flat, m.start(), p.end) is not None):
        values = [v for v in values_in(case, m.end(), p.end) if v.value.value > 0]
        named = bool(values) and _NUMBERED.search(case.flat, p.start, values[0].span[0]) is not None
        if len(values) == _PAIR and values[0].unit == values[1].unit and not named:
            a, b = (v.value for v in values)
            text = f"“{shown}”, and {a.text} to {b.text} is {float(a.value / b.value):.3g} times as much"
            _compare(case, p, m, times, [a.value / b.value], [v.span for v in values], text, "difference")
    elif (
        not pairs
        and not ratios
        and _SIMPLY.fullmatch(m[0].strip())
        and ((beside := _BESIDE.match(case.flat, m.end(), p.end)) is not None)
    ):
        a, b = (read_printed(beside[k]) for k in "ab")
        if min(a.low, b.low) > 0:
            sizes = [a.value / b.value, b.value / a.value]
            text = f"“{shown}”, and {a.text} to {b.text} is {float(max(sizes)):.3g} times as much"
            _compare(case, p, m, times, sizes, [beside.span("a"), beside.span("b")], text, "difference")
    elif not pairs and not ratios and "fold" in m[0] and _DIFFERENCE.match(case.flat, m.end()):
        values = [v for v in values_in(case, p.start, m.start()) if v.value.value > 0]
        if len(values) == _PAIR and values[0].unit == values[1].unit:
            a, b = (v.value for v in values)
            sizes = [a.value / b.value, b.value / a.value]
            text = f"“{shown}”, and {a.text} to {b.text} is {float(max(sizes)):.3g} times as much"
            _compare(case, p, m, times, sizes, [v.span for v in values], text, "difference")


_NEAR = 110
_SIMPLY = re.compile(r"(?:doubled|doubles|tripled|trebled|quadrupled|halved|halves)", re.IGNORECASE)
_BESIDE = re.compile(
    rf"(?: (?!and\b|but\b|by\b)[A-Za-z-]+){{0,6}} [(\[](?:median |mean |rate |from )?(?P<a>{NUMBER})(?: ?(?P<u>%|"
    rf"[a-z]+))? (?:vs?\.?|versus|to|against|compared with) (?P<b>{NUMBER})(?: ?(?:%|[a-z]+))?[)\];,]"
)
_PAIR = 2
_AS_MUCH = re.compile(
    r"(?:[a-z-]+ )*?(?:[a-z]+|[\d.]+) times as (?:high|many|much|large|long|common|great|often|frequent)|"
    r"(?:(?:more|less) than |nearly |almost )?twice as ",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r" (?:difference|increase|decrease|rise|reduction|change|higher|greater|lower)\b")
_ALSO = re.compile(r"\b(?:respectively|versus|vs\.?|than|compared|while|whereas)\b")
_YEARS = range(1900, 2101)
_LEADS_TO = re.compile(
    r"\b(?:result\w*|led|leads|lead|caus\w+|produc\w+|gave|gives|yield\w*|increas\w+|rais\w+)\b|\band (?:an? )?$"
)
"""Between two values and the multiple of what they made: `a pH from 7.4 to 5.0 results in a 100-fold increase`."""
_TEN_TO_THE = re.compile(r"10[2-9]")
"""A power of ten that has lost its place above the line: `from 102 to 107 CFU/mL`."""
_NUMBERED = re.compile(
    r"\b(?:fractions|lanes|groups|arms|layers|areas|stages|grades|types|classes|clusters|cohorts|phases|steps|tasks"
    r"|fields|sites|lines|strains|regions|zones|wells|samples|models|categories|quartiles|tertiles|quintiles) $"
)
"""Before numbers that are names."""


def _year(x: Printed) -> bool:
    return not x.digits and int(x.value) in _YEARS


def _same(case: Case, a: re.Match[str], b: re.Match[str]) -> bool:
    """Whether no clause ends between two places."""
    return re.search(r";|\.\s|\bbut\b", case.flat[min(a.end(), b.end()) : max(a.start(), b.start())]) is None


def _size(m: re.Match[str]) -> Fraction | None:
    if m["half"]:
        return Fraction(1, 2)
    if m["part"]:
        many = _TIMES[m["many"].lower()] if m["many"] else 1
        return 1 - Fraction(many, _PARTS[(m["of"] or "half").lower()])
    if m["double"]:
        return Fraction(2)
    if m["triple"]:
        return Fraction(3)
    if m["four"]:
        return Fraction(4)
    if m["word"]:
        return Fraction(_TIMES[m["word"].lower()])
    value = read_printed(m["number"]).value
    return value if value > 0 else None


def _compare(
    case: Case, p: Passage, m: re.Match[str], times: Fraction, sizes: list[Fraction], places: list[tuple[int, int]],
    shown: str, kind: str,
) -> None:  # fmt: skip
    if any(compared(case, place, kind) or (m.start() < place[1] and place[0] < m.end()) for place in places):
        return  # the multiple is itself the end of the range: `from 5 to 120-fold`
    about = (m["about"] or m["about2"] or "").strip(" -").lower()
    meant = (
        [times, times + 1]
        if m["more"] and not m["half"] and m["more"].strip().lower() not in ("as", "increase", "rise")
        else [times]
    )
    least, most = (_LEAST_ABOUT, _MOST_ABOUT) if about else (_LEAST, _MOST)
    if about in ("more than", "over", "well over", "at least", "just over"):
        least, most = (Fraction(1, 2), Fraction(51, 50)) if m["half"] else (Fraction(49, 50), _MOST_MORE)
    places = [m.span(), *places]
    if m["part"] and kind == "difference" and about not in ("more than", "over", "less than", "at least"):
        least, most = (_LEAST_ABOUT, _MOST_ABOUT) if about else (_LEAST_PART, _MOST_PART)
        meant, sizes = [abs(1 - times)], [abs(1 - size) if (size < 1) == (times < 1) else Fraction(0) for size in sizes]
    if any(least * t <= size <= most * t for t in meant for size in sizes):
        judge(case, p, kind, places, "ok", f"{shown}.", "ratio in words")
    else:
        judge(case, p, kind, places, "unlikely", f"{shown}: they do not agree.", "ratio in words")
