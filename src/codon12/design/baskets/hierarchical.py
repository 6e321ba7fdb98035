"""Hierarchical borrowing between baskets (Berry, EXNEX), by quadrature instead of sampling."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.probability.quadrature import legendre
from codon12.errors import DesignError
from codon12.policy import Policy

__all__ = ["Hierarchical"]

_MEANS = 65  # nodes of the common mean
_SPREADS = 16  # nodes of the heterogeneity
_LOGITS = 120  # nodes of a basket's own log odds on either side of its null rate


class Hierarchical(Policy, frozen=True, tag="hierarchical"):
    """Log odds normal about a common mean with unknown heterogeneity; some baskets may stand alone.

    The log odds of basket i, relative to those of its null rate, are normal with mean mu and standard deviation tau;
    mu is normal, tau half-normal (Berry et al. 2013, on the scale of Neuenschwander et al. 2016). With
    `exchangeable` below 1 each basket belongs to that model only with this probability and otherwise has a normal
    prior of its own (EXNEX).
    """

    mean: Annotated[float, msgspec.Meta(description="The common mean has the prior mean {value}.")] = 0.0
    mean_sd: Annotated[float, msgspec.Meta(description="The common mean has the prior standard deviation {value}.")] = (
        2.0
    )
    spread: Annotated[
        float, msgspec.Meta(description="The heterogeneity has a half-normal prior with scale {value}.")
    ] = 1.0
    exchangeable: Annotated[
        float, msgspec.Meta(description="A basket is exchangeable with the others with probability {value}.")
    ] = 1.0
    own_mean: Annotated[float, msgspec.Meta(description="A basket that stands alone has the prior mean {value}.")] = 0.0
    own_sd: Annotated[
        float, msgspec.Meta(description="A basket that stands alone has the prior standard deviation {value}.")
    ] = 2.0

    def __post_init__(self) -> None:
        """Refuse scales and probabilities that cannot be."""
        if min(self.mean_sd, self.spread, self.own_sd) <= 0 or not 0 <= self.exchangeable <= 1:
            raise DesignError("standard deviations must be above 0 and the exchangeable share in [0, 1]")

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(rate > p0) of each basket (columns) for each outcome (rows)."""
        mu, _, log_weight = self.grid()
        own = [_marginals(self, int(m), float(q)) for m, q in zip(n, p0, strict=True)]
        out = np.empty(x.shape)
        block = max(1, 4_000_000 // (len(mu) * x.shape[1]))
        for start in range(0, len(x), block):
            rows = x[start : start + block]
            parts = [log_l[rows[:, i]] for i, (log_l, _) in enumerate(own)]
            joint = log_weight + np.sum(parts, axis=0)
            weight = np.exp(joint - joint.max(axis=1, keepdims=True))
            total = weight.sum(axis=1)
            for i, (_, above) in enumerate(own):
                out[start : start + block, i] = (weight * above[rows[:, i]]).sum(axis=1) / total
        return out

    def grid(self) -> tuple[NDArray, NDArray, NDArray]:
        """Nodes of (mu, tau) and the logarithm of their prior weights."""
        mu = np.linspace(-8, 8, _MEANS)
        t, w = legendre(_SPREADS)
        tau = 2.5 * self.spread * (t + 1)
        log_tau = np.log(w) - (tau / self.spread) ** 2 / 2
        log_mu = -(((mu - self.mean) / self.mean_sd) ** 2) / 2
        both = np.add.outer(log_mu, log_tau).ravel()
        m, s = np.meshgrid(mu, tau, indexing="ij")
        return m.ravel(), s.ravel(), both


@cache
def _marginals(rule: Hierarchical, n: int, p0: float) -> tuple[NDArray, NDArray]:
    """For each x: log probability given (mu, tau), and the probability that the rate exceeds p0."""
    mu, tau, _ = rule.grid()
    below, above = _halves(n, p0, mu, tau)
    own_below, own_above = _halves(n, p0, np.array([rule.own_mean]), np.array([rule.own_sd]))
    share = rule.exchangeable
    low = share * below + (1 - share) * own_below
    high = share * above + (1 - share) * own_above
    return np.log(low + high), high / (low + high)


def _halves(n: int, p0: float, mu: NDArray, tau: NDArray) -> tuple[NDArray, NDArray]:
    """Probability of x (rows) with the rate below, and above, p0; columns are the nodes (mu, tau)."""
    t, w = legendre(_LOGITS)
    x = np.arange(n + 1)[:, None]
    centre = special.logit(p0)
    log_choose = -special.betaln(1 + n - x, 1 + x) - np.log1p(n)
    out = []
    for side in (-1, 1):
        # relative log odds from 0 (the null rate) outward, as far as the normal reaches
        near = np.zeros_like(mu) if side > 0 else np.minimum(mu - 7 * tau, 0.0)
        far = np.maximum(mu + 7 * tau, 0.0) if side > 0 else np.zeros_like(mu)
        inner = np.maximum(near, mu - 7 * tau) if side > 0 else near
        outer = far if side > 0 else np.minimum(far, mu + 7 * tau)
        half = np.maximum(outer - inner, 0.0) / 2
        theta = (outer + inner)[:, None] / 2 + half[:, None] * t
        density = w * half[:, None] * np.exp(-(((theta - mu[:, None]) / tau[:, None]) ** 2) / 2)
        density /= tau[:, None] * np.sqrt(2 * np.pi)
        eta = theta + centre
        log_p, log_q = -np.logaddexp(0, -eta), -np.logaddexp(0, eta)
        values = np.empty((n + 1, len(mu)))
        for k in range(n + 1):
            values[k] = (np.exp(log_choose[k] + k * log_p + (n - k) * log_q) * density).sum(axis=1)
        out.append(np.maximum(values, 1e-300))
    return out[0], out[1]
