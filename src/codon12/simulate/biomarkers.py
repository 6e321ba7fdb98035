"""Which patients belong to which biomarker set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DesignError
from codon12.simulate.annealing import MONTH, curve, miss
from codon12.simulate.course import Course, N

__all__ = ["Biomarkers", "draw_biomarkers"]

_COUNTS = {
    "PD-L1": {"<1%": (21, 44), ">=1%": (15, 42)},
    "TMB": {"LOW": (29, 69), "HIGH": (6, 15)},
    "STK11/KEAP1": {"MT/WT": (11, 22), "MT/MT": (3, 13), "WT/MT": (1, 7), "WT/WT": (26, 62)},
}
"""Responders and assessed patients by level: the one whole-number solution of each printed percentage and
interval with the printed totals (21/44, 36/86, 29/69, 6/15, 11/22, 3/13, 1/7, 41/104)."""


class Biomarkers(dict[str, NDArray[np.str_]]):
    """Biomarker -> level of each patient; empty text where not assessed."""


def draw_biomarkers(course: Course, pfs_event: NDArray[np.bool_], rng: np.random.Generator) -> Biomarkers:
    """Draw the biomarker sets; the patients with mutated STK11 and wild-type KEAP1 have a PFS median of 11 months.

    Nothing is printed of how the sets overlap, nor of TP53: those are drawn at random.
    """
    responder = course.group == "RESPONSE"
    other = ~responder & (course.group != "NOT MEASURABLE")
    for _ in range(4000):
        levels = _split(_COUNTS["STK11/KEAP1"], responder, other, rng)
        inside = levels == "MT/WT"
        median = curve(course.pfs[inside], pfs_event[inside]).median()[0]
        if miss(median, "11.0", unit=MONTH) == 0:
            break
    else:
        raise DesignError("no set with mutated STK11 alone has a median of 11 months; take another seed")
    out = Biomarkers({"STK11/KEAP1": levels})
    out["PD-L1"] = _split(_COUNTS["PD-L1"], responder, other, rng)
    score = np.where(out["PD-L1"] == "<1%", 0, np.where(rng.random(N) < 0.55, *_scores(rng)))
    out["TPS"] = np.where(out["PD-L1"] == "", "", score.astype(str))
    out["TMB"] = _split(_COUNTS["TMB"], responder, other, rng)
    low, high = np.round(rng.uniform(0.8, 9.6, N), 1), np.round(10 + rng.gamma(2.0, 3.0, N), 1)
    burden = np.where(out["TMB"] == "LOW", low, high)
    out["TMB value"] = np.where(out["TMB"] == "", "", burden.astype(str))
    out["TP53"] = np.where(levels == "", "", np.where(rng.random(N) < 0.5, "MT", "WT"))
    return out


def _scores(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return rng.integers(1, 50, N), rng.integers(50, 101, N)


def _split(
    counts: dict[str, tuple[int, int]],
    responder: NDArray[np.bool_],
    other: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.str_]:
    levels = np.full(N, "", dtype="U8")
    yes, no = rng.permutation(np.flatnonzero(responder)), rng.permutation(np.flatnonzero(other))
    a = b = 0
    for level, (x, n) in counts.items():
        levels[yes[a : a + x]] = level
        levels[no[b : b + n - x]] = level
        a, b = a + x, b + n - x
    return levels
