"""``codon12 init``: own data in. Says what the files are believed to be, and writes a codon12.toml that runs."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import click

__all__ = ["command"]

_MOST_COLUMNS = 40


@click.command(
    name="init",
    epilog="""\b
Examples:
  codon12 init register.xlsx
  codon12 init study --yes
  codon12 init /mnt/read-only/study --config study.toml
  codon12 init --template registry my-registry""",
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Ask nothing; questions without a default stay open, as comments.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the configuration there, in place of codon12.toml beside the data.",
)
@click.option(
    "--template",
    type=click.Choice(["phase2", "registry", "randomised", "ctdna"]),
    help="Write a small generated study of this shape into PATH, with its configuration.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print what is believed, and the questions, as JSON; ask nothing."
)
def command(path: Path, *, yes: bool, config: Path | None, template: str | None, as_json: bool) -> int:
    """Look at the files of PATH and write a commented codon12.toml that runs.

    PATH is a folder, or one file: a spreadsheet, CSV, SAS transport file; a cBioPortal study, SDTM, ADaM. Headings
    are known in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Polish,
    Czech, Turkish, Chinese, Korean and Japanese. Every guess says how sure it is and why; what is unsure is a comment
    that you may switch on. On a terminal a few questions are asked.
    A file that you changed is never written over: the proposal then stands beside it, as codon12.init.toml.

    Exit codes: 0 written; 1 written, but a report cannot run before a question is answered; 2 wrong use or unreadable
    input.
    """
    if template is not None:
        return _template(path, template, as_json=as_json)
    from codon12.init import propose, write_proposal
    from codon12.records.config import CONFIG_FILE

    belief = propose(path)
    told: dict[str, str] = {}
    if not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty():
        asked: set[str] = set()
        # an answer may raise the next question: which column names the patient, then how its dates are written
        while new := [q for q in belief.questions if q.key and q.key not in asked]:
            told |= _asked(new)
            asked |= {q.key for q in new}
            belief = propose(path, answers=told)
    target = config or Path(belief.folder) / CONFIG_FILE
    written = write_proposal(belief.toml, target)
    ready = any(t.table in ("ADSL", "DM", "PATIENT", "SAMPLE") for t in belief.tables)
    if as_json:
        click.echo(json.dumps(_body(belief, written), ensure_ascii=False, indent=1))
    else:
        _print(belief)
        _next(belief, written, config, told=told, ready=ready)
    return 0 if ready else 1


def _template(path: Path, name: str, *, as_json: bool) -> int:
    from codon12.init.templates import write_template

    files = write_template(name, path)
    if as_json:
        click.echo(json.dumps({"template": name, "folder": str(path), "files": files}, indent=1))
    else:
        click.echo(f"{path}: a generated study (not patient data), {len(files)} files")
        click.echo(f"codon12: next: codon12 report {path}", err=True)
    return 0


def _asked(questions: Any) -> dict[str, str]:
    """Ask on the terminal; an empty reply takes the default, or leaves the question open."""
    import signal

    from codon12.figures.lettering import shown

    # polars catches Ctrl-C in its own way, under which a prompt would go on waiting
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out = {}
    for question in questions:
        click.echo(f"\n{shown(question.about, 100)}: {shown(question.text, 400)}")
        for n, choice in enumerate(question.choices, 1):
            click.echo(f"  {n}  {shown(choice, 100)}")
        first = question.choices.index(question.default) + 1 if question.default in question.choices else 0
        allowed = click.IntRange(0, len(question.choices))
        told = "Number (0: leave it open)" if question.default is None else "Number"
        reply = click.prompt(told, type=allowed, default=first)
        if reply:
            out[question.key] = question.choices[reply - 1]
    return out


def _body(belief: Any, written: Any) -> dict[str, Any]:
    import msgspec

    body = msgspec.to_builtins(belief)
    return {"written": str(written.path), "state": written.state, **body}


def _print(belief: Any) -> None:
    from codon12.figures.lettering import shown

    click.echo(f"{belief.format}: {belief.why}")
    for table in belief.tables:
        place = f"{table.file}, sheet {table.sheet}" if table.sheet else table.file
        head = " (head of the file)" if table.sampled else ""
        click.echo(
            f"\n{shown(place, 100)} -> {table.table or 'not used'}  {table.confidence}: {shown(table.why, 200)}{head}"
        )
        known = [c for c in table.columns if c.role or c.alternatives] if table.table else []
        for column in known[:_MOST_COLUMNS]:
            role = column.role or "?"
            click.echo(f"  {shown(column.column, 30):30}  {role:14} {column.confidence:7} {shown(column.why, 120)}")
        rest = len(table.columns) - len(known[:_MOST_COLUMNS])
        if table.table and rest > 0:
            click.echo(f"  and {rest} columns that are not mapped")
    for note in belief.notes:
        click.echo(f"codon12: {shown(note, 300)}", err=True)


def _next(belief: Any, written: Any, config: Path | None, *, told: Collection[str], ready: bool) -> None:
    from codon12.figures.lettering import shown

    open_ = [q for q in belief.questions if q.default is None and q.key not in told]
    for question in open_:
        click.echo(f"codon12: open: {shown(question.about, 100)}: {shown(question.text, 300)}", err=True)
    said = {
        "new": "written",
        "same": "is as it was",
        "renewed": "written anew; nobody had changed it",
        "beside": "written beside your own file, which stays as it is",
    }[written.state]
    click.echo(f"codon12: {written.path} {said}", err=True)
    option = f" --config {shlex.quote(str(written.path))}" if config is not None or written.state == "beside" else ""
    folder = shlex.quote(str(belief.folder))
    if ready:
        click.echo(
            f"codon12: next: codon12 validate {folder}{option}, then codon12 report {folder}{option}",
            err=True,
        )
    else:
        click.echo(
            "codon12: no table of patients was recognised; name one in that file: docs/configuration.md", err=True
        )
