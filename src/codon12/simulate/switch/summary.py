"""The headline numbers of a trial straight from its arrays, for ensembles; records give the same, more slowly.

Response by RECIST 1.1 with codon12's default policy; a test holds these numbers to those that the records give.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.simulate.switch.calendar import visit_schedule
from codon12.simulate.switch.conduct import Trial
from codon12.survival.times.censor_rules import CensorRules
from codon12.survival.times.visits import missed_visits

__all__ = ["ENDPOINTS", "Outcome", "headline", "kaplan_meier_at", "kaplan_meier_median", "outcomes"]

MONTH = 30.4375
ENDPOINTS = {
    "ORR": "Objective response, %", "CR": "Complete response, %", "SD": "Stable disease, %",
    "PD": "Progressive disease, %", "NE": "Not assessed, %", "DCR": "Disease control, %",
    "shrink": "Any shrinkage, % of all patients", "depth": "Median depth of responders, %",
    "PFS": "Progression-free survival, median, months", "PFS6": "at 6 months, %", "PFS9": "at 9 months, %",
    "OS": "Overall survival, median, months", "TTR": "Time to response, median, months",
    "first": "Responses at the first scan, %", "DOR": "Duration of response, median, months",
    "DOR3": "at 3 months, %", "DOR6": "at 6 months, %", "DOR9": "at 9 months, %",
    "KEAP1_ORR": "Objective response, KEAP1 mutated, %",
    "KEAP1_PFS": "Rate ratio of progression or death, KEAP1 mutated", "KEAP1_OS": "Rate ratio of death, KEAP1 mutated",
}  # fmt: skip

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Outcome of each patient; times in days, day 1 the first dose."""

    best: NDArray[np.str_]
    """CR, PR, SD, PD, NE, or MISSING."""
    pfs: Array
    pfs_event: NDArray[np.bool_]
    os: Array
    os_event: NDArray[np.bool_]
    response_day: Array
    """Day of the first response that was confirmed; nan without one."""
    first_scan: NDArray[np.bool_]
    """It was seen at the first scan."""
    change: Array
    """Best change of the sum, %; nan without a scan."""

    @property
    def responder(self) -> NDArray[np.bool_]:
        """A confirmed response."""
        return np.isfinite(self.response_day)


def outcomes(trial: Trial) -> Outcome:
    """Judge every patient of a trial: stable disease from day 35; censored before two missed visits and an event."""
    base = trial.baseline.sum(axis=1)[:, None]
    sums = trial.readings.sum(axis=2)
    visits = np.arange(sums.shape[1])
    on = trial.scanned
    ended = np.where(trial.progression < 0, visits.size, trial.progression)[:, None]
    use = on & (visits < ended)
    day = trial.visit_day
    cr = use & (sums == 0)
    pr = use & (10 * sums <= 7 * base) & ~cr
    either = cr | pr
    confirmed_cr = _confirmed(cr, cr, use, day, trial.confirm)
    confirmed = _confirmed(pr, either, use, day, trial.confirm) | confirmed_cr
    respond = confirmed.any(axis=1)
    at = confirmed.argmax(axis=1)
    seen_at = np.take_along_axis(day, at[:, None], axis=1)[:, 0].astype(float)
    stable = (use & (day >= 35)).any(axis=1)
    best = np.full(base.shape[0], "MISSING", dtype="<U7")
    best[on.any(axis=1)] = "NE"
    best[trial.progression >= 0] = "PD"
    best[stable] = "SD"
    best[respond] = "PR"
    best[confirmed_cr.any(axis=1)] = "CR"
    last = np.where(use, day, 0).max(axis=1)
    progressed = trial.progression >= 0
    event = progressed | trial.died
    end = np.where(progressed, trial.progression_day, np.where(trial.died, trial.observed, last))
    event &= ~_after_missed_visits(trial, last, end)
    pfs = np.where(event, end, last) + 1.0
    least = np.where(on, sums, np.iinfo(np.int64).max).min(axis=1)
    change = np.where(on.any(axis=1), 100 * (least / base[:, 0] - 1), np.nan)
    return Outcome(
        best=best,
        pfs=pfs,
        pfs_event=event,
        os=np.asarray(trial.observed, dtype=np.float64) + 1,
        os_event=trial.died,
        response_day=np.where(respond, seen_at + 1, np.nan),
        first_scan=respond & (at == use.argmax(axis=1)),
        change=change,
    )


