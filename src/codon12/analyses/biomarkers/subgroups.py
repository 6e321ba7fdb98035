"""Response and survival per level of each subgroup variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    Evaluator,
    EvidenceLike,
)
from codon12.analyses.response.proportions import add_proportion
from codon12.analyses.study_figure import StudyFigure, evaluator_words, level_words
from codon12.analyses.survival.estimates import add_curve_numbers
from codon12.analyses.survival.times import endpoint_times, endpoint_where
from codon12.analyses.variables import levels_of, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, sql_text
from codon12.figures import TextColumn, forest
from codon12.numbers import Rounding, printed
from codon12.records.config import Subgroup

__all__ = ["Subgroups"]

_DEFAULT = ("SEX", "AGEGR1", "RACE")


class Subgroups(Analysis, frozen=True, kw_only=True, tag="subgroups"):
    """Objective response, median PFS and OS in each level of each variable; the forest of the responses."""

    place: ClassVar = 240
    layout: ClassVar = "level"

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default those evaluable for response.")
    ] = "response"
    evaluator: Evaluator = "primary"
    by: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL; else the subgroups of the configuration.")
    ] = ()
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Subgroups of a study with responses."""
        notes = ("Exploratory: no adjustment for the number of subgroups.",)
        title = "Response and survival by subgroup"
        return {240: cls(name="subgroups", title=title, section="biomarkers", display="both", footnotes=notes)}

    def groupings(self) -> tuple[str, ...]:
        """The variables."""
        return self.by

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Objective response, median PFS and OS in each level, and in all subjects assessed for the variable."""
        if not context.has_responses:
            return  # a cohort shows its groups with their curves
        for subgroup in _wanted(self, context):
            name = subgroup.variable
            context.checked(subgroup.denominator or "", where=f"[[subgroups]] {name}, denominator")
            label = subgroup.label or variable_label(context, name)
            if context.evaluator(self.evaluator):
                _response(self, context, book, subgroup, label)
            for endpoint in ("PFS", "OS"):
                if context.has_endpoint(endpoint):
                    _survival(self, context, book, subgroup, label, endpoint)

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Forest of the response rates."""
        rates = own.filter((pl.col("endpoint") == "orr") & (pl.col("kind") == "rate")).sort("order")
        if rates.is_empty():
            return
        main = evidence.numbers.filter(
            (pl.col("endpoint") == "orr")
            & (pl.col("group") == "all")
            & (pl.col("arm") == "all")
            & (pl.col("kind") == "rate")
        ).head(1)
        lines: list[dict[str, Any]] = []

        def line(r: dict[str, Any], label: str, indent: int, *, overall: bool = False) -> dict[str, Any]:
            digits, mode = rounding.percent_digits, rounding.mode
            low, value, high = (
                None if r[k] is None else printed(r[k], digits, mode=mode) for k in ("lower", "value", "upper")
            )
            text = f"{value} ({low}–{high})" if value is not None else "–"
            return {"label": label, "indent": indent, "overall": overall, "heading": False, "n": r["N"],
                    "count": f"{r['n']:,}/{r['N']:,}", "value": r["value"], "lower": r["lower"], "upper": r["upper"],
                    "text": text}  # fmt: skip

        lines += [line(r, "All patients", 0, overall=True) for r in main.to_dicts()]
        for (section,), part in rates.group_by(["section"], maintain_order=True):
            blank = {"indent": 0, "overall": False, "heading": True, "n": None, "count": "", "value": None,
                     "lower": None,
                     "upper": None, "text": ""}  # fmt: skip
            below = [line(r, r["label"], 1) for r in part.to_dicts() if r["level"] != "all assessed"]
            lines += [{"label": section or "", **blank}, *below] if below else []
        frame = pl.DataFrame(
            lines,
            schema_overrides={"n": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64},
            infer_schema_length=None,
        )
        yield StudyFigure(
            "forest",
            self.name,
            "Objective response by subgroup",
            f"Percentage with an objective response, by {evaluator_words(own)}, with exact {level_words(rates)} "
            "confidence intervals; the area of a square is in proportion to the number of patients, the dashed line is "
            "the rate in all. Exploratory.",
            forest(
                frame,
                columns=(
                    TextColumn("count", "Responses/n", "left", "right"),
                    TextColumn("text", f"% ({level_words(rates)} CI)"),
                ),
                reference=main["value"][0] if main.height else None,
            ),
        )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """That they are exploratory."""
        yield "Subgroups", "Subgroup results are exploratory; no adjustment was made for their number."


