"""``codon12 report STUDY --plan``: rows, blocks, memory and time, before anything is read."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

__all__ = ["print_plan"]


def print_plan(study: Path, config: Path | None, *, as_json: bool) -> int:
    """Print what a report takes; refuse what cannot fit."""
    from codon12.records.config import CONFIG_FILE, read_config
    from codon12.records.files.nested import study_folder
    from codon12.report.plan import free_memory, gib, plan_of_report

    settled = read_config(study if config is None else config)
    folder, _ = study_folder(study, settled)
    if config is None and folder != study and (folder / CONFIG_FILE).is_file():
        settled = read_config(folder)
    plan = plan_of_report(folder, settled, free=free_memory())
    if as_json:
        click.echo(json.dumps({**msgspec.to_builtins(plan), "fits": plan.fits}, ensure_ascii=False, indent=1))
        plan.require_room()
        return 0
    for size in plan.tables:
        rows = f"{size.rows:,}" if size.exact else f"about {size.rows:,}"
        click.echo(f"{size.table:<12} {rows:>18} rows, {size.columns} columns  {size.file}")
    click.echo(f"{plan.subjects:,} subjects ({plan.format})")
    if plan.blocks:
        click.echo(f"lesions are derived in {plan.blocks:,} block{'s' if plan.blocks != 1 else ''}")
    free = "" if plan.free is None else f" ({gib(plan.free)} free)"
    click.echo(f"memory: about {gib(plan.memory)}{free}")
    click.echo(f"time: about {_time(plan.seconds)} of one core, without pictures; more where others share it")
    if plan.analyses:
        click.echo(
            f"      and that of the analyses in codon12.toml ({plan.analyses}): models and imputations can take longer"
        )
    plan.require_room()
    return 0


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
