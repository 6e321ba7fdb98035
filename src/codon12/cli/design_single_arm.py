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

__all__ = ["inference", "predictive", "simon"]


@click.command()
@click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
@click.option("--looks", type=WholeNumbers(), help="Looks: 25,35,45 or 25:95:10.")
@click.option("--continuous", type=int, metavar="START", help="Look after START patients and after each further one.")
@success_options
@click.option("--futility", type=float, default=0.05, show_default=True, help="Stop if PP is below this (0: never).")
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
    """Monitor a trial by the predictive probability of success.

    \b
    codon12 design predictive -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --rates 0.23,0.38
    codon12 design predictive -n 40 --continuous 10 --p0 0.2 --interval wilson --efficacy 0.99
    """
    from codon12.design.protocol.record import answer
    from codon12.design.single_arm.boundaries import interim_looks

    if (looks is None) == (continuous is None):
        raise UsageError("say when to look, in one way: --looks 25:95:10, or --continuous 10")
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
    extra = {"decisions": plan.decisions()} if table else None
    if extra:
        tables.append(("Decisions", extra["decisions"]))
    show(record, as_json=as_json, save=save, tables=tables, extra=extra)


@click.command()
@click.argument("p0", type=float)
@click.argument("p1", type=float)
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Largest type I error.")
@click.option("--power", type=float, default=0.8, show_default=True, help="Smallest power.")
@click.option(
    "--kind",
    type=click.Choice(["optimal", "minimax", "admissible"]),
    default="admissible",
    show_default=True,
    help="Which designs to give.",
)
@click.option("--max-n", type=int, default=500, show_default=True, help="Give up beyond this size.")
@click.option("--rates", type=Numbers(), default=(), help="True response rates to judge the design at.")
@outputs
def simon(*, kind: str, rates: tuple[float, ...], as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Simon's two-stage designs: optimal, minimax, or all admissible ones between.

    \b
    codon12 design simon 0.1 0.3 --power 0.9
    codon12 design simon 0.1 0.3 --kind minimax --rates 0.05:0.4:0.05
    """
    from codon12.design.protocol.record import answer

    if kind == "admissible":
        if rates:
            raise UsageError("--rates judges one design: choose --kind optimal or minimax")
        record = answer("simon-admissible", arguments)
    else:
        record = answer("simon", {**arguments, "kind": kind}, rates=rates)
    found: Any = record.answer
    shown = {k: v for k, v in found.columns().items() if k not in {"p0", "p1"}}
    tables = [("Designs", shown)]
    if rates:
        tables.append(("Operating characteristics", found.operating_characteristics(rates).columns()))
    show(record, as_json=as_json, save=save, tables=tables)


@click.command()
@click.option("--looks", type=WholeNumbers(), required=True, help="Evaluable patients at the looks: 10 or 25:95:10.")
@click.option("--stop", "stop_at_most", type=WholeNumbers(), required=True, help="Stop at or below, for each look.")
@click.option("--planned", "planned_n", type=int, required=True, help="Planned evaluable patients.")
@click.option("-n", "n", type=int, required=True, help="Evaluable patients when the trial ended.")
@click.option("-x", "responses", type=int, required=True, help="Responses among them.")
@click.option("--p0", type=float, help="Null rate for the P value.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Two-sided confidence level.")
@outputs
def inference(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Estimate, P value and interval after a trial with futility looks.

    \b
    codon12 design inference --looks 10 --stop 1 --planned 29 -n 29 -x 6 --p0 0.1
    """
    from codon12.design.protocol.record import answer

    show(answer("inference", arguments), as_json=as_json, save=save)
