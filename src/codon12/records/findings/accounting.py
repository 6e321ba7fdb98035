"""The ledger of rows: read = used + explained, for every table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = ["NOT_USED", "Ledger", "less_unused", "with_left_out"]

NOT_USED: Mapping[str, str] = {
    "criterion-not-used": "by another criterion",
    "parameter-not-used": "another parameter",
    "sum-given-twice": "a second sum of a day",
    "reading-not-accepted": "reading not accepted",
    "reading-not-chosen": "another reader counts",
    "reader-undecided": "no reader is decided on",
    "assessment-without-date": "without a date",
    "lesion-without-group": "a lesion of no group",
    "number-beside-not-evaluable": "a size said not to be assessed",
    "therapy-did-not-occur": "a therapy that did not happen",
    "therapy-without-date": "a therapy without a start",
    "therapy-date-partial": "a therapy that could lie before the first dose",
    "therapy-before-start": "a therapy before the first dose",
    "event-did-not-occur": "an event that did not occur",
    "time-without-parameter": "no parameter",
    "time-not-read": "no time",
    "censoring-missing": "no CNSR",
    "time-repeated": "said again",
    "times-disagree": "another row of the subject counts",
    "given-response-missing": "no value",
    "given-response-repeated": "said again",
    "given-responses-disagree": "another row of the subject counts",
}
"""Rule of a finding -> why its row is not used."""


def with_left_out(accounting: pl.DataFrame, table: str, reasons: Mapping[str, int]) -> pl.DataFrame:
    """Move rows of a table from used to explained, as what is made of it turns out.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.read("MUTATIONS", 3)
    >>> ledger.used("MUTATIONS", 3, "mutations")
    >>> with_left_out(ledger.frame(), "MUTATIONS", {"of the germline": 1}).row(0)
    ('MUTATIONS', 3, 2, 1, 'of the germline: 1', 'mutations')
    """
    told = {reason: n for reason, n in sorted(reasons.items()) if n}
    rows = sum(told.values())
    if not rows:
        return accounting
    text = "; ".join(f"{reason}: {n}" for reason, n in told.items())
    own = pl.col("TABLE") == table
    return accounting.with_columns(
        ROWS_USED=pl.when(own).then(pl.col("ROWS_USED") - rows).otherwise("ROWS_USED"),
        ROWS_EXPLAINED=pl.when(own).then(pl.col("ROWS_EXPLAINED") + rows).otherwise("ROWS_EXPLAINED"),
        REASONS=pl.when(own)
        .then(pl.concat_str("REASONS", pl.lit(text), separator="; ", ignore_nulls=True))
        .otherwise("REASONS"),
    )


class Ledger:
    """Counts rows read, used, and left out with the reason, while a study is opened.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.read("TR", 10)
    >>> ledger.left_out("TR", "after the data cut-off", 3)
    >>> ledger.used("TR", 7, "lesions")
    >>> ledger.frame().row(0)
    ('TR', 10, 7, 3, 'after the data cut-off: 3', 'lesions')
    """

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._used: dict[str, int] = {}
        self._reasons: dict[str, dict[str, int]] = {}
        self._uses: dict[str, str] = {}

    def read(self, table: str, rows: int) -> None:
        """Add rows that a reader found in a file of the table."""
        self._read[table] = self._read.get(table, 0) + rows

    def used(self, table: str, rows: int, use: str | None = None) -> None:
        """Add rows of the table that the study goes on with, and what for."""
        self._used[table] = self._used.get(table, 0) + rows
        if use is not None:
            self._uses[table] = use

    def left_out(self, table: str, reason: str, rows: int) -> None:
        """Add rows of the table that the study goes on without, and why."""
        if rows:
            reasons = self._reasons.setdefault(table, {})
            reasons[reason] = reasons.get(reason, 0) + rows

    def add(self, other: Ledger) -> None:
        """Add what was counted of other rows of the same tables."""
        for table, rows in other._read.items():
            self.read(table, rows)
        for table, rows in other._used.items():
            self.used(table, rows, other._uses.get(table))
        for table, reasons in other._reasons.items():
            for reason, rows in reasons.items():
                self.left_out(table, reason, rows)

    def frame(self) -> pl.DataFrame:
        """Give the accounting, one row a table in order of name."""
        rows = []
        for table in sorted(self._read):
            reasons = self._reasons.get(table, {})
            text = "; ".join(f"{reason}: {n}" for reason, n in sorted(reasons.items()))
            counts = (self._read[table], self._used.get(table, 0), sum(reasons.values()))
            rows.append((table, *counts, text or None, self._uses.get(table)))
        return pl.DataFrame(
            rows,
            schema={
                "TABLE": pl.String,
                "ROWS_READ": pl.Int64,
                "ROWS_USED": pl.Int64,
                "ROWS_EXPLAINED": pl.Int64,
                "REASONS": pl.String,
                "USED_FOR": pl.String,
            },
            orient="row",
        )


def less_unused(accounting: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Accounting in which rows that findings say are not used (`NOT_USED`) are explained, each row once.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.read("RS", 3)
    >>> ledger.used("RS", 3, "responses")
    >>> found = pl.DataFrame({"TABLE": ["RS"], "ROW": [2], "RULE": ["criterion-not-used"]})
    >>> less_unused(ledger.frame(), found).row(0)[:5]
    ('RS', 3, 2, 1, 'by another criterion: 1')
    """
    rows = findings.filter(pl.col("RULE").is_in(list(NOT_USED)) & pl.col("ROW").is_not_null())
    why = rows.sort("RULE").unique(["TABLE", "ROW"], keep="first", maintain_order=True)
    why = why.with_columns(pl.col("RULE").replace_strict(NOT_USED, return_dtype=pl.String).alias("_why"))
    used = dict(accounting.select("TABLE", "ROWS_USED").iter_rows())
    for (table,), part in why.group_by("TABLE", maintain_order=True):
        counts = dict(part.group_by("_why").len().iter_rows())
        if sum(counts.values()) <= used.get(table, 0):
            accounting = with_left_out(accounting, str(table), counts)
    return accounting
