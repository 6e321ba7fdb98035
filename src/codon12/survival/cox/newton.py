"""Newton's method on a partial likelihood, and the names of what keeps it from a finite maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.cox.likelihood import Evaluation
from codon12.survival.cox.order import RiskOrder

__all__ = ["Likelihood", "Maximum", "independent_columns", "maximise"]

Vector = NDArray[Any]
_DECREMENT = 1e-22
"""Newton stops when the gain still expected is below half of this an event; the last step is still taken. What the
step changes in the information is then beyond the tenth digit."""
_ALIAS = float(np.finfo(float).eps ** 0.75)
"""Share of a column's information left after the columns before it, under which it counts as collinear."""
_FLAT = 1e-5
"""Information, in events, along a direction over its own range, under which the likelihood is monotone there."""

_RUNAWAY = 30.0
"""Range of the linear predictor beyond which a likelihood that still grows counts as without a maximum."""


class Likelihood(Protocol):
    """What Newton's method needs to know of a likelihood."""

    @property
    def x(self) -> Any:
        """The design, one row a coefficient."""
        ...

    @property
    def order(self) -> Any:
        """Marks backwards in time."""
        ...

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives, or None where they are not finite or the value is below `floor`."""
        ...


@dataclass(frozen=True)
class Maximum:
    """The maximum, the likelihood at zero, and the way there."""

    at: Evaluation
    null: Evaluation
    covariance: Vector
    iterations: int
    separating: tuple[tuple[int, int], ...] = ()
    """(column, sign) of columns along which the likelihood only grows."""


def independent_columns(information: Vector, least: Vector | float = 0.0) -> tuple[list[int], dict[int, list[int]]]:
    """Columns that carry information of their own, and for each other one those that determine it.

    What lies at or below `least` is what rounding leaves of no information.
    """
    p = information.shape[0]
    own = np.diag(information)
    size = np.sqrt(np.where(own > least, own, 0.0))
    kept: list[int] = []
    aliased: dict[int, list[int]] = {}
    if np.all(size > 0):
        try:  # squared diagonal of the factor: each column's share left after those before it
            left = np.diag(np.linalg.cholesky(information / np.outer(size, size))) ** 2
        except np.linalg.LinAlgError:
            left = np.zeros(p)
        if np.all(left > 1e3 * _ALIAS):
            return list(range(p)), aliased
    for j in range(p):
        if not size[j] > 0:
            aliased[j] = []
            continue
        corr = information[kept, j] / size[j] / size[kept]
        inner = information[np.ix_(kept, kept)] / np.outer(size[kept], size[kept])
        weights = np.linalg.solve(inner, corr) if kept else np.empty(0)
        if 1 - weights @ corr < _ALIAS:
            aliased[j] = [k for k, w in zip(kept, weights, strict=True) if abs(w) > 1e-6]
        else:
            kept.append(j)
    return kept, aliased


def maximise(
    likelihood: Likelihood,
    null: Evaluation,
    *,
    start: Vector | None = None,
    event_weight: float = 1.0,
    events: int = 100,
    most: int = 60,
) -> Maximum:
    """Climb to the maximum by Newton steps, halved where the likelihood falls.

    Raises ``DataError`` where the likelihood cannot be evaluated, or the steps do not settle.
    """
    here = null
    if start is not None:
        here = likelihood.evaluate(start, floor=null.loglik) or null
    before = np.inf
    enough = min(_DECREMENT * events, 1e-16)
    for iteration in range(1, most + 1):
        step, decrement = _step(here)
        if not decrement > -1e-8:
            return _lost(likelihood, here, null, iteration)
        if decrement < enough or (decrement < 1e-13 and decrement > before / 16):
            last = Evaluation(here.beta + step, here.loglik + decrement / 2, here.score * 0, here.information)
            return Maximum(last, null, _inverse(here.information), iteration)
        if iteration > 5:
            flat = _flat_columns(likelihood, here, step, decrement, event_weight)
            if flat:
                return Maximum(here, null, np.full_like(here.information, np.nan), iteration, flat)
        before = decrement
        floor = here.loglik - 1e-12 * abs(here.loglik) - 1e-12
        for halving in range(40):
            there = likelihood.evaluate(here.beta + step / 2**halving, floor=floor)
            if there is not None:
                break
        else:
            return _lost(likelihood, here, null, iteration)
        here = there
    raise DataError(
        f"the partial likelihood did not settle in {most} Newton steps (expected gain still {before:.2g});"
        " look for a covariate that nearly separates events from the rest, or use penalty='firth'"
    )


def _step(at: Evaluation) -> tuple[Vector, float]:
    """Newton's step and the square of its length in standard errors."""
    size = np.sqrt(np.maximum(at.information.diagonal(), 1e-300))
    correlation = at.information / (size[:, None] * size)
    try:
        scaled = np.linalg.solve(correlation, at.score / size)
    except np.linalg.LinAlgError:
        scaled = np.linalg.lstsq(correlation, at.score / size, rcond=None)[0]
    step = scaled / size
    return step, float(step @ at.score)


