"""How the baskets of a trial learn from one another: each rule gives posterior probabilities for many outcomes."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.errors import DesignError
from codon12.policy import Policy

__all__ = ["Borrowing", "Fujikawa", "Independent", "Pooled", "PowerPrior", "divergence"]

_SHAPE = msgspec.Meta(description="A beta prior parameter of every basket is {value}.")
_MOST = 500  # patients of a basket: beyond, the tables of divergences take minutes


def _check_prior(a: float, b: float) -> None:
    if not (0.001 <= a <= 1000 and 0.001 <= b <= 1000):
        raise DesignError(f"both parameters of a basket's prior must lie between 0.001 and 1000; got beta({a:g},{b:g})")


class Independent(Policy, frozen=True, tag="independent"):
    """Each basket by itself."""

    a: Annotated[float, _SHAPE] = 1.0
    b: Annotated[float, _SHAPE] = 1.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no distribution."""
        _check_prior(self.a, self.b)

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(rate > p0) of each basket (columns) for each outcome (rows)."""
        return _upper(self.a + x, self.b + n - x, p0)


class Pooled(Policy, frozen=True, tag="pooled"):
    """All baskets as one."""

    a: Annotated[float, _SHAPE] = 1.0
    b: Annotated[float, _SHAPE] = 1.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no distribution."""
        _check_prior(self.a, self.b)

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(common rate > p0) of each basket (columns) for each outcome (rows)."""
        total, size = x.sum(axis=1, keepdims=True), n.sum()
        return _upper(self.a + total, self.b + size - total, np.broadcast_to(p0, x.shape))


class Fujikawa(Policy, frozen=True, tag="fujikawa"):
    """Share posteriors by their Jensen-Shannon divergence (Fujikawa et al. 2020).

    The weight of basket j for basket i is (1 - JSD)^epsilon where that is above tau, else 0; the shared posterior is
    Beta(sum of w (a + x), sum of w (b + n - x)), priors shared as well.
    """

    epsilon: Annotated[float, msgspec.Meta(description="Similarity is raised to the power {value}.")] = 2.0
    tau: Annotated[float, msgspec.Meta(description="Similarities of {value} or less count as none.")] = 0.0
    log_base: Annotated[
        float, msgspec.Meta(description="The divergence is measured with logarithms to the base {value}.")
    ] = float(np.e)
    a: Annotated[float, _SHAPE] = 1.0
    b: Annotated[float, _SHAPE] = 1.0

    def __post_init__(self) -> None:
        """Refuse weights that cannot be."""
        _check_prior(self.a, self.b)
        if not (0 < self.epsilon <= 1000 and 0 <= self.tau < 1 and 1 < self.log_base <= 1e6):
            raise DesignError("Fujikawa's rule needs epsilon above 0, tau in [0, 1) and a logarithm base above 1")

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(rate > p0) of each basket (columns) for each outcome (rows)."""
        weights = {}
        for m1, m2 in {(int(i), int(j)) for i in n for j in n}:
            jsd = divergence(m1, m2, self.a, self.b) / np.log(self.log_base)
            w = (1 - jsd) ** self.epsilon
            weights[m1, m2] = np.where(w > self.tau, w, 0.0)
        return _shared(x, n, p0, weights, self.a, self.b, share_prior=True)


