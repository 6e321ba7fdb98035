"""``codon12 simulate``: studies made by computer, as the records a real one has."""

from __future__ import annotations

from pathlib import Path

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["command"]

_LATER = {
    "cohort": "codon12.cli.simulate_cohort:cohort",
    "switch": "codon12.cli.simulate_switch:switch",
    "occupancy": "codon12.cli.simulate_mechanism:occupancy",
    "network": "codon12.cli.simulate_mechanism:network",
    "parameters": "codon12.cli.simulate_mechanism:parameters",
    "fit": "codon12.cli.simulate_ensemble:fit",
    "what-if": "codon12.cli.simulate_ensemble:what_if",
    "figure": "codon12.cli.simulate_figure:figure",
    "operating": "codon12.cli.simulate_operating:operating",
}
"""Command -> "module:command", imported when called."""


@click.group(name="simulate", cls=LazyGroup, places=_LATER)
def command() -> None:
    """Make a study by computer, as the same records a real study has."""


@command.command(epilog="Example:  codon12 simulate codebreak100 --out out/study --seed 7")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write.")
@click.option(
    "--seed",
    default=7,
    show_default=True,
    type=click.IntRange(min=0),
    help="Which of the many solutions; the same seed gives the same bytes.",
)
def codebreak100(out: Path, *, seed: int) -> int:
    """Reconstruct a KRAS p.G12C lung cancer trial from its published aggregates; not patient data.

    Writes SDTM-shaped CSV of 126 invented patients whose analysis gives the printed numbers of the trial's
    paper, with a codon12.toml and a README that says how. A folder that exists is replaced only if it is
    empty or holds such a study. It takes a few seconds to minutes: some seeds need several attempts.

    Exit codes: 0 written; 2 wrong use, or no solution from this seed.
    """
    from codon12.simulate import write_codebreak100

    written = write_codebreak100(out, seed=seed)
    click.echo(f"{len(written)} files in {out}: reconstructed from published aggregates; not patient data.")
    return 0
