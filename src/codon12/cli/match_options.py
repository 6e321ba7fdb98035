"""Options that the match verbs share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.match.knowledge import Knowledge
    from codon12.match.profiles import Profiles
    from codon12.match.trial import Trial
    from codon12.records.findings import Finding

__all__ = [
    "Day",
    "Given",
    "knowledge_of",
    "knowledge_options",
    "patient_given",
    "patient_options",
    "regimens_given",
    "trial_given",
    "write_whole",
]


class Day(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2021-09-01", param, ctx)


def knowledge_options(command: Callable) -> Callable:
    """Add ``--kb``, ``--as-of`` and ``--jurisdiction``."""
    kb = click.option(
        "--kb", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
        help="Folder of further statements (TOML); a later one wins by id and version. May be given several times.",
    )  # fmt: skip
    as_of = click.option("--as-of", type=Day(), default=None, help="The date asked about.  [default: today]")
    jurisdiction = click.option(
        "--jurisdiction", "jurisdictions", multiple=True, metavar="NAME",
        help="A column of its own, never merged with another.  [default: all]",
    )  # fmt: skip
    return kb(as_of(jurisdiction(command)))


def patient_options(command: Callable) -> Callable:
    """Add ``--study`` and ``--subject``."""
    study = click.option("--study", type=click.Path(path_type=Path), help="Take the patient from this study folder.")
    subject = click.option("--subject", metavar="ID", help="The subject of --study.")
    return study(subject(command))


def knowledge_of(folders: Sequence[Path]) -> Knowledge:
    """Shipped statements and those of the folders."""
    from codon12.match.knowledge import joined, read_statements, shipped_statements

    return joined([shipped_statements(), *(read_statements(f) for f in folders)])


class Given(NamedTuple):
    """One profile with its subject and what was found about it."""

    profile: Profiles
    subject: str
    findings: list[Finding]


def patient_given(path: Path | None, study: Path | None, subject: str | None, *, as_of: date) -> Given:
    """The patient of a file, folder, FHIR bundle or study."""
    if study is not None:
        if subject is None or path is not None:
            raise UsageError("--study needs --subject, and no patient file beside it")
        from codon12.match.from_study import profiles_of_study
        from codon12.records import Study

        held = profiles_of_study(Study.open(study))
        return Given(held.profiles.only(held.place(subject)), subject, [])
    if path is None:
        raise UsageError("give a patient file (JSON or TOML), or --study STUDY --subject ID")
    from codon12.match.exchange.patients import any_patient
    from codon12.match.from_patients import profiles_of
    from codon12.match.patient import patient_on
    from codon12.match.patient_checks import patient_findings

    patient, found = any_patient(path)
    profile = profiles_of([patient_on(patient, as_of)])
    return Given(profile, patient.id or "the patient", [*found, *patient_findings(patient, as_of=as_of)])


def regimens_given(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Regimens as typed: drugs joined by a plus."""
    out = []
    for text in texts:
        drugs = tuple(dict.fromkeys(" ".join(d.split()) for d in text.split("+") if d.strip()))
        if not drugs:
            raise UsageError(f"--regimen {text!r} names no drug; write it as 'cetuximab + FOLFIRI'")
        out.append(drugs)
    return out


def trial_given(name: str) -> Trial:
    """A shipped trial by its id, or one of a TOML file."""
    from codon12.match.knowledge import read_trial_file, shipped_trials

    for trial in shipped_trials():
        if trial.id == name:
            return trial
    file, _, own = name.partition("::")
    if Path(file).is_file():
        return read_trial_file(Path(file), name=own or None)
    held = ", ".join(t.id for t in shipped_trials())
    raise UsageError(f"no trial {name!r}; there are {held}, or give a TOML file (FILE::ID where it holds several)")


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
