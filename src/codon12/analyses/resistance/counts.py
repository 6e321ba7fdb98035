"""Counts with exact limits, two cells a row: n of N and the percentage."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.biomarkers.shares import interval_heading, limits
from codon12.analyses.kind import Analysis
from codon12.derive.context import Context
from codon12.evidence.frames import columns_of, rows_of
from codon12.evidence.schema import NumberBook, sql_text

__all__ = ["COUNT", "EXACT", "add_share", "reader_of", "readers_where"]

COUNT = "n/N (%)"
"""Heading of the column of counts."""
EXACT = "Exact (Clopper-Pearson) two-sided limits."


def add_share(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    *,
    label: str,
    n: int,
    total: int,
    conf_level: float,
    method: str,
    rate: bool = True,
    **fields: Any,
) -> None:
    """Add n of N, and with `rate` the percentage with exact limits."""
    low, high = limits(n, total, conf_level)
    shared: dict[str, Any] = {
        "label": label, "n": n, "N": total, "value": 100 * n / total if total else None, "unit": "%",
        "status": None if total else "no subjects", "population": analysis.population, **fields,
    }  # fmt: skip
    book.add(analysis.name, endpoint, statistic="n", kind="fraction", level=COUNT, method=method, **shared)
    if rate:
        book.add(
            analysis.name, endpoint, statistic="rate", kind="rate", level=interval_heading(conf_level), lower=low,
            upper=high, conf_level=conf_level, method=f"{EXACT} {method}", **shared,
        )  # fmt: skip


def reader_of(analysis: Any, context: Context, frame: str) -> str | None:
    """Evaluator of a frame that has them apart; None where it has none."""
    if frame not in context.frames or "EVAL" not in columns_of(context.frames, frame):
        return None
    wanted = context.evaluator(analysis.evaluator)
    present = rows_of(context.frames, frame).select(pl.col("EVAL").cast(pl.String).unique()).collect()["EVAL"].to_list()
    return wanted if wanted in present else next((e for e in ("CENTRAL", "INVESTIGATOR") if e in present), None)


def readers_where(reader: str | None) -> str:
    """Predicate of the rows of an evaluator."""
    return f"EVAL = {sql_text(reader)}" if reader else ""
