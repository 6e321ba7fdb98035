"""Merged cells: a value that stands once, over the rows it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.errors import ConfigError
from codon12.records.findings import Finding, findings_frame

__all__ = ["filled_down"]


def filled_down(
    frame: pl.DataFrame, columns: Sequence[str], *, table: str, file: str, where: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Repeat the cell above in the empty cells of `columns`, and give one finding a column that says how many.

    Empty cells before the first filled one stay empty.

    Raises
    ------
    ConfigError
        The file has no such column; the message lists those it has.

    Examples
    --------
    >>> sheet = pl.DataFrame({"Patient": ["1", None, "2"], "Lesion": ["A", "B", "A"], "SRCROW": [1, 2, 3]})
    >>> filled, found = filled_down(sheet, ["Patient"], table="TR", file="a.xlsx", where="tables.TR")
    >>> filled["Patient"].to_list(), found["MESSAGE"].to_list()
    (['1', '1', '2'], ['a.xlsx: 1 empty cell(s) of Patient were read as the cell above, the first in row 2.'])
    """
    found = []
    for column in columns:
        if column not in frame.columns:
            have = ", ".join(c for c in frame.columns[:60] if c != "SRCROW")
            raise ConfigError(f"{where}.fill: the file has no column '{column}'; it has {have}")
        filled = frame.with_columns(pl.col(column).fill_null(strategy="forward"))
        rows = frame.filter(frame[column].is_null() & filled[column].is_not_null())["SRCROW"]
        if len(rows):
            found.append(
                Finding(
                    table=table,
                    row=int(rows[0]),
                    rule="cells-filled-down",
                    severity="note",
                    variable=column,
                    value=str(len(rows)),
                    message=f"{file}: {len(rows)} empty cell(s) of {column} were read as the cell above, the first in "
                    f"row {rows[0]}.",
                )
            )
        frame = filled
    return frame, findings_frame(found)
