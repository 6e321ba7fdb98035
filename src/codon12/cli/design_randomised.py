"""Design commands for randomised phase 2 and biomarker designs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import Numbers, WholeNumbers, outputs, refuse_idle, show, show_answer
from codon12.errors import UsageError

__all__ = ["enriched", "pick_the_winner", "randomised", "stratified"]


@click.command()
@click.argument("p_control", type=float)
@click.argument("p_experimental", type=float)
@click.option("--alpha", type=float, default=0.1, show_default=True, help="One-sided level.")
@click.option("--power", type=float, default=0.8, show_default=True, help="Power wanted, where no -n is given.")
@click.option("--ratio", type=float, default=1.0, show_default=True, help="Experimental patients per control.")
@click.option(
    "--test", type=click.Choice(["fisher", "boschloo", "z-pooled"]), default="boschloo", show_default=True, help="Test."
)
@click.option("-n", "n", type=WholeNumbers(), help="Arms control,experimental: compute their power instead of a size.")
@outputs
def randomised(*, n: tuple[int, ...] | None, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Size a randomised phase 2 trial with a binary endpoint, or compute its exact power.

    \b
    codon12 design randomised 0.2 0.5 --alpha 0.1
    codon12 design randomised 0.2 0.5 -n 30,30 --alpha 0.05 --test fisher
    """
    if n is None:
        show_answer("randomised", arguments, as_json=as_json, save=save)
        return
    if len(n) != 2:
        raise UsageError("-n takes the two arms, for example 30,30")
    refuse_idle("power", "-n asks what the power is", idle=True)
    refuse_idle("ratio", "-n gives both arms", idle=True)
    kept = {k: v for k, v in arguments.items() if k not in {"power", "ratio"}}
    question = {"n_control": n[0], "n_experimental": n[1], **kept}
    show_answer("randomised-power", question, as_json=as_json, save=save)


@click.command("pick-the-winner")
@click.option("--rates", "true_rates", type=Numbers(), required=True, help="True rates, the best arm last: 0.2,0.35.")
@click.option("--correct", type=float, default=0.9, show_default=True, help="Probability of choosing the best arm.")
@outputs
def pick_the_winner(*, true_rates: tuple[float, ...], correct: float, as_json: bool, save: Path | None) -> None:
    """Size arms so that the best is chosen (Simon, Wittes and Ellenberg).

    \b
    codon12 design pick-the-winner --rates 0.2,0.35
    """
    from codon12.design.protocol.record import answer

    record = answer("pick-the-winner", {"rates": true_rates, "correct": correct})
    found: Any = record.answer
    show(record, as_json=as_json, save=save, tables=[("", found.columns())])


@click.command()
@click.option("-n", "n", type=int, required=True, help="Patients to treat.")
@click.option("--prevalence", type=float, required=True, help="Share of patients with the marker.")
@click.option("--rate-positive", type=float, required=True, help="Response rate with the marker.")
@click.option("--rate-negative", type=float, required=True, help="Response rate without it.")
@click.option("--sensitivity", type=float, default=1.0, show_default=True, help="Of the assay.")
@click.option("--specificity", type=float, default=1.0, show_default=True, help="Of the assay.")
@outputs
def enriched(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """What an imperfect assay makes of an enriched trial: diluted rate and patients to screen.

    \b
    codon12 design enriched -n 100 --prevalence 0.13 --rate-positive 0.38 --rate-negative 0.05 --specificity 0.98
    """
    show_answer("enriched", arguments, as_json=as_json, save=save)


@click.command()
@click.option("-n", "n", type=int, required=True, help="All patients, both arms.")
@click.option("--prevalence", type=float, required=True, help="Share of marker-positive patients.")
@click.option("--control", type=Numbers(), required=True, help="Control rates: positive,negative.")
@click.option("--experimental", type=Numbers(), required=True, help="Experimental rates: positive,negative.")
@click.option("--alpha", type=float, default=0.025, show_default=True, help="One-sided family-wise error.")
@click.option("--alpha-positive", type=float, default=0.0125, show_default=True, help="Part of the positive test.")
@outputs
def stratified(*, as_json: bool, save: Path | None, **arguments: Any) -> None:
    """Levels and power of a marker-stratified trial with two correlated hypotheses.

    \b
    codon12 design stratified -n 300 --prevalence 0.4 --control 0.2,0.2 --experimental 0.4,0.3
    """
    for name in ("control", "experimental"):
        if len(arguments[name]) != 2:
            raise UsageError(f"--{name} takes two rates: positive,negative")
    show_answer("stratified", arguments, as_json=as_json, save=save)
