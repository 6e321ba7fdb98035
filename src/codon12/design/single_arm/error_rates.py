"""Type I error and power: what can be asked for, and the size below which nothing has them."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from codon12.design.arguments import check_open, checked, higher_is_better
from codon12.errors import DesignError
from codon12.numbers import binomial_sf

__all__ = ["check_error_rates", "least_possible_n"]

_EVEN = 1e-12  # two error rates nearer than this are the same


def check_error_rates(p0: float, p1: float, alpha: float, power: float) -> None:
    """Raise unless 0 < p0 < p1 < 1 and 0 < alpha < power < 1."""
    check_open("the response rate of no interest (p0)", p0)
    check_open("the response rate of interest (p1)", p1)
    check_open("alpha", alpha)
    check_open("the power", power)
    higher_is_better(p0, p1)
    if power <= alpha:
        raise DesignError(f"a power of {power:g} must exceed alpha = {alpha:g}: a coin with {alpha:g} has as much")


@checked()
def least_possible_n(p0: float, p1: float, alpha: float, power: float, *, max_n: int = 100_000) -> int:
    """Give the sample size below which no test whatever, staged or not, has this alpha and power.

    The randomised most powerful test of all n observations is at least as good as any design that may stop
    before n (Neyman and Pearson).

    Examples
    --------
    >>> least_possible_n(0.1, 0.3, 0.05, 0.9)
    32
    """
    check_error_rates(p0, p1, alpha, power)

    def best_power(n: int) -> float:
        k = np.arange(-1, n + 1)
        tail0 = binomial_sf(k, n, p0)
        c = int(np.argmax(tail0 <= alpha))  # reject above k[c] for sure, at k[c] by chance
        share = (alpha - tail0[c]) / (tail0[c - 1] - tail0[c])
        tail1 = binomial_sf(k[c - 1 : c + 1], n, p1)
        return float(tail1[1] + share * (tail1[0] - tail1[1]))

    low, high = 0, 1
    while best_power(high) < power - _EVEN:
        low, high = high, high * 2
        if high > max_n:
            raise DesignError(
                f"no trial of up to {max_n} patients tells {p0:g} from {p1:g} with alpha {alpha:g} and power"
                f" {power:g}; widen the gap or allow larger errors"
            )
    # the power of the best randomised test never falls with n
    return bisect_left(range(high), True, lo=low + 1, key=lambda n: best_power(n) >= power - _EVEN)
