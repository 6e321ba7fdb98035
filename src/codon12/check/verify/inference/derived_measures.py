"""Measures that follow from two rates: relative risk, odds ratio, number needed to treat, relative reduction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_derived_measures"]

_NUMBER = r"\d+(?:\.\d+)?"
_NNT = re.compile(
    r"\bnumbers? needed to (?P<what>treat|harm|screen|vaccinate)(?: to [^.;()\d]{1,60}?)?(?: \((?:NNT|NNH|NNS|NNV)\))?"
    rf"(?: of| was| is| were|:|,| =)* ?(?P<n>{_NUMBER})(?![\d.]*\d| ?%)|\b(?:NNT|NNH)(?: of| was| is|:|,| =)* ?"
    rf"(?P<m>{_NUMBER})(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:absolute (?:risk |rate )?(?:reduction|difference|increase|benefit)|risk difference|ARR)(?: \(ARR\))?"
    rf"(?:,| of| was| is|:| =)* ?-?(?P<d>{_NUMBER}) ?(?:%|percentage points?|points?)",
    re.IGNORECASE,
)
_SMR = re.compile(
    r"\b(?:standardi[sz]ed (?:mortality|incidence) ratio|SMR|SIR)(?: \((?:SMR|SIR)\))? ?(?:was|of|:|,|=)? ?"
    rf"(?P<r>\d+\.\d+) ?[(\[;,] ?(?P<o>\d+) (?:observed|deaths observed|cases observed)[^.;()\d]{{0,30}} "
    rf"(?P<e>{_NUMBER}) expected",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:fell|dropped|decreased|declined|reduced|lowered) from (?P<a>\d+(?:\.\d+)?) ?% to (?P<b>\d+(?:\.\d+)?) ?%"
    r"[,;]? ?[(]?(?:an? |by an? )?relative (?:risk )?(?:reduction|decrease|decline|fall) (?:of|:|=) ?"
    r"(?P<d>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?P<t>\d+(?:\.\d+)?)(?:[- ]fold| times) (?:as (?:high|likely|great|many|large|often|common)|higher|"
    r"greater|increased|more likely)"
    r"\b[^.;()\d]{0,60}[(\[](?:adjusted )?(?:odds ratio|hazard ratio|relative risk|risk ratio|rate ratio|a?OR|"
    r"a?HR|a?RR|IRR)"
    r"(?:,|:| =|=)? ?(?P<r>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
"""`2.4 times as high (OR 2.40`."""
_MODELLED = re.compile(
    r"adjust|multivaria|logistic|regression|\bcox\b|\bmodel|matched|weighted|propensity|mantel|pooled|meta-?analy|"
    r"stratif|\bGEE\b|cluster|imput|kaplan|cumulative|actuarial|interaction|per \d|quartile|tertile|quintile|"
    r"bayes|credible|\baOR\b|\baRR\b|\baHR\b",
    re.IGNORECASE,
)
"""Words of a text whose ratios may not be those of its crude rates."""
_CHANGED = re.compile(
    r"\W{0,3}(?:relative |absolute |percentage )*"
    r"(?:increase|decrease|reduction|lower|higher|change|difference|points?)\b",
    re.IGNORECASE,
)
"""Words right behind a percentage that make it one of a change."""
_VERSUS = re.compile(r"\b(?:vs\.?|versus|compared (?:with|to)|than|and|against)\b", re.IGNORECASE)
_REACH = 160
_FAR, _FAR_ALONE = 0.25, 0.15
"""How far apart on the log scale a ratio and that of two rates must be to be odd; a ratio without interval less."""


def check_derived_measures(case: Case) -> None:
    """Check ratios, numbers needed to treat and relative reductions against the two rates of their sentence."""
    for pattern, read in (
        (_NNT, _number_needed),
        (_SMR, _standardised),
        (_RELATIVE, _relative),
        (_TIMES, _so_many_times),
    ):
        for p, statements in case.prose(pattern):
            read(case, statements, p.start, p.end)
    for _, statements in case.prose():
        for k, s in enumerate(statements):
            if s.kind == "hr_ci_p" and s.quantities.measure in ("OR", "RR") and s.quantities.value is not None:
                _ratio(case, statements, k)


def _rates(statements: Sequence[Statement]) -> list[tuple[Statement, Printed]]:
    """The percentages of some statements, each with the statement it is of."""
    out: list[tuple[Statement, Printed]] = []
    for s in statements:
        q = s.quantities
        if s.kind in ("percent_only", "percent_ci", *PERCENT_KINDS) and not s.approximate:
            out += [(s, x) for x in ([q.percent] if q.percent is not None else q.values if q.unit == "%" else [])]
        elif s.kind == "percent_range" and isinstance(q.low, Printed) and isinstance(q.high, Printed):
            out += [(s, q.low), (s, q.high)]  # from 20% to 15%
    return out


def _ratio(case: Case, statements: list[Statement], k: int) -> None:
    """`in 20% of the treated and in 40% of the controls (relative risk, 0.75)`."""
    s = statements[k]
    rates = _rates([o for o in statements[:k] if s.normal_start - o.normal_end < 2 * _REACH])
    total = _rates(statements)
    counted = [o for o, _ in rates if o.kind in PERCENT_KINDS and o.id in case.denominators]
    if len(rates) != 2 or len(total) != 2 or len(counted) == len(rates) or _MODELLED.search(case.flat):
        return
    (a, first), (b, second) = rates
    between = case.flat[b.normal_end : s.normal_start]
    if (
        len(between) > _REACH
        or re.search(r"[;.]\s", between)
        or not _VERSUS.search(case.flat[a.normal_start : b.normal_end])
        or any(_CHANGED.match(case.around(o, 0, 40)[1]) for o in (a, b))
        or sum(o.kind == "hr_ci_p" for o in statements) > 1
        or not 0 < min(first.value, second.value) <= max(first.value, second.value) < 100
    ):
        return
    ranges = [_box(x, y, odds=s.quantities.measure == "OR") for x, y in ((first, second), (second, first))]
    value, q = s.quantities.value, s.quantities
    assert value is not None
    name = "odds ratio" if q.measure == "OR" else "relative risk"
    members = (*dict.fromkeys((a, b)), s)
    shown = f"{first.text} % and {second.text} % give a crude {name} of {_middle(ranges[0]):.3g}"
    computed = {"crude": round(_middle(ranges[0]), 3)}
    if any(low <= float(value.high_cut) and float(value.low) <= high for low, high in ranges):
        case.relate("ratio/percents", members, "ok", f"{shown}.", f"crude {name}", computed)
        return
    gap = min(_apart(float(value.value), low, high) for low, high in ranges)
    inside = isinstance(q.low, Printed) and isinstance(q.high, Printed) and any(
        float(q.low.low) <= high and low <= float(q.high.high) for low, high in ranges
    )  # fmt: skip
    far = _FAR if isinstance(q.low, Printed) else _FAR_ALONE
    verdict: Verdict = "unlikely" if gap > far and not inside else "cannot confirm"
    note = "" if verdict == "unlikely" else ": it may be adjusted"
    sentence = f"{shown}, printed {value.text}{note}."
    case.relate("ratio/percents", members, verdict, sentence, f"crude {name}", computed, on=(s,))


def _box(a: Printed, b: Printed, *, odds: bool) -> tuple[float, float]:
    """Least and greatest ratio of two percentages, over all that rounding allows."""

    def ratio(x: Fraction, y: Fraction) -> float:
        x, y = (min(max(v, Fraction(1, 10**6)), Fraction(10**8 - 1, 10**6)) for v in (x, y))
        return float(x * (100 - y) / (y * (100 - x))) if odds else float(x / y)

    return ratio(a.low, b.high), ratio(a.high, b.low)


def _middle(bounds: tuple[float, float]) -> float:
    return math.sqrt(bounds[0] * bounds[1])


def _apart(value: float, low: float, high: float) -> float:
    """How far on the log scale a value is from an interval."""
    if value <= 0:
        return 0.0
    return max(math.log(low / value), math.log(value / high), 0.0)


def _number_needed(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`an absolute reduction of 5.0 points, a number needed to treat of 20`: one over the difference."""
    found = list(_NNT.finditer(case.flat, start, end))
    if len(found) != 1:
        return
    m = found[0]
    which = "n" if m["n"] else "m"
    needed, at = read_printed(m[which]), m.span(which)
    absolute = list(_ABSOLUTE.finditer(case.flat, start, end))
    rates = [r for r in _rates(statements) if r[0].normal_end <= at[0] or r[0].normal_start >= at[1]]
    if len(absolute) == 1:
        gap = read_printed(absolute[0]["d"])
        low, high, members = gap.low, gap.high, [absolute[0].span("d")]
        shown = f"A difference of {gap.text} points"
    elif not absolute and len(rates) == 2 and not any(_CHANGED.match(case.around(o, 0, 40)[1]) for o, _ in rates):
        (a, first), (b, second) = rates
        gap_of = abs(first.value - second.value)
        slack = (first.step + second.step) / 2
        low, high, members = gap_of - slack, gap_of + slack, [(o.normal_start, o.normal_end) for o in (a, b)]
        shown = f"{first.text} % and {second.text} %"
    else:
        return
    if low <= 0 or case.says(statements[0], _MODELLED):
        return
    least, most = Fraction(100) / high, Fraction(100) / low
    computed = {"needed": [round(float(least), 2), round(float(most), 2)]}
    name = f"number needed to {m['what'].lower()}" if m["what"] else "number needed"
    place = (*dict.fromkeys(members), at)
    exact = f"{float(least):.3g} to {float(most):.3g}"
    if math.floor(least) <= needed.high and needed.low <= math.ceil(most):
        case.relate("NNT", place, "ok", f"{shown}: a {name} of {exact}.", "1 / difference", computed)
        return
    far = needed.value < least * Fraction(4, 5) - 1 or needed.value > most * Fraction(5, 4) + 1
    verdict: Verdict = "unlikely" if far else "cannot confirm"
    sentence = f"{shown}: a {name} of {exact}, printed {needed.text}."
    case.relate("NNT", place, verdict, sentence, "1 / difference", computed, on=(holder(statements, at[0]),))


