"""Design commands that write documents and compute saved designs again."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["replay"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def replay(*, file: Path, as_json: bool) -> int:
    r"""Compute a saved design again and compare; exit 1 if anything differs.

    \b
    codon12 design predictive -n 40 --continuous 10 --p0 0.2 --posterior 0.9 --save design.json
    codon12 design replay design.json
    """
    from codon12.design.record import replay as again

    record, differences = again(file)
    if as_json:
        click.echo(json.dumps({"same": not differences, "differences": differences, **record.to_dict()}, indent=2))
    elif differences:
        click.echo("\n".join(["Different:", *differences]))
    else:
        click.echo(f"The same, computed again: {record.kind} design, hash {record.hash[:16]}.\n{record.sentence}")
    return 1 if differences else 0
