"""The forest of the hazard ratios of one analysis, and how levels are called in figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.analyses.study_figure import StudyFigure, level_words
from codon12.figures import TextColumn, forest
from codon12.numbers import Rounding, printed

__all__ = ["named_levels", "ratio_figure"]


_LONGEST = 28
_ALONE = "Hazard ratio of each variable alone"


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
    alone = pl.col("statistic") == "hr_alone"  # in the table a column of its own
    ratios = ratios.with_columns(section=pl.when(alone).then(pl.lit(_ALONE)).otherwise("section"))
    lines: list[dict[str, Any]] = []
    for (section,), part in ratios.group_by(["section"], maintain_order=True):
        lines.append({"label": section or analysis.title, "heading": True})
        for r in part.to_dicts():
            low, value, high = (
                "NE" if r[k] is None else printed(r[k], rounding.ratio_digits, mode=rounding.mode)
                for k in ("lower", "value", "upper")
            )
            lines.append({
                "label": r["row"] or r["label"], "indent": 1, "heading": False, "n": r["N"],
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
        f"{'incidence' if competing else 'hazard'} is lower than in the group compared with. The area of a square "
        "is in proportion to the number of patients, an arrow says that an interval goes on.",
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
