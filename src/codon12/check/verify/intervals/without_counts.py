"""Percentages whose count is not printed: the whole numbers that give them and their interval, by which method."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Limit, Quantities, Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.interval_methods import WIDEST_TOTAL, methods_that_print, solutions
from codon12.check.verify.intervals.one_digit import one_digit_from_an_interval, one_digit_from_limits
from codon12.check.verify.shares.denominators import candidates
from codon12.check.verify.survival.landmarks import far_off
from codon12.numbers.proportion import METHODS, Method
from codon12.numbers.unrounded import Printed, counts_for_percent

__all__ = ["OTHER_INTERVALS", "listed", "lopsided", "method_of", "uncounted"]

OTHER_INTERVALS = re.compile(
    r"\bweighted\b|\bclusters?\b|cluster-|\bclustering\b|complex (?:survey|sampling)|survey design|bootstrap|bayesian|"
    r"credible interval|multiple imputation|generali[sz]ed estimating|mixed[- ](?:effects?|models?)|random[- ]effects?|"
    r"meta-analy|\bpooled (?:rate|proportion|prevalence|incidence|estimate)",
    re.IGNORECASE,
)
"""Words of a text whose intervals may rest on more than counts: weights, clusters, pooled studies."""


def listed(methods: list[Method]) -> str:
    """Names of methods in a sentence."""
    names = [m.replace("clopper-pearson", "Clopper-Pearson").replace("-cc", " with correction") for m in methods]
    return names[0] + (" only" if len(names) == 1 else "") if len(names) < 2 else ", ".join(names)


def method_of(case: Case) -> Method:
    """The method that the text names, else Clopper-Pearson's."""
    for method in METHODS:
        if method in case.methods:
            return method
    return "clopper-pearson"


def uncounted(case: Case, group: list[Statement]) -> None:
    """Percentages with intervals but no counts in one sentence: integers for each, jointly over their sum."""
    found: dict[str, list[tuple[int, int]]] = {}
    named: dict[str, list[Denominator]] = {}
    method = method_of(case)
    for s in group:
        q = s.quantities
        named[s.id] = [d for d, _ in candidates(case, s) if d.value >= 2]
        largest = max((d.value for d in named[s.id]), default=0) or 1000
        assert q.percent is not None
        found[s.id] = solutions(q.percent, q.low, q.high, largest=largest, level=q.level or 95, method=method)
    for s in group:
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
            f"{choice[0]} of {choice[1]} ({why}) gives this percentage and interval by {listed(fitting or [method])}."
        )
        case.add(s, Check("interval", "ok", sentence, f"integer search, {method}", computed))
        return
    if own:
        sentence = f"{len(own)} pairs of whole numbers fit, with totals from {own[0][1]} to {own[-1][1]}."
        case.add(s, Check("interval", "ok", sentence, f"integer search, {method}", computed))
        return
    _by_anothermethod_of(case, s, named, computed)


def _joint(s: Statement, found: dict[str, list[tuple[int, int]]], total: int) -> tuple[int, int] | None:
    """The pair of this statement in the only combination with another group that adds up to `total`."""
    options: set[tuple[int, int]] = set()
    for other, pairs in found.items():
        if other == s.id:
            continue
        totals = {b[1] for b in pairs}
        options |= {a for a in found[s.id] if total - a[1] in totals}
    return options.pop() if len(options) == 1 else None


_RESPONSES = ("ORR", "DCR")
_COMMON: tuple[Method, ...] = ("clopper-pearson", "wilson", "wald")
"""Methods by which rates of response are given; by another one, and of a total not named, it is hardly meant so."""
_LEAST_GROUP, _SLACK = 20, 1.2
"""A text that names no larger group may not name the whole; a group may be somewhat larger than the one named."""


def _is_of_responders(case: Case, s: Statement) -> bool:
    """Whether a percentage is a plain share of responders: none of a model, none weighted, pooled or a difference."""
    named = s.quantities.outcome in _RESPONSES or _RATE_OF.search(case.around(s, 90, 0)[0]) is not None
    return named and not case.says(s, _MODELLED) and not OTHER_INTERVALS.search(case.flat)


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


_DIFFERENCE = re.compile(r"\b(?:difference|reduction|increase|decrease|change|gain)s?\b", re.IGNORECASE)


def _found_by_any(q: Quantities, largest: int) -> tuple[Method, tuple[int, int]] | None:
    """The first method, and the least count and total by it, that print a percentage and its interval."""
    assert q.percent is not None
    for method in METHODS:
        pairs = solutions(q.percent, q.low, q.high, largest=largest, level=q.level or 95, method=method, added=True)
        if pairs:
            return method, pairs[0]
    return None


