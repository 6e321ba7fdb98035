"""Eligibility for a trial: pass, warn, undetermined or fail per criterion, and what a failure can be mended by."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec
import numpy as np

from codon12.match import criteria as c
from codon12.match.evaluate import Evaluator, last_days
from codon12.match.logic import NO, UNKNOWN, Values
from codon12.match.profiles import NO_DAY, ONGOING
from codon12.match.tree import leaves
from codon12.match.trial import Eligibility, Trial

__all__ = ["OVERALL", "CriterionAnswer", "TrialAnswer", "criterion_codes", "judge_trial", "overall_codes"]

PASS, WARN, UNDETERMINED, FAIL = 0, 1, 2, 3
OUTCOMES = ("PASS", "WARN", "UNDETERMINED", "FAIL")
OVERALL = ("PASS", "WARN", "UNDETERMINED", "FAIL (recoverable)", "FAIL")
"""Answers of a trial, the worst last."""


class CriterionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion answered."""

    id: str
    text: str
    kind: Literal["include", "exclude"]
    status: Literal["PASS", "WARN", "UNDETERMINED", "FAIL"]
    recoverable: bool
    missing: tuple[str, ...]


class TrialAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A trial answered for one patient."""

    trial: str
    title: str
    status: Literal["PASS", "WARN", "UNDETERMINED", "FAIL (recoverable)", "FAIL"]
    criteria: tuple[CriterionAnswer, ...]
    planned_start: date
    earliest: date | None
    """First day on which all washouts that can be dated have ended."""
    recruiting: str | None
    complete: bool
    note: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return msgspec.to_builtins(self)


def criterion_codes(ask: Evaluator, entry: Eligibility, *, exclude: bool) -> Values:
    """Answer one criterion for every profile: 0 pass, 1 warn, 2 undetermined, 3 fail."""
    value = ask.tree(entry.when)
    value = 2 - value if exclude else value
    open_ = WARN if entry.unknown_is == "warn" else UNDETERMINED
    return np.where(value == NO, FAIL, np.where(value == UNKNOWN, open_, PASS)).astype(np.int8)


def overall_codes(trial: Trial, codes: dict[str, Values]) -> Values:
    """Answer a trial for every profile by its worst criterion: places in `OVERALL`."""
    out = None
    for entry in (*trial.include, *trial.exclude):
        own = codes[entry.id]
        own = np.where((own == FAIL) & (not entry.recoverable), FAIL + 1, own).astype(np.int8)
        out = own if out is None else np.maximum(out, own)
    assert out is not None
    return out


def judge_trial(ask: Evaluator, trial: Trial, *, place: int = 0) -> TrialAnswer:
    """Judge one profile of an evaluator.

    The evaluator's date is the planned start.
    """
    codes, answers = {}, []
    for kind, listed in (("include", trial.include), ("exclude", trial.exclude)):
        for entry in listed:
            codes[entry.id] = criterion_codes(ask, entry, exclude=kind == "exclude")
            facts = {leaf.fact for leaf, mask in ask.missing(entry.when).items() if mask[place]}
            answers.append(
                CriterionAnswer(
                    id=entry.id, text=entry.text, kind=kind, status=OUTCOMES[codes[entry.id][place]],
                    recoverable=entry.recoverable, missing=tuple(sorted(facts)),
                )
            )  # fmt: skip
    return TrialAnswer(
        trial=trial.id,
        title=trial.title,
        status=OVERALL[overall_codes(trial, codes)[place]],
        criteria=tuple(answers),
        planned_start=ask.as_of,
        earliest=_earliest(ask, trial, place),
        recruiting=_recruiting(trial, ask.as_of),
        complete=trial.complete,
        note=None if trial.complete else f"{trial.source}: the protocol has more criteria than stand here.",
    )


def _earliest(ask: Evaluator, trial: Trial, place: int) -> date | None:
    """First day on which no washout of the trial holds; None where a last day is not known, or a therapy goes on."""
    days: list[int] = []
    for entry in trial.exclude:
        for leaf in leaves(entry.when):
            if isinstance(leaf, c.DaysSince):
                last = int(last_days(ask.profiles, leaf.what)[place])
                if last >= ONGOING:
                    return None
                if last != NO_DAY:
                    days.append(last + leaf.below)
    return date.fromordinal(max(days)) if days else None


def _recruiting(trial: Trial, day: date) -> str | None:
    held = trial.recruiting
    if held is None:
        return None
    if held.from_ is not None and day < held.from_:
        return f"enrolment began on {held.from_.isoformat()}, after this date"
    if held.to is not None and day > held.to:
        return f"enrolment ended on {held.to.isoformat()}, before this date"
    return f"enrolment ran from {held.from_ or '?'} to {held.to or '?'}"