def _so_many_times(case: Case, statements: list[Statement], start: int, end: int) -> None:
    for m in _TIMES.finditer(case.flat, start, end):
        said, ratio = read_printed(m["t"]), read_printed(m["r"])
        members = [m.span("t"), m.span("r")]
        more = "higher" in m[0] or "greater" in m[0] or "more" in m[0]  # 1.4 times higher may be 2.4 times as high
        slack = (said.step + ratio.step) / 2
        if _ABOUT.search(case.flat, start, m.start()):
            slack += said.value / 10
        if abs(said.value - ratio.value) <= slack or (more and abs(said.value + 1 - ratio.value) <= slack):
            case.relate("derived", members, "ok", f"{said.text} times is the ratio, {ratio.text}.", "ratio in words")
        else:
            sentence = f"{said.text} times in words, a ratio of {ratio.text} in the bracket."
            on = (holder(statements, m.start("r")),)
            case.relate("derived", members, "unlikely", sentence, "ratio in words", on=on)


_ABOUT = re.compile(
    r"\b(?:about|approximately|around|almost|nearly|roughly|over|more than|at least|some) (?:an? )?$|~ ?$"
)


def _standardised(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`a standardised mortality ratio of 1.35 (120 observed deaths versus 88.9 expected)`."""
    for m in _SMR.finditer(case.flat, start, end):
        ratio, seen, expected = (read_printed(m[k]) for k in ("r", "o", "e"))
        if expected.low <= 0:
            continue
        low, high = seen.value / expected.high, seen.value / expected.low
        members = [m.span(k) for k in ("r", "o", "e")]
        fits = low <= ratio.high_cut and ratio.low <= high
        shown = f"{seen.text} of {expected.text} expected is {float(seen.value / expected.value):.3g}"
        sentence = f"{shown}{'' if fits else f', printed {ratio.text}'}."
        on = () if fits else (holder(statements, members[0][0]),)
        verdict: Verdict = "ok" if fits else "error-if"
        case.relate("derived", members, verdict, sentence, "observed / expected", on=on)


def _relative(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`fell from 12.0% to 9.0%, a relative reduction of 25%`."""
    for m in _RELATIVE.finditer(case.flat, start, end):
        a, b, given = (read_printed(m[k]) for k in ("a", "b", "d"))
        if a.low <= 0 or b.value > a.value:
            continue
        low, high = 100 * (1 - b.high / a.low), 100 * (1 - b.low / a.high)
        members = [m.span(k) for k in ("a", "b", "d")]
        fits = low <= given.high and given.low <= high
        shown = f"From {a.text} % to {b.text} % is a relative reduction by {float(100 * (1 - b.value / a.value)):.3g} %"
        sentence = f"{shown}{'' if fits else f', printed {given.text} %'}."
        modelled = case.says(statements[0], _MODELLED)
        verdict: Verdict = "ok" if fits else "cannot confirm" if modelled else "unlikely"
        on = () if fits else (holder(statements, members[2][0]),)
        case.relate("derived", members, verdict, sentence, "1 - b / a", on=on)
