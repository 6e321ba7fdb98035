"""Counts joined by strokes, as conference abstracts print them: `ECOG PS 0/1/2: 118/229/89 pts (27%/53%/20%)`.

The counts are as many as the names before them, each in its turn; names that exclude each other (best responses,
performance states) are together at most all.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import counts_for_percent, read_printed

__all__ = ["check_slashed_counts"]

_BOTH = re.compile(
    r"(?<![\w/.,])(?P<n>\d+(?: ?/ ?\d+){1,5})(?: (?:pts|patients|cases))? ?[(\[](?P<p>\d+(?:\.\d+)? ?%?(?: ?/ "
    r"?\d+(?:\.\d+)? ?%?){1,5})"
    r" ?%?[)\]]"
)
_RESPONSES = re.compile(
    r"\bCR ?/ ?PR ?/ ?SD ?/ ?PD\b[^.;()\d]{0,30} (?P<a>\d+) ?/ ?(?P<b>\d+) ?/ ?(?P<c>\d+) ?/ ?(?P<d>\d+)(?![\d/%]| ?%)"
)
_OF = re.compile(r"\bORR\b[^.;]{0,30}?\d+(?:\.\d+)? ?%[^.;()]{0,10}[(\[](?P<k>\d+) ?(?:/|of) ?(?P<n>\d+)")
_HINT = re.compile(r"\d ?/ ?\d")
_FEWEST = 2


def check_slashed_counts(case: Case) -> None:
    """Check the counts of a list joined by strokes against their percentages, and best responses against responders."""
    for p, statements in case.prose(_HINT):
        for m in _BOTH.finditer(case.flat, p.start, p.end):
            _shares(case, statements, m)
        for m in _RESPONSES.finditer(case.flat, p.start, p.end):
            _responders(case, statements, m, p.end)


def _shares(case: Case, statements: Sequence[Statement], m: re.Match[str]) -> None:
    """All but one of the counts are of one total: so is that one, if the percentages make a hundred."""
    counts = [int(x) for x in re.findall(r"\d+", m["n"])]
    percents = [read_printed(x) for x in re.findall(r"\d+(?:\.\d+)?", m["p"])]
    if len(counts) != len(percents) or "%" not in m[0]:
        return
    slack = sum(p.step for p in percents) / 2
    if abs(sum(p.value for p in percents) - 100) > slack:
        return
    totals = {sum(counts), *case.groups, case.largest}
    fits = {t: [n in counts_for_percent(p, t) for n, p in zip(counts, percents, strict=True)] for t in totals if t > 0}
    if any(all(x) for x in fits.values()):
        return
    best = max(fits, key=lambda t: (sum(fits[t]), t))
    if sum(fits[best]) != len(counts) - 1 or len(counts) < _FEWEST:
        return
    k = fits[best].index(False)
    at = [(m.start("n") + x.start(), m.start("n") + x.end()) for x in re.finditer(r"\d+", m["n"])][k]
    says = f"{counts[k]} is more than {best}"
    if counts[k] <= best:
        says = f"{counts[k]} of {best} is {exact(counts[k], best)} %"
    sentence = f"{says}, not {percents[k].text} %; the others of the list are of {best}."
    on = (holder(statements, at[0]),)
    case.relate("count/percent", (at, m.span("p")), "error-if", sentence, "100 n / N, rounded",
                {"n": counts[k], "N": best}, on=on, tie="structural")  # fmt: skip


def _responders(case: Case, statements: Sequence[Statement], m: re.Match[str], end: int) -> None:
    of = _OF.search(case.flat, m.end(), end)
    if of is None:
        return
    counts = [int(m[k]) for k in "abcd"]
    k, n = int(of["k"]), int(of["n"])
    on = (holder(statements, m.start("a")),)
    if counts[0] + counts[1] != k:
        sentence = f"Complete and partial responses make {counts[0]} + {counts[1]} = {counts[0] + counts[1]}, not {k}."
        case.relate("sum", (m.span("a"), m.span("b"), of.span("k")), "error-if", sentence, "sum of parts", on=on)
    elif sum(counts) > n:
        shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
        members = (*(m.span(x) for x in "abcd"), of.span("n"))
        case.relate("sum", members, "error-if", f"Best responses: {shown}, more than {n}.", "sum of parts", on=on)