class PowerPrior(Policy, frozen=True, tag="power-prior"):
    """Add the data of the other baskets, each counted at a discount.

    The discount is a fixed power, or with `calibrated` falls with the difference of the observed rates:
    1 / (1 + exp(c + d log(max(n_i, n_j)^(1/4) |difference|))) (Pan, Yuan and Xia 2017; Baumann et al. 2024).
    """

    power: Annotated[float, msgspec.Meta(description="Other baskets count at a power of {value}.")] = 0.5
    calibrated: Annotated[
        bool,
        msgspec.Meta(
            description="",
            extra={
                "true": "The power is calibrated by the difference of the observed rates.",
                "false": "The power is fixed.",
            },
        ),
    ] = False
    c: Annotated[float, msgspec.Meta(description="The calibrated power has the intercept {value}.")] = 1.0
    d: Annotated[float, msgspec.Meta(description="The calibrated power has the slope {value}.")] = 1.0
    a: Annotated[float, _SHAPE] = 1.0
    b: Annotated[float, _SHAPE] = 1.0

    def __post_init__(self) -> None:
        """Refuse a power outside [0, 1]."""
        _check_prior(self.a, self.b)
        if not (0 <= self.power <= 1 and 0 < self.d <= 1000 and abs(self.c) <= 1000):
            raise DesignError("a power prior needs a power in [0, 1], or calibrated a slope above 0")

    def sentences(self) -> dict[str, str]:
        """One sentence a choice that the weights depend on: the power, or what calibrates it."""
        idle = {"power"} if self.calibrated else {"c", "d"}
        return {name: text for name, text in super().sentences().items() if name not in idle}

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(rate > p0) of each basket (columns) for each outcome (rows)."""
        weights = {}
        for m1, m2 in {(int(i), int(j)) for i in n for j in n}:
            w = np.full((m1 + 1, m2 + 1), self.power)
            if self.calibrated:
                apart = np.abs(np.arange(m1 + 1)[:, None] / m1 - np.arange(m2 + 1) / m2) * max(m1, m2) ** 0.25
                with np.errstate(divide="ignore"):
                    w = special.expit(-(self.c + self.d * np.log(apart)))
            weights[m1, m2] = w
        return _shared(x, n, p0, weights, self.a, self.b, share_prior=False)


Borrowing = Independent | Pooled | Fujikawa | PowerPrior


@cache
def divergence(n1: int, n2: int, a: float = 1.0, b: float = 1.0) -> NDArray[np.float64]:
    """Jensen-Shannon divergence, in nats, of the beta posteriors of any two outcomes.

    Returns an array of shape (n1 + 1, n2 + 1), by the trapezoidal rule after the tanh-sinh substitution, which holds
    where a density has no bound at 0 or 1.

    Examples
    --------
    >>> float(divergence(5, 5)[2, 2]), round(float(divergence(1, 1)[0, 1]), 6)
    (0.0, 0.193147)
    """
    if max(n1, n2) > _MOST:
        raise DesignError(f"Fujikawa's rule is computed for up to {_MOST} patients a basket; got {max(n1, n2)}")
    step = 0.3 / np.sqrt(max(n1, n2) + a + b)
    # the outermost mode, and from there on tails that fall no slower than at the smaller parameter
    end = np.arcsinh(np.log((max(n1, n2) + a + b) / min(a, b)) + 40 / min(a, b) + 5)
    u = np.arange(-end, end, step)
    logit, width = np.pi / 2 * np.sinh(u), np.pi / 2 * np.cosh(u) * step

    def densities(n: int) -> NDArray:
        """Of the log odds: (outcomes, nodes)."""
        x = np.arange(n + 1)[:, None]
        log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        return np.exp((a + x) * log_p + (b + n - x) * log_q - special.betaln(a + x, b + n - x))

    def entropy(f: NDArray) -> NDArray:
        return (-special.xlogy(f, f) * width).sum(axis=-1)

    f, g = densities(n1), densities(n2)
    apart = np.array([entropy((row + g) / 2) for row in f]) - np.add.outer(entropy(f) / 2, entropy(g) / 2)
    return np.maximum(apart, 0.0)


def _upper(a: NDArray, b: NDArray, p0: NDArray) -> NDArray[np.float64]:
    return special.betainc(b, a, 1 - p0)


def _shared(
    x: NDArray, n: NDArray, p0: NDArray, weights: dict, a: float, b: float, *, share_prior: bool
) -> NDArray[np.float64]:
    """Posterior probabilities with the data of basket j counted for basket i at its weight."""
    out = np.empty(x.shape)
    for i in range(x.shape[1]):
        alpha, beta = np.full(len(x), a), np.full(len(x), b)
        for j in range(x.shape[1]):
            w = 1.0 if i == j else weights[int(n[i]), int(n[j])][x[:, i], x[:, j]]
            prior = share_prior and i != j
            alpha += w * (x[:, j] + (a if prior else 0.0))
            beta += w * (n[j] - x[:, j] + (b if prior else 0.0))
        out[:, i] = _upper(alpha, beta, p0[i])
    return out
