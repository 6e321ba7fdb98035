"""``codon12 simulate figure``: each figure of the switch, alone, for any set of parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.cli.simulate_options import chosen_set, parameter_options, plot
from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["figure"]

_NAMES = ("cycle", "cycle-without-drug", "occupancy", "dose", "clones", "ensemble", "tornado")


@click.command(
    epilog="""\b
Examples:
  codon12 simulate figure cycle --out cycle.svg
  codon12 simulate figure occupancy --set dose=480 --set tau=12 --out occupancy.svg
  codon12 simulate figure clones --patient 12 --out clones.svg
  codon12 simulate figure ensemble --ensemble ensemble.json --out ensemble.svg"""
)
@click.argument("name", type=click.Choice(_NAMES))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="svg, png or pdf to write.")
@parameter_options
@click.option(
    "--patient", type=click.IntRange(min=1), help="clones: number of the patient.  [default: one who relapses]"
)
@click.option(
    "--seed", default=7, show_default=True, type=click.IntRange(min=0), help="clones, tornado: same patients."
)
@click.option(
    "--patients", default=1000, show_default=True, type=click.IntRange(40, 100_000), help="tornado: patients."
)
@click.option(
    "--ensemble",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="ensemble: of `codon12 simulate fit`.  [default: the shipped one]",
)
def figure(
    name: str, *, out: Path, parameters: str, sets: tuple[str, ...], patient: int | None, seed: int, patients: int,
    ensemble: Path | None,
) -> int:  # fmt: skip
    """Draw one figure of the switch.

    NAME is the cycle with its fluxes, occupancy and free drug over days, the dose response with its floor, the clones
    of a patient with the readings, the ranges of an ensemble, or the tornado. --seed, --patient and --patients are for
    those that simulate.
    """
    if ensemble is not None and name != "ensemble":
        raise UsageError(f"--ensemble: the figure {name} has none")
    if patient is not None and name != "clones":
        raise UsageError(f"--patient: the figure {name} shows no patient")
    if name == "ensemble":
        if sets:
            raise UsageError("--set: an ensemble has the values that it was found with")
        plot(_ranges(ensemble), out)
    else:
        plot(_of_set(name, chosen_set(parameters, sets), patient=patient, seed=seed, patients=patients), out)
    return 0


def _ranges(path: Path | None) -> dict[str, Any]:
    from codon12.figures import ensemble_ranges
    from codon12.simulate.switch.ensemble import read_ensemble, shipped_ensemble
    from codon12.simulate.switch.figure_frames import ensemble_frame

    return ensemble_ranges(ensemble_frame(shipped_ensemble() if path is None else read_ensemble(path)))


def _of_set(name: str, p: ParameterSet, *, patient: int | None, seed: int, patients: int) -> dict[str, Any]:
    from codon12 import figures
    from codon12.simulate.switch import figure_frames as frames

    if name == "cycle":
        title = f"{p.context.drug}, {p['dose']:g} mg every {p['tau']:g} h"
        return figures.switch_cycle(*frames.cycle_frames(p), title=title)
    if name == "cycle-without-drug":
        return figures.switch_cycle(*frames.cycle_frames(p, drug=False), title="Without drug")
    doses, floor = frames.dose_frame(p)
    if name == "occupancy":
        return figures.occupancy_course(frames.occupancy_frame(p), floor=floor)
    if name == "dose":
        return figures.dose_response(doses, floor=floor, x_title="Dose (mg; exposure in proportion to dose)")
    if name == "clones":
        return figures.clone_burden(*frames.clone_frames(p, seed=seed, patient=patient))
    bars, base = frames.tornado_frame(p, patients=patients, seed=seed)
    return figures.tornado(bars, base=base)
