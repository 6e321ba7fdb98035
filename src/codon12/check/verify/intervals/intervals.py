"""Intervals of proportions: around their estimate, and printed by a method, for these counts or for any."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Limit, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.interval_methods import methods_that_print
from codon12.check.verify.intervals.without_counts import OTHER_INTERVALS, listed, lopsided, uncounted
from codon12.numbers.proportion import proportion_interval
from codon12.numbers.unrounded import Printed, just_outside, percent_modes, read_printed

__all__ = ["check_intervals", "counted_interval"]

_BESIDE = re.compile(r"[;,(\s]*(?:n ?= ?)?$")


def check_intervals(case: Case) -> None:
    """Check counted intervals first: what method they agree with guides the search for counts not printed."""
    for s in case.statements:
        q = s.quantities
        if q.percent is None or q.interval != "ci" or s.kind == "landmark":
            continue
        if not _contains(case, s) or s.kind != "count_percent_ci":
            continue
        denominator = case.denominators.get(s.id)
        if denominator is None or q.n is None or q.n > denominator.value:
            continue
        counted_interval(case, s, q.n, denominator.value)
    groups: dict[int, list[Statement]] = {}
    for s in case.statements:
        if s.kind == "percent_ci" and isinstance(s.quantities.percent, Printed) and not case.cites(s):
            if _count_beside(case, s):
                continue
            groups.setdefault(s.passage, []).append(s)
    for group in groups.values():
        uncounted(case, [s for s in group if _contains(case, s)])


def _count_beside(case: Case, s: Statement) -> bool:
    """`37.0% (95% CI, 24.3 to 51.3; 20 of 54 patients)`: the count stands in the same bracket, as n of N."""
    in_table = case.text.passages[s.passage].table is not None
    k = s.position + (-1 if in_table else 1)  # in a row the count stands in the column before
    count = case.statements[k] if 0 <= k < len(case.statements) else None
    if count is None or count.passage != s.passage or count.kind != "count" or count.quantities.N is None:
        return False
    n, total, percent = count.quantities.n, count.quantities.N, s.quantities.percent
    first, second = (count, s) if in_table else (s, count)
    between = case.flat[first.normal_end : second.normal_start].replace("|", " ")
    if n is None or n > total or percent is None or _BESIDE.match(between) is None:
        return False
    if in_table and "%" not in s.quote and _of_ratios(case, s):
        return False
    shown = f"{n} of {total} is {float(Fraction(100 * n, total)):.4g} %, printed {percent.text} %"
    computed = {"exact_percent": round(float(Fraction(100 * n, total)), 4)}
    if not percent_modes(n, total, percent):
        case.relate("count/percent", (s, count), "error-if", f"{shown}, if they belong together.", "100 n / N, rounded",
                    computed, on=(s,))  # fmt: skip
        return True
    case.has_counts(s, n, Denominator(total, "explicit", count.quote))
    case.relate("count/percent", (s, count), "ok", f"{shown}.", "100 n / N, rounded", computed, on=(s, count))
    if _contains(case, s):
        counted_interval(case, s, n, total)
    return True


_RATIO = re.compile(r"\b(?:[aA]?(?:RR|OR|HR)|[Rr]atio|[Rr]elative risk)\b")


def _of_ratios(case: Case, s: Statement) -> bool:
    """Whether a row above in the same table names a ratio, of which a value without percent sign may be."""
    table = case.text.passages[s.passage].table
    for k in range(s.passage - 1, -1, -1):
        p = case.text.passages[k]
        if p.table != table:
            return False
        if _RATIO.search(case.flat, p.start, p.end):
            return True
    return False


def _contains(case: Case, s: Statement) -> bool:
    """A proportion lies inside its interval whatever the method: outside is an error."""
    q = s.quantities
    assert q.percent is not None
    low, high = q.low, q.high
    if isinstance(low, Printed) and isinstance(high, Printed) and low.value > high.value:
        case.add(s, Check("interval", "error", f"The lower limit {low.text} is above the upper {high.text}."))
        return False
    if q.percent.value > 1 and all(isinstance(x, Printed) and 0 <= x.value <= 1 and x.digits for x in (low, high)):
        shares = [Printed(x.text, x.value * 100, max(0, x.digits - 2)) for x in (low, high) if isinstance(x, Printed)]
        if shares[0].low <= q.percent.high_cut and q.percent.low <= shares[1].high_cut:
            if lopsided(q.percent, *shares):
                sentence = f"{q.percent.text} % is not in the middle of its interval on any of five scales."
                case.add(s, Check("interval", "unlikely", sentence, "five scales"))
                return False
            case.add(s, Check("interval", "ok", f"{q.percent.text} % lies in its interval, printed as fractions."))
            return False
    if _of_one_minus(case, s):
        case.add(s, _reduction(q.percent, low, high))
        return False
    if _turned(case, s):
        case.add(s, Check("interval", "ok", f"{q.percent.text} % lies in its interval, the sign left out."))
        return False
    outside = (isinstance(low, Printed) and q.percent.high_cut < low.low) or (
        isinstance(high, Printed) and q.percent.low > high.high_cut
    )
    if outside:
        shown = " to ".join(x.text if isinstance(x, Printed) else "…" for x in (low, high))
        case.add(s, Check("interval", "error", f"{q.percent.text} % lies outside its own interval, {shown}."))
    elif just_outside(q.percent, low, high):
        sentence = f"{q.percent.text} % lies outside its own interval, unless one was rounded and the other cut off."
        case.add(s, Check("interval", "error-if", sentence))
        return False
    return not outside


def _of_one_minus(case: Case, s: Statement) -> bool:
    """Whether the interval of a reduction is that of the ratio: `decreased by 17 % (0.76 to 0.90)`."""
    q = s.quantities
    low, high, p = q.low, q.high, q.percent
    if p is None or not isinstance(low, Printed) or not isinstance(high, Printed) or not (low.digits and high.digits):
        return False
    ratio = 1 - p.value / 100
    fits = low.low - p.step / 200 <= ratio <= high.high + p.step / 200
    return 0 < low.value < high.value < 2 and fits and case.says(s, _LESS)


def _reduction(p: Printed, low: Limit, high: Limit) -> Check:
    """A reduction is in the middle of the interval of its ratio, on the log scale or on the plain one."""
    assert isinstance(low, Printed)
    assert isinstance(high, Printed)
    agrees = Check("interval", "ok", f"{p.text} % is a reduction, its interval that of the ratio.")
    if low.low <= p.high and p.low <= high.high:
        return agrees  # it may be the interval of the percentage itself
    ratio, half = 1 - p.value / 100, p.step / 200
    middle, error = math.sqrt(low.value * high.value), math.log(high.value / low.value) / 3.92
    least, most = math.sqrt(max(low.low, 0) * high.low) - half, math.sqrt(low.high * high.high) + half
    if least <= ratio <= most or abs(math.log(middle / ratio)) <= _ODD * error:
        return agrees
    if low.low + high.low <= 2 * (ratio + half) and 2 * (ratio - half) <= low.high + high.high:
        return agrees
    sentence = (
        f"{p.text} % less is a ratio of {float(ratio):.4g}, not in the middle of {low.text} to {high.text}, which is "
        f"{middle:.3g}."
    )
    return Check("interval", "unlikely", sentence, "log-symmetric interval")


_ALL = 3
_ODD = 0.2
"""How many standard errors off the middle is odd."""
_LESS = re.compile(r"\b(?:reduc\w+|decreas\w+|declin\w+|difference|lower|less|fell|drop\w*|fewer)\b", re.IGNORECASE)


def _turned(case: Case, s: Statement) -> bool:
    """Whether an interval below zero is of a reduction printed without its sign: `12 % lower (-21 to -3)`."""
    q = s.quantities
    low, high, p = q.low, q.high, q.percent
    if p is None or not isinstance(low, Printed) or not isinstance(high, Printed) or p.value <= 0:
        return False
    within = low.low <= -p.low and -p.high <= high.high
    return low.value < 0 and high.value <= 0 and within and case.says(s, _LESS)


def counted_interval(case: Case, s: Statement, n: int, total: int, level: int | None = None) -> None:
    """Check whether a method gives the limits of a statement for so many of so many."""
    q = s.quantities
    level = level or q.level or 95
    found = methods_that_print(n, total, q.low, q.high, level=level, added=True)
    three = [x.text for x in (q.percent, q.low, q.high) if isinstance(x, Printed) and x.digits]
    if not found and len(three) == _ALL and all(x.endswith("0") for x in three):  # 0.50% (0.40-0.70): zeros behind
        low, high = (read_printed(x[:-1].rstrip(".")) for x in three[1:])
        found = methods_that_print(n, total, low, high, level=level, added=True)
    computed: dict[str, object] = {"matching_ci_methods": found}
    if found:
        case.agrees_with(found)
        sentence = f"{level} % interval of {n}/{total} by {listed(found)}."
        case.add(s, Check("interval", "ok", sentence, f"interval by {found[0]}", computed))
        return
    other = next(
        (lv for lv in (90, 95, 99, 80, 97.5) if lv != level and methods_that_print(n, total, q.low, q.high, level=lv)),  # type: ignore[arg-type]
        None,
    )
    lower, upper = proportion_interval(n, total, level=level / 100)
    digits = max((x.digits for x in (q.low, q.high) if isinstance(x, Printed)), default=1) or 1
    exact = f"exact: {100 * float(lower):.{digits}f} to {100 * float(upper):.{digits}f}"
    hint = f"; they fit a level of {other} %" if other else ""
    sentence = f"None of nine methods gives these limits for {n}/{total} ({exact}){hint}."
    wider = OTHER_INTERVALS.search(case.flat) is not None and other is None and _holds(n, total, q.low, q.high)
    verdict = "cannot confirm" if wider else "unlikely"
    case.add(s, Check("interval", verdict, sentence, "nine interval methods", computed))


def _holds(n: int, total: int, low: Limit, high: Limit) -> bool:
    """Whether limits are such as an interval of other making may have: around the share."""
    share = 100 * Fraction(n, total)
    return (not isinstance(low, Printed) or low.low <= share) and (not isinstance(high, Printed) or share <= high.high)
