"""A searched cut-point: what the search found, the P and the effect that the search deserves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import msgspec
import numpy as np
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Seed,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure, p_words
from codon12.analyses.survival.models import Model, in_complete_cases, model_frame, no_model
from codon12.analyses.survival.times import entry_column
from codon12.analyses.variables import stratified_by, variable_label
from codon12.derive.context import Context
from codon12.errors import ConfigError, DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import cut_point_profile
from codon12.numbers import Rounding, printed
from codon12.parallel import worth
from codon12.survival import cut_point, cut_profile

__all__ = ["CutPoint"]

_METHOD = (
    "A cut-point was searched as the one with the greatest standardised log-rank statistic; its P value comes from "
    "permutations of the whole search, and its hazard ratio is shown with the optimism of the search, estimated by "
    "bootstrap, taken off. Such a cut needs confirmation in other subjects."
)


class CutPoint(Model, frozen=True, kw_only=True, tag="cut-point"):
    """The cut of a number with the greatest log-rank statistic, its permutation P, its hazard ratio less optimism."""

    place: ClassVar = 154

    by: Annotated[tuple[str, ...], msgspec.Meta(description="One column of ADSL that holds numbers.")] = ()
    permutations: Annotated[int, msgspec.Meta(description="Permutations behind the P value of the search.")] = 2000
    resamples: Annotated[
        int, msgspec.Meta(description="Bootstrap samples that say how much the search overstates.")
    ] = 200
    seed: Seed = 12

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Cut of the number in `by` with the greatest log-rank statistic, its permutation P and its optimism."""
        if not context.has_endpoint(self.endpoint) or not self.by:
            return
        frame, common = _frame(self, context)
        biomarker = self.by[0]
        label = variable_label(context, biomarker)
        endpoint = f"{self.endpoint.lower()}.{slug(self.name)}"
        known = frame.drop_nulls([biomarker, *self.strata]).sort("USUBJID")  # the draws follow the rows
        try:
            found = cut_point(
                known,
                time="MONTHS",
                event="EVENT",
                biomarker=biomarker,
                strata=list(self.strata) or None,
                entry=entry_column(known),
                permutations=self.permutations,
                resamples=self.resamples,
                seed=self.seed,
                executor=worth(context.executor, known.height * (self.permutations + 100 * self.resamples)),
            )
        except (DataError, UsageError) as err:
            no_model(self, context, book, endpoint, err, frame.height, common)
            return
        common = in_complete_cases(self, context, common)
        searched = (
            f"Greatest log-rank statistic over {found.profile.height:,} cuts between the 10th and 90th percentile"
        )
        searched += stratified_by(context, self.strata)
        if entry_column(known):
            searched += ", at risk from entry on"
        tested = f"{searched}; {found.permutations:,} permutations, seed {found.seed}."
        failed = f", {found.resamples_failed:,} of them without a hazard ratio" if found.resamples_failed else ""
        again = f"{searched}; {found.resamples:,} bootstrap samples{failed}, seed {found.seed}."
        shared: dict[str, Any] = {
            **common,
            "variable": biomarker,
            "n": int(known["EVENT"].sum()),
            "N": known.height,
        }
        told = {row["statistic"]: {side: row[side] for side in ("value", "lower", "upper")} for row in found.evidence()}
        rows: list[tuple[str, str, str, str, dict[str, Any], str]] = [
            ("cut", f"{label}: cut with the greatest statistic", "Search", "value", told["cut"],
             f"{searched}."),
            ("cut_range", "Best cut in 95% of bootstrap samples", "Search", "range", told["cut_range"],
             again),
            ("statistic", "Greatest statistic", "Search", "value", {"value": found.statistic}, f"{searched}."),
            ("critical", "Exceeded by chance in 5% of permutations", "Search", "value", {"value": found.critical},
             tested),
            ("cut_p", "P value (permutation, corrected for the search)", "Search", "p", told["p"], tested),
            ("hr", "As found: too far from 1", "Hazard ratio, above against at or below the cut", "ratio",
             {"value": _finite(found.hazard_ratio)}, "Cox regression with the searched cut; it overstates the effect."),
            ("hr_corrected", "Optimism of the search taken off", "Hazard ratio, above against at or below the cut",
             "ratio", {"value": _finite(found.corrected_hazard_ratio)}, again),
            ("optimism", "Optimism, log hazard ratio", "Hazard ratio, above against at or below the cut", "value",
             {"value": None if np.isnan(found.optimism) else found.optimism}, again),
        ]  # fmt: skip
        for statistic, shown, section, kind, sides, method in rows:
            status = "not estimable" if all(v is None for v in sides.values()) else None
            own = {"label": shown, "section": section, "kind": kind, "method": method, "status": status}
            book.add(self.name, endpoint, statistic=statistic, **own, **sides, **shared)
        book.add(
            self.name,
            endpoint,
            statistic="sentence",
            label=f"{label}: t{found.sentence[1:]}",
            section="Search",
            kind="text",
            method=tested,
            **shared,
        )

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``cut_points``."""
        found = self._profile(context)
        return {} if found is None else {"cut_points": found}

    def _profile(self, context: Context) -> pl.DataFrame | None:
        """Statistic of every cut: cut, at_or_below, above, value (without its sign); None where there is no search."""
        if not context.has_endpoint(self.endpoint) or not self.by:
            return None
        frame, _ = _frame(self, context)
        known = frame.drop_nulls([self.by[0], *self.strata])
        try:
            profile = cut_profile(
                known,
                time="MONTHS",
                event="EVENT",
                biomarker=self.by[0],
                strata=list(self.strata) or None,
                entry=entry_column(known),
            )
        except (DataError, UsageError):
            return None
        return profile.select("cut", "at_or_below", "above", value=pl.col("z").abs()).with_columns(
            analysis=pl.lit(self.name),
            PARAMCD=pl.lit(self.endpoint),
            label=pl.lit(variable_label(context, self.by[0])),
        )

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Profile of the cut-point search, with what chance alone would reach and the corrected effect."""
        profile = own_points(evidence, "cut_points", self)
        numbers = {r["statistic"]: r for r in own.to_dicts()}
        if profile.is_empty() or "cut_p" not in numbers:
            return
        found = numbers["hr_corrected"]["value"]
        ratio = "not estimable" if found is None else printed(found, rounding.ratio_digits, mode=rounding.mode)
        p = p_words(numbers["cut_p"]["value"], rounding)
        label = profile["label"][0]
        yield StudyFigure(
            self.name,
            self.name,
            f"{label}: search for a cut-point in {evidence.endpoint(self.endpoint).inside}",
            "Standardised log-rank statistic (without its sign) of every cut between the 10th and the 90th percentile, "
            "subjects above the cut against the others. Dashed: what the greatest statistic exceeds by chance in 5% of "
            f"{self.permutations:,} permutations; a profile below it shows nothing. The P value is that of the whole "
            f"search, and the hazard ratio has the optimism of the search ({self.resamples:,} bootstrap samples) taken "
            "off.",
            cut_point_profile(
                profile.select("cut", "value"),
                chosen=numbers["cut"]["value"],
                critical=numbers["critical"]["value"],
                texts=(
                    f"Best cut {numbers['cut']['value']:g}; permutation {p}",
                    f"Hazard ratio above it, optimism taken off: {ratio}",
                ),
                x_title=label,
                y_title="Log-rank statistic, absolute",
            ),
        )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How the cut-point is searched."""
        yield "Groups and models", _METHOD


def _frame(analysis: CutPoint, context: Context) -> tuple[pl.DataFrame, dict[str, Any]]:
    frame, common = model_frame(analysis, context, (*analysis.by, *analysis.strata))
    if len(analysis.by) != 1 or not frame.schema[analysis.by[0]].is_numeric():
        raise ConfigError(
            f"codon12.toml, [analyses.{analysis.name}] by: a cut-point is searched in one column of numbers, without "
            f"`cuts` of its own; got {', '.join(analysis.by)}."
        )
    return frame, common


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and value > 0 else None
