"""Wide tables: one row a patient and a column a visit, read as one row a visit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.errors import ConfigError

__all__ = ["one_row_a_visit"]

PLACE = "{}"
"""Stands for a visit in the name of a column."""


def one_row_a_visit(
    frame: pl.DataFrame, names: Sequence[str], visits: Sequence[str], *, where: str
) -> tuple[pl.DataFrame, int]:
    """Give one row a visit, and how many were left out as all their cells are empty.

    `names` hold ``{}`` where the file's columns hold a visit; they become columns of that very name. SRCROW stays that
    of the file. A visit may lack some of the columns, not all. VISIT is the text of `visits`, VISITNUM its place.

    Raises
    ------
    ConfigError
        The file has none of the columns of a visit, or has columns VISIT already.

    Examples
    --------
    >>> wide = pl.DataFrame({"ID": ["1"], "RECIST V1": ["SD"], "RECIST V2": [None], "SRCROW": [1]})
    >>> rows, empty = one_row_a_visit(wide, ["RECIST {}"], ["V1", "V2"], where="tables.RS")
    >>> rows.select("ID", "RECIST {}", "VISIT", "SRCROW").rows(), empty
    ([('1', 'SD', 'V1', 1)], 1)
    """
    if "VISIT" in frame.columns or "VISITNUM" in frame.columns:
        raise ConfigError(f"{where}.visits: the file has a column VISIT of its own")
    parts = []
    for number, visit in enumerate(visits, 1):
        own = {name: name.replace(PLACE, visit) for name in names}
        if not set(own.values()) & set(frame.columns):
            have = ", ".join(c for c in frame.columns[:60] if c != "SRCROW")
            raise ConfigError(
                f"{where}.visits: no column {', '.join(own.values())} of visit '{visit}'; the file has {have}"
            )
        cells = [
            (pl.col(column) if column in frame.columns else pl.lit(None, pl.String)).alias(name)
            for name, column in own.items()
        ]
        number_text = pl.lit(str(number)).alias("VISITNUM")
        parts.append(frame.with_columns(*cells, pl.lit(visit).alias("VISIT"), number_text))
    long = pl.concat(parts)
    kept = long.filter(pl.any_horizontal(pl.col(list(names)).is_not_null()))
    return kept.sort("SRCROW", maintain_order=True), long.height - kept.height
