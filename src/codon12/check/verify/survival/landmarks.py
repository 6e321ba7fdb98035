"""Kaplan-Meier landmarks: the scales on which their intervals are symmetric, and medians against them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
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
    """Check every landmark, and medians against landmarks."""
    marks = [(s, set(_scales(case, s))) for s in case.statements if s.kind == "landmark"]
    found = [(s, scales) for s, scales in marks if scales]
    case.lie_on(set.intersection(*(scales for _, scales in found)) if found else ())
    _of_another_scale(case, found)
    _medians(case)


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
    _limits_of_medians(case, marks)


_ANOTHER_ARM = re.compile(r"\bnot (?:been )?reached (?:in|with|for|on)\b", re.IGNORECASE)
"""Of a sentence that has a median beside one that was not reached: of another arm, which has its landmark too."""


def _limits_of_medians(case: Case, marks: Mapping[str, Sequence[Statement]]) -> None:
    """Where the whole interval of S(t) is below 50 %, that of the median ends by t; where it is above, it begins there.

    The interval of a median is made of the times at which the interval of survival holds 50 %. Of several arms, each
    must have its landmark at that time, so that whichever belongs to the median says the same.

    Source: Brookmeyer and Crowley 1982.
    """
    medians: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind == "median_ci" and s.quantities.outcome in marks and not case.cites(s):
            medians[s.quantities.outcome].append(s)
    for outcome, found in medians.items():
        arms = len({s.quantities.value for s in found}) + any(case.says(s, _ANOTHER_ARM) for s in found)
        at: dict[tuple[Fraction, str | None], list[Statement]] = defaultdict(list)
        for m in marks[outcome]:
            if m.quantities.at is not None and not case.cites(m):
                at[m.quantities.at.value, m.quantities.unit].append(m)
        for (time, unit), landmarks in at.items():
            if len({m.quantities.percent for m in landmarks}) < arms:
                continue
            for s in found:
                low, high = s.quantities.low, s.quantities.high
                late = all(_ends_below_half(m) for m in landmarks) and (
                    high.low > time if isinstance(high, Printed) else high is not None
                )
                early = isinstance(low, Printed) and low.high < time and all(_starts_above_half(m) for m in landmarks)
                if s.quantities.unit == unit and (late or early):
                    _limit_off(case, s, landmarks[0], "before" if late else "after")


def _limit_off(case: Case, s: Statement, mark: Statement, side: str) -> None:
    q = mark.quantities
    assert q.at is not None
    assert q.percent is not None
    shown = " to ".join(x.text for x in (q.low, q.high) if isinstance(x, Printed))
    which = "upper limit of the median lies" if side == "before" else "lower limit of the median lies"
    sentence = (
        f"{q.percent.text} % ({shown}) at {float(q.at.value):g} {q.unit}: of the same patients, the {which} {side} it."
    )
    case.relate("median/landmarks", (s, mark), "unlikely", sentence, "median bracketed by landmarks", on=(s,))


def _ends_below_half(m: Statement) -> bool:
    return isinstance(m.quantities.high, Printed) and m.quantities.high.high < 50


def _starts_above_half(m: Statement) -> bool:
    return isinstance(m.quantities.low, Printed) and m.quantities.low.low > 50


def _above(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.low > 50


def _below(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.high_cut < 50
