"""A figure of a study, and the words that captions share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from codon12.numbers import Rounding, printed

__all__ = ["StudyFigure", "arms_of", "evaluator_words", "level_words", "p_words"]


@dataclass(frozen=True)
class StudyFigure:
    """One figure: file name, the analysis it belongs to, title, caption and specification."""

    name: str
    analysis: str
    title: str
    caption: str
    spec: dict[str, Any]


def arms_of(numbers: pl.DataFrame) -> list[str]:
    """Treatments that have numbers of their own, in order."""
    return [a for a in dict.fromkeys(numbers["arm"].drop_nulls()) if a != "all"]


def evaluator_words(numbers: pl.DataFrame) -> str:
    """Whose assessments the numbers are from, in words."""
    named = numbers["evaluator"].drop_nulls()
    return (
        {"central": "central review", "investigator": "the investigator"}.get(named[0], named[0]) if len(named) else ""
    )


def level_words(numbers: pl.DataFrame) -> str:
    """Confidence level of the intervals as printed, ``95%``; several are all named."""
    found = numbers["conf_level"].drop_nulls().unique(maintain_order=True).to_list()
    return " or ".join(f"{100 * level:g}%" for level in found) or "95%"


def p_words(value: float, rounding: Rounding) -> str:
    """P value as a line of text, with the digits a table gives it: ``P = 0.012``, ``P = 0.34``, ``P < 0.001``."""
    small = 10.0**-rounding.p_digits
    if value < small:
        return f"P < {printed(small, rounding.p_digits)}"
    if value > 0.99:
        return "P > 0.99"
    return f"P = {printed(value, 2 if value >= 0.195 else rounding.p_digits, mode=rounding.mode)}"
