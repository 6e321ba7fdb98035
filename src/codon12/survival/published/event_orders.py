"""Every order of events and censorings that gives the survival estimates a paper prints.

A Kaplan-Meier estimate depends on the order of events and censorings alone: the j-th subject to leave, with n
at risk, multiplies the curve by 1 - 1/n when the leaving is an event and adds 1/(n(n-1)) to Greenwood's sum. A
printed estimate with its interval is therefore a box in the plane of (estimate, Greenwood sum), and the orders
that fall into the boxes can be counted out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.survival.results.limits import LogScale, limits_on_scale
from codon12.survival.subjects.options import check_choice, check_count, check_level

__all__ = ["EventString", "PrintedLandmark", "event_strings"]

_SLACK = 1e-9
"""Half-widths of the boxes are widened by this share of a last digit: a limit that ties counts as printed."""


@dataclass(frozen=True, kw_only=True)
class PrintedLandmark:
    """A survival estimate as printed, in percent; the texts keep their decimals (``"90.5"``, ``"71.0"``).

    A limit left out is not used.
    """

    estimate: str
    lower: str | None = None
    upper: str | None = None


@dataclass(frozen=True)
class EventString:
    """An order of leaving the risk set, up to the last event before the last landmark."""

    text: str
    """``E`` for an event and ``C`` for a censoring, in order of time."""
    events: tuple[int, ...]
    """Number of events before each landmark."""


@dataclass(frozen=True)
class _Box:
    """Closed ranges of the estimate, its limits, and the Greenwood sums they allow."""

    estimate: tuple[float, float]
    lower: tuple[float, float]
    upper: tuple[float, float]
    greenwood: tuple[float, float]

    def holds(self, S: NDArray, V: NDArray, *, conf_type: LogScale, z: float) -> NDArray[np.bool_]:
        """Whether the estimate and its limits print as the landmark does."""
        lower, upper = _limits(S, V, conf_type=conf_type, z=z)
        inside = (self.estimate[0] <= S) & (self.estimate[1] >= S)
        for value, (low, high) in ((lower, self.lower), (upper, self.upper)):
            inside &= np.isneginf(low) | ((value >= low) & (value <= high))
        return inside


def event_strings(
    n: int,
    landmarks: Iterable[PrintedLandmark],
    *,
    level: float = 0.95,
    conf_type: LogScale = "log-log",
    limit: int = 1_000_000,
) -> tuple[EventString, ...]:
    """Find every order of events and censorings of `n` subjects that prints as the landmarks do.

    Parameters
    ----------
    n
        Number of subjects at time zero.
    landmarks
        Printed estimates in order of time. A value counts as printed when it lies within half a unit of the last
        printed decimal, both ends included, so that any rounding of ties is allowed.
    level
        Confidence level of the printed intervals.
    conf_type
        How the intervals were made: ``log-log``, ``log`` or ``plain`` (Greenwood's variance in each).
    limit
        Greatest number of partial orders held at once.

    Returns
    -------
    tuple of EventString
        Each distinct order once, sorted by text; it ends with the last event before the last landmark, because
        censorings after it change nothing. Empty when no order fits. Subjects leave one at a time: tied events
        are the same order as events one after another, a tied censoring follows the events of its time.

    Raises
    ------
    UsageError
        No subjects, no landmark, a text that is not a percentage, estimates that rise with time, or more than
        `limit` partial orders: add a landmark or a limit then.

    References
    ----------
    Kaplan and Meier 1958; Greenwood 1926; the log-log interval is Kalbfleisch and Prentice's.

    Examples
    --------
    >>> third = PrintedLandmark(estimate="66.7", lower="5.4", upper="94.5")
    >>> event_strings(3, [third])
    (EventString(text='E', events=(1,)),)
    """
    check_count("n", n)
    check_count("limit", limit, least=1)
    if isinstance(landmarks, (str, bytes, Mapping)) or not isinstance(landmarks, Iterable):
        raise UsageError(f"landmarks must be a list of PrintedLandmark; got {landmarks!r}")
    listed = tuple(landmarks)
    if not all(isinstance(v, PrintedLandmark) for v in listed):
        raise UsageError("landmarks must be a list of PrintedLandmark")
    boxes = _boxes(n, listed, level=level, conf_type=conf_type)
    z = float(-special.ndtri((1 - level) / 2))
    # A partial order is the set of numbers at risk at its events: one row each, with S and V beside it.
    risk = np.zeros((1, 0), dtype=np.int64)
    S, V, last = np.ones(1), np.zeros(1), np.full(1, n + 1)
    reached = np.zeros(1, dtype=np.int64)
    counts = np.zeros((1, len(boxes)), dtype=np.int64)
    found: set[EventString] = set()
    for made in range(n + 1):
        # Landmarks may fall right after this event, several at once where no event lies between them.
        for j, box in enumerate(boxes):
            here = (reached == j) & box.holds(S, V, conf_type=conf_type, z=z)
            passed = counts[here].copy()
            passed[:, j] = made
            if j + 1 == len(boxes):
                found |= {_string(n, r, e) for r, e in zip(risk[here], passed, strict=True)}
            else:
                risk, S, V = (np.concatenate([a, a[here]]) for a in (risk, S, V))
                last, counts = np.concatenate([last, last[here]]), np.concatenate([counts, passed])
                reached = np.concatenate([reached, np.full(int(here.sum()), j + 1)])
        row, next_risk = _next_events(last)
        S_next, V_next = S[row] * (1 - 1 / next_risk), V[row] + _step(next_risk)
        keep = _can_still_fit(S_next, V_next, next_risk, reached[row], boxes)
        row, next_risk = row[keep], next_risk[keep]
        if row.size > limit:
            raise UsageError(
                f"more than {limit} partial orders after {made + 1} events: the printed numbers say too little;"
                " give a landmark or a limit more, or a greater limit"
            )
        if not row.size:
            break
        risk = np.column_stack([risk[row], next_risk])
        S, V, last, reached, counts = S_next[keep], V_next[keep], next_risk, reached[row], counts[row]
    return tuple(sorted(found, key=lambda s: (s.text, s.events)))


def _next_events(last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every (partial order, number at risk at its next event): all numbers below the last one."""
    free = last - 1
    row = np.repeat(np.arange(last.size), free)
    start = np.cumsum(free) - free
    return row, last[row] - 1 - (np.arange(row.size) - start[row])


def _step(at_risk: NDArray) -> NDArray[np.float64]:
    """Greenwood's term of one event; infinite for the last subject at risk."""
    with np.errstate(divide="ignore"):
        return 1 / (at_risk * (at_risk - 1.0))


def _can_still_fit(
    S: NDArray, V: NDArray, at_risk: NDArray, reached: NDArray, boxes: tuple[_Box, ...]
) -> NDArray[np.bool_]:
    """Whether the next landmark can still be met, by bounds on what further events add to Greenwood's sum.

    To fall by a factor r from n at risk adds least when all events come at once, (1/r - 1)/n, and most when one
    event does it alone, (1 - r)^2/r.
    """
    floor, ceiling = (np.array([b.estimate[k] for b in boxes])[reached] for k in (0, 1))
    least, most = (np.array([b.greenwood[k] for b in boxes])[reached] for k in (0, 1))
    left = at_risk - 1.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        small_fall = np.minimum(1.0, ceiling / S)
        large_fall = np.minimum(1.0, np.maximum(floor, 0.0) / S)
        add_least = np.where(small_fall < 1, (1 / small_fall - 1) / left, 0.0)
        add_most = (1 - large_fall) ** 2 / large_fall
    enough = (floor <= S) & (V + add_least <= most * (1 + 1e-9))
    # No event left to make: the order must already lie in the box, which is tested before the next step.
    return enough & ~(V + add_most < least * (1 - 1e-9))


def _limits(S: NDArray, V: NDArray, *, conf_type: LogScale, z: float) -> tuple[NDArray, NDArray]:
    """Confidence limits of the estimate; where there is none (S of 0 or 1) the estimate itself."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = limits_on_scale(S, z * np.sqrt(V), conf_type)
    inner = (S > 0) & (S < 1)
    return np.where(inner, np.clip(low, 0, 1), S), np.where(inner, np.clip(high, 0, 1), S)


def _boxes(n: int, landmarks: tuple[PrintedLandmark, ...], *, level: float, conf_type: LogScale) -> tuple[_Box, ...]:
    if n < 1:
        raise UsageError(f"n must be at least 1; got {n}")
    if not landmarks:
        raise UsageError("give at least one landmark")
    check_choice("conf_type", conf_type, get_args(LogScale))
    check_level(level)
    z = float(-special.ndtri((1 - level) / 2))
    boxes = tuple(_box(landmark, conf_type=conf_type, z=z) for landmark in landmarks)
    for first, second in pairwise(boxes):
        if second.estimate[0] > first.estimate[1]:
            raise UsageError("estimates must not rise with time; give the landmarks in order of time")
    return boxes


def _box(landmark: PrintedLandmark, *, conf_type: LogScale, z: float) -> _Box:
    estimate = _range(landmark.estimate)
    anywhere = (-np.inf, np.inf)
    lower = anywhere if landmark.lower is None else _range(landmark.lower)
    upper = anywhere if landmark.upper is None else _range(landmark.upper)
    sums = (0.0, np.inf)
    grid = np.linspace(max(estimate[0], 1e-12), min(estimate[1], 1 - 1e-12), 33)
    for limits in (lower, upper):
        # Limits at the edge are clipped for the plain and log forms: they bound nothing from above.
        if np.isinf(limits[0]) or limits[0] <= 0 or limits[1] >= 1:
            continue
        roots = np.abs([_root(grid, x, conf_type=conf_type, z=z) for x in limits])
        crosses = limits[0] <= estimate[1] and limits[1] >= estimate[0]
        low = 0.0 if crosses else float(roots.min()) * 0.999
        high = float(roots.max()) * 1.001
        sums = (max(sums[0], low * low), min(sums[1], high * high))
    return _Box(estimate, lower, upper, sums)


def _root(S: NDArray, limit: float, *, conf_type: LogScale, z: float) -> NDArray[np.float64]:
    """Square root of Greenwood's sum that puts a limit at `limit`."""
    if conf_type == "plain":
        return (S - limit) / (z * S)
    if conf_type == "log":
        return np.log(S / limit) / z
    fall = -np.log(S)
    return fall * (np.log(-np.log(limit)) - np.log(fall)) / z


def _range(text: str) -> tuple[float, float]:
    """Values, as shares, that print as this percentage."""
    try:
        value = Decimal(text) if isinstance(text, str) else Decimal("nan")
    except ArithmeticError:
        value = Decimal("nan")
    if not value.is_finite():
        raise UsageError(f"a landmark must be a percentage as printed; got {text!r}")
    if not 0 <= value <= 100:
        raise UsageError(f"a landmark must lie between 0 and 100; got {text!r}")
    exponent = value.as_tuple().exponent
    half = Decimal(5) * Decimal(10) ** (int(exponent) - 1)
    slack = float(half) * _SLACK
    return (float(value - half) - slack) / 100, (float(value + half) + slack) / 100


def _string(n: int, risk: NDArray[np.int64], events: NDArray[np.int64]) -> EventString:
    """Spell out the order whose events happen at these numbers at risk."""
    letters = np.full(n, "C")
    letters[n - risk] = "E"
    end = n - int(risk[-1]) + 1 if risk.size else 0
    return EventString("".join(letters[:end]), tuple(int(e) for e in events))
