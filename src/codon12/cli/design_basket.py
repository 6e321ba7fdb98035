"""The design command for basket trials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, WholeNumbers, outputs, refuse_idle, show_answer
from codon12.errors import UsageError

__all__ = ["basket"]


def _one(values: tuple) -> Any:
    return values[0] if len(values) == 1 else values


@click.command()
@click.option("-n", "n", type=WholeNumbers(), required=True, help="Patients of each basket: 15 or 10,15,20.")
@click.option("--p0", type=Numbers(), required=True, help="Null rate of each basket: 0.2 or 0.1,0.2,0.2.")
@click.option("--baskets", type=int, help="Number of baskets, where one size and rate stand for all.")
@click.option(
    "--borrowing",
    type=click.Choice(["independent", "pooled", "fujikawa", "power-prior", "hierarchical", "exnex"]),
    default="independent",
    show_default=True,
    help="How baskets learn from one another.",
)
@click.option("--epsilon", type=float, help="Fujikawa: power of the similarity.")
@click.option("--tau", type=float, help="Fujikawa: similarities up to this count as none.")
@click.option("--log-base", type=float, help="Fujikawa: base of the logarithm.")
@click.option("--weight", "power", type=float, help="Power prior: weight of the other baskets.")
@click.option("--calibrated", is_flag=True, help="Power prior: weight by the difference of observed rates.")
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Family-wise error at the global null.")
@click.option("--threshold", type=float, help="Posterior threshold, instead of --alpha.")
@click.option("--rates", "scenarios", type=Numbers(), multiple=True, help="A scenario: true rates of all baskets.")
@click.option("--interim", type=WholeNumbers(), help="Patients of each basket at an interim look.")
@click.option("--futility", type=float, default=0.1, show_default=True, help="Stop a basket there below this.")
@click.option("--exact-up-to", type=int, default=20_000_000, show_default=True, help="Outcomes to enumerate at most.")
@click.option("--trials", type=int, default=100_000, show_default=True, help="Simulated trials beyond that.")
@click.option("--seed", type=int, default=12, show_default=True, help="Seed of the simulation.")
@outputs
def basket(
    *,
    n: tuple[int, ...],
    p0: tuple[float, ...],
    borrowing: str,
    interim: tuple[int, ...] | None,
    calibrated: bool,
    as_json: bool,
    save: Path | None,
    **options: Any,
) -> None:
    """Calibrate and judge a basket trial exactly.

    \b
    codon12 design basket -n 15 --p0 0.2 --baskets 5 --borrowing fujikawa --rates 0.2,0.2,0.2,0.5,0.5
    codon12 design basket -n 10,15,20 --p0 0.1,0.2,0.2 --interim 5,8,10 --rates 0.1,0.4,0.4
    """
    refuse_idle("alpha", "--threshold takes its place", idle=options["threshold"] is not None)
    refuse_idle("futility", "there is no look; add --interim", idle=interim is None)
    if calibrated and options["power"] is not None:
        raise UsageError("--weight would change nothing: --calibrated gives the weights")
    rule: dict[str, Any] = {"type": "hierarchical" if borrowing == "exnex" else borrowing}
    if borrowing == "exnex":
        rule["exchangeable"] = 0.5
    if calibrated:
        rule["calibrated"] = True
    for name in ("epsilon", "tau", "log_base", "power"):
        value = options.pop(name)
        if value is not None:
            rule[name] = value
    arguments = {
        **options,
        "n": _one(n),
        "p0": _one(p0),
        "borrowing": rule,
        "interim": None if interim is None else _one(interim),
    }
    show_answer("basket", arguments, as_json=as_json, save=save)
