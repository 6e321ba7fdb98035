"""Shares of one sentence, each said of an arm that the text sizes: `198 (56%) given A and 57 (39%) given placebo`.

A paper gives an arm several sizes (all assigned, all treated, all evaluable). Where the other shares of a sentence are
of arms as sized, and one is of none of the sizes of its own, that one is odd, whatever other number of the text would
make it print so.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.group_sizes import sizes_side_by_side
from codon12.check.verify.shares.typos import repair_of
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_shares_of_arms"]

_LEAST_ARM, _PAIR, _FAR = 20, 2, 70
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_OF_SOME = re.compile(
    r"\b(?:among|amongst|of (?:the|these|those|whom|them|all) |responders|subgroups?|subsets?|strat[ua]m?|evaluable|"
    r"measurable|aged|men|women|smokers|(?:patients|those|people|participants) (?:with|who|whose|without)|"
    r"positive|negative|mutant|mutated|wild|high|low)\b",
    re.IGNORECASE,
)
"""Words by which a share may be of some of an arm."""


def check_shares_of_arms(case: Case) -> None:
    """Check the shares of each sentence that names two arms against the sizes told of both at one place."""
    for p, statements in case.prose():
        shares = [s for s in statements if _is_bare(s)]
        if len(shares) < 2 or _OF_SOME.search(case.flat, p.start, p.end) is not None:
            continue
        sizes = sizes_side_by_side(case)
        known = {word for x in sizes for word in x}
        arms = [_arm_behind(case, s, shares[k + 1 :], p.end, known) for k, s in enumerate(shares)]
        told = [(s, arm) for s, arm in zip(shares, arms, strict=True) if arm is not None]
        if len({arm for _, arm in told}) < 2:
            continue
        sized = [x for x in sizes if all(x.get(arm, 0) >= _LEAST_ARM for _, arm in told)]
        odd = [[(s, arm) for s, arm in told if not _fits(s, x[arm])] for x in sized]
        if not odd or not all(odd) or len(min(odd, key=len)) > 1:
            continue
        likely = [(x, *found[0]) for x, found in zip(sized, odd, strict=True) if len(found) == 1]
        likely = [x for x in likely if _is_slip(x[1], x[0][x[2]], told)]
        if likely:
            _tell(case, likely[0][1], likely[0][2], told, likely[0][0])


def _is_slip(s: Statement, size: int, told: list[tuple[Statement, str]]) -> bool:
    """Whether the others fit by more than chance, or one digit makes this one fit as well."""
    percents = [x.quantities.percent for x, _ in told if x is not s]
    sure = len(told) > _PAIR or any(x is not None and x.digits for x in percents)
    return (s.quantities.n or 0) <= size and (sure or repair_of(s, (size,), with_data=True) is not None)


def _tell(case: Case, s: Statement, arm: str, told: list[tuple[Statement, str]], sizes: dict[str, int]) -> None:
    if any(c.verdict in PROBLEMS for c in case.checks.get(s.id, ())):
        return
    n, percent = s.quantities.n or 0, s.quantities.percent
    beside, other = next(x for x in told if x[1] != arm)
    sentence = (
        f"{n} of the {sizes[arm]} of “{arm}” is {exact(n, sizes[arm])} %, not {percent.text if percent else ''} %; "
        f"{beside.quantities.n} beside it is of the {sizes[other]} of “{other}”."
    )
    case.relate("count/percent", (beside, s), "unlikely", sentence, "100 n / N, rounded", {"n": n, "N": sizes[arm]},
                on=(s,), tie="structural")  # fmt: skip


def _is_bare(s: Statement) -> bool:
    q = s.quantities
    return (
        s.kind == "count_percent" and q.n is not None and q.N is None and q.percent is not None and q.percent.value > 0
    )


def _fits(s: Statement, total: int) -> bool:
    q = s.quantities
    return q.percent is not None and (q.n or 0) <= total and bool(percent_modes(q.n or 0, total, q.percent))


def _arm_behind(case: Case, s: Statement, later: list[Statement], end: int, known: set[str]) -> str | None:
    """The one arm named between a share and the next, by a word of its name."""
    stop = min(later[0].normal_start if later else end, s.normal_end + _FAR)
    named = {w for m in _WORD.finditer(case.flat, s.normal_end, stop) if (w := m[0].lower()) in known}
    return next(iter(named)) if len(named) == 1 else None
