"""Tests and models as rows of the evidence table; curves are in ``curve_numbers``."""

from __future__ import annotations

from codon12.survival.bootstrap import Bootstrap
from codon12.survival.concordance import Concordance
from codon12.survival.cox_fit import CoxFit, ModelTest
from codon12.survival.curve_numbers import numbers
from codon12.survival.cutpoint import CutPoint
from codon12.survival.estimate import NOT_ESTIMABLE
from codon12.survival.fine_gray import FineGrayFit
from codon12.survival.gray import GrayTest
from codon12.survival.imputation import ImputedCox
from codon12.survival.interaction import InteractionResult
from codon12.survival.landmark import ImmortalTime, Landmark
from codon12.survival.logrank import LogRank
from codon12.survival.max_combo import MaxCombo
from codon12.survival.number_rows import Row, estimate_row, ratio_rows, row_of
from codon12.survival.parametric import ParametricFit
from codon12.survival.parametric_piecewise import PiecewiseExponential
from codon12.survival.proportional_hazards import ProportionalHazardsTest
from codon12.survival.rubin import Pooled
from codon12.survival.stepp import SteppResult

__all__ = ["numbers"]


@numbers.register
def _(test: LogRank) -> list[Row]:
    # Weighted tests sum weights, not events.
    events = round(float(test.observed.sum())) if test.method.endswith("log-rank test") else None
    size = {"n": events, "N": int(test.n.sum())}
    why = NOT_ESTIMABLE if test.status else None
    value = None if test.status else test.p
    rows = [
        row_of("logrank_p", "p", label=f"P value ({test.method})", value=value, status=why, method=test.method, **size)
    ]
    if test.trend is not None:
        label, method = "P value for trend", f"{test.method} for trend"
        rows.append(row_of("trend_p", "p", label=label, value=test.trend.p, method=method, **size))
    return rows


@numbers.register
def _(test: MaxCombo) -> list[Row]:
    method = f"Max-combo test of {', '.join(test.weightings)}"
    return [
        row_of("max_combo_p", "p", label=f"P value (max-combo; largest: {test.largest})", value=test.p, method=method)
    ]


@numbers.register
def _(test: GrayTest) -> list[Row]:
    value, why = (None, NOT_ESTIMABLE) if test.status else (test.p, None)
    label = f"P value (Gray's test, {test.cause})"
    return [row_of("gray_p", "p", label=label, group=test.cause, value=value, status=why, method="Gray's test")]


@numbers.register
def _(test: ModelTest) -> list[Row]:
    name = f"{test.name} test"
    return [row_of(f"{test.name.replace(' ', '_')}_p", "p", label=f"P value ({name})", value=test.p, method=name)]


@numbers.register
def _(test: ProportionalHazardsTest) -> list[Row]:
    method = f"Score test of proportional hazards, {test.transform} transform of time"
    return [
        row_of(
            "ph_p",
            "p",
            label=f"P value, proportional hazards: {r['term']}",
            group=r["term"],
            value=r["p"],
            method=method,
        )
        for r in test.to_frame().iter_rows(named=True)
    ]


@numbers.register
def _(fit: CoxFit) -> list[Row]:
    robust = ", robust variance" if fit.use_robust else ""
    firth = ", Firth's penalty" if fit.firth else ""
    method = f"Cox regression, {fit.ties.capitalize()} ties{firth}, Wald limits{robust}"
    size = {"n": fit.events, "N": fit.n, "conf_level": fit.level, "method": method}
    return ratio_rows(fit.coefficients, "HR", "hr", **size)


@numbers.register
def _(fit: FineGrayFit) -> list[Row]:
    method = f"Fine-Gray regression ({fit.method}), Wald limits"
    size = {"n": fit.events, "N": fit.n, "conf_level": fit.level, "method": method}
    return ratio_rows(fit.to_frame(), "SHR", "shr", **size)


@numbers.register
def _(fit: ImputedCox) -> list[Row]:
    method = f"Cox regression in {len(fit.fits)} completed data sets, pooled by Rubin's rules"
    size = {"n": fit.fits[0].events, "N": fit.fits[0].n, "conf_level": fit.level, "method": method}
    return ratio_rows(fit.coefficients, "HR", "hr", **size)


@numbers.register
def _(found: Pooled) -> list[Row]:
    method = f"Rubin's rules, {found.m} completed data sets"
    rows = []
    for r in found.to_frame().iter_rows(named=True):
        names = {"label": f"Parameter {r['parameter']}", "conf_level": 0.95, "method": method}
        sides = {"value": r["estimate"], "lower": r["lower"], "upper": r["upper"]}
        rows.append(row_of(f"estimate_{r['parameter']}", "value", **names, **sides))
    return rows


@numbers.register
def _(found: Concordance) -> list[Row]:
    lower, upper = found.limits()
    method = f"Concordance, time weight {found.timewt}, infinitesimal-jackknife standard error"
    sides = {"value": found.value, "lower": lower, "upper": upper, "conf_level": 0.95}
    return [row_of("concordance", "value", label="Concordance", N=found.n, method=method, **sides)]


