"""A bare number that is no count: a median, a ratio with its limits, `one or two`, a 2:1 ratio."""

from __future__ import annotations

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED, TIME_UNITS
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.rules import LINK, MEDIAN, OPEN, Read, level_of, whole
from codon12.check.grammar.times import is_spread, with_limits
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed

__all__ = ["mean_with_interval", "read_estimate"]


def read_estimate(r: Reading, k: int) -> Read | None:
    """A bare number that is no count: a median, an implicit ratio with limits, `one or two`, a 2:1 ratio."""
    atom = r.atoms[k]
    value: Printed = atom.data["value"]
    nxt, gap = r.atom(k + 1), r.gap(k)
    if is_spread(r, atom):
        return [], 1
    if r.low(atom.j) == ":" or (r.low(atom.i - 1) == ":" and r.tokens[atom.i].glued):
        return [], 1
    if nxt is not None and nxt.kind == "number" and gap == ["or"]:
        last = whole(nxt.data["value"])
        noun = next((x for x, w in enumerate(r.words_after(nxt.j, 3)) if w in COUNTED), None)
        if last is not None and noun is not None and value.value < last:
            return [Draft("definition", atom.i, nxt.j + noun + 1, Quantities(low=value, high=nxt.data["value"]))], 2
    if nxt is not None and value.digits and nxt.kind == "pair" and gap in ([","], ["("], ["["], [";"]):
        low, high = nxt.data["low"], nxt.data["high"]
        after = r.atom(k + 2)
        ratio_before = any(a.kind == "ratio" for a in r.recent(k))
        has_p = after is not None and after.kind == "p" and after.data["of"] is None and set(r.gap(k + 1)) <= LINK
        has_p = has_p and _RATIO.search(r.text, r.passage.start, r.passage.end) is not None
        if isinstance(low, Printed) and isinstance(high, Printed) and (
            (((has_p or ratio_before) and r.low(atom.i - 1) in (*OPEN, ",", ";"))
             or (ratio_before and r.low(atom.i - 1) == "and" and low.digits == value.digits == high.digits
                 and _RATIOS.search(r.text, r.passage.start, r.tokens[atom.i].start) is not None))
            and (low.value <= value.value <= high.value or _listed_alike(r, k))
        ):  # fmt: skip
            q = Quantities(measure="HR", value=value, low=low, high=high, interval="ci")
            if has_p and after is not None:
                q = msgspec.structs.replace(q, p=after.data["p"], p_op=after.data["op"])
            return [Draft("hr_ci_p", atom.i, (after or nxt).j if has_p else nxt.j, q)], 3 if has_p else 2
    if nxt is not None and nxt.kind == "interval" and value.digits and set(gap) <= {",", "(", "[", ";"}:
        median = MEDIAN.search(r.before(atom.i, 14)) is not None
        low, high = nxt.data["low"], nxt.data["high"]
        if nxt.data["name"] == "ci":
            q = Quantities(value=value, low=low, high=high, level=level_of(nxt), interval="ci")
            if not median and not _COEFFICIENTS & {*r.after(max(0, atom.i - 3), min(3, atom.i))}:
                q = msgspec.structs.replace(q, measure=_measure_before(r, k))
            unit = TIME_UNITS.get(r.low(r.closed(nxt.j))) if median else None
            if unit is not None:  # 11.3 (10.5-12.2) months
                return [Draft("median_ci", atom.i, r.closed(nxt.j) + 1, msgspec.structs.replace(q, unit=unit))], 2
            if median or q.measure:
                return [Draft("median_ci" if median else "hr_ci_p", atom.i, r.closed(nxt.j), q)], 2
            if gap in (["("], ["["]) and r.low(atom.i - 1) not in _BESIDE_ANOTHER:
                return [Draft("value", atom.i, r.closed(nxt.j), q)], 2  # rose from 0.68 (95% CI 0.61-0.75)
    if nxt is not None and nxt.kind == "pair" and gap in (["("], ["["]) and _MIDDLE.search(r.before(atom.i, 10)):
        limits = nxt.data["low"], nxt.data["high"]
        if all(isinstance(x, Printed) for x in limits) and limits[0].value <= value.value <= limits[1].value:
            return _with_unit_behind(r, *with_limits(r, k, value, None))
    if nxt is not None and not value.digits and gap in (["("], ["["]) and _within(value, nxt):
        q = Quantities(value=value, low=nxt.data["low"], high=nxt.data["high"], level=level_of(nxt), interval="ci")
        return [Draft("value", atom.i, r.closed(nxt.j), q)], 2  # a peak of 2,417 (95% CI 1,859-3,143)
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] != "ci" and set(gap) <= {",", "(", "[", ";"}:
        return with_limits(r, k, value, None)
    before = r.before(atom.i, 10)
    if (mean := mean_with_interval(r, k)) is not None:
        return mean
    earlier = r.before(atom.i, 20)
    if r.low(atom.i - 1) == "and" and re.search(r"\bmedian\b[^.;]* scores?\b[^.;]*\bwas\b", earlier):
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value))], 1
    if re.search(r"\bmedian\b[^.;]{0,60}\b(?:of|was|were)$", before) and r.low(atom.j) != "%":
        words = r.words_after(atom.j, 4)
        unit = next((w for w in words if w in COUNTED and w not in ("patients", "groups")), None)
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value, unit=unit))], 1
    return None


