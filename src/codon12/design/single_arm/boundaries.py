"""A single-arm design as its boundaries, and what it does at any response rate, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.design.arguments import checked
from codon12.errors import DesignError
from codon12.numbers import binomial_pmf

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Boundaries",
    "HasBoundaries",
    "OperatingCharacteristics",
    "add_patients",
    "check_looks",
    "interim_looks",
    "schedule",
]

_COUNTS = ("n", "stop_at_most", "stop_at_least")


@checked()
def interim_looks(n: int, *, start: int, every: int = 1) -> tuple[int, ...]:
    """Give the looks after `start` evaluable patients and every `every` more, before the planned `n`.

    Examples
    --------
    >>> interim_looks(105, start=25, every=10)
    (25, 35, 45, 55, 65, 75, 85, 95)
    """
    if start < 1 or every < 1:
        raise DesignError(f"looks start at 1 or later, 1 or more apart; got start {start}, every {every}")
    if start >= n:
        raise DesignError(f"the first look is after {start}, but only {n} patients are planned")
    return tuple(range(start, n, every))


@dataclass(frozen=True)
class Boundaries:
    """When a single-arm trial stops and when it succeeds.

    Attributes
    ----------
    n
        Planned number of evaluable patients.
    success_at_least
        Responses that are a success at `n`; ``n + 1`` if none is.
    looks
        Evaluable patients at the interim looks, increasing, each below `n`.
    stop_at_most
        At each look, stop for futility at this many responses or fewer; -1: no futility stop.
    stop_at_least
        At each look, stop for efficacy (a success) at this many responses or more; look + 1: none.
    """

    n: int
    success_at_least: int
    looks: tuple[int, ...] = ()
    stop_at_most: tuple[int, ...] = ()
    stop_at_least: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse looks that do not increase or reach beyond the planned sample."""
        if self.n < 1:
            raise DesignError(f"a trial needs at least one patient; got n = {self.n}")
        if not 0 <= self.success_at_least <= self.n + 1:
            raise DesignError(f"success at {self.success_at_least} responses cannot be judged among {self.n}")
        check_looks(self.looks, self.n)
        if not self.stop_at_least:
            object.__setattr__(self, "stop_at_least", tuple(m + 1 for m in self.looks))
        if not self.stop_at_most:
            object.__setattr__(self, "stop_at_most", (-1,) * len(self.looks))
        if not len(self.looks) == len(self.stop_at_most) == len(self.stop_at_least):
            raise DesignError("each look needs one futility and one efficacy boundary")
        for m, low, high in zip(self.looks, self.stop_at_most, self.stop_at_least, strict=True):
            if low >= high:
                raise DesignError(f"after {m}: {low} or fewer stop for futility, {high} or more for efficacy")

    def operating_characteristics(self, rates: ArrayLike) -> OperatingCharacteristics:
        """Compute what the design does at each true response rate, by convolution.

        Parameters
        ----------
        rates
            True response rates in [0, 1]; one number or many at once.

        Examples
        --------
        >>> simon = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))
        >>> result = simon.operating_characteristics([0.05, 0.2])
        >>> [round(float(v), 6) for v in result.success]
        [0.046829, 0.80111]
        """
        p = np.atleast_1d(np.asarray(rates, dtype=float))
        if p.ndim != 1 or not np.all((p >= 0) & (p <= 1)):
            raise DesignError("response rates must lie between 0 and 1")
        alive = np.ones((1, len(p)))  # row x: probability of x responses and not stopped; rates along columns
        futility, efficacy = np.zeros((len(self.looks), len(p))), np.zeros((len(self.looks), len(p)))
        before = 0
        for k, m in enumerate((*self.looks, self.n)):
            alive = add_patients(alive, m - before, p)
            before = m
            if k < len(self.looks):
                low, high = self.stop_at_most[k] + 1, self.stop_at_least[k]
                futility[k] = alive[:low].sum(axis=0)
                efficacy[k] = alive[high:].sum(axis=0)
                alive[:low] = 0
                alive[high:] = 0
        final = alive[self.success_at_least :].sum(axis=0)
        return OperatingCharacteristics(
            rates=p,
            sizes=np.array([*self.looks, self.n]),
            futility=futility.T,
            efficacy=efficacy.T,
            success=final + efficacy.sum(axis=0),
        )

    def columns(self) -> dict[str, list]:
        """List the looks and the end: `n`, `stop_at_most`, `stop_at_least` (None: no such stop), `final`."""
        s = self.success_at_least
        return {
            "n": [*self.looks, self.n],
            "stop_at_most": [*(low if low >= 0 else None for low in self.stop_at_most), s - 1],
            "stop_at_least": [
                *(high if high <= m else None for m, high in zip(self.looks, self.stop_at_least, strict=True)),
                s if s <= self.n else None,
            ],
            "final": [False] * len(self.looks) + [True],
        }

    def to_frame(self) -> pl.DataFrame:
        """Give one row a look and one for the end, as in `columns`."""
        import polars as pl

        return pl.DataFrame(self.columns(), schema_overrides=dict.fromkeys(_COUNTS, pl.Int64))


