"""Hazard and odds ratios: inside the interval, symmetric on the log scale, in step with P and with the medians."""

from __future__ import annotations

import math

from scipy import special

from codon12.check import patterns as re
from codon12.check.finding.lexicon import outcome_in
from codon12.check.statements import Statement
from codon12.check.verdicts import Check, Verdict
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
    """Check every ratio, and chi-square statistics with one degree of freedom against their P."""
    skewed: list[Skewed] = []
    beside = p_in_rows(case)
    for s in case.statements:
        if s.kind == "hr_ci_p":
            _ratio(case, s, skewed, beside.get(s.id))
            _medians_direction(case, s)
        elif s.kind == "group_medians_p":
            _words_on_medians(case, s)
        elif s.kind == "chi2_p":
            _chi2(case, s)
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
    if odd is not None:
        sentence = f"Ratio and interval give {by}, printed {shown}: odd is {odd}."
        return Check("P/interval", "unlikely", sentence, method, computed)
    verdict = "unlikely" if gap > 1 else "cannot confirm"
    sentence = f"The interval gives {by}, printed {shown}: another test or adjustment."
    return Check("P/interval", verdict, sentence, method, computed)


def _medians_direction(case: Case, s: Statement) -> None:
    """With hazards in proportion the first-named arm has the longer median exactly if its ratio is below 1."""
    q = s.quantities
    if q.measure != "HR" or q.value is None or q.value.value == 1:
        return
    before = [
        m
        for m in case.by_passage[s.passage]
        if m.normal_end <= s.normal_start
        and m.quantities.unit in ("months", "weeks", "days", "years")
        and m.kind in ("group_medians_p", "median_only", "median_ci")
        and m.quantities.outcome == q.outcome
    ]
    if not before:
        _earlier_medians(case, s)
        return
    last = before[-1]
    if last.quantities.values:
        first, second = last.quantities.values[:2]
        statement = last
    elif len(before) >= 2 and before[-2].quantities.value is not None and last.quantities.value is not None:
        first, second = before[-2].quantities.value, last.quantities.value
        statement = before[-2]
    else:
        return
    if s.normal_start - statement.normal_start > 260 or second.value in (first.value, 0):
        return
    longer = first.value > second.value
    agrees = longer == (q.value.value < 1)
    sure = isinstance(q.low, Printed) and isinstance(q.high, Printed) and (q.low.value > 1 or q.high.value < 1)
    shown = f"{first.text} against {second.text} {statement.quantities.unit}"
    if longer != (q.value.value < 1) and sure and _said_of_the_first(case, s, statement, last):
        sentence = f"Medians of {shown}, and {q.measure} {q.value.text} is told for the group of the first."
        _direct(case, before, s, "unlikely", sentence, on=(s,))
    elif _words_deny(case, statement, longer=longer):
        sentence = f"The words name the other group as the better one than {shown} do."
        _direct(case, before, s, "unlikely", sentence, on=(s,))
    elif agrees:
        _direct(case, before, s, "ok", f"Medians of {shown} point the same way.", on=(s,))
    elif sure:
        sentence = f"Medians of {shown}: {q.measure} {q.value.text} must be of the second group over the first."
        _direct(case, before, s, "ok", sentence, on=(s,))
    elif isinstance(q.low, Printed) and isinstance(q.high, Printed):
        sentence = f"Medians of {shown} and a ratio of {q.value.text}, which is not told from 1."
        _direct(case, before, s, "ok", sentence)
    else:
        sentence = f"Medians of {shown}: {q.measure} {q.value.text} is then of the second group over the first."
        _direct(case, before, s, "ok", sentence)


_SAID_OF = re.compile(
    r"(?:\bHR|ratio) (?:for|of|in) (?:the )?([A-Za-z][A-Za-z0-9 -]{2,25}?)(?:,|:|;| was| of| =|=| vs| versus| \d)"
)


def _said_of_the_first(case: Case, s: Statement, first: Statement, second: Statement) -> bool:
    """`21.4 months in wild type and 12.1 in mutated tumours (HR for wild type, 1.85)`: the first group is named."""
    m = _SAID_OF.search(case.flat, s.normal_start, s.normal_end)
    if m is None or first is second:
        return False
    group = re.compile(rf"\b(?:in|with|for|among) [^.;()\d]{{0,40}}?\b{re.escape(m[1])}\b", re.IGNORECASE)
    return group.search(case.flat, first.normal_end, second.normal_start) is not None and not group.search(
        case.flat, second.normal_end, s.normal_start
    )


