"""The same people counted again: `212 patients were randomised ... A total of 221 patients were enrolled`."""

from __future__ import annotations

from collections import Counter

from codon12.check import patterns as re
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_repeated_totals"]

_ALL_AGAIN = re.compile(
    r"\b(?:a total of|in total,?|overall,?) (?P<a>\d{1,3}(?:,\d{3})+|\d+) (?:[a-z-]+ ){0,2}?(?:patients|"
    r"participants|subjects|"
    r"women|men|adults)\b[^.;()\d]{0,30}(?:\d+ (?:sites|cent(?:er|re)s|hospitals|institutions|"
    r"countries)[^.;()\d]{0,20})?"
    r"\b(?:enrolled|randomi[sz]ed|included|underwent random\w+|analy[sz]ed|treated|recruited)\b"
    r"|\bscreened,? and (?P<b>\d{1,3}(?:,\d{3})+|\d+) (?:were )?(?:enrolled|randomi[sz]ed|included|treated)\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"\btotal\b|\boverall\b|screened", re.IGNORECASE)
_FEWEST, _TWO_DIGITS = 4, 10


def check_repeated_totals(case: Case) -> None:
    """Check a number of all patients that no share is of, and that is one digit from the one most shares are of."""
    used = Counter(
        d.value for s in case.statements if s.kind in PERCENT_KINDS and (d := case.denominators.get(s.id)) is not None
    )
    whole, times = max(used.items(), key=lambda item: item[1], default=(0, 0))
    if times < _FEWEST or whole != max(used):
        return
    counts = {s.quantities.n for s in case.statements if s.kind == "count" and s.quantities.n is not None}
    for statements in case.by_passage.values():
        s = statements[0]
        p = case.text.passages[s.passage]
        if p.table is not None or not case.says(s, _HINT) or case.cites(s):
            continue
        for m in _ALL_AGAIN.finditer(case.figures, p.start, p.end):
            at = m.start("a" if m["a"] else "b")
            n = int((m["a"] or m["b"]).replace(",", ""))
            if n < _TWO_DIGITS or used[n] or not one_digit_apart(str(n), str(whole)) or case.sizes[n] > 1:
                continue
            if abs(n - whole) in counts:
                continue  # those enrolled and not treated, it may be
            held = next((x for x in statements if x.normal_start <= at < x.normal_end), None)
            if held is not None:
                sentence = f"{n} is one digit from {whole}, of which {times} shares of the text are."
                case.add(held, Check("denominator", "unlikely", sentence, "one digit from fitting", tie="inferred"))
