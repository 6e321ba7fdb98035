"""``codon12 selftest``: compute results in two independent ways, on this machine."""

from __future__ import annotations

import importlib
import json

import click

__all__ = ["AREAS", "selftest"]

AREAS: dict[str, str] = {"design": "codon12.design.proof.selftest:checks"}
"""Area -> "module:function" that yields its checks."""


@click.command()
@click.argument("area", type=click.Choice(list(AREAS)), required=True)
@click.option("--trials", type=click.IntRange(min=1000), default=50_000, show_default=True, help="Simulated trials.")
@click.option("--seed", type=int, default=12, show_default=True, help="Seed of the simulations.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def selftest(*, area: str, trials: int, seed: int, as_json: bool) -> int:
    r"""Compute every kind of result of an AREA in two ways; exit 1 if any two differ.

    \b
    codon12 selftest design
    codon12 selftest design --trials 200000 --seed 7 --json
    """
    module, _, name = AREAS[area].partition(":")
    failed, rows = 0, []
    for check in getattr(importlib.import_module(module), name)(trials=trials, seed=seed):
        failed += not check.passed
        rows.append(
            {"check": check.name, "difference": check.difference, "allowed": check.allowed, "passed": check.passed}
        )
        if not as_json:
            mark = "agrees" if check.passed else "DIFFERS"
            click.echo(f"{mark}  {check.name}: {check.difference:.2g} (at most {check.allowed:.2g})")
    if as_json:
        click.echo(json.dumps({"area": area, "failed": failed, "checks": rows}, indent=2))
    else:
        click.echo(f"{len(rows) - failed} of {len(rows)} agree.")
    return 1 if failed else 0
