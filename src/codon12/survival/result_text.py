"""Results as a statistician reads them on the screen: a line that says what was done, a small table, the tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any

import polars as pl

from codon12.survival.bootstrap import Bootstrap
from codon12.survival.concordance import Concordance
from codon12.survival.cox_baseline import BaselineHazard, PredictedSurvival
from codon12.survival.cox_fit import CoxFit, ModelTest
from codon12.survival.cumulative_incidence import CumulativeIncidence
from codon12.survival.curve import SurvivalCurve
from codon12.survival.cutpoint import CutPoint
from codon12.survival.estimate import NOT_ESTIMABLE, Estimate
from codon12.survival.fine_gray import FineGrayFit
from codon12.survival.follow_up import FollowUp, ObservedRange
from codon12.survival.gray import GrayTest
from codon12.survival.imputation import ImputedCox
from codon12.survival.interaction import InteractionResult
from codon12.survival.kaplan_meier import KaplanMeier
from codon12.survival.landmark import ImmortalTime, Landmark
from codon12.survival.logrank import LogRank
from codon12.survival.max_combo import MaxCombo
from codon12.survival.parametric import ParametricFit
from codon12.survival.parametric_piecewise import PiecewiseExponential
from codon12.survival.proportional_hazards import ProportionalHazardsTest
from codon12.survival.rmst import RmstContrast
from codon12.survival.rubin import Pooled
from codon12.survival.state_curves import StateCurves, StateModel
from codon12.survival.stepp import SteppResult

__all__ = ["text"]

_MOST = 20
"""Rows that are printed; more end in a line that counts the rest."""


@singledispatch
def text(result: Any) -> str:
    """Text of a result, without a line break at its end."""
    raise TypeError(f"{type(result).__name__} has no text of its own")


def _number(value: Any, digits: int = 4) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"
    return str(value)


def _p(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "-"
    return f"{value:.3g}" if value > 0 else "<1e-300"


def _table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns in line; the first to the left, the others to the right."""
    found = [tuple(_number(v) for v in row) for row in rows]
    shown = [tuple(names), *found[:_MOST]]
    wide = [max(len(r[c]) for r in shown) for c in range(len(names))]
    lines = [
        "  ".join([row[0].ljust(wide[0]), *(v.rjust(w) for v, w in zip(row[1:], wide[1:], strict=True))]).rstrip()
        for row in shown
    ]
    rest = len(found) - _MOST
    return "\n".join([*lines, *([f"... and {rest} more rows: see to_frame()"] if rest > 0 else [])])


def _sides(estimate: Estimate) -> tuple[Any, Any, Any]:
    pairs = ((estimate.value, estimate.status), (estimate.lower, estimate.lower_status))
    both = (*pairs, (estimate.upper, estimate.upper_status))
    return tuple(n if n is not None else w or NOT_ESTIMABLE for n, w in both)  # type: ignore[return-value]


def _percent(level: float) -> str:
    return f"{100 * level:g}%"


def _curves(curves: Sequence[SurvivalCurve], what: str = "median") -> str:
    level = _percent(curves[0].level)
    rows = [(c.group, c.n, c.events, *_sides(c.median())) for c in curves]
    return _table(("group", "n", "events", what, f"lower {level}", f"upper {level}"), rows)


@text.register
def _(km: KaplanMeier) -> str:
    return f"{km.method}\n{_curves(km.curves)}"


@text.register
def _(curve: SurvivalCurve) -> str:
    name = "Kaplan-Meier" if curve.estimator == "kaplan-meier" else "Fleming-Harrington"
    return f"{name} curve, {curve.conf_type} limits\n{_curves([curve])}"


@text.register
def _(found: FollowUp) -> str:
    head = "Follow-up by reverse Kaplan-Meier (events are the censorings)"
    return f"{head}\n{_curves(found.curves)}\n" + "\n".join(f"{r.group}: range {r}" for r in found.ranges)


@text.register
def _(ends: ObservedRange) -> str:
    return f"{ends.group}: {ends}"


