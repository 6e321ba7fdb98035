"""CDISC CORE, the conformance engine, as a program of its own: run it, and read its report as findings."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from codon12.errors import InputError, UsageError
from codon12.records import Study, findings_frame
from codon12.records.findings import Finding, shown
from codon12.standards.metadata import adam_table

__all__ = ["core_findings", "read_core_report", "run_core"]

_READS = ("xpt", "dataset-json")
_SECONDS = 3600


def core_findings(study: Study, program: Path) -> pl.DataFrame:
    """Run CORE on the files of a study and give what it reports as findings.

    Parameters
    ----------
    study
        A study whose files CORE reads: SAS transport or Dataset-JSON (``codon12 export`` writes them).
    program
        The program, as CDISC delivers it (``core``); it brings its own rules and asks no network.

    Raises
    ------
    UsageError
        No such program, or no file that it reads.
    InputError
        It failed, or wrote no report; the message holds the last line it said.
    """
    formats = set(study.sources["FORMAT"].to_list())
    if not formats & set(_READS):
        raise UsageError(
            f"{study.path.name}: CORE reads SAS transport files and Dataset-JSON; run `codon12 export` first"
        )
    version = adam_table().standard.adam if study.format == "adam" else adam_table().standard.sdtm
    standard = "adamig" if study.format == "adam" else "sdtmig"
    with tempfile.TemporaryDirectory() as place:
        report = run_core(program, study.path, Path(place, "report"), standard=standard, version=version)
        return read_core_report(report)


def run_core(program: Path, folder: Path, report: Path, *, standard: str, version: str) -> Path:
    """Run ``core validate`` on a folder and give the file of its report (JSON). Errors as `core_findings`."""
    program = program.absolute()
    if not program.is_file():
        raise UsageError(f"{program}: no such program; give the path of CDISC CORE")
    command = [
        str(program), "validate", "-s", standard, "-v", version.replace(".", "-"), "-d", str(folder.absolute()),
        "-o", str(report), "-of", "JSON",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - the user names the program; arguments are ours, no shell reads them
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False,
            cwd=program.parent,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as err:
        raise InputError(f"{program.name}: cannot be run: {err}") from None
    written = report.with_suffix(".json")
    if done.returncode or not written.is_file():
        said = [x for x in (done.stderr.strip() or done.stdout).splitlines() if x.strip()]
        last = shown(said[-1]) if said else f"exit code {done.returncode}"
        raise InputError(f"{program.name}: gave no report: {last}")
    return written


def read_core_report(path: Path) -> pl.DataFrame:
    """Findings of a report that CORE wrote as JSON: one an entry of ``Issue_Details``, rule ``core-rule``.

    The message holds CORE's own identifier and sentence; VALUE the values it names.

    Raises
    ------
    InputError
        No JSON, or no report of CORE.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise InputError(f"{path.name}: is no JSON report of CORE: {err}") from None
    issues = held.get("Issue_Details") if isinstance(held, dict) else None
    if not isinstance(issues, list):
        raise InputError(f"{path.name}: is no JSON report of CORE: it has no Issue_Details")
    return findings_frame([_finding(i) for i in issues if isinstance(i, dict)])


def _finding(issue: dict[str, Any]) -> Finding:
    row, subject = issue.get("row"), str(issue.get("USUBJID") or "").strip()
    table = Path(str(issue.get("dataset") or "study")).stem.upper()
    return Finding(
        table=table,
        rule="core-rule",
        severity="warning",
        row=int(str(row)) if str(row).isdigit() else None,
        subject=subject or None,
        variable=_listed(issue.get("variables")),
        value=_listed(issue.get("values")),
        message=f"CORE {issue.get('core_id') or 'rule'}: {issue.get('message') or 'no sentence'}",
    )


def _listed(held: object) -> str | None:
    if isinstance(held, list):
        return ", ".join(map(str, held)) or None
    return None if held in (None, "") else str(held)
