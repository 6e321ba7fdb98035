"""Newton's method on a partial likelihood, and the names of what keeps it from a finite maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.partial_likelihood import Evaluation

__all__ = ["Likelihood", "Maximum", "independent_columns", "maximise"]

Vector = NDArray[Any]
_DECREMENT = 1e-21
"""Newton stops when the gain still expected is below half of this; the last step is still taken."""
_ALIAS = float(np.finfo(float).eps ** 0.75)
"""Share of a column's information left after the columns before it, under which it counts as collinear."""
_FLAT = 1e-5
"""Information, in events, along a direction over its own range, under which the likelihood is monotone there."""


class Likelihood(Protocol):
    """What Newton's method needs to know of a likelihood."""

    @property
    def x(self) -> Any:
        """The design, one row a coefficient."""
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


def independent_columns(information: Vector) -> tuple[list[int], dict[int, list[int]]]:
    """Columns that carry information of their own, and for each other one those that determine it."""
    p = information.shape[0]
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    kept: list[int] = []
    aliased: dict[int, list[int]] = {}
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
    most: int = 60,
) -> Maximum:
    """Climb to the maximum by Newton steps, halved where the likelihood falls.

    Raises ``DataError`` where the likelihood cannot be evaluated or the steps do not settle.
    """
    here = null
    if start is not None:
        here = likelihood.evaluate(start, floor=null.loglik) or null
    before = np.inf
    for iteration in range(1, most + 1):
        step, decrement = _step(here)
        if decrement < _DECREMENT or (decrement < 1e-13 and decrement > before / 16):
            last = Evaluation(here.beta + step, here.loglik + decrement / 2, here.score * 0, here.information)
            return Maximum(last, null, _inverse(here.information), iteration)
        if iteration > 5 and decrement < 1e-3:
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
            raise DataError(
                "the partial likelihood cannot be raised any further nor evaluated: covariates may be of extreme"
                " size; look for outliers or rescale them"
            )
        here = there
    raise DataError(
        f"the partial likelihood did not settle in {most} Newton steps (expected gain still {before:.2g});"
        " look for a covariate that nearly separates events from the rest, or use penalty='firth'"
    )


def _step(at: Evaluation) -> tuple[Vector, float]:
    """Newton's step and the square of its length in standard errors."""
    size = np.sqrt(np.maximum(np.diag(at.information), 1e-300))
    try:
        scaled = np.linalg.solve(at.information / np.outer(size, size), at.score / size)
    except np.linalg.LinAlgError:
        scaled = np.linalg.lstsq(at.information / np.outer(size, size), at.score / size, rcond=None)[0]
    step = scaled / size
    return step, float(max(step @ at.score, 0.0))


def _inverse(information: Vector) -> Vector:
    size = np.sqrt(np.diag(information))
    inverse = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
    return (inverse + inverse.T) / 2


def _flat_columns(
    likelihood: Likelihood, at: Evaluation, step: Vector, decrement: float, event_weight: float
) -> tuple[tuple[int, int], ...]:
    """Columns along which the likelihood rises for ever, if the step moves along such a direction."""
    move = step @ likelihood.x
    reach = float(move.max() - move.min())
    if not decrement < _FLAT * event_weight * reach**2:
        return ()
    spread = likelihood.x.max(axis=1) - likelihood.x.min(axis=1)
    own = np.diag(at.information) < _FLAT * event_weight * spread**2
    share = np.abs(step) * spread
    named = own if own.any() else share > 0.05 * share.max()
    return tuple((int(k), 1 if at.beta[k] > 0 else -1) for k in np.flatnonzero(named))


def combination(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))
