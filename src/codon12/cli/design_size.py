"""Design commands for sample size, power, and whether a trial is monitored for what it is judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from codon12.cli.design_options import (
    Numbers,
    WholeNumbers,
    outputs,
    refuse_idle,
    show,
    success_options,
    success_rule,
)

__all__ = ["assumed_rate", "coherence", "power", "size"]

_PRIOR = click.option("--prior", default="beta(1,1)", show_default=True, help="Prior for --posterior.")
_RULE = ("p0", "posterior", "interval", "level", "responses")


def _question(options: dict[str, Any], *, predicts: bool = False) -> dict[str, Any]:
    idle = options["posterior"] is None and not predicts
    refuse_idle("prior", "it is the prior of --posterior", idle=idle)
    rule = success_rule(**{name: options.pop(name) for name in _RULE})
    return {**options, "success": rule}


@click.command()
@click.argument("rate", type=float)
@success_options
@click.option("--power", type=float, default=0.9, show_default=True, help="Probability of success wanted.")
@_PRIOR
@click.option("--max-n", type=int, default=200_000, show_default=True, help="Give up beyond this size.")
@click.option("--every", is_flag=True, help="List every size, not only those between the two answers.")
@outputs
def size(*, every: bool, as_json: bool, save: Path | None, **options: Any) -> None:
    """Find the sample size at an assumed response RATE: the first, and the one that stays safe.

    \b
    codon12 design size 0.38 --p0 0.23 --interval clopper-pearson --power 0.9
    codon12 design size 0.4 --p0 0.2 --posterior 0.95 --prior "beta(0.2,0.8)"
    """
    from codon12.design.protocol.record import answer

    record = answer("size", _question(options))
    found: Any = record.answer
    show(record, as_json=as_json, save=save, tables=[("", found.columns(every=every))])


@click.command()
@click.option("-n", "n", type=int, required=True, help="Evaluable patients.")
@click.argument("rate", type=float)
@success_options
@_PRIOR
@outputs
def power(*, as_json: bool, save: Path | None, **options: Any) -> None:
    """Compute the power of one stage of N patients at an assumed response RATE.

    \b
    codon12 design power -n 105 0.38 --p0 0.23 --interval clopper-pearson
    """
    from codon12.design.protocol.record import answer

    show(answer("power", _question(options)), as_json=as_json, save=save)


@click.command("assumed-rate")
@click.option("-n", "n", type=int, required=True, help="Evaluable patients, as printed.")
@click.option("--power", type=float, default=0.9, show_default=True, help="Power, as printed.")
@success_options
@_PRIOR
@outputs
def assumed_rate(*, as_json: bool, save: Path | None, **options: Any) -> None:
    """Find the response rate that a sample size and a power assume.

    \b
    codon12 design assumed-rate -n 105 --power 0.9 --p0 0.23 --interval clopper-pearson
    """
    from codon12.design.protocol.record import answer

    show(answer("assumed-rate", _question(options)), as_json=as_json, save=save)


@click.command()
@click.option("-n", "n", type=int, required=True, help="Planned evaluable patients.")
@click.option("--looks", type=WholeNumbers(), required=True, help="Looks: 25,35,45 or 25:95:10.")
@success_options
@click.option("--primary", default="clopper-pearson", show_default=True, help="Interval of the primary criterion.")
@click.option("--primary-level", type=float, default=0.95, show_default=True, help="Its two-sided level.")
@click.option("--primary-p0", type=float, help="Rate it must exceed (--p0 by default).")
@click.option("--at", type=Numbers(), required=True, help="True response rates, usually p0 and p1.")
@click.option("--futility", type=float, default=0.05, show_default=True, help="Stop if PP is below this.")
@click.option("--prior", default="beta(1,1)", show_default=True, help="Prior of the response rate.")
@outputs
def coherence(
    *,
    primary: str,
    primary_level: float,
    primary_p0: float | None,
    as_json: bool,
    save: Path | None,
    **options: Any,
) -> None:
    """Compare the criterion a trial monitors with the one it is judged by.

    \b
    codon12 design coherence -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --at 0.23,0.38
    """
    from codon12.design.protocol.record import answer

    rate = options["p0"] if primary_p0 is None else primary_p0
    question = _question(options, predicts=True)
    rule = success_rule(p0=rate, posterior=None, interval=primary, level=primary_level, responses=None)
    record = answer("coherence", {**question, "primary": rule})
    found: Any = record.answer
    show(record, as_json=as_json, save=save, tables=[("Primary criterion", found.columns())])
