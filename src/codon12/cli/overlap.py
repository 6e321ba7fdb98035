"""``codon12 overlap``: the patients that studies share, before they are pooled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

__all__ = ["command", "write_rows"]


@click.command(
    name="overlap", epilog="Example:  codon12 overlap rizvi_2018 samstein_2018 msk_mind_2022 --out shared.csv"
)
@click.argument("studies", metavar="STUDY STUDY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--fingerprint",
    metavar="LIST",
    default="SEX,VARIANTS",
    show_default=True,
    help="Columns of the subjects that tell a patient without the id; AGE:1 may differ by 1. VARIANTS is the set of "
    "mutations, where a patient has three or more. 'none': by id alone.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the pairs, with the ids of both, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and pairs, with ids, as JSON.")
def command(studies: tuple[Path, ...], fingerprint: str, out: Path | None, *, as_json: bool) -> int:
    """Find the patients that two or more STUDY folders share: by id, and by a fingerprint where the id differs.

    Printed are counts alone; the ids of the pairs stand in the file of --out and in the output of --json, and nowhere
    else. A fingerprint is a suspicion: a study beside itself shows how often it meets by chance.

    Exit codes: 0 no patient is shared; 1 some are (or may be) shared; 2 wrong use or unreadable input.
    """
    from codon12.biomarker import shared_patients
    from codon12.records import Study
    from codon12.records.files.no_folder import must_be_folder

    if len(studies) < 2:
        raise click.UsageError("give two or more study folders")
    for folder in studies:
        must_be_folder(folder)
    names = _names(studies)
    opened = {name: Study.open(folder) for name, folder in zip(names, studies, strict=True)}
    found = shared_patients(opened, fingerprint=_parts(fingerprint))
    across = found.duplicates.filter(found.duplicates["COHORT_1"] != found.duplicates["COHORT_2"])
    if out is not None:
        write_rows(across, out)
    if as_json:
        body = {
            "entries": found.entries,
            "distinct": found.distinct,
            "distinct_at_least": found.distinct_at_least,
            "pairs": found.pairs.to_dicts(),
            "combinations": found.combinations.to_dicts(),
            "shared": across.to_dicts(),
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=1, default=str))
    else:
        _print(found)
    return int(across.height > 0)


def _names(studies: tuple[Path, ...]) -> list[str]:
    """Folder names; the whole path where two folders have one name."""
    short = [folder.resolve().name for folder in studies]
    names = [s if short.count(s) == 1 else str(f) for s, f in zip(short, studies, strict=True)]
    if len(set(names)) != len(names):
        raise click.UsageError("the same study folder is given twice")
    return names


def _parts(text: str) -> list[str | tuple[str, float]]:
    if text.strip().lower() == "none":
        return []
    out: list[str | tuple[str, float]] = []
    for item in (t.strip() for t in text.split(",") if t.strip()):
        name, colon, within = item.partition(":")
        try:
            out.append((name.upper(), float(within)) if colon else name.upper())
        except ValueError:
            raise click.BadParameter(f"{item!r}: write COLUMN or COLUMN:NUMBER", param_hint="--fingerprint") from None
    return out


def write_rows(pairs: Any, path: Path) -> None:
    """CSV with every text inert in a spreadsheet."""
    import polars as pl

    from codon12.tables import inert

    texts = [
        pl.col(c).map_elements(inert, return_dtype=pl.String, skip_nulls=True)
        for c, kind in pairs.schema.items()
        if kind == pl.String
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pairs.with_columns(texts).write_csv(), encoding="utf-8", newline="\n")


def _print(found: Any) -> None:
    from codon12.figures.lettering import shown

    head = ("Study", "Study", "Subjects", "Subjects", "Shared by id", "By fingerprint", "Id same, fingerprint not")
    columns = ("COHORT_1", "COHORT_2", "SUBJECTS_1", "SUBJECTS_2", "BY_ID", "BY_FINGERPRINT", "CLASHES")
    rows = [tuple(shown(str(r[c]), 60) for c in columns) for r in found.pairs.to_dicts()]
    widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
    for line in (head, *rows):
        cells = [t.ljust(w) if i < 2 else t.rjust(w) for i, (t, w) in enumerate(zip(line, widths, strict=True))]
        click.echo("  ".join(cells).rstrip())
    click.echo("")
    for names, n in found.combinations.iter_rows():
        click.echo(f"{shown(names, 200)}: {n:,}")
    click.echo(found.sentence())
