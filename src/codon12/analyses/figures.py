"""The figures of a whole study, from its evidence: which there are, what they show, what their captions say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from codon12.analyses.biomarkers.figures import biomarker_figures
from codon12.analyses.plan import Analysis
from codon12.analyses.response.figures import change_figures, lane_figures
from codon12.analyses.study_figure import EvidenceLike, StudyFigure, evaluator_words, level_words, p_words
from codon12.analyses.survival.group_figures import group_figures, ratio_figure
from codon12.analyses.survival.model_figures import cut_point_figure, incidence_figures, schoenfeld_figures
from codon12.figures.forest import TextColumn, forest
from codon12.figures.kaplan_meier import kaplan_meier
from codon12.numbers import Rounding, printed

__all__ = ["StudyFigure", "study_figures"]


def study_figures(evidence: EvidenceLike, *, rounding: Rounding | None = None) -> Iterator[StudyFigure]:
    """Figures of a study in the order of its plan; those whose data are not there are left out.

    Nothing is estimated here: curves, intervals and texts are the evidence's own numbers.
    """
    rounding = rounding or Rounding()
    for analysis in evidence.plan:
        if analysis.display not in ("figure", "both"):
            continue
        own = evidence.numbers.filter(pl.col("analysis") == analysis.name)
        if analysis.kind == "best-change":
            yield from change_figures(evidence, analysis, own)
        elif analysis.kind == "response":
            yield from lane_figures(evidence, analysis, own)
        elif analysis.kind == "time-to-event":
            yield from _curves(evidence, analysis, own, rounding)
        elif analysis.kind == "subgroups":
            yield from _subgroups(evidence, analysis, own, rounding)
        elif analysis.kind == "groups":
            yield from group_figures(evidence, analysis, own, rounding)
            yield from ratio_figure(analysis, own, rounding)
        elif analysis.kind in {"oncoprint", "lollipop", "co-occurrence"}:
            yield from biomarker_figures(evidence, analysis, own)
        elif analysis.kind in {"cox", "interaction"}:
            yield from ratio_figure(analysis, own, rounding)
        elif analysis.kind == "proportional-hazards":
            yield from schoenfeld_figures(evidence, analysis, own, rounding)
        elif analysis.kind == "cut-point":
            yield from cut_point_figure(evidence, analysis, own, rounding)
        elif analysis.kind == "competing-risks":
            yield from incidence_figures(evidence, analysis, own, rounding)
            yield from ratio_figure(analysis, own, rounding)


def _curves(evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
    points = evidence.frames.get("curves")
    if points is None:
        return
    points = points.filter(pl.col("analysis") == analysis.name)
    if points.is_empty():
        return
    arms = list(dict.fromkeys(points["arm"]))
    medians = {r["arm"]: r for r in own.filter(pl.col("statistic") == "median").to_dicts()}
    notes = {arm: _median_text(r, rounding) for arm in arms if (r := medians.get(arm))}
    texts = [text[:1].upper() + text[1:] for text in notes.values()] if len(arms) == 1 else []
    compared, against = _comparison(evidence, analysis, own, rounding)
    texts += compared
    names = {"all": "All patients"}
    words = analysis.title
    yield StudyFigure(
        analysis.name,
        analysis.name,
        words,
        f"Kaplan-Meier estimate of {words.lower()}"
        + (f", by {evaluator_words(own)}" if evaluator_words(own) else "")
        + f". Ticks: censored patients. Shaded: pointwise {level_words(own)} confidence interval. "
        f"Numbers below the axis: patients at risk. Dashed: median.{against}",
        kaplan_meier(
            points,
            group="arm",
            groups=arms,
            labels=names,
            medians={a: r["value"] for a, r in medians.items()},
            notes=notes,
            texts=texts,
            x_title="Months" if analysis.endpoint == "DOR" else "Months since start",
            y_title=f"{words} (%)" if analysis.endpoint != "DOR" else "Still in response (%)",
        ),
    )


def _median_text(number: dict[str, Any], rounding: Rounding) -> str:
    def show(side: str) -> str:
        return "NE" if number[side] is None else printed(number[side], rounding.time_digits, mode=rounding.mode)

    low, high = show("lower"), show("upper")
    level = f"{100 * (number['conf_level'] or 0.95):g}%"
    interval = "" if low == high == "NE" else f" ({level} CI {low}–{high})"
    if number["value"] is None:
        return f"median {number['status'] or 'not estimable'}{interval}"
    return f"median {show('value')} months{interval}"


def _comparison(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> tuple[list[str], str]:
    """Hazard ratio and P of the comparison of arms, where the plan has one for this endpoint; who is compared."""
    names = [a.name for a in evidence.plan if a.kind == "comparison"]
    evaluators = own["evaluator"].unique().to_list()
    found = evidence.numbers.filter(
        pl.col("analysis").is_in(names)
        & (pl.col("endpoint") == analysis.endpoint.lower())
        & pl.col("evaluator").is_in(evaluators, nulls_equal=True)
        & pl.col("value").is_not_null()
    ).to_dicts()
    pairs = list(dict.fromkeys(f"{r['arm']} against {(r['section'] or '').partition(', against ')[2]}" for r in found))
    out = []
    for r in found:
        arm = f"{r['arm']}: " if len(pairs) > 1 else ""
        if r["kind"] == "ratio":
            value, low, high = (
                "NE" if r[s] is None else printed(r[s], rounding.ratio_digits, mode=rounding.mode)
                for s in ("value", "lower", "upper")
            )
            out.append(f"{arm}Hazard ratio {value} ({100 * r['conf_level']:g}% CI {low}–{high})")
        elif r["kind"] == "p":
            out.append(f"{arm}Log-rank {p_words(r['value'], rounding)}")
    return out, f" Compared: {'; '.join(pairs)}." if pairs else ""


def _subgroups(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
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
        blank = {"indent": 0, "overall": False, "heading": True, "n": None, "count": "", "value": None, "lower": None,
                 "upper": None, "text": ""}  # fmt: skip
        lines += [{"label": section or "", **blank}]
        lines += [line(r, r["label"], 1) for r in part.to_dicts() if r["level"] != "all assessed"]
    frame = pl.DataFrame(
        lines,
        schema_overrides={"n": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64},
        infer_schema_length=None,
    )
    yield StudyFigure(
        "forest",
        analysis.name,
        "Objective response by subgroup",
        f"Percentage with an objective response, by {evaluator_words(own)}, with exact {level_words(rates)} confidence "
        "intervals; the area of a square is in proportion to the number of patients, the dashed line is the rate in "
        "all. Exploratory.",
        forest(
            frame,
            columns=(
                TextColumn("count", "Responses/n", "left", "right"),
                TextColumn("text", f"% ({level_words(rates)} CI)"),
            ),
            reference=main["value"][0] if main.height else None,
        ),
    )
