"""``codon12 match PATIENT`` and ``codon12 match trial``: one patient."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codon12.cli.match_options import (
    Day,
    knowledge_of,
    knowledge_options,
    patient_given,
    patient_options,
    regimens_given,
    trial_given,
)

if TYPE_CHECKING:
    from codon12.match.answer import MatchAnswer
    from codon12.match.eligibility import TrialAnswer

__all__ = ["patient", "trial"]


@click.command(name="patient", epilog="Example:  codon12 match patient.json --as-of 2021-09-01 --jurisdiction US-FDA")
@click.argument("path", metavar="PATIENT", required=False, type=click.Path(path_type=Path))
@patient_options
@knowledge_options
@click.option("--regimen", "regimens", multiple=True, metavar="'DRUG + DRUG'", help="Judge this regimen as well.")
@click.option("--trial", "trials", multiple=True, metavar="ID", help="Judge eligibility for this trial as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def patient(
    path: Path | None,
    study: Path | None,
    subject: str | None,
    kb: tuple[Path, ...],
    as_of: date | None,
    jurisdictions: tuple[str, ...],
    regimens: tuple[str, ...],
    trials: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Match one PATIENT: a JSON or TOML file, a FHIR bundle, or a folder with a VCF or MAF beside clinical.json.

    Contraindications are printed first, then what is supported, what is undetermined with the missing tests, and the
    evidence. Where the texts say nothing, that is no permission.
    """
    from codon12.match.answer import match_profile

    day = as_of or date.today()  # noqa: DTZ011 - a day of the calendar
    given = patient_given(path, study, subject, as_of=day)
    found = match_profile(
        given.profile,
        subject=given.subject,
        findings=given.findings,
        as_of=day,
        knowledge=knowledge_of(kb),
        jurisdictions=jurisdictions,
        regimens=regimens_given(regimens),
        trials=[trial_given(t) for t in trials],
    )
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
        return
    _print(found)


@click.command(
    name="trial", epilog="Example:  codon12 match trial NCT03600883-phase2-nsclc patient.json --as-of 2019-10-01"
)
@click.argument("trial_id", metavar="TRIAL")
@click.argument("path", metavar="PATIENT", required=False, type=click.Path(path_type=Path))
@patient_options
@click.option("--as-of", type=Day(), default=None, help="Planned start.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def trial(
    trial_id: str, path: Path | None, study: Path | None, subject: str | None, as_of: date | None, *, as_json: bool
) -> None:
    """Judge a PATIENT's eligibility for a TRIAL: a shipped one by its id, or a TOML file."""
    from codon12.match.eligibility import judge_trial
    from codon12.match.evaluate import Evaluator

    day = as_of or date.today()  # noqa: DTZ011 - a day of the calendar
    given = patient_given(path, study, subject, as_of=day)
    found = judge_trial(Evaluator(given.profile, as_of=day), trial_given(trial_id))
    for f in given.findings:
        click.echo(f"codon12: {f.severity}: {_plain(f.message)}", err=True)
    if as_json:
        body = {"trial": found.status, "criteria": {k.id: k.status for k in found.criteria}, "details": found.to_dict()}
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    _print_trial(found)


def _plain(text: str) -> str:
    """Text of a file without control characters."""
    return "".join(ch if ch.isprintable() else " " for ch in text)


_TITLES = {
    "contraindicated": "Contraindicated",
    "supported": "Supported by a text",
    "undetermined": "Undetermined",
    "not supported": "Not supported: a text is in force and its conditions are not met",
    "no statement": "No statement: these texts say nothing about it, which is no permission",
}


def _print(found: MatchAnswer) -> None:
    click.echo(f"{_plain(found.subject)}, as of {found.as_of.isoformat()} ({', '.join(found.jurisdictions)})")
    said: dict[str, None] = {}
    for verdict, title in _TITLES.items():
        own = [v for v in found.verdicts if v.verdict == verdict]
        if own:
            click.echo(f"\n{title}")
        if verdict in ("not supported", "no statement"):
            for jurisdiction in dict.fromkeys(v.jurisdiction for v in own):
                names = [_plain(v.name) for v in own if v.jurisdiction == jurisdiction]
                click.echo(f"  [{jurisdiction}] {'; '.join(names)}")
            continue
        for v in own:
            flag = " (because of an unknown)" if v.because_of_unknown and verdict != "undetermined" else ""
            missing = f"; missing: {_plain(', '.join(v.missing))}" if v.missing else ""
            click.echo(f"  {_plain(v.name)} [{v.jurisdiction}]{flag}{missing}")
            said |= dict.fromkeys((*v.contraindicated_by, *v.supported_by))
    if said:
        click.echo("\nThe texts")
    for a in found.statements:
        s = a.statement
        if s.id in said:
            note = f" {a.note}" if a.note else ""
            click.echo(f"  {s.id} v{s.version} {s.hash} ({s.review.state}): {_plain(s.sentence)}{note}")
            for t in s.tests:
                click.echo(f"      companion test of the approval: {_plain(t.assay)} ({t.specimen or 'any specimen'})")
    _print_beside(found)
    for t in found.trials:
        click.echo("")
        _print_trial(t)
    for note in found.notes:
        click.echo(f"note: {_plain(note)}")
    for f in found.findings:
        click.echo(f"codon12: {f.severity}: {_plain(f.message)}", err=True)


def _print_beside(found: MatchAnswer) -> None:
    beside = [
        s for s in found.statements
        if s.statement.effect in ("evidence", "information") and s.status == "applies"
        and s.statement.jurisdiction in found.jurisdictions
    ]  # fmt: skip
    if beside:
        click.echo("\nEvidence and information (they change no verdict)")
        for s in beside:
            kind = f"{s.statement.direction or s.statement.effect}; {s.statement.basis or ''}"
            click.echo(f"  [{s.statement.jurisdiction}] {_plain(s.statement.sentence)} ({_plain(kind)})")
    orders = found.orders
    if orders.tests or orders.record or orders.judgements:
        click.echo("\nStill needed")
        for order in orders.tests:
            click.echo(f"  order: {_plain(order.test)} -> {_plain(', '.join(order.answers))}")
        for fact in orders.record:
            click.echo(f"  look up: {_plain(fact)}")
        for fact in orders.judgements:
            click.echo(f"  judge: {_plain(fact)}")


def _print_trial(found: TrialAnswer) -> None:
    click.echo(f"{found.trial}: {found.status}, planned start {found.planned_start.isoformat()}")
    for k in found.criteria:
        word = f"{k.status} (recoverable)" if k.status == "FAIL" and k.recoverable else k.status
        missing = f"; missing: {_plain('; '.join(k.missing))}" if k.missing else ""
        click.echo(f"  {word:<19} {k.kind}: {k.text}{missing}")
    if found.earliest:
        click.echo(f"  washouts end on {found.earliest.isoformat()}")
    for text in (found.recruiting, found.note):
        if text:
            click.echo(f"  {text}")
