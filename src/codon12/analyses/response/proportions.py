"""Proportions with exact intervals."""

from __future__ import annotations

from codon12.analyses.kind import (
    Analysis,
)
from codon12.evidence.schema import NumberBook
from codon12.numbers import proportion_interval

__all__ = ["add_proportion"]


def add_proportion(
    book: NumberBook,
    analysis: Analysis,
    endpoint: str,
    *,
    label: str,
    n: int,
    total: int,
    method: str,
    conf_level: float,
    frame: str,
    where: str,
    arm: str = "all",
    evaluator: str | None = None,
    group: str = "all",
    level: str = "all",
    section: str | None = None,
    variable: str | None = None,
    category: str | None = None,
) -> None:
    """Add one percentage with its exact interval; without subjects it says so."""
    low, high = proportion_interval(n, total, level=conf_level) if total else (None, None)
    book.add(
        analysis.name,
        endpoint,
        statistic="rate",
        main=True,
        label=label,
        section=section,
        kind="rate",
        arm=arm,
        evaluator=evaluator,
        group=group,
        level=level,
        variable=variable,
        category=category,
        population=analysis.population,
        n=n,
        N=total,
        value=100 * n / total if total else None,
        lower=None if low is None else 100 * float(low),
        upper=None if high is None else 100 * float(high),
        status=None if total else "no subjects",
        conf_level=conf_level,
        unit="%",
        method=method,
        frame=frame,
        where=where,
    )
