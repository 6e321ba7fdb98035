"""Shares of two arms in the order of their sizes: `(A, 120; B, 112), events occurred in 50 (41.7%) vs 61 (54.5%)`."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import counts_for_percent

__all__ = ["check_arms_in_order"]

_SIZES = re.compile(
    r"[(\[](?P<x>[^.;:,()\d]{2,40}),? (?:[nN] ?= ?)?(?P<a>\d[\d,]*)[;,] (?:and )?(?P<y>[^.;:,()\d]{2,40}),? "
    r"(?:[nN] ?= ?)?(?P<b>\d[\d,]*)[)\]]"
)
_VERSUS = re.compile(r"^[^.;\d]{0,40}\b(?:vs\.?|versus)[^.;\d]{0,30}$", re.IGNORECASE)
_FEWEST = 3


def check_arms_in_order(case: Case) -> None:
    """Check pairs of shares joined by `vs` behind the sizes of two arms, where most of them are of these sizes."""
    for p, statements in case.prose(_SIZES):
        if len(statements) < _FEWEST:
            continue
        sizes = list(_SIZES.finditer(case.flat, p.start, p.end))
        if len(sizes) != 1:
            continue
        of = [int(sizes[0][k].replace(",", "")) for k in "ab"]
        behind = [s for s in statements if s.normal_start >= sizes[0].end() and s.kind == "count_percent"]
        pairs = [
            (a, b) for a, b in pairwise(behind)
            if a.quantities.N is None and b.quantities.N is None
            and _VERSUS.match(case.flat[a.normal_end : b.normal_start])
        ]  # fmt: skip
        shares = [(s, n) for pair in pairs for s, n in zip(pair, of, strict=True)]
        odd = [(s, n) for s, n in shares if not _fits(s, n)]
        if len(odd) == 1 and len(shares) > _FEWEST:
            _say(case, *odd[0])


def _fits(s: Statement, total: int) -> bool:
    q = s.quantities
    return q.n is not None and q.percent is not None and q.n in counts_for_percent(q.percent, total)


def _say(case: Case, s: Statement, total: int) -> None:
    q = s.quantities
    if q.n is None or q.percent is None or q.n > total:
        return
    sentence = (
        f"{q.n} of {total} is {exact(q.n, total)} %, not {q.percent.text} %; the other shares of the sentence are "
        f"of the "
        "arms in the order of their sizes."
    )
    computed = {"n": q.n, "N": total}
    case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, "structural"))
