"""Two counts and their two percentages, each pair under one sign: `48/146 vs 110/129 (32.9% vs 85.3%)`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import whole
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_pairs"]

_AGAINST = r"(?:vs\.?|versus|v|and|compared (?:with|to)|against)"
_SHARES = rf"(?P<p>\d+(?:\.\d+)?) ?%? ?{_AGAINST} (?P<q>\d+(?:\.\d+)?) ?%"
_OF = r"(?:/| of | out of )"
_COUNTS = (
    rf"(?<![\d/.,])(?P<a>\d[\d,]*){_OF}(?P<n>\d[\d,]*)(?: [a-z]+){{0,2}} {_AGAINST} "
    rf"(?P<b>\d[\d,]*){_OF}(?P<m>\d[\d,]*)(?<!,)(?![\d/.]|\s?%)"
)
_COUNTS_FIRST = re.compile(rf"{_COUNTS}[^.;()\d]{{0,40}}[(\[,]\s?{_SHARES}")
_SHARES_FIRST = re.compile(rf"{_SHARES}[^.;()\d]{{0,40}}[(\[,]\s?{_COUNTS}")


def check_pairs(case: Case) -> None:
    """Check both counts of such a sentence against both percentages, in the order printed."""
    for pattern in (_COUNTS_FIRST, _SHARES_FIRST):
        for p, statements in case.prose(pattern):
            for found in pattern.finditer(case.flat, p.start, p.end):
                _judge(case, found, statements)


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
