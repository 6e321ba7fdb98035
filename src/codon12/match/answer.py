"""One patient matched: statuses, verdicts, what is missing and what to order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.errors import UsageError
from codon12.match import criteria as c
from codon12.match.alterations import questions_in
from codon12.match.drugs import regimen_name
from codon12.match.eligibility import TrialAnswer, judge_trial
from codon12.match.evaluate import Evaluator
from codon12.match.explain import Explained, explain
from codon12.match.from_patients import profiles_of
from codon12.match.knowledge import Knowledge, shipped_statements
from codon12.match.logic import UNKNOWN, YES
from codon12.match.orders import OrderList, order_list
from codon12.match.patient import Patient, patient_on
from codon12.match.patient_checks import patient_findings
from codon12.match.profiles import Profiles
from codon12.match.statement import Statement
from codon12.match.trial import Trial
from codon12.match.verdict import STATUSES, VERDICTS, Judged, Regimen, judge_regimen, judge_statement, regimens_of
from codon12.records.findings import Finding

__all__ = ["NO_PERMISSION", "MatchAnswer", "StatementAnswer", "VerdictAnswer", "match_patient", "match_profile"]

NO_PERMISSION = "these texts say nothing about it; that is not a permission"


class StatementAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One statement answered for one patient."""

    statement: Statement
    status: str
    because_of_unknown: bool
    missing: tuple[str, ...]
    note: str | None
    tree: Explained | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        s = self.statement
        return {
            "id": s.id,
            "version": s.version,
            "hash": s.hash,
            "state": s.review.state,
            "effect": s.effect,
            "direction": s.direction,
            "jurisdiction": s.jurisdiction,
            "basis": s.basis,
            "therapy": list(s.therapy),
            "status": self.status,
            "because_of_unknown": self.because_of_unknown,
            "missing": list(self.missing),
            "sentence": s.sentence,
            "valid": msgspec.to_builtins(s.valid),
            "note": self.note,
            "tests": msgspec.to_builtins(s.tests),
            "evidence": msgspec.to_builtins(s.evidence),
            "criteria": None if self.tree is None else self.tree.to_dict(),
        }


class VerdictAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One regimen in one jurisdiction."""

    regimen: Regimen
    jurisdiction: str
    verdict: str
    contraindicated_by: tuple[str, ...]
    supported_by: tuple[str, ...]
    because_of_unknown: bool
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """The regimen as it is written."""
        return regimen_name(self.regimen)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        out = {"regimen": self.name, **{f: getattr(self, f) for f in self.__struct_fields__ if f != "regimen"}}
        out["note"] = NO_PERMISSION if self.verdict == "no statement" else None
        return out


class MatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the texts of a date say about one patient, and what is not known."""

    subject: str
    as_of: date
    jurisdictions: tuple[str, ...]
    statements: tuple[StatementAnswer, ...]
    verdicts: tuple[VerdictAnswer, ...]
    orders: OrderList
    trials: tuple[TrialAnswer, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    def verdict(self, regimen: str, jurisdiction: str) -> str:
        """Verdict of a regimen as it is written."""
        for v in self.verdicts:
            if v.name == regimen and v.jurisdiction == jurisdiction:
                return v.verdict
        raise UsageError(f"{regimen!r} was not judged in {jurisdiction!r}; name it with --regimen")

    def status(self, name: str) -> str:
        """Status of a statement by its id."""
        return next(s.status for s in self.statements if s.statement.id == name)

    def to_dict(self) -> dict[str, Any]:
        """Plain values: statuses, missing facts and verdicts by name first, all details after."""
        trial = self.trials[0] if self.trials else None
        return {
            "subject": self.subject,
            "as_of": self.as_of.isoformat(),
            "jurisdictions": list(self.jurisdictions),
            "statements": {s.statement.id: s.status for s in self.statements},
            "missing": {s.statement.id: list(s.missing) for s in self.statements if s.missing},
            "because_of_unknown": [s.statement.id for s in self.statements if s.because_of_unknown],
            "therapies": {
                j: {v.name: v.verdict for v in self.verdicts if v.jurisdiction == j} for j in self.jurisdictions
            },
            "trial": None if trial is None else trial.status,
            "criteria": {} if trial is None else {k.id: k.status for k in trial.criteria},
            "orders": msgspec.to_builtins(self.orders),
            "notes": list(self.notes),
            "findings": [msgspec.to_builtins(f) for f in self.findings],
            "verdicts": [v.to_dict() for v in self.verdicts],
            "trials": [t.to_dict() for t in self.trials],
            "details": [s.to_dict() for s in self.statements],
        }


def match_patient(
    patient: Patient,
    *,
    as_of: date,
    knowledge: Knowledge | None = None,
    jurisdictions: Sequence[str] = (),
    regimens: Iterable[Sequence[str]] = (),
    trials: Sequence[Trial] = (),
) -> MatchAnswer:
    """Match one patient against statements and trials at a date.

    Parameters
    ----------
    patient
        What is left out is not known: an untested gene is never taken for negative.
    as_of
        The date asked about; of a trial the planned start.
    knowledge
        Statements; those that ship when left out.
    jurisdictions
        Columns to judge regimens in; all of `knowledge` when left out.
    regimens
        Further regimens to judge.

    Raises
    ------
    InputError
        A field of the patient cannot be read.
    UsageError
        No such jurisdiction.

    Examples
    --------
    >>> from codon12.match import patient_of
    >>> found = match_patient(patient_of({"tumour": {"type": "CRC"}}), as_of=date(2021, 9, 1))
    >>> found.verdict("cetuximab", "US-FDA"), found.status("us-fda/mcrc/panitumumab/1L/ras-wild-type")
    ('contraindicated', 'undetermined')
    """
    return match_profile(
        profiles_of([patient_on(patient, as_of)]),
        subject=patient.id or "the patient",
        findings=patient_findings(patient, as_of=as_of),
        as_of=as_of,
        knowledge=knowledge,
        jurisdictions=jurisdictions,
        regimens=regimens,
        trials=trials,
    )


def match_profile(
    profile: Profiles,
    *,
    subject: str,
    as_of: date,
    knowledge: Knowledge | None = None,
    jurisdictions: Sequence[str] = (),
    regimens: Iterable[Sequence[str]] = (),
    trials: Sequence[Trial] = (),
    findings: Iterable[Finding] = (),
) -> MatchAnswer:
    """Match the one profile held, as `match_patient` does a patient file."""
    held = knowledge or shipped_statements()
    columns = tuple(jurisdictions) or held.jurisdictions()
    unknown = [j for j in columns if j not in held.jurisdictions()]
    if unknown:
        raise UsageError(f"no statement of jurisdiction {unknown[0]!r}; there are {', '.join(held.jurisdictions())}")
    ask = Evaluator(profile, as_of=as_of)
    force = [s for s in held.statements if s.in_force(as_of)]
    trees = [*(s.when for s in force), *(e.when for s in force for e in s.except_)]
    trees += [e.when for t in trials for e in (*t.include, *t.exclude)]
    ask.alterations.look_up(["RAS mutation", *questions_in(trees)])
    judged = [judge_statement(ask, s) for s in held.statements]
    asked = [tuple(r) for r in regimens]
    verdicts = []
    exceptions: dict[c.Criterion, None] = {}
    for column in columns:
        for regimen in regimens_of(held.statements, asked=asked):
            made, open_ = _verdict(ask, regimen, column, judged)
            verdicts.append(made)
            exceptions |= dict.fromkeys(open_)
    own = [j for j in judged if j.statement.jurisdiction in columns]
    answered = [judge_trial(ask, t) for t in trials]
    leaves = [leaf for j in own for leaf, mask in j.missing.items() if mask[0]]
    leaves += [
        leaf for t in trials for e in (*t.include, *t.exclude) for leaf, m in ask.missing(e.when).items() if m[0]
    ]
    return MatchAnswer(
        subject=subject,
        as_of=as_of,
        jurisdictions=columns,
        statements=tuple(_statement(ask, j) for j in judged),
        verdicts=tuple(verdicts),
        orders=order_list([*leaves, *exceptions]),
        trials=tuple(answered),
        findings=tuple(findings),
        notes=(*held.notes, *profile.assumptions, *_ras_notes(ask)),
    )


def _statement(ask: Evaluator, judged: Judged) -> StatementAnswer:
    s = judged.statement
    return StatementAnswer(
        statement=s,
        status=STATUSES[judged.status[0]],
        because_of_unknown=bool(judged.by_unknown[0]),
        missing=judged.facts(0),
        note=s.validity_note(ask.as_of),
        tree=explain(ask, s.when) if judged.in_force else None,
    )


def _verdict(
    ask: Evaluator, regimen: Regimen, column: str, judged: Sequence[Judged]
) -> tuple[VerdictAnswer, list[c.Criterion]]:
    made = judge_regimen(ask, regimen, column, judged)
    verdict = VERDICTS[made.verdict[0]]
    missing: dict[c.Criterion, None] = {}
    bars, exceptions = [], []
    flagged = False
    for j, exception, conditions in made.bars:
        if exception[0] == YES or j.status[0] not in (UNKNOWN, YES):
            continue
        bars.append(j.statement.id)
        flagged |= bool(j.by_unknown[0])
        missing |= dict.fromkeys(leaf for leaf, mask in j.missing.items() if mask[0])
        if exception[0] == UNKNOWN:
            flagged = True
            own = [leaf for node in conditions for leaf, mask in ask.missing(node).items() if mask[0]]
            missing |= dict.fromkeys(own)
            exceptions += own
    supports = [j.statement.id for j in made.supports if j.status[0] in (UNKNOWN, YES)]
    if not bars:
        for j in made.supports:
            missing |= dict.fromkeys(leaf for leaf, mask in j.missing.items() if mask[0])
            flagged |= bool(j.by_unknown[0])
    facts = tuple(sorted({leaf.fact for leaf in missing}))
    return VerdictAnswer(
        regimen=regimen, jurisdiction=column, verdict=verdict, contraindicated_by=tuple(bars),
        supported_by=tuple(supports), because_of_unknown=flagged, missing=facts,
    ), exceptions  # fmt: skip


def _ras_notes(ask: Evaluator) -> list[str]:
    """RAS changes that do not count as RAS mutations of the labels, printed beside the verdict."""
    rules = GeneDefinitions()
    table = ask.profiles.call_table
    match = ask.alterations.hits("RAS mutation").match
    odd = [row for row, hit in zip(table.select("GENE", "PROTEIN", "CLASS").rows(), match, strict=True) if not hit]
    return [
        f"{gene} {(change or kind or '').removeprefix('p.')} is no RAS mutation of the labels (codons "
        f"{', '.join(map(str, rules.ras_codons))}; missense or in frame): it does not count as one."
        for gene, change, kind in odd
        if gene in rules.ras_genes and kind not in ("amplification", "gain", "deletion", "loss", "fusion")
    ]
