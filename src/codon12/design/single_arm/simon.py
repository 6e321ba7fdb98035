"""Simon's two-stage designs: optimal, minimax and admissible, each proven best by a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.design.arguments import checked
from codon12.design.single_arm.boundaries import Boundaries, OperatingCharacteristics
from codon12.design.single_arm.error_rates import least_possible_n
from codon12.errors import DesignError, UsageError
from codon12.numbers import binomial_pmf

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SimonDesign", "SimonDesigns", "simon_designs", "simon_two_stage"]

Kind = Literal["optimal", "minimax"]
_MOST = 3_000  # patients: the tables of both rates are held, and grow with the square
_EVEN = 1e-12  # two expected sizes or error rates nearer than this are the same


@dataclass(frozen=True)
class SimonDesign:
    """A two-stage design that stops for futility after the first stage.

    Attributes
    ----------
    r1, n1
        Stop after `n1` patients with `r1` responses or fewer.
    r, n
        Reject the drug with `r` responses or fewer of `n`.
    p0, p1
        Response rates of no interest and of interest.
    alpha, power
        Attained: probability of success at `p0` and at `p1`.
    expected_n, stop_early
        Expected size and probability of stopping after the first stage, at `p0`.
    """

    r1: int
    n1: int
    r: int
    n: int
    p0: float
    p1: float
    alpha: float
    power: float
    expected_n: float
    stop_early: float

    @property
    def boundaries(self) -> Boundaries:
        """The design as boundaries."""
        return Boundaries(self.n, self.r + 1, (self.n1,), (self.r1,))

    def operating_characteristics(self, rates: ArrayLike) -> OperatingCharacteristics:
        """Compute what the design does at each true response rate, exactly."""
        return self.boundaries.operating_characteristics(rates)

    def columns(self) -> dict[str, list]:
        """List the design as one row."""
        return {name: [getattr(self, name)] for name in self.__dataclass_fields__}

    def to_frame(self) -> pl.DataFrame:
        """Give the design as one row."""
        import polars as pl

        return pl.DataFrame(self.columns())

    def describe(self) -> str:
        """Say the design in plain words."""
        return (
            f"Treat {self.n1} patients; stop with {self.r1} or fewer responses, else treat"
            f" {self.n - self.n1} more."
            f" The drug is of interest with {self.r + 1} or more responses of {self.n}. If the rate is"
            f" {self.p0:g},"
            f" that happens with probability {self.alpha:.4f}, the trial stops early with"
            f" {self.stop_early:.4f} and"
            f" needs {self.expected_n:.2f} patients on average; if it is {self.p1:g}, the power is"
            f" {self.power:.4f}."
        )


@dataclass(frozen=True)
class SimonDesigns:
    """All two-stage designs that are best for some weight between the largest and the expected size.

    Attributes
    ----------
    designs
        By increasing `n`, from minimax to optimal; each has a smaller expected size than all smaller designs.
    weights
        For each, the interval of weights w at which it minimises w n + (1 - w) E[N | p0]; None where there
        is no
        such weight (it is then not admissible).
    """

    designs: tuple[SimonDesign, ...]
    weights: tuple[tuple[float, float] | None, ...]

    @property
    def minimax(self) -> SimonDesign:
        """The design with the smallest `n`."""
        return self.designs[0]

    @property
    def optimal(self) -> SimonDesign:
        """The design with the smallest expected size at p0."""
        return self.designs[-1]

    @property
    def admissible(self) -> tuple[SimonDesign, ...]:
        """The designs that are best for some weight."""
        return tuple(d for d, w in zip(self.designs, self.weights, strict=True) if w is not None)

    def columns(self) -> dict[str, list]:
        """List one row a design, with the weights `weight_from` and `weight_to`."""
        rows = {name: [getattr(d, name) for d in self.designs] for name in SimonDesign.__dataclass_fields__}
        rows["weight_from"] = [None if w is None else w[0] for w in self.weights]
        rows["weight_to"] = [None if w is None else w[1] for w in self.weights]
        return rows

    def to_frame(self) -> pl.DataFrame:
        """Give one row a design."""
        import polars as pl

        return pl.DataFrame(self.columns())

    def describe(self) -> str:
        """Say the two ends in plain words."""
        return f"Optimal: {self.optimal.describe()}\nMinimax: {self.minimax.describe()}"


@checked()
def simon_two_stage(
    p0: float, p1: float, *, alpha: float = 0.05, power: float = 0.8, kind: Kind = "optimal", max_n: int = 500
) -> SimonDesign:
    """Find Simon's optimal or minimax two-stage design.

    Parameters
    ----------
    p0, p1
        Response rates of no interest and of interest.
    alpha, power
        At most this probability of success at `p0`, at least this one at `p1`.
    kind
        ``optimal``: smallest expected size at `p0`; ``minimax``: smallest n, and among those the smallest
        expected size.
    max_n
        Give up beyond this size.

    Raises
    ------
    DesignError
        ``p0 >= p1``, a rate or error outside (0, 1), or no design up to `max_n`; the message says which size
        could do.

    References
    ----------
    Simon 1989, Optimal two-stage designs for phase II clinical trials. Control Clin Trials 10:1-10. As
    there, `r` is
    the largest that has the power.

    Examples
    --------
    >>> design = simon_two_stage(0.1, 0.3, alpha=0.05, power=0.9)
    >>> design.r1, design.n1, design.r, design.n, round(design.expected_n, 2)
    (2, 18, 6, 35, 22.53)
    """
    if kind not in get_args(Kind):
        raise UsageError(f"kind must be optimal or minimax; got {kind!r}")
    found = _search(p0, p1, alpha, power, max_n=max_n, first_only=kind == "minimax")
    return found[-1]


@checked()
def simon_designs(p0: float, p1: float, *, alpha: float = 0.05, power: float = 0.8, max_n: int = 500) -> SimonDesigns:
    """Find all admissible two-stage designs between minimax and optimal.

    Parameters as in `simon_two_stage`.

    References
    ----------
    Jung, Lee, Kim and George 2004, Admissible two-stage designs for phase II cancer clinical trials. Stat Med
    23:561-569.

    Examples
    --------
    >>> [(d.n, d.n1) for d in simon_designs(0.1, 0.3, alpha=0.05, power=0.9).admissible]
    [(33, 22), (34, 19), (35, 18)]
    """
    designs = _search(p0, p1, alpha, power, max_n=max_n, first_only=False)
    return SimonDesigns(tuple(designs), tuple(_weights(designs)))


class _Tables:
    """Stage distributions at one rate for all sizes up to `size`: rows n1, columns x."""

    def __init__(self, size: int, p: float) -> None:
        m, x = np.arange(size + 1)[:, None], np.arange(size + 1)
        self.pmf = binomial_pmf(x, m, p)
        self.cdf = np.cumsum(self.pmf, axis=1)
        # more[m, size + k] = P(X > k) of m patients, for k = -size..size: a plain slice, never an index table
        above = np.cumsum(self.pmf[:, :0:-1], axis=1)[:, ::-1]
        self.more = np.concatenate([np.ones((size + 1, size)), above, np.zeros((size + 1, 1))], axis=1)
        self.size = size

    def success(self, n: int, r: int, rows: NDArray) -> NDArray:
        """P(more than r of n and more than r1 of n1) for n1 in `rows` (a column each r1 = -1 .. n - 1)."""
        s, width = self.size, n + 1
        second = self.more[n - rows, s + r - width + 1 : s + r + 1][:, ::-1]  # column x1: P(X2 > r - x1)
        joint = self.pmf[rows, :width] * second
        return np.cumsum(joint[:, ::-1], axis=1)[:, ::-1]


def _search(p0: float, p1: float, alpha: float, power: float, *, max_n: int, first_only: bool) -> list[SimonDesign]:
    """Best expected size for each n that improves on all smaller n, until no larger n can improve."""
    start = max(2, least_possible_n(p0, p1, alpha, power))
    if _MOST < start <= max_n:
        raise DesignError(
            f"any design for {p0:g} against {p1:g} takes at least {start:,} patients; two-stage designs are searched up"
            f" to {_MOST:,}: widen the gap or relax the errors"
        )
    size = min(max_n, start + start // 2 + 20)
    null, real = _Tables(size, p0), _Tables(size, p1)
    found: list[SimonDesign] = []
    best, n = np.inf, start
    while n <= max_n:
        if n > size:
            size = min(max_n, 2 * size)
            null, real = _Tables(size, p0), _Tables(size, p1)
        rows = np.arange(1, n)
        stop0, stop1 = null.cdf[rows, : n + 1], real.cdf[rows, : n + 1]
        expected = rows[:, None] + (1 - stop0) * (n - rows[:, None])
        open_ = (stop1 <= 1 - power + _EVEN) & (np.arange(n + 1) < rows[:, None])
        open_ &= expected < best - _EVEN
        if not open_.any():
            if best < np.inf:
                # the expected size that the power alone allows only grows with n: nothing better can follow
                break
            n += 1
            continue
        chosen = _best_at(n, open_, expected, null, real, alpha=alpha, power=power)
        if chosen is not None:
            r1, n1, r, attained, reached = chosen
            best = float(expected[n1 - 1, r1])
            stop = float(stop0[n1 - 1, r1])
            found.append(SimonDesign(r1, n1, r, n, p0, p1, attained, reached, best, stop))
            if first_only:
                break
        n += 1
    if not found:
        raise DesignError(
            f"no two-stage design of up to {max_n} patients has alpha {alpha:g} and power {power:g} for"
            f" {p0:g}"
            f" against {p1:g}; at least {start} patients are needed by any design: raise max_n or relax"
            " the errors"
        )
    return found


def _best_at(
    n: int,
    open_: NDArray[np.bool_],
    expected: NDArray[np.float64],
    null: _Tables,
    real: _Tables,
    *,
    alpha: float,
    power: float,
) -> tuple[int, int, int, float, float] | None:
    """Give the feasible (r1, n1, r, alpha, power) at `n` with the smallest expected size."""
    best, chosen = np.inf, None
    # the largest r that has the power without stopping; P(more than 0) has it, else n would be too small
    r = int(np.flatnonzero(real.more[n, real.size : real.size + n + 1] >= power - _EVEN)[-1])
    open_ = open_.copy()
    while r >= 0 and open_.any():
        keep = np.flatnonzero(open_.any(axis=1))
        reached = real.success(n, r, keep + 1)[:, 1:]  # column r1: more than r1 responses in stage one
        attained = null.success(n, r, keep + 1)[:, 1:]
        here = open_[keep, :-1] & (np.arange(n) <= r)
        powered = here & (reached >= power - _EVEN)
        good = powered & (attained <= alpha + _EVEN)
        if good.any():
            sizes = np.where(good, expected[keep, :-1], np.inf)
            i, r1 = np.unravel_index(int(np.argmin(sizes)), sizes.shape)
            if sizes[i, r1] < best:
                best = float(sizes[i, r1])
                chosen = (int(r1), int(keep[i]) + 1, r, float(attained[i, r1]), float(reached[i, r1]))
                open_ &= expected < best
        # with the power at hand a smaller r only adds to alpha; beyond alpha a smaller r is hopeless too
        open_[keep, :-1] &= ~powered & (attained <= alpha + _EVEN)
        r -= 1
    return chosen


def _weights(designs: list[SimonDesign]) -> list[tuple[float, float] | None]:
    """For each design the weights w at which w n + (1 - w) E[N] is least (lower convex hull)."""
    out: list[tuple[float, float] | None] = []
    for d in designs:
        low, high = 0.0, 1.0
        for other in designs:
            gain, cost = other.expected_n - d.expected_n, other.n - d.n
            # d is at least as good: w (cost - gain) + gain >= 0
            slope = cost - gain
            if slope > 0:
                low = max(low, -gain / slope)
            elif slope < 0:
                high = min(high, -gain / slope)
        out.append((low, high) if low < high - _EVEN else None)
    return out
