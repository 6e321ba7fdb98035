"""Survival by biomarker level, or by the combination of two: curves, log-rank test, hazard ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, product
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Landmarks,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure, curve_words, p_words
from codon12.analyses.survival.estimates import Estimate, add_curve_numbers
from codon12.analyses.survival.no_group import in_no_group
from codon12.analyses.survival.ratio_figure import named_levels, ratio_figure
from codon12.analyses.survival.times import endpoint_where, entry_times, since_words, times_beside
from codon12.analyses.variables import levels_of, must_be_columns, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import kaplan_meier as kaplan_meier_figure
from codon12.numbers import Rounding, printed
from codon12.survival import cox, factor, kaplan_meier, logrank

__all__ = ["Groups"]

_MOST = 8
"""More curves than this in one picture cannot be told apart; the table has them all."""


_METHOD = (
    "Groups were compared with the log-rank test over all of them, and with hazard ratios against the first (Cox "
    "regression with the groups alone, Efron's ties, Wald limits)."
)


class Groups(Estimate, frozen=True, kw_only=True, tag="groups"):
    """Survival by one variable, or by the combination of several: curves, log-rank test, hazard ratios."""

    place: ClassVar = 150
    layout: ClassVar = "estimate"

    endpoint: Annotated[str, msgspec.Meta(description="Time to event: its PARAMCD; PFS and OS when left out.")] = ""
    by: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Columns of ADSL whose combination groups; else each subgroup of the configuration."),
    ] = ()
    landmarks: Landmarks = (12.0, 24.0)

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Survival by each subgroup of a cohort."""
        return {
            150: cls(
                name="groups",
                title="Survival by subgroup",
                section="biomarkers",
                display="both",
                footnotes=("Exploratory: no adjustment for the number of comparisons.",),
            )
        }

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Events, medians, landmark estimates per group; log-rank test over all, hazard ratio against the first."""
        for variables in _groupings(self, context):
            for endpoint in _endpoints(self, context):
                _one_grouping(self, context, book, variables, endpoint)

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``group_curves``."""
        found = self._curves(context)
        return {} if found is None else {"group_curves": found}

    def _curves(self, context: Context) -> pl.DataFrame | None:
        """Points of the Kaplan-Meier curves of every grouping, one row a distinct time and group."""
        parts = []
        for variables in _groupings(self, context):
            for endpoint in _endpoints(self, context):
                times, groups, _ = _grouped_times(self, context, variables, endpoint)
                if not groups:
                    continue
                km = kaplan_meier(
                    times["MONTHS"].to_numpy(),
                    times["EVENT"].to_numpy(),
                    group=times["GROUP"].to_numpy(),
                    entry=entry_times(times),
                    level=self.conf_level,
                )
                frame = pl.concat([km[g].to_frame() for g in groups]).rename({"group": "level"})
                parts.append(
                    frame.with_columns(
                        arm=pl.lit("all"),
                        group=pl.lit(" x ".join(variables)),
                        label=pl.lit(variable_label(context, variables[0]) if len(variables) == 1 else ""),
                        analysis=pl.lit(self.name),
                        PARAMCD=pl.lit(endpoint),
                        EVAL=pl.lit(None, dtype=pl.String),
                    )
                )
        return pl.concat(parts) if parts else None

    def groupings(self) -> tuple[str, ...]:
        """The variables that group."""
        return self.by

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Curves of every grouping of an analysis, with the log-rank P of the evidence."""
        points = own_points(evidence, "group_curves", self)
        for part in points.partition_by("group", "PARAMCD", maintain_order=True) if points.height else ():
            group, endpoint, variable = part.select("group", "PARAMCD", "label").row(0)
            levels = list(dict.fromkeys(part["level"]))
            if len(levels) > _MOST:
                continue
            rows = own.filter((pl.col("group") == group) & (pl.col("endpoint") == endpoint.lower())).to_dicts()
            medians = {r["level"]: r for r in rows if r["statistic"] == "median"}
            labels = named_levels({level: r["row"] for level, r in medians.items()}, variable)
            section = next((r["section"] for r in rows if r["section"]), f"{endpoint} by {group}")
            known = evidence.endpoint(endpoint)
            yield StudyFigure(
                f"{self.name}-{slug(group)}-{endpoint.lower()}",
                self.name,
                section,
                f"Kaplan-Meier estimate of {known.inside} by group. "
                f"{curve_words(part, (r['value'] for r in medians.values()), own, by='level')} "
                "The P value is not adjusted for the number of comparisons.",
                kaplan_meier_figure(
                    part,
                    group="level",
                    groups=levels,
                    labels=labels,
                    medians={level: r["value"] for level, r in medians.items()},
                    notes={level: _median_text(r, rounding) for level, r in medians.items()},
                    texts=[
                        f"Log-rank {p_words(r['value'], rounding)}"
                        for r in rows
                        if r["kind"] == "p" and r["value"] is not None
                    ],
                    x_title=since_words(evidence.context, endpoint),
                    y_title=f"{known.axis or known.title} (%)",
                ),
            )
        yield from ratio_figure(self, own, rounding)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How groups are compared."""
        yield "Groups and models", _METHOD


