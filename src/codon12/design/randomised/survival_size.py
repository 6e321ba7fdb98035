"""Events, patients and calendar time of a trial with a time-to-event endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, expm1, log, sqrt
from typing import Literal

from scipy import special

from codon12.design.arguments import POSITIVE, Each, checked
from codon12.design.probability.inverse import inverse
from codon12.errors import DesignError, UsageError

__all__ = ["AnalysisTimes", "SurvivalSize", "analysis_times", "events_needed", "survival_size"]

Method = Literal["schoenfeld", "freedman"]
_TRIGGERS = Each(POSITIVE, gaps=True)


@checked()
def events_needed(
    hazard_ratio: float,
    *,
    alpha: float = 0.025,
    power: float = 0.9,
    ratio: float = 1.0,
    method: Method = "schoenfeld",
    inflation: float = 1.0,
) -> float:
    """Compute the number of events that a one-sided log-rank test needs; round it up yourself.

    Parameters
    ----------
    hazard_ratio
        Experimental over control, not 1.
    alpha, power
        One-sided type I error and power.
    ratio
        Patients in the experimental arm for each one in control.
    method
        ``schoenfeld`` (1981) or ``freedman`` (1982).
    inflation
        Inflation factor of a group sequential design.

    Examples
    --------
    >>> round(events_needed(0.6, alpha=0.025, power=0.9), 2), round(events_needed(0.5, power=0.9, method="freedman"), 2)
    (161.07, 94.57)
    """
    if hazard_ratio == 1:
        raise DesignError("a hazard ratio of 1 is no difference: no number of events shows it")
    if power <= alpha:
        raise DesignError(f"a power of {power:g} must exceed alpha = {alpha:g}")
    z2 = float(special.ndtri(1 - alpha) + special.ndtri(power)) ** 2 * inflation
    if method == "schoenfeld":
        return z2 * (1 + ratio) ** 2 / (ratio * log(hazard_ratio) ** 2)
    if method == "freedman":
        return z2 * (1 + ratio * hazard_ratio) ** 2 / (ratio * (1 - hazard_ratio) ** 2)
    raise UsageError(f"method must be schoenfeld or freedman; got {method!r}")


@dataclass(frozen=True)
class SurvivalSize:
    """Sample size by Lachin and Foulkes, with the events it rests on.

    Attributes
    ----------
    patients, patients_control, patients_experimental
        Total, not rounded, and the two arms.
    expected_events
        Events expected at the end under the alternative.
    events_schoenfeld, events_freedman
        Events needed by these two formulas, for comparison.
    event_probability_control, event_probability_experimental
        Probability that a patient's event is seen by the end.
    """

    patients: float
    patients_control: float
    patients_experimental: float
    expected_events: float
    events_schoenfeld: float
    events_freedman: float
    event_probability_control: float
    event_probability_experimental: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {name: [getattr(self, name)] for name in self.__dataclass_fields__}

    def describe(self) -> str:
        """Say the result in plain words."""
        return (
            f"{ceil(self.patients - 1e-9)} patients ({self.patients_control:.1f} control,"
            f" {self.patients_experimental:.1f} experimental), with {self.expected_events:.1f} events expected at the"
            f" end (Lachin-Foulkes). Schoenfeld's formula needs {self.events_schoenfeld:.1f} events, Freedman's"
            f" {self.events_freedman:.1f}."
        )


@checked()
def survival_size(
    median_control: float,
    hazard_ratio: float,
    *,
    accrual: float,
    follow_up: float,
    alpha: float = 0.025,
    power: float = 0.9,
    ratio: float = 1.0,
    dropout: float = 0.0,
    inflation: float = 1.0,
) -> SurvivalSize:
    """Size a two-arm trial with exponential survival and uniform accrual.

    Parameters
    ----------
    median_control
        Median survival in control, in any unit of time.
    hazard_ratio
        Experimental over control.
    accrual, follow_up
        Length of accrual and of the follow-up after it, in the same unit.
    dropout
        Hazard of loss to follow-up, per unit of time, in both arms.
    alpha, power, ratio, inflation
        As in `events_needed`.

    Raises
    ------
    DesignError
        A time or rate that cannot be.

    References
    ----------
    Lachin and Foulkes 1986, Evaluation of sample size and power for analyses of survival with allowance for
    nonuniform patient entry, losses to follow-up, noncompliance, and stratification. Biometrics 42:507-519.

    Examples
    --------
    >>> found = survival_size(6, 0.6, accrual=12, follow_up=12, dropout=0.01)
    >>> round(found.patients, 1), round(found.expected_events, 1)
    (227.6, 167.5)
    """
    events = {
        m: events_needed(hazard_ratio, alpha=alpha, power=power, ratio=ratio, method=m, inflation=inflation)
        for m in ("schoenfeld", "freedman")
    }
    control = log(2) / median_control
    experimental = control * hazard_ratio
    share = ratio / (1 + ratio)
    pooled = share * experimental + (1 - share) * control
    seen = [_event_probability(rate, dropout, accrual, accrual + follow_up) for rate in (control, experimental, pooled)]
    variance0 = pooled**2 / seen[2] * (1 / share + 1 / (1 - share))
    variance1 = experimental**2 / seen[1] / share + control**2 / seen[0] / (1 - share)
    z_alpha, z_beta = float(special.ndtri(1 - alpha)), float(special.ndtri(power))
    n = inflation * ((z_alpha * sqrt(variance0) + z_beta * sqrt(variance1)) / (control - experimental)) ** 2
    return SurvivalSize(
        patients=n,
        patients_control=n * (1 - share),
        patients_experimental=n * share,
        expected_events=n * (share * seen[1] + (1 - share) * seen[0]),
        events_schoenfeld=events["schoenfeld"],
        events_freedman=events["freedman"],
        event_probability_control=seen[0],
        event_probability_experimental=seen[1],
    )


def _event_probability(rate: float, dropout: float, accrual: float, time: float) -> float:
    """Probability of a seen event by `time` for a patient who enters uniformly over the accrual so far."""
    total = rate + dropout
    entered = min(accrual, time)
    if entered <= 0:
        return 0.0
    # expm1, for an accrual so short that the two exponentials would cancel
    unseen = exp(-total * (time - entered)) * -expm1(-total * entered) / (total * entered)
    return rate / total * (1 - unseen)


@dataclass(frozen=True)
class AnalysisTimes:
    """When the analyses are expected.

    Attributes
    ----------
    rule
        ``latest``: all triggers must be met; ``earliest``: one is enough.
    time
        Calendar time of each analysis since the first patient, in the unit of the median.
    by_events, by_time, by_enrolment
        When each trigger alone is met; None where it is not set.
    events, enrolled
        Expected events and patients enrolled at each analysis.
    """

    rule: str
    time: tuple[float, ...]
    by_events: tuple[float | None, ...]
    by_time: tuple[float | None, ...]
    by_enrolment: tuple[float | None, ...]
    events: tuple[float, ...]
    enrolled: tuple[float, ...]

    def columns(self) -> dict[str, list]:
        """List one row an analysis."""
        return {name: list(getattr(self, name)) for name in self.__dataclass_fields__ if name != "rule"}

    def describe(self) -> str:
        """Say the result in plain words."""
        listed = "; ".join(
            f"{t:.2f} ({e:.1f} events, {n:.0f} enrolled)"
            for t, e, n in zip(self.time, self.events, self.enrolled, strict=True)
        )
        return f"Analyses at the {self.rule} of their triggers, expected at {listed}."


@checked(n=POSITIVE, events=_TRIGGERS, times=_TRIGGERS, enrolled=_TRIGGERS)
def analysis_times(
    n: float,
    median_control: float,
    hazard_ratio: float,
    *,
    accrual: float,
    ratio: float = 1.0,
    dropout: float = 0.0,
    events: Sequence[float | None] = (),
    times: Sequence[float | None] = (),
    enrolled: Sequence[float | None] = (),
    rule: Literal["latest", "earliest"] = "latest",
) -> AnalysisTimes:
    """Find when analyses triggered by events, calendar time or enrolment are expected.

    Parameters
    ----------
    n, median_control, hazard_ratio, accrual, ratio, dropout
        The trial, as in `survival_size`; accrual is uniform.
    events, times, enrolled
        Triggers of each analysis; None where an analysis has no such trigger.
    rule
        Whether the analysis waits for the latest of its triggers or is made at the earliest.

    Raises
    ------
    DesignError
        A trigger that is never met: more events than are expected in the end, more patients than planned.

    Examples
    --------
    >>> found = analysis_times(210, 6, 0.6, accrual=12, events=[100, 160], times=[12, None])
    >>> [round(t, 2) for t in found.time]
    [13.7, 22.81]
    """
    if rule not in {"latest", "earliest"}:
        raise UsageError(f"rule must be latest or earliest; got {rule!r}")
    count = max(len(events), len(times), len(enrolled))
    if count == 0:
        raise UsageError("give at least one trigger: events, times or enrolled")
    columns = [list(c) + [None] * (count - len(c)) for c in (events, times, enrolled)]
    control = log(2) / median_control
    share = ratio / (1 + ratio)

    def expected(time: float) -> float:
        by_now = n * min(time / accrual, 1.0)
        return by_now * (
            share * _event_probability(control * hazard_ratio, dropout, accrual, time)
            + (1 - share) * _event_probability(control, dropout, accrual, time)
        )

    end = accrual + 200 * median_control / min(1.0, hazard_ratio)
    most = expected(end)
    by_events: list[float | None] = []
    by_enrolment: list[float | None] = []
    for wanted in columns[0]:
        if wanted is not None and wanted >= most:
            raise DesignError(f"{wanted:g} events are never reached: {n:g} patients give {most:.1f} in the end")
        by_events.append(None if wanted is None else inverse(expected, wanted, 0.0, end))
    for patients in columns[2]:
        if patients is not None and patients > n:
            raise DesignError(f"{patients:g} patients are never enrolled: {n:g} are planned")
        by_enrolment.append(None if patients is None else accrual * patients / n)
    choose = max if rule == "latest" else min
    chosen = []
    for k, row in enumerate(zip(by_events, columns[1], by_enrolment, strict=True)):
        met = [t for t in row if t is not None]
        if not met:
            raise UsageError(f"analysis {k + 1} has no trigger")
        chosen.append(float(choose(met)))
        if k and chosen[k] < chosen[k - 1]:
            raise DesignError(
                f"analysis {k + 1} would come at {chosen[k]:.2f}, before analysis {k} at {chosen[k - 1]:.2f}; give the"
                " triggers in the order of the analyses"
            )
    return AnalysisTimes(
        rule=rule,
        time=tuple(chosen),
        by_events=tuple(by_events),
        by_time=tuple(columns[1]),
        by_enrolment=tuple(by_enrolment),
        events=tuple(expected(t) for t in chosen),
        enrolled=tuple(n * min(t / accrual, 1.0) for t in chosen),
    )