def _by_anothermethod_of(case: Case, s: Statement, named: list[Denominator], computed: dict[str, object]) -> None:
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
    if lopsided(q.percent, q.low, q.high) and _OF_A_CHANGE.match(case.around(s, 0, 60)[1]) is None:
        sentence = f"{q.percent.text} % is not in the middle of its interval on any of five scales."
        case.add(s, Check("interval", "unlikely", sentence, "five scales", computed))
        return
    totals = [d.value for d in named[:_NEAREST]]
    of_a_group = "%" in case.spelled(s) and not case.says(s, _MODELLED) and not case.says(s, _NO_RATE)
    if of_a_group and (meant := one_digit_from_an_interval(q, totals)) is not None:
        sentence = f"{sentence.removesuffix('.')}; {meant} would be, one digit apart."
        case.add(s, Check("interval", "unlikely", sentence, "one digit from fitting", computed, "inferred"))
        return
    negative = isinstance(q.low, Printed) and q.low.value < 0  # of a difference
    of_counts = (
        "%" in case.spelled(s)
        and not negative
        and not case.says(s, _DIFFERENCE)
        and not OTHER_INTERVALS.search(case.flat)
    )
    if of_counts and (meant := one_digit_from_limits(q)) is not None:
        sentence = f"{sentence.removesuffix('.')}; {meant} would be, one digit apart."
        case.add(s, Check("interval", "unlikely", sentence, "one digit from fitting", computed, "inferred"))
        return
    among = next((d for d in named if d.source in ("sentence", "explicit") and d.value >= _LARGE_ENOUGH), None)
    if among is not None and _all_of_one(case, s, among) and not counts_for_percent(q.percent, among.value, cut=True):
        sentence = f"No count of the {among.value} that the sentence names gives {q.percent.text} %."
        case.add(s, Check("interval", "unlikely", sentence, "integer search", computed))
        return
    shares = not case.says(s, _ONE_LESS_A_RATIO) and not case.says(s, _OVER_TIME)
    verdict = "unlikely" if shares and case.methods and _force(named) is not None else "cannot confirm"
    case.add(s, Check("interval", verdict, sentence, "integer search", computed))


_ONE_LESS_A_RATIO = re.compile(r"\b(?:efficacy|effectiveness)\b|\b(?:relative )?risk reduction", re.IGNORECASE)
"""Words of a sentence whose percentage is one less a ratio, no share: that of a vaccine."""
_OVER_TIME = re.compile(
    r"surviv|\balive\b|\bfree\b|kaplan|estimate|cumulative|actuarial|lasting|maintained|ongoing|difference|points\b|"
    r"\d+[- ](?:month|year|week)s? (?:rate|[PEDR]FS|OS)|\bat \d+ (?:months|years|weeks)",
    re.IGNORECASE,
)
"""Words of a sentence or row whose percentages may be estimated over time or a difference, no share of a count."""
_LARGE_ENOUGH, _NEAREST = 5, 4
_NO_RATE = re.compile(
    r"surviv|\b(?:PFS|OS|DFS|EFS|RFS)\b|free|kaplan|estimate|cumulative|adjusted|weighted|predict|accura|"
    r"sensitiv|specific|"
    r"\bvs\b|versus|arms?\b|groups?\b|respectively|than\b|control|efficacy|reduc|risk|meta-?anal|pooled|"
    r"\b(?:trials|studies)\b",
    re.IGNORECASE,
)
"""Words of a sentence whose percentages may be no shares of the one group it names."""


def _all_of_one(case: Case, s: Statement, among: Denominator) -> bool:
    """Whether a sentence names one group alone, and its percentages can only be shares of it."""
    sizes = {p.n for p in case.populations_around(s)[0] if not p.subgroup}
    return sizes == {among.value} and not case.says(s, _NO_RATE) and not case.says(s, _OVER_TIME)


_OF_A_CHANGE = re.compile(
    r"\W{0,3}(?:(?:relative|absolute|overall) )?(?:increase|decrease|reduction|rise|gain|improvement|higher|lower|"
    r"more|less|fewer|greater|larger)\b",
    re.IGNORECASE,
)
"""Words behind an interval that make it one of a change, symmetric as that of a ratio is: `47% (20 to 81) increase`."""
_QUARTILES = re.compile(r"\binter-?\s?quartile|\bIQR\b|\bquartiles\b", re.IGNORECASE)


def lopsided(percent: Printed, low: Limit, high: Limit) -> bool:
    """Whether an interval away from 0 and 100 % has one arm much longer than the other on every scale."""
    if not isinstance(low, Printed) or not isinstance(high, Printed) or low.value <= 1 or high.value >= 99:
        return False
    return far_off(percent, low, high)
