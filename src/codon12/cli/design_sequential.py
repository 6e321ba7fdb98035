"""Design commands for group sequential tests and time-to-event endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, outputs, refuse_idle, show_answer

__all__ = ["group_sequential", "interim", "survival", "timing"]

_ALPHA = click.option("--alpha", type=float, default=0.025, show_default=True, help="One-sided type I error.")
_POWER = click.option("--power", type=float, default=0.9, show_default=True, help="Power.")
_RATIO = click.option("--ratio", type=float, default=1.0, show_default=True, help="Experimental patients per control.")
_INFLATION = click.option(
    "--inflation", type=float, default=1.0, show_default=True, help="Inflation factor of the group sequential design."
)


@click.command("group-sequential")
@click.option("--fractions", type=Numbers(), required=True, help="Information fractions, 0.5,0.75,1.")
@click.option(
    "--alpha", type=float, default=0.025, show_default=True, help="Type I error, of both sides with --sided 2."
)
@_POWER
@click.option("--sided", type=click.IntRange(1, 2), default=1, show_default=True, help="One- or two-sided test.")
@click.option(
    "--shape",
    type=click.Choice(["spending", "obrien-fleming", "pocock", "wang-tsiatis"]),
    default="spending",
    show_default=True,
    help="How the efficacy bounds are found.",
)
@click.option("--spending", default="obrien-fleming", show_default=True, help="Also pocock, hsd(-4), power(2).")
@click.option("--delta", type=float, default=0.25, show_default=True, help="Parameter of wang-tsiatis.")
@click.option("--futility", help="Spending function of the type II error: hsd(-2).")
@click.option("--futility-z", type=Numbers(), help="Futility bounds as z values at the interim analyses.")
@click.option("--binding", is_flag=True, help="The trial surely stops at the futility bounds.")
@outputs
def group_sequential(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Bounds, information and stopping probabilities of a group sequential test.

    \b
    codon12 design group-sequential --fractions 0.5,0.75,1 --spending "hsd(-4)" --futility "hsd(-2)"
    codon12 design group-sequential --fractions 0.2:1:0.2 --shape pocock --sided 2 --alpha 0.05
    """
    shape = arguments["shape"]
    bounds = arguments["futility"] is not None or arguments["futility_z"] is not None
    refuse_idle("spending", f"the shape {shape} spends as it does", idle=shape != "spending")
    refuse_idle("delta", "it is the parameter of --shape wang-tsiatis", idle=shape != "wang-tsiatis")
    refuse_idle("binding", "there is no futility bound; add --futility or --futility-z", idle=not bounds)
    show_answer("group-sequential", arguments, as_json=as_json, save=save)


@click.command()
@click.argument("fraction", type=float)
@click.argument("z", type=float)
@click.option("--fractions", type=Numbers(), default="1", show_default=True, help="Later information fractions.")
@click.option("--upper", type=Numbers(), default="1.959963984540054", show_default=True, help="Their efficacy bounds.")
@click.option("--lower", type=Numbers(), help="Their futility bounds.")
@click.option("--drift", type=float, help="Planned z at full information.")
@outputs
def interim(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Conditional and predictive power after seeing Z at a FRACTION of the information.

    \b
    codon12 design interim 0.5 1.5 --drift 3.2415
    """
    show_answer("interim", arguments, as_json=as_json, save=save)


@click.command()
@click.argument("hazard_ratio", type=float)
@click.option("--median", "median_control", type=float, required=True, help="Median survival in control.")
@click.option("--accrual", type=float, required=True, help="Length of accrual.")
@click.option("--follow-up", type=float, required=True, help="Follow-up after accrual.")
@click.option("--dropout", type=float, default=0.0, show_default=True, help="Hazard of loss to follow-up.")
@_ALPHA
@_POWER
@_RATIO
@_INFLATION
@outputs
def survival(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Events and patients for a HAZARD_RATIO (Schoenfeld, Freedman, Lachin-Foulkes).

    \b
    codon12 design survival 0.6 --median 6 --accrual 12 --follow-up 12 --dropout 0.01
    """
    show_answer("survival", arguments, as_json=as_json, save=save)


@click.command()
@click.option("-n", "n", type=float, required=True, help="Planned patients.")
@click.argument("hazard_ratio", type=float)
@click.option("--median", "median_control", type=float, required=True, help="Median survival in control.")
@click.option("--accrual", type=float, required=True, help="Length of accrual.")
@click.option("--dropout", type=float, default=0.0, show_default=True, help="Hazard of loss to follow-up.")
@_RATIO
@click.option("--events", type=Numbers(), default=(), help="Events that trigger each analysis.")
@click.option("--times", type=Numbers(), default=(), help="Calendar times that trigger each analysis.")
@click.option("--enrolled", type=Numbers(), default=(), help="Patients enrolled that trigger each analysis.")
@click.option(
    "--rule", type=click.Choice(["latest", "earliest"]), default="latest", show_default=True, help="Of these."
)
@outputs
def timing(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """When analyses triggered by events, time or enrolment are expected.

    \b
    codon12 design timing 0.6 -n 210 --median 6 --accrual 12 --events 100,160 --times 12,18
    """
    show_answer("timing", arguments, as_json=as_json, save=save)
