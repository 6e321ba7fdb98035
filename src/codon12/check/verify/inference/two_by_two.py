"""Two counted groups: P values, odds ratios and relative risks recomputed from their counts."""

from __future__ import annotations

import math
from fractions import Fraction

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.numbers.unrounded import Printed, counts_for_percent, percent_modes

__all__ = ["check_two_by_two", "p_of_two_by_two"]

_VERSUS = re.compile(
    r"\b(?:vs?\.?|versus|compared (?:with|to)|contrasted with|in contrast to|as opposed to|than|against|and|but|"
    r"whereas|while)\b",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(
    r"(?<!un)adjust|stratified|multivaria|matched|weighted|Mantel|regression|interaction|trend", re.IGNORECASE
)
_ACUITY = re.compile(r"Snellen|logMAR|visual acuity|\b20/(?:1[05]|[2345678]0|1\d0|200|400)\b", re.IGNORECASE)
"""Sentences whose fractions are of sight, no shares of people."""
_NAMES_SIGHT = re.compile(r"Snellen|logMAR|acuity|vision", re.IGNORECASE)
_OF_SIGHT = 20
"""Feet at which sight is tested: what every such fraction is of."""
_SURE_COUNT = 500
"""Beyond this size a percentage of whole numbers leaves its count open, or says so by chance."""
_LINKED = re.compile(r"^(?:[^.\d]|\b[A-Z][A-Za-z]*-?\d+[A-Z]?\b){0,90}$")
"""Nothing but words, names of genes among them."""


def check_two_by_two(case: Case) -> None:
    """Check P, odds ratios and relative risks of two counted groups."""
    for statements in case.by_passage.values():
        for k, s in enumerate(statements):
            if s.kind == "p_value" or (s.kind == "hr_ci_p" and s.quantities.measure in ("OR", "RR")):
                _counted(case, statements, k)


def _group(case: Case, s: Statement) -> tuple[int, int, bool] | None:
    """Responders and size of a group, and whether the size is printed with it."""
    q = s.quantities
    total = case.denominators.get(s.id)
    if s.kind in PERCENT_KINDS and q.n is not None and total is not None and q.n <= total.value:
        return q.n, total.value, total.source == "explicit"
    if s.kind == "count" and q.n is not None and q.N is not None and q.n <= q.N:
        return q.n, q.N, True
    if s.kind == "percent_only" and total is not None and q.percent is not None and total.value <= _SURE_COUNT:
        counts = counts_for_percent(q.percent, total.value)
        return (counts[0], total.value, False) if len(counts) == 1 else None
    return None


def p_of_two_by_two(a: int, n: int, b: int, m: int) -> dict[str, float]:
    """Two-sided P of a of n against b of m by the four tests papers use; those that do not exist are left out.

    Source: Pearson 1900; Yates 1934; Fisher 1935 (tables no more likely than the one seen).

    Examples
    --------
    >>> {k: round(p, 4) for k, p in p_of_two_by_two(34, 60, 19, 60).items()}
    {'Fisher': 0.0098, 'chi-square': 0.0058, 'chi-square with correction': 0.0101}
    """
    out: dict[str, float] = {}
    total, hits = n + m, a + b
    if total <= 20_000:
        low, high = max(0, hits - m), min(hits, n)
        lg = math.lgamma

        def weight(k: int) -> float:
            return -(lg(k + 1) + lg(n - k + 1) + lg(hits - k + 1) + lg(m - hits + k + 1))

        seen = weight(a)
        top = max(weight(min(max(round(hits * n / total), low), high)), seen)
        weights = [math.exp(weight(k) - top) for k in range(low, high + 1)]
        limit = math.exp(seen - top) * (1 + 1e-7)
        out["Fisher"] = min(1.0, sum(w for w in weights if w <= limit) / sum(weights))
    if 0 < hits < total and n and m:
        gap = abs(a * (m - b) - b * (n - a))
        scale = n * m * hits * (total - hits) / total
        out["chi-square"] = float(special.chdtrc(1, gap * gap / scale))
        corrected = max(0.0, gap - total / 2)
        out["chi-square with correction"] = float(special.chdtrc(1, corrected * corrected / scale))
    return out


def _counted(case: Case, statements: list[Statement], k: int) -> None:
    """P, odds ratio and relative risk behind two counted groups, as `34 of 60 versus 19 of 60 (P = 0.01)`."""
    s = statements[k]
    before = [x for x in statements[max(0, k - 3) : k] if x.kind not in ("percent_ci", "p_value")]
    if len(before) < 2:
        return
    a, b = before[-2], before[-1]
    first, second = _group(case, a), _group(case, b)
    text = case.flat
    counted = _counted_ahead(case, statements[max(0, k - 4) : k]) if s.kind == "p_value" else None
    if counted is not None and _LINKED.match(_tail(text[b.normal_end : s.normal_start])):
        sure = not case.says(s, _ADJUSTED)
        (one, of_one), (other, of_other) = counted
        _p_of_counts(case, (one, other, s), of_one, of_other, sure=sure, only_if_it_fits=False)
        return
    if first is None or second is None or not _LINKED.match(_tail(text[b.normal_end : s.normal_start])):
        return
    between = text[a.normal_end : b.normal_start]
    beside = first[2] and second[2] and _BESIDE.fullmatch(between) is not None and not _counted_before(statements, a)
    beside = beside and ")" not in text[b.normal_end : s.normal_start]
    if not (_VERSUS.search(between) or beside) or ";" in between or len(between) > 160:
        return
    if b.normal_start - a.normal_end > 0 and re.search(r"[.;]\s", between):
        return
    sight = first[0] == second[0] == _OF_SIGHT or not {"count"} & {a.kind, b.kind}
    sight = sight and not a.kind == b.kind == "count_percent"
    if case.says(s, _ACUITY) and (sight or _NAMES_SIGHT.search(case.sentence(s))):
        return
    if a.kind == b.kind == "count" and first[1] == second[1] <= _OF_A_GRADE and case.says(s, _GRADED):
        return  # `strength was greater with A (5/5 vs. 2/5`: grades of a scale
    explicit = first[2] and second[2] and not case.says(s, _ADJUSTED)
    plain = "percent_only" in (a.kind, b.kind) or not re.search(r"\b(?:vs\.?|versus|compared|than|against)\b", between)
    if s.kind == "p_value":
        _p_of_counts(case, (a, b, s), first, second, sure=explicit, only_if_it_fits=plain and not explicit)
    elif plain and not explicit:
        return
    else:
        _ratio_of_counts(case, (a, b, s), first, second, sure=explicit)


def _counted_ahead(case: Case, four: list[Statement]) -> list[tuple[Statement, tuple[int, int, bool]]] | None:
    """Two counts of totals whose percentages stand together behind them: `12 of 150 and 15 of 148 (8.0% vs 10.0%;`."""
    if [x.kind for x in four] != ["count", "count", "percent_only", "percent_only"]:
        return None
    a, b, *shares = four
    if not _VERSUS.search(case.flat[a.normal_end : b.normal_start]) or b.normal_start - a.normal_end > _APART:
        return None
    groups = []
    for x, share in zip((a, b), shares, strict=True):
        q, percent = x.quantities, share.quantities.percent
        if q.n is None or not q.N or q.n > q.N or percent is None or not percent_modes(q.n, q.N, percent):
            return None
        groups.append((x, (q.n, q.N, True)))
    return groups


_OF_A_GRADE = 10
_GRADED = re.compile(
    r"\b(?:strength|power|grad(?:e|ing)|scores?|scales?|rat(?:ed|ing)|Likert|pain|VAS|Apgar)\b", re.IGNORECASE
)
"""Of which grades are told as fractions of so many at most."""
_BESIDE = re.compile(r" (?!of\b)[^.;()\d]{3,70},? ")
"""Between two counts, each of its own total, of a list of two: `18 of 75 after lobectomy, 20 of 78 after resection`."""


def _counted_before(statements: list[Statement], a: Statement) -> bool:
    """Whether a sentence has a count with its total before another: there are more than two groups."""
    return any(x.quantities.N is not None and x.normal_start < a.normal_start for x in statements)


_APART = 120
"""Characters at most between two counts that a P value compares."""


def _tail(words: str) -> str:
    return words.strip(" ()[],;")


def _p_of_counts(
    case: Case, members: tuple[Statement, Statement, Statement], first: tuple[int, int, bool],
    second: tuple[int, int, bool], *, sure: bool, only_if_it_fits: bool,
) -> None:  # fmt: skip
    s = members[-1]
    p, op = s.quantities.p, s.quantities.p_op
    if p is None:
        return
    found = p_of_two_by_two(first[0], first[1], second[0], second[1])
    if not found:
        return
    half = {f"one-sided {name}": value / 2 for name, value in found.items()}
    low, high = printed_range(p, op)
    near = {name: value for name, value in (found | half).items() if low <= value <= high}
    shown = f"{first[0]}/{first[1]} against {second[0]}/{second[1]}"
    computed = {"p": {name: float(f"{value:.3g}") for name, value in found.items()}}
    if near:
        names = [n for n in near if not n.startswith("one-sided")] or list(near)
        sentence = f"{shown} gives P {op} {p.text} by {', '.join(names)}."
        case.relate("P/counts", members, "ok", sentence, names[0], computed, on=(s,))
        return
    if only_if_it_fits:
        return
    values = ", ".join(f"{value:.2g} ({name})" for name, value in found.items())
    gap = min(abs(wald_z(value) - wald_z(edge)) for value in found.values() for edge in (max(low, 1e-15), high))
    verdict: Verdict = "unlikely" if sure and gap > 1 else "cannot confirm"
    sentence = f"{shown} gives P = {values}; printed P {op} {p.text}."
    case.relate("P/counts", members, verdict, sentence, "tests of two proportions", computed, on=(s,))


def _ratio_of_counts(
    case: Case, members: tuple[Statement, Statement, Statement], first: tuple[int, int, bool],
    second: tuple[int, int, bool], *, sure: bool,
) -> None:  # fmt: skip
    s = members[-1]
    q = s.quantities
    (a, n, _), (b, m, _) = first, second
    if q.value is None or min(a, b, n - a, m - b) < 1:
        return
    odds, risk = Fraction(a * (m - b), b * (n - a)), Fraction(a * m, b * n)
    crude = odds if q.measure == "OR" else risk
    name = "odds ratio" if q.measure == "OR" else "relative risk"
    computed = {"crude": round(float(crude), 3)}
    others = (1 / (n - a), 1 / (m - b)) if q.measure == "OR" else (-1 / n, -1 / m)
    spread = math.sqrt(1 / a + 1 / b + sum(others))
    for ratio, which in ((crude, "the first group over the second"), (1 / crude, "the second group over the first")):
        if q.value.low <= ratio <= q.value.high_cut:
            sentence = f"{a}/{n} and {b}/{m} give this {name}, {which}."
            case.relate("ratio/counts", members, "ok", sentence, f"crude {name}", computed, on=(s,))
            if sure:
                _width_of_counts(case, members, spread, f"{a}/{n} and {b}/{m}")
            return
    sentence = f"{a}/{n} and {b}/{m} give a crude {name} of {float(crude):.3g}, printed {q.value.text}"
    far = abs(abs(math.log(float(crude))) - abs(math.log(float(q.value.value)))) if q.value.value > 0 else 0.0
    verdict: Verdict = "unlikely" if sure and far > spread else "cannot confirm"
    note = "." if verdict == "unlikely" else ": it may be adjusted."
    case.relate("ratio/counts", members, verdict, sentence + note, f"crude {name}", computed, on=(s,))


_NARROW, _WIDE = 0.6, 2.2
"""How many times as wide an interval is as that of its counts: methods and designs differ by less."""
_NOT_OF_THESE = re.compile(
    r"cluster|pooled|meta-?anal|paired|crossover|cross-over|exact|bayes|credible|bootstrap|repeated|logistic|model|"
    r"eyes|teeth|lesions|standardi[sz]ed|propensity|hierarch",
    re.IGNORECASE,
)


def _width_of_counts(case: Case, members: tuple[Statement, Statement, Statement], spread: float, shown: str) -> None:
    """The interval of a crude ratio is about as wide as its counts make it (Woolf 1955; Katz 1978)."""
    s = members[-1]
    low, high = s.quantities.low, s.quantities.high
    if not isinstance(low, Printed) or not isinstance(high, Printed) or not 0 < low.low < high.low:
        return
    if s.quantities.level not in (None, 95) or case.says(s, _NOT_OF_THESE):
        return
    z = 1.959964 * spread
    most, least = (math.log(float(x / y)) for x, y in ((high.high, low.low), (high.low, low.high)))
    if most < _NARROW * 2 * z or least > _WIDE * 2 * z:
        told = f"{shown} give a ratio known to a factor of {math.exp(z):.3g} either way"
        sentence = f"{told}, printed {low.text} to {high.text}."
        case.relate("interval", members, "unlikely", sentence, "Woolf and Katz", {"se": round(spread, 4)}, on=(s,))
