"""Shares that are together all of one group: percentages that make a hundred, and pairs of which one is of both."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.typos import few_totals, one_digit_neighbours
from codon12.numbers.unrounded import percent_modes

__all__ = ["fills_up", "of_another_clause", "other_part", "parts_apart", "rest_of_all"]

_JOINED = re.compile(r"^\W*(?:(?!of\b|in\b|among\b)[a-z-]+ ){0,3}and (?:[a-z-]+ )?\W?$")


def rest_of_all(case: Case, s: Statement) -> tuple[int, int] | None:
    """Whole and rest where the percentages of a list make 100 and all others are of one total: `9 (65%), 5 (35%)`."""
    q = s.quantities
    near = [
        o
        for o in case.beside(s, 0, _LONGEST_LIST)
        if o.kind in PERCENT_KINDS and o.quantities.n and o.quantities.percent
    ]
    for k in range(2, len(near) + 1):
        for group in (near[i : i + k] for i in range(len(near) - k + 1)):
            percents = [o.quantities.percent for o in group if o.quantities.percent]
            slack = sum((p.step for p in percents), Fraction(0)) / 2
            if s not in group or abs(sum((p.value for p in percents), Fraction(0)) - 100) > slack:
                continue
            totals = {case.denominators[o.id].value if o.id in case.denominators else 0 for o in group if o.id != s.id}
            if len(totals) == 1 and (total := totals.pop()) > 0 and q.n is not None:
                rest = total - sum(o.quantities.n or 0 for o in group if o.id != s.id)
                if rest > 0 and rest != q.n and q.percent is not None and percent_modes(rest, total, q.percent):
                    return total, rest
    return None


_LONGEST_LIST = 8
_LEAST_WHOLE = 100
"""Counts of two sentences may add up to a smaller group by chance."""


def fills_up(case: Case, s: Statement) -> int | None:
    """The total that a count makes with those of it beside: `1,858 (99.7%) met them, 472 (20.3%) did not`, of 2,330.

    Beside it is another share of its sentence or the next, or all the others of its sentence.
    """
    n = s.quantities.n or 0
    near = [
        (o, case.denominators[o.id].value)
        for o in case.beside(s, 1, _LONGEST_LIST)
        if o.id != s.id
        and o.kind in PERCENT_KINDS
        and o.id in case.denominators
        and o.quantities.n
        and not (o.passage == s.passage and of_another_clause(case, o, s))
    ]
    here = [(o, t) for o, t in near if o.passage == s.passage]
    groups = [[x] for x in near if x[0].passage == s.passage or x[1] >= _LEAST_WHOLE] + [here]
    for group in groups:
        totals = {t for _, t in group}
        counts = [o.quantities.n or 0 for o, _ in group]
        if len(totals) == 1 and 0 < n < (total := totals.pop()) and n + sum(counts) == total >= _LEAST_LISTED:
            return total
    return None


_LEAST_LISTED = 20
_NEXT_CLAUSE = re.compile(
    r";[^;]*?\b(?:was|were|had|occurred|received|died)\b|\b(?:groups?|arms?|placebo|controls?|respectively)\b",
    re.IGNORECASE,
)
"""Between two counts that are no parts of one whole: another thing is told, or another group is named."""


def of_another_clause(case: Case, a: Statement, b: Statement) -> bool:
    """Whether words between two shares of a sentence say that they are no parts of one whole."""
    first, second = sorted((a, b), key=lambda x: x.normal_start)
    return _NEXT_CLAUSE.search(case.flat, first.normal_end, second.normal_start) is not None


def other_part(case: Case, s: Statement, unexplained: Sequence[Statement]) -> tuple[int, str] | None:
    """The two counts of a pair together, where the other share is of these: `660 (22.5%) and 250 (27.5%)`."""
    q = s.quantities
    for other in unexplained:
        o = other.quantities
        if other.id == s.id or other.passage != s.passage or not (q.n and o.n and o.percent and o.percent.digits):
            continue
        first, second = sorted((s, other), key=lambda x: x.normal_start)
        if _JOINED.match(case.flat[first.normal_end : second.normal_start]) and percent_modes(
            o.n, q.n + o.n, o.percent
        ):
            return q.n + o.n, f"{o.n} ({o.percent.text} %)"
    return None


def parts_apart(case: Case, s: Statement, computed: dict[str, object], unexplained: Sequence[Statement]) -> bool:
    """Note one of some parts whose percentages make a hundred and whose counts, by one digit, do not make the whole.

    `There were 374 (63.9%) in A and 172 (36.1%) in B`: 304 and 172 would be. Nothing where a total is printed for one.
    """
    listed = [o for o in unexplained if o.passage == s.passage and o.quantities.n is not None and few_totals(o)]
    if s not in listed:
        listed = sorted((*listed, s), key=lambda o: o.normal_start)
    at = listed.index(s)
    starts, ends = range(max(0, at - _MOST_PARTS), at + 1), range(at + 1, min(len(listed), at + _MOST_PARTS) + 1)
    for first, last in product(starts, ends):
        if last - first > 1 and (meant := _part_meant(s, [o for o in listed[first:last] if o is not s])) is not None:
            count, total = meant
            others = " and ".join(str(o.quantities.n) for o in listed[first:last] if o is not s)
            assert s.quantities.percent is not None
            sentence = (
                f"{s.quantities.n} and {others} beside it do not make a whole, as their percentages do; "
                f"{count} would ({s.quantities.percent.text} % of {total}), one digit apart."
            )
            computed |= {"one_digit": str(count), "N": total}
            case.add(s, Check("count/percent", "unlikely", sentence, "parts of a whole", computed, "structural"))
            return True
    return False


_MOST_PARTS = 8


def _part_meant(s: Statement, others: Sequence[Statement]) -> tuple[int, int] | None:
    """The count one digit apart that makes, with the others, the total that all of them and it are of."""
    percents = [o.quantities.percent for o in (s, *others)]
    shares = [p for p in percents if p is not None and p.digits]
    if len(shares) < len(percents) or s.quantities.n is None:
        return None
    if abs(sum(p.value for p in shares) - 100) > sum(p.step for p in shares) / 2:
        return None
    rest = sum(o.quantities.n or 0 for o in others)
    meant = [
        (k, k + rest)
        for k in one_digit_neighbours(s.quantities.n)
        if percent_modes(k, k + rest, shares[0]) and all(k + rest in few_totals(o) for o in others)
    ]
    return meant[0] if len(meant) == 1 else None
