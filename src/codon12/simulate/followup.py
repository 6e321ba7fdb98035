"""Start dates, scans, treatment and survival that go with a course of tumour response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DesignError
from codon12.simulate.annealing import MONTH, anneal, curve, miss
from codon12.simulate.course import VISITS, Course, N

__all__ = ["FollowUp", "Scans", "scans", "survival", "treatment"]

_AE, _OTHER = 11, 9
_LONGEST_TREATMENT = 542
"""Days from the first dose of the longest treatment to the cut-off: 17.8 months."""
_LAST_DEATH = 480
"""Deaths are drawn up to this day, so that none falls where few are left at risk."""


@dataclass
class Scans:
    """Scan days of each patient, and what each evaluator's reading ends with."""

    available: NDArray[np.int64]
    """Days from first dose to the data cut-off."""
    days: list[NDArray[np.int64]]
    visit: list[NDArray[np.int64]]
    """Index of each scan in VISITS; -1 for an early, unscheduled one."""
    central_pd: NDArray[np.int64]
    """Index of the scan with central progression; -1 without."""
    investigator_pd: NDArray[np.int64]
    on_treatment: NDArray[np.bool_]
    """Still treated at the cut-off."""


@dataclass
class FollowUp:
    """What ends treatment and observation; study days, 0 where it did not happen."""

    treatment_end: NDArray[np.int64]
    reason: NDArray[np.str_]
    dead: NDArray[np.bool_]
    last: NDArray[np.int64]
    """Day of death, or last day known alive."""
    fatal_event: NDArray[np.bool_]
    new_therapy: NDArray[np.int64]


def scans(course: Course, rng: np.random.Generator) -> Scans:
    """Give each patient a start within the accrual window and the scans up to progression, death or cut-off."""
    available = _starts(course, rng)
    ongoing = course.end == "ONGOING"
    central_pd = np.full(N, -1)
    investigator_pd = np.full(N, -1)
    days: list[NDArray[np.int64]] = []
    visit: list[NDArray[np.int64]] = []
    # Two patients stay on treatment beyond central progression, up to the cut-off.
    late = np.flatnonzero((course.end == "PD") & (course.pfs > 240) & (available <= _LONGEST_TREATMENT))
    beyond = rng.choice(late, 2, replace=False)
    on_treatment = ongoing.copy()
    on_treatment[beyond] = True
    later = dict(zip(np.flatnonzero(course.group == "PD")[:8], [1, 1, 1, 1, 2, 2, 2, 3], strict=True))
    for i in range(N):
        day = VISITS + rng.integers(-4, 5, VISITS.size)
        for key in (course.response[i], 0 if course.end[i] in {"ONGOING", "DEATH"} else course.pfs[i]):
            if key:
                day[_nearest(key)] = key
        if course.response[i]:  # the confirming scan is at least four weeks later
            k = _nearest(course.response[i]) + 1
            day[k] = max(day[k], course.response[i] + 29)
        if course.group[i] == "NE":
            days.append(np.array([29]))
            visit.append(np.array([-1]))
            continue
        if course.group[i] == "MISSING":
            days.append(np.zeros(0, dtype=int))
            visit.append(np.zeros(0, dtype=int))
            continue
        end = available[i] + 1 if on_treatment[i] else course.pfs[i]
        if course.end[i] == "PD":
            central_pd[i] = investigator_pd[i] = _nearest(course.pfs[i])
            if i in beyond:
                investigator_pd[i] = -1
            elif i in later:
                investigator_pd[i] = central_pd[i] + later[i]
                end = day[investigator_pd[i]]
        keep = day <= end - (3 if course.end[i] == "DEATH" else 0)
        days.append(day[keep])
        visit.append(np.flatnonzero(keep))
        if course.end[i] == "ONGOING":
            course.pfs[i] = day[keep][-1]
    return Scans(available, days, visit, central_pd, investigator_pd, on_treatment)


def _nearest(day: int) -> int:
    return int(np.abs(VISITS - day).argmin())


