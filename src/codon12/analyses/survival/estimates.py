"""Kaplan-Meier numbers of one group of subjects: quartiles, range, landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    Evaluator,
)
from codon12.analyses.survival.times import entry_times
from codon12.analyses.variables import must_be_endpoint
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook
from codon12.survival import Estimate as EstimateValue
from codon12.survival import kaplan_meier, observed_range

__all__ = ["Estimate", "add_curve_numbers", "add_estimate", "add_range"]

_KM = "Kaplan-Meier, log-log limits; median with Brookmeyer-Crowley limits."


class Estimate(Analysis, frozen=True, kw_only=True):
    """What kinds that estimate a time to event have in common."""

    endpoint: Annotated[str, msgspec.Meta(description="Time to event: its PARAMCD.")] = ""
    evaluator: Evaluator = "primary"
    conf_level: ConfLevel = 0.95

    def check(self, context: Context) -> None:
        """Refuse a time to event that is neither known nor in the data."""
        super().check(context)
        must_be_endpoint(context, self.endpoint, where=self.place_of("endpoint"))


def add_curve_numbers(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    part: pl.DataFrame,
    *,
    arm: str,
    where: str,
    last: Any,
    landmarks: Sequence[float],
    conf_level: float,
    common: dict[str, Any],
    group: str = "all",
    level: str = "all",
    quartiles: bool = True,
    row: str | None = None,
) -> None:
    """Quartiles, range and landmark estimates of one group of subjects; `row` is the group's name as printed."""
    n, events = part.height, int(part["EVENT"].sum())
    shared: dict[str, Any] = {
        **common,
        "arm": arm,
        "group": group,
        "level": level,
        "n": events,
        "N": n,
        "method": _KM,
        "where": where,
        "conf_level": conf_level,
        "row": row,
    }
    names = [(0.5, "median", "Median, months")]
    if quartiles:
        names += [(0.25, "q25", "25th percentile, months"), (0.75, "q75", "75th percentile, months")]
    shown = [m for m in landmarks if last is None or m <= last]
    if n == 0:
        for _, statistic, what in names:
            book.add(analysis.name, endpoint, statistic=statistic, what=what, kind="time", unit="months",
                     status="no subjects", **shared)  # fmt: skip
        return
    km = kaplan_meier(part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), entry=entry_times(part), level=conf_level)
    curve = km.curve()
    for p, statistic, what in names:
        add_estimate(
            analysis,
            book,
            endpoint,
            curve.quantile(p),
            statistic=statistic,
            what=what,
            kind="time",
            **shared,
        )
    if quartiles:
        add_range(analysis, book, endpoint, part, what="Range, months (+: censored)", **shared)
    for month in shown:
        estimate = curve.at([month])[0]
        add_estimate(
            analysis,
            book,
            endpoint,
            estimate,
            statistic=f"rate_{month:g}mo",
            what=f"At {month:g} months, %",
            kind="rate",
            scale=100.0,
            **{"section": "Kaplan-Meier estimate", **shared},
        )


def add_estimate(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    estimate: EstimateValue,
    *,
    statistic: str,
    kind: str,
    scale: float = 1.0,
    **fields: Any,
) -> None:
    """Add one estimate with its limits, or the words that say why there is none."""
    value, lower, upper = (None if v is None else scale * v for v in (estimate.value, estimate.lower, estimate.upper))
    book.add(
        analysis.name,
        endpoint,
        statistic=statistic,
        kind=kind,
        value=value,
        lower=lower,
        upper=upper,
        status=estimate.status,
        lower_status=estimate.lower_status,
        upper_status=estimate.upper_status,
        unit="months" if kind == "time" else "%",
        **fields,
    )


def add_range(analysis: Analysis, book: NumberBook, endpoint: str, part: pl.DataFrame, **fields: Any) -> None:
    """Add the shortest and longest observed time; a censored end has the status ``censored``."""
    ends = observed_range(part["MONTHS"].to_numpy(), part["EVENT"].to_numpy())[0]
    fields |= {"conf_level": None, "method": "Shortest and longest observed time; + marks a censored one."}
    book.add(
        analysis.name,
        endpoint,
        statistic="range",
        kind="range",
        lower=ends.lower,
        upper=ends.upper,
        lower_status="censored" if ends.lower_censored else None,
        upper_status="censored" if ends.upper_censored else None,
        unit="months",
        **fields,
    )
