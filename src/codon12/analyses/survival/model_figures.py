"""Figures of models: effects in time, a searched cut-point, cumulative incidence of competing events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.study_figure import EvidenceLike, StudyFigure, level_words, p_words
from codon12.analyses.survival.group_figures import ENDPOINTS, named_levels
from codon12.evidence.schema import slug
from codon12.figures.cumulative_incidence import cumulative_incidence
from codon12.figures.cut_point_profile import cut_point_profile
from codon12.figures.schoenfeld import schoenfeld
from codon12.numbers import Rounding, printed

__all__ = ["cut_point_figure", "incidence_figures", "schoenfeld_figures"]

_MOST_TERMS = 12
_MOST_GROUPS = 8


def _own(evidence: EvidenceLike, frame: str, analysis: Analysis) -> pl.DataFrame:
    """Rows that a figure of an analysis draws; empty where there are none."""
    points = evidence.frames.get(frame)
    return pl.DataFrame() if points is None else points.filter(pl.col("analysis") == analysis.name)


def _endpoint(analysis: Analysis) -> str:
    return ENDPOINTS.get(analysis.endpoint, analysis.endpoint)


def schoenfeld_figures(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
    """Scaled Schoenfeld residuals of every coefficient, with the P value of its term."""
    points = _own(evidence, "schoenfeld", analysis)
    if points.is_empty():
        return
    tests = {r["endpoint"]: r["value"] for r in own.filter(statistic="ph_p").to_dicts()}
    stem = next(iter(tests), "").rpartition(".")[0]
    level = f"{100 * analysis.conf_level:g}%"
    parts = points.partition_by("term", maintain_order=True)
    for i, part in enumerate(parts[:_MOST_TERMS], start=1):
        first = part.row(0, named=True)
        value = tests.get(f"{stem}.{slug(first['variable'])}")
        smooth = part.drop_nulls("value").unique("time", keep="first", maintain_order=True)
        text = () if value is None else (f"Proportional hazards: {p_words(value, rounding)}",)
        yield StudyFigure(
            f"{analysis.name}-{i}" if len(parts) > 1 else analysis.name,
            analysis.name,
            f"{first['label']}: effect on {_endpoint(analysis).lower()} over time",
            f"Scaled Schoenfeld residuals of the Cox model for {first['label']}, one an event, with a smooth (natural "
            f"spline) and its pointwise {level} confidence band. Dashed: the coefficient of the model; a level smooth "
            "is what proportional hazards look like. Zero: no effect.",
            schoenfeld(
                part.select("time", "residual"),
                curve=smooth.select("time", "value", "lower", "upper") if smooth.height else None,
                effect=first["effect"],
                term=first["label"],
                texts=text,
                x_title="Months",
            ),
        )


def cut_point_figure(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
    """Profile of the cut-point search, with what chance alone would reach and the corrected effect."""
    profile = _own(evidence, "cut_points", analysis)
    numbers = {r["statistic"]: r for r in own.to_dicts()}
    if profile.is_empty() or "cut_p" not in numbers:
        return
    found = numbers["hr_corrected"]["value"]
    ratio = "not estimable" if found is None else printed(found, rounding.ratio_digits, mode=rounding.mode)
    p = p_words(numbers["cut_p"]["value"], rounding)
    label = profile["label"][0]
    yield StudyFigure(
        analysis.name,
        analysis.name,
        f"{label}: search for a cut-point in {_endpoint(analysis).lower()}",
        "Standardised log-rank statistic (without its sign) of every cut between the 10th and the 90th percentile, "
        "subjects above the cut against the others. Dashed: what the greatest statistic exceeds by chance in 5% of "
        f"{analysis.permutations:,} permutations; a profile below it shows nothing. The P value is that of the whole "
        f"search, and the hazard ratio has the optimism of the search ({analysis.resamples:,} bootstrap samples) taken "
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


def incidence_figures(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
    """Cumulative incidence of every cause by group; of all causes in one picture where there are no groups."""
    points = _own(evidence, "incidence", analysis)
    if points.is_empty():
        return
    words = (
        f"Aalen-Johansen estimate. Shaded, where drawn: pointwise {level_words(own)} confidence interval. Numbers "
        "below the axis: patients at risk, free of any of the events."
    )
    grouped = points["group"][0] != "all"
    if not grouped:
        causes = list(dict.fromkeys(points["cause"]))
        yield StudyFigure(
            analysis.name,
            analysis.name,
            f"{analysis.title}: cumulative incidence",
            f"Cumulative incidence of {_listed([_within(c) for c in causes])}. {words}",
            cumulative_incidence(points, group="cause", groups=causes, common_risk=True),
        )
        return
    tests = {r["section"].partition(": ")[2]: r["value"] for r in own.filter(statistic="gray_p").to_dicts()}
    counts = own.filter((pl.col("kind") == "count") & (pl.col("group") != "all")).to_dicts()
    labels = {r["level"]: r["label"].removesuffix(": Events") for r in counts}
    labels = named_levels(labels, points["label"][0] or "")
    for i, part in enumerate(points.partition_by("cause", maintain_order=True), start=1):
        cause, levels = part["cause"][0], list(dict.fromkeys(part["level"]))
        if len(levels) > _MOST_GROUPS:
            continue
        value = tests.get(cause)
        gray: list[str] = [] if value is None else [f"Gray's test {p_words(value, rounding)}"]
        named: dict[str, Any] = {"group": "level", "groups": levels, "labels": labels, "texts": gray}
        yield StudyFigure(
            f"{analysis.name}-{i}",
            analysis.name,
            f"{cause} by {part['label'][0]}",
            f"Cumulative incidence of {_within(cause)}, with the other events as competing. {words}"
            + (" The P value is not adjusted for the number of comparisons." if gray else ""),
            cumulative_incidence(part, **named),
        )


def _within(name: str) -> str:
    """Name of a cause within a sentence: a capital that only begins it goes; a gene or abbreviation stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"
