"""Flow of patients: from the subjects in the data to those of every population."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook
from codon12.numbers import Rounding
from codon12.tables import cell_text

__all__ = ["BESIDE", "Flow"]

BESIDE = "Beside"
"""Section of the steps of a flow that are no part of the step before."""


class Flow(Analysis, frozen=True, kw_only=True, tag="flow"):
    """Subjects in the data, enrolled, treated, and in every population, as boxes; the table has the same counts."""

    place: ClassVar = 10

    population: Annotated[str, msgspec.Meta(description="Whose subjects the flow begins with.")] = "all"

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """The flow of every study."""
        return {10: cls(name="flow", title="Flow of patients", section="patients")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Count every step; a population that does not lie within the one before it has the section `BESIDE`."""
        limits = () if self.population == "all" and not self.where else (self.inside(context),)
        steps = [("screened", "Subjects in the data", "USUBJID IS NOT NULL")]
        if "ENRLFL" in context.variables:
            if context.values(pl.col("ENRLFL").is_null().any()).item():
                steps.append(("screen_failure", "Not enrolled (screen failure)", "ENRLFL IS NULL"))
            steps.append(("enrolled", "Enrolled", context.predicate("enrolled")))
        if context.is_filled("RANDFL"):
            steps.append(("randomised", "Randomised", context.predicate("randomised")))
        steps.append(("treated", context.population_label("safety"), context.predicate("safety")))
        steps += [
            (f"response_{e.lower()}", f"Evaluable for response ({e.lower()} review)", context.predicate("response", e))
            for e in (context.evaluators if "adrs" in context.frames else ())
        ]
        for name, predicate in context.config.populations.items():
            if name.split("_")[0] not in ("enrolled", "randomised", "safety", "response"):
                steps.append((name, context.population_label(name), predicate))
        everybody = context.members(context.where(*limits), arms=False) if limits else context.values("USUBJID")
        whole = context.members(context.where("USUBJID IS NOT NULL", *limits))
        # an arm's share is of the arm
        total = dict(whole.group_by("ARM").len().iter_rows()) | {"all": everybody.height}
        inside = everybody.select("USUBJID")
        for name, label, test in steps:
            predicate = context.where(test, *limits) if limits else test
            members = context.members(predicate)
            counts = dict(members.group_by("ARM").len().iter_rows())
            own = members.select("USUBJID")
            outside = own.join(inside, on="USUBJID", how="anti", nulls_equal=True)
            follows = outside.is_empty() and name != "screen_failure"
            inside = own if follows else inside
            for arm in context.columns():
                book.add(
                    self.name,
                    f"flow.{name}",
                    statistic="n",
                    main=True,
                    label=label,
                    section=None if follows else BESIDE,
                    kind="count",
                    arm=arm,
                    population="all",
                    n=counts.get(arm, 0),
                    N=total.get(arm, 0),
                    method="Number of subjects.",
                    frame="adsl",
                    where=context.where(predicate, arm=arm),
                )

        _enrolment(self, context, book, context.where(*limits))

    def steps(self, numbers: pl.DataFrame, rounding: Rounding | None = None) -> tuple[dict[str, Any], ...]:
        """Steps with one number an arm; `beside`: no part of the step before."""
        rows = numbers.sort("order").to_dicts()
        several = any(r["arm"] != "all" for r in rows)
        steps: dict[str, list[dict[str, Any]]] = {}
        for r in rows:
            named = several and r["kind"] != "text"  # dates hold for the whole study
            arm = ("All patients" if r["arm"] == "all" else r["arm"]) if named else ""
            steps.setdefault(r["label"], []).append({"id": r["id"], "arm": arm, "text": cell_text(r, rounding)})
        beside = {r["label"] for r in rows if r["section"]}
        return tuple({"label": label, "cells": cells, "beside": label in beside} for label, cells in steps.items())


def _enrolment(analysis: Flow, context: Context, book: NumberBook, limits: str) -> None:
    """First and last start of the study, where there are dates."""
    if not context.is_filled("STARTDT"):
        return
    inside = context.subjects.filter(pl.sql_expr(limits).fill_null(value=False)) if limits else context.subjects
    day = pl.col("STARTDT")
    told = inside.select(a=day.min(), b=day.max(), known=day.count(), every=pl.len()).collect()
    first, last, known, every = told.row(0)
    book.add(
        analysis.name,
        "flow.enrolment",
        statistic="dates",
        main=True,
        label=f"Study start from {first} to {last}",
        kind="text",
        population="all",
        n=known,
        N=every,
        method="First and last date of time zero.",
        frame="adsl",
        where=context.where(limits, "STARTDT IS NOT NULL"),
    )
