"""How long subjects were followed: reverse Kaplan-Meier, and the observed range with its censoring marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from codon12.survival.curves.curve import SurvivalCurve, curves_table
from codon12.survival.curves.kaplan_meier import KaplanMeier, kaplan_meier
from codon12.survival.results.limits import ConfType
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, estimate_row, row_of
from codon12.survival.subjects.subjects import left_out

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FollowUp", "ObservedRange", "follow_up", "observed_range"]


class ObservedRange(Result, msgspec.Struct, frozen=True, kw_only=True):
    """Smallest and largest observed time, and whether each is a censored one (printed with "+").

    Examples
    --------
    >>> str(ObservedRange(lower=1.3, upper=18.4, upper_censored=True))
    '1.3 to 18.4+'
    """

    lower: float
    upper: float
    lower_censored: bool = False
    upper_censored: bool = False
    group: str = "all"
    dropped: int = 0
    """Rows left out of all groups because their group is missing."""

    def text(self, digits: int | None = None) -> str:
        """Both ends as printed, rounded to `digits` places where given."""
        ends = ((self.lower, self.lower_censored), (self.upper, self.upper_censored))
        return " to ".join(
            (f"{value:g}" if digits is None else f"{value:.{digits}f}") + ("+" if censored else "")
            for value, censored in ends
        )

    def to_frame(self) -> pl.DataFrame:
        """One row: group, lower, upper, and whether each is censored."""
        import polars as pl

        names = ("group", "lower", "upper", "lower_censored", "upper_censored")
        return pl.DataFrame([{c: getattr(self, c) for c in names}])

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"{self.group}: {self}{left_out(self.dropped)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        why = {f"{side}_status": "censored" for side in ("lower", "upper") if getattr(self, f"{side}_censored")}
        method = f"Shortest and longest observed time; + marks a censored one{left_out(self.dropped)}"
        return [
            row_of("range", "range", label="Range", level=self.group, lower=self.lower, upper=self.upper, method=method)
            | why
        ]


@dataclass(frozen=True, eq=False, repr=False)
class FollowUp(Result):
    """Reverse Kaplan-Meier curves (their events are the censorings) and the observed range of each group."""

    curves: tuple[SurvivalCurve, ...]
    ranges: tuple[ObservedRange, ...]
    dropped: int = 0
    """Rows left out because their group is missing."""

    def to_frame(self) -> pl.DataFrame:
        """One row a group: subjects, censorings (the events here), median with limits, observed range."""
        import polars as pl

        ends = pl.DataFrame([r.to_frame().row(0, named=True) for r in self.ranges])
        ends = ends.rename({"lower": "shortest", "upper": "longest"}).drop("group")
        return self.as_curves().summary().rename({"events": "censored", "value": "median"}).hstack(ends)

    def as_curves(self) -> KaplanMeier:
        """The same as Kaplan-Meier curves, with their tables."""
        told = f"reverse Kaplan-Meier, deaths before censorings at ties{left_out(self.dropped)}"
        return KaplanMeier(self.curves, told, self.dropped)

    def __repr__(self) -> str:
        head = f"Follow-up by reverse Kaplan-Meier (events are the censorings){left_out(self.dropped)}"
        return f"{head}\n{curves_table(self.curves)}\n" + "\n".join(f"{r.group}: range {r}" for r in self.ranges)

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Reverse Kaplan-Meier, deaths before censorings at ties{left_out(self.dropped)}"
        rows = []
        for curve, ends in zip(self.curves, self.ranges, strict=True):
            total = curve.n if curve.weight is None else round(curve.weight)
            size = {"n": round(curve.events), "N": total, "method": method}
            rows.append(estimate_row(curve.median(), "median_follow_up", "time", label="Median follow-up", **size))
            rows += ends.as_rows()
        return rows


def observed_range(time: ArrayLike, event: ArrayLike, *, group: Any = None) -> tuple[ObservedRange, ...]:
    """Smallest and largest time of each group; a censored time counts as longer than an equal event time.

    Shapes, missing values and errors are those of ``kaplan_meier``.

    Examples
    --------
    >>> str(observed_range([2.0, 5.0, 5.0], [1, 1, 0])[0])
    '2 to 5+'
    """
    km = kaplan_meier(time, event, group=group)
    return tuple(_range(c, km.dropped) for c in km)


def _range(curve: SurvivalCurve, dropped: int) -> ObservedRange:
    counted = np.flatnonzero(curve.n_event + curve.n_censor > 0)  # others weigh nothing
    first, last = (int(counted[0]), int(counted[-1])) if counted.size else (0, -1)
    return ObservedRange(
        lower=float(curve.time[first]),
        upper=float(curve.time[last]),
        lower_censored=not curve.n_event[first] > 0,
        upper_censored=bool(curve.n_censor[last] > 0),
        group=curve.group,
        dropped=dropped,
    )


def follow_up(
    time: ArrayLike,
    event: ArrayLike,
    *,
    group: Any = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
) -> FollowUp:
    """Potential follow-up by reverse Kaplan-Meier: censoring is the event, deaths go first at ties.

    A subject who died at t no longer belongs to those who could be censored at t, so the curve falls by the
    factor ``1 - c / (n - d)``. Shapes, missing values and errors are those of ``kaplan_meier``.

    References
    ----------
    Schemper and Smith 1996. Flipping the event indicator instead keeps tied deaths at risk: a biased curve.

    Examples
    --------
    >>> found = follow_up([1, 2, 2, 3], [1, 1, 0, 0])
    >>> found.curves[0].survival.tolist(), found.curves[0].median().value
    ([1.0, 0.5, 0.0], 2.5)
    """
    plain = kaplan_meier(
        time, event, group=group, weights=weights, entry=entry, conf_type=conf_type, level=level, robust=False
    )
    curves = tuple(
        SurvivalCurve(
            group=c.group,
            n=c.n,
            time=c.time,
            n_risk=c.n_risk - c.n_event,
            n_event=c.n_censor,
            n_censor=c.n_event,
            deaths=np.zeros_like(c.deaths),
            conf_type=conf_type,
            level=level,
            entry=c.entry,
            entry_weight=c.entry_weight,
            weight=c.weight,
        )
        for c in plain
    )
    return FollowUp(curves, tuple(_range(c, plain.dropped) for c in plain), plain.dropped)
