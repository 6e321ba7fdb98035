"""Hazard and odds ratios: inside the interval, symmetric on the log scale, in step with P and with the medians."""

from __future__ import annotations

import math
from itertools import pairwise

from scipy import special

from codon12.check import patterns as re
from codon12.check.finding.lexicon import outcome_in
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.inference.odd_of_four import odd_of_four
from codon12.check.verify.inference.p_in_rows import p_in_rows
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.check.verify.inference.skew import Skewed, judge_skewed, judge_symmetry
from codon12.numbers.unrounded import Printed, just_outside

__all__ = ["check_ratios", "p_range"]


def p_range(ratio: Printed, low: Printed, high: Printed, *, level: int = 95) -> tuple[float, float]:
    """Smallest and largest two-sided Wald P that the printed ratio and limits allow, over all their roundings.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> tuple(round(p, 3) for p in p_range(r("0.71"), r("0.57"), r("0.88")))
    (0.001, 0.003)
    """
    z_level = -float(special.ndtri((1 - level / 100) / 2))
    edge = 1e-9
    narrow = math.log(float(max(high.low, edge))) - math.log(float(low.high))
    wide = math.log(float(high.high)) - math.log(float(max(low.low, edge)))
    se = max(narrow, 1e-9) / (2 * z_level), wide / (2 * z_level)
    logs = [math.log(float(max(x, edge))) for x in (ratio.low, ratio.high)]
    far = max(abs(x) for x in logs)
    near = 0.0 if logs[0] <= 0 <= logs[1] else min(abs(x) for x in logs)
    return float(special.erfc(far / se[0] / math.sqrt(2))), float(special.erfc(near / se[1] / math.sqrt(2)))


def check_ratios(case: Case) -> None:
    """Check every ratio against its limits and its P value."""
    skewed: list[Skewed] = []
    beside = p_in_rows(case)
    for s in case.statements:
        if s.kind == "hr_ci_p":
            _ratio(case, s, skewed, beside.get(s.id))
    judge_skewed(case, skewed)


def _ratio(case: Case, s: Statement, skewed: list[Skewed], beside: Statement | None) -> None:
    q = s.quantities
    value, low, high = q.value, q.low, q.high
    if value is None or not isinstance(low, Printed) or not isinstance(high, Printed) or low.value <= 0:
        return
    if low.value > high.value:
        case.add(s, Check("ratio", "error", f"The lower limit {low.text} is above the upper {high.text}."))
        return
    if value.high_cut < low.low or value.low > high.high_cut:
        case.add(s, Check("ratio", "error", f"{q.measure} {value.text} lies outside its own interval."))
        return
    if just_outside(value, low, high):
        sentence = f"{q.measure} {value.text} lies outside its own interval, unless one was rounded, the other cut off."
        case.add(s, Check("ratio", "error-if", sentence))
        return
    bounds = (math.sqrt(max(low.low, 0) * high.low), math.sqrt(low.high * high.high))
    middle = math.sqrt(low.value * high.value)
    computed: dict[str, object] = {"geo_mean": round(middle, 4), "gm_range": [round(b, 4) for b in bounds]}
    level = q.level or 95
    if value.value > 0 and low.value < high.value and 50 <= level < 100:
        z_level = -float(special.ndtri((1 - level / 100) / 2))
        se = (math.log(high.value) - math.log(low.value)) / (2 * z_level)
        p = float(special.erfc(abs(math.log(value.value)) / se / math.sqrt(2)))
        computed["p"] = float(f"{p:.3g}")
        computed["p_range"] = [float(f"{x:.3g}") for x in p_range(value, low, high, level=level)]
    judge_symmetry(case, s, skewed, computed)
    p_of, op, holder = (beside.quantities.p, beside.quantities.p_op, beside) if beside else _p_of(case, s)
    if p_of is not None:
        check = _p_against_interval(case, s, p_of, op, value, low, high)
        case.add(s, check)
        if holder is not s or check.verdict != "ok":
            case.relate("P/interval", {holder.id: holder, s.id: s}.values(), check.verdict, check.sentence,
                        check.method or "", check.computed)  # fmt: skip


