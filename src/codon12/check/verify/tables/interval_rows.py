"""Intervals in a row of their own below their estimates: `Median 12.5 | 9.1` above `95% CI 10.0-15.1 | 9.4-11.0`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.intervals import counted_interval
from codon12.numbers.unrounded import Printed, percent_modes

__all__ = ["check_interval_rows"]

_INTERVAL = re.compile(r"^\W*(?:two-sided )?(?:\(?\d\d(?:\.\d+)? ?% ?)?(?:CI|confidence intervals?)\b", re.IGNORECASE)

_LEVEL = re.compile(r"[^\w\n]*(?:two-sided )?\(?(\d\d) ?%", re.IGNORECASE)


def check_interval_rows(case: Case) -> None:
    """Check each limit of such a row against the estimate above it, where both rows have as many cells."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is None or _INTERVAL.match(case.flat[p.start : p.end]) is None:
            continue
        above = case.text.passages[passage - 1] if passage else p
        limits = [s for s in statements if isinstance(s.quantities.low, Printed) and s.quantities.value is None]
        estimates = [s for s in case.by_passage.get(passage - 1, ()) if _estimate(s) is not None]
        if above.table != p.table or not limits or len(limits) != len(estimates) or len(limits) < len(statements):
            continue
        for estimate, s in zip(estimates, limits, strict=True):
            _judge(case, estimate, s)


def _estimate(s: Statement) -> Printed | None:
    """What a cell estimates: its percentage, or a value without limits of its own."""
    if s.quantities.low is not None or s.quantities.high is not None:
        return None
    return s.quantities.percent or s.quantities.value


def _judge(case: Case, estimate: Statement, s: Statement) -> None:
    value, low, high = _estimate(estimate), s.quantities.low, s.quantities.high
    if value is None or not isinstance(low, Printed):
        return
    if value.high_cut < low.low or (isinstance(high, Printed) and value.low > high.high_cut):
        shown = f"{low.text} to {high.text}" if isinstance(high, Printed) else f"{low.text} or more"
        sentence = f"{value.text} lies outside the interval in the row below it, {shown}."
        case.relate("interval", (estimate, s), "error-if", sentence, "lower < value < upper", on=(s,), tie="structural")
        return
    sentence = f"{value.text} lies within the interval in the row below it."
    case.relate("interval", (estimate, s), "ok", sentence, "lower < value < upper", tie="structural")
    n, total = estimate.quantities.n, case.denominators.get(estimate.id)
    m = _LEVEL.match(case.flat, case.text.passages[s.passage].start, s.normal_end)
    if n is not None and total is not None and m is not None and percent_modes(n, total.value, value):
        counted_interval(case, s, n, total.value, int(m[1]))
