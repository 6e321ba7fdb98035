"""The forest of a treatment's effect by subgroup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from codon12.analyses.kind import Analysis
from codon12.analyses.study_figure import StudyFigure, evaluator_words, level_words, p_words
from codon12.evidence.schema import slug
from codon12.figures import TextColumn, forest
from codon12.numbers import Rounding
from codon12.tables import cell_text

__all__ = ["effect_figure"]

_WORDS = {"hr": ("Hazard ratio", "HR"), "or": ("Odds ratio", "OR"), "rd": ("Difference", "Difference")}


def effect_figure(
    analysis: Analysis, own: pl.DataFrame, rounding: Rounding, *, outcome: str, higher: bool
) -> Iterator[StudyFigure]:
    """Forests of the effects of an analysis, one a treatment; `higher` says which side favours it."""
    for part in own.filter(pl.col("kind") != "text").partition_by("section", maintain_order=True):
        effects = part.filter(pl.col("kind").is_in(["ratio", "difference"]))
        if effects["value"].is_null().all():
            continue
        first = effects.row(0, named=True)
        arm, reference = first["arm"], first["against"]
        words, short = _WORDS[first["statistic"]]
        difference = first["statistic"] == "rd"
        noun = "responses" if first["statistic"] in ("or", "rd") else "events"
        better = (f"Favours {reference}", f"Favours {arm}")
        several = own["section"].n_unique() > 1
        by = f", by {evaluator_words(part)}" if evaluator_words(part) else ""
        yield StudyFigure(
            f"forest-{analysis.name}" + (f"-{slug(arm)}" if several else ""),
            analysis.name,
            f"{analysis.title}: {arm} against {reference}",
            f"{words}s for {outcome}{by}, {arm} against {reference}, with {level_words(effects)} confidence intervals"
            f"{'' if difference else ' on a logarithmic scale'}; {'above' if higher else 'below'} "
            f"{0 if difference else 1} {arm} does better. The dashed line is the effect in all, the area of a square "
            "is in proportion to the number of patients, an arrow says that an interval goes on. NE: not estimable, "
            f"for too few {noun}. P: likelihood-ratio test of interaction. Exploratory.",
            forest(
                _lines(part, rounding, arm),
                scale="difference" if difference else "ratio",
                columns=(
                    TextColumn("reference_counts", reference, "left", "right"),
                    TextColumn("arm_counts", arm, "left", "right"),
                    TextColumn("text", f"{short} ({level_words(effects)} CI)"),
                    TextColumn("p", "P interaction", align="right"),
                ),
                label_title=f"{noun.capitalize()}/n",
                reference=first["value"],
                sides=better if higher else better[::-1],
                x_title=f"{words}, percentage points" if difference else words,
            ),
        )


def _lines(part: pl.DataFrame, rounding: Rounding, arm: str) -> pl.DataFrame:
    """One line a level under the line of its variable, as the forest takes them."""
    places: dict[tuple[str, str], dict[str, Any]] = {}
    for r in part.sort("order").iter_rows(named=True):
        line = places.setdefault((r["group"], r["level"]), {"label": r["row"], "heading": False, "indent": 0})
        if r["kind"] == "p":
            said = "NE" if r["value"] is None else p_words(r["value"], rounding).removeprefix("P ")
            said = said.removeprefix("= ").replace("< ", "<")
            line |= {"heading": True, "p": said}
        elif r["kind"] == "fraction":
            line["arm_counts" if r["arm"] == arm else "reference_counts"] = f"{r['n']:,}/{r['N']:,}"
        elif r["kind"] in ("ratio", "difference"):
            line |= {
                "indent": int(r["group"] != "all"),
                "overall": r["group"] == "all",
                "value": r["value"],
                "lower": r["lower"],
                "upper": r["upper"],
                "n": r["N"] if r["value"] is not None else None,
                "text": cell_text(r, rounding),
            }
    schema = {"n": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    return pl.DataFrame(list(places.values()), schema_overrides=schema, infer_schema_length=None)