def _p_of(case: Case, s: Statement) -> tuple[Printed | None, str, Statement]:
    """The P value of a ratio: printed with it or right before it, or the one P before it for the same outcome."""
    q = s.quantities
    text = case.flat
    if q.p is None:
        behind = next((o for o in case.by_passage[s.passage] if o.normal_start >= s.normal_end), None)
        plain = behind is not None and behind.kind == "p_value" and behind.quantities.text is None
        if behind is not None and plain and _SAME_BRACKET.match(text[s.normal_end : behind.normal_start]):
            return behind.quantities.p, behind.quantities.p_op, behind
        if (own := _behind_its_group(case, s)) is not None:
            return own.quantities.p, own.quantities.p_op, own
        if behind is not None and plain and _BY_ITS_MODEL.search(text[s.normal_end : behind.normal_start]):
            return behind.quantities.p, behind.quantities.p_op, behind
    if q.p is not None or q.outcome is None:
        return q.p, q.p_op, s
    found: list[Statement] = []
    for other in case.by_passage[s.passage]:
        if other.normal_start >= s.normal_start:
            break
        if other.kind == "hr_ci_p":
            found = []  # whose P value those before it are
        if other.kind == "p_value":
            if _SAME_BRACKET.match(text[other.normal_end : s.normal_start]):
                return other.quantities.p, other.quantities.p_op, other
            before = text[max(0, other.normal_start - 45) : other.normal_start]
            if outcome_in(before) == q.outcome and s.normal_start - other.normal_start < 160:
                found.append(other)
    if len(found) == 1 and found[0].quantities.p is not None:
        return found[0].quantities.p, found[0].quantities.p_op, found[0]
    return None, "=", s


_OF_ITS_GROUP = re.compile(r"^ (?:with|for|in|among|at) [^.;,:()]{1,40}\(?$")


def _behind_its_group(case: Case, s: Statement) -> Statement | None:
    """The P value behind the group of a ratio, as of all ratios of a sentence: `0.62 (...) with 60 mg (P=0.01)`."""
    here = [x for x in case.by_passage[s.passage] if x.kind in ("hr_ci_p", "p_value")]
    for x, o in pairwise([*here, None]):
        between = case.flat[x.normal_end : o.normal_start] if x is not None and o is not None else ""
        if x is not None and x.kind == "hr_ci_p" and (
            o is None or o.kind != "p_value" or o.quantities.text is not None or not _OF_ITS_GROUP.match(between)
        ):  # fmt: skip
            return None
    return here[here.index(s) + 1]


_BY_ITS_MODEL = re.compile(
    r"^(?:(?!\b(?:for|of|in|interaction|trend|other|between|whereas|while)\b)[^.;\d]){0,60}"
    r"\b(?:Cox|Fine[- ](?:and |& ?)?Gray|proportional[- ]hazards|logistic|Poisson)(?: [a-z]+){0,3}"
    r"(?:,? (?:gave|giving|with|yielded|showed|an?|the|its))* ?[(,]?$"
)
"""Between a ratio and a P value that is told of its model: `, and the Cox model gave P = 0.77`."""
_SAME_BRACKET = re.compile(r"^ ?[;,] ?$")
"""What stands between a P value and the ratio it is of, in one bracket: `(P = 0.012; HR, 0.184; 95% CI ...)`."""


def _one_sided(case: Case, s: Statement) -> bool:
    return re.search(r"one-?\s?(?:sided|tailed)", case.flat[s.normal_start : s.normal_end]) is not None