def _groupings(analysis: Groups, context: Context) -> list[tuple[str, ...]]:
    """What to group by: the combination of `by`, or each subgroup of the configuration alone."""
    columns = set(context.variables)
    if analysis.by:
        must_be_columns(context, analysis.by, where=analysis.place_of("by"))
        return [tuple(dict.fromkeys(analysis.by))]
    if context.has_responses:
        return []  # a trial shows its subgroups with their responses
    return [(s.variable,) for s in context.config.subgroups if s.variable in columns]


def _endpoints(analysis: Groups, context: Context) -> list[str]:
    wanted = (analysis.endpoint,) if analysis.endpoint else ("PFS", "OS")
    return [e for e in wanted if context.has_endpoint(e)]


def _grouped_times(
    analysis: Groups, context: Context, variables: tuple[str, ...], endpoint: str
) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]], str]:
    """Times with the group of each subject (GROUP), the groups in printing order with their levels, the predicate."""
    evaluator = context.reader(endpoint, analysis.evaluator)
    predicate = context.where(
        context.predicate(analysis.population, evaluator), *(f"{v} IS NOT NULL" for v in variables), analysis.where
    )
    values = [pl.col(v).cast(pl.String) for v in variables]
    times = times_beside(context, endpoint, evaluator, predicate, values, where=f"[analyses.{analysis.name}] by")
    orders = [levels_of(context, v, times[v]) for v in variables]
    strokes = (f" {'/' * n} " for n in count(1))
    between = next(s for s in strokes if not any(s in level for own in orders for level in own))
    times = times.with_columns(GROUP=pl.concat_str(variables, separator=between))
    groups = {between.join(levels): levels for levels in product(*orders)}
    present = set(times["GROUP"].to_list())
    rows = endpoint_where(endpoint, evaluator, context.frames)
    return times, {g: levels for g, levels in groups.items() if g in present}, context.where(predicate, rows)


