"""How the rules that read counts tell what they found, and what others have told before them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from codon12.check.documents.passages import Passage
from codon12.check.verdicts import PROBLEMS, Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import held, judge

__all__ = ["is_added", "is_told", "tell"]


def is_added(case: Case, at: tuple[int, int]) -> bool:
    """Whether a number is part of a sum, or of a problem, already told."""
    start, end = case.text.normal.span(*at)
    return any(
        (r.verdict in PROBLEMS or r.kind == "sum") and any(x.start < end and start < x.end for x in r.places)
        for r in case.relations
    )


def is_told(case: Case, at: tuple[int, int]) -> bool:
    """Whether a number is part of a problem already told."""
    start, end = case.text.normal.span(*at)
    if any(r.verdict in PROBLEMS and any(x.start < end and start < x.end for x in r.places) for r in case.relations):
        return True
    p = case.text.passages[_passage(case, at[0])]
    return any(c.verdict in PROBLEMS for s in held(case, p, at) for c in case.checks[s.id])


def _passage(case: Case, at: int) -> int:
    return bisect_right(case.begins, at) - 1


def tell(
    case: Case,
    p: Passage,
    kind: str,
    places: Sequence[tuple[int, int]],
    verdict: Verdict,
    sentence: str,
    method: str,
) -> None:
    """Relate numbers; nothing is added to what a number was already blamed for."""
    if verdict == "ok" or not any(is_told(case, at) for at in places):
        judge(case, p, kind, list(places), verdict, sentence, method)
