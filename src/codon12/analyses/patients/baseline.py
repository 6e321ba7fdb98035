"""Baseline characteristics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Across,
    Analysis,
    Layout,
    Stem,
)
from codon12.analyses.patients.counts import count_levels, subjects_of
from codon12.analyses.patients.differences import STATISTICS, add_differences, with_differences
from codon12.analyses.split import Split, split_subjects
from codon12.analyses.variables import absences, variable_label
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug
from codon12.numbers import Rounding
from codon12.tables import Table

__all__ = ["DEFAULT_VARIABLES", "Baseline"]

DEFAULT_VARIABLES = ("AGE", "AGEGR1", "SEX", "RACE", "ETHNIC")
"""Baseline variables where the configuration names none, before its covariates."""


_QUANTITIES = ("median", "range", "mean", "sd")


class Baseline(Analysis, frozen=True, kw_only=True, tag="baseline"):
    """Counts of categories and summaries of quantities of ADSL, by treatment or across the levels of one variable."""

    place: ClassVar = 20

    endpoint: Stem = ""
    by: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL shown, in order; those of the configuration else.")
    ] = ()
    across: Across = ""
    standardised: Annotated[
        bool, msgspec.Meta(description="Whether a table of two treatments or levels has standardised differences.")
    ] = True
    p_values: Annotated[
        bool, msgspec.Meta(description="Whether it has P values too; of randomised treatments they test chance.")
    ] = False

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Baseline characteristics by treatment."""
        return {20: cls(name="baseline", title="Baseline characteristics", section="patients")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Counts of each level, or median, range, mean and standard deviation, of every baseline variable."""
        wanted = self.by or tuple(context.config.baseline)
        if not wanted:
            listed = (*DEFAULT_VARIABLES, *context.config.covariates)
            wanted = tuple(v for v in listed if context.is_filled(v))
        stem = self.endpoint or self.stem
        split = split_subjects(self, context, across=self.across)
        for name in dict.fromkeys(v for v in wanted if v in context.variables and v != self.across):
            if context.without_subjects.schema[name].is_numeric():
                _quantities(self, context, book, split, name)
            else:
                count_levels(self, context, book, split, name, endpoint=f"{stem}.{slug(name)}")
            add_differences(
                self,
                context,
                book,
                split,
                name,
                endpoint=f"{stem}.{slug(name)}",
                standardised=self.standardised,
                p_values=self.p_values,
            )

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """Counts and summaries, with a column of differences where two columns are compared."""
        counted = numbers.filter(~pl.col("statistic").is_in(list(STATISTICS)))
        table = super().table(counted, population=population, rounding=rounding, **layout)
        return None if table is None else with_differences(table, numbers, rounding)

    @property
    def columns(self) -> Layout:
        """A column a treatment, or a level of `across`."""
        return "group" if self.across else "arm"


def _without_value(
    analysis: Baseline, context: Context, book: NumberBook, split: Split, name: str, members: pl.DataFrame
) -> None:
    """Subjects without a value of a quantity, by the reason, where there are any."""
    absent = members.filter(pl.col(name).is_null())
    totals = split.totals
    for words, test, _ in absences(context, name, absent.filter(PLACE="all")["USUBJID"]):
        own = absent.join(subjects_of(context, test), on="USUBJID", how="semi")
        counts = dict(own.group_by("PLACE").len().iter_rows())
        for place in split.places:
            n, total = counts.get(place.key, 0), totals.get(place.key, 0)
            book.add(
                analysis.name,
                f"{analysis.endpoint or analysis.stem}.{slug(name)}.{slug(words)}",
                statistic="n",
                main=True,
                label=words,
                section=variable_label(context, name),
                variable=name,
                kind="count",
                population=analysis.population,
                n=n,
                N=total,
                method="Number and percentage of subjects without a value.",
                frame="adsl",
                where=split.where(context, place, test),
                **place.fields,
            )


def _quantities(analysis: Baseline, context: Context, book: NumberBook, split: Split, name: str) -> None:
    values = context.values("USUBJID", pl.col(name).cast(pl.Float64))
    members = split.members.join(values, on="USUBJID", how="left")
    stats = {
        row["PLACE"]: row
        for row in members.group_by("PLACE")
        .agg(
            n=pl.col(name).count(),
            N=pl.len(),
            median=pl.col(name).median(),
            mean=pl.col(name).mean(),
            sd=pl.col(name).std(),
            lower=pl.col(name).min(),
            upper=pl.col(name).max(),
        )
        .iter_rows(named=True)
    }
    words = {"median": "Median", "range": "Range", "mean": "Mean", "sd": "Standard deviation"}
    for statistic in _QUANTITIES:
        for place in split.places:
            got = stats.get(place.key, {})
            value = got.get(statistic) if statistic != "range" else None
            limits = (got.get("lower"), got.get("upper")) if statistic == "range" else (None, None)
            book.add(
                analysis.name,
                f"{analysis.endpoint or analysis.stem}.{slug(name)}",
                statistic=statistic,
                label=words[statistic],
                section=variable_label(context, name),
                variable=name,
                kind="range" if statistic == "range" else "value",
                population=analysis.population,
                n=got.get("n", 0),
                N=got.get("N", 0),
                value=value,
                lower=limits[0],
                upper=limits[1],
                status=None if got.get("n", 0) else "no subjects",
                method=f"{words[statistic]} of the subjects with a value.",
                frame="adsl",
                where=split.where(context, place, f"{name} IS NOT NULL"),
                **place.fields,
            )
    _without_value(analysis, context, book, split, name, members)
