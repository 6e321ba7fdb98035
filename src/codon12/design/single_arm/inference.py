"""Estimate, P value and interval after a trial that could have stopped early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from codon12.design.arguments import checked
from codon12.design.probability.inverse import inverse
from codon12.design.single_arm.boundaries import Boundaries, add_patients
from codon12.errors import DesignError

__all__ = ["StagedInference", "inference_after", "staged_inference", "unbiased_estimate"]

_CONVENTION = (
    "Outcomes are ordered stagewise: stopping for futility is less than going on, stopping earlier for"
    " futility is"
    " less than later, stopping for efficacy is more than going on, the earlier the more; within a stage"
    " by the"
    " number of responses. For a design that stops for futility only this is the order of the UMVUE"
    " (Jung and Kim"
    " 2004) and the interval is that of Jennison and Turnbull (1983)."
)


@dataclass(frozen=True)
class StagedInference:
    """Inference that allows for the stopping rule.

    Attributes
    ----------
    n, responses
        Where the trial ended.
    rate
        Observed rate; biased, for the trial could have stopped.
    umvue
        Uniformly minimum variance unbiased estimate.
    median_unbiased
        The rate at which the outcome seen is as likely exceeded as fallen short of.
    p0, p_value
        Null rate, and the probability there of an outcome as high or higher.
    lower, upper, level
        Confidence interval, equal tails.
    convention
        The order of outcomes that P value and interval rest on.
    """

    n: int
    responses: int
    rate: float
    umvue: float
    median_unbiased: float
    p0: float | None
    p_value: float | None
    lower: float
    upper: float
    level: float
    convention: str = _CONVENTION

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {k: [getattr(self, k)] for k in self.__dataclass_fields__ if k != "convention"}

    def describe(self) -> str:
        """Say the result in plain words."""
        test = "" if self.p_value is None else f" One-sided P against {self.p0:g}: {self.p_value:.4f}."
        return (
            f"{self.responses} of {self.n} responded ({100 * self.rate:.1f} %). Allowing for the"
            " stopping rule: UMVUE"
            f" {100 * self.umvue:.1f} %, {100 * self.level:g} % interval {100 * self.lower:.1f} to"
            f" {100 * self.upper:.1f} %.{test} {self.convention}"
        )


@checked()
def staged_inference(
    boundaries: Boundaries, *, n: int, responses: int, p0: float | None = None, level: float = 0.95
) -> StagedInference:
    """Estimate the response rate after a trial with interim looks.

    Parameters
    ----------
    boundaries
        The design as it was followed; for Simon's design ``design.boundaries``.
    n, responses
        Evaluable patients at the end (a look, or the planned n) and responses among them.
    p0
        Null rate of the P value; none is given without it.
    level
        Two-sided confidence level.

    Raises
    ------
    DesignError
        The trial cannot have ended there under this design.

    References
    ----------
    Jung and Kim 2004, On the estimation of the binomial probability in multistage clinical trials. Stat Med
    23:881-896. Jennison and Turnbull 1983, Confidence intervals for a binomial parameter following a
    multistage
    test. Technometrics 25:49-58.

    Examples
    --------
    >>> simon = Boundaries(n=29, success_at_least=6, looks=(10,), stop_at_most=(1,))
    >>> result = staged_inference(simon, n=29, responses=6, p0=0.1)
    >>> round(result.umvue, 4), round(result.p_value, 4)
    (0.2613, 0.0471)
    """
    _check_end(boundaries, n, responses)

    def at_least(p: float, x: int = responses) -> float:
        return _at_least(boundaries, n, x, p)

    def more(p: float) -> float:
        # as high or higher, less the outcome itself
        return at_least(p) - _ends_at(boundaries, n, responses, p)

    tail = (1 - level) / 2
    p_value = None if p0 is None else at_least(p0)
    lowest = at_least(0.0) >= 1 - 1e-15
    highest = more(1.0) <= 1e-15 and _ends_at(boundaries, n, responses, 1.0) > 0
    return StagedInference(
        n=n,
        responses=responses,
        rate=responses / n,
        umvue=float(unbiased_estimate(boundaries, n=n, responses=responses)),
        median_unbiased=inverse(lambda p: at_least(p) + more(p), 1.0, 0.0, 1.0, clamp=True),
        p0=p0,
        p_value=p_value,
        lower=0.0 if lowest else inverse(at_least, tail, 0.0, 1.0, clamp=True),
        upper=1.0 if highest else inverse(more, 1 - tail, 0.0, 1.0, clamp=True),
        level=level,
    )


@checked()
def inference_after(
    *,
    looks: Sequence[int],
    stop_at_most: Sequence[int],
    planned_n: int,
    n: int,
    responses: int,
    p0: float | None = None,
    level: float = 0.95,
) -> StagedInference:
    """`staged_inference` for a design that stops for futility only, from plain numbers."""
    boundaries = Boundaries(planned_n, planned_n + 1, tuple(looks), tuple(stop_at_most))
    return staged_inference(boundaries, n=n, responses=responses, p0=p0, level=level)


@checked()
def unbiased_estimate(boundaries: Boundaries, *, n: int, responses: int) -> Fraction:
    """Give the UMVUE: of all sequences that end at this outcome, the share whose first patient responds.

    Counted in whole numbers, for any interim looks (Girshick, Mosteller and Savage 1946).

    Examples
    --------
    >>> simon = Boundaries(n=29, success_at_least=6, looks=(10,), stop_at_most=(1,))
    >>> unbiased_estimate(simon, n=10, responses=1)
    Fraction(1, 10)
    """
    _check_end(boundaries, n, responses)
    stops = zip(boundaries.looks, boundaries.stop_at_most, boundaries.stop_at_least, strict=True)
    at = {m: (low, high) for m, low, high in stops}
    every, first = [1, 1], [0, 1]
    for m in range(1, n):
        if m in at:
            low, high = at[m]
            every = [c if low < x < high else 0 for x, c in enumerate(every)]
            first = [c if low < x < high else 0 for x, c in enumerate(first)]
        every = [a + b for a, b in zip([*every, 0], [0, *every], strict=True)]
        first = [a + b for a, b in zip([*first, 0], [0, *first], strict=True)]
    if not every[responses]:
        raise DesignError(f"{responses} of {n} cannot be reached: the trial would have stopped before")
    return Fraction(first[responses], every[responses])


def _reaching(b: Boundaries, n: int, p: float) -> tuple[np.ndarray, float]:
    """Distribution of responses among trials that come to `n` patients, and earlier stops for efficacy."""
    rate, alive, before, won = np.array([p]), np.ones((1, 1)), 0, 0.0
    for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True):
        if m >= n:
            break
        alive = add_patients(alive, m - before, rate)
        before = m
        won += float(alive[high:].sum())
        alive[: low + 1] = 0
        alive[high:] = 0
    return add_patients(alive, n - before, rate)[:, 0], won


def _at_least(b: Boundaries, n: int, x: int, p: float) -> float:
    """Probability of the outcome (n, x) or a higher one."""
    here, won = _reaching(b, n, p)
    return won + float(here[x:].sum())  # above a futility stop lies all that goes on


def _ends_at(b: Boundaries, n: int, x: int, p: float) -> float:
    return float(_reaching(b, n, p)[0][x])


def _check_end(b: Boundaries, n: int, x: int) -> None:
    ends = [*b.looks, b.n]
    if n not in ends:
        raise DesignError(f"this trial ends after {', '.join(map(str, ends))} patients, not after {n}")
    if not 0 <= x <= n:
        raise DesignError(f"{x} responses among {n} patients are not possible")
    if n < b.n:
        k = b.looks.index(n)
        if b.stop_at_most[k] < x < b.stop_at_least[k]:
            raise DesignError(
                f"with {x} responses of {n} the trial goes on: it stops at {b.stop_at_most[k]} or fewer"
                + (f" or at {b.stop_at_least[k]} or more" if b.stop_at_least[k] <= n else "")
            )
    for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True):
        if m < n and (x <= low or x - (n - m) >= high):
            raise DesignError(f"{x} of {n} cannot be reached: the trial would have stopped after {m} patients")
