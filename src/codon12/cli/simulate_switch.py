"""``codon12 simulate switch``: a virtual trial as a study folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from codon12.cli.simulate_options import chosen_set, parameter_options, progress, said
from codon12.cli.workers_option import worker_options

__all__ = ["switch"]


@click.command(
    epilog="""\b
Examples:
  codon12 simulate switch --out out/trial
  codon12 simulate switch --out out/turnover --set kdeg=0.0576 --seed 3
  codon12 simulate switch --out out/arms --arms arms.toml --readers 2 --concentrations
  codon12 report out/trial --out out/trial-report"""
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write.")
@click.option("--patients", default=124, show_default=True, type=int, help="Patients an arm.")
@click.option("--seed", default=7, show_default=True, type=int, help="The same seed gives the same bytes.")
@parameter_options
@click.option(
    "--arms",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML file with [[arm]] name, [arm.set], offset. Without offset arms are the same patients.",
)
@click.option("--readers", default=1, show_default=True, type=int, help="2: an investigator reads the scans as well.")
@click.option("--concentrations", is_flag=True, help="Add PC: plasma concentrations around a dose on day 8.")
@click.option(
    "--format", "format_", default="csv", show_default=True, type=click.Choice(["csv", "parquet"]),
    help="parquet: one part, a study of its own, for every block of patients.",
)  # fmt: skip
@click.option("--block", default=5000, show_default=True, type=int, help="Patients made at once.")
@worker_options
@click.option("--allow-large", is_flag=True, help="Do not refuse more than 20 million patients.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def switch(
    out: Path, *, patients: int, seed: int, parameters: str, sets: tuple[str, ...], arms: Path | None, readers: int,
    concentrations: bool, format_: Literal["csv", "parquet"], block: int, workers: int | None, dask: str | None,
    allow_large: bool, as_json: bool,
) -> int:  # fmt: skip
    """Simulate a trial from the mechanism of the switch; not patient data.

    Writes SDTM-shaped records that `codon12 report` reads, samples before treatment and at progression, the truth
    apart, every parameter with its source, and a README. A folder that exists is replaced only if it is empty or
    holds a simulated study, and only when all is written.

    Exit codes: 0 written; 2 wrong use, or values that cannot be.
    """
    from codon12.parallel import workers as opened
    from codon12.simulate.switch.arms import read_arms
    from codon12.simulate.switch.study import LARGE, cost_of, write_study

    base = chosen_set(parameters, sets)
    chosen = [] if arms is None else read_arms(arms)
    refused = patients > LARGE and not allow_large  # the refusal says the cost
    if patients * max(1, len(chosen)) >= 100_000 and not refused:
        click.echo(f"codon12: {patients:,} patients an arm: {cost_of(patients * max(1, len(chosen)))}", err=True)
    with progress("Simulating") as say:
        few = dask is None and patients * max(1, len(chosen)) <= block
        with opened(1 if few else workers, dask=dask) as executor:
            written = write_study(
                out, base, patients=patients, seed=seed, arms=chosen, readers=readers, concentrations=concentrations,
                format=format_, block=block, executor=executor, allow_large=allow_large, progress=say,
            )  # fmt: skip
    if as_json:
        names = [str(p.relative_to(out)) for p in written]
        said({"folder": str(out), "files": names, "patients_per_arm": patients, "seed": seed, "simulated": True,
              "arms": [a.name for a in chosen], "changes": base.changes})  # fmt: skip
    else:
        click.echo(f"{len(written)} files in {out}: {patients:,} simulated patients an arm; not patient data.")
    return 0