@text.register
def _(found: CumulativeIncidence) -> str:
    last = found.at([found.last_follow_up])[0]
    level = _percent(found.level)
    names = ("group", "n", "events", f"incidence at {found.last_follow_up:g}", f"lower {level}", f"upper {level}")
    row = (found.group, found.n, found.events, *_sides(last))
    return f"Cumulative incidence of {found.cause}, {found.conf_type} limits\n{_table(names, [row])}"


def _states(curves: Iterable[StateCurves]) -> str:
    rows = [
        (c.group, state, c.n, float(c.n_event[:, k].sum()), c.last_follow_up, float(c.probability[-1, k]))
        for c in curves
        for k, state in enumerate(c.states)
    ]
    return _table(("group", "state", "n", "entries", "last time", "probability then"), rows)


@text.register
def _(model: StateModel) -> str:
    return f"{model.method}\n{_states(model.curves)}"


@text.register
def _(curves: StateCurves) -> str:
    return f"State probabilities, {curves.conf_type} limits\n{_states([curves])}"


@text.register
def _(test: LogRank) -> str:
    rows = zip(test.groups, test.n.tolist(), test.observed.tolist(), test.expected.tolist(), strict=True)
    table = _table(("group", "n", "observed", "expected"), rows)
    head = test.method[:1].upper() + test.method[1:]
    lines = [head, table, f"chi-square = {test.statistic:.4g} on {test.df} df, p = {_p(test.p)}"]
    if test.trend is not None:
        lines.append(f"trend: z = {test.trend.z:.4g}, p = {_p(test.trend.p)}")
    return "\n".join([*lines, *([test.status] if test.status else [])])


@text.register
def _(test: MaxCombo) -> str:
    table = _table(("weighting", "z"), zip(test.weightings, test.z.tolist(), strict=True))
    return f"Max-combo test\n{table}\nlargest |z| = {test.statistic:.4g} ({test.largest}), p = {_p(test.p)}"


@text.register
def _(test: GrayTest) -> str:
    why = f" ({test.status})" if test.status else ""
    return f"Gray's test, {test.cause}: chi-square = {test.statistic:.4g} on {test.df} df, p = {_p(test.p)}{why}"


@text.register
def _(test: ModelTest) -> str:
    return f"{test.name} test: chi-square = {test.statistic:.4g} on {test.df} df, p = {_p(test.p)}"


@text.register
def _(test: ProportionalHazardsTest) -> str:
    rows = [(r["term"], r["statistic"], r["df"], _p(r["p"])) for r in test.to_frame().iter_rows(named=True)]
    head = f"Test of proportional hazards, {test.transform} transform of time"
    return f"{head}\n{_table(('term', 'chi-square', 'df', 'p'), rows)}"


def _name(row: dict[str, Any]) -> str:
    return row["term"] + (f": {row['level']}" if row["level"] else "")


def _ratios(frame: pl.DataFrame, name: str, level: float) -> str:
    heads = ("", "coef", name, f"lower {_percent(level)}", f"upper {_percent(level)}", "se(coef)", "z", "p")
    rows = [
        (_name(r), r["coef"], r[name], r["lower"], r["upper"], r["std_error"], r.get("z", r.get("df")), _p(r["p"]))
        for r in frame.iter_rows(named=True)
    ]
    return _table(heads if "z" in frame.columns else (*heads[:6], "df", "p"), rows)


@text.register
def _(fit: CoxFit) -> str:
    robust = ", robust standard errors" if fit.use_robust else ""
    head = f"Cox regression, {fit.ties.capitalize()} ties{', Firth penalty' if fit.firth else ''}{robust}"
    left = f" ({fit.dropped} left out for missing values)" if fit.dropped else ""
    return (
        f"{head}\nn = {fit.n}, events = {fit.events}{left}\n{_ratios(fit.coefficients, 'HR', fit.level)}\n"
        f"{text(fit.likelihood_ratio)}"
    )


