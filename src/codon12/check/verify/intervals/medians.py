"""Medians and ranges: the value lies inside its limits; a P value against the medians it compares."""

from __future__ import annotations

import math

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Limit, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.prose import sentences_with
from codon12.numbers.unrounded import Printed, just_outside, read_printed

__all__ = ["are_two_cells", "check_medians"]

_BY_MEDIANS = "log medians, limits as standard errors"


def check_medians(case: Case) -> None:
    """Check order of limits and value, then P values that follow two or more medians with intervals."""
    for s in case.statements:
        if s.kind in ("median_ci", "median_range"):
            _ordered(case, s)
    _of_equal_arms(case)
    for statements in case.by_passage.values():
        medians: list[Statement] = []
        for s in statements:
            if s.kind == "median_ci":
                medians.append(s)
            elif s.kind == "p_value":
                if len(medians) >= 2:
                    _compared(case, s, medians)
                medians = []
            elif s.kind == "hr_ci_p":
                medians = []


_TIME = re.compile(
    r" ?(?P<unit>s(?:ec)?|min|h(?:ou)?r?|d(?:ay)?|w(?:ee)?k|mo(?:nth)?|y(?:ea)?r?)[a-z]*\b", re.IGNORECASE
)


def _in_another_unit(case: Case, s: Statement) -> bool:
    """Whether the limits name a unit of time of their own: `1.1 hours (range, 24 to 190 min)`."""
    unit, behind = s.quantities.unit, _TIME.match(case.flat, s.normal_end)
    if behind is None or unit not in ("months", "weeks", "days", "years", "hours", "minutes"):
        return False
    return behind["unit"][:2].lower() != unit[: len(behind["unit"][:2])]


_PER = re.compile(r"\b(?:per|every|each)\s*$", re.IGNORECASE)
"""Before a number that is the step of a ratio, not what an interval is of: `2.0 per 10 years, 1.6 to 2.5`."""


_FAR = 20
"""A value so many times beyond its limits is of something else: `stations 1422 and 1354 ranged from 14 to 16`."""
_ROW = re.compile(r"\d+\s+Range\b")
"""A row of a listing: its number and its label."""
_BELOW_EACH_OTHER = re.compile(r"\n[^\n]* {3}\S")
"""A line end and columns set by spaces within a statement: it may be of two columns, one above the other."""


def _ordered(case: Case, s: Statement) -> None:
    q = s.quantities
    value, low, high = q.value, q.low, q.high
    what = {"ci": "confidence limits", "iqr": "quartiles"}.get(q.interval or "", "range")
    if isinstance(low, Printed) and isinstance(high, Printed) and low.value > high.value:
        fall = q.interval == "ci" and low.value < 0 and high.value < 0  # -3.9 to -7.6, in the order of their size
        verdict = "cannot confirm" if fall else "error"
        case.add(s, Check("order", verdict, f"The lower limit {low.text} is above the upper {high.text}."))
        return
    if _ROW.match(s.quote) or _PER.search(case.around(s, 20, 0)[0]) or _in_another_unit(case, s):
        return
    if value is None:
        if isinstance(high, Printed):
            sentence = f"A median that is not reached has no upper limit; {high.text} is printed."
            case.add(s, Check("order", "unlikely", sentence, "lower < value < upper"))
        return
    below = isinstance(low, Printed) and value.high_cut < low.low
    above = isinstance(high, Printed) and value.low > high.high_cut
    if below or above:
        doubted = _of_the_healthy(case, s) or _no_range(case, s, low) or _unsigned(case, s, value, low, high)
        far = (isinstance(high, Printed) and value.value > _FAR * high.value > 0) or (
            isinstance(low, Printed) and _FAR * value.value < low.value
        )
        doubted = doubted or far or _BELOW_EACH_OTHER.search(s.quote) is not None or are_two_cells(s, low, high)
        verdict = "cannot confirm" if doubted else "error"
        case.add(s, Check("order", verdict, f"{value.text} lies outside its own {what}."))
        return
    if just_outside(value, low, high) and not _unsigned(case, s, value, low, high):
        sentence = f"{value.text} lies outside its own {what}, unless one was rounded and the other cut off."
        case.add(s, Check("order", "error-if", sentence, "lower < value < upper"))
        return
    shown = " to ".join(x.text if isinstance(x, Printed) else "not reached" for x in (low, high))
    case.add(s, Check("order", "ok", f"{value.text} lies within its {what}, {shown}.", "lower < value < upper"))


def _of_equal_arms(case: Case) -> None:
    """The one median whose limits do not lie equally far from it, where those of all others of the text do.

    Equal arms come of a normal approximation (median ± 1.96 SE); three or more of them in the prose of a text are no
    chance. Tables are left out, whose rows may be of different studies.
    """
    if sum(s.kind == "median_ci" for s in case.statements) <= _FEWEST_OTHERS:
        return
    told = [s for p in sentences_with(case, "median") for s in case.by_passage.get(p.index, ())]
    medians = [(s, arms) for s in told if s.kind == "median_ci" and (arms := _arms(s)) is not None]
    uneven = [(s, arms) for s, arms in medians if abs(arms[0] - arms[1]) > _ROUNDED]
    if len(uneven) != 1 or len(medians) <= _FEWEST_OTHERS:
        return
    s, (left, right) = uneven[0]
    by_chance = math.prod(min(1.0, 2 * _ROUNDED / max(arms)) for o, arms in medians if o is not s)
    if by_chance > _CHANCE or abs(left - right) < 2 * _ROUNDED:
        return
    sentence = (
        f"The limits of the {len(medians) - 1} other medians lie equally far to both sides, as a normal approximation "
        "puts them; those of this one do not."
    )
    case.add(s, Check("order", "unlikely", sentence, "median ± 1.96 SE"))


