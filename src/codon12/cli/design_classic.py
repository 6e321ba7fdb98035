"""Design commands for the classical phase 2 designs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, WholeNumbers, outputs, show_answer

__all__ = ["ahern", "curtailed", "fleming", "gehan"]

_RATES = click.option("--rates", type=Numbers(), default=(), help="True response rates to judge the design at.")


@click.command()
@click.argument("p0", type=float)
@click.argument("p1", type=float)
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Largest one-sided type I error.")
@click.option("--power", type=float, default=0.8, show_default=True, help="Smallest power.")
@click.option("--max-n", type=int, default=200_000, show_default=True, help="Give up beyond this size.")
@outputs
def ahern(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Size A'Hern's exact single-stage design for P0 against P1.

    \b
    codon12 design ahern 0.05 0.25 --power 0.9
    """
    show_answer("ahern", arguments, as_json=as_json, save=save)


@click.command()
@click.argument("p0", type=float)
@click.argument("p1", type=float)
@click.option("--stages", type=WholeNumbers(), required=True, help="Patients in each stage: 15,15,10.")
@click.option("--alpha", type=float, default=0.05, show_default=True, help="One-sided type I error aimed at.")
@_RATES
@outputs
def fleming(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Build Fleming's multiple-stage design for P0 against P1.

    \b
    codon12 design fleming 0.05 0.2 --stages 15,15,10
    """
    show_answer("fleming", arguments, as_json=as_json, save=save)


@click.command()
@click.argument("p1", type=float)
@click.option("--beta", type=float, default=0.05, show_default=True, help="Probability of missing P1 in stage one.")
@click.option("--standard-error", type=float, default=0.1, show_default=True, help="Standard error at the end.")
@outputs
def gehan(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Build Gehan's two-stage design for a rate of interest P1.

    \b
    codon12 design gehan 0.2 --standard-error 0.05
    """
    show_answer("gehan", arguments, as_json=as_json, save=save)


@click.command()
@click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
@click.option("--least", type=int, required=True, help="Responses that are a success.")
@click.option("--p0", type=float, required=True, help="Response rate of no interest.")
@click.option("--p1", type=float, required=True, help="Response rate of interest.")
@click.option("--looks", type=WholeNumbers(), default=(), help="Looks of the design to curtail: 10.")
@click.option("--stop", "stop_at_most", type=WholeNumbers(), default=(), help="Its futility boundaries: 0.")
@click.option("--below", type=float, help="Also stop if conditional power at --rate is below this.")
@click.option("--rate", type=float, help="Rate of the conditional power (p1 by default).")
@_RATES
@outputs
def curtailed(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Stop a single- or two-stage design as soon as its outcome is certain, or nearly so.

    \b
    codon12 design curtailed -n 29 --least 4 --looks 10 --stop 0 --p0 0.05 --p1 0.2
    codon12 design curtailed -n 29 --least 4 --p0 0.05 --p1 0.2 --below 0.1
    """
    show_answer("curtailed", arguments, as_json=as_json, save=save)
