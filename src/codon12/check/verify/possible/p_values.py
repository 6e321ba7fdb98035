"""P values outside 0 to 1, printed as zero, or misprinted."""

from __future__ import annotations

from collections import defaultdict

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_p_values"]


def check_p_values(case: Case) -> None:
    """Check P values against what a probability can be."""
    _zeros_of_tables(case)
    for s in case.statements:
        p = s.quantities.p
        if p is not None and not (p.value == 0 and case.text.passages[s.passage].table is not None):
            _p(case, s, p, s.quantities.p_op)


_UNIT = re.compile(r" ?(?:g|mg|kg|k?Pa|MPa|hPa|atm|bar|mbar|torr|mm ?Hg|cm|mm|nm|kW|W|mol|N)(?:\b|/)")
"""What stands behind a value called p that is no probability."""
_CUT_SHORT = re.compile(r" ?[Ee] ?-? ?\d|\. \d|-\d")
"""More of a P value that is parted or has a power of its own: `3.08E-8`, `0. 017`, `4.23-9`."""
_LIMITS_BEHIND = re.compile(r" ?[|\t] ?[(\[]?-?\d[\d.]* ?(?:-|to|,) ?-?\d")
"""A cell of limits behind another."""
_LOGARITHM = re.compile(r"\blog ?(?:10|\(10\))? ?\(?$", re.IGNORECASE)
_MISPRINTED = re.compile(r"\.\d")
"""More digits after a second point: `P = .0.25`."""


def _zeros_of_tables(case: Case) -> None:
    """Tell of the P values of zero in a table once, at the first: a column of them is one habit."""
    tables: dict[int, list[Statement]] = defaultdict(list)
    for s in case.statements:
        table, p = case.text.passages[s.passage].table, s.quantities.p
        if table is not None and p is not None and p.value == 0 and not _is_no_p(case, s):
            tables[table].append(s)
    for zeros in tables.values():
        first = zeros[0]
        if first.quantities.p is not None:
            _p(case, first, first.quantities.p, first.quantities.p_op, others=len(zeros) - 1)


def _is_no_p(case: Case, s: Statement) -> bool:
    """Whether it is a density, a pressure or a logarithm, or digits or a power behind it were not read."""
    end = s.normal_end
    behind = _UNIT.match(case.flat, end) or _CUT_SHORT.match(case.flat, end)
    return behind is not None or _LOGARITHM.search(case.around(s, 14, 0)[0]) is not None


def _p(case: Case, s: Statement, p: Printed, op: str, *, others: int = 0) -> None:
    if _is_no_p(case, s):
        return
    shown = f"P {op} {p.text}"
    if p.value > 1 or p.value < 0 or (p.value == 1 and op == ">"):
        in_table = case.text.passages[s.passage].table is not None
        if in_table and _LIMITS_BEHIND.match(case.flat, s.normal_end):
            says = f"{shown}, but limits stand in the next cell: it may be an estimate under another head."
            case.add(s, Check("P", "cannot confirm", says, "0 <= P <= 1", {}, "structural"))
            return
        tie = "structural" if in_table else "explicit"
        case.add(s, Check("P", "error", f"{shown}: a probability must lie between 0 and 1.", "0 <= P <= 1", {}, tie))
    elif p.value == 0 and _MISPRINTED.match(case.flat, s.normal_end) is not None:
        case.add(s, Check("P", "unlikely", f"{shown} is followed by more digits: misprinted.", "form of the number"))
    elif p.value == 0 and re.match(r" \.\d", case.flat[s.normal_end : s.normal_end + 3]):
        return  # `p < 0 .001`: a space too many
    elif p.value == 0 and op in ("=", "<", "<="):
        how = f"print it as P < {float(p.step):.{p.digits}f}" if p.digits else "print its digits"
        more = f" {others} more of the table {'is' if others == 1 else 'are'} zero." if others else ""
        sentence = f"{shown}: no P value is zero; {how}.{more}"
        case.add(s, Check("P", "unlikely" if op == "=" else "error", sentence, "0 < P"))
