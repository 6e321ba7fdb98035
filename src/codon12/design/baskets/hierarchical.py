"""Hierarchical borrowing between baskets (Berry, EXNEX), by quadrature instead of sampling."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.probability.quadrature import panel_nodes
from codon12.errors import DesignError
from codon12.policy import Policy

__all__ = ["Hierarchical"]

_MEANS = 1.25  # step of the common mean, in standard deviations that the baskets can give it at least
_NEAR = 0.8  # its step about the null rate, in units of the heterogeneity: where a narrow normal changes sides
_SPREADS = 0.2  # step of the heterogeneity, on the scale of its inverse hyperbolic sine
_PANEL = 8.0  # width of a panel for a basket's own log odds, in standard deviations of what is integrated
_MOST = 500  # patients of a basket: beyond, the tables take minutes


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
        spreads, means = (self.mean_sd, self.spread, self.own_sd), (self.mean, self.own_mean)
        if not all(0.01 <= v <= 100 for v in spreads) or not 0 <= self.exchangeable <= 1:
            raise DesignError(
                "standard deviations of log odds must lie between 0.01 and 100, the exchangeable share in [0, 1]"
            )
        if not all(abs(v) <= 20 for v in means):
            raise DesignError("prior means of log odds relative to the null rate must lie between -20 and 20")

    def probabilities(self, x: NDArray, n: NDArray, p0: NDArray) -> NDArray[np.float64]:
        """Pr(rate > p0) of each basket (columns) for each outcome (rows)."""
        count, most = len(n), int(np.max(n))
        if most > _MOST:
            raise DesignError(f"hierarchical borrowing is computed for up to {_MOST} patients a basket; got {most}")
        log_weight = self.grid(count, most)[2]
        own = [_marginals(self, int(m), float(q), count, most) for m, q in zip(n, p0, strict=True)]
        out = np.empty(x.shape)
        block = max(1, 4_000_000 // (len(log_weight) * x.shape[1]))
        for start in range(0, len(x), block):
            rows = x[start : start + block]
            parts = [log_l[rows[:, i]] for i, (log_l, _) in enumerate(own)]
            joint = log_weight + np.sum(parts, axis=0)
            weight = np.exp(joint - joint.max(axis=1, keepdims=True))
            total = weight.sum(axis=1)
            for i, (_, above) in enumerate(own):
                out[start : start + block, i] = (weight * above[rows[:, i]]).sum(axis=1) / total
        return out

    def grid(self, count: int, most: int) -> tuple[NDArray, NDArray, NDArray]:
        """Nodes of (mu, tau) and the logarithm of their prior weights, as close as `count` baskets of `most` need."""
        variance = 4 / most  # the least that the log odds of a basket can have
        unit = min(self.spread, np.sqrt(2 * variance / count))
        steps = np.arange(np.arcsinh(6.5 * self.spread / unit) // _SPREADS + 1)
        reach = 8 * self.mean_sd + min(self.mean_sd**2 * most * count, 10.0)
        scale = 6 + abs(self.mean)  # beyond it the nodes spread out, as the data say ever less there
        mu, tau, log_weight = [], [], []
        for u in (steps + 0.5) * _SPREADS:
            here = unit * np.sinh(u)
            step = _MEANS / np.sqrt(count / (here**2 + variance) + self.mean_sd**-2)
            nodes, width = _crowded(self.mean - reach, self.mean + reach, float(here), float(step), scale)
            prior = ((nodes - self.mean) / self.mean_sd) ** 2 + (here / self.spread) ** 2
            mu.append(nodes)
            tau.append(np.full(len(nodes), here))
            log_weight.append(np.log(np.cosh(u) * width) - prior / 2)
        return np.concatenate(mu), np.concatenate(tau), np.concatenate(log_weight)


def _crowded(low: float, high: float, near: float, step: float, scale: float) -> tuple[NDArray, NDArray]:
    """Nodes of a trapezoidal rule and their weights, `step` apart, closer within `near` of 0, wider beyond `scale`."""

    def count(m: NDArray) -> NDArray:
        return np.arcsinh(m / scale) * scale / step + np.arcsinh(m / near) / _NEAR

    def density(m: NDArray) -> NDArray:
        return 1 / (step * np.hypot(1, m / scale)) + 1 / (_NEAR * np.hypot(near, m))

    first, last = count(np.array([low, high]))
    wanted = np.arange(first, last + 1)
    table = near * np.sinh(np.linspace(-1, 1, 2001) * np.arcsinh(1.5 * max(-low, high) / near))
    nodes = np.interp(wanted, count(table), table)
    for _ in range(4):  # Newton's steps from there
        nodes = nodes - (count(nodes) - wanted) / density(nodes)
    return nodes, 1 / density(nodes)


@cache
def _marginals(rule: Hierarchical, n: int, p0: float, count: int, most: int) -> tuple[NDArray, NDArray]:
    """For each x: log probability given (mu, tau), and the probability that the rate exceeds p0."""
    mu, tau, _ = rule.grid(count, most)
    below, above = np.concatenate([_halves(n, p0, mu[tau == t], float(t)) for t in np.unique(tau)], axis=2)
    own_below, own_above = _halves(n, p0, np.array([rule.own_mean]), rule.own_sd)
    share = rule.exchangeable
    low = np.maximum(share * below + (1 - share) * own_below, 1e-300)
    high = np.maximum(share * above + (1 - share) * own_above, 1e-300)
    return np.log(low + high), high / (low + high)


def _halves(n: int, p0: float, mu: NDArray, tau: float) -> NDArray:
    """Probability of x (rows) with the rate below, and above, p0; columns are the means mu."""
    x = np.arange(n + 1)
    centre = special.logit(p0)
    log_choose = -special.betaln(1 + n - x, 1 + x) - np.log1p(n)
    panels = int(np.ceil(16 * tau * np.sqrt(n / 4 + tau**-2) / _PANEL))
    share, w = panel_nodes(np.linspace(0, 1, panels + 1))
    out = np.empty((2, n + 1, len(mu)))
    for side, (low, high) in enumerate(((-np.inf, 0.0), (0.0, np.inf))):
        # relative log odds from 0 (the null rate) outward, as far as the normal reaches
        start, end = np.clip(mu - 8 * tau, low, high), np.clip(mu + 8 * tau, low, high)
        for k, (first, width) in enumerate(zip(start, end - start, strict=True)):
            theta = first + width * share
            density = w * width * np.exp(-(((theta - mu[k]) / tau) ** 2) / 2) / (tau * np.sqrt(2 * np.pi))
            log_p, log_q = -np.logaddexp(0, -theta - centre), -np.logaddexp(0, theta + centre)
            likelihood = np.exp(log_choose[:, None] + np.outer(x, log_p) + np.outer(n - x, log_q))
            out[side, :, k] = likelihood @ density
    return out
