"""Times: medians with limits or range, pairs of medians, durations."""

from __future__ import annotations

from typing import Any

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.lexicon import TIME_UNITS, outcome_in
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.rules import LINK, MEDIAN, Read, is_signed, level_of
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed

__all__ = ["is_spread", "read_value", "read_values", "with_limits"]

_SPREADS = {"±", "sd", "se", "sem", "deviation", "error", "+/-"}


def is_spread(r: Reading, atom: Atom) -> bool:
    """Whether a number is a standard deviation or error: `± 12.0`, `SD 9.1`, `SD = 9.1`."""
    before = r.low(atom.i - 1)
    return before in _SPREADS or (before in ("=", ":", ",", "of", "-") and r.low(atom.i - 2) in (*_SPREADS, "/"))


_MOVING = {
    "every",
    "within",
    "for",
    "over",
    "after",
    "at",
    "least",
    "during",
    "until",
    "first",
    "next",
    "last",
    "than",
    "exceeded",
    "exceeds",
    "exceeding",
    "exceed",
    "by",
    "each",
    "of benefit",
}


def with_limits(r: Reading, k: int, value: Printed, unit: str | None, *, plus: bool = False) -> Read:
    """A value with the interval or range after it; a range in another unit stays apart."""
    atom, nxt = r.atoms[k], r.atoms[k + 1]
    if is_spread(r, atom):
        return [_mean_with_spread(r, atom, Quantities(value=value, unit=unit))], 1
    mean = _mean_before(r, k)
    if mean is not None:  # a mean (SD) of 32.1 (11.4; range, 18-50)
        value = mean
    elif _out_of(r, k) or (_is_when(r, atom) and not _within(value, nxt)):
        return [Draft("value", atom.i, atom.j, Quantities(value=value, unit=unit))], 2
    other = TIME_UNITS.get(r.low(nxt.j))
    if unit is not None and other is not None and other != unit:
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value, unit=unit))], 2
    if is_signed(r, atom) and r.low(atom.i - 1) != "+":
        value = Printed("-" + value.text, -value.value, value.digits)
    name: Any = nxt.data.get("name") or _interval_name_before(r, k)
    q = Quantities(
        value=value,
        unit=unit,
        low=nxt.data["low"],
        high=nxt.data["high"],
        level=level_of(nxt),
        max_censored=bool(nxt.data.get("plus")) or plus,
        interval=name,
    )
    kind = "median_ci" if name == "ci" else "median_range"
    return [Draft(kind, atom.i, r.closed(nxt.j), q)], 2


_OUTCOME = re.compile(r"\bmedian|\bmean|surviv|follow-?\s?up|duration|\btime\b|\bage", re.IGNORECASE)


def _mean_before(r: Reading, k: int) -> Printed | None:
    """The mean before a standard deviation in brackets, where a range follows in the same bracket."""
    before = r.atom(k - 1)
    sd = r.gap(k - 1) in (["("], ["["]) if k else False
    if before is None or before.kind not in ("number", "value") or not sd or r.low(r.atoms[k].j) not in (";", ","):
        return None
    return before.data["value"]


def _out_of(r: Reading, k: int) -> bool:
    """Whether a number is the most a score can be: `0.7/10 (range, 0-4)`."""
    i = r.atoms[k].i
    return r.low(i - 1) == "/" and r.tokens[i].glued


def _is_when(r: Reading, atom: Atom) -> bool:
    """Whether a time says when, not how long: `at 24 hours (95% CI, 0.10 to 3.50)`."""
    return r.low(atom.i - 1) in ("at", "after", "within", "by") and not _OUTCOME.search(r.before(atom.i, 8))


def _within(value: Printed, limits: Atom) -> bool:
    low, high = limits.data["low"], limits.data["high"]
    return not (isinstance(low, Printed) and value.value < low.value) and not (
        isinstance(high, Printed) and value.value > high.value
    )


def _interval_name_before(r: Reading, k: int) -> str:
    """What an unlabelled pair of limits is: what the last labelled one of the sentence was, else a range."""
    return next((a.data["name"] for a in reversed(r.recent(k)) if a.kind == "interval"), "range")


