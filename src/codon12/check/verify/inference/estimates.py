"""Every estimate that prose tells with its limits: within them, in their middle, and as sure as its P value says."""

from __future__ import annotations

import math

from scipy import special

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.check.verify.intervals.told import Estimate, estimates_in
from codon12.check.verify.prose import NUMBER, compared, counts_in, held, judge
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_estimates"]

_ABOUT_LIMITS = ("interval", "ratio", "order", "landmark")
_ABOUT_P = ("P/interval", "P/words", "direction")
_OTHER_TEST = re.compile(
    r"\b(?:interaction|trend|one-?sided|non-?inferior\w*|equivalen\w+|superiority|heterogen\w+|permutation|bootstrap\w*|"
    r"exact|Fisher\w*|Bonferroni|corrected|adjusted [Pp]|credible|Bayes\w*|median|Hodges|rank|Wilcoxon|Mann)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d[\d.,]*")
_FEWEST = 3


def check_estimates(case: Case, p: Passage) -> None:
    """Check each estimate of prose against its limits, and its limits against the P value beside them."""
    if len(_NUMBERS.findall(case.flat, p.start, p.end)) < _FEWEST:
        return
    _reversed(case, p)
    _levels(case, p)
    for e in estimates_in(case, p):
        if e.low.value >= e.high.value:
            continue
        known = _known(case, p, e, _ABOUT_LIMITS)
        if e.limits != "ci":
            _out_of_range(case, p, e) if not known else None
        elif known or not _is_outside(case, p, e):
            if not known or e.listed:
                _off_centre(case, p, e)
            if not any(c.verdict in PROBLEMS for s in held(case, p, e.places[1]) for c in case.checks.get(s.id, ())):
                _of_a_count(case, p, e)
            if not _known(case, p, e, _ABOUT_P):
                _against_p(case, p, e)


_BACKWARDS = re.compile(
    rf"[(\[](?:age )?range(?: of [a-z]+)?[,:]? ?(?:from )?(?P<a>{NUMBER}) ?%? ?(?:to|-) ?(?P<b>{NUMBER}) ?(?:%|"
    rf"[a-z]+)?[)\];,]|(?<![\w.,/-])(?P<c>{NUMBER}) ?(?:to|-) ?(?P<d>{NUMBER}) (?:years?|months?|weeks?|days?)(?: old| "
    rf"of age)? \(range\)",
    re.IGNORECASE,
)


def _reversed(case: Case, p: Passage) -> None:
    """`(range of age, 15 to 4 years)`, `67-41 years old (range)`."""
    for m in _BACKWARDS.finditer(case.flat, p.start, p.end):
        a, b = ("a", "b") if m["a"] else ("c", "d")
        low, high = read_printed(m[a]), read_printed(m[b])
        places = [m.span(a), m.span(b)]
        if low.value > high.value and not any(compared(case, x, "order", "interval") for x in places):
            sentence = f"The lower limit {low.text} is above the upper {high.text}."
            judge(case, p, "order", places, "error-if", sentence, "lower < upper")


_LIMITS = r"\d\d(?:\.\d)?) ?% ?(?:CIs?|CrIs?|confidence intervals?)(?:,|:| =| of| was)* ?[(\[]?"
_TWO_LEVELS = re.compile(
    rf"(?<![\d.])(?P<l>{_LIMITS}(?P<a>-?{NUMBER})(?: ?%)? ?(?:to|-|,|and) ?(?P<b>-?{NUMBER})(?: ?%)?[)\]]?[;,]? (?:and "
    rf"|\()?(?:the |an? )?(?P<k>{_LIMITS}(?P<c>-?{NUMBER})(?: ?%)? ?(?:to|-|,|and) ?(?P<d>-?{NUMBER})(?![\d.,]*\d)"
)
"""Two intervals of one estimate with nothing between: `95% CI, 0.74-0.95; 99% CI, 0.71-0.99`."""


