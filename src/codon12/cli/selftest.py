"""``codon12 selftest``: what is installed and what it answers, checked on this machine."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

__all__ = ["selftest"]

_AREAS = ("installation", "statistics", "golden", "design")


@click.command()
@click.argument("area", type=click.Choice(_AREAS), required=False)
@click.option("--trials", type=click.IntRange(min=1000), default=50_000, show_default=True, help="Simulated trials.")
@click.option("--seed", type=int, default=12, show_default=True, help="Seed of the simulations.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the record as a page (HTML).")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def selftest(*, area: str | None, trials: int, seed: int, report: Path | None, as_json: bool) -> int:
    """Check this installation and its answers; exit 1 if anything differs.

    Without AREA every area is checked: installation (versions, installed files against their recorded hashes),
    statistics (main statistics in two ways that share no code), golden (answers of R, and every printed number of a
    paper against the study rebuilt from it), design (every kind of trial design in two ways). It takes a few minutes.

    \b
    codon12 selftest --report iqoq.html
    codon12 selftest design --trials 200000 --seed 7 --json
    """
    from codon12.design.proof.selftest import Check
    from codon12.standards.qualification import qualification_page, qualify

    if report is not None and not report.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {report.absolute().parent}; make it first", param_hint="--report")

    def told(_area: str, check: Check) -> None:
        if not as_json:
            mark = "agrees" if check.passed else "DIFFERS"
            click.echo(f"{mark}  {check.name}: {check.difference:.2g} (at most {check.allowed:.2g})")

    areas = qualify([area] if area else (), trials=trials, seed=seed, told=told)
    failed, total = sum(a.failed for a in areas), sum(len(a.checks) for a in areas)
    if report is not None:
        page = qualification_page(areas, created=dt.datetime.now(tz=dt.UTC))
        report.write_text(page, encoding="utf-8", newline="\n")
        click.echo(f"codon12: the record is {report}", err=True)
    if as_json:
        rows = [
            {
                "area": a.name,
                "check": c.name,
                "difference": c.difference,
                "allowed": c.allowed,
                "passed": c.passed,
            }
            for a in areas
            for c in a.checks
        ]
        seconds = {a.name: round(a.seconds, 2) for a in areas}
        body = {"area": area or "all", "failed": failed, "seconds": seconds, "checks": rows}
        click.echo(json.dumps(body, indent=2))
    else:
        click.echo(f"{total - failed} of {total} agree.")
    return 1 if failed else 0