@text.register
def _(fit: FineGrayFit) -> str:
    head = f"Fine-Gray regression of cause {fit.cause!r} ({fit.method})"
    size = f"n = {fit.n}, events = {fit.events}, competing = {fit.competing}"
    return f"{head}\n{size}\n{_ratios(fit.to_frame(), 'SHR', fit.level)}"


@text.register
def _(fit: ImputedCox) -> str:
    head = f"Cox regression pooled over {len(fit.fits)} completed data sets (Rubin's rules)"
    size = f"n = {fit.fits[0].n}, events = {fit.fits[0].events}"
    return f"{head}\n{size}\n{_ratios(fit.coefficients, 'HR', fit.level)}"


@text.register
def _(found: Pooled) -> str:
    frame = found.to_frame()
    rows = frame.with_columns(pl.col("p").map_elements(_p, return_dtype=pl.String)).iter_rows()
    return f"Rubin's rules over {found.m} completed data sets, limits at 95%\n{_table(frame.columns, rows)}"


@text.register
def _(found: Concordance) -> str:
    low, high = found.limits()
    shown = f"{found.value:.4g} (95% CI {low:.4g} to {high:.4g}), se = {found.std_error:.3g}"
    return f"Concordance = {shown}, n = {found.n}, time weight {found.timewt}"


@text.register(CutPoint)
@text.register(InteractionResult)
def _(found: CutPoint | InteractionResult) -> str:
    return found.sentence


@text.register(Landmark)
@text.register(ImmortalTime)
def _(found: Landmark | ImmortalTime) -> str:
    return found.sentence()


@text.register
def _(found: SteppResult) -> str:
    names = {"lower_value": "least", "median_value": "median", "upper_value": "greatest"}
    frame = found.windows.rename(names).drop("status")
    rows = [(str(i), *row) for i, row in enumerate(frame.iter_rows(), start=1)]
    return f"{_table(('window', *frame.columns), rows)}\n{found.sentence}"


@text.register
def _(fit: ParametricFit) -> str:
    frame = fit.to_frame()
    head = f"{fit.distribution} model: n = {fit.n}, events = {fit.events}"
    tail = f"log likelihood = {fit.loglik:.6g}, AIC = {fit.aic:.6g}"
    return f"{head}\n{_table(frame.columns, frame.iter_rows())}\n{tail}"


@text.register
def _(fit: PiecewiseExponential) -> str:
    frame = fit.to_frame().drop("status")
    rows = ((_number(r[0]), *r[1:]) for r in frame.iter_rows())
    return f"Piecewise exponential model: n = {fit.n}\n{_table(frame.columns, rows)}\nAIC = {fit.aic:.6g}"


@text.register
def _(found: RmstContrast) -> str:
    level = _percent(found.difference.level)
    rows = [
        ("difference", *_sides(found.difference), _p(found.difference_p)),
        ("ratio", *_sides(found.ratio), _p(found.ratio_p)),
    ]
    head = f"Restricted means to {found.tau:g}: {found.group} against {found.reference}"
    return f"{head}\n{_table(('', 'estimate', f'lower {level}', f'upper {level}', 'p'), rows)}"


@text.register
def _(found: Bootstrap) -> str:
    frame = found.to_frame()
    rows = [(r["group"], *(_sides(e)), r["std_error"]) for r, e in zip(frame.to_dicts(), found.interval(), strict=True)]
    head = f"Bootstrap of {found.statistic}: {found.replicates.shape[0]} replicates, seed {found.seed}"
    return f"{head}\n{_table(('group', 'observed', 'lower 95%', 'upper 95%', 'se'), rows)}"


@text.register
def _(found: BaselineHazard) -> str:
    head = f"Cumulative baseline hazard at {found.time.size} times; see to_frame()"
    return f"{head}\n{found.hazard.max():.4g} at the end"


@text.register
def _(found: PredictedSurvival) -> str:
    times, subjects = found.survival.shape
    return f"Predicted survival of {subjects} subjects at {times} times; see to_frame(), evidence(times=...)"
