"""All outcomes of a basket trial with their probabilities, or a sample of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import factorial, prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codon12.numbers import binomial_pmf

__all__ = ["OneStage", "Outcomes", "TwoStages", "sampled"]


class _Rule(Protocol):
    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]: ...


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of a basket trial.

    Attributes
    ----------
    chance
        Probability of each outcome, shape (outcomes,).
    posterior
        Pr(rate > null rate) of each basket at the end; -1 where it had stopped, shape (outcomes, baskets).
    size
        Patients treated.
    trials
        0 where all outcomes are enumerated, else how many were simulated.
    """

    chance: NDArray[np.float64]
    posterior: NDArray[np.float64]
    size: NDArray[np.float64]
    trials: int = 0


class OneStage:
    """Every outcome of a trial without looks, as multisets of like baskets.

    Baskets are alike if they have the same size and null rate; their outcomes are listed in order, and the rates are
    dealt to them in every distinct way.
    """

    def __init__(self, rule: _Rule, n: NDArray, p0: NDArray) -> None:
        self.n, self.groups = n, list(_like(n, p0).values())
        parts = [
            np.array(list(itertools.combinations_with_replacement(range(int(n[g[0]]) + 1), len(g))))
            for g in self.groups
        ]
        rows = np.indices([len(part) for part in parts]).reshape(len(parts), -1)
        self.x = np.empty((rows.shape[1], len(n)), dtype=np.int64)
        self.repeats = np.ones(rows.shape[1])
        for members, part, row in zip(self.groups, parts, rows, strict=True):
            self.x[:, members] = part[row]
            self.repeats *= _repeats(part)[row]
        self.posterior = rule.probabilities(self.x, n, p0)

    def count(self, rates: NDArray) -> int:
        """Tell how many outcomes with their rates there are."""
        same = prod(factorial(c) for g in self.groups for c in Counter(float(rates[i]) for i in g).values())
        return len(self.x) * prod(factorial(len(g)) for g in self.groups) // same

    def outcomes(self, rates: NDArray) -> Outcomes:
        """Give the outcomes with their probabilities at true rates."""
        pmf = {
            (int(m), float(r)): binomial_pmf(np.arange(m + 1), int(m), r) for m, r in zip(self.n, rates, strict=True)
        }
        deals = [list(_deals([float(rates[i]) for i in g])) for g in self.groups]
        same = np.prod([factorial(c) for g in self.groups for c in Counter(float(rates[i]) for i in g).values()])
        chances, posteriors = [], []
        for deal in itertools.product(*deals):
            chance = same / self.repeats
            posterior = np.empty_like(self.posterior)
            for members, dealt in zip(self.groups, deal, strict=True):
                left = list(members)
                for place, rate in zip(members, dealt, strict=True):
                    chance = chance * pmf[int(self.n[place]), rate][self.x[:, place]]
                    owner = next(i for i in left if float(rates[i]) == rate)
                    left.remove(owner)
                    posterior[:, owner] = self.posterior[:, place]
            chances.append(chance)
            posteriors.append(posterior)
        size = np.full(len(chances) * len(self.x), float(self.n.sum()))
        return Outcomes(np.concatenate(chances), np.concatenate(posteriors), size)


class TwoStages:
    """Every outcome of a trial with one look, for each set of stopped baskets."""

    def __init__(self, rule: _Rule, n: NDArray, p0: NDArray, first: NDArray, futility: float) -> None:
        self.rule, self.n, self.p0, self.first = rule, n, p0, first
        self.stops = _by_multiset(rule, _grid(first), first, p0) < futility
        self._known: dict[tuple[bool, ...], NDArray] = {}

    def outcomes(self, rates: NDArray) -> Outcomes:
        """Give the outcomes with their probabilities at true rates."""
        start = _product([binomial_pmf(np.arange(m + 1), m, p) for m, p in zip(self.first, rates, strict=True)])
        chances, posteriors, sizes = [], [], []
        for stopped in itertools.product((False, True), repeat=len(self.n)):
            here = np.array(stopped)
            mass = np.where((self.stops == here).all(axis=1), start.ravel(), 0.0).reshape(start.shape)
            if not mass.any():
                continue
            for i in np.flatnonzero(~here):
                mass = _grow(mass, int(i), int(self.n[i] - self.first[i]), float(rates[i]))
            kept = np.flatnonzero(mass.ravel() > 0)
            chances.append(mass.ravel()[kept])
            posteriors.append(self._posterior(stopped)[kept])
            sizes.append(np.full(len(kept), float(np.where(here, self.first, self.n).sum())))
        return Outcomes(np.concatenate(chances), np.concatenate(posteriors), np.concatenate(sizes))

    def _posterior(self, stopped: tuple[bool, ...]) -> NDArray[np.float64]:
        if stopped not in self._known:
            here = np.array(stopped)
            final = np.where(here, self.first, self.n)
            posterior = _by_multiset(self.rule, _grid(final), final, self.p0)
            posterior[:, here] = -1.0
            self._known[stopped] = posterior
        return self._known[stopped]


