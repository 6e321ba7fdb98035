"""Thall and Simon's monitoring: the experimental rate against an uncertain standard rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.design.arguments import PRIOR, checked, up_to
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.probability.quadrature import panel_nodes
from codon12.design.single_arm.boundaries import Boundaries, HasBoundaries, schedule
from codon12.errors import DesignError

__all__ = ["ThallSimonDesign", "superiority", "thall_simon"]


@dataclass(frozen=True)
class ThallSimonDesign(HasBoundaries):
    """A trial that stops once the experimental treatment is promising, or not.

    Attributes
    ----------
    standard, experimental
        Priors of the standard and of the experimental response rate.
    margin
        Improvement that makes the treatment of interest.
    lower, upper
        Stop as not promising if Pr(experimental > standard + margin) is below `lower`; as promising if
        Pr(experimental > standard) is above `upper`.
    boundaries
        The integers that follow; at the planned n a trial that is not promising by then is not a success.
    """

    standard: Prior
    experimental: Prior
    margin: float
    lower: float
    upper: float
    boundaries: Boundaries

    def describe(self) -> str:
        """Say the design in plain words."""
        b = self.boundaries
        stops = list(zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True))
        low = ", ".join(f"{f} of {m}" for m, f, _ in stops if f >= 0) or "never"
        high = ", ".join(f"{e} of {m}" for m, _, e in stops if e <= m) or "never"
        both = "; where both hold, it is promising" if any(e - f == 1 for _, f, e in stops) else ""
        end = f"at {b.n} with {b.success_at_least} or more responses{both}."
        return (
            f"Standard {self.standard}, experimental {self.experimental}. Stop as not promising if Pr(experimental >"
            f" standard + {self.margin:g}) < {self.lower:g}: at or below {low}. Stop as promising if Pr(experimental >"
            f" standard) > {self.upper:g}: at or above {high}; {end}"
        )


@checked(n=up_to(10_000), experimental=PRIOR)
def thall_simon(
    n: int,
    *,
    looks: Sequence[int],
    standard: Prior | str,
    experimental: Prior | str = "beta(0.6,1.4)",
    margin: float = 0.0,
    lower: float = 0.05,
    upper: float = 0.95,
) -> ThallSimonDesign:
    """Find the boundaries of Thall and Simon's design.

    Parameters
    ----------
    n, looks
        Planned evaluable patients and interim looks.
    standard, experimental
        Priors; the first informative (history), the second vague, worth about two patients.
    margin
        Improvement over the standard rate that is wanted.
    lower, upper
        Thresholds of the two posterior probabilities.

    Raises
    ------
    DesignError
        Looks beyond n, thresholds outside (0, 1) or crossed, a margin outside [0, 1).

    References
    ----------
    Thall and Simon 1994, Practical Bayesian guidelines for phase IIB clinical trials. Biometrics 50:337-349.

    Examples
    --------
    >>> design = thall_simon(30, looks=[10, 20], standard="beta(20,80)", margin=0.15, lower=0.05, upper=0.95)
    >>> design.boundaries.stop_at_most, design.boundaries.stop_at_least
    ((1, 3), (5, 8))
    """
    standard, experimental = as_prior(standard), as_prior(experimental)
    looks = schedule(looks, n)
    if lower >= upper:
        raise DesignError(f"the lower threshold {lower:g} must be below the upper one, {upper:g}")
    low, high = [], []
    for m in (*looks, n):
        x = np.arange(m + 1)
        better = superiority(experimental, standard, margin, x, m)
        promising = superiority(experimental, standard, 0.0, x, m) > upper
        low.append(int((better < lower).sum()) - 1)
        high.append(int(np.argmax(promising)) if promising.any() else m + 1)
    for m, f, e in zip((*looks, n), low, high, strict=True):
        if e == 0:
            raise DesignError(
                f"after {m} patients no response at all is promising: the priors alone decide; change them"
            )
        if min(f, e - 1) == m or (m == n and e > n):
            raise DesignError(
                f"after {m} patients not even {m} of {m} responses are promising enough; look later, plan more patients"
                " or ask for less"
            )
    low = [min(f, e - 1) for f, e in zip(low, high, strict=True)]
    boundaries = Boundaries(n, high[-1], looks, tuple(low[:-1]), tuple(high[:-1]))
    return ThallSimonDesign(standard, experimental, margin, lower, upper, boundaries)


def superiority(experimental: Prior, standard: Prior, margin: float, x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """Compute Pr(experimental rate > standard rate + margin) after x responses of n.

    By Gauss-Legendre quadrature over the standard rate, in its own quantiles, so that a sharp prior costs nothing.

    Examples
    --------
    >>> superiority(Prior.beta(1, 1), Prior.beta(1, 1), 0.0, [1], [2]).round(12)
    array([0.5])
    """
    ends = np.concatenate([[0], 10.0 ** np.arange(-12, -1), [0.1, 0.3, 0.5]])
    ends = np.concatenate([ends, 1 - ends[-2::-1]])
    x, n = np.broadcast_arrays(np.asarray(x), np.asarray(n))
    total = np.zeros(x.shape)
    for share, a, b in standard.components:
        beyond = special.betainc(a, b, 1 - margin)  # from this quantile on the margin cannot be reached: a kink
        panels = np.unique(np.append(ends, beyond))
        u, w = panel_nodes(panels, 24)
        rate = np.clip(special.betaincinv(a, b, u) + margin, 0, 1)
        total += share * (experimental.upper_tail(rate, x[..., None], n[..., None]) * w).sum(axis=-1)
    return total
