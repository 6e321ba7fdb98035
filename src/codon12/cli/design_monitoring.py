"""Design commands for Bayesian monitoring other than by predictive probability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, WholeNumbers, outputs, show_answer

__all__ = ["bop2", "bop2_pair", "thall_simon", "toxicity"]

_SIZE = click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
_LOOKS = click.option("--looks", type=WholeNumbers(), required=True, help="Looks: 10,20,30 or 10:30:10.")
_RATES = click.option("--rates", type=Numbers(), default=(), help="True rates to judge the design at.")


@click.command("thall-simon")
@_SIZE
@_LOOKS
@click.option("--standard", required=True, help="Prior of the standard rate: beta(20,80).")
@click.option("--experimental", default="beta(0.6,1.4)", show_default=True, help="Prior of the experimental rate.")
@click.option("--margin", type=float, default=0.0, show_default=True, help="Improvement wanted.")
@click.option("--lower", type=float, default=0.05, show_default=True, help="Stop as not promising below this.")
@click.option("--upper", type=float, default=0.95, show_default=True, help="Stop as promising above this.")
@_RATES
@outputs
def thall_simon(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Monitor against an uncertain standard rate (Thall and Simon).

    \b
    codon12 design thall-simon -n 30 --looks 10,20 --standard "beta(20,80)" --margin 0.15 --rates 0.2,0.4
    """
    show_answer("thall-simon", arguments, as_json=as_json, save=save)


@click.command()
@_SIZE
@_LOOKS
@click.option("--limit", type=float, required=True, help="Toxicity rate that must not be exceeded.")
@click.option("--threshold", type=float, default=0.95, show_default=True, help="Stop above this probability.")
@click.option("--prior", default="beta(1,1)", show_default=True, help="Prior of the toxicity rate.")
@_RATES
@outputs
def toxicity(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Find the numbers of toxicities that stop a trial.

    \b
    codon12 design toxicity -n 30 --looks 5:29:1 --limit 0.3 --threshold 0.9 --rates 0.1:0.5:0.1
    """
    show_answer("toxicity", arguments, as_json=as_json, save=save)


@click.command()
@_SIZE
@click.argument("p0", type=float)
@click.argument("p1", type=float)
@_LOOKS
@click.option("--alpha", type=float, default=0.1, show_default=True, help="Largest type I error.")
@click.option("--prior", help="Prior of the rate; beta(p0, 1 - p0) when left out.")
@_RATES
@outputs
def bop2(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Find the BOP2 design for a binary endpoint, P0 against P1.

    \b
    codon12 design bop2 -n 40 0.2 0.4 --looks 10,20,30 --rates 0.1:0.5:0.1
    """
    show_answer("bop2", arguments, as_json=as_json, save=save)


@click.command("bop2-pair")
@_SIZE
@click.argument("kind", type=click.Choice(["efficacy-toxicity", "nested"]))
@click.option("--null", type=Numbers(), required=True, help="Null rates: first,second[,both].")
@click.option("--alternative", type=Numbers(), required=True, help="Rates of interest: first,second[,both].")
@_LOOKS
@click.option("--alpha", type=float, default=0.1, show_default=True, help="Largest type I error.")
@outputs
def bop2_pair(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Find the BOP2 design for efficacy and toxicity, or for a deeper response within response.

    \b
    codon12 design bop2-pair efficacy-toxicity -n 40 --null 0.45,0.3,0.15 --alternative 0.6,0.2,0.12 --looks 10:35:5
    codon12 design bop2-pair nested -n 30 --null 0.15,0.3 --alternative 0.25,0.5 --looks 10,20
    """
    show_answer("bop2-pair", arguments, as_json=as_json, save=save)