def _wanted(analysis: Subgroups, context: Context) -> list[Subgroup]:
    if analysis.by:
        listed = [Subgroup(variable=name) for name in analysis.by]
    else:
        usual = [Subgroup(variable=name) for name in _DEFAULT if context.is_filled(name)]
        listed = list(context.config.subgroups) or usual
    return [s for s in listed if s.variable in context.variables]


def _levels(context: Context, subgroup: Subgroup) -> list[str]:
    found = levels_of(context, subgroup.variable)
    return list(dict.fromkeys((*subgroup.levels, *found)))  # those listed go before; no other is passed over


def _tests(context: Context, subgroup: Subgroup, level: str | None) -> tuple[str, ...]:
    assessed = subgroup.denominator or f"{subgroup.variable} IS NOT NULL"
    return (assessed,) if level is None else (assessed, context.equals(subgroup.variable, level))


def _response(analysis: Subgroups, context: Context, book: NumberBook, subgroup: Subgroup, label: str) -> None:
    evaluator = context.evaluator(analysis.evaluator)
    parameter, how = context.best_response
    predicate = analysis.inside(context, evaluator)
    best = f"PARAMCD = {sql_text(parameter)} AND EVAL = {sql_text(evaluator or '')}"
    answers = rows_of(context.frames, "adrs").filter(pl.sql_expr(best)).select("USUBJID", "AVALC").collect()
    hit = f"AVALC IN ({', '.join(map(sql_text, context.responders))})"
    responders = answers.filter(pl.sql_expr(hit))
    shown = printed_levels(_levels(context, subgroup))
    for level in (None, *shown):
        tests = _tests(context, subgroup, level)
        inside = context.members(context.where(predicate, *tests), arms=False)
        got = inside.join(responders, on="USUBJID", how="semi").height
        add_proportion(
            book,
            analysis,
            "orr",
            label=shown[level] if level else f"All assessed for {label}",
            section=label,
            n=got,
            total=inside.height,
            evaluator=evaluator,
            group=subgroup.variable,
            level=level or "all assessed",
            variable=subgroup.variable,
            category=level,
            method=f"Exact (Clopper-Pearson) confidence interval. {how}",
            conf_level=analysis.conf_level,
            frame="adrs",
            where=context.where(predicate, best, hit, *tests),
        )


def _survival(
    analysis: Subgroups, context: Context, book: NumberBook, subgroup: Subgroup, label: str, endpoint: str
) -> None:
    evaluator = context.reader(endpoint, analysis.evaluator)
    population = context.population_meant("efficacy")  # measurable disease restricts response alone
    whole = context.predicate(population, evaluator)
    predicate = context.where(whole, analysis.where) if analysis.where else whole
    rows = endpoint_where(endpoint, evaluator, context.frames)
    for level in (None, *_levels(context, subgroup)):
        tests = _tests(context, subgroup, level)
        part = endpoint_times(context, endpoint, evaluator, context.where(predicate, *tests), arms=False)
        add_curve_numbers(
            analysis,
            book,
            endpoint.lower(),
            part,
            arm="all",
            where=context.where(predicate, rows, *tests),
            last=None,
            landmarks=(),
            conf_level=analysis.conf_level,
            group=subgroup.variable,
            level=level or "all assessed",
            quartiles=False,
            common={
                "evaluator": evaluator,
                "population": population,
                "frame": "adtte",
                "section": label,
                "variable": subgroup.variable,
                "category": level,
            },
        )
