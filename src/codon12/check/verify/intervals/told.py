"""Estimates with their limits as prose tells them, whatever words stand between: the one reader of such sentences.

`the odds were 1.84 times higher where badgers were trapped (95% CI 1.21 to 2.80)`; `1.61 (1.28 to 2.03)` beside other
ratios; `a mean gain of 34 g/day (95% CI 9 to 59 g/day; P = 0.01)`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Strength
from codon12.check.verify.asked import in_small
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Estimate", "Sort", "estimates_in", "without_asides"]

Sort = Literal["ratio", "difference", "share", "level"]
"""What is estimated: a ratio (of no effect at 1), a difference (at 0), a share in percent, or a level."""

Limits = Literal["ci", "range", "iqr"]
"""What the limits are: those of an interval of confidence, the extremes, the quartiles."""
_S = rf"(?:(?<![\d%])[-+])?{NUMBER}"
_LIMIT = rf"(?:(?<![\d%])[-+])?(?:{NUMBER}|\.\d+)"
_UNIT = r"(?:%|(?!to\b|and\b|fewer\b|more\b|less\b|lower\b|higher\b)[a-zA-Zµμ°][\w/%²³·µμ-]*(?: ?(?:per|of) [a-z]+)?)"
_PAIR = (
    rf"(?P<a>{_LIMIT})(?! ?% ?(?:CI|confidence))(?: ?(?P<u>{_UNIT}))?(?: ?(?:to|and|through|-|,|;) ?)"
    rf"(?P<b>{_LIMIT})(?![\d.,]*\d|-\w)(?: ?(?P<w>{_UNIT}))?"
)
_NAME = (
    r"(?:(?P<level>\d\d(?:\.\d+)?) ?(?:%|percent|per cent)? ?-?)?(?:(?!and\b|to\b)[a-z-]+ ){0,2}?(?:CIs?|CrI|HDI|UI|"
    r"(?:[Cc]onfidence|[Cc]redible|[Uu]ncertainty) (?:[Ii]ntervals?|[Ll]imits|[Bb]ounds)|(?<=9\d% )(?:[Ii]ntervals?|"
    r"[Ll]imits|[Bb]ounds))\b(?: ?[(\[](?:CI|CrI|UI|9\d ?% ?CI)[)\]]|, (?:9\d ?% ?)?CI\b| \(CI,)?(?: ?\d\d ?%)?(?:,|:|"
    r";| =|=| of| was| were| is| from| between| ranging from| ranged from| extending from| running from| ran from| "
    r"spanned| extended from| being)* ?[(\[]?"
)
_LABELLED = re.compile(rf"(?<![\w.]){_NAME} ?{_PAIR}")
_LABEL_BEHIND = re.compile(
    rf"[(\[]{_PAIR}[,;:]? ?(?:[a-z]+ ){{0,2}}?(?:(?P<level>\d\d(?:\.\d+)?) ?(?:%|percent|per cent) ?)?(?:CI|CrI|"
    r"(?:[Cc]onfidence |(?<=\d% )(?:bootstrap |credible )?)(?:[Ii]nterval|[Ll]imits|[Bb]ounds))\b(?! ?[,:=]? ?-?\d)"
)
"""`(120 to 500, 95% confidence interval)`."""
_SPREAD = re.compile(
    r"(?<![\w.])(?P<name>IQR|[Ii]nter-?quartile range|(?:lower and upper |first and third )?[Qq]uartiles?|Q1(?:-| to"
    r" |, | and )Q3|25th(?:-| to | and )75th percentiles?|(?<!reference )(?<!normal )(?<!possible )(?<!score"
    r" )(?<!scale )"
    r"(?<!age )(?<!target )(?:full |overall |total )?(?:[Rr]ange[sd]?|ranging|[Ee]xtremes|min(?:imum)?(?:-| to |, )max"
    r"(?:imum)?))(?: \(IQR\))?"
    rf"(?:,|:|;| =|=| of| was| were| is| from| between)* ?[(\[]? ?{_PAIR}"
)
"""The range or the quartiles of a median or a mean."""
_HAS_NAME = re.compile(r"9\d ?% (?:limits|interval|bounds)|CIs?\b|CrI|onfidence|redible|ncertainty|HDI|\bUI\b")
_HAS_SPREAD = re.compile(r"[Rr]ang|IQR|uartile|ercentile|xtremes|\bmin|\bQ1")
"""Words of which a sentence has one where it has such limits."""
_RANGE_FIRST = re.compile(
    rf"(?<!quartile )\b(?P<name>range[sd]?|ranging|spann(?:ed|ing)|varied|lay|lie|lies|extend(?:ed|s))(?:,|:| from|"
    rf" between| of| was)* {_PAIR}"
    r"(?:(?!vs?\.|versus|than|compared)[^.;)\d]){0,40}?"
    rf"\b(?:median|mean|average)(?: [a-z]+)?(?: \((?:SD|IQR)\))?(?: of| was| being| is|,|:| =)*"
    rf" (?P<v>{_S})(?![\d.,]*\d)"
    r"(?: ?(?P<x>%|[a-zA-Zµ/]+))?"
)
"""`ranged from 0.8 to 6.5 cm, with a median of 2.4 cm`."""
_BARE = re.compile(
    rf"(?<![\w.,/<>≤≥±])(?P<v>{_S})(?P<unit> ?%)? ?[(\[](?P<a>-?{NUMBER})(?: ?%)?(?: to |-|, |; )(?P<b>-?{NUMBER})"
    r"(?: ?%)?[)\]]"
)
"""A value and a pair of limits alone in the bracket behind it."""
_BACK = re.compile(
    rf"(?<![\w.,/<>≤≥±:∶])(?<![A-Za-z]-)(?P<v>{_S})(?![\d.,]*\d)(?P<between>(?:(?!; |[.?!] |\b(?:and|but|whereas"
    rf"|while)\b)"
    r"[^\d]){0,90})$"
)
"""The last number before an interval, in one clause with it."""
_IN_TWO = re.compile(
    r"(?:\b(?:vs?\.?|versus|and|than|or|against|compared (?:with|to))|\bfrom [^;]{1,50}\bto|[<>≤≥]) ?$"
)
"""Before the second of two values, whose interval may be that of their difference."""
_ASIDES = re.compile(  # for a text in small letters; parted by what a match begins with, which most characters are not
    r"\b(?=[^\W\d_])(?:(?:at|after|within|over|during|for|until|every|in|through|across|among|per|about every) (?:the |"
    r"a |all )?(?:first |last |total of )*\d[\d,.]*(?:[- ](?:to|and|-) ?\d+)?[- ](?:years?|months?|weeks?|days?|hours?|"
    r"h|min(?:utes)?)\b(?:-old)?(?!\)? ?[(\[,;]+ ?(?:9\d ?(?:%|per)|ci|iqr|range))|n ?= ?\d[\d,]*|"
    r"p(?:[- ]?values?)?(?: for [a-z]+)?(?: ?[=<>≤≥] ?| (?:was |is )?(?:less|greater) than )\d?\.\d+|per (?:\d[\d,]*|"
    r"\d+(?:\.\d+)?)\b|(?:type|grade|stage|phase|wave|quartile|tertile|quintile|cycle|group|table|figure|model|step|"
    r"day|week|month|year|aged|age|sd|se|cohort|study|level) ?\d+(?:\.\d+)?\b|(?:sd|se|sem|i2|i²|tau2|τ2|τ²|df|"
    r"[tfzq])(?: \([a-z ]+\))? ?[=:,] ?-?\d[\d.]*|i2 of \d+|(?:iqr|interquartile range)\]?(?:,| of|:| =)* "
    r"?\d[\d.]*°?(?! ?(?:-|to|,|and) ?\d)|(?:standard deviation|standard error|sd|se)(?: \([a-z]+\))?(?: of| was|,|:| "
    r"=)* ?\d[\d.]*|(?:in|of|among|from|for) (?:the |all |these )?\d[\d,]* (?!(?:years?|months?|weeks?|days?|hours?|"
    r"minutes?|cm|mm|kg|mg|points?) )(?:[a-z-]+ ){0,3}?(?:patients|participants|women|men|children|people|adults|"
    r"subjects|infants|studies|trials|samples|animals|eyes|births|cases|controls|herds|pupils|students|residents|"
    r"individuals|pregnancies|persons|residents|dogs|cats|cows|calves|nurses|households|households|hospitals|practices|"
    r"schools)\b|b[eo]tween -?\d[\d.]* and -?\d[\d.]*\b)|\d(?:(?<![\d.]\d)\d*-(?:year|month|week|day|hour|minute|point|"
    r"item|fold|mg|ml|kg|unit)s?\b(?=[ -][a-z])(?! (?:lower|higher|more|less|fewer|longer|shorter))|"
    r"(?<![\d.]\d)[\d,]*(?: of(?: the)? |/| out of )\d[\d,]*(?![\d.]*\d)|(?<=\b[12])(?:(?<=1)[89]|(?<=2)0)\d\d\b(?! "
    r"?(?:%|g\b|m[lg]\b))|(?<=\b\d)\d*(?:st|nd|rd|th)\b)|[x×] ?10(?:\^?-?\d+)?\b|(?:±|\+/-) ?\d+(?:\.\d+)?|"
    r"\[\d+(?:[,-] ?\d+)*\]|\((?:scale|range|from|scored|possible range)[^()]{0,20}\d+ ?(?:to|-) ?\d+\)",
)
"""Numbers that say when, of how many, in which group: none of them is estimated."""
_RATIO = re.compile(
    r"\b(?=[a-zA-Z])(?i:odds|hazards?|risk|rate|prevalence|incidence|mortality|mean|geometric|sub-?hazards?|density|"
    r"geometric mean) (?i:ratios?)\b|\b(?i:relative (?:risk|rate|hazard|odds)|hazard rate|the odds|(?:adjusted|higher|"
    r"lower|increased|reduced) odds)s?\b|\b[aAcCuU]?(?:adj)?(?:[csS]?HR|OR|RR|IRR|PR|SMR|SIR|RRR|ROR)s?\b|\btimes "
    r"(?:as|the|higher|more|greater|lower|less)\b|\bfold\b",
)
_DIFFERENCE = re.compile(
    r"\b(?:differ\w*|chang\w+|reduc\w+|decreas\w+|increas\w+|declin\w+|gain(?:s|ed)?|improve\w*|lower(?:ed)?|higher|more|"
    r"fewer|less|longer|shorter|greater|smaller|heavier|lighter|taller|older|younger|better|worse|rose|fell|drop\w*|"
    r"rise|fall|grew|lost|loss|shift\w*|coefficients?|slopes?|effects?|benefit|excess|beta|saved|shorten\w*|prolong\w*|"
    r"MD|WMD|SMD|RD|ARR)\b|β|Δ|\bb ?= ?$",
    re.IGNORECASE,
)
_P_BEHIND = re.compile(
    r"(?: ?(?:%|[a-zA-Z/]+(?: per [a-z]+)?))? ?[)\],;:]{0,2} ?[(\[,;]? ?(?:[nN] ?= ?\d+[,;] ?)?"
    r"(?:with )?(?:an? )?(?:two-sided )?"
    r"[Pp](?:[- ]?values?)?(?P<op> ?[=<>≤≥]| of| was) ?(?P<p>[01]?\.\d+)(?![\d.]*\d| ?[x×]|[eE-])"
    r"(?! for (?:interaction|trend|non|equi|hetero)|,? and [<=>]? ?\d?\.\d)"
)
_P_AHEAD = re.compile(r"\b[Pp](?:[- ]?value)? ?(?P<op>[=<>≤≥]) ?(?P<p>[01]?\.\d+)[;,] ?$")
_ESTIMATES_AHEAD = 130
"""Characters before an estimate in which it is named."""


class Estimate(NamedTuple):
    """A value with its limits, what it is, where the three stand, and the P value in the same bracket, if any."""

    value: Printed
    low: Printed
    high: Printed
    sort: Sort
    places: tuple[tuple[int, int], ...]
    tie: Strength
    level: str | None
    unit: str
    unit_of_limits: str
    named: str
    """The words before the value, in its clause."""
    limits: Limits = "ci"
    p: Printed | None = None
    op: str = "="
    p_place: tuple[int, int] = (0, 0)
    listed: bool = False
    """Whether it is a ratio by the name of the one before it in a list."""


@lru_cache(64)  # several rules read a sentence
def without_asides(text: str) -> str:
    """A text in which no number says when, of how many or in which group, each letter of an aside an `x`.

    Examples
    --------
    >>> without_asides("a fall of 3.2 at 12 weeks in 40 men")
    'a fall of 3.2 xxxxxxxxxxx xxxxxxxxx'
    """
    plain, since = "", 0
    for m in _ASIDES.finditer(in_small(text)):
        aside = "x" * len(m[0]) if m[0].count(" ") <= 9 else re.sub(r"\S", "x", m[0])
        plain, since = plain + text[since : m.start()] + aside, m.end()
    return plain + text[since:]


def estimates_in(case: Case, p: Passage) -> list[Estimate]:
    """Every estimate of a sentence that has its limits beside it, in order."""
    found = sorted(_read(case.flat[p.start : p.end], p.start), key=lambda e: e.places[1])
    for k in range(1, len(found)):
        if _is_next_of(case.flat[found[k - 1].places[2][1] : found[k].places[0][0]], found[k - 1], found[k]):
            found[k] = found[k]._replace(sort="ratio", listed=True)
    return found


_NEXT = re.compile(
    r"[^()]{0,40}\)(?:(?!\b(?:was|were|is|are|had|medians?|means?|rates?)\b)[^();:.]){0,80}"
    r"|[^()]{0,40}\),? (?:and|whereas|while|but) that (?:of|for) [^();:]{1,90} (?:was|were) "
)
"""Between two estimates of one name: `was 1.15 (95% CI, 0.81 to 1.61) for men, 1.21 (...)`, `and that of men was`."""


def _is_next_of(between: str, first: Estimate, e: Estimate) -> bool:
    """Whether an estimate without a name or unit is the next of a list of ratios."""
    alike = first.sort == "ratio" and e.sort in ("level", "difference") and e.limits == "ci" and e.tie == "explicit"
    bare = not (first.unit or e.unit or first.unit_of_limits or e.unit_of_limits) and e.low.value > 0
    return alike and bare and e.value.digits == first.value.digits > 0 and _NEXT.fullmatch(between) is not None


def _read(text: str, at: int) -> list[Estimate]:
    out: list[Estimate] = []
    named = _HAS_NAME.search(text) is not None
    spread = _HAS_SPREAD.search(text) is not None
    labelled = [*_LABELLED.finditer(text), *_LABEL_BEHIND.finditer(text)] if named else []
    labelled += _SPREAD.finditer(text) if spread else ()
    plain = without_asides(text) if labelled else text
    held = [m.span() for m in labelled]
    for start, end in held:
        plain = plain[:start] + "x" * (end - start) + plain[end:]
    for m in labelled:
        found = _estimate(text, plain, m, at)
        if found is not None and (found.limits == "ci" or _MIDDLE.search(found.named)):
            out.append(found)
    for m in _RANGE_FIRST.finditer(text) if _MIDDLE.search(text) else ():
        value, low, high = (read_printed(m[k].lstrip("+")) for k in "vab")
        places = tuple((at + m.start(k), at + m.end(k)) for k in "vab")
        told = Estimate(value, low, high, "level", places, "inferred", None, m["x"] or "", m["w"] or m["x"] or "", m[0])
        out.append(told._replace(limits="range"))
    for m in _BARE.finditer(text) if _RATIO.search(text) else ():
        if any(x <= m.start("a") < y for x, y in held):
            continue
        value, low, high = (read_printed(m[k].lstrip("+")) for k in "vab")
        words = _clause_before(text, m.start("v"))
        if min(value.digits, low.digits, high.digits) < 1 or not _RATIO.search(words) or m["unit"]:
            continue
        places = tuple((at + m.start(k), at + m.end(k)) for k in "vab")
        out.append(_with_p(text, at, m, Estimate(value, low, high, "ratio", places, "inferred", None, "", "", words)))
    return out


def _clause_before(text: str, end: int) -> str:
    words = text[max(0, end - _ESTIMATES_AHEAD) : end]
    return re.split(r"; |(?<!\bvs)\. ", words)[-1]


_ANOTHER_PAIR = re.compile(rf"[)\]]? ?[(\[]{NUMBER} ?(?:-|to|,) ?{NUMBER}[)\]]")


def _estimate(text: str, plain: str, m: re.Match[str], at: int) -> Estimate | None:
    low, high = read_printed(m["a"].lstrip("+")), read_printed(m["b"].lstrip("+"))
    if m["u"] and m["w"] and m["u"].rstrip("s") != m["w"].rstrip("s") and "%" not in m["u"] + m["w"]:
        return None  # 5 months to 24 years
    head = plain[: m.start()]
    p_ahead = _P_AHEAD.search(text[: m.start()])
    if p_ahead is not None:
        head = plain[: p_ahead.start()]
    tail = _TAIL.search(head, max(0, len(head) - _LONGEST_TAIL))
    head = head if tail is None else head[: tail.start()]
    b = _BACK.search(head)
    if b is None or _is_second(text, head, b.start("v")) or _SPREAD_AHEAD.search(head, 0, b.start("v")):
        return None
    if re.search(r"/[a-z]?m $", text[: b.start("v")]):
        return None  # the power of a unit: `-13.2 g/m 2 [95% CI -20.2, -6.2]`
    if _ANOTHER_PAIR.match(text, m.end()) and text[: b.start("v")].rstrip()[-1:].isdigit():
        return None  # two rows of a table: `median 9.1 20.5`, `95% CI (7.8, 11.4) (18.2, 22.9)`
    value = read_printed(b["v"].lstrip("+"))
    named = _clause_before(text, b.start("v"))
    if not re.search("[a-z]{3}", named) or _OTHER_SCALE.search(named):
        return None
    aside = [read_printed(x) for x in re.findall(NUMBER, text[b.end("v") : len(head)])]
    if any(low.value <= x.value <= high.value for x in aside):
        return None  # the limits are of a number told behind it
    between = b["between"].strip()
    known = _KNOWN_UNIT.match(between)
    unit = known["u"] if known else ""
    rest = between[known.end() :].strip() if known else between
    tie: Strength = "explicit" if not rest.strip(" ()[],;:") else "inferred"
    places = ((at + b.start("v"), at + b.end("v")), *((at + m.start(k), at + m.end(k)) for k in "ab"))
    sort = _sort(named, unit, rest, value, low)
    found = Estimate(
        value,
        low,
        high,
        sort,
        places,
        tie,
        m.groupdict().get("level"),
        unit,
        (m["w"] or m["u"] or ""),
        f"{named} ~ {rest}",
    )
    if m.re.pattern == _SPREAD.pattern:
        return found._replace(limits="iqr" if re.search("q|25", m["name"].lower()) else "range")
    found = _with_p(text, at, m, found)
    if found.p is None and p_ahead is not None:
        found = found._replace(
            p=read_printed(p_ahead["p"]), op=p_ahead["op"], p_place=(at + p_ahead.start("p"), at + p_ahead.end("p"))
        )
    return found


def _is_second(text: str, head: str, at: int) -> bool:
    """Whether a value is the second of two, the first of which has no limits of its own."""
    return (
        _IN_TWO.search(head[:at].rstrip()) is not None
        and _OWN_LIMITS.search(text, max(0, at - _NEXT_IN_LIST), at) is None
    )


_OWN_LIMITS = re.compile(r"\b(?:CI|interval)\b[^()]*\)[^().;]{0,60},? and $")
_NEXT_IN_LIST = 130
_TAIL = re.compile(r"(?:[\s(\[,;:]|\b(?:and|with) its\b|\bwith an?\b|\bwith\b|\bat\b|\bits\b|\bthe\b|\ban?\b)+$")
_LONGEST_TAIL = 40
_SPREAD_AHEAD = re.compile(r"\d ?(?:%|[a-zA-Z/]+)? ?[(\[]$")
"""A number right before the bracket that begins with another: the second is its deviation."""
_MIDDLE = re.compile(r"\b(?:medians?|means?|averag\w+)\b", re.IGNORECASE)
_OTHER_SCALE = re.compile(
    r"\b(?:std|standardi[sz]ed)\b(?! (?:mortality|incidence|prevalence|hospitali[sz]ation) )[^;]{0,30}$", re.IGNORECASE
)
"""Before a standardised coefficient, whose limits are often those of the plain one."""
_KNOWN_UNIT = re.compile(
    r"(?P<u>%|percent(?: points?)?|per cent|percentage[- ]points?|points?|mm ?Hg|kg/m2|k?g(?:/d?L|/L)?|mg(?:/d?L)?|"
    r"ng/mL|[mµμ]mol/(?:L|mol)|mL(?:/min|/year|/kg)?|ml|cm|mm|L|years?|months?|weeks?|days?|hours?|h|min(?:utes?)?|"
    r"[a-zA-Zµ]{1,4}/[a-z]+)(?![\w-])",
)


def _sort(named: str, unit: str, rest: str, value: Printed, low: Printed) -> Sort:
    ratios = list(_RATIO.finditer(named))
    differences = list(_DIFFERENCE.finditer(named))
    times = _RATIO.match(rest) or re.match(r"-?(?:times|fold)\b", rest)
    signed = value.value < 0 or low.value < 0
    if times and not signed:
        return "ratio"
    if unit and "point" in unit:
        return "difference"
    last = differences[-1].end() if differences else -1
    if ratios and not signed and unit in ("", "%") and (not unit or ratios[-1].end() > last):
        return "ratio" if not unit else "share"
    if differences or signed or re.match(r"(?:lower|higher|more|less|fewer|longer|shorter|greater|points?)\b", rest):
        return "difference"
    return "share" if unit in ("%", "percent", "per cent") else "level"


def _with_p(text: str, at: int, m: re.Match[str], e: Estimate) -> Estimate:
    b = _P_BEHIND.match(text, m.end("b"))
    if b is None:
        return e
    op = {" of": "=", " was": "="}.get(b["op"], b["op"].strip())
    return e._replace(p=read_printed(b["p"]), op=op, p_place=(at + b.start("p"), at + b.end("p")))
