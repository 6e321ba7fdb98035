"""A count with its share told twice, one digit apart: `1,271 (14%)` in the table, `1,271 (94%)` in the text.

Asked only of a share that fits nothing; what is printed elsewhere, under like words, is what it must be.
"""

from __future__ import annotations

from collections import defaultdict

from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.labels import stems
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_shares_again"]

_TELLING = 100
"""From here on a count is told again rather than the same by chance; so is a share with decimals."""
_FEW, _ALL = 10, 100
_NEAR, _MOST = 70, 20
"""Characters of a sentence before and behind a share whose words are looked at; and other places looked at."""


def check_shares_again(case: Case) -> None:
    """Check each share that fits no total against the same count, or the same percentage, printed elsewhere."""
    shares = [s for s in case.statements if s.kind in PERCENT_KINDS and s.quantities.n and s.quantities.percent]
    odd = [s for s in shares if not _agrees(case, s) and not _told(case, s)]
    if not odd:
        return
    by_count: dict[int | None, list[Statement]] = defaultdict(list)
    by_share: dict[str, list[Statement]] = defaultdict(list)
    for s in shares:
        if _agrees(case, s):
            by_count[s.quantities.n].append(s)
            if s.quantities.percent is not None and s.quantities.percent.digits and s.quantities.percent.value != _ALL:
                by_share[s.quantities.percent.text].append(s)
    for s in odd:
        n, percent = s.quantities.n, s.quantities.percent
        assert n is not None
        assert percent is not None
        alike = [
            o
            for o in by_count.get(n, ())[:_MOST]
            if n >= _TELLING and o.quantities.percent and one_digit_apart(o.quantities.percent.text, percent.text)
        ] or [
            o
            for o in by_share.get(percent.text, ())[:_MOST]
            if n >= _FEW and one_digit_apart(str(o.quantities.n), str(n))
        ]
        other = next((o for o in alike if o.passage != s.passage and _words(case, s) & _words(case, o)), None)
        if other is not None:
            where = f" in {other.section}" if other.section else ""
            sentence = f"It is printed as {' '.join(other.quote.split())[-60:]}{where}, and that agrees with its total."
            case.add(s, Check("copies", "error-if", sentence, "comparison of copies", {}, "structural"))


def _agrees(case: Case, s: Statement) -> bool:
    return any(c.rule == "count/percent" and c.verdict == "ok" for c in case.checks.get(s.id, ()))


def _told(case: Case, s: Statement) -> bool:
    return any(c.verdict in PROBLEMS for c in case.checks.get(s.id, ()))


def _words(case: Case, s: Statement) -> frozenset[str]:
    p = case.text.passages[s.passage]
    if p.table is not None:
        return stems(f"{p.heading} {s.label}")
    start, end = max(p.start, s.normal_start - _NEAR), min(p.end, s.normal_end + _NEAR)
    return stems(case.flat[start:end])