def read_value(r: Reading, k: int) -> Read:
    """A time with limits or range; else a median, a duration, a number of the design."""
    atom = r.atoms[k]
    value, unit = atom.data["value"], atom.data["unit"]
    nxt, gap = r.atom(k + 1), r.gap(k)
    if nxt is not None and not atom.data.get("adjective"):
        if nxt.kind == "interval" and len(gap) <= 3 and set(gap) <= LINK:
            return with_limits(r, k, value, unit)
        if nxt.kind == "pair" and gap in (["("], [","], ["["]):
            return with_limits(r, k, value, unit)
        if nxt.kind == "value" and _compared(r, k, nxt):
            return _two_values(r, k + 1, Quantities(values=(value, nxt.data["value"]), unit=unit), atom.i, 2)
    q = Quantities(value=value, unit=unit)
    if is_spread(r, atom):
        return [_mean_with_spread(r, atom, q)], 1
    before = r.before(atom.i, 25)
    near = r.low(atom.i - 1)
    if re.search(r"\b(?:benefit|gain|improvement|advantage|prolongation) of$", before):
        return [Draft("duration", atom.i, atom.j, msgspec.structs.replace(q, text="difference"))], 1
    if atom.data.get("adjective") or near in _MOVING or r.is_design or _EXTREME.search(before):
        kind = "design_number" if r.is_design else "duration"
        return [Draft(kind, atom.i, atom.j, q)], 1
    outcome = outcome_in(before)
    if MEDIAN.search(before) or outcome in ("OS", "PFS", "DFS", "EFS", "DOR", "TTR", "follow-up", "TRTDUR"):
        return [Draft("median_only", atom.i, atom.j, q, approximate=bool(atom.data.get("approximate")))], 1
    return [Draft("duration", atom.i, atom.j, q)], 1


_EXTREME = re.compile(r"\b(?:minim\w+|maxim\w+|shortest|longest|planned)\b[^.;,]*$", re.IGNORECASE)
"""Before a time that is no middle: `the minimum follow-up was 90 days`."""


def _mean_with_spread(r: Reading, atom: Atom, q: Quantities) -> Draft:
    """`4.0 ± 2.1 years`: the mean, where it stands before; else the deviation alone."""
    mean = r.tokens[atom.i - 2].number if r.low(atom.i - 1) in ("±", "+/-") and atom.i > 1 else None
    if mean is None:
        return Draft("value", atom.i, atom.j, q)
    return Draft("value", atom.i - 2, atom.j, msgspec.structs.replace(q, value=mean))


def read_values(r: Reading, k: int) -> Read:
    """Two times compared, with their P where it follows."""
    atom = r.atoms[k]
    return _two_values(r, k, Quantities(values=atom.data["values"], unit=atom.data["unit"]), atom.i, 1)


def _two_values(r: Reading, k: int, q: Quantities, start: int, used: int) -> Read:
    """Two values that end with atom `k`, and their P."""
    nxt = r.atom(k + 1)
    if nxt is not None and nxt.kind == "p" and nxt.data["of"] is None and set(r.gap(k)) <= LINK:
        q = msgspec.structs.replace(q, p=nxt.data["p"], p_op=nxt.data["op"])
        return [Draft("group_medians_p", start, nxt.j, q)], used + 1
    return [Draft("group_medians_p", start, r.atoms[k].j, q)], used


def _compared(r: Reading, k: int, nxt: Atom) -> bool:
    """Whether a time and the next are two of a kind: `26.7 months versus 12.3 months`, neither with limits."""
    first, third = r.atoms[k], r.atom(k + 2)
    if first.data["unit"] != nxt.data["unit"] or nxt.data.get("adjective"):
        return False
    if r.gap(k) not in (["vs"], ["vs", "."], ["versus"], ["v"], ["compared", "with"], ["compared", "to"]):
        return False
    return third is None or third.kind not in ("interval", "pair") or len(r.gap(k + 1)) > 3
