"""How many times as much: `a doubling`, `threefold`, `halved`, `32 % higher`, against the ratio or the two values."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.measures.gaps import values_in
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_multiples"]

_TIMES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "twice": 2, "thrice": 3}  # fmt: skip
_ABOUT = (
    r"(?P<about>(?:almost|nearly|about|approximately|roughly|around|more than|over|less than|at least|up to|some|"
    r"well over|close to|just (?:over|under)|virtually|practically)[ -])?"
)
_PART = r"by (?P<part>(?:a|one)[ -]half|half|(?:a|one)[ -]third|two[ -]thirds|(?:a|one)[ -]quarter|three[ -]quarters)"
_PARTS = {"half": Fraction(1, 2), "third": Fraction(2, 3), "thirds": Fraction(1, 3), "quarter": Fraction(3, 4),
          "quarters": Fraction(1, 4)}  # fmt: skip
_RISING = re.compile(r"\b(?:rose|ris\w+|increas\w+|gr[eo]w\w*|higher|more|longer)\b", re.IGNORECASE)
_HALF = r"(?P<half>halv(?:ed|es|ing)|cut (?:in|by) half|reduced (?:by|to) (?:one[- ])?half|half the|half as)"
_MANY = (
    r"(?<!each )(?<!every )(?<!per )(?P<double>doubl(?:ed|es|ing)|double(?! [a-z]*-?(?:blind|dummy|hit))(?= (?:the"
    r"|that)\b)|twice(?: as| the)|"
    r"twofold|two-fold)|(?P<triple>tripl(?:ed|es|ing)|trebl(?:ed|ing)|three times|threefold|three-fold)|"
    r"(?P<four>quadrupl(?:ed|ing))|"
    r"(?P<word>four|five|six|seven|eight|nine|ten)(?:-?fold| times)|"
    r"(?<![≥≤<>] )(?<![≥≤<>])(?P<number>\d+(?:\.\d+)?)(?:[- ]?fold| times)"
    r"(?! (?:in|per|a|an|each|every|daily|weekly|monthly|during|over|within)\b)"
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
    rf"\bfrom [$€£]?(?P<a>{NUMBER})(?P<u>(?: ?(?:%|[a-zA-Zµμ/]{{1,9}}))?)(?: (?!to\b|and\b)[^\s.;()]+){{0,6}}? to "
    rf"[$€£]?(?P<b>{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:power(?:ed)?|detect|assum\w*|hypothes\w*|expected|would|planned|if|previous\w*|earlier|margin|dilution|"
    r"dose|cut-?off|threshold|upper limit|ULN|range|limit of normal)\b",
    re.IGNORECASE,
)
_LEAST, _MOST = Fraction(4, 5), Fraction(5, 4)
_LEAST_ABOUT, _MOST_ABOUT = Fraction(2, 3), Fraction(3, 2)


_WORDS_OF_RATIOS = (
    *("ratio", "relative risk", "hr ", "hr=", "hr,", "rr ", "aor", "or 0."),
    *("or 1.", "or 2.", "rr=", "or=", "(rr", "(or", "(hr", "irr"),
)


def check_multiples(case: Case) -> None:
    """Check words of multiples, and percentages by which a risk is higher or lower, in sentences with one ratio."""
    for p in sentences_with(
        case, "fold", "doubl", "tripl", "trebl", "halv", "half", "twice", " times", "quadrupl", "third", "quarter"
    ):
        _in_words(case, p)
    for p in sentences_with(case, *_WORDS_OF_RATIOS):
        _in_percent(case, p)


def _in_words(case: Case, p: Passage) -> None:
    words = list(_WORDS.finditer(case.flat, p.start, p.end))
    if len(words) != 1 or _PLANNED.search(case.flat, p.start, p.end):
        return
    m = words[0]
    times = _size(m)
    if times is None or (m["part"] and _RISING.search(case.flat, p.start, p.end)):
        return
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
        ):
            return
        if pairs[0].start("b") == m.start("number"):
            return  # `from 5 to 120-fold`: both are multiples
        size = b.value / a.value
        text = f"“{shown}”, and from {a.text} to {b.text} is {float(size):.3g} times as much"
        sizes = [size] if m["half"] or m["part"] else [size, 1 / size] if "fold" in m[0] else [size]
        _compare(case, p, m, times, sizes, [pairs[0].span("a"), pairs[0].span("b")], text, "difference")
    elif not pairs and not ratios and (_AS_MUCH.match(case.flat, m.start(), p.end) is not None):
        values = [v for v in values_in(case, m.end(), p.end) if v.value.value > 0]
        if len(values) == _PAIR and values[0].unit == values[1].unit:
            a, b = (v.value for v in values)
            text = f"“{shown}”, and {a.text} to {b.text} is {float(a.value / b.value):.3g} times as much"
            _compare(case, p, m, times, [a.value / b.value], [v.span for v in values], text, "difference")
    elif not pairs and not ratios and "fold" in m[0] and _DIFFERENCE.match(case.flat, m.end()):
        values = [v for v in values_in(case, p.start, m.start()) if v.value.value > 0]
        if len(values) == _PAIR and _OUT_OF.search(case.flat, values[0].span[1], values[1].span[0]):
            return  # `4 out of 9 drugs had a 5-fold difference`
        if len(values) == _PAIR and values[0].unit == values[1].unit:
            a, b = (v.value for v in values)
            sizes = [a.value / b.value, b.value / a.value]
            text = f"“{shown}”, and {a.text} to {b.text} is {float(max(sizes)):.3g} times as much"
            _compare(case, p, m, times, sizes, [v.span for v in values], text, "difference")


_OUT_OF = re.compile(r" ?(?:(?:out )?of|/)(?: the| these)? ?$")
_NEAR = 110
_PAIR = 2
_AS_MUCH = re.compile(
    r"(?:[a-z-]+ )*?(?:[a-z]+|[\d.]+) times as (?:high|many|much|large|long|common|great|often|frequent)|twice as ",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r" (?:difference|increase|decrease|rise|reduction|change|higher|greater|lower)\b")
_ALSO = re.compile(r"\b(?:respectively|versus|vs\.?|than|compared|while|whereas)\b")
_YEARS = range(1900, 2101)


def _year(x: Printed) -> bool:
    return not x.digits and int(x.value) in _YEARS


def _same(case: Case, a: re.Match[str], b: re.Match[str]) -> bool:
    """Whether no clause ends between two places."""
    return re.search(r";|\.\s|\bbut\b", case.flat[min(a.end(), b.end()) : max(a.start(), b.start())]) is None


def _size(m: re.Match[str]) -> Fraction | None:
    if m["half"]:
        return Fraction(1, 2)
    if m["part"]:
        return _PARTS[m["part"].lower().replace("-", " ").split()[-1]]
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
    if any(compared(case, place, kind) for place in places):
        return
    about = (m["about"] or "").strip(" -").lower()
    meant = (
        [times, times + 1]
        if m["more"] and not m["half"] and m["more"].strip().lower() not in ("as", "increase", "rise")
        else [times]
    )
    least, most = (_LEAST_ABOUT, _MOST_ABOUT) if about else (_LEAST, _MOST)
    if about in ("more than", "over", "well over", "at least", "just over"):
        least = Fraction(49, 50)
    places = [m.span(), *places]
    if any(least * t <= size <= most * t for t in meant for size in sizes):
        judge(case, p, kind, places, "ok", f"{shown}.", "ratio in words")
    else:
        judge(case, p, kind, places, "unlikely", f"{shown}: they do not agree.", "ratio in words")


_EVENT = (
    r"(?:risks?|hazards?|odds|mortality|deaths?|dying|recurrences?|relapses?|incidence|events?|progression|likelihood|"
    r"infections?|complications?|strokes?|failures?|hospitali[sz]ations?|exacerbations?|bleeding|infarctions?|"
    r"cancers?|fractures?|falls|admissions|readmissions?|prevalence|chance|probability|disease)(?! ratio)"
)
_TOLD = re.compile(
    rf"(?<![\w.-])(?P<p>{NUMBER}) ?(?:%|percent\b|per cent\b) ?(?:relative )?"
    rf"(?:(?P<less>lower|less|fewer|reduced|decreased|reduction|decrease)|(?P<more>higher|greater|more|increased?|"
    rf"excess|elevated))(?: (?!points?|and\b|or\b|but\b|with\b)[a-z-]+){{0,4}}? {_EVENT}\b"
    rf"|\b{_EVENT}(?: [a-z-]+){{0,8}}? (?P<q>{NUMBER}) ?(?:%|percent) (?:(?P<less2>lower|less|reduced)|"
    r"(?P<more2>higher|greater|increased))\b"
    rf"|\b(?:(?P<less3>reduc\w+|lower\w*|decreas\w+|cut)|(?P<more3>increas\w+|rais\w+|rose))(?: (?:the|in|of|a))*"
    rf"(?: [a-z-]+){{0,4}}? {_EVENT}(?: [a-z-]+){{0,6}}? by (?P<r>{NUMBER}) ?(?:%|percent)"
    rf"|\b{_EVENT}(?: [a-z-]+){{0,5}}? (?:(?P<less4>fell|decreased|declined|dropped|was reduced|was lowered)|"
    rf"(?P<more4>rose|increased|was increased|grew)) by (?P<s>{NUMBER}) ?(?:%|percent)",
    re.IGNORECASE,
)
_STEPS = re.compile(r"\b(?:for (?:every|each)|per (?:year|decade|unit|point|SD|\d))\b", re.IGNORECASE)
"""A percentage of one step and a ratio of another: `for every decade 30% higher odds (OR 1.03 per year)`."""
_POINTS = re.compile(r"percentage|absolute|points?\b|surviv|absolutely", re.IGNORECASE)


_TRANSLATED = re.compile(r"\btranslat\w+\b")
"""Before a percentage that is of more than one step of what the ratio is per."""


def _in_percent(case: Case, p: Passage) -> None:
    """`a 13% higher mortality (adjusted HR = 1.32`: the ratio less one, or one less the ratio, of either group."""
    ratios = list(_RATIO.finditer(case.flat, p.start, p.end))
    if len(ratios) != 1 or not ("%" in (words := case.flat[p.start : p.end]) or "percent" in words):
        return
    told = list(_TOLD.finditer(case.flat, p.start, p.end))
    if len(told) != 1 or any(x.search(case.flat, p.start, p.end) for x in (_STEPS, _PLANNED, _TRANSLATED)):
        return
    m = told[0]
    if not _same(case, m, ratios[0]) or _POINTS.search(case.flat, m.start(), max(m.end(), ratios[0].start())):
        return
    value = read_printed(ratios[0]["v"])
    which = next(k for k in "pqrs" if m[k])
    given = read_printed(m[which])
    if value.value <= 0 or value.low <= 0 or compared(case, m.span(which), "derived"):
        return
    less = any(m[k] for k in ("less", "less2", "less3", "less4"))
    ends = [100 * abs(1 - x) for x in (value.low, value.high)]
    turned = [100 * abs(1 - 1 / x) for x in (value.low, value.high)]
    places = [m.span(which), ratios[0].span("v")]
    size = float(100 * (value.value - 1))
    right_way = (value.value < 1) == less
    if right_way and min(ends) <= given.high and given.low <= max(ends):
        judge(case, p, "derived", places, "ok", f"{given.text} % goes with a ratio of {value.text}.", _METHOD)
    elif not right_way and min(turned) - 1 <= given.high and given.low <= max(turned) + 1:
        judge(case, p, "derived", places, "ok", f"{given.text} % is that of the other group, {value.text}.", _METHOD)
    elif not _of_a_limit(case, p, given):
        change = "a reduction" if size < 0 else "an increase"
        sentence = f"A ratio of {value.text} is {change} by {abs(size):.3g} %, printed {given.text} %."
        judge(case, p, "derived", places, "unlikely", sentence, _METHOD)


def _of_a_limit(case: Case, p: Passage, given: Printed) -> bool:
    """Whether the percentage goes with a limit of the ratio: `in the worst case a 33% increase (1.01; 0.77-1.33)`."""
    if _WORST.search(case.flat, p.start, p.end) is None:
        return False
    limits = [
        x
        for s in case.by_passage.get(p.index, ())
        if s.kind == "hr_ci_p"
        for x in (s.quantities.low, s.quantities.high)
        if isinstance(x, Printed)
    ]
    return any(abs(100 * abs(1 - x.value) - given.value) <= 50 * x.step + given.step for x in limits)


_WORST = re.compile(
    r"\b(?:worst|best|up to|at most|at least|as (?:low|high|large|much|little) as|rul(?:ed?|es|ing) out|exclud\w+|"
    r"compatible|consistent|limit)\b",
    re.IGNORECASE,
)
_METHOD = "ratio - 1"
