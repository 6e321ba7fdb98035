"""Men and women: percentages that make a hundred are of both together, and both together are the group named."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_sexes"]

_MALE, _FEMALE = r"(?:men|males?|boys|fathers)", r"(?:women|females?|girls|mothers)"
_HINT = re.compile(rf"\b{_FEMALE}\b", re.IGNORECASE)
_MEN, _WOMEN = re.compile(rf"\b{_MALE}\b", re.IGNORECASE), re.compile(rf"\b{_FEMALE}\b", re.IGNORECASE)
_OF = re.compile(r"\bof (?:the |all )?(?:wo|fe)?m[ae]", re.IGNORECASE)
_TOGETHER = re.compile(
    rf"(?<![\d.,])(?P<a>\d+) (?P<first>{_MALE}|{_FEMALE}) and (?P<b>\d+) (?P<second>{_MALE}|{_FEMALE})"
    r" ?\((?:total,? |a total of |n ?= ?)?(?P<n>\d+) ?(?:patients|participants|subjects|people|adults|"
    r"children|in all|\))",
    re.IGNORECASE,
)


def check_sexes(case: Case) -> None:
    """Check the sentences that count men and women."""
    for _, statements in case.prose(_HINT):
        _shares(case, [s for s in statements if s.kind == "count_percent"])
        _sum(case, statements)


def _shares(case: Case, items: list[Statement]) -> None:
    """`10 men (52%) and 12 women (48%)`: percentages that make a hundred are of both together."""
    for a, b in pairwise(items):
        p, q = a.quantities.percent, b.quantities.percent
        n, m = a.quantities.n, b.quantities.n
        if p is None or q is None or n is None or m is None or a.quantities.N or b.quantities.N:
            continue
        first, second = (case.flat[s.normal_start : s.normal_end] + case.around(s, 0, 10)[1] for s in (a, b))
        sexes = (_MEN.search(first) and _WOMEN.search(second)) or (_WOMEN.search(first) and _MEN.search(second))
        if _OF.search(first) or _OF.search(second):
            continue  # of men and of women, each of their own number
        if not sexes or abs(p.value + q.value - 100) > (p.step + q.step) / 2 or b.normal_start - a.normal_end > 60:
            continue
        total = n + m
        if percent_modes(n, total, p) or percent_modes(m, total, q):
            continue
        if any(percent_modes(n, x, p) or percent_modes(m, x, q) for x in case.groups if max(n, m) <= x < total):
            continue  # one of the counts is wrong, and the sum of the sexes tells which
        sentence = f"{n} of {total}, both sexes together, is {exact(n, total)} %, not {p.text} %."
        case.relate("count/percent", (a, b), "error-if", sentence, "100 n / N, rounded", {"N": total}, on=(a,))


def _sum(case: Case, statements: list[Statement]) -> None:
    """`50 women and 57 men (107 patients)`."""
    p = case.text.passages[statements[0].passage]
    for m in _TOGETHER.finditer(case.flat, p.start, p.end):
        if bool(_MEN.fullmatch(m["first"])) == bool(_MEN.fullmatch(m["second"])):
            continue
        parts, total = [int(m["a"]), int(m["b"])], int(m["n"])
        computed = {"parts": parts, "sum": sum(parts), "total": total}
        members = [(m.start(k), m.end(k)) for k in ("a", "b", "n")]
        shown = f"{parts[0]} + {parts[1]} = {sum(parts)}"
        if sum(parts) == total:
            case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
            continue
        at = holder(statements, m.start("n"))
        sentence = f"{shown}, not {total}, if the bracket is about both."
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=(at,))
