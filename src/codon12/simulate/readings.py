"""What each evaluator reads at each scan: overall response, target sum, non-target state, new lesions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DesignError
from codon12.simulate.course import Course, N
from codon12.simulate.followup import Scans

__all__ = ["Reading", "central_readings", "investigator_readings"]

_INVESTIGATOR = {"CR": 2, "PR of PR": 32, "PR of SD": 3, "PD of SD": 2}
"""Patients by investigator response: 2 CR; 2 + 32 + 3 = 37 PR; 10 + 49 + 8 + 2 = 69 SD; 12 + 2 + 1 = 15 PD.
How the two evaluators' classes go together is not printed; this table is one that gives both margins."""


@dataclass
class Reading:
    """One evaluator's reading of one patient's scans."""

    overall: list[str]
    """Response at each scan read."""
    depth: float
    """Greatest shrinkage of the target sum as a share of baseline; negative: it grew."""
    progression: str
    """How progression shows: ``SUM``, ``NEW``, ``NON-TARGET`` or empty."""
    targets: bool = True
    """Whether there is target disease to this evaluator."""
    unread: bool = False
    """Targets not measured at the scan of progression."""


def central_readings(course: Course, seen: Scans, rng: np.random.Generator) -> list[Reading]:
    """Readings that end with central progression, else with the last scan."""
    depth = _depths(course, rng)
    out = []
    unread = np.flatnonzero(course.group == "PD")[-1]
    for i in range(N):
        pd = seen.central_pd[i]
        labels = ["SD"] * (pd + 1 if pd >= 0 else seen.days[i].size)
        if course.response[i]:
            first = int(np.abs(seen.days[i] - course.response[i]).argmin())
            labels[first:] = ["PR"] * (len(labels) - first)
            if course.complete[i]:
                labels[first + 1 :] = ["CR"] * (len(labels) - first - 1)
        kind = ""
        targets = course.group[i] != "NOT MEASURABLE"
        if not targets:
            labels = ["NON-CR/NON-PD"] * len(labels)
        if pd >= 0:
            labels[pd] = "PD"
            kind = str(rng.choice(["SUM", "NEW", "NON-TARGET"], p=[0.5, 0.35, 0.15]))
            if course.complete[i]:
                kind = "NEW"
            if not targets or i == unread:
                kind = "NON-TARGET"
            elif course.group[i] == "PD" and (depth[i] > 0 or kind == "NON-TARGET"):
                kind = "NEW" if depth[i] > 0 else "SUM"
        out.append(Reading(labels, float(depth[i]), kind, targets, unread=i == unread))
    return out


def _depths(course: Course, rng: np.random.Generator) -> NDArray[np.float64]:
    """Best shrinkage: 102 of 121 shrank, and the responders' median is 60 %."""
    depth = np.zeros(N)
    partial = rng.permutation(np.flatnonzero((course.group == "RESPONSE") & ~course.complete))
    depth[course.complete] = 1.0
    depth[partial[:2]] = 0.60
    depth[partial[2:20]] = rng.uniform(0.63, 0.94, 18)
    depth[partial[20:]] = rng.uniform(0.32, 0.57, partial.size - 20)
    stable = np.flatnonzero(course.group == "SD")
    depth[stable] = rng.uniform(0.03, 0.28, stable.size)
    short = stable[np.argsort(course.pfs[stable], kind="stable")]
    grew = rng.choice(short[:30], 8, replace=False)
    depth[grew] = -rng.uniform(0.02, 0.12, 8)
    first = np.flatnonzero(course.group == "PD")
    depth[first[:-9]] = -rng.uniform(0.03, 0.5, first.size - 9)
    depth[first[-9:-1]] = rng.uniform(0.04, 0.25, 8)
    depth[course.group == "NE"] = rng.uniform(0.03, 0.2, 2)
    return depth


def investigator_readings(
    course: Course, seen: Scans, central: list[Reading], reason: NDArray[np.str_], rng: np.random.Generator
) -> list[Reading]:
    """Readings of all scans; progression once seen is seen at every later scan. Moves ``investigator_pd``."""
    before = np.array(
        [seen.investigator_pd[i] if seen.investigator_pd[i] >= 0 else seen.days[i].size for i in range(N)]
    )
    wanted = _wanted(course, seen, before, reason, rng)
    out = []
    for i in range(N):
        scans, want = seen.days[i].size, wanted[i]
        pd = seen.investigator_pd[i]
        labels = ["SD"] * scans
        ref = central[i]
        depth = ref.depth + rng.uniform(-0.04, 0.04) if ref.targets else rng.uniform(0.03, 0.25)
        if want == "SD":
            depth = min(depth, rng.uniform(0.08, 0.28))
        if want == "NE":
            depth = 0.1
        if want in {"PR", "CR"}:
            known = next((k for k, x in enumerate(ref.overall) if x in {"PR", "CR"}), before[i] - 2)
            first = int(min(known, before[i] - 2))
            labels[first:] = ["PR"] * (scans - first)
            if want == "CR":
                labels[first + 1 :] = ["CR"] * (scans - first - 1)
            depth = 1.0 if want == "CR" else float(np.clip(depth, 0.32, 0.93))
        kind = ""
        if pd >= 0 and scans:
            labels[pd:] = ["PD"] * (scans - pd)
            same = ref.progression and pd == seen.central_pd[i]
            kind = ref.progression if same else str(rng.choice(["SUM", "NEW"]))
            if want == "CR" or (kind == "SUM" and want == "PD" and depth > 0):
                kind = "NEW"
        out.append(Reading(labels, float(depth), kind))
    return out


def _wanted(
    course: Course, seen: Scans, before: NDArray, reason: NDArray[np.str_], rng: np.random.Generator
) -> NDArray[np.str_]:
    """Best response by the investigator; fails where the scans leave no room for it."""
    first = np.array(
        [int(np.abs(seen.days[i] - course.response[i]).argmin()) if course.response[i] else 0 for i in range(N)]
    )
    want = np.where(course.group == "MISSING", "", np.where(course.group == "PD", "PD", "SD")).astype("U2")
    want[course.group == "NE"] = ["NE", "PD"]
    want[np.flatnonzero(course.group == "PD")[:8]] = "SD"
    complete = rng.permutation(np.flatnonzero(course.complete & (before - first >= 4)))
    want[course.complete] = "PR"
    want[complete[: _INVESTIGATOR["CR"]]] = "CR"
    partial = np.flatnonzero((course.group == "RESPONSE") & ~course.complete & (before - first >= 2))
    want[rng.permutation(partial)[: _INVESTIGATOR["PR of PR"]]] = "PR"
    stable = course.group == "SD"
    more = rng.permutation(np.flatnonzero(stable & (before >= 3)))
    want[more[: _INVESTIGATOR["PR of SD"]]] = "PR"
    early = stable & (course.end == "PD") & (reason == "PROGRESSIVE DISEASE") & (want == "SD")
    early &= (seen.central_pd >= 2) & (seen.investigator_pd == seen.central_pd)
    sooner = rng.permutation(np.flatnonzero(early))[: _INVESTIGATOR["PD of SD"]]
    want[sooner] = "PD"
    seen.investigator_pd[sooner] = 0
    counts = [int((want == x).sum()) for x in ("CR", "PR", "SD", "PD")]
    if counts != [2, 37, 69, 15] or ((want == "SD") & (before < 1)).any():
        raise DesignError(f"the investigator's best responses come out as {counts}; take another seed")
    return want
