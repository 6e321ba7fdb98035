"""A gain at the median told away from its medians: `lengthened survival by 4.7 months at the median`, of 17.5 and 12.8.

It is the difference of two medians of that outcome that a sentence or a row tells together.
"""

from __future__ import annotations

from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.lexicon import TIME_UNITS, outcome_in
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge
from codon12.check.verify.repeats.profiles import ELSEWHERE
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_gain_in_medians"]

_V = r"(?P<{0}>\d+(?:\.\d+)?) (?P<u{0}>months?|weeks?|days?|years?)"
_GAIN = re.compile(
    rf"\bby {_V.format('a')} (?:at the|in|in the) medians?\b"
    rf"|\b[Mm]edian (?!follow)[^.;()\d]{{3,60}}? was {_V.format('b')} (?:longer|shorter)\b"
    rf"|\b(?:difference|gain|improvement|benefit|prolongation) (?:in|of) (?:the )?medians?[^.;()\d]{{0,40}}? of "
    rf"{_V.format('c')}"
)
_MEDIANS = ("median_ci", "median_only", "group_medians_p")


def check_gain_in_medians(case: Case, p: Passage) -> None:
    """Check each gain at the median against the medians of its outcome that stand together elsewhere in the text."""
    m = _GAIN.search(case.flat, p.start, p.end)
    text = case.flat[p.start : p.end]
    outcome = outcome_in(text) if m is not None and not ELSEWHERE.search(text) else None
    if (
        m is None
        or outcome is None
        or any(s.kind in _MEDIANS and s.quantities.values for s in case.by_passage.get(p.index, ()))
    ):
        return
    which = next(k for k in "abc" if m[k])
    given, unit = read_printed(m[which]), TIME_UNITS[m[f"u{which}"]]
    found: list[tuple[Printed, Printed, tuple[Statement, ...]]] = []
    for k, statements in case.by_passage.items():
        told = [s for s in statements if s.kind in _MEDIANS and s.quantities.outcome == outcome]
        values = [
            (v, s) for s in told if s.quantities.unit in (unit, None)
            for v in (s.quantities.values or (s.quantities.value,)) if v is not None
        ]  # fmt: skip
        if k != p.index:
            found += [(x, y, (s, t)) for (x, s), (y, t) in combinations(values, 2)]
    apart = [(abs(x.value - y.value), x, y, on) for x, y, on in found]
    if any(abs(d - given.value) <= (x.step + y.step + given.step) / 2 for d, x, y, _ in apart):
        return
    for d, x, y, on in apart:
        due = f"{float(d):.{given.digits}f}"
        if one_digit_apart(given.text, due) and not compared(case, m.span(which), "difference"):
            sentence = (
                f"{x.text} and {y.text} are {due} apart, not {given.text}, and no other medians told together are."
            )
            judge(case, p, "difference", [m.span(which), *((s.normal_start, s.normal_end) for s in dict.fromkeys(on))],
                  "unlikely", sentence, "difference of medians")  # fmt: skip
            return
