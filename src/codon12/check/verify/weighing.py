"""Where the claims of all verifiers come together: one verdict a statement, relations in order of the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from codon12.check.documents.passages import Passage
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import PROBLEMS, Check, Finding, Relation, overall, weighed
from codon12.check.verify.claims import Claims, strongest
from codon12.check.verify.proven import as_proven, counts_by_form, relations_as_proven

__all__ = ["weigh"]


def weigh(
    statements: Sequence[Statement], said: Sequence[Claims], passages: Sequence[Passage]
) -> tuple[tuple[Finding, ...], tuple[Relation, ...]]:
    """The finding on each statement and the relations between them, each as sure as its numbers are tied.

    Of several claims on one statement the worst that stands decides; of equals the one said first in `said`. Of two
    relations of one kind that find the same numbers wrong, the one said first stands. In a table a claim stands as far
    as the cells beside it prove the reading it rests on (`proven`).
    """
    checks: Mapping[str, list[Check]] = defaultdict(list)
    counts = counts_by_form(statements, said)
    for claims in said:
        for claim in claims.checks:
            check = claim.check
            own = "explicit" if claim.statement in counts else claim.own
            verdict = weighed(check.verdict, check.tie, own=own, competing=check.competing)
            stands = check if verdict == check.verdict else msgspec.structs.replace(check, verdict=verdict)
            checks[claim.statement].append(stands)
    relations = []
    for claims in said:
        for claim in claims.relations:
            relation = claim.relation
            verdict = weighed(relation.verdict, relation.tie, own=claim.own, competing=claim.competing)
            relations.append(msgspec.structs.replace(relation, verdict=verdict))
    relations = relations_as_proven(relations, {s.id: s for s in statements}, passages)
    checks = as_proven(statements, checks, passages)
    again = _told_again(relations)
    relations = [r for r in relations if (r.kind, r.sentence) not in again]
    denominators = strongest(said)
    findings = tuple(
        _finding(s, denominators.get(s.id), [c for c in checks.get(s.id, []) if (c.rule, c.sentence) not in again])
        for s in statements
    )
    relations.sort(key=lambda r: (r.places[0].start, r.places[-1].start))
    numbered = tuple(msgspec.structs.replace(r, id=f"R{k:04}") for k, r in enumerate(relations, 1))
    return findings, numbered


def _told_again(relations: Sequence[Relation]) -> set[tuple[str, str]]:
    """Kind and sentence of each problem that another of its kind, said before it, tells of the same numbers."""
    again: set[tuple[str, str]] = set()
    told: dict[str, list[Relation]] = defaultdict(list)
    for r in relations:
        if r.verdict not in PROBLEMS:
            continue
        if any(_holds(q, r) or _holds(r, q) for q in told[r.kind] if q.sentence != r.sentence):
            again.add((r.kind, r.sentence))
        else:
            told[r.kind].append(r)
    return again


def _holds(first: Relation, second: Relation) -> bool:
    """Whether every place of a relation lies in places of another, two of them at least."""
    inside = [any(a.start < b.end and b.start < a.end for a in first.places) for b in second.places]
    return len(inside) > 1 and all(inside)


def _finding(s: Statement, denominator: Denominator | None, checks: list[Check]) -> Finding:
    """The finding on one statement; a power statement gets the size its power was recomputed with."""
    size = next((c.computed["N"] for c in checks if s.kind == "power_statement" and "N" in c.computed), None)
    if size is None:
        return overall(s, denominator, checks)
    sized = msgspec.structs.replace(s, quantities=msgspec.structs.replace(s.quantities, N=size))
    return overall(sized, Denominator(size, "context", "planned size"), checks)
