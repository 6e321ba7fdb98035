"""Whom a percentage is of: table header, `of N`, sentence, population in force, anywhere in the text; in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codon12.check.statements import Denominator, Source, Statement
from codon12.check.verify.case import Case

__all__ = ["candidates"]


def candidates(case: Case, s: Statement) -> Iterator[tuple[Denominator, bool]]:
    """Denominators a statement may have, the nearest first; True where the wording ties it to the statement.

    The order is: printed with it, label or footnote of its row, header of its table, footnotes of the table, a
    population named before it in the same sentence
    (`among the N` first), the population in force (what the percentages before it in this section are of),
    subgroups of the same sentence, populations of the sentences before (latest first), the rest of the text.
    """
    seen: set[int] = set()

    def once(n: int, source: Source, basis: str) -> Denominator | None:
        if n in seen or n < 1:
            return None
        seen.add(n)
        return Denominator(n, source, basis)

    q = s.quantities
    if q.N is not None:
        found = once(q.N, "explicit", s.quote)
        if found:
            yield found, True
    in_table = case.text.passages[s.passage].table is not None
    for n, basis in case.own_totals(s) if in_table else ():
        found = once(n, "footnote", basis)
        if found:
            yield found, True
    totals = case.table_totals(s)
    for n, header in totals[:40]:
        found = once(n, "table_header", header.quote)
        if found:
            yield found, len(totals) == 1
    for n, basis in case.footnote_totals(s) if in_table else ():
        found = once(n, "footnote", basis)
        if found:
            yield found, False
    same, earlier, later = case.populations_around(s)
    before = [p for p in same if p.statement.normal_start < s.normal_start]
    against = _second_of_pair(case, s)
    for p in sorted(before, key=lambda p: (not p.among, -p.statement.normal_start if against else 0)):
        if p.subgroup:
            continue
        found = once(p.n, "sentence", p.statement.quote)
        if found:
            yield found, p.among and p.statement.kind == "count" and not in_table and p is before[0]
    for p in same:
        if p.subgroup:
            continue
        found = once(p.n, "sentence", p.statement.quote)
        if found:
            yield found, p.among and p.statement.kind == "count" and not before
    for d in case.in_force(s):
        found = once(d.value, "context", d.basis)
        if found:
            yield found, False
    for p in sorted((*same, *earlier), key=lambda p: p.subgroup):
        found = once(p.n, "context", p.statement.quote)
        if found:
            yield found, False
    for p in later:
        found = once(p.n, "later", p.statement.quote)
        if found:
            yield found, False


def _second_of_pair(case: Case, s: Statement) -> bool:
    """Whether a statement is the second of `A vs B`: the arm named last is then the nearer one."""
    before, _ = case.around(s, 10, 0)
    return re.search(r"\b(?:vs\.?|versus)\s*$", before) is not None
