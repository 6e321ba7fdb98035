"""TU, TR and RS with their columns under common names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from codon12.errors import UsageError
from codon12.records.rows import by_value
from codon12.records.terms.assessments import evaluator, reader

__all__ = ["Held", "Tables", "tumour_domain"]


class Tables(Protocol):
    """What holds tables by name: a `Study`, or anything with its `has` and `table`."""

    def has(self, table: str) -> bool:
        """Tell whether the table is there."""
        ...

    def table(self, table: str) -> pl.DataFrame:
        """Give the table."""
        ...


class Held:
    """Tables held in a mapping, for what asks a study for them."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables

    def has(self, table: str) -> bool:
        """Tell whether the table is there."""
        return table in self._tables

    def table(self, table: str) -> pl.DataFrame:
        """Give the table."""
        return self._tables[table]


_TEXT = (
    "TESTCD",
    "LNKID",
    "GRPID",
    "STRESC",
    "ORRES",
    "STRESU",
    "ORRESU",
    "STAT",
    "REASND",
    "LOC",
    "EVAL",
    "EVALID",
    "ACPTFL",
    "CAT",
    "SCAT",
    "METHOD",
    "DTC",
)


def tumour_domain(study: Tables, domain: str) -> pl.DataFrame:
    """One tumour domain with its columns under common names; those it lacks are null."""
    table = study.table(domain) if study.has(domain) else pl.DataFrame({"USUBJID": []})
    if "USUBJID" not in table.columns:
        raise UsageError(f"table {domain} has no USUBJID")

    def column(name: str, dtype: pl.DataType) -> pl.Expr:
        return (pl.col(name) if name in table.columns else pl.lit(None)).cast(dtype, strict=False)

    text, number = pl.String(), pl.Float64()
    shaped = table.select(
        column("USUBJID", text).alias("USUBJID"),
        *(column(f"{domain}{name}", text).alias(name) for name in _TEXT),
        column(f"{domain}STRESN", number).alias("STRESN"),
        column("VISITNUM", number).alias("VISITNUM"),
        column("VISIT", text).alias("VISIT"),
        pl.lit(domain).alias("SRCDOM"),
        column("SRCROW", pl.Int64()).alias("SRCROW"),
        column(f"{domain}SEQ", pl.Int64()).alias("SRCSEQ"),
    )
    return by_value(shaped, ["EVAL", "EVALID"], [evaluator(pl.col("EVAL")), reader(pl.col("EVALID"), pl.col("EVAL"))])
