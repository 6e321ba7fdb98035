"""``codon12 match page``: pages of one patient."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from codon12.cli.match_options import (
    Day,
    knowledge_of,
    knowledge_options,
    patient_given,
    patient_options,
    regimens_given,
    trial_given,
    write_whole,
)

__all__ = ["page"]


@click.command(name="page", epilog="Example:  codon12 match page patient.json --out page.html --as-of 2021-09-01")
@click.argument("path", metavar="PATIENT", required=False, type=click.Path(path_type=Path))
@patient_options
@knowledge_options
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: print]")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["patient", "clinician"]),
    default="patient",
    show_default=True,
    help="Whom the page is for.",
)
@click.option("--include-drafts", is_flag=True, help="Patient page: show draft statements too, marked as drafts.")
@click.option(
    "--messages", type=click.Path(path_type=Path), help="Message file of the patient page, for a translation."
)
@click.option("--since", type=Day(), default=None, help="Clinician page: what changed since this date.")
@click.option("--regimen", "regimens", multiple=True, metavar="'DRUG + DRUG'", help="Judge this regimen as well.")
@click.option("--trial", "trials", multiple=True, metavar="ID", help="Judge eligibility for this trial as well.")
@click.option("--text", is_flag=True, help="Patient page: plain text instead of HTML.")
def page(
    path: Path | None,
    study: Path | None,
    subject: str | None,
    kb: tuple[Path, ...],
    as_of: date | None,
    jurisdictions: tuple[str, ...],
    out: Path | None,
    reader: str,
    messages: Path | None,
    since: date | None,
    regimens: tuple[str, ...],
    trials: tuple[str, ...],
    *,
    include_drafts: bool,
    text: bool,
) -> None:
    """Write the page of a PATIENT: in plain words for the patient, or whole for the clinician.

    The patient page leaves draft statements out unless --include-drafts, and says how many. All statements that ship
    are drafts. Each page is one file that fetches nothing.
    """
    from codon12.match.answer import match_profile
    from codon12.match.pages.clinician_page import clinician_page
    from codon12.match.pages.patient_page import patient_page, read_messages

    day = as_of or date.today()  # noqa: DTZ011
    given = patient_given(path, study, subject, as_of=day)
    knowledge = knowledge_of(kb)
    found = match_profile(
        given.profile,
        subject=given.subject,
        findings=given.findings,
        as_of=day,
        knowledge=knowledge,
        jurisdictions=jurisdictions,
        regimens=regimens_given(regimens),
        trials=[trial_given(t) for t in trials],
    )
    if reader == "clinician":
        made = clinician_page(found, given.profile, knowledge, since=since)
    else:
        plain = patient_page(found, given.profile, include_drafts=include_drafts, messages=read_messages(messages))
        made = plain.text + "\n" if text else plain.html()
        click.echo(f"codon12: reading grade {plain.grade:.1f}; {plain.left_out} drafts left out", err=True)
    if out is None:
        click.echo(made)
        return
    write_whole(out, made)
    click.echo(f"{out} written")