def sampled(
    rule: _Rule,
    n: NDArray,
    p0: NDArray,
    rates: NDArray,
    first: NDArray | None,
    futility: float,
    *,
    trials: int,
    seed: int,
) -> Outcomes:
    """Simulate trials; the same seed for every scenario, so that scenarios differ by their rates alone."""
    rng = np.random.default_rng(seed)
    chance = np.full(trials, 1 / trials)
    if first is None:
        x = rng.binomial(n, rates, size=(trials, len(n)))
        return Outcomes(chance, _by_multiset(rule, x, n, p0), np.full(trials, float(n.sum())), trials)
    x1 = rng.binomial(first, rates, size=(trials, len(n)))
    more = rng.binomial(n - first, rates, size=(trials, len(n)))
    stops = _by_multiset(rule, x1, first, p0) < futility
    posterior = np.full(x1.shape, -1.0)
    size = np.zeros(trials)
    for here in np.unique(stops, axis=0):
        rows = (stops == here).all(axis=1)
        final = np.where(here, first, n)
        found = _by_multiset(rule, np.where(here, x1[rows], x1[rows] + more[rows]), final, p0)
        found[:, here] = -1.0
        posterior[rows] = found
        size[rows] = final.sum()
    return Outcomes(chance, posterior, size, trials)


def _by_multiset(rule: _Rule, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
    """Posterior probabilities, computed once for outcomes that differ only by the order of like baskets."""
    x = np.asarray(x, dtype=np.int64)
    order = np.empty(x.shape, dtype=np.int64)
    for members in _like(n, p0).values():
        order[:, members] = np.array(members)[np.argsort(x[:, members], axis=1, kind="stable")]
    ordered = np.take_along_axis(x, order, axis=1)
    place = np.cumprod(np.append(1, n[:-1] + 1))
    _, index, inverse = np.unique(ordered @ place, return_index=True, return_inverse=True)
    found = rule.probabilities(ordered[index], n, p0)[inverse]
    out = np.empty(x.shape)
    np.put_along_axis(out, order, found, axis=1)
    return out


def _like(n: NDArray, p0: NDArray) -> dict[tuple[int, float], list[int]]:
    """Baskets of the same size and null rate."""
    like: dict[tuple[int, float], list[int]] = {}
    for i, (m, q) in enumerate(zip(n, p0, strict=True)):
        like.setdefault((int(m), float(q)), []).append(i)
    return like


def _repeats(ordered: NDArray) -> NDArray[np.float64]:
    """Product of the factorials of how often each value occurs, in rows in order."""
    out, run = np.ones(len(ordered)), np.ones(len(ordered))
    for i in range(1, ordered.shape[1]):
        run = np.where(ordered[:, i] == ordered[:, i - 1], run + 1, 1.0)
        out *= run
    return out


def _deals(rates: Sequence[float]) -> Iterator[tuple[float, ...]]:
    """Every distinct order of the rates."""
    if not rates:
        yield ()
    for rate in sorted(set(rates)):
        rest = list(rates)
        rest.remove(rate)
        for others in _deals(rest):
            yield rate, *others


def _grid(n: NDArray) -> NDArray[np.int64]:
    return np.indices([int(m) + 1 for m in n]).reshape(len(n), -1).T


def _product(parts: list[NDArray]) -> NDArray[np.float64]:
    out = np.ones(())
    for part in parts:
        out = np.multiply.outer(out, part)
    return out


def _grow(mass: NDArray, axis: int, more: int, rate: float) -> NDArray[np.float64]:
    """Add `more` patients to one basket: a convolution along its axis."""
    pmf = binomial_pmf(np.arange(more + 1), more, rate)
    moved = np.moveaxis(mass, axis, 0)
    out = np.zeros((moved.shape[0] + more, *moved.shape[1:]))
    for j, weight in enumerate(pmf):
        out[j : j + moved.shape[0]] += weight * moved
    return np.moveaxis(out, 0, axis)
