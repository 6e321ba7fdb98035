"""A share in digits: what n of a total is, and a percentage whose digits were cut off rather than rounded."""

from __future__ import annotations

from fractions import Fraction

from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.denominators import all_candidates
from codon12.numbers.rounding import percent as rounded_percent
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["cut_off", "exact", "prints_as", "zero_behind"]


def exact(n: int, total: int) -> str:
    """The percentage n of a total is, to four digits."""
    return f"{float(Fraction(100 * n, total)):.4g}"


def prints_as(s: Statement, total: int) -> bool:
    """Whether the count of a share is of a total, rounded or cut off, as printed."""
    n, percent = s.quantities.n, s.quantities.percent
    return n is not None and percent is not None and n <= total and bool(percent_modes(n, total, percent))


def cut_off(case: Case, s: Statement, d: Denominator, rounded_only: int) -> None:
    """The digits fit only when cut off; in a text that rounds everywhere else this is a slip."""
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    case.is_of(s, d)
    proper = rounded_percent(q.n, d.value, q.percent.digits)
    computed = {"exact_percent": round(float(Fraction(100 * q.n, d.value)), 4), "rounded": str(proper)}
    says = f"{q.n} of {d.value} is {exact(q.n, d.value)} %, which rounds to {proper} %, not {q.percent.text} %"
    whole = d.tie == "inferred" and q.percent.digits == 0
    half = 2 * Fraction(100 * q.n, d.value) * 10**q.percent.digits % 2 == 1  # 67.5 as 67, so that all make 100
    if rounded_only >= 2 and not (whole and (half or not _rounded_beside(case, s, d))):
        sentence = f"{says}: its digits were cut off, while {rounded_only} other percentages of this text are rounded."
        verdict = "unlikely" if whole else "error-if"
        tie = d.tie if s.kind == "table_cell" and d.source != "explicit" else "explicit"
        case.add(s, Check("count/percent", verdict, sentence, "100 n / N, truncated", computed, tie))
    else:
        case.add(s, Check("count/percent", "ok", f"{says}: digits cut off.", "100 n / N, truncated", computed))


def zero_behind(case: Case, s: Statement) -> Denominator | None:
    """The total a share of two places or more is of, where it was rounded to one fewer: 15 of 173 as 8.70."""
    q = s.quantities
    if q.n is None or q.percent is None or q.percent.digits < _TWO or not q.percent.text.endswith("0"):
        return None
    shorter = read_printed(q.percent.text[:-1])
    named = [d for d, _ in all_candidates(case, s) if d.value >= q.n][:_TWO]
    return next((d for d in named if percent_modes(q.n, d.value, shorter)), None)


def _rounded_beside(case: Case, s: Statement, d: Denominator) -> bool:
    """Whether two other shares of the sentence are of the same total, rounded up where cutting off would not do."""
    found = 0
    for other in case.by_passage[s.passage]:
        q, own = other.quantities, case.denominators.get(other.id)
        if other.id == s.id or q.n is None or q.percent is None or own is None or own.value != d.value:
            continue
        found += "truncate" not in percent_modes(q.n, d.value, q.percent)
    return found >= _TWO


_TWO = 2
