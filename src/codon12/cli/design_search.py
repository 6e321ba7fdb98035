"""The design command that searches sizes, looks and thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import WholeNumbers, outputs, show

__all__ = ["search"]


@click.command()
@click.argument("p0", type=float)
@click.argument("p1", type=float)
@click.option("-n", "n", type=WholeNumbers(), required=True, help="Planned sizes to try: 20:45 or 30,40,50.")
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Largest type I error.")
@click.option("--power", type=float, default=0.9, show_default=True, help="Smallest power.")
@click.option("--start", type=WholeNumbers(), default="10", show_default=True, help="First looks to try.")
@click.option("--every", type=WholeNumbers(), default="1", show_default=True, help="Distances of looks to try.")
@click.option("--prior", default="beta(1,1)", show_default=True, help="Prior of the response rate.")
@click.option(
    "--objective",
    type=click.Choice(["expected", "n"]),
    default="expected",
    show_default=True,
    help="Smallest what.",
)
@click.option("--each", is_flag=True, help="Keep every design that is good enough.")
@outputs
def search(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Search predictive probability designs exactly, with the thresholds that give each.

    \b
    codon12 design search 0.2 0.4 -n 20:45 --alpha 0.1 --power 0.9
    codon12 design search 0.2 0.4 -n 30:50 --start 10,15 --every 1,5 --objective n
    """
    from codon12.design.protocol.record import answer

    record = answer("search", arguments)
    found: Any = record.answer
    tables = [("Smallest in size or expected size", found.columns())]
    if arguments["each"]:
        tables.append(("All designs", found.columns(front=False)))
    show(record, as_json=as_json, save=save, tables=tables)
