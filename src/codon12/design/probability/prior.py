"""Beta priors and mixtures of them: what is believed of a response rate before and after data."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Self

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.design.probability.exact import beta_binomial_tail, beta_upper_tail, decimal, rising_ratio, with_digits
from codon12.errors import DesignError
from codon12.numbers.betabinomial import beta_binomial_sf
from codon12.policy import Policy

__all__ = ["Prior", "as_prior"]

_TERM = re.compile(r"(?:([\d.eE+-]+)\s*\*\s*)?beta\(\s*([^,\s]+)\s*,\s*([^)\s]+)\s*\)", re.IGNORECASE)


class Prior(Policy, frozen=True):
    """A beta distribution of a response rate, or a mixture of such distributions.

    Examples
    --------
    >>> print(Prior.read("0.5*beta(1,1) + 0.5*beta(2,8)"))
    0.5*Beta(1, 1) + 0.5*Beta(2, 8)
    >>> round(float(Prior.beta(1, 1).upper_tail(0.23, 28, 105)), 5)
    0.8298
    """

    components: Annotated[
        tuple[tuple[float, float, float], ...],
        msgspec.Meta(description="The prior of the response rate is given as (weight, a, b): {value}."),
    ] = ((1.0, 1.0, 1.0),)

    def __post_init__(self) -> None:
        """Refuse weights and parameters that make no distribution."""
        if not self.components:
            raise DesignError("a prior needs at least one beta component, for example beta(1,1)")
        for weight, a, b in self.components:
            if not (a > 0 and b > 0 and np.isfinite(a) and np.isfinite(b)):
                raise DesignError(f"the prior beta({a:g},{b:g}) is no distribution: both parameters must be above 0")
            if not 0 < weight <= 1:
                raise DesignError(f"a mixture weight must lie in (0, 1]; got {weight:g}")
        total = sum(weight for weight, _, _ in self.components)
        if abs(total - 1) > 1e-9:
            raise DesignError(f"the mixture weights must add up to 1; they add up to {total:g}")

    @classmethod
    def beta(cls, a: float, b: float) -> Self:
        """One Beta(`a`, `b`) distribution."""
        return cls(components=((1.0, float(a), float(b)),))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``beta(1,1)`` or ``0.8*beta(3,7) + 0.2*beta(1,1)``."""
        terms = _TERM.findall(text)
        if not terms or _TERM.sub("", text).strip(" +"):
            raise DesignError(f"cannot read the prior {text!r}; write beta(1,1) or 0.8*beta(3,7) + 0.2*beta(1,1)")
        try:
            return cls(components=tuple((float(w or 1), float(a), float(b)) for w, a, b in terms))
        except ValueError as err:
            if isinstance(err, DesignError):
                raise
            raise DesignError(f"cannot read the prior {text!r}: {err}") from None

    def __str__(self) -> str:
        terms = [
            f"Beta({a:g}, {b:g})" if len(self.components) == 1 else f"{w:g}*Beta({a:g}, {b:g})"
            for w, a, b in self.components
        ]
        return " + ".join(terms)

    def sentences(self) -> dict[str, str]:
        """One sentence: the prior by name."""
        return {"components": f"The prior of the response rate is {self}."}

    def _updated(self, x: ArrayLike, n: ArrayLike) -> tuple[NDArray, NDArray, NDArray]:
        """Posterior weights and parameters, components along the last axis."""
        x, n = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
        w, a, b = (np.array(column) for column in zip(*self.components, strict=True))
        a1, b1 = a + x[..., None], b + (n - x)[..., None]
        if len(self.components) == 1:
            return np.ones_like(a1), a1, b1
        log_w = np.log(w) + special.betaln(a1, b1) - special.betaln(a, b)
        weights = np.exp(log_w - log_w.max(axis=-1, keepdims=True))
        return weights / weights.sum(axis=-1, keepdims=True), a1, b1

    def upper_tail(self, rate: ArrayLike, x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
        """Posterior probability that the response rate exceeds `rate` after `x` responses of `n`."""
        w, a, b = self._updated(x, n)
        above = special.betainc(b, a, 1 - np.asarray(rate, dtype=float)[..., None])
        return (w * above).sum(axis=-1)

    def mean(self, x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
        """Posterior mean: the probability that the next patient responds."""
        w, a, b = self._updated(x, n)
        return (w * a / (a + b)).sum(axis=-1)

    def predictive_tail(self, y: ArrayLike, m: int, x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
        """Probability of at least `y` responses among the next `m` patients after `x` of `n`."""
        w, a, b = self._updated(x, n)
        return (w * beta_binomial_sf(np.asarray(y, dtype=float)[..., None] - 1, m, a, b)).sum(axis=-1)

    @with_digits
    def _exact_weights(self, x: int, n: int) -> list[Decimal]:
        raw = [decimal(w) * rising_ratio(decimal(a), decimal(b), x, n) for w, a, b in self.components]
        total = sum(raw)
        return [value / total for value in raw]

    @with_digits
    def exact_upper_tail(self, rate: float, x: int, n: int) -> Decimal:
        """`upper_tail` to fifty digits, each number taken as the decimal it is written as."""
        tails = [beta_upper_tail(decimal(rate), decimal(a) + x, decimal(b) + n - x) for _, a, b in self.components]
        return sum((w * t for w, t in zip(self._exact_weights(x, n), tails, strict=True)), Decimal(0))

    @with_digits
    def exact_predictive_tail(self, y: int, m: int, x: int, n: int) -> Decimal:
        """`predictive_tail` to fifty digits."""
        tails = [beta_binomial_tail(y, m, decimal(a) + x, decimal(b) + n - x) for _, a, b in self.components]
        return sum((w * t for w, t in zip(self._exact_weights(x, n), tails, strict=True)), Decimal(0))


def as_prior(prior: Prior | str) -> Prior:
    """Take a prior as it is, or read it from text."""
    return Prior.read(prior) if isinstance(prior, str) else prior
