"""Baseline characteristics and prior therapy with the margins of the published table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.simulate.course import Course, N

__all__ = ["CLASSES", "Baseline", "draw_baseline"]

_MARGINS = {
    "SEX": {"F": 63, "M": 63},
    "RACE": {"WHITE": 103, "ASIAN": 19, "BLACK OR AFRICAN AMERICAN": 2, "OTHER": 2},
    "SMOKSTAT": {"NEVER": 6, "CURRENT": 15, "FORMER": 102, "": 3},
    "ECOG": {"0": 38, "1": 88},
    "BRAINMET": {"Y": 26, "N": 100},
    "HISTSUB": {
        "SQUAMOUS CELL CARCINOMA": 1,
        "ADENOCARCINOMA": 120,
        "LARGE CELL CARCINOMA": 3,
        "BRONCHOALVEOLAR CARCINOMA": 2,
    },
    "METASTAT": {"Y": 122, "N": 4},
}
_LINES = {1: 54, 2: 44, 3: 28}
CLASSES = {
    "PLATINUM": ("PLATINUM-BASED CHEMOTHERAPY", ("CARBOPLATIN + PEMETREXED", "CISPLATIN + PEMETREXED")),
    "CHEMO": ("NON-PLATINUM CHEMOTHERAPY", ("PEMETREXED", "DOCETAXEL")),
    "PD1": ("ANTI-PD-1 OR ANTI-PD-L1", ("PEMBROLIZUMAB", "NIVOLUMAB", "ATEZOLIZUMAB")),
    "CTLA4": ("ANTI-CTLA-4", ("IPILIMUMAB",)),
    "ANGIO": ("ANTIANGIOGENIC MONOCLONAL ANTIBODY", ("BEVACIZUMAB", "RAMUCIRUMAB")),
    "TARGETED": ("TARGETED SMALL MOLECULE", ("NINTEDANIB", "TRAMETINIB", "CAPMATINIB")),
    "OTHER": ("OTHER", ("INVESTIGATIONAL AGENT",)),
}
"""Class of prior therapy -> (CMCLAS, agents)."""


@dataclass
class Baseline:
    """Arrays over the patients."""

    values: dict[str, NDArray[np.str_]]
    age: NDArray[np.int64]
    lines: NDArray[np.int64]
    therapy: dict[str, NDArray[np.bool_]]


def draw_baseline(course: Course, rng: np.random.Generator) -> Baseline:
    """Shuffle each published margin over the patients; prior therapies by inclusion and exclusion."""
    values = {name: rng.permutation(np.repeat(np.array(list(m)), list(m.values()))) for name, m in _MARGINS.items()}
    therapy = _therapy(course, rng)
    return Baseline(values, _ages(rng), rng.permutation(np.repeat(list(_LINES), list(_LINES.values()))), therapy)


def _ages(rng: np.random.Generator) -> NDArray[np.int64]:
    """Median 63.5 and range 37 to 80: the two middle ages are 63 and 64."""
    drawn = np.clip(np.rint(rng.normal(63.5, 9, 600)), 38, 79).astype(int)
    younger, older = drawn[drawn <= 63][:61], drawn[drawn >= 64][:61]
    return rng.permutation(np.concatenate([[37, 63], younger, [64, 80], older]))


def _therapy(course: Course, rng: np.random.Generator) -> dict[str, NDArray[np.bool_]]:
    """Set sizes: chemotherapy 115, platinum 113, checkpoint 116, PD-1 or PD-L1 115, both 102.

    The 13 without platinum all had a PD-1 or PD-L1 inhibitor, and 9 of them responded (69 %); 2 of the 13 had
    other chemotherapy. The 11 without such an inhibitor all had platinum; one of them had another checkpoint
    inhibitor.
    """
    responder = course.group == "RESPONSE"
    evaluable = course.group != "NOT MEASURABLE"
    yes, no = np.flatnonzero(responder), np.flatnonzero(evaluable & ~responder)
    bare = np.concatenate([rng.choice(yes, 9, replace=False), rng.choice(no, 4, replace=False)])
    sets = {name: np.zeros(N, dtype=bool) for name in CLASSES}
    sets["PLATINUM"][:] = True
    sets["PLATINUM"][bare] = False
    sets["CHEMO"][rng.choice(bare, 2, replace=False)] = True
    without = rng.choice(np.flatnonzero(sets["PLATINUM"]), 11, replace=False)
    sets["PD1"][:] = True
    sets["PD1"][without] = False
    sets["CTLA4"][without[0]] = True
    for name, n in (("ANGIO", 25), ("TARGETED", 9), ("OTHER", 1)):
        sets[name][rng.choice(N, n, replace=False)] = True
    return sets
