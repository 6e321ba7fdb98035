"""What must add up over sentences: arms and allocation, complete and partial responses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_totals"]

_ARMS = re.compile(r"\b(?:assigned|allocat\w+|randomi[sz]\w+)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,2}?(?:patients|participants|women|men|subjects|pts|children|adults|individuals) "
    r"(?:were |underwent |was )?(?:then |subsequently |randomly |centrally )?(?:randomi[sz]ation|"
    r"randomi[sz]ed|assigned|allocated)\b"
)
_BARE = re.compile(r"\b[nN]\s?=\s?\d[\d,]*$")
_COMPLETE = re.compile(
    r"(?<![\d.])(?P<a>\d+)(?: \([^)]{1,12}\))? (?:(?:patients |pts )?(?:had|achieved|with) (?:an? )?)?"
    r"(?:complete(?: responses?| remissions?)?|CRs?)(?: \([^)]{1,16}\))?,? and (?P<b>\d+)(?: \([^)]{1,12}\))? "
    r"(?:(?:patients |pts )?(?:had |achieved |with )(?:an? )?)?(?:partial\b|PRs?\b)"
)


def check_totals(case: Case) -> None:
    """Check what must add up across the sentences of a paragraph."""
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is not None:
            continue
        arms = [s for s in statements if _is_arm(s)]
        if 2 <= len(arms) <= 4 and case.says(arms[0], _ARMS):
            _arms(case, arms)
            _allocation(case, arms)
        if case.says(statements[0], _RATIO) and case.says(statements[0], _ARMS):
            _allocations(case, statements)
        if len(statements) >= 2:
            _responses(case, passage, statements)


def _is_arm(s: Statement) -> bool:
    return s.kind == "count" and _BARE.search(s.quote.strip("()[] ")) is not None


def _size(s: Statement) -> int:
    return (s.quantities.n if s.quantities.n is not None else s.quantities.N) or 0


def _arms(case: Case, arms: list[Statement]) -> None:
    """`A (n = 100) or B (n = 101) ... in total 200 patients were randomised`."""
    passages, here = case.text.passages, arms[0].passage
    p = passages[here]
    found: list[re.Match[str]] = []
    for index in range(max(0, here - 2), min(len(passages), here + 3)):
        q = passages[index]
        if q.table is None and (q.paragraph == p.paragraph or abs(index - here) <= 1):
            found += _ALL.finditer(case.flat, q.start, q.end)
    sizes = {int(m["n"].replace(",", "")) for m in found}
    parts = [_size(s) for s in arms]
    if len(sizes) != 1 or max(parts) >= max(sizes):
        return
    total, m = sizes.pop(), found[0]
    between = case.flat[arms[0].normal_end : arms[1].normal_start]
    if p.start <= m.start() < p.end and re.search(r"\b(?:or|to)\b", between) is None:
        return
    shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
    whole = next((s for s in case.neighbours(arms[0], 2) if s.normal_start <= m.start("n") < s.normal_end), None)
    members = [whole or (m.start("n"), m.end("n")), *arms]
    computed = {"parts": parts, "sum": sum(parts), "total": total}
    if any(r.kind == "sum" and {x.statement for x in r.places} >= {a.id for a in arms} for r in case.relations):
        return
    if sum(parts) == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of arms", computed, on=arms)
    elif sum(parts) > total or 10 * sum(parts) >= 9 * total:
        sentence = f"If these are all the arms: {shown}, not {total}."
        case.relate("sum", members, "error-if", sentence, "sum of arms", computed, on=arms[:1])


def _allocation(case: Case, arms: list[Statement]) -> None:
    """`randomised 2:1 (200 and 200)`: further from the ratio than chance and blocks allow."""
    ratio = next(
        (s for s in case.neighbours(arms[0], 2) if s.kind == "design_number" and len(s.quantities.values) == len(arms)),
        None,
    )
    if ratio is None or len(arms) != 2 or _has_arms_of_its_own(case, ratio, arms[0]):
        return
    a, b = (_size(s) for s in arms)
    first, second = (v.value for v in ratio.quantities.values)
    _allocated(case, (a, b), (first, second), (ratio, *arms), arms[:1])


_RATIO = re.compile(r"\b[1-4] ?: ?[1-4]\b")
_ASSIGNED = re.compile(
    r"\b(?:randomi[sz]\w*|assigned|allocated|allocation)\b[^.;:]{0,60}?\b(?P<x>[1-4]) ?: "
    r"?(?P<y>[1-4])(?![:\d])[^.;]{0,90}?[,(:] ?"
    r"(?P<a>\d+)(?: \([^()]{1,12}\))?(?: [a-z]+)? (?:to|received|in) [^.;,()\d]{2,60},? and (?P<b>\d+)(?: "
    r"\([^()]{1,12}\))?"
    r"(?: [a-z]+)? (?:to|received|in) ",
    re.IGNORECASE,
)
_GAVE = re.compile(
    r"\b(?:randomi[sz]\w*|assign\w*|allocat\w*)\b[^.;:]{0,40}?\b(?P<x>[1-4]) ?: "
    r"?(?P<y>[1-4])(?![:\d])[)]?[^.;\d]{0,30}? "
    r"(?P<a>\d+) and (?P<b>\d+) (?:patients|participants|subjects|women|men|adults|children)\b",
    re.IGNORECASE,
)
"""`randomised 1:1, 120 to the drug and 210 to placebo`."""


def _allocations(case: Case, statements: list[Statement]) -> None:
    p = case.text.passages[statements[0].passage]
    for m in (m for pattern in (_ASSIGNED, _GAVE) for m in pattern.finditer(case.flat, p.start, p.end)):
        members = [m.span(k) for k in "xyab"]
        ratio = Fraction(int(m["x"])), Fraction(int(m["y"]))
        _allocated(case, (int(m["a"]), int(m["b"])), ratio, members, [holder(statements, m.start("a"))])


def _allocated(
    case: Case,
    sizes: tuple[int, int],
    ratio: tuple[Fraction, Fraction],
    members: Sequence[Statement | tuple[int, int]],
    on: Sequence[Statement],
) -> None:
    """Two arms against the ratio of their allocation, whichever of them is the larger."""
    (a, b), (first, second) = sizes, sorted(ratio, reverse=True)
    if second <= 0 or a + b < 20:
        return
    share = Fraction(first) / (first + second)
    expected, seen = float(share) * (a + b), max(a, b)
    spread = math.sqrt((a + b) * float(share) * (1 - float(share)))
    shown = ":".join(str(x) for x in ratio)
    if abs(seen - expected) > 3.5 * spread:
        sentence = f"{a} and {b} are far from an allocation of {shown}, which expects {expected:.0f} in the larger arm."
        case.relate("allocation", members, "unlikely", sentence, "binomial, 3.5 standard errors", on=on)
    else:
        case.relate("allocation", members, "ok", f"{a} and {b} are as {shown} expects.", "binomial", on=())


def _has_arms_of_its_own(case: Case, ratio: Statement, arm: Statement) -> bool:
    """Whether the sentence of a ratio names groups itself: two kinds of patients before it are no arms."""
    own = case.by_passage[ratio.passage]
    return ratio.passage != arm.passage and sum(_is_arm(s) for s in own) > 1


def _responses(case: Case, passage: int, statements: list[Statement]) -> None:
    """`3 complete and 9 partial responses ... a response rate of 24 % (12 of 50)`."""
    p = case.text.passages[passage]
    found = _COMPLETE.search(case.flat, p.start, p.end)
    if found is None or _FINER.search(case.flat, p.start, p.end):
        return
    both = int(found["a"]) + int(found["b"])
    near = [s for s in statements if s.quantities.outcome == "ORR"]
    near = near or [s for s in case.by_passage.get(passage + 1, ()) if s.quantities.outcome == "ORR"]
    near = [s for s in near if s.kind in ("count_percent", "count_percent_ci") and s.quantities.n is not None]
    near = near or [s for s in statements if s.quantities.N and s.quantities.n and _RATE.search(case.around(s)[0])]
    counts = {s.quantities.n for s in near}
    if len(counts) != 1:
        return
    whole = near[0]
    if any(r.kind == "sum" and whole.id in {x.statement for x in r.places} for r in case.relations):
        return
    members = ((found.start("a"), found.end("a")), (found.start("b"), found.end("b")), whole)
    computed = {"parts": [int(found["a"]), int(found["b"])], "sum": both, "total": whole.quantities.n}
    if both == whole.quantities.n:
        case.relate("sum", members, "ok", f"{found['a']} + {found['b']} = {both} responses.", "sum of parts", computed)
    elif found.start("a") > whole.normal_end or found.end("b") < whole.normal_start:
        sentence = f"{found['a']} complete + {found['b']} partial = {both}, not {whole.quantities.n} responses."
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=(whole,))


_RATE = re.compile(
    r"\b(?:objective|overall|total|tumou?r) response(?: rate)?s?(?: \(ORR\))?[^.;\d]{0,25}"
    r"(?:\d+(?:\.\d+)? ?%[^.;\d]{0,12})?$",
    re.IGNORECASE,
)
"""What stands before x of N where it is those who responded."""
_FINER = re.compile(r"unconfirmed|minor|near|very good|stringent|metabolic|pathologic|molecular", re.IGNORECASE)
