"""Design commands for calendar time and pending patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, outputs, show_answer
from codon12.errors import UsageError

__all__ = ["calendar", "pending"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rate", type=float, required=True, help="True response rate.")
@click.option("--accrual", type=float, required=True, help="Patients per unit of time, of each site.")
@click.option("--lag", type=float, required=True, help="Time from enrolment until the outcome is known.")
@click.option("--ramp", type=float, default=0.0, show_default=True, help="Time over which accrual rises from 0.")
@click.option("--openings", type=Numbers(), default=(), help="When each site opens: 0,0,2,5.")
@click.option("--pause", is_flag=True, help="Enrolment pauses until each look is decided.")
@click.option("--dropout", type=float, default=0.0, show_default=True, help="Share of patients never evaluable.")
@outputs
def calendar(*, file: Path, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Put a saved single-arm design into calendar time.

    \b
    codon12 design predictive -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --save design.json
    codon12 design calendar design.json --rate 0.23 --accrual 16 --lag 1.6
    """
    from codon12.design.protocol.record import replay, to_plain
    from codon12.design.single_arm.boundaries import Boundaries

    record, _ = replay(file)
    found = getattr(record.answer, "boundaries", None)
    if not isinstance(found, Boundaries):
        raise UsageError(f"{file}: a {record.kind} design has no looks by number of patients")
    show_answer("calendar", {"boundaries": to_plain(found), **arguments}, as_json=as_json, save=save)


@click.command()
@click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
@click.option("--least", type=int, required=True, help="Responses that are a success.")
@click.option("--evaluated", type=int, required=True, help="Patients whose outcome is known.")
@click.option("--responses", type=int, required=True, help="Responses among them.")
@click.option(
    "--pending", type=Numbers(), default=(), help="For each pending patient, the share of responses shown by now."
)
@click.option("--prior", default="beta(1,1)", show_default=True, help="Prior of the response rate; also a,b alone.")
@outputs
def pending(*, prior: str, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Predictive probability of success while some patients are pending.

    \b
    codon12 design pending -n 105 --least 28 --evaluated 50 --responses 12 --pending 0.5,0.9,0.2
    """
    from codon12.design.probability.prior import Prior

    held = Prior.read(prior if "(" in prior else f"beta({prior})")
    if len(held.components) != 1:
        raise UsageError("--prior takes one beta distribution here: beta(1,1)")
    _, a, b = held.components[0]
    show_answer("pending", {**arguments, "a": a, "b": b}, as_json=as_json, save=save)
