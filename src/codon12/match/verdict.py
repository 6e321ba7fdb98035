"""From statements to verdicts: a status per statement, a verdict per regimen and jurisdiction.

A contraindication wins, whatever supports. ``no statement`` is never a permission: these texts say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.match.criteria import Criterion
from codon12.match.drugs import drug_classes, regimen_name
from codon12.match.evaluate import Evaluator
from codon12.match.logic import UNKNOWN, YES, Values
from codon12.match.statement import ExceptionFor, Statement
from codon12.match.tree import Node

__all__ = ["STATUSES", "VERDICTS", "Judged", "Regimen", "judge_regimen", "judge_statement", "regimens_of"]

Masks = NDArray[np.bool_]
STATUSES = ("does not apply", "undetermined", "applies", "not in force")
VERDICTS = ("no statement", "not supported", "undetermined", "supported", "contraindicated")
Verdict = Literal["no statement", "not supported", "undetermined", "supported", "contraindicated"]
Regimen = tuple[str, ...]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A statement judged for every profile."""

    statement: Statement
    in_force: bool
    status: Values
    """Places in `STATUSES`."""
    by_unknown: Masks
    """Where it applies because of an unknown."""
    missing: dict[Criterion, Masks]
    """Criteria that keep it unknown, with the profiles concerned."""

    def facts(self, place: int) -> tuple[str, ...]:
        """Missing facts of one profile, each once, sorted."""
        return tuple(sorted({leaf.fact for leaf, mask in self.missing.items() if mask[place]}))


def judge_statement(ask: Evaluator, statement: Statement) -> Judged:
    """Judge a statement at the evaluator's date.

    With ``if_undetermined = "applies"`` an unknown also applies: of a contraindication whatever is unknown, of a
    support only where all that is unknown are biomarkers.
    """
    people = len(ask.profiles)
    if not statement.in_force(ask.as_of):
        none = np.zeros(people, np.bool_)
        status = np.full(people, STATUSES.index("not in force"), np.int8)
        return Judged(statement=statement, in_force=False, status=status, by_unknown=none, missing={})
    value, missing = ask.tree(statement.when), ask.missing(statement.when)
    flagged = np.zeros(people, np.bool_)
    if statement.if_undetermined == "applies":
        flagged = value == UNKNOWN
        if statement.effect == "supports":
            for leaf, mask in missing.items():
                if not leaf.biomarker:
                    flagged = flagged & ~mask
    status = np.where(flagged, YES, value).astype(np.int8)
    return Judged(statement=statement, in_force=True, status=status, by_unknown=flagged, missing=missing)


def regimens_of(statements: Sequence[Statement], *, asked: Iterable[Regimen] = ()) -> list[Regimen]:
    """Give the regimens to judge: of supports, each drug of contraindications, and those asked for; each once.

    Examples
    --------
    >>> regimens_of([], asked=[("cetuximab", "FOLFIRI")])
    [('cetuximab', 'FOLFIRI')]
    """
    bars = [(d,) for s in statements if s.effect == "contraindicates" for d in s.therapy]
    supports = [s.therapy for s in statements if s.effect == "supports"]
    seen: dict[str, Regimen] = {}
    for regimen in (*bars, *supports, *asked):
        seen.setdefault(regimen_name(regimen), regimen)
    return list(seen.values())


def names_drug(statement: Statement, regimen: Regimen) -> bool:
    """Tell whether a contraindication names one of a regimen's drugs, itself or by class."""
    drugs = drug_classes()
    parts = drugs.parts(regimen)
    return any(drugs.given(item, (part,)) for item in statement.therapy for part in parts)


def same_regimen(one: Iterable[str], two: Iterable[str]) -> bool:
    """Tell whether two regimens hold exactly the same drugs, in any order."""
    drugs = drug_classes()
    return set(drugs.parts(one)) == set(drugs.parts(two))


def exceptions_for(ask: Evaluator, statement: Statement, regimen: Regimen) -> list[ExceptionFor]:
    """Exceptions of a contraindication that are written for this regimen and are in force."""
    return [
        e for e in statement.except_ if same_regimen(e.regimen, regimen) and (e.from_ is None or ask.as_of >= e.from_)
    ]


def excepted(ask: Evaluator, statement: Statement, regimen: Regimen) -> tuple[Values, tuple[Node, ...]]:
    """Whether an exception holds for a regimen: yes, no or unknown of every profile, and its conditions."""
    held = exceptions_for(ask, statement, regimen)
    out = np.zeros(len(ask.profiles), np.int8)
    for e in held:
        out = np.maximum(out, ask.tree(e.when))
    return out, tuple(e.when for e in held)


class RegimenJudged(msgspec.Struct, frozen=True, kw_only=True):
    """A regimen judged in one jurisdiction for every profile."""

    regimen: Regimen
    jurisdiction: str
    verdict: Values
    """Places in `VERDICTS`."""
    bars: tuple[tuple[Judged, Values, tuple[Node, ...]], ...]
    """Contraindications of one of its drugs, with whether an exception holds, and the exceptions' conditions."""
    supports: tuple[Judged, ...]


def judge_regimen(ask: Evaluator, regimen: Regimen, jurisdiction: str, judged: Sequence[Judged]) -> RegimenJudged:
    """Judge a regimen by the statements of one jurisdiction."""
    own = [j for j in judged if j.statement.jurisdiction == jurisdiction and j.in_force]
    people = len(ask.profiles)
    out = np.zeros(people, np.int8)
    supports = [j for j in own if j.statement.effect == "supports" and same_regimen(j.statement.therapy, regimen)]
    for j in supports:
        out = np.maximum(out, (j.status + 1).astype(np.int8))
    bars = [
        (j, *excepted(ask, j.statement, regimen))
        for j in own
        if j.statement.effect == "contraindicates" and names_drug(j.statement, regimen)
    ]
    for j, exception, _ in bars:
        free = exception == YES
        out = np.where((j.status == UNKNOWN) & ~free & (out < VERDICTS.index("contraindicated")), 2, out)
    for j, exception, _ in bars:
        free = exception == YES
        out = np.where((j.status == YES) & ~free, VERDICTS.index("contraindicated"), out)
    return RegimenJudged(
        regimen=regimen,
        jurisdiction=jurisdiction,
        verdict=out.astype(np.int8),
        bars=tuple(bars),
        supports=tuple(supports),
    )
