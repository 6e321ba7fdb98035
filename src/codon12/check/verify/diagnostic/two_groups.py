"""All measures of a test by the two counts of a sentence: of the ill that it found and of the well that it cleared.

`positive in 27 of 28 malignant and negative in 24 of 31 benign lesions, a sensitivity of 96% and a specificity of 87%`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.counted_of import CountedOf, counted_of
from codon12.check.verify.diagnostic.rates import NAMES, rates_in
from codon12.check.verify.prose import compared, judge, whole
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_two_groups"]

_Cells = dict[str, tuple[int, int]]
"""Measure -> the right results and all that it is of."""


def check_two_groups(case: Case, p: Passage) -> None:
    """Check, where all measures but one follow from the two counts, the one that does not."""
    found = rates_in(case, p.start, p.end)
    rates = {NAMES[m["what"].lower()]: m for m in found}
    groups = counted_of(case, p.start, p.end)
    if len(groups) != 2:
        before = case.text.passages[p.index - 1] if p.index else p
        begin = before.start if before.paragraph == p.paragraph else p.start
        if rates and _OF_ANOTHER.search(case.flat, p.start, found[0].start()):
            begin = p.start
        groups = [
            CountedOf(whole(m[f"n{k}"]), whole(m[f"t{k}"]), [m.span(f"n{k}"), m.span(f"t{k}")])
            for m in _POSITIVE_IN.finditer(case.figures, begin, p.end)
            for k in ("" if m["n"] else "2",)
        ]
    if len(groups) != 2 or not 2 <= len(rates) == len(found) or any(not 0 <= g.n <= g.total > 0 for g in groups):
        return
    if any(a.total - a.n in (b.n, b.total) for a, b in (groups, groups[::-1])):
        return  # `of 61 lesions 33 were malignant; negative in 6 of 28 benign ones`: one is of the ill among all
    given = {name: read_printed(m["p"]) for name, m in rates.items()}
    odd: list[tuple[str, _Cells]] = []
    for cells in _ways(*groups):
        wrong = [name for name, value in given.items() if not percent_modes(*cells[name], value)]
        if not wrong:
            return
        if len(wrong) == 1:
            odd.append((wrong[0], cells))
    if len({name for name, _ in odd}) != 1:
        return
    name = odd[0][0]
    share = given[name].value / 100
    cells = min((cells for _, cells in odd), key=lambda c: abs(Fraction(*c[name]) - share))
    places = [*groups[0].places, *groups[1].places, rates[name].span("p")]
    if not compared(case, rates[name].span("p"), "accuracy", "count/percent"):
        (n, total), text = cells[name], given[name].text
        shown = float(Fraction(100 * n, total))
        sentence = (
            f"The other measures follow from these counts; {name} is {n} of {total}, {shown:.3g} %, not {text} %."
        )
        judge(case, p, "accuracy", places, "error-if", sentence, "two by two table")


_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_POSITIVE_IN = re.compile(
    rf"\b(?:[Oo]f|[Aa]mong|[Ii]n) (?:the |all )?(?P<t>{_N}) (?!%|of\b)[^.;%\d]{{4,90}}? (?:was|were|is|gave an?|"
    rf"came back) "
    rf"(?:positive|negative|abnormal|normal)(?: results?)? (?:in|for) (?:only |just )?(?P<n>{_N})(?![\d.,]*\d| ?%|"
    rf" of\b)|\b(?:[Oo]f|[Aa]mong) (?:the |all )?(?P<t2>{_N}) [a-z]+ (?:with|without|who had)\b[^.;,%\d]{{3,50}}, "
    rf"(?P<n2>{_N}) (?=(?:had an? (?:positive|negative|abnormal)|tested|did|were (?:positive|negative|detected|"
    rf"missed))\b)"
)
"""`Of 84 children with appendicitis, ultrasound was positive in 71; of 116 without it was positive in 13`."""


_OF_ANOTHER = re.compile(r"\b(?:[Ww]ith|[Ff]or|[Oo]f|[Oo]n|[Bb]y|[Ww]hen|[Ii]n) (?:the )?[a-zA-Z]")
"""Before the measures of a sentence, which are of what it names, not of the test before."""


def _ways(a: CountedOf, b: CountedOf) -> Iterator[_Cells]:
    """The measures, whichever of the two is of the ill, and whether each counts what the test got right or wrong."""
    for ill, well in ((a, b), (b, a)):
        for hits in (ill.n, ill.total - ill.n):
            for cleared in (well.n, well.total - well.n):
                missed, false = ill.total - hits, well.total - cleared
                if hits + false and cleared + missed:
                    yield {
                        "sensitivity": (hits, ill.total),
                        "specificity": (cleared, well.total),
                        "PPV": (hits, hits + false),
                        "NPV": (cleared, cleared + missed),
                        "accuracy": (hits + cleared, ill.total + well.total),
                    }
