"""Cox's proportional hazards regression."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.cox.exact import ExactLikelihood
from codon12.survival.cox.fit import CoxFit
from codon12.survival.cox.likelihood import Evaluation, PartialLikelihood, Ties
from codon12.survival.cox.newton import combination, independent_columns, maximise
from codon12.survival.cox.order import RiskOrder, risk_order
from codon12.survival.subjects.frame import CoxData, read_columns
from codon12.survival.subjects.options import check_choice, check_level

if TYPE_CHECKING:
    pass

__all__ = ["Collinear", "cox"]

Collinear = Literal["error", "drop"]


def cox(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    terms: Any,
    ties: Ties = "efron",
    strata: Any = None,
    cluster: Any = None,
    weights: Any = None,
    entry: Any = None,
    robust: bool | None = None,
    penalty: Literal["firth"] | None = None,
    collinear: Collinear = "error",
    level: float = 0.95,
) -> CoxFit:
    """Fit a Cox model by maximum partial likelihood.

    Parameters
    ----------
    frame
        A polars or pandas frame, or a mapping of columns. One row a subject, or an interval of one (`entry`, `time`]
        for time-dependent covariates. Rows with a
        missing value in a column used are left out and counted in ``dropped``. Without a frame the other
        arguments are arrays.
    time, event
        Columns (names or arrays): non-negative times in any unit, and 0/1 or booleans with 1 the event. Times
        that differ by rounding alone count as tied.
    terms
        Column names, ``factor("arm", reference="A")``, interactions as ``"arm:sex"`` or ``"arm*sex"`` (with its
        main effects). Text columns are factors, categories (Enum, pandas) in their own order; dates are refused. A
        matrix (subjects by covariates) is taken as it is.
    ties
        ``efron``, ``breslow``, or ``exact`` (the discrete conditional likelihood).
    strata, cluster
        Column or columns whose levels have their own baseline hazard; column of the subject or centre within
        which rows are dependent (the variance is then robust).
    weights
        Positive case weights; where they are not whole numbers the variance is robust.
    entry
        Start of observation: a row is at risk after it, up to and including `time`.
    robust
        Whether the variance is the sandwich; by default with `cluster` and with non-integer weights.
    penalty
        ``firth`` maximises the likelihood times the square root of the information, which is finite also
        where a covariate separates events from the rest.
    collinear
        ``error`` names terms that others determine; ``drop`` leaves them out, with null coefficients.
    level
        Confidence level.

    Raises
    ------
    UsageError
        Unknown column or option.
    DataError
        No complete row, no event, collinear terms, or a term that separates: the message names it.

    References
    ----------
    Cox 1972, 1975; Efron 1977; Breslow 1974; Lin and Wei 1989 (robust variance); Firth 1993 and Heinze and
    Schemper 2001 (penalty). Agrees with R survival's ``coxph`` at full convergence.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"months": [4, 3, 1, 1, 2, 2, 3], "died": [1, 1, 1, 0, 1, 1, 0],
    ...                       "marker": [0, 2, 1, 1, 1, 0, 0]})
    >>> fit = cox(frame, time="months", event="died", terms="marker", ties="breslow")
    >>> round(float(fit.coef[0]), 6)
    0.483893
    """
    check_choice("ties", ties, get_args(Ties))
    check_level(level)
    check_choice("robust", robust, (None, True, False))
    check_choice("penalty", penalty, (None, "firth"))
    check_choice("collinear", collinear, get_args(Collinear))
    if ties == "exact" and (weights is not None or cluster is not None or robust or penalty):
        raise UsageError("ties='exact' has no weights, robust variance or penalty; take ties='efron'")
    if terms is None:
        raise UsageError("terms must name at least one column of the frame, or be numbers; got None")
    data = read_columns(
        frame, time=time, event=event, terms=terms, entry=entry, strata=strata, cluster=cluster, weights=weights
    )
    if not data.event.any():
        raise DataError(f"no events among the {data.event.size} rows used: a hazard ratio cannot be estimated")
    if robust is None:
        uneven = data.weights is not None and bool(np.any(data.weights != np.floor(data.weights)))
        robust = cluster is not None or uneven
    elif not robust and cluster is not None:
        raise UsageError("cluster asks for the robust variance; leave robust out, or cluster")
    return _fit(data, ties=ties, robust=robust, firth=penalty == "firth", collinear=collinear, level=level)


def _fit(data: CoxData, *, ties: Ties, robust: bool, firth: bool, collinear: Collinear, level: float) -> CoxFit:
    from codon12.survival.cox.firth import FirthLikelihood

    order = risk_order(
        data.time, data.event, entry=data.entry, stratum=None if data.strata is None else data.strata.codes
    )
    likelihood, centre, scale = _likelihood(data, order, ties)
    null = likelihood.evaluate(np.zeros(centre.size))
    if null is None:
        raise DataError("the partial likelihood is not finite at zero: look for covariates or weights of extreme size")
    kept, aliased = independent_columns(null.information, _rounding(likelihood, null))
    names = [c.name for c in data.design.columns]
    if aliased and collinear == "error":
        raise DataError(_collinear_message(names, aliased))
    if not kept:
        raise DataError("no covariate varies among subjects at risk together: nothing can be estimated")
    if aliased:
        likelihood = replace(likelihood, x=likelihood.x[kept])
        null = Evaluation(null.beta[kept], null.loglik, null.score[kept], null.information[np.ix_(kept, kept)])
    event_weight = 1.0 if data.weights is None else float(data.weights[data.event].mean())
    if firth:
        if not isinstance(likelihood, PartialLikelihood):  # pragma: no cover - refused above
            raise UsageError("ties='exact' has no penalty")
        penalised = FirthLikelihood(likelihood)
        null = penalised.at_zero()
        found = maximise(penalised, null, event_weight=0.0, most=500)
    else:
        found = maximise(likelihood, null, event_weight=event_weight, events=int(data.event.sum()))
    if found.separating:
        raise DataError(_separation_message([names[kept[k]] for k, _ in found.separating], found.separating))
    return CoxFit(
        data=data,
        likelihood=likelihood,
        maximum=found,
        kept=tuple(kept),
        centre=centre[kept],
        scale=scale[kept],
        ties=ties,
        use_robust=robust,
        firth=firth,
        level=level,
    )


def _likelihood(
    data: CoxData, order: RiskOrder, ties: Ties
) -> tuple[PartialLikelihood | ExactLikelihood, NDArray[np.float64], NDArray[np.float64]]:
    """Likelihood over the design centred at its means and scaled to mean absolute deviations of one."""
    x = data.design.x
    centre = x.mean(axis=1)
    sorted_x = _gather(x, order.row, centre)
    scale = np.array([np.abs(v).sum() for v in sorted_x]) / order.row.size
    centre_size = np.abs(centre)
    scale[scale <= 1e-14 * centre_size] = 0.0
    scale = np.where(scale > 0, scale, 1.0)
    sorted_x /= scale[:, None]
    if ties == "exact":
        return ExactLikelihood(order, sorted_x), centre, scale
    weight = None if data.weights is None else data.weights[order.row]
    return PartialLikelihood(order, sorted_x, weight, ties == "efron"), centre, scale


def _rounding(likelihood: PartialLikelihood | ExactLikelihood, null: Evaluation) -> NDArray[np.float64]:
    """Information that rounding can leave of a column constant within every risk set."""
    if isinstance(likelihood, ExactLikelihood):
        likelihood = PartialLikelihood(likelihood.order, likelihood.x, None, False)
    least = np.zeros(null.beta.size)
    low = np.flatnonzero(np.diag(null.information) < 1e-6 * likelihood.dead.sum())
    if low.size:
        _, risk, _ = likelihood.risk(null.beta)
        signed, total, tied = likelihood.zeroth(risk)
        exposure = signed * likelihood.order.per_mark(likelihood.hazard(likelihood.tie_sums(total, tied)))
        least[low] = 1e-13 * (likelihood.x[low] ** 2 @ np.abs(exposure))
    return least


def _gather(x: NDArray[np.float64], row: NDArray[np.intp], centre: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred design in the order of marks; rows that lie together in memory are fetched together."""
    out = np.empty((x.shape[0], row.size))
    if x.shape[0] > 1 and x.T.flags.c_contiguous:
        rows = x.T
        for low in range(0, row.size, 4096):
            part = slice(low, low + 4096)
            np.subtract(rows[row[part]].T, centre[:, None], out=out[:, part])
        return out
    for values, middle, into in zip(x, centre, out, strict=True):
        np.take(values, row, out=into, mode="clip")
        np.subtract(into, middle, out=into)
    return out


def _collinear_message(names: list[str], aliased: dict[int, list[int]]) -> str:
    parts = []
    for j, others in aliased.items():
        if others:
            parts.append(f"term {names[j]!r} is determined by {combination([repr(names[k]) for k in others])}")
        else:
            parts.append(f"term {names[j]!r} does not vary among subjects at risk together at any event")
    return "; ".join(parts) + ". Leave it out, or take collinear='drop'"


def _separation_message(names: list[str], separating: tuple[tuple[int, int], ...]) -> str:
    if len(names) == 1:
        sign = separating[0][1]
        extreme, ratio = ("highest", "infinite") if sign > 0 else ("lowest", "zero")
        text = (
            f"term {names[0]!r} separates: at every event the subject with the event has the {extreme} value of it"
            f" among those at risk, so the hazard ratio is estimated as {ratio}"
        )
    else:
        text = f"terms {combination([repr(n) for n in names])} separate: along them the likelihood only grows"
    return text + ". Take penalty='firth' for a finite estimate with profile limits, or leave the term out"