_ROUNDED, _FEWEST_OTHERS, _CHANCE = 2, 3, 0.01
"""Units of the last digit by which rounding of three numbers parts equal arms; how many others must have them."""


def _arms(s: Statement) -> tuple[float, float] | None:
    """Lengths of both arms of a median's confidence interval, in units of its coarsest last digit."""
    q = s.quantities
    if q.interval != "ci" or q.value is None or not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return None
    step = 10.0 ** -min(q.value.digits, q.low.digits, q.high.digits)
    left, right = float(q.value.value - q.low.value) / step, float(q.high.value - q.value.value) / step
    return (left, right) if left > 0 and right > 0 else None


_A_LEVEL = re.compile(
    r"\b(?:levels?|concentrations?|titers?|titres?|antibod\w+|activity|values?|counts?)\b", re.IGNORECASE
)
_AVERAGED = re.compile(r"\b(?:medians?|means?|averages?|averaged)\b", re.IGNORECASE)


def _of_the_healthy(case: Case, s: Statement) -> bool:
    """Whether a range may be that of reference: `a calcium level of 6.6 (range, 8.5-10.5) mg/dL`, of one patient."""
    before = re.split(r"[.;]\s", case.around(s, 90, 0)[0])[-1]
    plain = s.quantities.interval != "ci" and _AVERAGED.search(case.sentence(s)) is None
    return plain and _A_LEVEL.search(before) is not None


def _no_range(case: Case, s: Statement, low: Limit) -> bool:
    """Whether the value is a spread set with a plus, or the limits are years: `4.25 + 1.29`, `8 years, 1968-1975`."""
    years = isinstance(low, Printed) and low.digits == 0 and 1800 <= low.value <= 2100
    return years or case.around(s, 3, 0)[0].rstrip().endswith("+")


def _unsigned(case: Case, s: Statement, value: Printed, low: Limit, high: Limit) -> bool:
    """Whether a minus stands right before a value that lies with it within its limits: `was -0.39 (-1.88 to 0.13)`."""
    if not isinstance(low, Printed) or not isinstance(high, Printed):
        return False
    at = s.normal_start
    return case.flat[max(0, at - 1) : at] == "-" and low.low <= -value.value <= high.high


def p_from_medians(medians: list[tuple[float, float, float | None]]) -> tuple[float, float]:
    """Chi-square and P of equal medians, from each (median, lower, upper or None), on the log scale.

    An approximation: the standard error is that of the limit that is printed (the lower where both are), as if
    log medians were normal. It cannot replace a log-rank test on the curves.
    """
    weights, logs = [], []
    for median, lower, _ in medians:
        se = (math.log(median) - math.log(lower)) / 1.959964
        weights.append(1 / se**2)
        logs.append(math.log(median))
    mean = sum(w * x for w, x in zip(weights, logs, strict=True)) / sum(weights)
    q = sum(w * (x - mean) ** 2 for w, x in zip(weights, logs, strict=True))
    return q, float(special.chdtrc(len(medians) - 1, q))


def _compared(case: Case, s: Statement, medians: list[Statement]) -> None:
    rows: list[tuple[float, float, float | None]] = []
    for m in medians:
        value, low = m.quantities.value, m.quantities.low
        if value is None or not isinstance(low, Printed) or low.value <= 0 or value.value <= low.value:
            return
        rows.append((float(value.value), float(low.value), None))
    q, p = p_from_medians(rows)
    printed = s.quantities.p
    if printed is None:
        return
    given = float(printed.value)
    z, z_given = (math.sqrt(2) * special.erfcinv(min(max(x, 1e-12), 1)) for x in (p, given))
    agrees = z >= z_given - 0.3 if s.quantities.p_op in ("<", "<=") else abs(z - z_given) <= 0.3
    computed = {"chi2": round(q, 2), "p_approx": float(f"{p:.2g}")}
    shown = f"P {s.quantities.p_op} {printed.text}"
    if agrees:
        sentence = f"The medians and their limits give P of about {p:.2g}; printed {shown}."
        case.relate("P/medians", (*medians, s), "ok", sentence, _BY_MEDIANS, computed, on=(s,))
    else:
        sentence = f"The medians and their limits give P of about {p:.2g}, an approximation; printed {shown}."
        case.relate("P/medians", (*medians, s), "cannot confirm", sentence, _BY_MEDIANS, computed, on=(s,))


_SPACED = re.compile(r"(?:^| )\d{1,3} (?P<last>\d{3}(?:\.\d+)?) ?[(\[]")


def are_two_cells(s: Statement, low: Limit, high: Limit) -> bool:
    """Whether the figures behind a space lie within the limits: `42 656 (372-940)` may be two cells of a row."""
    m = _SPACED.search(s.quote)
    if m is None or not isinstance(low, Printed) or not isinstance(high, Printed):
        return False
    return low.value <= read_printed(m["last"]).value <= high.value
