"""A text proves its own reading: where a check fails in most cells of a column, the column was not read as meant.

One or two cells that fall out of a column are slips. A column, a row, or the rows below one heading that fail as a
whole are of something else than the check took them for: another total, a weighted cohort, a measure. Then nothing is
confirmed, and the finding says so. And where `30.0% (36)` is 36 of the 120 named, the text does not cite in this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check, Relation, Verdict
from codon12.check.verify.claims import Claims

__all__ = ["as_proven", "counts_by_form", "relations_as_proven"]

_FEWEST = 2
"""Shares that must fail before a reading is in doubt; of other checks one more."""
_PROOF = 2
"""Cells that must agree with a reading, for each that does not, before that is an error."""
_OWN_WORDS = frozenset(["explicit"])
"""Ties that stand in the cell itself, such as n/N (%): no reading of the table is needed."""


class _Cell(msgspec.Struct, frozen=True, gc=False):
    statement: Statement
    heading: str
    verdict: Verdict
    sized: bool
    """Whether the check names a total that another size would explain."""


_SHARE_AND_NUMBER = re.compile(r"[\d.·,]+ ?% \(\d+\)")
_WHOLE_PERCENTS = 2
"""Percentages without decimals that must fit: one in a hundred fits by chance."""


def counts_by_form(statements: Sequence[Statement], said: Iterable[Claims]) -> frozenset[str]:
    """Statements `42.0% (54)` whose bracket holds a count and no reference, as others of the text prove."""
    of_form = {
        s.id: s
        for s in statements
        if s.kind == "count_percent" and s.tie == "inferred" and _SHARE_AND_NUMBER.fullmatch(s.quote)
    }
    if not of_form:
        return frozenset()
    fits = {
        claim.statement: of_form[claim.statement].quantities.percent
        for claims in said
        for claim in claims.checks
        if claim.statement in of_form and claim.check.verdict == "ok" and claim.check.tie == "explicit"
    }
    proven = any(p is not None and p.digits for p in fits.values()) or len(fits) >= _WHOLE_PERCENTS
    return frozenset(of_form) if proven else frozenset()


def as_proven(
    statements: Sequence[Statement], checks: Mapping[str, list[Check]], passages: Sequence[Passage]
) -> Mapping[str, list[Check]]:
    """The checks of every statement, those of tables as sure as the rest of their column proves."""
    asked: set[tuple[int | None, str]] = {
        (passages[s.passage].table, c.rule) for s in statements for c in checks.get(s.id, ()) if c.verdict in PROBLEMS
    }
    found: dict[tuple[int, str], list[_Cell]] = defaultdict(list)
    for s in statements if asked else ():
        p = passages[s.passage]
        if p.table is None:
            continue
        for c in checks.get(s.id, ()):
            sized = c.rule == "count/percent"
            counts = c.verdict == "ok" or (sized and c.verdict == "cannot confirm")
            if (p.table, c.rule) in asked and (counts or (c.verdict in PROBLEMS and c.tie not in _OWN_WORDS)):
                found[p.table, c.rule].append(_Cell(s, p.heading, c.verdict, sized))
    if not found:
        return checks
    out = dict(checks)
    for (_, rule), cells in found.items():
        if not any(c.verdict in PROBLEMS for c in cells):
            continue
        doubted = _doubted(cells)
        wrong = len({c.statement.id for c in cells if c.verdict in PROBLEMS})
        unproven = wrong >= _FEWEST and sum(c.verdict == "ok" for c in cells) < _PROOF * wrong
        for id_ in {c.statement.id for c in cells if c.verdict in PROBLEMS}:
            out[id_] = [_as_sure(c, rule, doubted=id_ in doubted, unproven=unproven) for c in out[id_]]
    return out


def _as_sure(check: Check, rule: str, *, doubted: bool, unproven: bool) -> Check:
    if check.rule != rule or check.verdict not in PROBLEMS or check.tie in _OWN_WORDS:
        return check
    if doubted:
        return msgspec.structs.replace(check, verdict="cannot confirm", sentence=_says(check.sentence))
    if unproven and check.verdict == "error":
        return msgspec.structs.replace(check, verdict="error-if")
    return check


def _says(sentence: str) -> str:
    return f"Most cells beside it do not agree either, so the table may mean something else: {sentence}"


def _doubted(cells: Sequence[_Cell]) -> set[str]:
    """The statements in a column, a row or below a heading most of which fails."""
    out: set[str] = set()
    for key, most in (
        (lambda c: c.statement.column, False),
        (lambda c: c.statement.passage, True),
        (lambda c: (c.statement.column, c.heading), True),
    ):
        for group in _by(cells, key):
            wrong = [c for c in group if c.verdict != "ok"]
            whole = len(wrong) == len(group) and all(c.sized for c in wrong)
            if len(wrong) > _FEWEST - all(c.sized for c in wrong) and (whole if most else 2 * len(wrong) > len(group)):
                out.update(c.statement.id for c in wrong)
    return out


def _by(cells: Iterable[_Cell], key: Callable[[_Cell], object]) -> Iterable[list[_Cell]]:
    groups: dict[object, list[_Cell]] = defaultdict(list)
    for c in cells:
        groups[key(c)].append(c)
    return groups.values()


def relations_as_proven(
    relations: Sequence[Relation], statements: Mapping[str, Statement], passages: Sequence[Passage]
) -> list[Relation]:
    """The relations, those between cells of a table as sure as the same relation in its other rows proves."""
    if not any(r.verdict in PROBLEMS for r in relations):
        return list(relations)
    held: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    tables = [_table_of(r, statements, passages) for r in relations]
    for r, table in zip(relations, tables, strict=True):
        if table is not None:
            held[table, r.kind][r.verdict in PROBLEMS] += r.verdict == "ok" or r.verdict in PROBLEMS
    out = []
    for r, table in zip(relations, tables, strict=True):
        good, bad = held[table, r.kind] if table is not None else (0, 0)
        doubted = r.verdict in PROBLEMS and bad > max(good, _FEWEST)
        stands = msgspec.structs.replace(r, verdict="cannot confirm", sentence=_says(r.sentence)) if doubted else r
        out.append(stands)
    return out


def _table_of(r: Relation, statements: Mapping[str, Statement], passages: Sequence[Passage]) -> int | None:
    """The table all numbers of a relation stand in."""
    tables = {passages[statements[p.statement].passage].table if p.statement else None for p in r.places}
    return tables.pop() if len(tables) == 1 else None
