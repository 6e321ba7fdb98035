"""``codon12 resistance STUDY``: definitions, patterns and pairs of a whole study, without the rest of the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from codon12.cli.workers_option import worker_options

__all__ = ["study"]


@click.command(
    name="study",
    hidden=True,
    epilog="Examples:  codon12 resistance examples/codebreak100;  codon12 resistance summit --drug neratinib --json",
)
@click.argument("study_folder", metavar="STUDY", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option(
    "--drug", help="Drug of the catalogue that mechanisms are looked up for; else [resistance] of the configuration."
)
@worker_options
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer, subjects included, as JSON.")
def study(
    study_folder: Path,
    *,
    config: Path | None,
    drug: str | None,
    workers: int | None,
    dask: str | None,
    as_json: bool,
) -> int:
    """Classify the subjects of a STUDY by every definition of resistance, describe their progressions, compare samples.

    Printed are counts alone; subjects stand in the output of --json. Where nothing is said otherwise ([resistance] of
    codon12.toml), progression is read from RS, else from the measured lesions, else from progression-free survival.

    Exit codes: 0 answered; 2 wrong use or unreadable input, or a study without records of progression and pairs.
    """
    from codon12.derive import derive
    from codon12.derive.resistance_pairs import study_pairs
    from codon12.errors import DataError
    from codon12.parallel import workers as executor_of
    from codon12.records import Study
    from codon12.records.files.no_folder import must_be_folder

    must_be_folder(study_folder)
    opened = Study.open(study_folder, config=config)
    with executor_of(workers, dask=dask) as executor:
        derived = derive(opened, executor=executor)
    made, pairs = derived.context.resistance, derived.context.pairs
    if drug is not None:
        pairs = study_pairs(opened, derived.frames["adsl"], drug=drug, profiles=derived.context.profiles)
    if made is None and pairs is None:
        raise DataError(
            f"{study_folder.name}: no record tells of a progression (RS, TR, ADRS, progression-free survival), "
            "and no samples are paired; say in codon12.toml, [resistance], where they stand"
        )
    if as_json:
        click.echo(json.dumps(_body(made, pairs), ensure_ascii=False, indent=1, default=str))
        return 0
    if made is not None:
        _definitions(made)
        _patterns(made)
        _findings(made.findings)
    if pairs is not None:
        _pairs(pairs)
        _findings(pairs.findings, "of paired samples")
    return 0


def _findings(frame: Any, what: str = "") -> None:
    """How often each rule spoke; the sentences stand in the output of --json."""
    counts = frame.group_by("RULE").len("n").sort(["n", "RULE"], descending=[True, False]).iter_rows()
    found = ", ".join(f"{rule} {n}" for rule, n in counts)
    if found:
        click.echo(f"codon12: findings{f' {what}' if what else ''}: {found}", err=True)


def _body(made: Any, pairs: Any) -> dict[str, Any]:
    from codon12.resistance import definition_overlap
    from codon12.resistance.overlap import definition_counts

    out: dict[str, Any] = {}
    if made is not None:
        out |= {
            "definitions": {d.id: str(d) for d in made.definitions.definitions},
            "oligoprogression": {d.id: str(d) for d in made.definitions.oligo},
            "files": [*made.definitions.files, *made.organs.files],
            "policy": made.policy.sentences(),
            "read_from": made.records.note,
            "counts": definition_counts(made.classified).to_dicts(),
            "overlap": definition_overlap(made.classified).to_dicts(),
            "subjects": made.classified.to_dicts(),
            "patterns": [] if made.patterns is None else made.patterns.to_dicts(),
            "lesions": [] if made.contributing is None else made.contributing.to_dicts(),
            "next": [] if made.nexts is None else made.nexts.to_dicts(),
            "findings": made.findings.to_dicts(),
        }
    if pairs is not None:
        compared = pairs.comparison
        frames = ("pairs", "alterations", "mechanisms", "flags", "notes", "not_testable")
        out["pairs"] = {
            "catalogue": list(compared.catalogue.files),
            **{f: getattr(compared, f).to_dicts() for f in frames},
            "specimens_disagree": pairs.disagreements.to_dicts(),
            "findings": pairs.findings.to_dicts(),
        }
    return out


def _definitions(made: Any) -> None:
    from codon12.resistance import definition_overlap
    from codon12.resistance.overlap import definition_counts

    click.echo(f"Definitions of resistance. {made.records.note}")
    for row in definition_counts(made.classified).iter_rows(named=True):
        who = f" ({row['EVAL'].lower()})" if row.get("EVAL") else ""
        but = f", {row['ALL_BUT_CONFIRMATION']} in all but confirmation" if row["ALL_BUT_CONFIRMATION"] else ""
        click.echo(
            f"  {row['DEFINITION']}{who}: meets {row['MEETS']} of {row['N']}{but}; not evaluable {row['NOT_EVALUABLE']}"
        )
    click.echo("Subjects that meet two definitions (in all but confirmation where that is open):")
    for row in definition_overlap(made.classified).iter_rows(named=True):
        who = f" ({row['EVAL'].lower()})" if row.get("EVAL") else ""
        if row["BOTH"]:
            click.echo(f"  {row['DEFINITION']} and {row['OTHER']}{who}: {row['BOTH']} (either {row['EITHER']})")


def _patterns(made: Any) -> None:
    import polars as pl

    from codon12.resistance.patterns import oligo_column

    patterns = made.patterns
    if patterns is None or not patterns.height:
        click.echo("Patterns: neither lesions nor sites of progression are recorded.")
        return
    readers = patterns["EVAL"].unique().sort().to_list() if "EVAL" in patterns.columns else [None]
    for reader in readers:
        part = patterns if reader is None else patterns.filter(pl.col("EVAL") == reader)
        click.echo(f"First progressions{f' ({reader.lower()})' if reader else ''}: {part.height}")
        columns = [
            ("Components", "COMPONENT"),
            ("Pattern", "PATTERN"),
            ("Lesions", "LESIONS"),
            ("Nodes only", "NODES_ONLY"),
        ]
        columns += [(d.title.capitalize(), oligo_column(d)) for d in made.definitions.oligo]
        for title, column in columns:
            counts = part.group_by(column).len().sort(column, nulls_last=True).iter_rows()
            click.echo(f"  {title}: " + ", ".join(f"{name or 'not known'} {n}" for name, n in counts))
    if made.nexts is not None and made.nexts.height:
        counts = made.nexts["NEXT"].value_counts(sort=True).iter_rows()
        click.echo("Next therapy (over evaluators): " + ", ".join(f"{name} {n}" for name, n in counts))


def _pairs(pairs: Any) -> None:
    made = pairs.comparison
    click.echo(f"Paired samples: {made.pairs.height} (catalogue {made.catalogue.version})")
    counts = made.pairs.group_by("DRUG", "RESULT").len().sort("DRUG", "RESULT").iter_rows()
    for drug, result, n in counts:
        click.echo(f"  {drug}: {result} {n}")
    for mechanism, possible, n in (
        made.mechanisms.group_by("MECHANISM", "POSSIBLE").len().sort("POSSIBLE", "MECHANISM").iter_rows()
    ):
        click.echo(f"  {mechanism}{' (possible)' if possible else ''}: {n}")
    if pairs.disagreements.height:
        click.echo(f"  {pairs.disagreements.height} alteration(s) lost in one specimen are seen in the other")