def _levels(case: Case, p: Passage) -> None:
    """Of two intervals of one estimate that of the higher level holds the other."""
    for m in _TWO_LEVELS.finditer(case.flat, p.start, p.end):
        first, second = float(m["l"]), float(m["k"])
        inner, outer = ("ab", "cd") if first < second else ("cd", "ab")
        (a, b), (c, d) = ((read_printed(m[x]), read_printed(m[y])) for x, y in (inner, outer))
        if first != second and min(first, second) >= _LOWEST_LEVEL and (a.high < c.low or d.high < b.low):
            sentence = f"An interval of {max(first, second):g} % holds that of {min(first, second):g} %: this does not."
            judge(case, p, "interval", [m.span(x) for x in "abcd"], "error-if", sentence, "nested intervals")


_LOWEST_LEVEL = 50


def _known(case: Case, p: Passage, e: Estimate, kinds: tuple[str, ...]) -> bool:
    """Whether another verifier has judged this estimate by its limits, or its limits by their P value."""
    places = (*e.places[:2], e.p_place) if kinds is _ABOUT_P and e.p is not None else e.places[:2]
    return any(compared(case, x, *kinds) for x in places) or any(
        c.rule in kinds or c.verdict in PROBLEMS
        for s in case.by_passage.get(p.index, ())
        for start, end in places[1:]
        if s.normal_start < end and start < s.normal_end
        for c in case.checks.get(s.id, ())
    )


_RATIO_NAMED = re.compile(r"(?:ratio|risk|odds|HR|OR|RR)\b[^~]{0,12}~")
_PLACES = 2
"""Places that limits have more than what they are not of."""
_TIMES = ("year", "month", "week", "day", "hour", "minute", "min")
_TENS, _SCALES, _TIMES_APART = 10, 12, 3
"""A value of so much may be in percent; one so many times its upper limit is of another scale, also where it only
stands near and is as many times away."""


def _is_outside(case: Case, p: Passage, e: Estimate) -> bool:
    """Whether an estimate lies outside its limits, or they cannot be compared."""
    value, low, high = e.value, e.low, e.high
    if any(low.low <= k * value.value <= high.high_cut for k in (1, -1)):
        return False
    if e.unit or value.value >= _TENS:  # 18 % lower (0.62 to 0.83), 21 % (-0.34 to -0.06)
        as_ratio = (1 + value.value / 100, 1 - value.value / 100, value.value / 100, -value.value / 100)
        in_percent = not e.unit or e.unit.startswith(("%", "per"))
        if in_percent and any(low.low <= x <= high.high for x in as_ratio):
            return True
        if value.value > _SCALES * abs(high.value) > 0:
            return True
    if any(low.low <= k * value.value <= high.high for k in (100, -100)):
        return True
    if value.digits + _PLACES <= min(low.digits, high.digits) and not _RATIO_NAMED.search(e.named):
        return True  # a label before the bracket: those of haplotype 1 (95% CI 2.36-3.43)
    units = {x.rstrip("s") for x in (e.unit, e.unit_of_limits) if x.rstrip("s") in _TIMES}
    if len(units) > 1:
        return True
    size, near, far = (abs(x) for x in (value.value, *sorted((low.value, high.value), key=abs)))
    if e.tie == "inferred" and not near / _TIMES_APART <= size <= _TIMES_APART * far:
        return True
    sentence = f"{value.text} and its interval, {low.text} to {high.text}: it lies outside."
    verdict = "error" if e.tie == "explicit" else "error-if"
    judge(case, p, "interval", list(e.places), verdict, sentence, "estimate within its interval")
    return True


_MEAN = re.compile(r"\b(?:means?|averag\w+)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:means|medians|averages) ?$|\bacross\b|\bdiffer|\bchang|\bamong (?:studies|trials)|"
    r"(?<!in )(?<!for )\b(?:patients|women|men|participants|children|cases|subjects)\b|"
    r"\b(?:samples|studies|trials|countries|centres|centers|hospitals)\b",
    re.IGNORECASE,
)
"""Between a value and a range that is of something else: `a mean of 4.1 (study means ranged from 4.4 to 5.2)`."""
_ANOTHER = re.compile(
    r"[,;] (?:and )?(?:the )?(?P<of>age|weight|height|dose|size|duration|BMI|diameter)s?\b", re.IGNORECASE
)
"""Between a value and a range that is of another measure: `height was 160 cm, weight range 45-90 kg`."""


