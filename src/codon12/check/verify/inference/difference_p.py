"""P against the interval of a difference: `a mean difference of 3.1 points (95% CI, -1.2 to 7.4; P = 0.002)`."""

from __future__ import annotations

from typing import NamedTuple

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_difference_p"]

_DIFFERENCE = re.compile(
    r"\b(?:differences?|beta|coefficients?|slopes?|mean changes?|treatment effects?)\b|β|Δ", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:ratio|relative risk|correlation|non-?inferior\w*|superiority|interaction|trend|one-?sided|baseline)\b|"
    r"\b(?:HR|OR|RR|aHR|aOR)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"^[\s,;()\[\]]{0,4}(?:with )?(?:two-sided )?$", re.IGNORECASE)
_REACH = 70
_KINDS = ("value", "median_ci", "percent_ci")
_SIGNED = r"-?\d+(?:\.\d+)?"
_BEFORE_P = re.compile(
    rf"(?<![\d.])(?P<v>{_SIGNED})(?: [A-Za-z]{{1,12}})?[ ,;(\[]{{1,3}}95 ?% ?(?:CI|confidence interval)[,:]? ?"
    rf"(?P<a>{_SIGNED})(?: to |, ?)(?P<b>{_SIGNED})[\s,;()\[\]]{{1,4}}$"
)
_SHIFTED = re.compile(r" (?:value )?(?:for|of|in a test (?:of|for)) (?:non-?inferior|equivalen)", re.IGNORECASE)
"""Behind a P value of a test against a margin, which the interval of a difference from 0 does not give."""
_METHOD = "normal P of the interval"


def check_difference_p(case: Case) -> None:
    """Compare each P value that directly follows the interval of a difference with the P of that interval."""
    for p, statements in case.prose(_DIFFERENCE):
        for k, s in enumerate(statements):
            if s.kind != "p_value" or s.quantities.p is None:
                continue
            if _SHIFTED.match(case.flat, s.normal_end):
                continue
            found = _read(case, statements[k - 1], s) if k else None
            found = found or _spelled(case, s, p.start)
            if found is not None:
                _compare(case, found, s)


class _Difference(NamedTuple):
    value: Printed
    low: Printed
    high: Printed
    place: Statement | tuple[int, int]


def _read(case: Case, s: Statement, p: Statement) -> _Difference | None:
    """The statement right before a P value, where it is a difference with its interval of 95 percent."""
    q = s.quantities
    value, low, high = q.value or q.percent, q.low, q.high
    if s.kind not in _KINDS or q.interval in ("iqr", "range") or q.level not in (None, 95) or value is None:
        return None
    if not isinstance(low, Printed) or not isinstance(high, Printed):
        return None
    if not _NEXT.match(case.flat[s.normal_end : p.normal_start]):
        return None
    words = case.around(s, _REACH, 0)[0] + case.flat[s.normal_start : s.normal_end]
    return _Difference(value, low, high, s) if _of_a_difference(words) else None


def _spelled(case: Case, p: Statement, start: int) -> _Difference | None:
    """The same where the three numbers have no unit: `difference 0.03, 95% CI -0.01 to 0.08`."""
    first = max(start, p.normal_start - 2 * _REACH)
    m = _BEFORE_P.search(case.flat, first, p.normal_start)
    if m is None or not _of_a_difference(case.flat[max(first, m.start() - _REACH) : m.start()]):
        return None
    return _Difference(*(read_printed(m[k]) for k in "vab"), place=m.span())


def _of_a_difference(words: str) -> bool:
    return _DIFFERENCE.search(words) is not None and not _OTHER.search(re.split(r"[.;]\s", words)[-1])


def _compare(case: Case, found: _Difference, p: Statement) -> None:
    value, low, high, s = found
    given = p.quantities.p
    assert given is not None
    width = high.value - low.value
    slack = value.step + low.step + high.step
    inside, decided = low.value < 0 < high.value, low.value != 0 and high.value != 0
    if width <= 2 * slack or not low.low <= value.value <= high.high:
        return
    op = p.quantities.p_op
    said = printed_range(given, op)
    shown = f"P {op} {given.text}"
    if abs(2 * value.value - low.value - high.value) > slack + width / 10:
        # an interval of another shape: it decides at 0.05, no more
        if decided and ((inside and said[1] < 0.02) or (not inside and said[0] > 0.1)):
            _decision(case, s, p, f"The interval contains {'' if inside else 'no '}0, yet {shown}.", {})
        return
    z = sorted(
        3.92 * float(abs(v)) / float(w) for v, w in ((value.low, width + slack / 2), (value.high, width - slack / 2))
    )
    largest, smallest = (float(special.erfc(x / 2**0.5)) for x in z)
    by = f"P from {smallest:.2g} to {largest:.2g}"
    computed = {"p_range": [float(f"{smallest:.3g}"), float(f"{largest:.3g}")]}
    if smallest <= said[1] and said[0] <= largest:
        case.add(p, Check("P/interval", "ok", f"The interval gives {by}; printed {shown}.", _METHOD, computed))
        return
    near, other = (smallest, said[1]) if said[1] < smallest else (largest, said[0])
    gap = abs(wald_z(near) - wald_z(other))
    if decided and ((inside and said[1] < 0.045) or (not inside and said[0] > 0.055)) and gap > 0.25:
        says = "contains 0" if inside else "excludes 0"
        sentence = f"The interval {says}, yet {shown}: by the interval P is {smallest:.2g} to {largest:.2g}."
        _decision(case, s, p, sentence, computed)
    elif gap <= 0.3:
        case.add(p, Check("P/interval", "ok", f"The interval gives {by}, near the printed {shown}.", _METHOD, computed))
    else:
        sentence = f"The interval gives {by}, printed {shown}: another test or adjustment."
        case.add(p, Check("P/interval", "cannot confirm", sentence, _METHOD, computed))


def _decision(
    case: Case, s: Statement | tuple[int, int], p: Statement, sentence: str, computed: dict[str, list[float]]
) -> None:
    case.relate("direction", (s, p), "unlikely", sentence, "decision at 0.05", computed)
    case.add(p, Check("P/interval", "unlikely", sentence, _METHOD, computed))
