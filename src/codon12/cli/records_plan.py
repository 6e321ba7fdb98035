"""``codon12 records partition --plan``: what it takes to partition a study, before anything is read."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

from codon12.cli.report_plan import about, print_sizes

__all__ = ["print_partition_plan"]


def print_partition_plan(study: Path, *, by: int, config: Path | None, as_json: bool) -> int:
    """Print rows, parts, memory and time; refuse what cannot fit."""
    from codon12.records.opening.partition_plan import plan_of_partition
    from codon12.report.plan import free_memory, gib

    plan = plan_of_partition(study, by=by, config=config, free=free_memory())
    if as_json:
        click.echo(json.dumps({**msgspec.to_builtins(plan), "fits": plan.fits}, ensure_ascii=False, indent=1))
        plan.require_room()
        return 0
    print_sizes(plan.tables)
    click.echo(f"{plan.subjects:,} subjects, {plan.rows:,} rows, in {plan.blocks:,} parts")
    if plan.at_once:
        click.echo(f"held as a whole: {', '.join(plan.at_once)}")
    free = "" if plan.free is None else f" ({gib(plan.free)} free)"
    click.echo(f"memory: about {gib(plan.memory)}{free}")
    click.echo(f"time: about {about(plan.seconds)} of one core; more where others share it")
    plan.require_room()
    return 0
