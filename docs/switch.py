"""Draw the figures of docs/switch.md: ``python docs/switch.py``; the same bytes on every run."""

from __future__ import annotations

from pathlib import Path

from codon12.figures import (
    clone_burden,
    dose_response,
    ensemble_ranges,
    occupancy_course,
    save,
    switch_cycle,
    tornado,
)
from codon12.simulate.switch.ensemble import shipped_ensemble
from codon12.simulate.switch.figure_frames import (
    clone_frames,
    cycle_frames,
    dose_frame,
    ensemble_frame,
    occupancy_frame,
    tornado_frame,
)
from codon12.simulate.switch.parameters import shipped_set

FOLDER = Path(__file__).with_name("switch")


def main() -> None:
    """Draw all of them."""
    p = shipped_set()
    FOLDER.mkdir(exist_ok=True)
    doses, floor = dose_frame(p)
    bars, base = tornado_frame(p, patients=4000)
    figures = {
        "cycle-without-drug": switch_cycle(*cycle_frames(p, drug=False), title="Without drug"),
        "cycle-with-drug": switch_cycle(*cycle_frames(p), title="960 mg once daily, with feedback"),
        "occupancy": occupancy_course(occupancy_frame(p), floor=floor),
        "dose": dose_response(doses, floor=floor, x_title="Dose (mg once daily; exposure in proportion to dose)"),
        "clones": clone_burden(*clone_frames(p)),
        "ensemble": ensemble_ranges(ensemble_frame(shipped_ensemble())),
        "tornado": tornado(bars, base=base),
    }
    for name, spec in figures.items():
        save(spec, FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
