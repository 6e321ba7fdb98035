"""Two groups compared: differences and ratios in words, P values and odds ratios recomputed from counts."""

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

__all__ = ["check_comparisons", "p_of_two_by_two"]

_DIFFERENCE = re.compile(
    r"\b(?:difference|gain|improvement|advantage|prolongation)(?: (?:in|between) [^.;,()%\d]{0,40})?"
    r"(?: of|,| was| by|:)?(?: only)?\s*$", re.IGNORECASE
)  # fmt: skip
_OF_ELSE = re.compile(r"\b(?:restricted|RMST|margin|minim\w+|least[- ]squares|adjusted)\b", re.IGNORECASE)
"""Words of a difference that is not that of the two values before it."""
_PLANNED = re.compile(r"\b(?:power(?:ed)?|detect|assum\w+|hypothes\w+)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:improved|prolonged|longer|increased|extended)[^.;()%\d]{0,40} by\s*$", re.IGNORECASE)
_POINTS = re.compile(r"^\s*(?:percentage[ -])?points?\b|^\s*percentage", re.IGNORECASE)
_RISK = re.compile(r"\b(?:risk|hazard|rate of death|odds)\b[^.;()%\d]{0,60}$", re.IGNORECASE)
_REDUCED = re.compile(
    r"\b(?:reduc\w+|decreas\w+|lower\w*)\b[^.;()%\d]{0,40}\b(?:risk|hazard)s?\b[^.;()%\d]{0,40}\bby\s*$"
    r"|\b(?:risk|hazard)s?\b[^.;()%\d]{0,40}\b(?:was |were )?(?:reduced|decreased|lowered|cut|fell|dropped|"
    r"declined) by\s*$",
    re.IGNORECASE,
)  # fmt: skip
_REDUCTION = re.compile(
    r"^\s*(?:relative )?(?:reduction|decrease|lower) (?:in|of) (?:the )?(?:\w+ ){0,2}(?:risk|hazard|odds)s?"
    r"|^\s*(?:lower|reduced|decreased|less) (?:relative )?(?:risk|hazard|odds|rate of death)"
    r"|^\s*fewer (?:events|deaths|exacerbations|relapses|episodes|hospitali[sz]ations|infections)\b"
    r"|^\s*(?:relative )?(?:risk|hazard) reduction|^\s*relative (?:reduction|decrease)\b(?! in (?!the risk|risk))",
    re.IGNORECASE,
)
_INCREASED = re.compile(
    r"^\s*(?:relative )?(?:increase|rise) (?:in|of) (?:the )?(?:\w+ ){0,2}(?:risk|hazard|odds)s?"
    r"|^\s*(?:higher|greater|increased) (?:relative )?(?:risk|hazard|odds)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"^\s*[(\[](?:hazard ratio|relative risk|risk ratio|HR|RR)\b", re.IGNORECASE)
_BY_WORDS = re.compile(r"\b(?:reduc|decreas|lower)\w*\b(?:[^.;]|\.\d){0,80}\bby\s*$", re.IGNORECASE)
_VERSUS = re.compile(
    r"\b(?:vs?\.?|versus|compared (?:with|to)|contrasted with|in contrast to|as opposed to|than|against|and|but|"
    r"whereas|while)\b",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(
    r"adjust|stratified|multivaria|matched|weighted|Mantel|regression|interaction|trend", re.IGNORECASE
)
_ACUITY = re.compile(r"Snellen|logMAR|visual acuity|\b20/(?:1[05]|[2345678]0|1\d0|200|400)\b", re.IGNORECASE)
"""Sentences whose fractions are of sight, no shares of people."""
_NAMES_SIGHT = re.compile(r"Snellen|logMAR|acuity|vision", re.IGNORECASE)
_OF_SIGHT = 20
"""Feet at which sight is tested: what every such fraction is of."""
_SURE_COUNT = 500
"""Beyond this size a percentage of whole numbers leaves its count open, or says so by chance."""
_LINKED = re.compile(r"^[^.\d]{0,90}$")


def check_comparisons(case: Case) -> None:
    """Check differences and ratios said in words, then P and odds ratios of two counted groups."""
    for statements in case.by_passage.values():
        if len(statements) < 2:
            continue
        for k, s in enumerate(statements):
            if s.kind in ("percent_only", "median_only", "duration"):
                _difference(case, statements, k)
                if s.kind == "percent_only":
                    _in_words(case, statements, s)
            elif s.kind == "p_value" or (s.kind == "hr_ci_p" and s.quantities.measure in ("OR", "RR")):
                _counted(case, statements, k)


def _in_unit(s: Statement, unit: str) -> list[Printed]:
    q = s.quantities
    if unit == "%":
        if s.kind in ("percent_only", "percent_ci", "landmark", *PERCENT_KINDS):
            return [q.percent] if q.percent is not None else list(q.values) if q.unit == "%" else []
        return []
    if q.unit != unit or s.kind not in ("median_only", "median_ci", "median_range", "group_medians_p"):
        return []
    return [q.value] if q.value is not None else list(q.values)


def _difference(case: Case, statements: list[Statement], k: int) -> None:
    """`an absolute difference of 12.3 percentage points`, `improved by 1 month (5.6 vs 4.5 months)`."""
    s = statements[k]
    q = s.quantities
    given = q.percent or q.value
    if given is None or (s.kind != "percent_only" and q.unit is None):
        return
    before, after = case.around(s, 70, 24)
    unit = "%" if q.percent is not None else q.unit or ""
    if (
        _OF_ELSE.search(before)
        or (not _DIFFERENCE.search(before) and not _BY.search(before))
        or re.search(r"\bat\s*$", before)
    ):
        return
    if unit == "%" and not (_POINTS.match(after) or "absolute" in before):
        return
    pairs: list[tuple[Statement, Printed]] = []
    for other in [*reversed(statements[:k][-6:]), *statements[k + 1 : k + 4]]:
        pairs += [(other, x) for x in reversed(_in_unit(other, unit))]
        if len(pairs) >= 2:
            break
    if len(pairs) < 2:
        return
    (first, a), (second, b) = pairs[:2]
    gap = abs(a.value - b.value)
    slack = (a.step + b.step) / 2
    members = (first, second, s)
    computed = {"difference": float(gap)}
    shown = f"{a.text} and {b.text} differ by {float(gap):g}, printed {given.text}"
    whole = given.step / 2 if given.digits else Fraction(1, 2)
    if gap - slack <= given.value + whole and given.value - whole <= gap + slack:
        case.relate("difference", members, "ok", f"{shown}.", "difference", computed, on=(s,))
    elif abs(gap - given.value) <= max(Fraction(2) if unit == "%" else gap / 5, gap / 5):
        sentence = f"{shown}: it may be adjusted or estimated."
        case.relate("difference", members, "cannot confirm", sentence, "difference", computed, on=(s,))
    else:
        case.relate("difference", members, "unlikely", f"{shown}.", "difference", computed, on=(s,))


def _in_words(case: Case, statements: list[Statement], s: Statement) -> None:
    """`the risk was 38% lower (hazard ratio, 0.62)`: one minus the ratio."""
    given = s.quantities.percent
    if given is None or any(c.rule == "derived" for c in case.checks.get(s.id, ())):
        return
    before, after = case.around(s, 90, 40)
    if _PLANNED.search(before):
        return
    lower = _RISK.search(before) and re.match(r"\s*(?:lower|less)\b", after)
    beside = _BESIDE.match(after) is not None and _BY_WORDS.search(before) is not None
    if _INCREASED.match(after) and not lower:
        _increased(case, statements, s, given)
        return
    if not (lower or beside or _REDUCED.search(before) or _REDUCTION.match(after)):
        return
    ratios = [r for r in statements if r.kind == "hr_ci_p" and r.quantities.value is not None]
    if beside:  # `reduced pressure by 4 mm Hg and mortality by 9% (RR 0.91`
        ratios = [r for r in ratios if 0 <= r.normal_start - s.normal_end <= 3]
    if len(ratios) != 1:
        return
    value = ratios[0].quantities.value
    assert value is not None
    low, high = 100 * (1 - value.high), 100 * (1 - value.low)
    members = (s, ratios[0])
    computed = {"reduction": float(100 * (1 - value.value))}
    if given.low <= high and low <= given.high:
        sentence = f"{given.text} % is 1 - {value.text}."
        case.relate("derived", members, "ok", sentence, "1 - ratio", computed, on=(s,))
    elif (
        value.low > 1
        and not _more_exactly(given, value)
        and given.low - 1 <= 100 * (1 - 1 / value.high)
        and 100 * (1 - 1 / value.low) <= given.high + 1
    ):
        sentence = f"{given.text} % is 1 - 1 / {value.text}, of the other group."
        case.relate("derived", members, "ok", sentence, "1 - ratio", computed, on=(s,))
    elif value.low > 1:
        size = float(100 * (value.value - 1))
        sentence = f"A ratio of {value.text} is an increase by {size:.3g} %, and {given.text} % less is printed."
        case.relate("derived", members, "unlikely", sentence, "1 - ratio", computed, on=(s,))
    else:
        sentence = (
            f"A ratio of {value.text} is a reduction by {float(100 * (1 - value.value)):.3g} %, not by {given.text} %."
        )
        case.relate("derived", members, "unlikely", sentence, "1 - ratio", computed, on=(s,))


def _more_exactly(given: Printed, value: Printed) -> bool:
    """Whether a percentage is a ratio less one, and less exactly one less its inverse: 12 % and 1.12."""
    inverse = 100 * (1 - 1 / value.value)
    return given.low <= 100 * (value.value - 1) <= given.high and not given.low <= inverse <= given.high


_EACH_MORE = re.compile(r"\b(?:for (?:every|each)|per (?:year|decade|unit|point|SD|\d))\b", re.IGNORECASE)
"""A ratio of a step and a percentage of several: `for every decade ..., 30% higher odds (OR 1.03 per year)`."""


def _increased(case: Case, statements: list[Statement], s: Statement, given: Printed) -> None:
    """`a relative risk of 1.25, a 25% increase in risk`: the ratio less one."""
    ratios = [r for r in statements if r.kind == "hr_ci_p" and r.quantities.value is not None]
    if len(ratios) != 1 or ratios[0].quantities.value is None or ratios[0].quantities.value.value <= 1:
        return
    value = ratios[0].quantities.value
    low, high = 100 * (value.low - 1), 100 * (value.high - 1)
    size = float(100 * (value.value - 1))
    if given.low <= high and low <= given.high:
        case.relate("derived", (s, ratios[0]), "ok", f"{given.text} % is {value.text} - 1.", "ratio - 1", on=(s,))
    elif not any(
        isinstance(x, Printed) and given.low <= 100 * (x.high - 1) and 100 * (x.low - 1) <= given.high
        for x in (ratios[0].quantities.low, ratios[0].quantities.high)
    ):
        others = (o.quantities.percent for o in statements if o.quantities.percent not in (None, given))
        if (
            _EACH_MORE.search(case.sentence(s))
            or "translat" in case.sentence(s)
            or any(x is not None and x.low <= high and low <= x.high for x in others)
        ):
            return  # the percentage of the ratio is another one of the sentence
        sentence = f"A ratio of {value.text} is an increase by {size:.3g} %, not by {given.text} %."
        case.relate("derived", (s, ratios[0]), "unlikely", sentence, "ratio - 1", {"increase": size}, on=(s,))


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
    if not _VERSUS.search(between) or ";" in between or len(between) > 160:
        return
    if b.normal_start - a.normal_end > 0 and re.search(r"[.;]\s", between):
        return
    sight = first[0] == second[0] == _OF_SIGHT or not {"count"} & {a.kind, b.kind}
    sight = sight and not a.kind == b.kind == "count_percent"
    if case.says(s, _ACUITY) and (sight or _NAMES_SIGHT.search(case.sentence(s))):
        return
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
    for ratio, which in ((crude, "the first group over the second"), (1 / crude, "the second group over the first")):
        if q.value.low <= ratio <= q.value.high_cut:
            sentence = f"{a}/{n} and {b}/{m} give this {name}, {which}."
            case.relate("ratio/counts", members, "ok", sentence, f"crude {name}", computed, on=(s,))
            return
    sentence = f"{a}/{n} and {b}/{m} give a crude {name} of {float(crude):.3g}, printed {q.value.text}"
    far = abs(abs(math.log(float(crude))) - abs(math.log(float(q.value.value)))) if q.value.value > 0 else 0.0
    others = (1 / (n - a), 1 / (m - b)) if q.measure == "OR" else (-1 / n, -1 / m)
    spread = math.sqrt(1 / a + 1 / b + sum(others))
    verdict: Verdict = "unlikely" if sure and far > spread else "cannot confirm"
    note = "." if verdict == "unlikely" else ": it may be adjusted."
    case.relate("ratio/counts", members, verdict, sentence + note, f"crude {name}", computed, on=(s,))
