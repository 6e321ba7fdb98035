"""Times of an endpoint: who has one, when they came under observation, and the rows of ADTTE behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from codon12.derive.context import Context
from codon12.errors import ConfigError, DataError
from codon12.evidence.frames import kinds_of, rows_of
from codon12.evidence.schema import sql_text

__all__ = ["endpoint_times", "endpoint_where", "entry_column", "entry_times", "since_words", "times_beside"]


def endpoint_times(
    context: Context, parameter: str, evaluator: str | None, predicate: str, *, arms: bool = True
) -> pl.DataFrame:
    """Subjects of a population with their time (months) and event flag: USUBJID, ARM, MONTHS, EVENT, why.

    Where subjects entered late (left truncation), ENTRY is when each came under observation; a subject without
    entry, or whose time ended before it, was never seen at risk and is left out.
    """
    times = context.once(("times", parameter, evaluator), lambda: _times(context, parameter, evaluator))
    return context.members(predicate, arms=arms).join(times, on="USUBJID", how="inner")


def _times(context: Context, parameter: str, evaluator: str | None) -> pl.DataFrame:
    rows = (
        rows_of(context.frames, "adtte")
        .filter(PARAMCD=parameter)
        .select(
            "USUBJID",
            "EVAL",
            "AVAL",
            "MONTHS",
            EVENT=pl.col("CNSR") == 0,
            WHY=pl.coalesce("EVNTDESC", "CNSDTDSC"),
            ENTRY=pl.col("ENTRYMO"),
        )
        .collect(engine="in-memory")
        .rechunk()
    )
    if evaluator and _filled(rows["EVAL"]):
        rows = rows.filter(EVAL=evaluator)
    times = rows.drop("EVAL").filter(pl.col("MONTHS").is_not_null() & pl.col("EVENT").is_not_null())
    negative = times.filter(pl.col("MONTHS") < 0)
    if negative.height:
        who = ", ".join(negative["USUBJID"].sort().head(5))
        raise DataError(
            f"ADTTE, {parameter}: the time of {negative.height} subject(s) is negative ({who}); correct the start, the "
            "date or AVAL, or leave these rows out."
        )
    return times.filter(pl.col("ENTRY") < pl.col("MONTHS")) if _filled(times["ENTRY"]) else times


def _filled(column: pl.Series) -> bool:
    """Whether any row has a value."""
    return column.null_count() < len(column)


def times_beside(
    context: Context, parameter: str, evaluator: str | None, predicate: str, columns: Sequence[pl.Expr], *, where: str
) -> pl.DataFrame:
    """Times of an endpoint beside columns of ADSL: USUBJID, MONTHS, EVENT, ENTRY, then the columns.

    Raises ``ConfigError`` where a column has the name of one of these; `where` names the place in ``codon12.toml``.
    """
    names = ("USUBJID", "MONTHS", "EVENT", "ENTRY")
    taken = sorted({c.meta.output_name() for c in columns} & set(names))
    if taken:
        raise ConfigError(f"codon12.toml, {where}: a variable cannot be called {', '.join(taken)}; rename it.")
    times = endpoint_times(context, parameter, evaluator, predicate, arms=False).select(names)
    return times.join(context.values("USUBJID", *columns), on="USUBJID", how="left", maintain_order="left")


def entry_times(part: pl.DataFrame) -> np.ndarray | None:
    """Entries in months for an estimator; None where everybody was under observation from time zero."""
    return part["ENTRY"].to_numpy() if _filled(part["ENTRY"]) else None


def entry_column(part: pl.DataFrame) -> str | None:
    """Name of the column of entries, for an estimator that reads the frame; None as for `entry_times`."""
    return "ENTRY" if _filled(part["ENTRY"]) else None


def endpoint_where(parameter: str, evaluator: str | None, frames: Mapping[str, pl.DataFrame]) -> str:
    """Predicate over ADTTE that picks the rows of an endpoint."""
    late = pl.col("ENTRYMO").is_not_null()
    own = kinds_of(frames, "adtte", "PARAMCD", "EVAL", LATE=late).filter(PARAMCD=parameter)
    tests = [f"PARAMCD = {sql_text(parameter)}"]
    if evaluator and _filled(own["EVAL"]):
        tests.append(f"EVAL = {sql_text(evaluator)}")
    if own["LATE"].any():
        tests.append("ENTRYMO < MONTHS")
    return " AND ".join(tests)


def since_words(context: Context, parameter: str) -> str:
    """Title of an axis of months that says what they count from, where the data or the configuration say it."""
    since = context.endpoint(parameter).since
    if since == "start":
        since = _start(context, parameter)
    return f"Months since {since}" if since else "Months"


def _start(context: Context, parameter: str) -> str:
    rows = context.frames["adtte"].filter(PARAMCD=parameter).select("USUBJID", "STARTDT").drop_nulls("STARTDT")
    for column, words in (("RANDDT", "randomisation"), ("TRTSDT", "start of treatment")):
        if rows.height and column in context.adsl.columns:
            both = rows.join(context.adsl.select("USUBJID", column), on="USUBJID", how="left")
            if both.select((pl.col("STARTDT") == pl.col(column)).fill_null(value=False).all()).item():
                return words
    named = {"randomisation": "randomisation", "treatment": "start of treatment"}
    return "start" if rows.height else named.get(context.config.start, "start")
