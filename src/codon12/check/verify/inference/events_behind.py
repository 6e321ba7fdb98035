"""A hazard ratio whose interval is narrower than its events allow: 20 deaths cannot give 0.66 (0.62 to 0.70)."""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.inference.p_values import wald_z
from codon12.check.verify.prose import sentences_with, whole
from codon12.numbers.unrounded import Printed

__all__ = ["check_events_behind"]

_EVENTS = re.compile(
    r"(?<![\w.,/-])(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:[a-z-]+ ){0,2}?"
    r"(?:deaths?|events?|progressions?|relapses?|recurrences?|(?:had )?died)\b",
    re.IGNORECASE,
)
_ARMS = re.compile(r"(?<![\w.,/-])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?= (?:in|on|with|for) )")
_OF_A_MODEL = re.compile(
    r"\b(?:(?:per|each|every) (?:unit|additional|extra|\d|SD|standard|year|doubling|point)|adjust\w*|propensity|"
    r"weight\w*|multivaria\w*|pooled|meta-?analy\w*)",
    re.IGNORECASE,
)
_SPARE = 0.5
"""Share of the least standard error that is let pass: the events counted may be of one group, or of another time."""


def check_events_behind(case: Case) -> None:
    """Check each hazard ratio whose sentence counts the events behind it.

    With d events the variance of the log hazard ratio of two groups is at least 4 / d, that of equal groups. All
    counts of events in the sentence are added, parts and total alike, so that d is never too small.

    Source: Schoenfeld 1981, Biometrika 68:316.
    """
    for p in sentences_with(case, "deaths", "events", "died", "progressions", "relapses", "recurrences"):
        ratios = [s for s in case.by_passage.get(p.index, ()) if s.kind == "hr_ci_p" and s.quantities.measure == "HR"]
        if len(ratios) != 1 or _OF_A_MODEL.search(case.flat, p.start, p.end):
            continue
        s = ratios[0]
        told = list(_EVENTS.finditer(case.flat, p.start, s.normal_start))
        if not told:
            continue
        arms = list(_ARMS.finditer(case.flat, told[0].end(), s.normal_start))
        events = sum(whole(m["n"]) for m in (*told, *arms))
        _judge(case, s, told[0].span("n"), events)


def _judge(case: Case, s: Statement, told: tuple[int, int], events: int) -> None:
    q = s.quantities
    if not isinstance(q.low, Printed) or not isinstance(q.high, Printed) or q.low.low <= 0 or events < 1:
        return
    z = wald_z(1 - (q.level or 95) / 100)
    widest = math.log(q.high.high_cut / q.low.low) / (2 * z)
    least = 2 / math.sqrt(events)
    if widest >= _SPARE * least:
        return
    sentence = (
        f"{events} events give a hazard ratio a standard error of {least:.2g} on the log scale at least, its interval "
        f"one of {widest:.2g} at most."
    )
    case.relate("ratio/events", [told, s], "unlikely", sentence, "variance >= 4 / events", on=(s,))
