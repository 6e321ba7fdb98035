"""The value of all beside those of its parts, wherever the words stand: `6.1 in A and 8.3 in B (9.7 for all 73)`."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_of_all"]

_UNITS = (
    r"%|percent|per cent|years?|months?|weeks?|days?|hours?|min(?:utes?)?|points?|mm ?Hg|kg/m2|kg|cm|mm|mL|ml|g/d?L"
    r"|mg/d?L|"
    r"[mµμ]mol/L|ng/mL|h|g|L|°C|m"
)
_VALUE = re.compile(
    rf"(?<![\w.,/<>≤≥±])(?<![A-Za-z\d]-)(?P<v>{NUMBER})(?![\d.,]*\d|-\w)(?: ?(?P<u>{_UNITS})(?![\w/-]))?"
)
_ALL = re.compile(
    r"\b(?:overall(?! (?:survival|respon\w+|mortality|quality|grade|incidence))|in total|altogether|all(?= (?:\d|xx"
    r"|patients|"
    r"participants|the|children|subjects|women|men|cases|adults|animals|together|groups|arms|sites|regions|cent|countries|"
    r"births|infants|samples|respondents|pupils|schools|hospitals|trials|studies|combined|three|four|of them))|"
    r"(?:the |this )?(?:whole|entire) [a-z]+|(?:the |this )?(?:total|full|combined|pooled) (?:sample|cohort|group"
    r"|population|series|study|trial|"
    r"material|set|collective|class|herd|data)|(?:both|the two|the three) (?:(?:groups|arms|sexes|cohorts|regions"
    r"|sites|"
    r"strata|halves|sets)\b(?: (?:taken )?(?:together|combined))?|[a-z]+ (?:taken )?(?:together|combined))|taken"
    r" together|everyone|everybody|"
    r"(?:pooled|summary|combined|fixed-effects?|random-effects?)(?: [a-z-]+){0,2} (?:estimate|summary|ratio|value"
    r"|effect|"
    r"result|was|mean))\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:in|of|for|among|with|at|on|after|from|under) (?!all\b|both\b|total\b)|\b(?:boys|girls|men|women|males"
    r"|females)\b"
)
_PEOPLE = re.compile(r"\b(?:in|of|among) ")
_NOT_ONE = re.compile(
    r"\b(?:range[ds]?|ranging|IQR|SD|SE|differ\w*|chang\w*|increas\w*|decreas\w*|reduc\w*|rose|fell|versus|vs|than|from|grade|"
    r"any|at least|at most|respectively|adjusted|other|others|complete|partial|P|sensitivity|specificity|cumulative|"
    r"until|since|year|more|fewer|lower|higher|up to|within|half|median survival)\b|±|[<>≤≥=]"
)
_CUT = re.compile(r"[,;()]| and | while | whereas | but ")
_FEWEST, _MOST = 3, 6


_WORDS = (
    *("overall", "total", " all ", "(all ", "whole", "entire", "together", "both ", "pooled", "combined", "summary"),
    *("fixed-effect", "random-effect"),
)


class _Value(NamedTuple):
    value: Printed
    span: tuple[int, int]
    unit: str
    around: str


def check_of_all(case: Case) -> None:
    """Check every sentence that gives one measure for two or more parts and once for all of them."""
    for p in sentences_with(case, *_WORDS):
        text = re.sub(
            r"\b(?:9\d ?% )?(?:CI|confidence interval)[^()\[\]]*", lambda m: "x" * len(m[0]), case.flat[p.start : p.end]
        )
        if _ALL.search(text) and not _NOT_ONE.search(text):
            _judge(case, p, text)


def _is_of_all(around: str) -> bool:
    """Whether a value is of all: not a part that the words before announce (`in all 3, 53% for the first`)."""
    before, _, behind = around.partition(" | ")
    return _ALL.search(behind) is not None or (_ALL.search(before) is not None and not _OF_ONE.match(behind))


_OF_ONE = re.compile(
    r"%? ?(?:for|in|among|with) (?:the |those )(?!all\b|both\b|total\b|entire\b|whole\b|overall\b)[a-z]"
)


def _judge(case: Case, p: Passage, text: str) -> None:
    plain = without_asides(text)
    found = list(_VALUE.finditer(plain))
    if any(m["u"] for m in found):
        found = [m for m in found if m["u"] or "." in m["v"]]
    if not _FEWEST <= len(found) <= _MOST:
        return
    values = []
    for k, m in enumerate(found):
        start = found[k - 1].end() if k else 0
        stop = found[k + 1].start() if k + 1 < len(found) else len(text)
        behind = _CUT.split(text[m.end() : stop].lstrip())[0]
        before = _CUT.split(text[start : m.start()])[-1]
        unit = (m["u"] or "").rstrip("s").replace("percent", "%")
        values.append(_Value(read_printed(m["v"]), m.span("v"), unit, f"{before} | {behind}"))
    wholes = [v for v in values if _is_of_all(v.around)]
    parts = [v for v in values if not _is_of_all(v.around)]
    units = {v.unit for v in values if v.unit}
    if len(wholes) != 1 or len(parts) < _FEWEST - 1 or len(units) > 1:
        return
    ratios = not units and all(v.value.digits for v in values) and re.search(r"\bratios?\b", text)
    if not ratios and (not units or not all(_PART.search(v.around) for v in parts)):
        return
    whole = wholes[0]
    places = [(p.start + v.span[0], p.start + v.span[1]) for v in (*parts, whole)]
    low, high = min(v.value.low for v in parts), max(v.value.high for v in parts)
    if whole.value.low > high and units == {"%"} and not all(_PEOPLE.search(v.around) for v in parts):
        return  # of several events each patient may have one
    if (low <= whole.value.high_cut and whole.value.low <= high) or any(
        compared(case, x, "mixture", "sum", "difference", "percent") for x in places
    ):
        return
    shown = ", ".join(v.value.text for v in parts)
    sentence = f"A value of all lies between those of its parts, {shown}: {whole.value.text} does not."
    judge(case, p, "mixture", places, "error-if", sentence, "weighted mean of parts")
