"""``codon12 match import`` and ``export``: other formats."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from codon12.cli.match_options import Day, knowledge_of, trial_given, write_whole

__all__ = ["export", "import_"]


@click.command(
    name="import",
    epilog="Examples:  codon12 match import civic civic_2021/ --out my_kb/\n\n"
    "codon12 match import ctml trials/ --out my_trials/",
)
@click.argument("form", metavar="civic|ctml", type=click.Choice(["civic", "ctml"]))
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write the TOML and the list of what was left out to."
)
@click.option("--read", type=Day(), default=None, help="Date of the CIViC release, where the file's name bears none.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def import_(form: str, path: Path, out: Path | None, read: date | None, *, as_json: bool) -> None:
    """Import CIViC TSVs as evidence statements, or CTML trials as eligibility.

    Nothing is turned round, voted on or matched silently: what cannot be asked is listed. In CTML an unknown key is an
    error; a known key without data in a profile stays undetermined.
    """
    import msgspec

    from codon12.cli.overlap import write_rows
    from codon12.match.exchange.toml_text import tables_text

    if form == "civic":
        from codon12.match.exchange.civic import import_civic

        found = import_civic(path, read=read)
        body = {
            "items": found.items, "represented": found.represented, "statements": len(found.statements),
            "left_out": found.left_out.height, "conflicts": found.conflicts.height,
        }  # fmt: skip
        if out is not None:
            write_whole(
                out / "civic.toml", tables_text("statement", [msgspec.to_builtins(s) for s in found.statements])
            )
            write_rows(found.left_out, out / "civic_left_out.csv")
            write_rows(found.conflicts, out / "civic_conflicts.csv")
        said = (
            f"{found.represented} of {found.items} predictive items as {len(found.statements)} statements; "
            f"{found.left_out.height} not represented, {found.conflicts.height} groups of opposing items"
        )
    else:
        from codon12.match.exchange.ctml import import_ctml

        read_ = import_ctml(path)
        became = dict(read_.leaves["BECAME"].value_counts().iter_rows())
        body = {
            "trials": len(read_.trials),
            "leaves": read_.leaves.height,
            "became": became,
            "findings": len(read_.findings),
        }
        if out is not None:
            write_whole(out / "trials.toml", tables_text("trial", [msgspec.to_builtins(t) for t in read_.trials]))
            write_rows(read_.leaves, out / "ctml_leaves.csv")
        said = f"{len(read_.trials)} match trees, {read_.leaves.height} leaves: " + ", ".join(
            f"{n} {w}" for w, n in sorted(became.items())
        )
        for f in read_.findings:
            click.echo(f"codon12: {f.severity}: {f.message}", err=True)
    click.echo(json.dumps(body, indent=1) if as_json else said)


@click.command(name="export", epilog="Example:  codon12 match export va-spec --out statements.json")
@click.argument("form", type=click.Choice(["json", "va-spec", "ctml", "fhir"]))
@click.argument("what", required=False)
@click.option(
    "--kb", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of further statements."
)
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: print]")
def export(form: str, what: str | None, kb: tuple[Path, ...], out: Path | None) -> None:
    """Export statements (json, va-spec), a TRIAL (ctml WHAT), or a PATIENT file (fhir WHAT).

    What a format cannot express is named on stderr and left out.
    """
    if form in ("ctml", "fhir") and what is None:
        raise click.UsageError(f"export {form} needs a {'trial' if form == 'ctml' else 'patient file'}")
    if form == "ctml":
        from codon12.match.exchange.out import ctml_of

        body, left_out = ctml_of(trial_given(what or ""))
        for text in left_out:
            click.echo(f"codon12: note: CTML cannot express {text}", err=True)
    elif form == "fhir":
        from codon12.match.exchange.fhir_out import bundle_of
        from codon12.match.exchange.patients import any_patient

        body = bundle_of(any_patient(Path(what or ""))[0])
    else:
        from codon12.match.exchange.out import json_of, va_spec_of

        held = knowledge_of(kb).statements
        body = json_of(held) if form == "json" else va_spec_of(held)
    text = json.dumps(body, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        write_whole(out, text + "\n")
        click.echo(f"{out} written")
