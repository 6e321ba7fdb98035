"""A cohort matched: how many a statement meets, where a trial loses patients, and which tests are missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import numpy as np
import polars as pl

from codon12.match import criteria as c
from codon12.match.alterations import questions_in
from codon12.match.eligibility import FAIL, OVERALL, UNDETERMINED, WARN, criterion_codes, overall_codes
from codon12.match.evaluate import Evaluator
from codon12.match.knowledge import Knowledge
from codon12.match.logic import YES
from codon12.match.orders import OrderList, order_list
from codon12.match.profiles import Profiles
from codon12.match.statement import Statement
from codon12.match.trial import Eligibility, Trial
from codon12.match.verdict import STATUSES, judge_statement

__all__ = ["CohortStatement", "CohortTrial", "match_cohort", "match_cohort_trial", "statement_frame"]


class CohortStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement counted over a cohort."""

    id: str
    effect: str
    jurisdiction: str
    therapy: tuple[str, ...]
    total: int
    applies: int
    because_of_unknown: int
    """How many of `applies` do so because of an unknown."""
    undetermined: int
    does_not_apply: int
    not_in_force: int
    missing: dict[str, int]
    """Missing fact -> patients whom it keeps undetermined, or to whom the statement applies because of it."""
    orders: OrderList


class CohortTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A trial counted over a cohort."""

    trial: str
    total: int
    steps: pl.DataFrame
    """CRITERION, TEXT, KIND, LEFT (not failed so far), WARN, UNDETERMINED (of those left), FAILS (whatever the others
    say), FAILS_ONLY (fails this one alone)."""
    overall: dict[str, int]
    missing: dict[str, int]
    orders: OrderList
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        out = {k: getattr(self, k) for k in ("trial", "total", "overall", "missing", "complete")}
        return {**out, "orders": msgspec.to_builtins(self.orders), "steps": self.steps.to_dicts()}


def match_cohort(
    profiles: Profiles, knowledge: Knowledge, *, as_of: date, only: Sequence[str] = ()
) -> list[CohortStatement]:
    """Count each statement over a cohort; `only` names the statements wanted.

    Raises
    ------
    InputError
        No such statement.
    """
    chosen = [knowledge.get(name) for name in only] if only else list(knowledge.statements)
    ask = Evaluator(profiles, as_of=as_of)
    ask.alterations.look_up(questions_in(s.when for s in chosen if s.in_force(as_of)))
    return [_count(ask, s) for s in chosen]


def _count(ask: Evaluator, statement: Statement) -> CohortStatement:
    judged = judge_statement(ask, statement)
    counts = np.bincount(judged.status, minlength=len(STATUSES))
    open_ = (judged.status == STATUSES.index("undetermined")) | judged.by_unknown
    facts: dict[str, np.ndarray] = {}
    for leaf, mask in judged.missing.items():
        own = mask & open_
        facts[leaf.fact] = facts[leaf.fact] | own if leaf.fact in facts else own
    missing = {fact: int(mask.sum()) for fact, mask in sorted(facts.items()) if mask.any()}
    return CohortStatement(
        id=statement.id,
        effect=statement.effect,
        jurisdiction=statement.jurisdiction,
        therapy=statement.therapy,
        total=len(ask.profiles),
        applies=int(counts[2]),
        because_of_unknown=int(judged.by_unknown.sum()),
        undetermined=int(counts[1]),
        does_not_apply=int(counts[0]),
        not_in_force=int(counts[3]),
        missing=missing,
        orders=order_list(leaf for leaf, mask in judged.missing.items() if (mask & open_).any()),
    )


def statement_frame(profiles: Profiles, knowledge: Knowledge, *, as_of: date) -> pl.DataFrame:
    """Status of every statement for every subject.

    USUBJID, STATEMENT, STATUS, UNKNOWN (applies because of one), MISSING.
    """
    ask = Evaluator(profiles, as_of=as_of)
    ask.alterations.look_up(questions_in(s.when for s in knowledge.statements if s.in_force(as_of)))
    subjects = pl.Series("USUBJID", list(profiles.subjects), dtype=pl.String)
    parts = []
    for s in knowledge.statements:
        judged = judge_statement(ask, s)
        facts: dict[str, np.ndarray] = {}
        for leaf, mask in judged.missing.items():
            facts[leaf.fact] = facts.get(leaf.fact, False) | mask
        said = pl.select(
            pl.concat_str(
                [
                    pl.when(pl.lit(pl.Series(mask))).then(pl.lit(fact))
                    for fact, mask in sorted(facts.items())
                ] or [pl.lit(None, pl.String)],
                separator="; ", ignore_nulls=True,
            )
        ).to_series()  # fmt: skip
        status = pl.Series(judged.status).replace_strict(dict(enumerate(STATUSES)), return_dtype=pl.String)
        part = pl.DataFrame({"USUBJID": subjects}).with_columns(
            STATEMENT=pl.lit(s.id), STATUS=status, UNKNOWN=pl.Series(judged.by_unknown),
            MISSING=said if said.len() == subjects.len() else pl.lit(""),
        )  # fmt: skip
        parts.append(part)
    return pl.concat(parts)


def match_cohort_trial(profiles: Profiles, trial: Trial, *, as_of: date, among: str | None = None) -> CohortTrial:
    """Count a trial over a cohort: attrition in the trial's order, and what each criterion costs.

    Who fails leaves; who is warned of or undetermined stays, counted apart. `among` is a gene question: only who
    answers it with yes is counted at all.
    """
    ask = Evaluator(profiles, as_of=as_of)
    whole = np.ones(len(profiles), np.bool_) if among is None else ask.alterations.value(among) == YES
    ask.alterations.look_up(questions_in(e.when for e in (*trial.include, *trial.exclude)))
    listed: list[tuple[str, Eligibility]] = [("include", e) for e in trial.include] + [
        ("exclude", e) for e in trial.exclude
    ]
    codes = {e.id: criterion_codes(ask, e, exclude=kind == "exclude") for kind, e in listed}
    failed = np.column_stack([(codes[e.id] == FAIL) & whole for _, e in listed])
    number = failed.sum(axis=1)
    left = whole
    rows = []
    for i, (kind, e) in enumerate(listed):
        own = codes[e.id]
        left = left & (own != FAIL)
        rows.append(
            {
                "CRITERION": e.id, "TEXT": e.text, "KIND": kind, "LEFT": int(left.sum()),
                "WARN": int((left & (own == WARN)).sum()), "UNDETERMINED": int((left & (own == UNDETERMINED)).sum()),
                "FAILS": int(failed[:, i].sum()), "FAILS_ONLY": int((failed[:, i] & (number == 1)).sum()),
            }
        )  # fmt: skip
    overall = np.bincount(overall_codes(trial, codes)[whole], minlength=len(OVERALL))
    missing: dict[str, np.ndarray] = {}
    asked: list[c.Criterion] = []
    for _, e in listed:
        for leaf, mask in ask.missing(e.when).items():
            own = mask & left
            if own.any():
                asked.append(leaf)
                missing[leaf.fact] = missing.get(leaf.fact, False) | own
    return CohortTrial(
        trial=trial.id,
        total=int(whole.sum()),
        steps=pl.DataFrame(rows),
        overall={word: int(n) for word, n in zip(OVERALL, overall, strict=True)},
        missing={fact: int(mask.sum()) for fact, mask in sorted(missing.items())},
        orders=order_list(asked),
        complete=trial.complete,
    )
