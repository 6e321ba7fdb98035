"""Design commands that write documents and figures and compute saved designs again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

__all__ = ["plot", "protocol", "replay", "sheet"]

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_OUTPUT = click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write .md or .docx instead of printing."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command()
@_FILE
@_JSON
def replay(*, file: Path, as_json: bool) -> int:
    """Compute a saved design again and compare; exit 1 if anything differs.

    \b
    codon12 design predictive -n 40 --continuous 10 --p0 0.2 --posterior 0.9 --save design.json
    codon12 design replay design.json
    """
    from codon12.design.protocol.record import replay as again

    record, differences = again(file)
    if as_json:
        click.echo(json.dumps({"same": not differences, "differences": differences, **record.to_dict()}, indent=2))
    elif differences:
        click.echo("\n".join(["Different:", *differences]))
    else:
        click.echo(f"The same, computed again: {record.kind} design, hash {record.hash[:16]}.\n{record.sentence}")
    return 1 if differences else 0


@click.command()
@_FILE
@_OUTPUT
@_JSON
def protocol(*, file: Path, output: Path | None, as_json: bool) -> int:
    """Write the statistical section of a protocol from a saved design.

    \b
    codon12 design protocol design.json -o section.docx
    """
    from codon12.design.protocol.documents import protocol_text

    record = _again(file)
    return _write(protocol_text(record), output, as_json=as_json)


@click.command()
@_FILE
@click.option("--at", metavar="X/N", help="Say the decision at one look: 12/55.")
@_OUTPUT
@_JSON
def sheet(*, file: Path, at: str | None, output: Path | None, as_json: bool) -> int:
    """Write the decision sheet of a monitoring committee from a saved design.

    \b
    codon12 design sheet design.json
    codon12 design sheet design.json --at 12/55
    """
    from codon12.design.protocol.documents import decision, dmc_sheet
    from codon12.errors import UsageError

    record = _again(file)
    if at is None:
        return _write(dmc_sheet(record), output, as_json=as_json)
    responses, _, n = at.partition("/")
    if not (responses.isdigit() and n.isdigit()):
        raise UsageError(f"--at takes responses/patients, for example 12/55; got {at!r}")
    found: Any = record.answer
    said = decision(found.boundaries, int(n), int(responses))
    click.echo(json.dumps({"decision": said, "hash": record.hash}, indent=2) if as_json else said)
    return 0


@click.command()
@_FILE
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to draw: .svg, .png, .pdf.",
)
@click.option(
    "--what", type=click.Choice(["boundary", "curves"]), default="boundary", show_default=True, help="Figure."
)
@_JSON
def plot(*, file: Path, output: Path, what: str, as_json: bool) -> int:
    """Draw the boundaries of a saved design, or its operating characteristics over all rates.

    \b
    codon12 design plot design.json -o boundary.svg
    codon12 design plot design.json --what curves -o curves.png
    """
    from codon12.design.protocol.drawn import boundary_figure, curves_figure
    from codon12.figures import save

    record = _again(file)
    save(boundary_figure(record) if what == "boundary" else curves_figure(record), output)
    drawn = {"file": str(output), "figure": what, "hash": record.hash}
    click.echo(json.dumps(drawn, indent=2) if as_json else str(output))
    return 0


def _again(file: Path) -> Any:
    """Compute a saved design again; a document is never written from numbers that do not hold."""
    from codon12.design.protocol.record import replay as again
    from codon12.errors import InputError

    record, differences = again(file)
    if differences:
        raise InputError(f"{file}: the saved answer does not hold any more: {differences[0]}; save it again")
    return record


def _write(document: Any, output: Path | None, *, as_json: bool) -> int:
    if output is not None:
        document.save(output)
        click.echo(str(output))
    elif as_json:
        click.echo(json.dumps({"title": document.title, "markdown": document.to_markdown()}, indent=2))
    else:
        click.echo(document.to_markdown(), nl=False)
    return 0