def _starts(course: Course, rng: np.random.Generator) -> NDArray[np.int64]:
    for _ in range(200):
        pool = np.rint(404 + 176 * rng.beta(1.05, 1.45, N)).astype(int)
        pool[:4] = [404, 580, 573, _LONGEST_TREATMENT]
        free = np.ones(N, dtype=bool)
        available = np.zeros(N, dtype=np.int64)
        for i in np.lexsort([rng.random(N), course.latest, -course.earliest]):
            fits = np.flatnonzero(free & (pool >= course.earliest[i]) & (pool <= course.latest[i]))
            if not fits.size:
                break
            pick = rng.choice(fits)
            available[i], free[pick] = pool[pick], False
        else:
            if (available[course.end == "ONGOING"] == _LONGEST_TREATMENT).any():
                return available
    raise DesignError("no start dates fit the course; take another seed")


def treatment(course: Course, seen: Scans, rng: np.random.Generator) -> FollowUp:
    """Last dose and reason for stopping, by the printed counts at 3, 6 and 9 months and the median."""
    stopped = ~seen.on_treatment
    reason = np.where(stopped, "PROGRESSIVE DISEASE", "").astype("U24")
    # Who left after a single scan left for another reason than progression: that scan shows stable disease.
    scan_count = np.array([d.size for d in seen.days])
    died = rng.permutation(np.flatnonzero((course.end == "DEATH") & (course.group == "SD")))
    died = died[np.argsort(scan_count[died] > 1, kind="stable")]
    no_scan = np.flatnonzero(course.group == "MISSING")
    early = np.flatnonzero(course.group == "NE")
    reason[[no_scan[0], early[0], *died[:2]]] = "DEATH"
    reason[[no_scan[1], *died[2:4]]] = "ADVERSE EVENT"
    left = rng.permutation(np.flatnonzero((course.end == "CENSORED") & (course.group != "NE")))
    left = left[np.argsort(scan_count[left] > 1, kind="stable")]
    fell = rng.permutation(np.flatnonzero((course.end == "PD") & stopped & np.isin(course.group, ["SD", "RESPONSE"])))
    ae_left = (_AE - (reason == "ADVERSE EVENT").sum()) // 2
    reason[left[:ae_left]] = "ADVERSE EVENT"
    ae_fell = _AE - int((reason == "ADVERSE EVENT").sum())
    reason[fell[:ae_fell]] = "ADVERSE EVENT"
    others = _OTHER - 4
    reason[left[ae_left : ae_left + 3]] = "WITHDRAWAL BY SUBJECT"
    reason[fell[ae_fell : ae_fell + others - 3]] = "PHYSICIAN DECISION"
    progressed = reason == "PROGRESSIVE DISEASE"
    # Who stopped for progression without central progression has it by the investigator, at the last scan.
    for i in np.flatnonzero(progressed & (seen.investigator_pd < 0)):
        seen.investigator_pd[i] = max(seen.visit[i][-1], 0)
    last_scan = np.array([d[-1] if d.size else 0 for d in seen.days])
    pd_day = np.array([d[-1] if d.size else 0 for d in seen.days])
    dies = course.end == "DEATH"
    end = np.where(seen.on_treatment, seen.available + 1, 0)
    open_ = np.flatnonzero(stopped)
    low = np.where(progressed, pd_day - 3, 12)
    high = np.where(progressed, pd_day + 24, np.maximum(last_scan + 6, 30))
    high = np.minimum(high, np.where(dies, course.pfs - 1, seen.available))
    low = np.where(dies & ~progressed, np.maximum(8, course.pfs - 24), low)
    low = np.minimum(low, high)
    low[no_scan[0]] = high[no_scan[0]] = 6

    def cost(days: NDArray) -> float:
        end[open_] = days
        total = sum(abs(int((end >= np.ceil(m * MONTH)).sum()) - n) for m, n in ((3, 88), (6, 60), (9, 41)))
        return total + miss(float(np.median(end)), "5.5", unit=MONTH)

    def propose(days: NDArray) -> NDArray:
        new = days.copy()
        i = rng.integers(open_.size)
        new[i] = rng.integers(low[open_[i]], high[open_[i]] + 1)
        return new

    first = rng.integers(low[open_], high[open_] + 1)
    # Treatment mostly stops soon after the scan that shows progression.
    soon = np.minimum(pd_day + rng.integers(0, 8, N), high)[open_]
    first = np.where(progressed[open_], soon, first)
    end[open_] = anneal(first, propose, cost, rng, steps=6_000, heat=0.5, what="treatment duration")
    none = np.zeros(N, dtype=np.int64)
    flag = np.zeros(N, dtype=bool)
    return FollowUp(end, reason, flag.copy(), none.copy(), flag.copy(), none.copy())


