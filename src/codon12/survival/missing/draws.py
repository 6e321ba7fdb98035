"""Random draws of missing values from regression models: predictive mean matching, and logistic for categories."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw_categories", "draw_matched", "standardised"]

Floats = NDArray[np.float64]

# A normal prior of this width on standardised coefficients keeps them finite where a predictor separates categories
# (Gelman and others 2008, Annals of Applied Statistics 2:1360, choose 2.5 as the scale).
_PRIOR_SD = 2.5


def standardised(x: Floats) -> Floats:
    """Columns with mean 0 and standard deviation 1, constant ones left out, beside a column of ones."""
    spread = x.std(axis=0)
    kept = spread > 1e-12 * np.maximum(np.abs(x).max(axis=0, initial=0.0), 1e-300)
    z = (x[:, kept] - x[:, kept].mean(axis=0)) / spread[kept]
    return np.column_stack([np.ones(len(x)), z])


def draw_matched(y: Floats, x: Floats, known: NDArray[np.bool_], rng: np.random.Generator, *, donors: int) -> Floats:
    """Values of the unknown rows, each that of a known row with one of the nearest predicted means.

    The regression's coefficients are drawn from their posterior for the unknown rows and taken at their estimate for
    the known ones (type 1 matching).

    References
    ----------
    Little 1988; Morris, White and Royston 2014, BMC Medical Research Methodology 14:75.
    """
    observed, target = x[known], x[~known]
    cross = observed.T @ observed
    cross += np.diag(1e-5 * np.diag(cross) + 1e-12)
    root = np.linalg.cholesky(cross)
    beta = np.linalg.solve(cross, observed.T @ y[known])
    free = max(observed.shape[0] - observed.shape[1], 1)
    sigma = np.sqrt(((y[known] - observed @ beta) ** 2).sum() / rng.chisquare(free))
    drawn = beta + sigma * np.linalg.solve(root.T, rng.standard_normal(beta.size))
    shuffled = rng.permutation(observed.shape[0])  # so that equal predictions lie in random order
    predicted = (observed @ beta)[shuffled]
    order = np.argsort(predicted, kind="stable")
    ranked = predicted[order]
    wanted = target @ drawn
    count = min(donors, ranked.size)
    near = np.searchsorted(ranked, wanted)[:, None] + np.arange(-count, count)
    outside = (near < 0) | (near >= ranked.size)
    distance = np.abs(ranked[np.clip(near, 0, ranked.size - 1)] - wanted[:, None])
    nearest = np.argsort(np.where(outside, np.inf, distance), axis=1, kind="stable")[:, :count]
    chosen = np.take_along_axis(near, nearest, axis=1)[np.arange(wanted.size), rng.integers(0, count, wanted.size)]
    return y[known][shuffled[order[chosen]]]


def draw_categories(
    codes: NDArray[np.intp], x: Floats, known: NDArray[np.bool_], rng: np.random.Generator, *, levels: int
) -> NDArray[np.intp]:
    """Categories of the unknown rows, drawn from a (multinomial) logistic regression.

    Its coefficients are drawn from the normal approximation of their posterior.

    References
    ----------
    Rubin 1987, section 5.3; White, Royston and Wood 2011, Statistics in Medicine 30:377.
    """
    beta, root = _logistic(codes[known], x[known], levels)
    step = np.linalg.solve(root.T, rng.standard_normal(beta.size))
    chances = _chances(x[~known], (beta.ravel() + step).reshape(beta.shape))
    return (chances.cumsum(axis=1)[:, :-1] < rng.random(chances.shape[0])[:, None]).sum(axis=1)


def _chances(x: Floats, beta: Floats) -> Floats:
    """Probability of every category, the first being the reference: rows by levels."""
    score = np.column_stack([np.zeros(len(x)), x @ beta.T])
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)


def _logistic(codes: NDArray[np.intp], x: Floats, levels: int) -> tuple[Floats, Floats]:
    """Posterior mode (levels - 1 by columns) and the lower Cholesky root of the information there."""
    p = x.shape[1]
    hits = (codes[:, None] == np.arange(1, levels)).astype(float)
    prior = np.tile(np.r_[1e-6, np.full(p - 1, _PRIOR_SD**-2)], levels - 1)  # the intercept is free
    beta = np.zeros((levels - 1, p))
    value = -np.inf
    step: Floats = np.zeros(beta.size)
    root: Floats = np.eye(beta.size)
    for _ in range(100):
        chances = _chances(x, beta)
        score = (hits - chances[:, 1:]).T @ x
        gradient = score.ravel() - prior * beta.ravel()
        now = float(np.log(np.take_along_axis(chances, codes[:, None], axis=1) + 1e-300).sum())
        now -= 0.5 * float(prior @ beta.ravel() ** 2)
        if now < value - 1e-9 * abs(value):  # the step was too long
            step = step / 2
            beta = beta - step.reshape(beta.shape)
            continue
        information: Floats = _information(x, chances[:, 1:])
        information += np.diag(prior)
        root = np.asarray(np.linalg.cholesky(information), dtype=np.float64)
        done = np.isfinite(value) and now - value <= 1e-9 * (1 + abs(now))
        if done:
            break
        value = now
        step = np.linalg.solve(information, gradient)
        beta = beta + step.reshape(beta.shape)
    return beta, root


def _information(x: Floats, chances: Floats) -> Floats:
    """Information of a multinomial regression, category by category in blocks: one product of matrices each."""
    kinds, p = chances.shape[1], x.shape[1]
    out: Floats = np.empty((kinds * p, kinds * p))
    for k in range(kinds):
        for m in range(k + 1):
            weight = chances[:, k] * ((1.0 if k == m else 0.0) - chances[:, m])
            block = (x * weight[:, None]).T @ x
            out[k * p : (k + 1) * p, m * p : (m + 1) * p] = block
            out[m * p : (m + 1) * p, k * p : (k + 1) * p] = block.T
    return out