def _listed_alike(r: Reading, k: int) -> bool:
    """Whether a number and the pair behind it, out of order, are printed as others of the sentence that are in order.

    `age (OR 1.09, 95% CI 1.07-1.12), sex (6.29, 1.03-1.60), BMI (1.86, 1.12-3.08)`: the one in the middle is a ratio.
    """
    digits = _digits(r, k)
    return digits is not None and any(
        _digits(r, j) == digits and r.gap(j) == r.gap(k) and _in_order(r, j) for j in range(len(r.atoms) - 1) if j != k
    )


def _digits(r: Reading, k: int) -> int | None:
    """How many decimals a number and both limits right behind it have, where they have as many."""
    three = _three(r, k)
    return three[0].digits if three is not None and len({x.digits for x in three}) == 1 else None


def _in_order(r: Reading, k: int) -> bool:
    three = _three(r, k)
    return three is not None and three[1].value <= three[0].value <= three[2].value


def _three(r: Reading, k: int) -> tuple[Printed, Printed, Printed] | None:
    first, second = r.atoms[k], r.atom(k + 1)
    if first.kind not in ("number", "ratio") or second is None or second.kind != "pair":
        return None
    low, high = second.data["low"], second.data["high"]
    return (first.data["value"], low, high) if isinstance(low, Printed) and isinstance(high, Printed) else None


_MIDDLE = re.compile(
    r"\b(?:median|mean|average)\b(?:\s?[(\[]\s?(?:range|IQR|SD)\s?[)\]])?(?:\s[a-z-]+){0,4}?(?:\s\([A-Z]+\))?(?:\s?(?:of|was|is|were|,|:|=))*$", re.IGNORECASE
)
"""Before a middle value whose limits stand behind it: `a median age of 63 (41-80)`."""


def _with_unit_behind(r: Reading, drafts: list[Draft], used: int) -> Read:
    """`87.5 (15.3-247.1) months`: the unit behind the bracket is that of all three."""
    unit = TIME_UNITS.get(r.low(drafts[0].j))
    if unit is not None:
        drafts[0].quantities = msgspec.structs.replace(drafts[0].quantities, unit=unit)
        drafts[0].j += 1
    return drafts, used


def _within(value: Printed, nxt: Atom) -> bool:
    """Whether a whole number lies within the interval behind it: a count has the interval of its share there."""
    low, high = nxt.data.get("low"), nxt.data.get("high")
    ci = nxt.kind == "interval" and nxt.data["name"] == "ci" and not nxt.data["percent"]
    return ci and isinstance(low, Printed) and isinstance(high, Printed) and low.value <= value.value <= high.value


_BESIDE_ANOTHER = {"vs", "versus", "and", "than", "or", "<", ">", "≤", "≥", "<=", ">=", "."}
"""Before the second of two values, whose interval may be that of their difference, and before a limit."""


def mean_with_interval(r: Reading, k: int) -> Read | None:
    """`the mean birth weight was 2,910 g (95% CI, 2,850 to 2,970)`: a mean in any unit, its limits behind it."""
    atom, nxt, gap = r.atoms[k], r.atom(k + 1), r.gap(k)
    if nxt is None or nxt.kind != "interval" or nxt.data["name"] != "ci" or not gap or gap[-1] not in OPEN:
        return None
    if len(gap) > _UNIT_TOKENS or r.passage.table is not None or _MEAN.search(r.before(atom.i, 10)) is None:
        return None
    q = Quantities(value=atom.data["value"], low=nxt.data["low"], high=nxt.data["high"], level=level_of(nxt))
    return [Draft("value", atom.i, r.closed(nxt.j), msgspec.structs.replace(q, interval="ci"))], 2


_MEAN = re.compile(r"\b(?:means?|average)\b[^.;]{0,60}\b(?:of|was|were)$", re.IGNORECASE)
_UNIT_TOKENS = 5
"""The most that a unit and the bracket behind it take: `2,910 U/L (`."""
_RATIOS = re.compile(r"\bratios (?:of|were)\b|\b(?:HR|OR|RR)s\b", re.IGNORECASE)
_RATIO = re.compile(r"\bratios?\b|\brisk\b|\b[a-z]?(?:HR|OR|RR)s?\b")
_COEFFICIENTS = {"β", "beta", "b", "coefficient", "coefficients", "md", "smd", "difference", "wmd"}


def _measure_before(r: Reading, k: int) -> str | None:
    """HR or OR where the sentence named the ratio before atom `k`."""
    return next((a.data["measure"] for a in reversed(r.recent(k)) if a.kind == "ratio"), None)