def _after_missed_visits(trial: Trial, last: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Events after more missed visits than the default censoring rules let pass."""
    zero = np.datetime64("2000-01-01", "D")
    spans = pl.DataFrame({"STARTDT": np.full(end.size, zero), "LASTADT": zero + last, "ADT": zero + end})
    missed = missed_visits(spans, visit_schedule(trial.planned))["MISSED"].to_numpy()
    return missed >= (CensorRules().missed_visits or np.inf)


def _confirmed(
    first: NDArray[np.bool_],
    again: NDArray[np.bool_],
    use: NDArray[np.bool_],
    day: NDArray[np.int64],
    least: float,
) -> NDArray[np.bool_]:
    """A visit whose next one, at least so many days later, shows the same; visits closer than that in between agree."""
    out = np.zeros_like(first)
    n, visits = first.shape
    open_ = np.zeros(n, dtype=bool)
    for k in range(visits):
        open_ = first[:, k].copy()
        done = np.zeros(n, dtype=bool)
        for j in range(k + 1, visits):
            here = use[:, j]
            far = day[:, j] - day[:, k] >= least
            done |= open_ & here & far & again[:, j]
            open_ &= ~(here & (far | ~again[:, j]))
            if not open_.any():
                break
        out[:, k] = done
    return out


def kaplan_meier_at(time: Array, event: NDArray[np.bool_], at: float) -> float:
    """Kaplan-Meier estimate at a time; nan without subjects."""
    if time.size == 0:
        return float("nan")
    t, s = _curve(time, event)
    k = np.searchsorted(t, at, side="right") - 1
    return 1.0 if k < 0 else float(s[k])


def kaplan_meier_median(time: Array, event: NDArray[np.bool_]) -> float:
    """Median of the Kaplan-Meier curve (the mean of both ends where it lies flat at one half); inf if not reached."""
    if time.size == 0:
        return float("nan")
    t, s = _curve(time, event)
    below = np.flatnonzero(s <= 0.5 + 1e-9)
    if below.size == 0:
        return float("inf")
    k = below[0]
    if abs(s[k] - 0.5) <= 1e-9:
        lower = np.flatnonzero(s < 0.5 - 1e-9)
        return float((t[k] + t[lower[0]]) / 2) if lower.size else float(t[k])
    return float(t[k])


def _curve(time: Array, event: NDArray[np.bool_]) -> tuple[Array, Array]:
    times, place = np.unique(time, return_inverse=True)
    events = np.bincount(place, weights=event, minlength=times.size)
    leave = np.bincount(place, minlength=times.size)
    risk = time.size - np.concatenate([[0], np.cumsum(leave)[:-1]])
    return times, np.asarray(np.cumprod(1 - events / risk), dtype=np.float64)


def headline(trial: Trial | Iterable[Trial]) -> dict[str, float]:
    """Give the headline numbers (`ENDPOINTS`) of a trial, or of the blocks of one.

    A median that is not reached is inf; what has no subjects is nan.

    Examples
    --------
    >>> from codon12.simulate.switch.conduct import conduct
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> from codon12.simulate.switch.patients import draw_patients
    >>> sorted(headline(conduct(shipped_set(), draw_patients(shipped_set(), seed=1, n=200))))[:2]
    ['CR', 'DCR']
    """
    blocks = [trial] if isinstance(trial, Trial) else trial
    made, marked = zip(*((outcomes(b), b.patients.marks["KEAP1"]) for b in blocks), strict=True)
    o = Outcome(**{k: np.concatenate([getattr(m, k) for m in made]) for k in Outcome.__dataclass_fields__})
    keap = np.concatenate(marked)
    n = o.best.size
    share = {k: 100 * float((o.best == k).mean()) for k in ("CR", "PR", "SD", "PD")}
    r = o.responder
    since = (o.pfs - o.response_day + 1)[r] / MONTH
    event = o.pfs_event[r]
    out: dict[str, float] = {
        "ORR": share["CR"] + share["PR"],
        "CR": share["CR"],
        "SD": share["SD"],
        "PD": share["PD"],
        "NE": 100 * float(np.isin(o.best, ["NE", "MISSING"]).mean()),
        "DCR": share["CR"] + share["PR"] + share["SD"],
        "shrink": 100 * float((np.nan_to_num(o.change, nan=1.0) < 0).sum()) / n,
        "depth": float(np.median(-o.change[r])) if r.any() else float("nan"),
        "PFS": kaplan_meier_median(o.pfs / MONTH, o.pfs_event),
        "PFS6": 100 * kaplan_meier_at(o.pfs / MONTH, o.pfs_event, 6.0),
        "PFS9": 100 * kaplan_meier_at(o.pfs / MONTH, o.pfs_event, 9.0),
        "OS": kaplan_meier_median(o.os / MONTH, o.os_event),
        "TTR": float(np.median(o.response_day[r])) / MONTH if r.any() else float("nan"),
        "first": 100 * float(o.first_scan[r].mean()) if r.any() else float("nan"),
        "DOR": kaplan_meier_median(since, event),
        **{f"DOR{m}": 100 * kaplan_meier_at(since, event, float(m)) for m in (3, 6, 9)},
        "KEAP1_ORR": 100 * float(r[keap].mean()) if keap.any() else float("nan"),
        "KEAP1_PFS": _rate_ratio(o.pfs_event, o.pfs, keap),
        "KEAP1_OS": _rate_ratio(o.os_event, o.os, keap),
    }
    return out


def _rate_ratio(event: NDArray[np.bool_], time: Array, group: NDArray[np.bool_]) -> float:
    """Events per time in the group over events per time outside it; nan where there is none."""
    rates: list[Any] = [event[g].sum() / time[g].sum() if g.any() else np.nan for g in (group, ~group)]
    return float(rates[0] / rates[1]) if rates[1] > 0 else float("nan")