def _earlier_medians(case: Case, s: Statement) -> None:
    """Two medians compared in a sentence before that of the ratio, where the words do not part them."""
    q = s.quantities
    if q.measure != "HR" or q.value is None or not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return
    here = case.text.passages[s.passage]
    if sum(r.kind == "hr_ci_p" for r in case.by_passage[s.passage]) > 1:
        return
    outcomes = (q.outcome, "OS") if case.says(s, _OF_DEATH) else (q.outcome,)
    for index in range(s.passage - 1, max(-1, s.passage - 4), -1):
        if case.text.passages[index].paragraph != here.paragraph:
            return
        pair = [m for m in case.by_passage.get(index, ()) if m.kind in _MEDIANS and m.quantities.outcome in outcomes]
        values = [v for m in pair for v in (m.quantities.values or (m.quantities.value,))]
        if not pair:
            continue
        if len(values) != 2 or any(r.kind == "hr_ci_p" for r in case.by_passage[index]):
            return
        first, second = values
        if first is None or second is None or not case.says(pair[0], _COMPARED):
            return
        shown = f"{first.text} against {second.text} {pair[0].quantities.unit}"
        if q.low.value <= 1 <= q.high.value:
            sentence = f"Medians of {shown} and a ratio of {q.value.text}, which is not told from 1."
        elif (first.value > second.value) == (q.value.value < 1):
            sentence = f"Medians of {shown} point the same way as the ratio of {q.value.text}."
        else:
            return
        _direct(case, pair, s, "ok", sentence)
        return


def _words_on_medians(case: Case, s: Statement) -> None:
    """`better survival in A than in B (23 against 6 months)`: the words and the two medians point the same way."""
    values = s.quantities.values
    if len(values) != 2 or values[0].value == values[1].value:
        return
    before, _ = case.around(s, 220, 0)
    words = list(_BETTER_OR_WORSE.finditer(before))
    if len(words) != 1 or not _COMPARED.search(before[words[0].end() :]):
        return
    if (values[0].value > values[1].value) == (words[0].lastgroup == "better"):
        sentence = f"The words ({words[0][0]}) agree with {values[0].text} against {values[1].text}."
        computed = {"direction_agrees": True}
        case.relate("direction", (s,), "ok", sentence, "direction of effect", computed)


_OF_DEATH = re.compile(r"\bdeaths?\b|prognos|surviv", re.IGNORECASE)
_MEDIANS = ("group_medians_p", "median_only", "median_ci")
_COMPARED = re.compile(r"\b(?:vs\.?|versus|than|compared (?:with|to))\b")
_BETTER_OR_WORSE = re.compile(
    r"\b(?:(?P<better>longer|better|improved|superior|prolonged)|(?P<worse>shorter|worse|inferior|poorer|lower))\b",
    re.IGNORECASE,
)


def _direct(
    case: Case, medians: list[Statement], s: Statement, verdict: Verdict, sentence: str, on: tuple[Statement, ...] = ()
) -> None:
    members = (*medians[-1 if medians[-1].quantities.values else -2 :], s)
    computed = {"direction_agrees": verdict == "ok"}
    case.relate("direction", members, verdict, sentence, "direction of effect", computed, on=on)


_BETTER = re.compile(r"\b(?P<better>longer|improved|superior)|(?P<worse>shorter|inferior|shortened)\b", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:in|with|for)\b[^.;()]{1,60}\b(?:versus|vs\.?|than|compared with|compared to)\b[^.;()]{1,60}\(\s*$",
    re.IGNORECASE,
)


def _words_deny(case: Case, s: Statement, *, longer: bool) -> bool:
    """`shorter with A than with B (26 against 12 months)`: the first number is A's, and it is not shorter."""
    before, _ = case.around(s, 200, 0)
    before = re.sub(r"\((?:[^()]{0,40})\)\s", "", before)
    words = list(_BETTER.finditer(before))
    if len(words) != 1 or not _ORDER.search(before[words[0].end() :]):
        return False
    return longer == (words[0].lastgroup == "worse")


def _chi2(case: Case, s: Statement) -> None:
    """A chi-square statistic against its P; where the degrees of freedom are not printed, any of ten may be meant."""
    q = s.quantities
    if q.chi2 is None or q.p is None:
        return
    tried = (q.N,) if q.N else range(1, 11)
    fits = [df for df in tried if _prints_p(q.chi2, q.p, q.p_op, df)]
    df = fits[0] if fits else tried[0]
    smallest, largest = (float(special.gammaincc(df / 2, float(x) / 2)) for x in (q.chi2.high, q.chi2.low))
    computed = {"p": float(f"{special.gammaincc(df / 2, float(q.chi2.value) / 2):.3g}"), "df": df}
    given = f"printed P {q.p_op} {q.p.text}"
    if fits:
        freedom = f"{df}" if q.N else f"{df} degrees of freedom, which are not printed,"
        sentence = f"Chi-square {q.chi2.text} on {freedom} gives P from {smallest:.3g} to {largest:.3g}; {given}."
        case.add(s, Check("chi-square", "ok", sentence, "chi-square distribution", computed))
    elif q.N:
        sentence = f"Chi-square {q.chi2.text} on {df} gives P from {smallest:.3g} to {largest:.3g}; {given}."
        case.add(s, Check("chi-square", "unlikely", sentence, "chi-square distribution", computed))
    else:
        sentence = f"On no degrees of freedom up to 10 does chi-square {q.chi2.text} give P as printed; {given}."
        case.add(s, Check("chi-square", "cannot confirm", sentence, "chi-square distribution", computed))


def _prints_p(chi2: Printed, p: Printed, op: str, df: int) -> bool:
    smallest, largest = (float(special.gammaincc(df / 2, float(x) / 2)) for x in (chi2.high, chi2.low))
    if op in ("<", "<="):
        return smallest <= float(p.high)
    if op in (">", ">="):
        return largest >= float(p.low)
    return smallest <= float(p.high_cut) and float(p.low) <= largest
