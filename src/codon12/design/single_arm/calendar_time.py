"""A single-arm design in calendar time: who is already enrolled when a look is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.design.arguments import BELOW_1, SHARE, Thing, checked
from codon12.design.single_arm.accrual import as_accrual
from codon12.design.single_arm.boundaries import Boundaries
from codon12.errors import DesignError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CalendarPlan", "calendar_plan"]

_BOUNDARIES = Thing("the Boundaries of a design", "operating_characteristics", (dict,))


@dataclass(frozen=True, eq=False)
class CalendarPlan:
    """A single-arm design in calendar time, at one true response rate.

    Attributes
    ----------
    rate
        True response rate.
    pause
        Whether enrolment pauses until each look is decided.
    sizes, time, enrolled
        Evaluable patients, calendar time and patients enrolled at each look and at the end.
    probability
        Probability that the trial ends there.
    expected_enrolled, expected_overrun, expected_duration
        Patients enrolled; of them, those whose outcome did not enter the decision that ended the trial; time of
        that decision.
    stop_while_enrolling
        Probability of stopping while patients are still being enrolled.
    last_saving_look
        Evaluable patients at the last look that can still save a patient; None if there is none.
    """

    rate: float
    pause: bool
    sizes: NDArray[np.int64]
    time: NDArray[np.float64]
    enrolled: NDArray[np.float64]
    probability: NDArray[np.float64]
    expected_enrolled: float
    expected_overrun: float
    expected_duration: float
    stop_while_enrolling: float
    last_saving_look: int | None

    def columns(self) -> dict[str, NDArray]:
        """List one row a look and one for the end."""
        return {"n": self.sizes, "time": self.time, "enrolled": self.enrolled, "ends_here": self.probability}

    def to_frame(self) -> pl.DataFrame:
        """Give one row a look and one for the end."""
        import polars as pl

        return pl.DataFrame(self.columns())

    def describe(self) -> str:
        """Say the plan in plain words."""
        saving = (
            "No look comes before enrolment is complete"
            if self.last_saving_look is None
            else f"The last look that can save a patient is the one after {self.last_saving_look}"
        )
        return (
            f"If the true rate is {self.rate:g}, {self.expected_enrolled:.1f} patients are enrolled on average, of whom"
            f" {self.expected_overrun:.1f} too late to enter the decision that ends the trial, which comes at time"
            f" {self.expected_duration:.1f} on average. The trial stops while still enrolling with probability"
            f" {self.stop_while_enrolling:.4f}. {saving}."
        )


@checked(boundaries=_BOUNDARIES, rate=SHARE, dropout=BELOW_1)
def calendar_plan(
    boundaries: Boundaries | dict,
    *,
    rate: float,
    accrual: float,
    lag: float,
    ramp: float = 0.0,
    openings: Sequence[float] = (),
    pause: bool = False,
    dropout: float = 0.0,
) -> CalendarPlan:
    """Put a single-arm design into calendar time.

    Parameters
    ----------
    boundaries
        The design, counted in evaluable patients.
    rate
        True response rate.
    accrual, ramp, openings
        Patients per unit of time, of each site; time over which that rises from 0; when each site opens.
    lag
        Time from enrolment until the outcome is known.
    pause
        Whether enrolment pauses at each look until its last outcome is known.
    dropout
        Share of patients who never become evaluable; they are replaced by more enrolment.

    Returns
    -------
    CalendarPlan
        Computed from the expected course of accrual (not from random arrivals) and the exact probability of ending
        at each look.

    Raises
    ------
    DesignError
        Accrual, lag or dropout that cannot be.

    Examples
    --------
    >>> design = Boundaries(29, 4, (10,), (0,))
    >>> plan = calendar_plan(design, rate=0.05, accrual=2, lag=3)
    >>> plan.time.tolist(), plan.enrolled.tolist()
    ([8.0, 17.5], [16.0, 29.0])
    """
    try:
        b = msgspec.convert(boundaries, Boundaries) if isinstance(boundaries, dict) else boundaries
    except msgspec.ValidationError as err:
        raise DesignError(f"the boundaries {boundaries}: {err}") from None
    course = as_accrual(accrual, ramp, openings)
    seen = b.operating_characteristics(rate)
    sizes = seen.sizes
    needed = sizes / (1 - dropout)  # enrolled so that so many are evaluable
    if pause:
        waits = lag * np.arange(1, len(sizes) + 1)
        time = course.time_of(needed) + waits
        enrolled = needed
    else:
        time = course.time_of(needed) + lag
        enrolled = np.minimum(course.enrolled(time), needed[-1])
    probability = seen.size_distribution[0]
    open_ = enrolled < needed[-1] - 1e-9
    saving = np.flatnonzero(open_[:-1])
    return CalendarPlan(
        rate=rate,
        pause=pause,
        sizes=sizes,
        time=time,
        enrolled=enrolled,
        probability=probability,
        expected_enrolled=float(probability @ enrolled),
        expected_overrun=float(probability @ (enrolled - needed)),
        expected_duration=float(probability @ time),
        stop_while_enrolling=float(probability[:-1][open_[:-1]].sum()),
        last_saving_look=int(sizes[saving[-1]]) if len(saving) else None,
    )
