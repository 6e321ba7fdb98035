"""BOP2 for two endpoints at once: efficacy with toxicity, or a deeper response within response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.design.arguments import check_open, checked, up_to
from codon12.design.monitoring.bop2 import cutoffs, distinct_rows
from codon12.design.probability.prior import Prior
from codon12.design.single_arm.boundaries import schedule
from codon12.errors import DesignError, UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PairCharacteristics", "PairDesign", "bop2_pair"]

Kind = Literal["efficacy-toxicity", "nested"]
Cells = tuple[float, float, float]


@dataclass(frozen=True)
class PairCharacteristics:
    """What a two-endpoint design does under one truth.

    Attributes
    ----------
    first, second, both
        True probabilities of the two events and of both.
    success, stop_early, expected_n
        Probability of success and of stopping early, and expected size.
    """

    first: float
    second: float
    both: float
    success: float
    stop_early: float
    expected_n: float


@dataclass(frozen=True)
class PairDesign:
    """A BOP2 design for two endpoints.

    Attributes
    ----------
    kind
        ``efficacy-toxicity``: stop if efficacy is too low or toxicity too high. ``nested``: stop if both the deeper
        response and the response are too low.
    n, looks
        Planned patients and interim looks.
    lambda_, gamma
        The posterior cutoff after m patients is lambda (m / n)^gamma.
    first
        Efficacy (nested: the deeper response): too low at or below these numbers, looks and end; -1: never.
    second
        Toxicity: too high at or above these numbers. Nested: response: too low at or below these.
    null, alternative
        What it does under the null hypothesis and under the alternative.
    """

    kind: Kind
    n: int
    looks: tuple[int, ...]
    lambda_: float
    gamma: float
    first: tuple[int, ...]
    second: tuple[int, ...]
    null: PairCharacteristics
    alternative: PairCharacteristics

    def judge(self, first: float, second: float, both: float) -> PairCharacteristics:
        """Compute exactly what the design does under any truth."""
        cells = _cells(self.kind, first, second, both, "the truth")
        low = np.array(self.first)[:, None]
        edge = np.array(self.second)[:, None]
        success, stopped, size = _judge(self.kind, self.n, self.looks, low, edge, cells)
        return PairCharacteristics(first, second, both, float(success[0]), float(stopped[0]), float(size[0]))

    def columns(self) -> dict[str, list]:
        """List one row a look and one for the end."""
        names = ("efficacy_at_most", "toxicity_at_least")
        if self.kind == "nested":
            names = ("deep_response_at_most", "response_at_most")
        return {
            "n": [*self.looks, self.n],
            names[0]: [None if v < 0 else v for v in self.first],
            names[1]: [
                None if (v < 0 or v > m) else v for v, m in zip(self.second, (*self.looks, self.n), strict=True)
            ],
        }

    def to_frame(self) -> pl.DataFrame:
        """Give the rows of `columns` as a frame."""
        import polars as pl

        columns = self.columns()
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int64))

    def describe(self) -> str:
        """Say the design in plain words."""
        rows = zip((*self.looks, self.n), self.first, self.second, strict=True)
        if self.kind == "nested":
            rules = (
                f"{m}: deeper responses <= {a} and responses <= {b}" if min(a, b) >= 0 else f"{m}: never"
                for m, a, b in rows
            )
            rule = "; ".join(rules)
        else:
            rule = "; ".join(f"{m}: {_either(m, a, b)}" for m, a, b in rows)
        n0, n1 = self.null, self.alternative
        return (
            f"BOP2 ({self.kind}) with lambda {self.lambda_:g} and gamma {self.gamma:g}; stop (at {self.n}: no success)"
            f" at {rule}. Under the null ({n0.first:g}, {n0.second:g}; both {n0.both:g}): success"
            f" {n0.success:.4f}, early stop {n0.stop_early:.4f}, {n0.expected_n:.2f} patients expected; under the"
            f" alternative ({n1.first:g}, {n1.second:g}; both {n1.both:g}): power {n1.success:.4f},"
            f" {n1.expected_n:.2f} patients expected."
        )


@checked(n=up_to(250))
def bop2_pair(
    n: int,
    *,
    kind: Kind,
    null: Sequence[float],
    alternative: Sequence[float],
    looks: Sequence[int],
    alpha: float = 0.1,
) -> PairDesign:
    """Find the BOP2 design for two endpoints with the most power among those that keep the type I error.

    Parameters
    ----------
    n, looks
        Planned patients and interim looks.
    kind
        ``efficacy-toxicity`` or ``nested`` (for example complete response within response).
    null, alternative
        (first, second, both): probabilities of efficacy, toxicity and both; or, nested, of the deeper response, of
        response and of both, which is the first again. The third may be left out: independence, or nesting.
    alpha
        Largest probability of success under `null`.

    Raises
    ------
    DesignError
        Probabilities that no table has, or no design that keeps the type I error.

    Notes
    -----
    The prior is a Dirichlet distribution with the null probabilities, worth one patient; the null rates are also
    the limits that the posterior probabilities refer to. Every design is judged by the exact joint distribution.

    References
    ----------
    Zhou, Lee and Yuan 2017, Stat Med 36:3302-3314.

    Examples
    --------
    >>> design = bop2_pair(
    ...     30, kind="nested", null=(0.15, 0.3), alternative=(0.25, 0.5), looks=[10, 20], alpha=0.1
    ... )
    >>> design.null.success <= 0.1 < 0.7 < design.alternative.success
    True
    """
    if kind not in get_args(Kind):
        raise UsageError(f"kind must be one of {', '.join(get_args(Kind))}; got {kind!r}")
    looks = schedule(looks, n)
    truth0, truth1 = _complete(kind, null), _complete(kind, alternative)
    cells0, cells1 = _cells(kind, *truth0, "the null"), _cells(kind, *truth1, "the alternative")
    _refuse_worse(kind, truth0, truth1)
    ends = (*looks, n)
    levels, parameters = cutoffs(ends)
    low, edge = (np.empty((len(ends), len(parameters)), dtype=np.int64) for _ in range(2))
    limit1, limit2 = truth0[0], truth0[1]
    for k, m in enumerate(ends):
        x = np.arange(m + 1)
        above1 = Prior.beta(limit1, 1 - limit1).upper_tail(limit1, x, m)
        above2 = Prior.beta(limit2, 1 - limit2).upper_tail(limit2, x, m)
        low[k] = np.searchsorted(above1, levels[k], side="left") - 1
        if kind == "nested":
            edge[k] = np.searchsorted(above2, levels[k], side="left") - 1
        else:
            safe = (1 - above2)[::-1]  # rising in the number without toxicity
            edge[k] = m + 1 - np.searchsorted(safe, levels[k], side="left")
    kept = distinct_rows(np.concatenate([low, edge]))
    low, edge = low[:, kept], edge[:, kept]
    size, _, _ = _judge(kind, n, looks, low, edge, cells0)
    possible = size > 0
    good = np.flatnonzero(possible & (size <= alpha + 1e-12))
    if not len(good):
        raise DesignError(
            f"no BOP2 design of {n} patients keeps the type I error {alpha:g}; the smallest is"
            f" {size[possible].min():.4f}:"
            " plan more patients or allow a larger error"
        )
    low, edge, kept = low[:, good], edge[:, good], kept[good]
    power, _, _ = _judge(kind, n, looks, low, edge, cells1)
    i = int(np.argmax(power.round(12)))
    lambda_, gamma = parameters[kept[i]]
    judged = []
    for truth, cells in ((truth0, cells0), (truth1, cells1)):
        success, stopped, expected = _judge(kind, n, looks, low[:, [i]], edge[:, [i]], cells)
        judged.append(PairCharacteristics(*truth, float(success[0]), float(stopped[0]), float(expected[0])))
    return PairDesign(
        kind,
        n,
        looks,
        float(lambda_),
        float(gamma),
        tuple(int(v) for v in low[:, i]),
        tuple(int(v) for v in edge[:, i]),
        *judged,
    )


def _either(m: int, low: int, edge: int) -> str:
    parts = [f"responses <= {low}"] * (low >= 0) + [f"toxicities >= {edge}"] * (edge <= m)
    return " or ".join(parts) or "never"


def _refuse_worse(kind: Kind, null: Sequence[float], alternative: Sequence[float]) -> None:
    """Raise where the alternative is no better than the null: more efficacy, less toxicity, more of both responses."""
    first, second = alternative[0] - null[0], alternative[1] - null[1]
    names = ("efficacy", "toxicity") if kind == "efficacy-toxicity" else ("deeper response", "response")
    gains = (first, -second if kind == "efficacy-toxicity" else second)
    for name, gain, old, new in zip(names, gains, null, alternative, strict=False):
        if gain < 0:
            better = "below" if name == "toxicity" else "above"
            raise DesignError(f"the {name} of interest, {new:g}, must lie {better} the null, {old:g}, or be the same")
    if max(gains) <= 0:
        raise DesignError("the alternative is the null itself; widen the gap")


def _complete(kind: Kind, rates: Sequence[float]) -> Cells:
    if len(rates) not in {2, 3}:
        raise UsageError(f"give two rates, or three with the rate of both; got {list(rates)}")
    first, second = rates[0], rates[1]
    both = rates[2] if len(rates) == 3 else (first if kind == "nested" else first * second)
    return float(first), float(second), float(both)


def _cells(kind: Kind, first: float, second: float, both: float, what: str) -> NDArray[np.float64]:
    """Probabilities of (neither, first only, second only, both)."""
    check_open(f"the first rate of {what}", first)
    check_open(f"the second rate of {what}", second)
    if kind == "nested" and (abs(both - first) > 1e-12 or first > second):
        raise DesignError(f"{what}: a nested event ({first:g}) is part of the other ({second:g}); both = {both:g}")
    least, most = max(0.0, first + second - 1), min(first, second)
    if not least - 1e-12 <= both <= most + 1e-12:
        raise DesignError(
            f"{what}: with rates {first:g} and {second:g} both occur with a probability between {least:g} and"
            f" {most:g}; got {both:g}"
        )
    return np.array([1 - first - second + both, first - both, second - both, both])


def _judge(
    kind: Kind, n: int, looks: tuple[int, ...], low: NDArray, edge: NDArray, cells: NDArray
) -> tuple[NDArray, NDArray, NDArray]:
    """Success, early stop and expected size of many designs: convolution over both counts, patient by patient."""
    count = low.shape[1]
    alive = np.zeros((n + 1, n + 1, count))
    alive[0, 0] = 1
    stopped, expected = np.zeros(count), np.full(count, float(n))
    x = np.arange(n + 1)[:, None, None]
    y = np.arange(n + 1)[None, :, None]
    ends = {m: k for k, m in enumerate((*looks, n))}
    success = np.zeros(count)
    for m in range(1, n + 1):
        old = alive[:m, :m]
        new = np.zeros((m + 1, m + 1, count))
        for weight, i, j in zip(cells, (0, 1, 0, 1), (0, 0, 1, 1), strict=True):
            if weight > 0:
                new[i : m + i, j : m + j] += weight * old
        if m in ends:
            k = ends[m]
            weak = x[: m + 1] <= low[k]
            bad = (weak & (y[:, : m + 1] <= edge[k])) if kind == "nested" else (weak | (y[:, : m + 1] >= edge[k]))
            out = np.where(bad, new, 0.0).sum(axis=(0, 1))
            new = np.where(bad, 0.0, new)
            if m < n:
                stopped += out
                expected -= out * (n - m)
            else:
                success = new.sum(axis=(0, 1))
        alive = new
    return success, stopped, expected