def survival(
    course: Course, seen: Scans, follow: FollowUp, subgroup: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Deaths and last contacts that give the printed survival and follow-up; fills `follow` in place."""
    last_scan = np.array([d[-1] if d.size else 1 for d in seen.days])
    floor = np.maximum.reduce([last_scan, follow.treatment_end, course.pfs]) + 1
    alone = course.end == "CENSORED"
    floor = np.where(alone, np.maximum(floor, last_scan + 60), floor)
    ceiling = np.minimum(seen.available + 1, 556)
    follow.dead = course.end == "DEATH"
    follow.last = np.where(follow.dead, course.pfs, seen.available + 1)
    follow.fatal_event = follow.dead.copy()
    soon = (course.end == "PD") & (follow.treatment_end >= last_scan - 3) & ~seen.on_treatment
    soon &= follow.treatment_end + 40 < seen.available
    near = rng.permutation(np.flatnonzero(soon))[: 20 - int(follow.dead.sum())]
    follow.dead[near] = follow.fatal_event[near] = True
    follow.last[near] = np.maximum(follow.treatment_end[near] + rng.integers(5, 30, near.size), floor[near])
    follow.last[near] = np.maximum(follow.last[near], 37)
    left = np.flatnonzero(follow.reason == "WITHDRAWAL BY SUBJECT")
    follow.last[left] = np.minimum(ceiling[left], floor[left] + rng.integers(20, 90, left.size))
    settled = seen.on_treatment | follow.fatal_event
    settled[left] = True
    longest = np.flatnonzero(~settled & (seen.available >= 562))[0]
    follow.last[longest] = 560
    settled[longest] = True
    open_ = np.flatnonzero(~settled & (floor < ceiling - 1))
    shut = np.flatnonzero(~settled & (floor >= ceiling - 1))
    follow.last[shut] = seen.available[shut] + 1

    def cost(state: tuple[NDArray, NDArray]) -> float:
        follow.last[open_], follow.dead[open_] = state
        time, dead = follow.last, follow.dead
        total = sum(
            miss(v, p, unit=MONTH, weight=3)
            for v, p in zip(curve(time, dead).median(), ("12.5", "10.0", "NE"), strict=True)
        )
        total += miss(curve(time, ~dead).median()[0], "15.3", unit=MONTH, weight=3)
        if dead[subgroup].any():
            total += miss(curve(time[subgroup], dead[subgroup]).median()[0], "15.3", unit=MONTH, weight=0.5)
        return total

    def draw(i: int, dead: bool) -> int:  # noqa: FBT001 - a state, not an option
        if dead:
            return int(rng.integers(floor[i], max(floor[i] + 1, min(ceiling[i], _LAST_DEATH))))
        latest = ceiling[i]
        return int(rng.integers(max(floor[i], latest - 75), latest + 1))

    def propose(state: tuple[NDArray, NDArray]) -> tuple[NDArray, NDArray]:
        days, dead = state[0].copy(), state[1].copy()
        k = rng.integers(open_.size)
        if rng.random() < 0.4:
            dead[k] = not dead[k]
        days[k] = draw(open_[k], bool(dead[k]))
        return days, dead

    dead = rng.random(open_.size) < 0.55
    days = np.array([draw(int(i), bool(x)) for i, x in zip(open_, dead, strict=True)])
    state = anneal((days, dead), propose, cost, rng, steps=8_000, heat=0.6, what="overall survival")
    follow.last[open_], follow.dead[open_] = state
    _new_therapy(course, seen, follow, last_scan, rng)


def _new_therapy(course: Course, seen: Scans, follow: FollowUp, last_scan: NDArray, rng: np.random.Generator) -> None:
    """Start of the next therapy: for all who left without progression and died, and for half of the others."""
    must = (course.end == "CENSORED") & follow.dead
    may = ~seen.on_treatment & (rng.random(N) < 0.5) & (follow.reason != "WITHDRAWAL BY SUBJECT")
    may &= course.end != "DEATH"  # a death that ends progression-free survival has no therapy before it
    start = np.maximum(last_scan, follow.treatment_end) + rng.integers(10, 35, N)
    follow.new_therapy = np.where((must | may) & (start < follow.last - 5), start, 0)
    if (must & (follow.new_therapy == 0)).any():
        raise DesignError("a patient censored without progression dies before a new therapy; take another seed")