def _printed(groups: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Groups as printed, no two alike."""
    places = [printed_levels(dict.fromkeys(place)) for place in zip(*groups.values(), strict=True)]
    shown = {g: " / ".join(of[v] for of, v in zip(places, levels, strict=True)) for g, levels in groups.items()}
    return shown if len(set(shown.values())) == len(shown) else {g: g for g in shown}


def _one_grouping(
    analysis: Groups, context: Context, book: NumberBook, variables: tuple[str, ...], endpoint: str
) -> None:
    times, groups, where = _grouped_times(analysis, context, variables, endpoint)
    name = " x ".join(variables)
    label = " and ".join(variable_label(context, v) for v in variables)
    common: dict[str, Any] = {
        "evaluator": context.reader(endpoint, analysis.evaluator),
        "population": analysis.population,
        "frame": "adtte",
        "section": f"{endpoint} by {label}",
        "variable": name,
    }
    printed = _printed(groups)
    for level, levels in groups.items():
        part = times.filter(GROUP=level)
        tests = [context.equals(v, p) for v, p in zip(variables, levels, strict=True)]
        events = int(part["EVENT"].sum())
        shown = printed[level]
        own = {**common, "group": name, "level": level, "row": shown}
        book.add(
            analysis.name,
            f"{endpoint.lower()}.events",
            statistic="n",
            main=True,
            what="Events",
            category=level,
            kind="fraction",
            n=events,
            N=part.height,
            method="Number of subjects.",
            where=context.where(where, *tests, "CNSR = 0"),
            **own,
        )
        add_curve_numbers(
            analysis,
            book,
            endpoint.lower(),
            part,
            arm="all",
            where=context.where(where, *tests),
            last=part["MONTHS"].max(),
            landmarks=analysis.landmarks,
            conf_level=analysis.conf_level,
            common=common | {"category": level},
            group=name,
            level=level,
            quartiles=False,
            row=shown,
        )
    in_no_group(analysis, context, book, variables, endpoint, common, stem=endpoint.lower())
    if len(groups) > 1:
        _tests(analysis, context, variables, book, endpoint.lower(), times, groups, where, {**common, "group": name})


def _tests(
    analysis: Groups,
    context: Context,
    variables: tuple[str, ...],
    book: NumberBook,
    endpoint: str,
    times: pl.DataFrame,
    groups: dict[str, tuple[str, ...]],
    where: str,
    common: dict[str, Any],
) -> None:
    result = logrank(
        times["MONTHS"].to_numpy(), times["EVENT"].to_numpy(), times["GROUP"].to_numpy(), entry=entry_times(times)
    )
    size: dict[str, Any] = {"n": int(times["EVENT"].sum()), "N": times.height, "where": where}
    [found] = result.evidence()
    book.take(
        analysis.name,
        endpoint,
        found,
        label="P value (log-rank, all groups)",
        level="all",
        method="Two-sided log-rank test over all groups, not adjusted for the number of tests.",
        **size,
        **common,
    )
    # a group without events has no hazard ratio, and would leave the others without one
    counted = times.filter(pl.col("EVENT").any().over("GROUP"))
    reference = next(iter(groups))
    try:
        fit = cox(
            counted,
            time="MONTHS",
            event="EVENT",
            entry=entry_times(counted),
            terms=[factor("GROUP", reference=reference)],
            level=analysis.conf_level,
        )
        rows = {r["level"]: r for r in fit.evidence()}
    except (DataError, UsageError):  # fewer than two groups with events, or none in the reference
        rows = {}
    sizes = dict(times.group_by("GROUP").agg(pl.struct(pl.col("EVENT").sum(), pl.len())).iter_rows())
    printed = _printed(groups)
    for level, levels in list(groups.items())[1:]:
        row = rows.get(level, {"value": None, "lower": None, "upper": None, "status": "not estimable"})
        pair = (sizes[level], sizes[reference])
        tests = [
            " AND ".join(context.equals(v, p) for v, p in zip(variables, own, strict=True))
            for own in (levels, groups[reference])
        ]
        book.take(
            analysis.name,
            endpoint,
            row,
            statistic="hr",
            row=f"{printed[level]} against {printed[reference]}",
            what="hazard ratio",
            category=level,
            against=reference,
            kind="ratio",
            level=level,
            conf_level=analysis.conf_level,
            method="Cox regression with all groups and nothing else, Efron's ties, Wald limits; n of N are events and "
            "subjects of the two groups compared.",
            n=sum(int(p["EVENT"]) for p in pair),
            N=sum(int(p["len"]) for p in pair),
            where=context.where(where, f"({tests[0]}) OR ({tests[1]})"),
            **common,
        )


def _median_text(number: dict[str, Any], rounding: Rounding) -> str:
    if number["value"] is None:
        return f"median {number['status'] or 'not estimable'}"
    return f"median {printed(number['value'], rounding.time_digits, mode=rounding.mode)} months"
