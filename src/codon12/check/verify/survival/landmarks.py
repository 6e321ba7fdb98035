"""Kaplan-Meier landmarks: the scales on which their intervals are symmetric, and medians against them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["SCALES", "check_landmarks", "far_off", "scales_that_fit"]


def _cloglog(s: float) -> float:
    return math.log(-math.log(s))


SCALES: dict[str, Callable[[float], float]] = {
    "plain": lambda s: s,
    "log": math.log,
    "log-log": _cloglog,
    "logit": lambda s: math.log(s / (1 - s)),
    "arcsine": lambda s: math.asin(math.sqrt(s)),
}
_MOST_MARKS = 20
"""Most landmarks of one outcome that a median is compared with."""
_EDGE = 1e-6


def _inside(value: float) -> float:
    return min(max(value, _EDGE), 1 - _EDGE)


def _image(g: Callable[[float], float], p: Printed) -> tuple[float, float]:
    """Interval of the transformed survival for everything that prints as `p` percent."""
    ends = [g(_inside(float(x) / 100)) for x in (p.low, p.high)]
    return min(ends), max(ends)


def scales_that_fit(estimate: Printed, low: Printed, high: Printed) -> list[str]:
    """Scales on which the limits can be equally far from the estimate: one Greenwood variance explains both.

    Interval arithmetic over the rounding boxes of the three numbers; percentages in, no count needed.

    Source: Borgan and Liestøl 1990; Klein and Moeschberger 2003, section 4.3.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> scales_that_fit(r("70.8"), r("54.3"), r("82.2"))
    ['log-log']
    """
    out = []
    for name, g in SCALES.items():
        s, a, b = _image(g, estimate), _image(g, low), _image(g, high)
        left = (s[0] - a[1], s[1] - a[0])
        right = (b[0] - s[1], b[1] - s[0])
        if name == "log-log":  # falls as survival rises
            left, right = (-left[1], -left[0]), (-right[1], -right[0])
        if max(left[0], right[0], 0) <= min(left[1], right[1]) + 1e-9:
            out.append(name)
    return out


def check_landmarks(case: Case) -> None:
    """Check every landmark, the order of survival in time, and medians against landmarks."""
    common: set[str] | None = None
    for s in case.statements:
        if s.kind != "landmark":
            continue
        scales = _scales(case, s)
        if scales:
            common = set(scales) if common is None else common & set(scales)
    case.lie_on(common or ())
    _falling(case)
    _medians(case)


def _scales(case: Case, s: Statement) -> list[str]:
    q = s.quantities
    if q.percent is None or not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return []
    if q.low.value > q.high.value or q.percent.high_cut < q.low.low or q.percent.low > q.high.high_cut:
        case.add(s, Check("landmark", "error", f"{q.percent.text} % lies outside its own interval."))
        return []
    if not 0 < q.percent.value < 100:
        return []
    scales = scales_that_fit(q.percent, q.low, q.high)
    computed = {"scales": scales}
    if scales:
        sentence = f"One Greenwood variance explains both limits on the scale: {', '.join(scales)}."
        case.add(s, Check("landmark", "ok", sentence, f"Kaplan-Meier interval, {scales[0]}", computed))
    else:
        sentence = "On none of five scales does one Greenwood variance explain both limits."
        verdict = "unlikely" if far_off(q.percent, q.low, q.high) else "cannot confirm"
        case.add(s, Check("landmark", verdict, sentence, "Kaplan-Meier interval", computed))
    return scales


_LEAST_ARM = 0.85
"""The least the shorter arm of an interval may be of the longer one, on the scale that suits it best."""


def far_off(estimate: Printed, low: Printed, high: Printed) -> bool:
    """Whether on every scale, whatever was rounded away, one arm of the interval is much longer than the other.

    To the scales of survival comes the log of its complement: of a reduction by a ratio, as of efficacy, and of risks.
    """
    best = 0.0
    for g in (*SCALES.values(), _log_complement):
        ends = sorted((_image(g, x) for x in (low, estimate, high)), key=sum)
        left, right = ((max(b[0] - a[1], 0.0), b[1] - a[0]) for a, b in pairwise(ends))
        short, long = (left, right) if left[0] + left[1] < right[0] + right[1] else (right, left)
        best = max(best, short[1] / long[0] if long[0] else 1.0)
    return best < _LEAST_ARM


def _log_complement(s: float) -> float:
    return math.log(1 - s)


def _falling(case: Case) -> None:
    """Along one sentence or table, survival of one outcome never rises with time."""
    runs: dict[tuple[object, str | None], list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind == "landmark" and s.quantities.at is not None:
            p = case.text.passages[s.passage]
            runs[(f"t{p.table}" if p.table else p.index, s.quantities.outcome)].append(s)
    for run in runs.values():
        times = [s.quantities.at.value for s in run if s.quantities.at is not None]
        if len(set(times)) != len(times) or times != sorted(times):
            continue
        for a, b in pairwise(run):
            first, second = a.quantities.percent, b.quantities.percent
            if first is not None and second is not None and second.low > first.high_cut:
                sentence = f"Survival cannot rise from {first.text} % to {second.text} % in the same patients."
                case.relate("landmark", (a, b), "error-if", sentence, "S(t) falls", on=(b,))


def _medians(case: Case) -> None:
    """S(t) above 50 % puts the median after t, below 50 % before it."""
    marks: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind == "landmark" and s.quantities.outcome and s.quantities.at is not None:
            marks[s.quantities.outcome][_MOST_MARKS:] = []
            marks[s.quantities.outcome].append(s)
    values: dict[str, set[str]] = defaultdict(set)
    for s in case.statements:
        if s.kind == "median_ci" and s.quantities.outcome and s.quantities.value is not None:
            values[s.quantities.outcome].add(s.quantities.value.text)
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_ci", "median_only") or q.value is None or q.outcome not in marks or case.cites(s):
            continue
        late = [m for m in marks[q.outcome] if _above(m) and q.value.high < m.quantities.at.value]  # type: ignore[union-attr]
        early = [m for m in marks[q.outcome] if _below(m) and q.value.low > m.quantities.at.value]  # type: ignore[union-attr]
        usable = [m for m in marks[q.outcome] if m.quantities.unit == q.unit]
        if not usable:
            continue
        wrong = [m for m in (*late, *early) if m in usable]
        if not wrong:
            shown = ", ".join(
                f"S({float(m.quantities.at.value):g}) = {m.quantities.percent.text} %"  # type: ignore[union-attr]
                for m in usable[:3]
            )
            sentence = f"Agrees with {shown}."
            method = "median bracketed by landmarks"
            case.relate("median/landmarks", (s, *usable[:3]), "ok", sentence, method, on=(s,))
        elif len(values[q.outcome]) == 1 and s.kind == "median_ci":
            mark = wrong[0]
            m = mark.quantities
            assert m.percent is not None
            assert m.at is not None
            sentence = f"{m.percent.text} % at {float(m.at.value):g} {q.unit} puts the median on the other side."
            case.relate("median/landmarks", (s, mark), "error-if", sentence, "median bracketed by landmarks", on=(s,))


def _above(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.low > 50


def _below(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.high_cut < 50