@dataclass(frozen=True, eq=False)
class OperatingCharacteristics:
    """What a single-arm design does at each true response rate.

    Attributes
    ----------
    rates
        True response rates, shape (R,).
    sizes
        Evaluable patients at each look and at the end, shape (K + 1,).
    futility, efficacy
        Probability of stopping at each look, shape (R, K).
    success
        Probability of success, at a look or at the end, shape (R,).
    """

    rates: NDArray[np.float64]
    sizes: NDArray[np.int64]
    futility: NDArray[np.float64]
    efficacy: NDArray[np.float64]
    success: NDArray[np.float64]

    @property
    def stop_early(self) -> NDArray[np.float64]:
        """Probability of stopping before the planned sample, for futility or efficacy, shape (R,)."""
        return self.futility.sum(axis=1) + self.efficacy.sum(axis=1)

    @property
    def size_distribution(self) -> NDArray[np.float64]:
        """Probability that the trial ends at each size, shape (R, K + 1)."""
        stops = self.futility + self.efficacy
        return np.column_stack([stops, 1 - stops.sum(axis=1)])

    @property
    def expected_n(self) -> NDArray[np.float64]:
        """Expected number of evaluable patients, shape (R,)."""
        stops = self.futility + self.efficacy
        return self.sizes[-1] - stops @ (self.sizes[-1] - self.sizes[:-1])

    @property
    def sd_n(self) -> NDArray[np.float64]:
        """Standard deviation of the number of evaluable patients, shape (R,)."""
        apart = (self.sizes[None, :] - self.expected_n[:, None]) ** 2
        return np.sqrt(np.maximum((self.size_distribution * apart).sum(axis=1), 0))

    def columns(self, *, by_look: bool = False) -> dict[str, NDArray]:
        """List one row a rate; with `by_look`, one row a rate and look."""
        if by_look:
            r, k = self.futility.shape
            return {
                "rate": np.repeat(self.rates, k),
                "n": np.tile(self.sizes[:-1], r),
                "stop_futility": self.futility.ravel(),
                "stop_efficacy": self.efficacy.ravel(),
            }
        return {
            "rate": self.rates,
            "success": self.success,
            "stop_early": self.stop_early,
            "stop_futility": self.futility.sum(axis=1),
            "stop_efficacy": self.efficacy.sum(axis=1),
            "expected_n": self.expected_n,
            "sd_n": self.sd_n,
        }

    def to_frame(self, *, by_look: bool = False) -> pl.DataFrame:
        """Give the rows of `columns` as a frame."""
        import polars as pl

        return pl.DataFrame(self.columns(by_look=by_look))


class HasBoundaries:
    """What every design shares that comes down to `Boundaries`."""

    if TYPE_CHECKING:

        @property
        def boundaries(self) -> Boundaries:
            """The boundaries of the design."""
            ...

    def operating_characteristics(self, rates: ArrayLike) -> OperatingCharacteristics:
        """Compute what the design does at each true response rate, exactly."""
        return self.boundaries.operating_characteristics(rates)

    def columns(self) -> dict[str, list]:
        """List the boundaries: one row a look and one for the end."""
        return self.boundaries.columns()

    def to_frame(self) -> pl.DataFrame:
        """Give the boundaries as a frame."""
        return self.boundaries.to_frame()


def check_looks(looks: Sequence[int], n: int) -> None:
    """Raise unless interim looks are whole, increasing and below the planned sample."""
    if any(int(m) != m for m in looks) or list(looks) != sorted(set(looks)) or (looks and looks[0] < 1):
        raise DesignError(f"looks must be whole numbers above 0, each once, in order; got {list(looks)}")
    if looks and looks[-1] >= n:
        raise DesignError(f"a look after {looks[-1]} patients is beyond the planned {n}; interim looks lie below {n}")


def schedule(looks: Sequence[int], n: int) -> tuple[int, ...]:
    """Give the interim looks as checked whole numbers; a look at `n` is the final analysis and left out."""
    looks = tuple(looks)
    looks = looks[:-1] if looks and looks[-1] == n else looks
    check_looks(looks, n)
    return tuple(int(m) for m in looks)


def add_patients(alive: NDArray, more: int, p: NDArray) -> NDArray:
    """Distribution of responses after `more` patients at rates `p`: one convolution for all rates."""
    pmf = binomial_pmf(np.arange(more + 1)[:, None], more, p)
    if len(alive) == 1:
        return alive * pmf
    out = np.zeros((len(alive) + more, len(p)))
    rows, shift = (alive, pmf) if len(alive) >= more + 1 else (pmf, alive)
    for j in range(len(shift)):
        out[j : j + len(rows)] += rows * shift[j]
    return out
