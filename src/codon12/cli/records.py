"""``codon12 records``: the records of a study as files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["records"]


@click.group(cls=LazyGroup, places={})
def records() -> None:
    """Write the records of a study in another shape; the study stays the same.

    Exit codes: 0 written; 2 wrong use or unreadable input.
    """


@records.command(epilog="Example:  codon12 records partition study --by 100000 --out study-parts")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--by", required=True, type=click.IntRange(min=1), help="Patients a block.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option("--plan", is_flag=True, help="Say what it takes in rows, parts, memory and time, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written, or the plan, as JSON.")
def partition(study: Path, *, by: int, out: Path | None, config: Path | None, plan: bool, as_json: bool) -> int:
    """Write the tables of a STUDY as Parquet, some patients a file, in a folder that opens as the same study.

    Findings and numbers name the file and row of the original. A table's rows lie in OUT/_parts/TABLE-n/, where any
    program reads them; the file of the table's own name says what the original was. A folder that is there is replaced
    only if this command wrote it, and only when all is written. CSV and other text, Parquet and the data sets of SAS,
    SPSS and Stata are read some rows at a time; a workbook is held as a whole. --plan says what it takes, from the
    heads of the files, and refuses what cannot fit.

    Exit codes: 0 written; 2 wrong use or unreadable input.
    """
    import msgspec

    if plan:
        from codon12.cli.records_plan import print_partition_plan

        return print_partition_plan(study, by=by, config=config, as_json=as_json)
    if out is None:
        raise click.UsageError("Missing option '--out': the folder to write.")
    from codon12.cli.report import progress
    from codon12.records.opening.partition import partition_records

    with progress() as say:
        made = partition_records(study, out, by=by, config=config, progress=say)
    if as_json:
        click.echo(json.dumps({"folder": str(out), **msgspec.to_builtins(made)}, ensure_ascii=False))
        return 0
    rows = sum(made.tables.values())
    click.echo(
        f"{out}: {made.subjects:,} patients in {made.blocks:,} blocks, {rows:,} rows of {len(made.tables)} tables"
    )
    if made.rest:
        told = ", ".join(f"{table} {n:,}" for table, n in made.rest.items())
        click.echo(f"codon12: rows of no patient, each table's in a part of their own: {told}", err=True)
    return 0
