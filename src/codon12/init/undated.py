"""Cells of a day of death that are no date: those that say nothing or alive, and those that may be a death."""

from __future__ import annotations

import polars as pl

from codon12.init.values import Values, no_day
from codon12.init.vocabulary import vital_word

__all__ = ["maybe_deaths", "nobody_alive"]

_NO_DATE = frozenset({".", "-", "--", "na", "n/a", "n.a.", "nan", "null", "none"})
"""What programs write where there is no date; any other word in a day of death may be a death without its day."""


def maybe_deaths(values: Values) -> set[str]:
    """Words for missing that may stand for a death without its day: neither dead nor alive is who has one.

    A placeholder such as 99.99.9999 is one where other cells are empty; where none is, it stands for those.
    """
    blank = values.filled < values.rows and values.rows > values.filled + values.unsaid
    return {
        w
        for w in values.missing
        if w.strip().lower() not in _NO_DATE and vital_word(w) != "alive" and (blank or not no_day(w))
    }


def nobody_alive(values: Values, cells: pl.Series) -> bool:
    """Whether a day of death leaves nobody alive, though some have no date in it: what they have is not read."""
    said = set(values.missing) - maybe_deaths(values)
    alive = cells.is_null() | cells.str.strip_chars().is_in(list(said))
    undated = cells.str.strip_chars().is_in(list(maybe_deaths(values))) | ~cells.str.contains(r"\d")
    return not bool(alive.any()) and bool(undated.any())
