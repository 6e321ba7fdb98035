"""Two counts and their two percentages, each pair under one sign: `48/146 vs 110/129 (32.9% vs 85.3%)`."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import Case
from codon12.check.verify.prose import whole
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import counts_for_percent, percent_modes, read_printed

__all__ = ["check_pairs"]

_AGAINST = r"(?:vs\.?|versus|v|and|compared (?:with|to)|against)"
_SHARES = rf"(?P<p>\d+(?:\.\d+)?) ?%? ?{_AGAINST} (?P<q>\d+(?:\.\d+)?) ?%"
_OF = r"(?:/| of | out of )"
_COUNTS = (
    rf"(?P<a>\d(?<![\d/.,]\d)[\d,]*){_OF}(?P<n>\d[\d,]*)(?: [a-z]+){{0,2}} {_AGAINST} "
    rf"(?P<b>\d[\d,]*){_OF}(?P<m>\d[\d,]*)(?<!,)(?![\d/.]|\s?%)"
)
_COUNTS_FIRST = re.compile(rf"{_COUNTS}[^.;()\d]{{0,40}}[(\[,]\s?{_SHARES}")
_SHARES_FIRST = re.compile(rf"{_SHARES}[^.;()\d]{{0,40}}[(\[,]\s?{_COUNTS}")


def check_pairs(case: Case) -> None:
    """Check both counts of such a sentence against both percentages, in the order printed."""
    shares = [x for x in case.prose() if case.flat.find("%", x[0].start, x[0].end) >= 0]
    for pattern in (_COUNTS_FIRST, _SHARES_FIRST):
        for p, statements in shares:
            for found in pattern.finditer(case.flat, p.start, p.end):
                _judge(case, found, statements)
    pairs: dict[int, list[tuple[Statement, Statement]]] = defaultdict(list)
    for a, b in pairwise(case.statements):
        if (
            _is_bare(a)
            and _is_bare(b)
            and a.passage == b.passage
            and _BESIDE.fullmatch(case.flat, a.normal_end, b.normal_start)
        ):
            p = case.text.passages[a.passage]
            if p.table is None:
                pairs[p.paragraph].append((a, b))
    for told in pairs.values():
        if len(told) >= _FEWEST:
            _of_two_groups(case, told)


_BESIDE = re.compile(r",? ?(?:patients |women |men )?(?:and|vs\.?|versus) ")
_FEWEST = 4
"""Pairs of a paragraph, all but one of which are of the same two groups."""


def _is_bare(s: Statement) -> bool:
    q = s.quantities
    return (
        s.kind == "count_percent" and q.n is not None and q.N is None and q.percent is not None and q.percent.value > 0
    )


def _fits(s: Statement, total: int) -> bool:
    q = s.quantities
    assert q.percent is not None
    return (q.n or 0) <= total and bool(percent_modes(q.n or 0, total, q.percent))


def _of_two_groups(case: Case, pairs: list[tuple[Statement, Statement]]) -> None:
    """`399 (98%) and 199 (99%)`, `112 (28%) and 58 (29%)`: pairs of one paragraph, the first of one group each."""
    best = [
        max(((sum(_fits(x[k], n) for x in pairs), n) for n in case.sizes), default=(0, 0)) for k in (0, 1)
    ]  # fmt: skip
    misfits = [(x[k], n) for k, (_, n) in enumerate(best) for x in pairs if not _fits(x[k], n)]
    if len(misfits) != 1:
        return
    s, n = misfits[0]
    if any(c.verdict in PROBLEMS for c in case.checks.get(s.id, ())):
        return
    percent = s.quantities.percent
    assert percent is not None
    told, due = str(s.quantities.n), f"{100 * (s.quantities.n or 0) / n:.{percent.digits}f}"
    slips = [str(x) for x in counts_for_percent(percent, n)]
    if not (
        one_digit_apart(percent.text, due) or any(one_digit_apart(told, x) or sorted(told) == sorted(x) for x in slips)
    ):
        return  # those with data
    sentence = (
        f"{s.quantities.n} of {n} is {100 * (s.quantities.n or 0) / n:.4g} %, not {percent.text} %; the other "
        f"{len(pairs) - 1} pairs of the paragraph are of {best[0][1]} and {best[1][1]}."
    )
    case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded"))


def _judge(case: Case, found: re.Match[str], statements: list[Statement]) -> None:
    near = next((s for s in statements if s.normal_start <= found.start("p") < s.normal_end), None)
    for count, total, share in (("a", "n", "p"), ("b", "m", "q")):
        n, size, percent = whole(found[count]), whole(found[total]), read_printed(found[share])
        holder = next((s for s in statements if s.normal_start <= found.start(count) < s.normal_end), near)
        if holder is None or size < 1:
            continue
        members = ((found.start(count), found.end(total)), (found.start(share), found.end(share)))
        exact = Fraction(100 * n, size)
        computed = {"exact_percent": round(float(exact), 4)}
        says = f"{n} of {size} is {float(exact):.4g} %, printed {percent.text} %"
        if n <= size and percent_modes(n, size, percent):
            case.relate("count/percent", members, "ok", f"{says}.", "100 n / N, rounded", computed, tie="explicit")
        else:
            case.relate(
                "count/percent",
                members,
                "error",
                f"{says}.",
                "100 n / N, rounded",
                computed,
                on=(holder,),
                tie="explicit",
            )