_TIMES_OFF = 3
"""How many times off the P of the interval one on the other side of 0.05 must be: rounding and other tests are less."""
_OTHER_TEST = re.compile(
    r"\b(?:one-?\s?(?:sided|tailed)|trend|interaction|heterogen\w+|non-?inferior\w*|superiority|Bonferroni|Holm|FDR|"
    r"multiplicity|corrected|log-?rank|likelihood|exact|Fisher\w*|permutation|bootstrap\w*|credible|Bayes\w*|Firth)\b",
    re.IGNORECASE,
)
"""Words of a test whose P value is not that of the limits."""


_WIDE, _OFF = 0.5, 0.35


def _may_be_profiled(ratio: Statement, value: Printed, low: Printed, high: Printed) -> bool:
    """Whether limits of an odds ratio are wide and have their longer arm away from 1, as of a profile likelihood."""
    if ratio.quantities.measure != "OR" or min(value.value, low.value) <= 0:
        return False
    v, a, b = (math.log(float(x.value)) for x in (value, low, high))
    error, off = (b - a) / 3.92, (a + b) / 2 - v
    return error >= _WIDE and 0 < (off if v > 0 else -off) < _OFF * error


def _p_against_interval(
    case: Case, ratio: Statement, p: Printed, op: str, value: Printed, low: Printed, high: Printed
) -> Check:
    level = ratio.quantities.level or 95
    smallest, largest = p_range(value, low, high, level=level)
    if _one_sided(case, ratio):
        smallest, largest = smallest / 2, largest / 2
    given = printed_range(p, op)
    computed = {"p_range": [float(f"{smallest:.3g}"), float(f"{largest:.3g}")]}
    method = "Wald P, interval arithmetic"
    shown, by = f"P {op} {p.text}", f"P from {smallest:.2g} to {largest:.2g}"
    if smallest <= given[1] and given[0] <= largest:
        return Check("P/interval", "ok", f"The interval gives {by}; printed {shown}.", method, computed)
    near = smallest if given[1] < smallest else largest
    other = given[1] if given[1] < smallest else given[0]
    gap = abs(wald_z(near) - wald_z(other))
    if gap <= 0.1:
        return Check("P/interval", "ok", f"The interval gives {by}, near the printed {shown}.", method, computed)
    crosses = (low.value > 1) or (high.value < 1)
    decides = low.value != 1 and high.value != 1 and not _one_sided(case, ratio) and level == 95
    if decides and ((not crosses and given[1] < 0.045) or (crosses and given[0] > 0.055)):
        says = "contains 1" if not crosses else "excludes 1"
        verdict = "unlikely" if gap > 0.25 else "cannot confirm"
        sentence = f"The interval {says}, yet {shown}: by the interval P is {smallest:.2g} to {largest:.2g}."
        case.relate("direction", (ratio,), verdict, sentence, "decision at 0.05", computed)
        return Check("P/interval", verdict, sentence, method, computed)
    other_side = (crosses and given[0] > 0.05) or (low.value < 1 < high.value and given[1] < 0.05)
    if (
        level == 95
        and other_side
        and (given[0] > _TIMES_OFF * largest or smallest > _TIMES_OFF * given[1])
        and not case.says(ratio, _OTHER_TEST)
    ):
        sentence = f"The interval gives {by}, on the other side of 0.05 than the printed {shown}."
        return Check("P/interval", "unlikely", sentence, method, computed)
    odd = None if op != "=" or gap > 1 or _one_sided(case, ratio) else odd_of_four(value, low, high, p, level=level)
    if odd is not None and _may_be_profiled(ratio, value, low, high):
        sentence = f"Ratio and interval give {by}, printed {shown}: limits of a profile likelihood, perhaps."
        return Check("P/interval", "cannot confirm", sentence, method, computed)
    if odd is not None:
        sentence = f"Ratio and interval give {by}, printed {shown}: odd is {odd}."
        return Check("P/interval", "unlikely", sentence, method, computed)
    verdict = "unlikely" if gap > 1 else "cannot confirm"
    sentence = f"The interval gives {by}, printed {shown}: another test or adjustment."
    return Check("P/interval", verdict, sentence, method, computed)
