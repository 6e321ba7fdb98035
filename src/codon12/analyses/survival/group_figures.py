"""Figures of a cohort: survival curves by biomarker group, and a forest of hazard ratios."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.study_figure import EvidenceLike, StudyFigure, level_words, p_words
from codon12.figures.forest import TextColumn, forest
from codon12.figures.kaplan_meier import kaplan_meier
from codon12.numbers import Rounding, printed

__all__ = ["ENDPOINTS", "group_figures", "named_levels", "ratio_figure"]

ENDPOINTS = {"OS": "Overall survival", "PFS": "Progression-free survival"}
"""Names of endpoints as figures print them."""
_LONGEST = 28
_MOST = 8
"""More curves than this in one picture cannot be told apart; the table has them all."""


def group_figures(
    evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
    """Curves of every grouping of an analysis, with the log-rank P of the evidence."""
    points = evidence.frames.get("group_curves")
    if points is None:
        return
    points = points.filter(pl.col("analysis").str.starts_with(f"{analysis.name}:"))
    for (name, group, endpoint), part in points.group_by(["analysis", "group", "PARAMCD"], maintain_order=True):
        levels = list(dict.fromkeys(part["level"]))
        if len(levels) > _MOST:
            continue
        rows = own.filter((pl.col("group") == group) & (pl.col("endpoint") == str(endpoint).lower())).to_dicts()
        medians = {r["level"]: r for r in rows if r["statistic"] == "median"}
        labels = {level: r["label"].rpartition(": ")[0] or level for level, r in medians.items()}
        section = next((r["section"] for r in rows if r["section"]), f"{endpoint} by {group}")
        if " x " not in str(group):
            labels = named_levels(labels, section.partition(" by ")[2])
        words = ENDPOINTS.get(str(endpoint), str(endpoint))
        yield StudyFigure(
            str(name).replace(":", "-"),
            analysis.name,
            section,
            f"Kaplan-Meier estimate of {words.lower()} by group. Ticks: censored patients. Numbers below the axis: "
            "patients at risk. The P value is not adjusted for the number of comparisons.",
            kaplan_meier(
                part,
                group="level",
                groups=levels,
                labels=labels,
                medians={level: r["value"] for level, r in medians.items()},
                notes={level: _median(r, rounding) for level, r in medians.items()},
                texts=[
                    f"Log-rank {p_words(r['value'], rounding)}"
                    for r in rows
                    if r["kind"] == "p" and r["value"] is not None
                ],
                x_title="Months",
                y_title=f"{words} (%)",
            ),
        )


def named_levels(labels: Mapping[str, str], variable: str) -> dict[str, str]:
    """Levels as the key of a picture prints them: bare ones (``0``, ``Yes``) with the name of their variable.

    Examples
    --------
    >>> named_levels({"0": "0", "1": "1"}, "ECOG"), named_levels({"MUT": "Mutated"}, "KRAS")
    ({'0': 'ECOG: 0', '1': 'ECOG: 1'}, {'MUT': 'Mutated'})
    """
    bare = any(text in {"Yes", "No"} or not re.search("[A-Za-z]{2}", text) for text in labels.values())
    named = {level: f"{variable}: {text}" for level, text in labels.items()}
    return named if bare and variable and all(len(t) <= _LONGEST for t in named.values()) else dict(labels)


def ratio_figure(analysis: Analysis, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
    """Forest of the hazard ratios of one analysis, under its section headings."""
    ratios = own.filter((pl.col("kind") == "ratio") & pl.col("value").is_not_null()).sort("order")
    if ratios.height < 2:
        return
    lines: list[dict[str, Any]] = []
    for (section,), part in ratios.group_by(["section"], maintain_order=True):
        lines.append({"label": section or analysis.title, "heading": True})
        for r in part.to_dicts():
            low, value, high = (
                "NE" if r[k] is None else printed(r[k], rounding.ratio_digits, mode=rounding.mode)
                for k in ("lower", "value", "upper")
            )
            lines.append({
                "label": r["label"].removesuffix(": hazard ratio"), "indent": 1, "heading": False, "n": r["N"],
                "count": f"{r['n']:,}/{r['N']:,}", "value": r["value"], "lower": r["lower"], "upper": r["upper"],
                "text": f"{value} ({low}–{high})",
            })  # fmt: skip
    frame = pl.DataFrame(lines, infer_schema_length=None)
    competing = (ratios["statistic"] == "shr").all()
    words = "Subdistribution hazard ratio" if competing else "Hazard ratio"
    yield StudyFigure(
        f"forest-{analysis.name}",
        analysis.name,
        f"{analysis.title}: {words.lower()}s",
        f"{words}s with {level_words(ratios)} confidence intervals on a logarithmic scale; below 1 the "
        f"{'incidence' if competing else 'hazard'} is lower than in the group compared with.",
        forest(
            frame,
            scale="ratio",
            columns=(
                TextColumn("count", "Events/n", "left", "right"),
                TextColumn("text", f"HR ({level_words(ratios)} CI)"),
            ),
            label_title="",
            x_title=words,
        ),
    )


def _median(number: dict[str, Any], rounding: Rounding) -> str:
    if number["value"] is None:
        return f"median {number['status'] or 'not estimable'}"
    return f"median {printed(number['value'], rounding.time_digits, mode=rounding.mode)} months"
