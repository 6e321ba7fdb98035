"""What is said of the rows of a delimited text: ragged ones, cells beyond the header, NUL bytes."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.records.findings import Finding, shown

__all__ = ["RowsTold"]

_MAX_LISTED = 1000
"""Rows reported one by one; the rest are counted in one finding."""


class RowsTold:
    """Findings on the rows of a table, gathered while it is read in pieces."""

    def __init__(self, table: str, name: str) -> None:
        self._table, self._name = table, name
        self._ragged: list[Finding] = []
        self._more_ragged = 0
        self._beyond: list[Finding] = []
        self._nul, self._first_nul = 0, 0

    def findings(self) -> list[Finding]:
        """All of them, in the order in which they are reported."""
        more = f"{self._name}: {self._more_ragged} more rows have the wrong number of cells."
        return [*self._ragged, *([self._ragged_rows(more)] if self._more_ragged else [])]

    def later_findings(self) -> list[Finding]:
        """Those that stand after what is said of the whole file."""
        return [*([self._nul_bytes()] if self._nul else []), *self._beyond]

    def lengths(self, cells: np.ndarray, lengths: np.ndarray, width: int, before: int) -> None:
        """Look for rows with another number of cells than the header; empty lines are none."""
        wrong = np.flatnonzero((cells != width) & (lengths > 0))
        listed = wrong[: _MAX_LISTED - len(self._ragged)]
        self._more_ragged += len(wrong) - len(listed)
        for i in listed.tolist():
            row, count = before + i + 1, int(cells[i])
            text = "those beyond the header have no name" if count > width else "those it lacks were read as missing"
            self._ragged.append(
                Finding(
                    table=self._table,
                    row=row,
                    rule="ragged-row",
                    severity="warning",
                    value=str(count),
                    message=f"{self._name}, row {row}: {count} cells under {width} column names; {text}.",
                )
            )

    def without_nul(self, frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
        """Take NUL bytes out of the cells."""
        rows = frame.filter(pl.any_horizontal(pl.col(names).str.contains("\0", literal=True).fill_null(value=False)))
        if rows.is_empty():
            return frame
        self._first_nul = self._first_nul or int(rows["SRCROW"][0])
        self._nul += rows.height
        return frame.with_columns(pl.col(names).str.replace_all("\0", "", literal=True))

    def beyond_header(self, frame: pl.DataFrame, extra: list[str]) -> None:
        """Look for filled cells in columns that have no name."""
        full = frame.filter(pl.any_horizontal(pl.col(extra).is_not_null())).head(_MAX_LISTED - len(self._beyond))
        text = full.select(x=pl.concat_str(extra, separator=" | ", ignore_nulls=True))["x"].to_list()
        self._beyond += [
            Finding(
                table=self._table,
                row=row,
                rule="cells-beyond-header",
                severity="error",
                value=value,
                message=f"{self._name}, row {row}: '{shown(value)}' stands in a column without a name and was left "
                "out.",
            )
            for row, value in zip(full["SRCROW"].to_list(), text, strict=True)
        ]

    def _nul_bytes(self) -> Finding:
        return Finding(
            table=self._table,
            row=self._first_nul,
            rule="nul-bytes",
            severity="warning",
            value=str(self._nul),
            message=f"{self._name}: NUL bytes were removed from {self._nul} row(s), the first is row "
            f"{self._first_nul}.",
        )

    def _ragged_rows(self, message: str) -> Finding:
        return Finding(
            table=self._table, rule="ragged-row", severity="warning", value=str(self._more_ragged), message=message
        )
