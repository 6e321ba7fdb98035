"""A rule of validation: what it is called, how grave a breach is, what it says, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import msgspec
import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.findings import Severity, row_findings, shown_expr
from codon12.records.rows import rows_where

__all__ = ["Breach", "Check", "Checked", "Rule", "Scope", "Tables", "breaches", "dated", "once"]

Scope = Literal["within", "across"]
Tables = Mapping[str, pl.DataFrame]
_Found = TypeVar("_Found")


class Checked(dict[str, pl.DataFrame]):
    """Tables that are being checked; what several rules ask of them is found once, by `once`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.found: dict[Callable[[Tables], Any], Any] = {}


def once(tables: Tables, find: Callable[[Tables], _Found]) -> _Found:
    """Give what a function finds in the tables; in tables that are being checked it looks only once."""
    if not isinstance(tables, Checked):
        return find(tables)
    if find not in tables.found:
        tables.found[find] = find(tables)
    return tables.found[find]


class Breach(msgspec.Struct, frozen=True):
    """Rows of one table that break a rule."""

    table: str
    rows: pl.DataFrame
    """With SRCROW, USUBJID where the table has it, `_VALUE` and, for the sentence, `_OTHER`."""
    variable: str


Check = Callable[[Tables, StudyConfig], list[Breach]]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. The sentence may use {table}, {row}, {variable}, {value} and {other}."""

    id: str
    scope: Scope
    severity: Severity
    sentence: str
    check: Check
    formats: tuple[str, ...] = ("sdtm",)

    def findings(self, tables: Tables, config: StudyConfig) -> list[pl.DataFrame]:
        """Apply the rule; a findings frame for each breach."""
        return [self._of(breach) for breach in self.check(tables, config) if breach.rows.height]

    def _of(self, breach: Breach) -> pl.DataFrame:
        known = {
            "row": pl.col("SRCROW"),
            "value": shown_expr(pl.col("_VALUE")),
            "other": shown_expr(pl.col("_OTHER")),
        }
        text = self.sentence.replace("{table}", breach.table).replace("{variable}", breach.variable)
        wanted = [name for name in _in_order(text, tuple(known)) if name in known]
        for name in known:
            text = text.replace("{" + name + "}", "{}")
        return row_findings(
            breach.rows,
            table=breach.table,
            rule=self.id,
            severity=self.severity,
            variable=breach.variable,
            value=pl.col("_VALUE"),
            message=text,
            parts=[known[name] for name in wanted],
        )


def _in_order(text: str, names: tuple[str, ...]) -> list[str]:
    """Names of the placeholders of a sentence in the order they stand in it, repeats included."""
    at = [(i, n) for n in names for i in range(len(text)) if text.startswith("{" + n + "}", i)]
    return [n for _, n in sorted(at)]


def breaches(
    table: str, frame: pl.DataFrame, bad: pl.Expr, variable: str, *, other: pl.Expr | None = None
) -> list[Breach]:
    """Give the rows of a frame for which a condition is true, as a breach; null is not true."""
    value = pl.col(variable) if variable in frame.columns else pl.lit(None)
    found = rows_where(frame, bad)
    if found.is_empty():
        return []
    rows = found.select(
        *(c for c in ("USUBJID", "SRCROW") if c in found.columns),
        value.cast(pl.String).alias("_VALUE"),
        (pl.lit(None, pl.String) if other is None else other.cast(pl.String)).alias("_OTHER"),
    )
    return [Breach(table, rows, variable)]


def dated(frame: pl.DataFrame, dates: pl.DataFrame, column: str) -> pl.DataFrame:
    """Join one date of each subject as `_REF`; rows of subjects without one are left out."""
    known = dates.select("USUBJID", pl.col(column).alias("_REF")).drop_nulls()
    if known["USUBJID"].n_unique() < known.height:
        known = known.unique("USUBJID")
    dates_of_rows = frame.select("USUBJID").join(known, on="USUBJID", how="left", maintain_order="left")["_REF"]
    return rows_where(frame.with_columns(dates_of_rows), pl.col("_REF").is_not_null())
