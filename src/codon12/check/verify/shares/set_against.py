"""Shares of two groups set against each other: of one arm and the other in turn, or each of a group not printed.

`56 (33.1%) vs 61 (40.4%); serious in 18 (10.7%) vs 34 (25.2%)`: the others say that 34 is of the 151 of the second arm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import exact, prints_as
from codon12.check.verify.shares.numerals import named_near
from codon12.numbers.unrounded import percent_modes, totals_for_percent

__all__ = ["misses_its_turn", "opposed"]

_AGAINST = re.compile(r"^\W*(?:patients )?(?:vs\.?|versus|compared (?:with|to)|against)\W*(?:in )?$", re.IGNORECASE)
_REACH = 3
"""Sentences to either side in which other pairs are looked for."""
_ENOUGH = 2


def misses_its_turn(case: Case, s: Statement, computed: dict[str, object]) -> bool:
    """Note a share that is not of the arm that its place in a pair gives it, as all other pairs near it have it."""
    beside = _pair(case, s)
    q = s.quantities
    if beside is None or q.n is None or q.percent is None or q.N is not None:
        return False
    first = beside[0].id == s.id
    partner = beside[1] if first else beside[0]
    known = case.denominators.get(partner.id)
    if known is None or partner.quantities.n == known.value:
        return False
    others = [pair for pair in _pairs(case, s) if s.id not in (pair[0].id, pair[1].id)]
    sizes = [tuple(case.denominators[x.id].value for x in pair) for pair in others if _explained(case, pair)]
    if not sizes:
        return False
    arms = Counter(sizes).most_common(1)[0][0]
    if (
        arms[0] == arms[1]
        or arms[first] != known.value
        or not all(prints_as(x, n) for p in others for x, n in zip(p, arms, strict=True))
    ):
        return False
    size = arms[not first]
    if q.n > size or percent_modes(q.n, size, q.percent):
        return False
    each = "each other pair" if len(sizes) >= _ENOUGH else "the other pair"
    sentence = (
        f"{q.n} of {size} is {exact(q.n, size)} %, not {q.percent.text} %: it is the "
        f"{'first' if first else 'second'} of its pair, which is of {size} in {each} near it."
    )
    verdict = "error-if" if len(sizes) >= _ENOUGH else "unlikely"
    case.add(s, Check("count/percent", verdict, sentence, "arms in turn", computed | {"N": size}, "structural"))
    return True


def _explained(case: Case, pair: tuple[Statement, Statement]) -> bool:
    return all(x.id in case.denominators for x in pair)


def _pair(case: Case, s: Statement) -> tuple[Statement, Statement] | None:
    """The two shares of the pair that a share is one of."""
    return next((pair for pair in _pairs(case, s, 0) if s.id in (pair[0].id, pair[1].id)), None)


def _pairs(case: Case, s: Statement, reach: int = _REACH) -> list[tuple[Statement, Statement]]:
    """Neighbouring shares with a count that `versus` parts, at most so many sentences away."""
    near = [o for o in case.beside(s, reach) if o.kind in PERCENT_KINDS and o.quantities.n is not None]
    return [
        (a, b)
        for a, b in pairwise(near)
        if a.passage == b.passage
        and len(between := case.flat[a.normal_end : b.normal_start]) <= _BETWEEN
        and _AGAINST.match(between) is not None
    ]


_BETWEEN = 30


_SET_AGAINST = re.compile(r"\b(?:vs\.?|versus|compared|against|than|as opposed)\b", re.IGNORECASE)
_TWO_GROUPS = re.compile(
    r"\b(?:in|of|for|among|with|on|from|receiving|assigned to) (?:the )?[^.;()]{2,60}?"
    r"(?:,| and| but| while| whereas)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?)\b|\brespectively\b", re.IGNORECASE)
_CLOSE = 120
_NEAREST = 12
"""Characters between two shares, and statements to either side, within which one is set against the other."""


def opposed(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether the share on the other side of `versus`, or of the other group, fits no total of the text either.

    `Of 115 patients in two groups, 38 (75%) versus 14 (22%) relapsed`: of 51 and 64, which are not printed.
    """
    for other in case.beside(s, 0, _NEAREST):
        q = other.quantities
        if other.id == s.id or q.n is None or q.percent is None:
            continue
        first, second = sorted((s, other), key=lambda x: x.normal_start)
        between = case.flat[first.normal_end : second.normal_start]
        if len(between) > _CLOSE or ";" in between:
            continue
        against = _SET_AGAINST.search(between) is not None
        if not against:
            behind = case.flat[second.normal_end : min(len(case.flat), second.normal_end + 60)]
            against = _TWO_GROUPS.search(between) is not None and _GROUP.search(between) is not None
            against = against and _GROUP.search(behind.split(";")[0]) is not None
        if not against or all(other.id != x.id for x in unexplained):
            continue
        if named_near(case, other, totals_for_percent(q.n, q.percent)) is None:
            return True
    return False
