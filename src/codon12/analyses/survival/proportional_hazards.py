"""Whether the effects of a Cox model are constant in time: score tests, and the residuals a figure draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure, p_words
from codon12.analyses.survival.models import Model, contrast_label, fitted, in_complete_cases, model_frame, no_model
from codon12.analyses.survival.times import since_words
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import schoenfeld
from codon12.numbers import Rounding

__all__ = ["ProportionalHazards"]

_SCALES = {
    "km": "the Kaplan-Meier transform of time",
    "rank": "the rank of time",
    "identity": "time",
    "log": "the logarithm of time",
}


_MOST_TERMS = 12


_METHOD = (
    "Proportional hazards were examined by score tests of every term and by scaled Schoenfeld residuals, smoothed by "
    "natural splines of four degrees of freedom in transformed time."
)


class ProportionalHazards(Model, frozen=True, kw_only=True, tag="proportional-hazards"):
    """Score tests of every term and of all; scaled Schoenfeld residuals with a smooth, one picture a coefficient."""

    place: ClassVar = 153
    layout: ClassVar = "estimate"

    transform: Annotated[
        Literal["km", "rank", "identity", "log"],
        msgspec.Meta(description="Scale of time on which proportional hazards are tested."),
    ] = "km"

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Score test of proportional hazards of every term in `by`, and of all together, on the scale `transform`."""
        if not context.has_endpoint(self.endpoint) or not self.by:
            return
        columns = (*self.by, *self.strata)
        frame, common = model_frame(self, context, columns)
        endpoint = f"{self.endpoint.lower()}.{slug(self.name)}"
        try:
            fit = fitted(self, context, frame.drop_nulls(list(columns)))
            tests = fit.proportional_hazards_test(self.transform).to_frame()
        except (DataError, UsageError) as err:
            no_model(self, context, book, endpoint, err, frame.height, common)
            return
        shared: dict[str, Any] = {
            **in_complete_cases(self, context, common),
            "n": int(fit.events),
            "N": fit.n,
            "method": f"Score test of proportional hazards against {_SCALES[self.transform]}; a small P says that an "
            "effect changes with time, a large one does not prove that it is constant.",
        }
        for row in tests.iter_rows(named=True):
            term = str(row["term"])
            name = "All terms" if term == "GLOBAL" else variable_label(context, term)
            own = f"{endpoint}.{slug(term)}"
            own_fields: dict[str, Any] = {
                "label": f"{name} ({row['df']} df)",
                "variable": None if term == "GLOBAL" else term,
                **shared,
            }
            # Where the events leave nothing to compare in time, a P of 1 would speak for what was not tested.
            own_fields["status"] = None if row["df"] else "not estimable"
            for statistic, kind, column in (("ph_chisq", "statistic", "statistic"), ("ph_p", "p", "p")):
                value = row[column] if row["df"] else None
                book.add(self.name, own, statistic=statistic, kind=kind, value=value, **own_fields)

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``schoenfeld``."""
        found = self._residuals(context)
        return {} if found is None else {"schoenfeld": found}

    def _residuals(self, context: Context) -> pl.DataFrame | None:
        """Scaled Schoenfeld residuals of every coefficient with their smooth, a row an event; None without a model."""
        if not context.has_endpoint(self.endpoint) or not self.by:
            return None
        columns = [*self.by, *self.strata]
        frame, _ = model_frame(self, context, tuple(columns))
        complete = frame.drop_nulls(columns)
        try:
            fit = fitted(self, context, complete)
            test = fit.proportional_hazards_test(self.transform, by_term=False)
        except (DataError, UsageError):
            return None
        rows = fit.coefficients.drop_nulls("coef")
        named = pl.DataFrame(
            {
                "term": test.terms[:-1],
                "variable": rows["term"],
                "label": [contrast_label(context, complete, t, v) for t, v in rows.select("term", "level").iter_rows()],
                "effect": rows["coef"],
            }
        )
        points = test.residuals_frame(level=self.conf_level)
        return points.join(named, on="term", how="left", maintain_order="left").with_columns(
            analysis=pl.lit(self.name), PARAMCD=pl.lit(self.endpoint)
        )

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Scaled Schoenfeld residuals of every coefficient, with the P value of its term."""
        points = own_points(evidence, "schoenfeld", self)
        if points.is_empty():
            return
        tests = {r["variable"]: r["value"] for r in own.filter(statistic="ph_p").to_dicts()}
        level = f"{100 * self.conf_level:g}%"
        parts = points.partition_by("term", maintain_order=True)
        for i, part in enumerate(parts[:_MOST_TERMS], start=1):
            first = part.row(0, named=True)
            value = tests.get(first["variable"])
            smooth = part.drop_nulls("value").unique("time", keep="first", maintain_order=True)
            text = () if value is None else (f"Proportional hazards: {p_words(value, rounding)}",)
            yield StudyFigure(
                f"{self.name}-{i}" if len(parts) > 1 else self.name,
                self.name,
                f"{first['label']}: effect on {evidence.endpoint(self.endpoint).inside} over time",
                f"Scaled Schoenfeld residuals of the Cox model for {first['label']}, one an event, with a smooth "
                f"(natural spline) and its pointwise {level} confidence band. Dashed: the coefficient of the model; a "
                "level smooth is what proportional hazards look like. Zero: no effect.",
                schoenfeld(
                    part.select("time", "residual"),
                    curve=smooth.select("time", "value", "lower", "upper") if smooth.height else None,
                    effect=first["effect"],
                    term=first["label"],
                    texts=text,
                    x_title=since_words(evidence.context, self.endpoint),
                ),
            )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How proportional hazards are examined."""
        yield "Groups and models", _METHOD
