"""Intervals of proportions: around their estimate, and printed by a method, for these counts or for any."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Limit, Quantities, Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.interval_methods import WIDEST_TOTAL, methods_that_print, solutions
from codon12.check.verify.intervals.one_digit import one_digit_from_an_interval
from codon12.check.verify.shares.denominators import candidates
from codon12.check.verify.survival.landmarks import far_off
from codon12.numbers.proportion import METHODS, Method, proportion_interval
from codon12.numbers.unrounded import Printed, counts_for_percent, just_outside, percent_modes

__all__ = ["check_intervals"]

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
        _counted(case, s, q.n, denominator.value)
    groups: dict[int, list[Statement]] = {}
    for s in case.statements:
        if s.kind == "percent_ci" and isinstance(s.quantities.percent, Printed) and not case.cites(s):
            if _count_beside(case, s):
                continue
            groups.setdefault(s.passage, []).append(s)
    for group in groups.values():
        _uncounted(case, group)


def _count_beside(case: Case, s: Statement) -> bool:
    """`37.0% (95% CI, 24.3 to 51.3; 20 of 54 patients)`: the count stands in the same bracket, as n of N."""
    in_table = case.text.passages[s.passage].table is not None
    k = case.position[s.id] + (-1 if in_table else 1)  # in a row the count stands in the column before
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
        _counted(case, s, n, total)
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


def _counted(case: Case, s: Statement, n: int, total: int) -> None:
    q = s.quantities
    level = q.level or 95
    found = methods_that_print(n, total, q.low, q.high, level=level)
    computed: dict[str, object] = {"matching_ci_methods": found}
    if found:
        case.agrees_with(found)
        sentence = f"{level} % interval of {n}/{total} by {_listed(found)}."
        case.add(s, Check("interval", "ok", sentence, f"interval by {found[0]}", computed))
        return
    other = next(
        (lv for lv in (90, 95, 99, 80, 97.5) if lv != level and methods_that_print(n, total, q.low, q.high, level=lv)),  # type: ignore[arg-type]
        None,
    )
    lower, upper = proportion_interval(n, total, level=level / 100)
    exact = f"exact: {100 * float(lower):.1f} to {100 * float(upper):.1f}"
    hint = f"; they fit a level of {other} %" if other else ""
    sentence = f"None of nine methods gives these limits for {n}/{total} ({exact}){hint}."
    wider = _OTHER_INTERVALS.search(case.flat) is not None and other is None and _holds(n, total, q.low, q.high)
    verdict = "cannot confirm" if wider else "unlikely"
    case.add(s, Check("interval", verdict, sentence, "nine interval methods", computed))


_OTHER_INTERVALS = re.compile(
    r"\bweighted\b|\bclusters?\b|cluster-|\bclustering\b|complex (?:survey|sampling)|survey design|bootstrap|bayesian|"
    r"credible interval|multiple imputation|generali[sz]ed estimating|mixed[- ](?:effects?|models?)|random[- ]effects?|"
    r"meta-analy|\bpooled (?:rate|proportion|prevalence|incidence|estimate)",
    re.IGNORECASE,
)
"""Words of a text whose intervals may rest on more than counts: weights, clusters, pooled studies."""


def _holds(n: int, total: int, low: Limit, high: Limit) -> bool:
    """Whether limits are such as an interval of other making may have: around the share."""
    share = 100 * Fraction(n, total)
    return (not isinstance(low, Printed) or low.low <= share) and (not isinstance(high, Printed) or share <= high.high)


def _listed(methods: list[Method]) -> str:
    names = [m.replace("clopper-pearson", "Clopper-Pearson").replace("-cc", " with correction") for m in methods]
    return names[0] + (" only" if len(names) == 1 else "") if len(names) < 2 else ", ".join(names)


def _method(case: Case) -> Method:
    for method in METHODS:
        if method in case.methods:
            return method
    return "clopper-pearson"


def _uncounted(case: Case, group: list[Statement]) -> None:
    """Percentages with intervals but no counts in one sentence: integers for each, jointly over their sum."""
    found: dict[str, list[tuple[int, int]]] = {}
    named: dict[str, list[Denominator]] = {}
    method = _method(case)
    for s in group:
        if not _contains(case, s):
            continue
        q = s.quantities
        named[s.id] = [d for d, _ in candidates(case, s) if d.value >= 2]
        largest = max((d.value for d in named[s.id]), default=0) or 1000
        assert q.percent is not None
        found[s.id] = solutions(q.percent, q.low, q.high, largest=largest, level=q.level or 95, method=method)
    for s in group:
        if s.id in found:
            _resolve(case, s, found, named[s.id], method)


def _force(named: list[Denominator]) -> Denominator | None:
    """The population in force: the nearest named one that is not a subgroup of one subject or two."""
    return next((d for d in named if d.value >= 5), None)


def _resolve(
    case: Case, s: Statement, found: dict[str, list[tuple[int, int]]], named: list[Denominator], method: Method
) -> None:
    q = s.quantities
    own, force = found[s.id], _force(named)
    within = [pair for pair in own if force is None or pair[1] <= force.value]
    choice: tuple[int, int] | None = None
    why = ""
    if force is not None:
        choice = next((pair for pair in own if pair[1] == force.value), None)
        why = f"of the {force.value} named"
        if choice is None:
            choice = _joint(s, found, force.value)
            why = f"jointly with the other group, of {force.value} together"
            if choice is not None:
                case.add_up_to(force.value)
    if choice is None and len(within) == 1:
        choice, why = within[0], "the only whole numbers that fit"
    if choice is None:
        total = next((d for d in named if any(n == d.value for _, n in own)), None)
        if total is not None:
            choice = next(pair for pair in own if pair[1] == total.value)
            why = f"of the {total.value} named elsewhere"
    computed: dict[str, object] = {"solutions": [list(p) for p in own[:30]], "method": method}
    if choice is not None:
        case.has_counts(s, choice[0], Denominator(choice[1], "context", why))
        computed["n"] = [choice[0]]
        fitting = methods_that_print(*choice, q.low, q.high, level=q.level or 95)
        computed["matching_ci_methods"] = fitting
        sentence = (
            f"{choice[0]} of {choice[1]} ({why}) gives this percentage and interval by {_listed(fitting or [method])}."
        )
        case.add(s, Check("interval", "ok", sentence, f"integer search, {method}", computed))
        return
    if own:
        sentence = f"{len(own)} pairs of whole numbers fit, with totals from {own[0][1]} to {own[-1][1]}."
        case.add(s, Check("interval", "ok", sentence, f"integer search, {method}", computed))
        return
    _by_another_method(case, s, named, computed)


def _joint(s: Statement, found: dict[str, list[tuple[int, int]]], total: int) -> tuple[int, int] | None:
    """The pair of this statement in the only combination with another group that adds up to `total`."""
    options: set[tuple[int, int]] = set()
    for other, pairs in found.items():
        if other == s.id:
            continue
        options |= {a for a, b in product(found[s.id], pairs) if a[1] + b[1] == total}
    return options.pop() if len(options) == 1 else None


_RESPONSES = ("ORR", "DCR")
_COMMON: tuple[Method, ...] = ("clopper-pearson", "wilson", "wald")
"""Methods by which rates of response are given; by another one, and of a total not named, it is hardly meant so."""
_LEAST_GROUP, _SLACK = 20, 1.2
"""A text that names no larger group may not name the whole; a group may be somewhat larger than the one named."""


def _is_of_responders(case: Case, s: Statement) -> bool:
    """Whether a percentage is a plain share of responders: none of a model, none weighted, pooled or a difference."""
    named = s.quantities.outcome in _RESPONSES or _RATE_OF.search(case.around(s, 90, 0)[0]) is not None
    return named and not case.says(s, _MODELLED) and not _OTHER_INTERVALS.search(case.flat)


def _is_far_fetched(method: Method, pair: tuple[int, int], named: list[Denominator]) -> bool:
    largest = max((d.value for d in named), default=0)
    return method not in _COMMON and largest >= _LEAST_GROUP and pair[1] not in {d.value for d in named}


def _no_responders(
    case: Case,
    s: Statement,
    named: list[Denominator],
    fits: tuple[Method, tuple[int, int]] | None,
    computed: dict[str, object],
) -> None:
    """A rate of response whose limits come of no count of those there are: every such interval is one of counts."""
    q = s.quantities
    largest = max((d.value for d in named), default=0)
    widest = int(largest * _SLACK) if largest >= _LEAST_GROUP else WIDEST_TOTAL
    verdict: Verdict = "unlikely"
    if fits is not None:
        method, (n, total) = fits
        sentence = f"Whole numbers fit only by {method}, and only of a total not named: {n} of {total}."
    elif (wider := _found_by_any(q, widest)) is None:
        most = f" up to {widest}" if largest >= _LEAST_GROUP else ""
        sentence = f"No count of a total{most} gives this percentage and interval by any of nine methods."
    else:
        method, (n, total) = wider
        sentence, verdict = (
            f"Whole numbers fit only of a total not named: {n} of {total} by {method}.",
            "cannot confirm",
        )
    case.add(s, Check("interval", verdict, sentence, "integer search", computed))


_RATE_OF = re.compile(
    r"\b(?:response|remission|\w?CRi?|downstaging|resection|clearance|cure|success|detection|positivity|conversion|"
    r"resolution|healing|discontinuation) rates?\b[^.;()]{0,50}$",
    re.IGNORECASE,
)
_MODELLED = re.compile(
    r"difference|increase|improve|adjust|stratif|estimat|predict|delta|Δ|odds|meta-?an|surviv|\b(?:month|year)s?\b",
    re.IGNORECASE,
)


def _found_by_any(q: Quantities, largest: int) -> tuple[Method, tuple[int, int]] | None:
    """The first method, and the least count and total by it, that print a percentage and its interval."""
    assert q.percent is not None
    for method in METHODS:
        pairs = solutions(q.percent, q.low, q.high, largest=largest, level=q.level or 95, method=method)
        if pairs:
            return method, pairs[0]
    return None


def _by_another_method(case: Case, s: Statement, named: list[Denominator], computed: dict[str, object]) -> None:
    q = s.quantities
    assert q.percent is not None
    largest = max((d.value for d in named), default=0) or 1000
    fits = _found_by_any(q, largest)
    responders = _is_of_responders(case, s)
    if fits is not None and not (responders and _is_far_fetched(*fits, named)):
        method, (n, total) = fits
        sentence = f"Whole numbers fit only by {method}: {n} of {total}."
        verdict: Verdict = "ok" if not case.methods else "cannot confirm"
        case.add(s, Check("interval", verdict, sentence, f"integer search, {method}", computed))
        return
    sentence = f"No count of a total up to {largest} gives this percentage and interval by any of nine methods."
    if responders:
        _no_responders(case, s, named, fits, computed)
        return
    if q.level is None and case.says(s, _QUARTILES):
        case.add(s, Check("interval", "cannot confirm", "Its limits may be quartiles, as others of the sentence."))
        return
    if _lopsided(q.percent, q.low, q.high) and _OF_A_CHANGE.match(case.around(s, 0, 60)[1]) is None:
        sentence = f"{q.percent.text} % is not in the middle of its interval on any of five scales."
        case.add(s, Check("interval", "unlikely", sentence, "five scales", computed))
        return
    totals = [d.value for d in named[:_NEAREST]]
    of_a_group = "%" in s.quote and not case.says(s, _MODELLED) and not case.says(s, _NO_RATE)
    if of_a_group and (meant := one_digit_from_an_interval(q, totals)) is not None:
        sentence = f"{sentence.removesuffix('.')}; {meant} would be, one digit apart."
        case.add(s, Check("interval", "unlikely", sentence, "one digit from fitting", computed, "inferred"))
        return
    among = next((d for d in named if d.source in ("sentence", "explicit") and d.value >= _LARGE_ENOUGH), None)
    if among is not None and _all_of_one(case, s, among) and not counts_for_percent(q.percent, among.value, cut=True):
        sentence = f"No count of the {among.value} that the sentence names gives {q.percent.text} %."
        case.add(s, Check("interval", "unlikely", sentence, "integer search", computed))
        return
    verdict = "unlikely" if case.methods and _force(named) is not None else "cannot confirm"
    case.add(s, Check("interval", verdict, sentence, "integer search", computed))


_LARGE_ENOUGH, _NEAREST = 5, 4
_NO_RATE = re.compile(
    r"surviv|\b(?:PFS|OS|DFS|EFS|RFS)\b|free|kaplan|estimate|cumulative|adjusted|weighted|predict|accura|sensitiv|specific|"
    r"\bvs\b|versus|arms?\b|groups?\b|respectively|than\b|control|efficacy|reduc|risk|meta-?anal|pooled|"
    r"\b(?:trials|studies)\b",
    re.IGNORECASE,
)
"""Words of a sentence whose percentages may be no shares of the one group it names."""


def _all_of_one(case: Case, s: Statement, among: Denominator) -> bool:
    """Whether a sentence names one group alone, and its percentages can only be shares of it."""
    sizes = {p.n for p in case.populations_around(s)[0] if not p.subgroup}
    return sizes == {among.value} and not case.says(s, _NO_RATE)


_OF_A_CHANGE = re.compile(
    r"\W{0,3}(?:(?:relative|absolute|overall) )?(?:increase|decrease|reduction|rise|gain|improvement|higher|lower|"
    r"more|less|fewer|greater|larger)\b",
    re.IGNORECASE,
)
"""Words behind an interval that make it one of a change, symmetric as that of a ratio is: `47% (20 to 81) increase`."""
_QUARTILES = re.compile(r"\binter-?\s?quartile|\bIQR\b|\bquartiles\b", re.IGNORECASE)


def _lopsided(percent: Printed, low: Limit, high: Limit) -> bool:
    """Whether an interval away from 0 and 100 % has one arm much longer than the other on every scale."""
    if not isinstance(low, Printed) or not isinstance(high, Printed) or low.value <= 1 or high.value >= 99:
        return False
    return far_off(percent, low, high)
