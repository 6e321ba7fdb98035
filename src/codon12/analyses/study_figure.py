"""A figure of a study, and the words that captions share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from codon12.drawing import Look, draw, save
from codon12.figures.kaplan_meier import MOST_WITH_BANDS
from codon12.numbers import Rounding, printed_p
from codon12.numbers.spelling import Language, respelled, respelled_keys

__all__ = ["StudyFigure", "arms_of", "curve_words", "evaluator_words", "level_words", "p_words", "with_reader"]


_WORDS = frozenset({"title", "text", "subtitle"})
"""Keys of a specification under which words stand that are printed."""


@dataclass(frozen=True, repr=False)
class StudyFigure:
    """One figure: file name, the analysis it belongs to, title, caption and specification."""

    name: str
    analysis: str
    title: str
    caption: str
    spec: dict[str, Any]

    def in_language(self, language: Language) -> StudyFigure:
        """Figure with its words in a spelling; data and names are as they were."""
        if language == "en-GB":
            return self
        title, caption = respelled(self.title, language), respelled(self.caption, language)
        return replace(self, title=title, caption=caption, spec=respelled_keys(self.spec, language, _WORDS))

    def svg(self) -> str:
        """The figure drawn, as SVG text."""
        return draw(self.spec)

    def save(self, path: str | Path, look: Look | None = None) -> Path:
        """Draw the figure into a file; its ending (svg, png, pdf) says how. Errors as `codon12.drawing.save`."""
        return save(self.spec, path, look)

    def __repr__(self) -> str:
        return f"<figure {self.name}: {self.title}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Drawn, for a notebook."""
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}


def arms_of(numbers: pl.DataFrame) -> list[str]:
    """Treatments that have numbers of their own, in order."""
    return [a for a in dict.fromkeys(numbers["arm"].drop_nulls()) if a != "all"]


def evaluator_words(numbers: pl.DataFrame) -> str:
    """Whose assessments the numbers are from, in words."""
    named = numbers["evaluator"].drop_nulls()
    return (
        {"central": "central review", "investigator": "the investigator"}.get(named[0], named[0]) if len(named) else ""
    )


def with_reader(title: str, numbers: pl.DataFrame) -> str:
    """Title with whose assessments the numbers are from, where all are one reader's and it does not say so."""
    words = evaluator_words(numbers)
    if numbers["evaluator"].drop_nulls().n_unique() != 1 or words.split()[-1].lower() in title.lower():
        return title
    return f"{title}, by {words}"


def level_words(numbers: pl.DataFrame) -> str:
    """Confidence level of the intervals as printed, ``95%``; several are all named."""
    found = numbers["conf_level"].drop_nulls().unique(maintain_order=True).to_list()
    return " or ".join(f"{100 * level:g}%" for level in found) or "95%"


def curve_words(curves: pl.DataFrame, medians: Iterable[float | None], numbers: pl.DataFrame, *, by: str) -> str:
    """What a caption says of the marks of survival curves, those of a column: shade and dashes where there are any."""
    banded = curves[by].n_unique() <= MOST_WITH_BANDS and curves["lower"].is_not_null().any()
    shade = f" Shaded: pointwise {level_words(numbers)} confidence interval." if banded else ""
    dashed = " Dashed: median." if any(m is not None for m in medians) else ""
    rises = curves.select((pl.col("n_risk").cast(pl.Int64).diff().over(by) > 0).any()).item()
    late = "; some enter after time zero" if rises else ""
    return f"Ticks: censored patients.{shade} Numbers below the axis: patients at risk{late}.{dashed}"


def p_words(value: float, rounding: Rounding, *, level: float = 0.05) -> str:
    """P value as a line of text, with the digits a table gives it: ``P = 0.012``, ``P = 0.34``, ``P < 0.001``."""
    text = printed_p(value, rounding, level=level)
    return f"P {text[0]} {text[1:]}" if text[0] in "<>" else f"P = {text}"
