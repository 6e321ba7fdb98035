"""``codon12 resistance pair``: two samples of one tumour, before and after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

__all__ = ["pair"]


@click.command(
    name="pair",
    epilog="Examples:  codon12 resistance pair before.json after.json --drug sotorasib --json;  codon12 resistance "
    'pair primary.maf relapse.maf --drug "arsenic trioxide" --assay exome --subject "(?P<subject>.+)[DR]$"',
)
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--drug", required=True, help="Drug, or class of drugs, of the catalogue.")
@click.option(
    "--assay", metavar="FILE|NAME", multiple=True,
    help="What the samples were read by: a description (JSON, TOML, or a gene panel file), or the name of an assay "
    "that both were read by. Given twice: of BEFORE, then of AFTER.",
)  # fmt: skip
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Mechanisms of your own (TOML), beside those that ship.",
)
@click.option("--build", help="Genome build of files that do not say theirs.")
@click.option("--sample-before", metavar="NAME", help="The sample of BEFORE, where it holds several.")
@click.option("--sample-after", metavar="NAME", help="The sample of AFTER, where it holds several.")
@click.option(
    "--subject",
    metavar="REGEX",
    help="Files of many patients: the part (?P<subject>...) of a sample's name that is the patient; a pair for each.",
)
@click.option(
    "--truncal", metavar="ALTERATION", help="Alteration that allele fractions are read against, as 'TP53 p.R273L'."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def pair(
    before: Path,
    after: Path,
    *,
    drug: str,
    assay: tuple[str, ...],
    catalogues: tuple[Path, ...],
    build: str | None,
    sample_before: str | None,
    sample_after: str | None,
    subject: str | None,
    truncal: str | None,
    as_json: bool,
) -> int:
    """Compare samples BEFORE and AFTER a drug: what is retained, acquired, lost, and what explains resistance.

    Files are JSON samples, MAF or other tables of mutations, or VCF. What a sample does not show was absent only where
    its assay could have shown it: name or describe the assay.

    Exit codes: 0 answered; 2 wrong use, unreadable input, or a drug that is not in the catalogue.
    """
    import msgspec

    from codon12.resistance import (
        PairPolicy,
        answer_pair,
        compare_pairs,
        pairs_of_files,
        read_assay_file,
        read_catalogue,
        read_samples,
    )

    if len(assay) > 2:
        raise click.UsageError("--assay is given once for both, or twice: of BEFORE and of AFTER")
    known = read_catalogue(*catalogues)
    name = known.drug(drug)
    policy = PairPolicy(truncal=truncal)
    given = [read_assay_file(a) for a in assay] or [None]
    earlier = read_samples(before, prefix="before", assay=given[0], build=build, sample=sample_before)
    later = read_samples(after, prefix="after", assay=given[-1], build=build, sample=sample_after)
    if subject is None:
        answer = msgspec.to_builtins(answer_pair(earlier, later, drug=name, catalogue=known, policy=policy))
        _show(answer, as_json=as_json)
        return 0
    made = compare_pairs(pairs_of_files(earlier, later, drug=name, subject=subject), catalogue=known, policy=policy)
    if as_json:
        click.echo(json.dumps(_of_many(made), ensure_ascii=False, indent=1, default=str))
    else:
        _show_many(made)
    return 0


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    from codon12.figures.lettering import shown

    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
        return
    click.echo(f"{answer['drug']}: {answer['result']}")
    for title, key in (("Mechanisms", "mechanisms"), ("Possible", "possible"), ("Flags", "flags"), ("Notes", "notes")):
        if answer[key]:
            click.echo(f"{title}:")
            for line in answer[key]:
                click.echo(f"  {shown(line, 200)}")
    click.echo("States:")
    for what, state in answer["states"].items():
        change = answer["changes"].get(what)
        click.echo(f"  {shown(what, 80)}: {state}{f', {change}' if change else ''}")
    if answer["not_testable_later"]:
        click.echo(f"The later sample could not show: {', '.join(answer['not_testable_later'])}.")
    for line in answer["comments"]:
        click.echo(f"  {shown(line, 300)}")
    for row in answer["evidence"]:
        click.echo(f"  {row['class']}: {row['trust']}, {row['evidence']}; {row['source']}")
    click.echo(f"Catalogue: {'; '.join(answer['catalogue'])}")
    for finding in answer["findings"]:
        click.echo(f"codon12: {finding['SEVERITY']}: {shown(finding['MESSAGE'], 300)}", err=True)


def _of_many(made: Any) -> dict[str, Any]:
    frames = ("pairs", "alterations", "mechanisms", "flags", "notes", "not_testable", "findings")
    return {"catalogue": list(made.catalogue.files), **{f: getattr(made, f).to_dicts() for f in frames}}


def _show_many(made: Any) -> None:
    from codon12.figures.lettering import shown

    told = made.mechanisms.group_by("PAIR", "POSSIBLE").agg("MECHANISM", "ALTERATION").to_dicts()
    for row in made.pairs.sort("PAIR").iter_rows(named=True):
        own = [
            f"{m}: {a}"
            for t in told
            if t["PAIR"] == row["PAIR"]
            for m, a in zip(t["MECHANISM"], t["ALTERATION"], strict=True)
        ]
        click.echo(f"{shown(row['PAIR'], 60)}: {row['RESULT']}{' (' + '; '.join(own) + ')' if own else ''}")
    counts = made.alterations["STATE"].value_counts(sort=True).iter_rows()
    click.echo(f"{made.pairs.height} pairs; alterations: " + ", ".join(f"{state} {n}" for state, n in counts))
    for finding in made.findings.iter_rows(named=True):
        click.echo(f"codon12: {finding['SEVERITY']}: {shown(finding['MESSAGE'], 300)}", err=True)
