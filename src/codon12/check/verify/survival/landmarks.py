"""Kaplan-Meier landmarks: within their intervals, and the scales on which those are symmetric."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed, just_outside

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
    """Check the interval of every landmark."""
    marks = [(s, set(_scales(case, s))) for s in case.statements if s.kind == "landmark"]
    found = [(s, scales) for s, scales in marks if scales]
    case.lie_on(set.intersection(*(scales for _, scales in found)) if found else ())
    _of_another_scale(case, found)


def _is_cut_off(share: Printed, low: Printed, high: Printed) -> bool:
    """Whether a limit is 0 or 100 % and as far to the other side would lie beyond it: `5.3% (0 to 11.1)`."""
    below, above = share.value - low.value, high.value - share.value
    return (low.value == 0 and above >= below) or (high.value == 100 and below >= above)


def _scales(case: Case, s: Statement) -> list[str]:
    q = s.quantities
    if q.percent is None or not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return []
    if q.low.value > q.high.value or q.percent.high_cut < q.low.low or q.percent.low > q.high.high_cut:
        case.add(s, Check("landmark", "error", f"{q.percent.text} % lies outside its own interval."))
        return []
    if just_outside(q.percent, q.low, q.high):
        sentence = f"{q.percent.text} % lies outside its own interval, unless one was rounded and the other cut off."
        case.add(s, Check("landmark", "error-if", sentence))
        return []
    if not 0 < q.percent.value < 100:
        return []
    scales = scales_that_fit(q.percent, q.low, q.high)
    computed = {"scales": scales}
    if scales:
        sentence = f"One Greenwood variance explains both limits on the scale: {', '.join(scales)}."
        case.add(s, Check("landmark", "ok", sentence, f"Kaplan-Meier interval, {scales[0]}", computed))
    elif _is_cut_off(q.percent, q.low, q.high):
        case.add(s, Check("landmark", "ok", "A limit is cut off where the scale ends.", "Greenwood, plain", computed))
    else:
        sentence = "On none of five scales does one Greenwood variance explain both limits."
        any_scale = (*SCALES.values(), _log_complement)
        odd = _likeness(q.percent, q.low, q.high, any_scale) < _LEAST_ARM_KNOWN
        verdict = "unlikely" if odd else "cannot confirm"
        case.add(s, Check("landmark", verdict, sentence, "Kaplan-Meier interval", computed))
    return scales


def _of_another_scale(case: Case, found: list[tuple[Statement, set[str]]]) -> None:
    """Of landmarks that share a scale, the one that is far off on it: one program makes the intervals of a text."""
    times = Counter(name for _, scales in found for name in scales)
    others = len(found) - 1
    for s, scales in found:
        shared = [name for name, n in times.items() if n - (name in scales) == others]
        q = s.quantities
        against = min(others + 1 - times[name] for name in scales)
        if others < _FEWEST_OTHERS or not shared or against < _FEWEST_AGAINST:
            continue
        assert q.percent is not None
        assert isinstance(q.low, Printed)
        assert isinstance(q.high, Printed)
        if _likeness(q.percent, q.low, q.high, [SCALES[name] for name in shared]) < _LEAST_ARM_KNOWN:
            sentence = f"The {others} other landmarks have limits on the scale {', '.join(shared)}, this one has not."
            case.add(s, Check("landmark", "unlikely", sentence, "Kaplan-Meier interval", {"scales": sorted(scales)}))


_FEWEST_OTHERS, _FEWEST_AGAINST = 3, 2
"""Landmarks beside one, and those of them that none of its own scales fits."""
_LEAST_ARM, _LEAST_ARM_KNOWN = 0.85, 0.94
"""The least the shorter arm of an interval may be of the longer one, on the scale that suits it best.

A landmark is known to be one of survival; any other percentage may have its limits from elsewhere.
"""


def far_off(estimate: Printed, low: Printed, high: Printed) -> bool:
    """Whether on every scale, whatever was rounded away, one arm of the interval is much longer than the other.

    To the scales of survival comes the log of its complement: of a reduction by a ratio, as of efficacy, and of risks.
    """
    return _likeness(estimate, low, high, (*SCALES.values(), _log_complement)) < _LEAST_ARM


def _likeness(estimate: Printed, low: Printed, high: Printed, scales: Iterable[Callable[[float], float]]) -> float:
    """Length of the shorter arm of an interval over the longer one: at most, over scales and all that was rounded."""
    best = 0.0
    for g in scales:
        ends = sorted((_image(g, x) for x in (low, estimate, high)), key=sum)
        left, right = ((max(b[0] - a[1], 0.0), b[1] - a[0]) for a, b in pairwise(ends))
        short, long = (left, right) if left[0] + left[1] < right[0] + right[1] else (right, left)
        best = max(best, short[1] / long[0] if long[0] else 1.0)
    return best


def _log_complement(s: float) -> float:
    return math.log(1 - s)