def _out_of_range(case: Case, p: Passage, e: Estimate) -> None:
    """Check a median or mean against its range, a median against its quartiles."""
    value, low, high = e.value, e.low, e.high
    if low.low <= value.value <= high.high_cut or (e.limits == "iqr" and _MEAN.search(e.named)):
        return
    units = {x.rstrip("s").lower() for x in (e.unit, e.unit_of_limits) if x}
    ahead, _, between = e.named.rpartition("~")
    other = _ANOTHER.search(between)
    if (
        len(units) > 1
        or (other is not None and other["of"].lower() not in ahead.lower())
        or _OF_OTHERS.search(between)
        or not low.value / _TIMES_APART <= value.value <= (_TIMES_APART * high.value)
    ):
        return
    what = "quartiles" if e.limits == "iqr" else "range"
    verdict = "error" if e.tie == "explicit" else "error-if"
    sentence = f"{value.text} lies outside its own {what}, {low.text} to {high.text}."
    judge(case, p, "order", list(e.places), verdict, sentence, "order")


_OFF_CENTRE = 0.2
"""Part of half its width that a difference of means may be off the middle."""
_UNEVEN = re.compile(
    r"\b(?:medians?|Hodges|bootstrap\w*|Bayes\w*|credible|posterior|geometric|log\w*|ratios?|fold|relative|exact|restricted|"
    r"RMST|quantile|one-sided|incidence|odds|hazard|likel\w+|rates?|proportion|percent(?:age)? change|noninferior\w*|"
    r"non-inferior\w*|superiority|transformed|skewed)\b",
    re.IGNORECASE,
)
_OF_MEANS = re.compile(r"\b(?:means?|average|points?|coefficients?|slopes?|MD|beta)\b|β", re.IGNORECASE)


_FAR_OFF = 0.45
"""Part of half its width, in logarithms, that a ratio may be off the middle."""
_NOT_OF_LOGS = re.compile(
    r"\b(?:bootstrap\w*|Bayes\w*|credible|posterior|exact|profile|likelihood|noninferior\w*|non-inferior\w*|one-sided)\b",
    re.IGNORECASE,
)


def _off_centre(case: Case, p: Passage, e: Estimate) -> None:
    value, low, high = e.value, e.low, e.high
    if e.listed and low.low > 0 and value.low > 0:
        a, b, x = (math.log(float(v.value)) for v in (low, high, value))
        slack = sum(float(v.step / v.value) for v in (low, high, value)) / 2
        off = abs(x - (a + b) / 2) - slack
        if off > _FAR_OFF * (b - a) / 2 and not _NOT_OF_LOGS.search(case.flat, p.start, p.end):
            sentence = (
                f"{value.text} is not in the middle of {low.text} to {high.text}, which is "
                f"{math.exp((a + b) / 2):.3g} in logarithms, as that of a ratio is."
            )
            judge(case, p, "interval", list(e.places), "unlikely", sentence, "symmetric interval")
        return
    if e.sort != "difference" or not _OF_MEANS.search(f"{e.named} {e.unit}"):
        return
    if _UNEVEN.search(case.flat, p.start, p.end):
        return
    half, middle = (high.value - low.value) / 2, (high.value + low.value) / 2
    slack = value.step / 2 + (low.step + high.step) / 4
    off = min(abs(x - middle) for x in (value.value, -value.value)) - slack
    if float(off) > _OFF_CENTRE * float(half):
        sentence = (
            f"{value.text} is not in the middle of {low.text} to {high.text}, which is {float(middle):.4g}, as that"
            f" of a "
            "difference is."
        )
        judge(case, p, "interval", list(e.places), "unlikely", sentence, "symmetric interval")


_SURE, _NOT = 0.035, 0.08


