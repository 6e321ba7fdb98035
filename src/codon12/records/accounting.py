"""The ledger of rows: read = used + explained, for every table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = ["NOT_USED", "Ledger", "less_unused"]

NOT_USED: Mapping[str, str] = {
    "criterion-not-used": "by another criterion",
    "reading-not-accepted": "reading not accepted",
    "reading-not-chosen": "another reader counts",
    "reader-undecided": "no reader is decided on",
    "assessment-without-date": "without a date",
    "number-beside-not-evaluable": "a size said not to be assessed",
    "therapy-did-not-occur": "a therapy that did not happen",
    "therapy-without-date": "a therapy without a start",
    "therapy-date-partial": "a therapy that could lie before the first dose",
    "therapy-before-start": "a therapy before the first dose",
}
"""Rule of a finding -> why its row is not used."""


class Ledger:
    """Counts rows read, used, and left out with the reason, while a study is opened.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.read("TR", 10)
    >>> ledger.left_out("TR", "after the data cut-off", 3)
    >>> ledger.used("TR", 7)
    >>> ledger.frame().row(0)
    ('TR', 10, 7, 3, 'after the data cut-off: 3')
    """

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._used: dict[str, int] = {}
        self._reasons: dict[str, dict[str, int]] = {}

    def read(self, table: str, rows: int) -> None:
        """Add rows that a reader found in a file of the table."""
        self._read[table] = self._read.get(table, 0) + rows

    def used(self, table: str, rows: int) -> None:
        """Add rows of the table that the study goes on with."""
        self._used[table] = self._used.get(table, 0) + rows

    def left_out(self, table: str, reason: str, rows: int) -> None:
        """Add rows of the table that the study goes on without, and why."""
        if rows:
            reasons = self._reasons.setdefault(table, {})
            reasons[reason] = reasons.get(reason, 0) + rows

    def frame(self) -> pl.DataFrame:
        """Give the accounting, one row a table in order of name."""
        rows = []
        for table in sorted(self._read):
            reasons = self._reasons.get(table, {})
            text = "; ".join(f"{reason}: {n}" for reason, n in sorted(reasons.items()))
            rows.append((table, self._read[table], self._used.get(table, 0), sum(reasons.values()), text or None))
        return pl.DataFrame(
            rows,
            schema={
                "TABLE": pl.String,
                "ROWS_READ": pl.Int64,
                "ROWS_USED": pl.Int64,
                "ROWS_EXPLAINED": pl.Int64,
                "REASONS": pl.String,
            },
            orient="row",
        )


def less_unused(accounting: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Accounting in which rows that findings say are not used (`NOT_USED`) are explained, each row once.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.read("RS", 3)
    >>> ledger.used("RS", 3)
    >>> found = pl.DataFrame({"TABLE": ["RS"], "ROW": [2], "RULE": ["criterion-not-used"]})
    >>> less_unused(ledger.frame(), found).row(0)
    ('RS', 3, 2, 1, 'by another criterion: 1')
    """
    rows = findings.filter(pl.col("RULE").is_in(list(NOT_USED)) & pl.col("ROW").is_not_null())
    why = rows.sort("RULE").unique(["TABLE", "ROW"], keep="first", maintain_order=True)
    why = why.with_columns(pl.col("RULE").replace_strict(NOT_USED, return_dtype=pl.String).alias("_why"))
    counts = why.group_by("TABLE", "_why").agg(pl.len().cast(pl.Int64).alias("_n")).sort("_why")
    text = pl.format("{}: {}", "_why", "_n").str.join("; ")
    more = counts.group_by("TABLE", maintain_order=True).agg(pl.col("_n").sum(), text.alias("_text"))
    joined = accounting.join(more, on="TABLE", how="left", maintain_order="left")
    moved = pl.min_horizontal(pl.col("_n").fill_null(0), pl.col("ROWS_USED"))
    return joined.with_columns(
        pl.concat_str("REASONS", "_text", separator="; ", ignore_nulls=True).replace("", None).alias("REASONS"),
        (pl.col("ROWS_USED") - moved).alias("ROWS_USED"),
        (pl.col("ROWS_EXPLAINED") + moved).alias("ROWS_EXPLAINED"),
    ).select(accounting.columns)
