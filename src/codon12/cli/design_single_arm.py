"""Design commands for one arm and a binary endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import (
    Numbers,
    WholeNumbers,
    outputs,
    show,
    success_options,
    success_rule,
)
from codon12.errors import UsageError

__all__ = ["predictive"]


@click.command()
@click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
@click.option("--looks", type=WholeNumbers(), help="Looks: 25,35,45 or 25:95:10.")
@click.option(
    "--continuous", type=int, metavar="START", help="Look after START patients and after each further one."
)
@success_options
@click.option(
    "--futility", type=float, default=0.05, show_default=True, help="Stop if PP is below this (0: never)."
)
@click.option("--efficacy", type=float, help="Stop as a success if PP is above this.")
@click.option("--prior", default="beta(1,1)", show_default=True, help="Also 0.8*beta(3,7) + 0.2*beta(1,1).")
@click.option("--rates", type=Numbers(), default=(), help="True response rates to judge the design at.")
@click.option("--table", is_flag=True, help="Print the decision at every number of responses.")
@outputs
def predictive(
    *,
    n: int,
    looks: tuple[int, ...] | None,
    continuous: int | None,
    futility: float,
    efficacy: float | None,
    prior: str,
    rates: tuple[float, ...],
    table: bool,
    as_json: bool,
    save: Path | None,
    **success: Any,
) -> None:
    r"""Monitor a trial by the predictive probability of success.

    \b
    codon12 design predictive -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --rates 0.23,0.38
    codon12 design predictive -n 40 --continuous 10 --p0 0.2 --interval wilson --efficacy 0.99
    """
    from codon12.design.boundaries import interim_looks
    from codon12.design.record import answer

    if (looks is None) == (continuous is None):
        raise UsageError("say when to look: --looks 25:95:10, or --continuous 10")
    rule = success_rule(**success)
    if continuous is not None:
        looks = interim_looks(n, start=continuous)
    arguments = {"n": n, "looks": looks, "success": rule, "efficacy": efficacy, "prior": prior}
    arguments["futility"] = futility if futility != 0 else None
    record = answer("predictive", arguments, rates=rates)
    plan: Any = record.answer
    tables = [("Boundaries", plan.columns())]
    if rates:
        tables.append(("Operating characteristics", plan.operating_characteristics(rates).columns()))
    if table:
        tables.append(("Decisions", plan.decisions()))
    show(record, as_json=as_json, save=save, tables=tables)