def _against_p(case: Case, p: Passage, e: Estimate) -> None:
    """Compare a P value with what the limits say of no effect."""
    if e.p is None or e.sort not in ("ratio", "difference") or e.level not in (None, "95"):
        return
    if _OTHER_TEST.search(case.flat, p.start, p.end):
        return
    nulls = [1] if e.sort == "ratio" else [0] if e.low.value < 0 or e.high.value < 1 or e.unit else [0, 1]
    given = printed_range(e.p, e.op)
    told = ""
    for null in nulls:  # an effect without a unit may be a ratio
        without = e.low.low > null or e.high.high < null
        across = e.low.high < null < e.high.low
        if without and given[0] > _NOT:
            told = told or f"exclude {null}"
        elif across and given[1] < _SURE:
            told = told or f"contain {null}"
        elif e.op == "=" and len(nulls) == 1 and _deviates(e, null, given) > _FAR:
            told = told or f"lie far from {null}" if given[0] > 0.001 else ""
        else:
            return
    if not told:
        return
    sentence = f"Limits of {e.low.text} to {e.high.text} {told}, yet P {e.op} {e.p.text}."
    judge(case, p, "P/interval", [*e.places, e.p_place], "unlikely", sentence, "decision at 0.05")


_FAR = 2.5
"""Normal deviates by which a P value and the limits beside it may differ: other tests and adjustments."""


def _deviates(e: Estimate, null: int, given: tuple[float, float]) -> float:
    """How many normal deviates of an estimate by its limits lie beyond those that its P value allows."""
    if null == 1:
        if min(e.low.low, e.value.low) <= 0:
            return 0.0
        value, low, high = (math.log(float(x.value)) for x in (e.value, e.low, e.high))
    else:
        value, low, high = (float(x.value) for x in (e.value, e.low, e.high))
    half = (high - low) / 2
    if abs(abs(value) - abs(high + low) / 2) > _OFF_CENTRE * half or half < 4 * float(e.low.step):
        return 0.0
    return abs(value) / half * 1.96 - wald_z(given[0])


_NOT_CRUDE = re.compile(
    r"\b(?:cluster\w*|weight\w*|adjust\w*|standardi\w+|survey|stratif\w*|Kaplan\w*|cumulative|actuarial|Bayes\w*|credible|"
    r"bootstrap\w*|model\w*|pooled|meta-analy\w+|estimated|surviv\w+|incidence|imput\w*|differ\w*|change\w*|reduc\w*)\b",
    re.IGNORECASE,
)
_WIDE, _NARROW = 1.6, 0.6
_MANY = 5
"""Cases and others from which on all methods give limits about as far apart."""
_NOBODY = re.compile(r"\b(?:no|none|never|neither|nobody|not one)\b", re.IGNORECASE)


def _of_a_count(case: Case, p: Passage, e: Estimate) -> None:
    """Check the width of the limits of a share whose count and total its sentence tells."""
    value, low, high = e.value, e.low, e.high
    if e.unit != "%" or e.level not in (None, "95") or _NOT_CRUDE.search(case.flat, p.start, p.end):
        return
    counts = [c for c in counts_in(case, p.start, p.end) if c.span not in e.places]
    pairs = [(a, b) for a in counts for b in counts if a.n < b.n and percent_modes(a.n, b.n, value)]
    if not pairs and value.value == 0 and _NOBODY.search(case.flat, p.start, p.end):
        pairs = [(None, b) for b in counts if b.n > 1]
    width, fits = float(high.value - low.value), []
    for a, b in pairs:
        least, most = _exact(a.n if a else 0, b.n)
        fits.append((width / (most - least), a, b, least, most))
    fits = [f for f in fits if not f[1] or not f[1].n or min(f[1].n, f[2].n - f[1].n) >= _MANY]
    if not fits or any((_NARROW if f[1] and f[1].n else 0) <= f[0] <= _WIDE for f in fits):
        return
    _, a, b, least, most = fits[0]
    places = [*([a.span] if a else []), b.span, *e.places]
    shown = f"{a.n if a else 0} of {b.n} has limits of about {least:.3g} to {most:.3g} %"
    sentence = f"{shown}, printed {low.text} to {high.text}."
    judge(case, p, "interval", places, "unlikely", sentence, "Clopper-Pearson")


def _exact(x: int, n: int) -> tuple[float, float]:
    """Clopper-Pearson limits in percent."""
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, 0.025))
    high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 0.975))
    return 100 * low, 100 * high
