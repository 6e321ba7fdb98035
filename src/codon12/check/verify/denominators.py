"""Whom a percentage is of: table header, `of N`, sentence, population in force, anywhere in the text; in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codon12.check.statements import Denominator, Source, Statement, Strength
from codon12.check.verify.case import Case, Population

__all__ = ["candidates"]

_ALL = re.compile(
    r"\b(?:among|amongst|of|in|for|across) all (?:\w+ )?(?:patients|participants|subjects)\b", re.IGNORECASE
)


def candidates(case: Case, s: Statement) -> Iterator[tuple[Denominator, bool]]:
    """Denominators a statement may have, the nearest first; True where the wording ties it to the statement.

    The order is: printed with it, label or footnote of its row, header of its table, footnotes of the table, a
    population named before it in the same sentence
    (`among the N` first), everybody where the sentence speaks of all patients, the population in force (what the
    percentages before it in this section are of),
    subgroups of the same sentence, populations of the sentences before (latest first), the rest of the text.
    """
    seen: set[int] = set()

    def once(n: int, source: Source, basis: str, tie: Strength = "inferred") -> Denominator | None:
        if n in seen or n < 1:
            return None
        seen.add(n)
        return Denominator(n, source, basis, tie)

    q = s.quantities
    if q.N is not None:
        found = once(q.N, "explicit", s.quote, "explicit")
        if found:
            yield found, True
    in_table = case.text.passages[s.passage].table is not None
    for n, basis in case.own_totals(s) if in_table else ():
        found = once(n, "footnote", basis, "structural")
        if found:
            yield found, True
    totals = case.table_totals(s)
    for n, header in totals[:40]:
        found = once(n, "table_header", header.quote, "structural" if len(totals) == 1 else "inferred")
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
        tied = p.among and p.statement.kind == "count" and not in_table and p is before[0]
        found = once(p.n, "sentence", p.statement.quote, "explicit" if tied else "inferred")
        if found:
            yield found, tied
    for p in same:
        if p.subgroup:
            continue
        tied = p.among and p.statement.kind == "count" and not before
        found = once(p.n, "sentence", p.statement.quote, "explicit" if tied else "inferred")
        if found:
            yield found, tied
    if not in_table and (everybody := _everybody(case, s, [*same, *earlier])) is not None:
        found = once(everybody.n, "context", everybody.statement.quote)
        if found:
            yield found, False
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


def _everybody(case: Case, s: Statement, named: list[Population]) -> Population | None:
    """The largest population named so far, where a sentence begins to speak of all patients before the statement."""
    p = case.text.passages[s.passage]
    if not _ALL.search(case.flat, p.start, s.normal_start):
        return None
    before = [x for x in named if not x.subgroup and x.statement.normal_start < s.normal_start]
    return max(before, key=lambda x: x.n, default=None)


def _second_of_pair(case: Case, s: Statement) -> bool:
    """Whether a statement is the second of `A vs B`: the arm named last is then the nearer one."""
    before, _ = case.around(s, 10, 0)
    return re.search(r"\b(?:vs\.?|versus)\s*$", before) is not None
