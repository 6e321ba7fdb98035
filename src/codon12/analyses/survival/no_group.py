"""Subjects with a time to event and no value of what groups: counted beside the groups they are not in."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.survival.estimates import Estimate
from codon12.analyses.survival.times import endpoint_where, times_beside
from codon12.analyses.variables import absences, variable_label
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug

__all__ = ["in_no_group"]


def in_no_group(
    analysis: Estimate,
    context: Context,
    book: NumberBook,
    variables: tuple[str, ...],
    endpoint: str,
    common: dict[str, Any],
    *,
    stem: str,
) -> None:
    """Subjects with a time who are in no group, by the first variable of which they have no value."""
    evaluator = common["evaluator"]
    predicate = context.where(context.predicate(analysis.population, evaluator), analysis.where)
    values = [pl.col(v).cast(pl.String) for v in variables]
    times = times_beside(context, endpoint, evaluator, predicate, values, where=f"[analyses.{analysis.name}] by")
    rows = endpoint_where(endpoint, evaluator, context.frames)
    before: list[str] = []
    for i, v in enumerate(variables):
        part = times.filter(pl.col(v).is_null(), *(pl.col(u).is_not_null() for u in variables[:i]))
        for words, test, n in absences(context, v, part["USUBJID"]):
            book.add(
                analysis.name,
                f"{stem}.left_out.{slug(v)}.{slug(words)}",
                statistic="n",
                main=True,
                row="In no group",
                what=f"{variable_label(context, v)} {words.lower()}",
                kind="fraction",
                group=" x ".join(variables),
                n=n,
                N=times.height,
                method="Subjects with a time and no value of the variable; they are in no curve, test or ratio.",
                where=context.where(predicate, rows, *before, test),
                **common,
            )
        before.append(f"{v} IS NOT NULL")
