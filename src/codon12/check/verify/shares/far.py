"""A share that fits only a number named far from it, while one digit would make it fit the total its neighbours have.

In a long text some number or sum makes any share right: that one fits tells little where it stands far away.
"""

from __future__ import annotations

from collections import Counter

from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.denominators import counted_things, of_a_group
from codon12.check.verify.shares.group_sizes import group_named_behind
from codon12.check.verify.shares.typos import repair_of, was_planned

__all__ = ["check_far_totals"]

_NEAR = 4
"""How many sentences away a total may be named to be near."""
_REACH, _MOST_BESIDE = 3, 40
"""How many sentences away shares are neighbours, and how many of these are looked at."""
_FEWEST_DIGITS, _FEWEST_ALIKE = 2, 2


def check_far_totals(case: Case) -> None:
    """Check every share in prose whose total no other share has and which no sentence near it names."""
    used = Counter(d.value for d in case.denominators.values())
    for s in case.statements:
        d = case.denominators.get(s.id)
        if d is None or d.source not in ("context", "later") or used[d.value] > 1 or s.quantities.N is not None:
            continue
        if s.kind not in PERCENT_KINDS or case.text.passages[s.passage].table is not None:
            continue
        if d.value != case.largest and not _named_near(case, s, d):
            _one_digit_from_neighbours(case, s, d)


def _named_near(case: Case, s: Statement, d: Denominator) -> bool:
    return any(abs(at - s.passage) <= _NEAR for at in case.named_in.get(d.value, ()))


def _one_digit_from_neighbours(case: Case, s: Statement, d: Denominator) -> None:
    n, percent = s.quantities.n, s.quantities.percent
    if n is None or n < 2 or percent is None or of_a_group(case, s) or group_named_behind(case, s) is not None:
        return
    if counted_things(case, s) is not None:
        return
    total = _of_neighbours(case, s)
    repair = None if total is None or was_planned(case, total) else repair_of(s, (total,))
    if total is None or repair is None or repair.digits < _FEWEST_DIGITS or n >= total:
        return
    sentence = (
        f"{n} of {total}, as shares near it are, is {exact(n, total)} %; {repair.what} would be, one digit apart. "
        f"It fits only {d.value}, named far from it."
    )
    computed: dict[str, object] = {"one_digit": repair.what, "N": total}
    case.add(s, Check("denominator", "unlikely", sentence, "one digit from fitting", computed, "inferred"))


def _of_neighbours(case: Case, s: Statement) -> int | None:
    """The total that most shares near one in its section have, two at least."""
    near = [o for o in case.beside(s, _REACH, _MOST_BESIDE) if o.id != s.id and o.section == s.section]
    near = [o for o in near if o.kind in PERCENT_KINDS and case.text.passages[o.passage].table is None]
    totals = [case.denominators[o.id].value for o in near if o.id in case.denominators]
    total, times = max(Counter(totals).items(), key=lambda item: item[1], default=(0, 0))
    return total if times >= _FEWEST_ALIKE and 2 * times > len(totals) else None
