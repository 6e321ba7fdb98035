"""``codon12 report STUDY --plan``: rows, blocks, memory and time, before anything is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from codon12.records.opening.sizes import TableSize

__all__ = ["about", "print_plan", "print_sizes"]


def print_plan(study: Path, config: Path | None, *, workers: int | None, as_json: bool) -> int:
    """Print what a report takes; refuse what cannot fit."""
    from codon12.parallel import cores
    from codon12.records.config import CONFIG_FILE, read_config
    from codon12.records.files.nested import study_folder
    from codon12.report.plan import free_memory, gib, plan_of_report

    settled = read_config(study if config is None else config)
    folder, _ = study_folder(study, settled)
    if config is None and folder != study and (folder / CONFIG_FILE).is_file():
        settled = read_config(folder)
    count = cores() if workers is None else max(1, workers)
    plan = plan_of_report(folder, settled, free=free_memory(), workers=count)
    if as_json:
        click.echo(json.dumps({**msgspec.to_builtins(plan), "fits": plan.fits}, ensure_ascii=False, indent=1))
        plan.require_room()
        return 0
    print_sizes(plan.tables)
    click.echo(f"{plan.subjects:,} subjects ({plan.format})")
    if plan.parts:
        many = f"{plan.parts:,} block{'s' if plan.parts != 1 else ''} of patients"
        click.echo(f"opened and derived in {many}, on {plan.workers:,} worker{'s' if plan.workers != 1 else ''}")
    elif plan.blocks:
        click.echo(f"lesions are derived in {plan.blocks:,} block{'s' if plan.blocks != 1 else ''}")
    free = "" if plan.free is None else f" ({gib(plan.free)} free)"
    click.echo(f"memory: about {gib(plan.memory)}{free}")
    cores_used = f"{plan.workers:,} cores" if plan.parts and plan.workers > 1 else "one core"
    click.echo(f"time: about {about(plan.seconds)} of {cores_used}, without pictures; more where others share it")
    if plan.analyses:
        click.echo(
            f"      and that of the analyses in codon12.toml ({plan.analyses}): models and imputations can take longer"
        )
    plan.require_room()
    return 0


def print_sizes(tables: list[TableSize]) -> None:
    """Print rows and columns of each table."""
    for size in tables:
        rows = f"{size.rows:,}" if size.exact else f"about {size.rows:,}"
        click.echo(f"{size.table:<12} {rows:>18} rows, {size.columns} columns  {size.file}")


def about(seconds: float) -> str:
    """Time in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
