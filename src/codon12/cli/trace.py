"""``codon12 trace``: the subjects and source rows behind one number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

__all__ = ["command"]


@click.command(name="trace", epilog="Example:  codon12 trace examples/codebreak100 orr.central.all")
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("number", metavar="ID")
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option("--mask-ids", is_flag=True, help="Replace subject identifiers by the pseudonyms of a masked report.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def command(study: Path, number: str, *, config: Path | None, mask_ids: bool, as_json: bool) -> int:
    """List the subjects and the source rows behind the number ID of a STUDY.

    The ids stand in evidence.json, and in the report behind a click on any number. Rows are named by file and data
    row (the first row below the heading is 1).

    Exit codes: 0 found; 1 errors in the data, from which no number is given; 2 no such number (the nearest ids are
    named), wrong use or unreadable input.
    """
    from codon12.analyses import assemble
    from codon12.records import Study
    from codon12.records.files.no_folder import must_be_folder
    from codon12.report import mask_subjects

    must_be_folder(study)
    evidence = assemble(Study.open(study, config=config))
    errors = evidence.frames["findings"].filter(SEVERITY="error").height
    if errors:
        words = f"{errors:,} errors in the data leave" if errors != 1 else "1 error in the data leaves"
        click.echo(f"codon12: {words} no right answer; `codon12 validate` lists them", err=True)
        return 1
    if mask_ids:
        evidence = mask_subjects(evidence)
    found = evidence.trace(number)
    if as_json:
        body = {"number": found.number, "subjects": list(found.subjects), "rows": found.rows.to_dicts()}
        if found.records is not None:
            body["records"] = found.records.to_dicts()
        click.echo(json.dumps(body, ensure_ascii=False, default=str, indent=1))
        return 0
    _print(found, evidence.policies["rounding"])
    return 0


def _print(found: Any, rounding: Any) -> None:
    from codon12.figures.lettering import shown
    from codon12.tables import cell_text, unit_text

    r = found.number
    click.echo(f"{r['id']}")
    level = "" if r["level"] == "all" or r["level"] in r["label"] else r["level"]
    label = ", ".join(x for x in (r["section"], r["label"], level) if x)
    click.echo(f"  {shown(label, 400)}: {cell_text(r, rounding)} {unit_text(r)}".rstrip())
    for word in ("population", "method", "frame", "where", "having"):
        if r.get(word):
            click.echo(f"  {word}: {shown(r[word], 1000)}")
    click.echo(f"Subjects ({len(found.subjects):,}):")
    for subject in found.subjects:
        click.echo(f"  {shown(subject, 80)}")
    rows = found.rows
    if "SRCROW" not in rows.columns:
        return
    known = rows.filter(rows["SRCROW"].is_not_null())
    click.echo(f"Source rows ({known.height:,}):")
    for row in known.iter_rows(named=True):
        file = row.get("FILE") or row.get("SRCDOM") or ""
        click.echo(f"  {shown(file, 200)}, row {row['SRCROW']}: {shown(row.get('USUBJID'), 80)}")
    if found.records is not None:
        click.echo(f"Rows behind the biomarkers ({found.records.height:,}):")
        for row in found.records.iter_rows(named=True):
            file = row.get("FILE") or row.get("SRCDOM") or ""
            who = shown(row.get("USUBJID"), 80)
            click.echo(f"  {shown(file, 200)}, row {row['SRCROW']}: {who} ({shown(row['NAME'], 80)})")
