"""The value of all lies between those of its parts, wherever the words stand: `6.1 in A and 8.3 in B (9.7 for all 73)`.

A mean, a rate, a median or a pooled ratio of groups put together is none of its smallest or largest.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_between"]

_UNITS = (
    r"%|percent|per cent|years?|months?|weeks?|days?|hours?|min(?:utes?)?|points?|mm ?Hg|kg/m2|kg|cm|mm|mL|ml|g/d?L"
    r"|mg/d?L|[mµμ]mol/L|ng/mL|h|g|L|°C|m"
)
_VALUE = re.compile(
    rf"(?<![\w.,/<>≤≥±])(?<![A-Za-z\d]-)(?<!below )(?<!above )(?<!under )(?<!over )(?P<v>{NUMBER})(?![\d.,]*\d|-\w)"
    rf"(?: ?(?P<u>{_UNITS})(?![\w/-]))?"
)
_GROUPS = (
    r"(?:patients|participants|subjects|cases|adults|children|women|men|groups|arms|sexes|cohorts|strata|halves|sets|"
    r"sites|regions|cent(?:er|re)s|countries|hospitals|schools|trials|studies|samples|births|infants|animals|"
    r"respondents|pupils|tumou?rs|visits|occasions|observers|readers|raters|rounds|doses)"
)
_ALL = re.compile(
    r"\boverall(?! (?:survival|respon\w+|mortality|quality|grade|incidence))|(?:giving|yielding|for) an overall\b"
    rf"|\b(?:in total|altogether|(?<=of )all(?= (?:was|were)\b)|all(?= (?:\d|xx|the\b|together|combined|three|"
    rf"four|of them|{_GROUPS}\b))|"
    r"(?:the |this )?(?:whole|entire) [a-z]+|(?:the |this )?(?:total|full|combined|pooled) (?:sample|cohort|group|"
    r"population|series|study|trial|material|set|collective|class|herd|data)|"
    rf"(?:both|the two|the three) (?:{_GROUPS}\b(?: (?:taken )?(?:together|combined))?|[a-z]+ (?:taken )?(?:together|"
    r"combined))|taken together|everyone|everybody|(?:pooled|summary|combined|fixed-effects?|random-effects?)"
    r"(?: [a-z-]+){0,2} (?:estimate|summary|ratio|value|effect|result|analys[ei]s|rate|was|mean|HR|OR|RR))\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:group|arm|cohort|centre|center) (?:x|[A-Z])\b|\b(?:in|of|for|among|with|at|on|after|from|under) (?!all\b|"
    r"both\b|total\b)|\b(?:boys|girls|men|women|males|females)\b"
)
_PEOPLE = re.compile(r"\b(?:in|of|among) [a-zA-Z\d]")
_NOT_ONE = re.compile(
    r"\b(?:range[ds]?|ranging|IQR|SD|SE|differ\w*|chang\w*|increas\w*|decreas\w*|reduc\w*|rose|fell|versus|vs|than|from|"
    r"grade|any|at least|at most|respectively|adjust\w*|complete|partial|P|sensitivity|specificity|"
    r"cumulative|until|since|annual\w*|yearly|over (?:the )?\w+ (?:years|months|weeks)|"
    r"(?:in|the|first|second|third|per|a) year|years? \d|more|fewer|lower|higher|up to|within|half)\b|±|[<>≤≥=]"
)
_MEAN = re.compile(r"\b(?:mean|average|median|scores?|index|BMI)\b", re.IGNORECASE)
_OF_SCALES = re.compile(r"\b(?:sub-?)?(?:scales?|scores?|questionnaires?|inventory|domains?|items?)\b", re.IGNORECASE)
_RATIO = re.compile(r"\b(?:ratios?|relative risks?|HR|OR|RR|IRR)\b")
_ASIDE = re.compile(
    r"\b(?=[OCc9])(?:Of (?:all|the (?:whole|entire|total))\b|(?:9\d ?% )?(?:CI|confidence interval)[^()\[\]]*)|"
    r"\d(?:(?<=\bgroup \d)|(?<=\barm \d)|(?<=\bcohort \d)|(?<=\bcentre \d)|(?<=\bcenter \d))(?=[:,) ])|"
    r"[≥≤ \d](?:(?<=[≥≤]) ?\d|(?<= )\d|(?<=\d))[\d.]* ?%? or "
    r"(?:more|less|fewer|higher|greater|lower|above|below|older|younger)\b"
)
"""Limits, what parts the groups (`1% or more`), and whom a share is of (`Of all patients`)."""
_LAST_P = re.compile(r" \(P ?[=<] ?0?\.\d+\)(?=\.?\s*$)")
_CUT = re.compile(r"[,;()]| and | while | whereas | but |: ")
_BRACKET = re.compile(
    r" ?(?:[a-z%/]+ ?)?(?:of (?:the |all )?[a-z]+ ?)?(?:\(|: ?|, (?:namely|that is) |; (?:it|this|they) (?:was|were) )"
)
_SHARED = re.compile(
    r"\b(?:arm|group|cohort|men|women|patients|participants|children|adults|boys|girls|males|females|centre|center|"
    r"those|responders|controls|cases|phase|stud(?:y|ies)|trials?|hospitals?|north|south|east|west|regions?|stage|"
    r"carriers|\w+-(?:positive|negative|risk|naive|treated|type|resistant)|smokers|users|tumou?rs|lesions|recurrences|procedures|operations|hips|knees|eyes|teeth|implants)\b",
    re.IGNORECASE,
)
"""Words of which the parts of a bracket each have one: they are groups of people, not of events."""
_FEWEST, _MOST = 3, 6
_FIGURES = re.compile(r"\d+")


class _Value(NamedTuple):
    value: Printed
    span: tuple[int, int]
    unit: str
    around: str


_FALSE = re.compile(r"\bfalse[- ](?:positive|negative)", re.IGNORECASE)


def check_between(case: Case, p: Passage) -> None:
    """Check every sentence that gives one measure for two or more parts and once for all of them."""
    if len(_FIGURES.findall(case.flat, p.start, p.end)) < _FEWEST:
        return
    text = _LAST_P.sub(lambda m: " " * len(m[0]), case.flat[p.start : p.end])
    text = _ASIDE.sub(lambda m: "x" * len(m[0]), text)
    if not _NOT_ONE.search(text):
        _judge(case, p, text)


def _values(text: str) -> list[_Value]:
    found = list(_VALUE.finditer(without_asides(text)))
    if any(m["u"] for m in found):
        found = [m for m in found if m["u"] or "." in m["v"]]
    values = []
    for k, m in enumerate(found):
        start = found[k - 1].end() if k else 0
        stop = found[k + 1].start() if k + 1 < len(found) else len(text)
        behind = _CUT.split(text[m.end() : stop])[0]
        ahead = _CUT.split(text[start : m.start()].rstrip(" ,:"))
        before = ahead[-1] if k == 0 or len(ahead) > 1 else ""  # else it goes with the number before
        unit = (m["u"] or "").rstrip("s").replace("percent", "%")
        values.append(_Value(read_printed(m["v"]), m.span("v"), unit, f"{before} | {behind}"))
    return values


def _judge(case: Case, p: Passage, text: str) -> None:
    values = _values(text)
    if not _FEWEST <= len(values) <= _MOST:
        return
    wholes = [v for v in values if _ALL.search(v.around)]
    if wholes and _each_of_its_own(values):
        return
    if not wholes and _first_of_all(text, values):
        wholes = values[:1]
    parts = [v for v in values if v not in wholes]
    units = {v.unit for v in values if v.unit}
    if len(wholes) != 1 or len(parts) < _FEWEST - 1 or len(units) > 1:
        return
    if units and any(_RATIO.search(v.around) for v in values):
        return
    if any(_FALSE.search(v.around) for v in values):
        return  # of accuracy, which lies among what false rates leave of a hundred
    fine = all(v.value.digits for v in values)
    ratios = not units and fine and _RATIO.search(text)
    means = not units and fine and _MEAN.search(text)
    if not ratios and (not (units or means) or not all(_PART.search(v.around) for v in parts)):
        return
    if means and not ratios and _OF_SCALES.search(text) and not all(_of_people(v) for v in parts):
        return  # `19.7 on the scale overall, for frequency 4.2 and for severity 3.1`: scores that are added up
    whole = wholes[0]
    if any(text[a.span[1] : b.span[0]].strip(" %") in ("to", "-") for a, b in pairwise(parts)):
        return  # `30% of all and 50% to 60% of those with it`: a range
    places = [(p.start + v.span[0], p.start + v.span[1]) for v in (*parts, whole)]
    low, high = min(v.value.low for v in parts), max(v.value.high for v in parts)
    if whole.value.low > high and units == {"%"} and not _MEAN.search(text) and not all(_of_people(v) for v in parts):
        return  # of several events each patient may have one
    if any(compared(case, x, "mixture", "sum", "difference", "percent") for x in places):
        return
    shown = ", ".join(v.value.text for v in parts)
    if low <= whole.value.high_cut and whole.value.low <= high:
        judge(case, p, "mixture", places, "ok", f"{whole.value.text} lies between {shown}.", "weighted mean of parts")
    else:
        sentence = f"A value of all lies between those of its parts, {shown}: {whole.value.text} does not."
        judge(case, p, "mixture", places, "error-if", sentence, "weighted mean of parts")


def _each_of_its_own(values: list[_Value]) -> bool:
    """Whether each value says of whom in like words: `of all three, 53.5% for the high, 93.5% for the low pattern`."""
    opened = [_OWN.match(v.around.partition(" | ")[2]) for v in values]
    return all(m is not None and not _ALL.search(m.string) for m in opened) and len({m[1] for m in opened if m}) == 1


_OWN = re.compile(r" ?((?:for|in|of|with|among) the) [a-z]")


def _of_people(v: _Value) -> bool:
    """Whether a part is one of people or of what each has one of, not one of events of which each may have several."""
    return _PEOPLE.search(v.around) is not None or _SHARED.search(v.around) is not None


def _first_of_all(text: str, values: list[_Value]) -> bool:
    """`52% (48% in arm A and 41% in arm B)`: a first value, and those of groups of people in a bracket behind it."""
    opened = _BRACKET.match(text, values[0].span[1])
    if opened is None or opened.end() > values[1].span[0]:
        return False
    closed = text.find(")", opened.end()) if opened[0].endswith("(") else len(text)
    inside = re.split(r",| and |;", text[opened.end() : closed])
    return values[-1].span[1] <= closed and all(
        _SHARED.search(x) or (_MEAN.search(text) and _PART.search(x)) for x in inside if re.search(r"\d", x)
    )
