"""Curves and what is read off them, as rows of the evidence table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from codon12.survival.cox_baseline import BaselineHazard, PredictedSurvival
from codon12.survival.cumulative_incidence import CumulativeIncidence
from codon12.survival.curve import SurvivalCurve
from codon12.survival.estimate import NOT_ESTIMABLE
from codon12.survival.follow_up import FollowUp, ObservedRange
from codon12.survival.kaplan_meier import KaplanMeier
from codon12.survival.number_rows import Row, estimate_row, numbers, rate_rows, row_of
from codon12.survival.rmst import RmstContrast
from codon12.survival.state_curves import StateCurves, StateModel

__all__ = ["numbers"]


@numbers.register
def _(curve: SurvivalCurve, times: Sequence[float] = ()) -> list[Row]:
    name = "Kaplan-Meier" if curve.estimator == "kaplan-meier" else "Fleming-Harrington"
    size = {"n": round(curve.events), "N": curve.n, "method": f"{name}, {curve.conf_type} limits"}
    median = estimate_row(curve.median(), "median", "time", label="Median", **size)
    return [median, *rate_rows(curve.at(times) if times else [], **size)]


@numbers.register
def _(km: KaplanMeier, times: Sequence[float] = ()) -> list[Row]:
    return [row | {"method": km.method} for curve in km.curves for row in numbers(curve, times)]


@numbers.register
def _(found: CumulativeIncidence, times: Sequence[float] = ()) -> list[Row]:
    size = {"n": found.events, "N": found.n, "group": found.cause}
    method = f"Cumulative incidence (Aalen-Johansen), variance of cmprsk, {found.conf_type} limits"
    return list(rate_rows(found.at(times or [found.last_follow_up]), **size, method=method))


@numbers.register
def _(curves: StateCurves, times: Sequence[float] = ()) -> list[Row]:
    method = f"Aalen-Johansen, infinitesimal-jackknife standard error, {curves.conf_type} limits"
    rows: list[Row] = []
    for k, state in enumerate(curves.states):
        size = {"n": round(float(curves.n_event[:, k].sum())), "N": curves.n, "group": state, "method": method}
        rows += rate_rows(curves.at(times or [curves.last_follow_up], state), **size)
    return rows


@numbers.register
def _(model: StateModel, times: Sequence[float] = ()) -> list[Row]:
    return [row | {"method": model.method} for curves in model.curves for row in numbers(curves, times)]


@numbers.register
def _(found: BaselineHazard, times: Sequence[float] = ()) -> list[Row]:
    rows = []
    label = np.asarray(found.stratum if found.stratum is not None else ["all"] * found.time.size)
    for stratum in dict.fromkeys(label.tolist()):
        own = label == stratum
        time, hazard = found.time[own], np.append(0.0, found.hazard[own])
        for t in times or [float(time[-1])]:
            here = row_of(
                f"cumulative_hazard_{t:g}", "value", label=f"Cumulative baseline hazard at {t:g}", level=stratum
            )
            if t > time[-1]:
                rows.append(here | dict.fromkeys(("status", "lower_status", "upper_status"), "beyond last follow-up"))
            else:
                rows.append(here | {"value": float(hazard[np.searchsorted(time, t, side="right")])})
    return [r | {"method": "Breslow or Efron cumulative baseline hazard of the Cox model"} for r in rows]


@numbers.register
def _(found: PredictedSurvival, times: Sequence[float] = ()) -> list[Row]:
    rows = []
    label = np.asarray(found.stratum if found.stratum is not None else ["all"] * found.time.size)
    for subject in range(found.survival.shape[1]):
        for stratum in dict.fromkeys(label.tolist()):
            own = np.flatnonzero(label == stratum)
            for t in times or [float(found.time[own][-1])]:
                at = int(np.searchsorted(found.time[own], t, side="right")) - 1
                here = {"level": f"subject {subject + 1}", "group": stratum, "conf_level": found.level}
                here |= {"method": "Survival predicted by the Cox model", "unit": "%", "label": f"At {t:g}, %"}
                if t > found.time[own][-1]:
                    here["status"] = "beyond last follow-up"
                else:
                    sides = {"value": found.survival, "lower": found.lower, "upper": found.upper}
                    here |= {k: 100.0 if at < 0 else 100 * float(v[own[at], subject]) for k, v in sides.items()}
                rows.append(row_of(f"rate_{t:g}", "rate", **here))
    return rows


@numbers.register
def _(found: FollowUp) -> list[Row]:
    method = "Reverse Kaplan-Meier, deaths before censorings at ties"
    rows = []
    for curve, ends in zip(found.curves, found.ranges, strict=True):
        size = {"n": round(curve.events), "N": curve.n, "method": method}
        rows.append(estimate_row(curve.median(), "median_follow_up", "time", label="Median follow-up", **size))
        rows += numbers(ends)
    return rows


@numbers.register
def _(ends: ObservedRange) -> list[Row]:
    why = {f"{side}_status": "censored" for side in ("lower", "upper") if getattr(ends, f"{side}_censored")}
    method = "Shortest and longest observed time; + marks a censored one"
    return [
        row_of("range", "range", label="Range", level=ends.group, lower=ends.lower, upper=ends.upper, method=method)
        | why
    ]


@numbers.register
def _(found: RmstContrast) -> list[Row]:
    method = f"Restricted means up to {found.tau:g}, normal limits"
    shared: Row = {"group": f"against {found.reference}", "level": found.group, "method": method}
    rows = [
        estimate_row(
            found.difference,
            "rmst_difference",
            "value",
            label=f"Difference of restricted means to {found.tau:g}",
            **shared,
        ),
        estimate_row(found.ratio, "rmst_ratio", "ratio", label=f"Ratio of restricted means to {found.tau:g}", **shared),
    ]
    for name, p in (("difference", found.difference_p), ("ratio", found.ratio_p)):
        why = None if p is not None else found.difference.status or NOT_ESTIMABLE
        rows.append(row_of(f"rmst_{name}_p", "p", label=f"P value, {name}", value=p, status=why, **shared))
    return rows
