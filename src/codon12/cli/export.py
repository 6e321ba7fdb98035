"""``codon12 export``: a study in the forms others require."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

__all__ = ["command"]

_FORMATS = ("xpt", "xptv8", "dataset-json", "ndjson", "parquet", "csv")


@click.command(name="export", epilog="Example:  codon12 export examples/codebreak100 --format xpt --out out/submission")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write.  [default: ./STUDY-export]")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="xpt", show_default=True, help="Format of the data sets."
)
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option(
    "--names", type=click.Path(path_type=Path), help="Agreed names and labels: CSV with TABLE, VARIABLE, NAME, [LABEL]."
)
@click.option("--sdtm-only", is_flag=True, help="Write the records as read and derive nothing.")
@click.option("--tlf", is_flag=True, help="Write every table as RTF and Word too, in OUT/tlf with contents.")
@click.option(
    "--created",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help="Date written into headers, for the same bytes on every run.  [default: now]",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    study: Path,
    out: Path | None,
    *,
    form: str,
    config: Path | None,
    names: Path | None,
    sdtm_only: bool,
    tlf: bool,
    created: dt.datetime | None,
    as_json: bool,
) -> int:
    """Write the data sets of a STUDY folder for other programs: SDTM as read, ADaM as derived.

    OUT/sdtm and OUT/adam hold the data sets, a Define-XML 2.1 (define.xml) and a codon12.toml with which codon12 reads
    the same numbers again; OUT/ars.json holds the plan and every number (CDISC Analysis Results Standard). What a
    format has no room for is in OUT/findings.csv, shortened names in OUT/names.csv: edit it and give it as --names.

    Exit codes: 0 written; 1 errors in the data, from which nothing is derived; 2 wrong use or unreadable input.
    """
    from codon12.analyses import assemble
    from codon12.cli.report import progress
    from codon12.records import Study
    from codon12.standards import Agreed, agreed_names, export_study

    agreed = Agreed() if names is None else agreed_names(names)
    when = created or dt.datetime.now(tz=dt.UTC).replace(tzinfo=None, microsecond=0)
    target = out or Path(f"{study.resolve().name}-export")
    with progress() as say:
        opened = Study.open(study, config=config, progress=say)
        evidence = None
        if not sdtm_only:
            errors = opened.errors().height
            if not errors:
                evidence = assemble(opened, progress=say)
                errors = evidence.frames["findings"].filter(SEVERITY="error").height
            if errors:
                words = f"{errors:,} error{'s' if errors != 1 else ''} in the data"
                click.echo(f"codon12: {words}; `codon12 validate` lists them.", err=True)
                click.echo("codon12: nothing was written; --sdtm-only writes the records as read", err=True)
                return 1
        done = export_study(
            opened, evidence, target, format=form, agreed=agreed, created=when, tlf=tlf, progress=say  # type: ignore[arg-type]
        )  # fmt: skip
    counts = dict(done.findings.group_by("SEVERITY").len().sort("SEVERITY").iter_rows())
    if as_json:
        sets = [{"standard": s, "name": n, "records": r} for s, n, r in done.datasets]
        click.echo(json.dumps({"folder": str(target), "datasets": sets, "findings": counts}, ensure_ascii=False))
        return 0
    for standard, name, records in done.datasets:
        click.echo(f"{standard.lower()}/{name.lower()}  {records:,} records")
    click.echo(str(target))
    if counts:
        words = ", ".join(f"{n:,} {s}{'s' if n != 1 else ''}" for s, n in counts.items())
        click.echo(f"codon12: {words} on the way, see findings.csv", err=True)
    return 0
