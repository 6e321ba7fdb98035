"""Who is left after a removal that the sentence names: all there were less those removed."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import Count, compared, judge
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["are_removed"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\.\d)"
_AFTER = re.compile(
    rf"\b[Aa]fter (?:the )?(?:removal|exclusion|elimination|deletion|removing|excluding|eliminating|discarding)(?: "
    rf"of)? (?:the )?(?P<x>{_N})[^.;,()\d]{{0,50}}, "
    rf"(?:a total of |the remaining )?(?P<l>{_N})(?! \()"
)


def are_removed(case: Case, p: Passage, counts: Sequence[Count]) -> bool:
    """Check `2,417 references; after removal of 512 duplicates, 1,905 were screened`; whether a sentence is such."""
    m = _AFTER.search(case.figures, p.start, p.end)
    if m is None:
        return False
    before = [c for c in counts if c.span[1] <= m.start()]
    gone, left = (int(m[k].replace(",", "")) for k in "xl")
    if len(before) != 1 or gone >= before[0].n or left == before[0].n - gone:
        return len(before) == 1
    rest = before[0].n - gone
    places = [before[0].span, m.span("x"), m.span("l")]
    if any(compared(case, x, "sum") for x in places):
        return True
    shown = f"{before[0].n} - {gone} = {rest}, not {left}"
    if left > rest or one_digit_apart(str(left), str(rest)) or sorted(str(left)) == sorted(str(rest)):
        verdict: Verdict = "error-if" if left > rest else "unlikely"
        judge(case, p, "sum", places, verdict, f"If they are of the {before[0].n}: {shown}.", "all less those gone")
    return True
