"""Missing values: who has none, variable by variable, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.analyses.patients.counts import subjects_of
from codon12.analyses.variables import absences, variable_label
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug

__all__ = ["Missing"]


class Missing(Analysis, frozen=True, kw_only=True, tag="missing"):
    """Subjects without a value of each variable that the configuration names, where any lacks one."""

    place: ClassVar = 160

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Missing values of every study."""
        notes = ("Variables that the configuration names.",)
        return {160: cls(name="missing", title="Missing values", section="patients", footnotes=notes)}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Subjects without a value of each variable that ``codon12.toml`` names, where any lacks one."""
        named = (*context.config.covariates, *context.config.baseline, *(s.variable for s in context.config.subgroups))
        predicate = self.inside(context)
        members = context.members(predicate)
        totals = dict(members.group_by("ARM").len().iter_rows())
        for name in dict.fromkeys(v for v in named if v in context.variables):
            values = context.values("USUBJID", name)
            if not values[name].null_count():
                continue
            absent = members.join(values.filter(pl.col(name).is_null()), on="USUBJID", how="semi")
            several = f"{name}_STATE" in context.variables
            for words, test, _ in absences(context, name, absent.filter(ARM="all")["USUBJID"]):
                counts = dict(
                    absent.join(subjects_of(context, test), on="USUBJID", how="semi").group_by("ARM").len().iter_rows()
                )
                for arm in context.columns():
                    n, total = counts.get(arm, 0), totals.get(arm, 0)
                    label = variable_label(context, name)
                    book.add(
                        self.name,
                        f"missing.{slug(name)}" + (f".{slug(words)}" if several else ""),
                        statistic="n",
                        main=True,
                        row=label,
                        what=words.lower() if several else None,
                        variable=name,
                        kind="count",
                        arm=arm,
                        population=self.population,
                        n=n,
                        N=total,
                        method="Subjects without a value.",
                        frame="adsl",
                        where=context.where(predicate, test, arm=arm),
                    )