def _inverse(information: Vector) -> Vector:
    own = np.diag(information)
    if not np.all(own > 0):
        raise DataError(
            "the information at the estimate is lost in rounding: a covariate may be of extreme size or nearly"
            " determined by the others; look for outliers, or rescale or leave out terms"
        )
    size = np.sqrt(own)
    inverse = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
    return (inverse + inverse.T) / 2


def _lost(likelihood: Likelihood, here: Evaluation, null: Evaluation, iteration: int) -> Maximum:
    """Newton can go no further: by columns that run away, which are named, or else for no reason known."""
    if float(np.ptp(here.beta @ likelihood.x)) < _RUNAWAY:
        raise DataError(
            "the partial likelihood cannot be raised any further nor evaluated: covariates may be of extreme"
            " size; look for outliers or rescale them"
        )
    share = np.abs(here.beta) * np.ptp(likelihood.x, axis=1)
    away = tuple((int(k), int(np.sign(here.beta[k]))) for k in np.flatnonzero(share > 0.05 * share.max()))
    return Maximum(here, null, np.full_like(here.information, np.nan), iteration, away)


def _flat_columns(
    likelihood: Likelihood, at: Evaluation, step: Vector, decrement: float, event_weight: float
) -> tuple[tuple[int, int], ...]:
    """Columns along which the likelihood rises for ever, if the step moves along such a direction.

    Either no information is left along the step, or, where nobody enters late, it is seen that at every event
    the direction is highest for the dead.
    """
    move = step @ likelihood.x
    reach = float(move.max() - move.min())
    spread = likelihood.x.max(axis=1) - likelihood.x.min(axis=1)
    share = np.abs(at.beta) * spread
    if decrement < min(1e-3, _FLAT * event_weight * reach**2):
        own = np.diag(at.information) < _FLAT * event_weight * spread**2
    elif event_weight > 0 and float(np.ptp(at.beta @ likelihood.x)) > 30 and _separates(likelihood, at.beta):
        own = np.array([_separates(likelihood, b) for b in np.diag(np.sign(at.beta))])
    else:
        return ()
    named = own if own.any() else share > 0.05 * share.max()
    return tuple((int(k), 1 if at.beta[k] > 0 else -1) for k in np.flatnonzero(named))


def _separates(likelihood: Likelihood, direction: Vector) -> bool:
    """Whether at every event the direction is nowhere higher among those at risk than for the dead."""
    order: RiskOrder | None = likelihood.order
    if order is None or order.sign is not None:
        return False
    value = direction @ likelihood.x
    value = value - value.min()
    stratum = np.zeros(order.start.size)
    stratum[order.stratum_start] = 1
    # Strata are lifted above each other, so that one running maximum serves all.
    lifted = value + order.per_mark(np.cumsum(stratum)) * (2 * value.max() + 1)
    highest = np.maximum.accumulate(np.maximum.reduceat(lifted, order.start))[order.death_segment]
    dead = np.minimum.reduceat(lifted, order.start)[order.death_segment]
    return bool(np.all(dead >= highest - 1e-9 * value.max()))


def combination(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))