@numbers.register
def _(found: CutPoint) -> list[Row]:
    low, high = found.cut_limits or (None, None)
    searched = f"Greatest log-rank statistic over {found.profile.height} cuts"
    tested = f"{searched}, {found.permutations} permutations"
    again = f"{searched}; {found.resamples} resamples"
    return [
        row_of("cut", "value", label="Cut with the greatest statistic", value=found.cut, method=searched),
        row_of("p", "p", label="P value (permutation, corrected for the search)", value=found.p, method=tested),
        row_of("hr_corrected", "ratio", label="Hazard ratio above the cut, optimism taken off",
             value=found.corrected_hazard_ratio, method=again),
        row_of("cut_range", "range", label="Best cut in 95 % of resamples", lower=low, upper=high, method=again),
    ]  # fmt: skip


@numbers.register
def _(found: InteractionResult) -> list[Row]:
    fit = found.joint
    method = f"Cox regression with the product of {found.treatment} and {found.biomarker}, Wald limits"
    size = {"n": fit.events, "N": fit.n, "conf_level": found.level, "method": method}
    rows = []
    for r in found.by_level.iter_rows(named=True):
        label = f"{r['treatment']}, {found.biomarker} {r['biomarker_level']}"
        place = {"group": found.biomarker, "level": r["biomarker_level"], "label": label}
        sides = {"value": r["HR"], "lower": r["lower"], "upper": r["upper"]}
        rows.append(row_of("hr", "ratio", **place, **sides, **size))
    rows += ratio_rows(found.coefficients, "HR", "ratio_of_hr", **size)
    test = numbers(found.likelihood_ratio)[0]
    names = {"statistic": "interaction_lr_p", "label": "P value, interaction (likelihood ratio)"}
    return [*rows, test | names | {"n": fit.events, "N": fit.n}]


@numbers.register
def _(found: SteppResult) -> list[Row]:
    rows = []
    for i, r in enumerate(found.windows.iter_rows(named=True), start=1):
        place = {"group": "window", "level": str(i), "label": f"Window {i}", "n": r["events"], "N": r["n"]}
        why = r["status"] or (NOT_ESTIMABLE if r["HR"] is None else None)
        sides = {"value": r["HR"], "lower": r["lower"], "upper": r["upper"], "status": why}
        rows.append(row_of("hr", "ratio", method="Cox regression in a window of the biomarker", **place, **sides))
    method = f"Sup test over windows, {found.permutations} permutations"
    return [*rows, row_of("p", "p", label="P value (permutation)", value=found.p, method=method)]


@numbers.register
def _(fit: ParametricFit) -> list[Row]:
    size = {"n": fit.events, "N": fit.n, "method": f"{fit.distribution} model, maximum likelihood"}
    rows = [
        row_of(r["parameter"], "value", label=r["parameter"], conf_level=fit.level,
             value=r["estimate"], lower=r["lower"], upper=r["upper"], **size)
        for r in fit.to_frame().iter_rows(named=True)
    ]  # fmt: skip
    return [*rows, row_of("aic", "value", label="AIC", value=fit.aic, **size)]


@numbers.register
def _(fit: PiecewiseExponential) -> list[Row]:
    rows = []
    for r in fit.to_frame().iter_rows(named=True):
        span = f"{r['start']:g} to {r['end']:g}"
        sides = {"value": r["hazard"], "lower": r["lower"], "upper": r["upper"], "status": r["status"]}
        size = {"n": round(r["events"]), "N": fit.n, "conf_level": fit.level}
        method = "Piecewise exponential model, exact Poisson limits"
        rows.append(row_of("hazard", "value", label=f"Hazard from {span}", level=span, method=method, **size, **sides))
    return rows


@numbers.register
def _(found: Bootstrap) -> list[Row]:
    method = f"Bootstrap, {found.replicates.shape[0]} replicates, seed {found.seed}, percentile limits"
    kind = {"median": "time", "rmst": "time", "survival": "rate"}.get(found.statistic, "value")
    scale = 100.0 if kind == "rate" else 1.0
    label = f"Bootstrapped {found.statistic}"
    return [estimate_row(e, found.statistic, kind, scale=scale, label=label, method=method) for e in found.interval()]


@numbers.register
def _(found: Landmark) -> list[Row]:
    total = found.rows.size + found.events_before + found.censored_before
    counts = {
        "followed": (found.rows.size, "Followed past the landmark"),
        "exposed": (int(found.exposed.sum()), "Exposed by the landmark"),
        "events_before": (found.events_before, "Event before the landmark"),
        "censored_before": (found.censored_before, "Shorter follow-up"),
        "exposed_later": (found.exposed_later, "Exposed after the landmark, counted as unexposed"),
    }
    method = f"Landmark at {found.at:g}"
    return [
        row_of(name, "count", label=label, n=n, N=total, value=100 * n / total, unit="%", method=method)
        for name, (n, label) in counts.items()
    ]


@numbers.register
def _(found: ImmortalTime) -> list[Row]:
    size = {"n": found.late, "N": found.exposed}
    method = "Follow-up of the exposed before their exposure began"
    share = {"value": 100 * found.share, "unit": "%"}
    late = 100 * found.late / found.exposed if found.exposed else None
    return [
        row_of("late", "count", label="Exposed after time zero", value=late, unit="%", method=method, **size),
        row_of("immortal_time", "value", label="Immortal time", value=found.time, method=method, **size),
        row_of("immortal_share", "value", label="Immortal share of follow-up, %", method=method, **share, **size),
    ]
