"""ADTR: sums of diameters, with the row of the best change and the rows of responders marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from codon12.derive.context import RESPONDERS, Context
from codon12.evidence.frames import rows_of
from codon12.records.findings import no_findings, row_findings
from codon12.response import RecistPolicy, best_percent_change

__all__ = ["marked", "with_best_change", "with_responders"]

_AT_A_TIME = 50_000


def with_best_change(
    sums: pl.DataFrame, progressed: pl.DataFrame | None, *, policy: RecistPolicy
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """ANL02FL: the row of the best change, which the waterfall shows; a finding where it lies after progression."""
    who = ["USUBJID", "EVAL"]
    ends = sums.select(*who, "ADT").clear()
    if progressed is not None:
        ends = progressed.select(pl.col(c).cast(sums.schema[c]) for c in (*who, "ADT"))
    best = best_percent_change(sums, policy=policy, progression=ends)
    late = best.join(ends.rename({"ADT": "_pd"}), on=who).filter(pl.col("ADT") > pl.col("_pd"))
    found = no_findings()
    if late.height:
        found = row_findings(
            late,
            table="TR",
            rule="best-change-after-progression",
            severity="note",
            variable="TRSTRESN",
            value=pl.col("PCHG").round(1),
            message="TR row {}: the best change of the sum lies after progression ([response] best_change).",
            parts=[pl.col("SRCROW")],
        ).with_columns(pl.col("USUBJID").cast(pl.String))
    flag = best.select(*who, "ADT", *(c for c in ("SRCROW",) if c in best.columns)).with_columns(ANL02FL=pl.lit("Y"))
    on = [c for c in flag.columns if c != "ANL02FL"]
    complete = pl.when((pl.col("ANL01FL") == "Y") & pl.col("ABLFL").is_null()).then("ANL02FL")
    joined = sums.drop("ANL02FL").join(flag, on=on, how="left", maintain_order="left", nulls_equal=True)
    return joined.with_columns(complete.alias("ANL02FL")), found


def with_responders(adtr: pl.LazyFrame, context: Context) -> Iterator[pl.DataFrame]:
    """Mark in ADTR the rows of subjects with a response, evaluator by evaluator; so many rows at a time."""
    adrs = rows_of(context.frames, "adrs").filter(pl.col("PARAMCD") == context.best_response[0]).collect()
    total = int(adtr.select(pl.len()).collect().item())
    for at in range(0, max(total, 1), _AT_A_TIME):
        yield marked(adtr.slice(at, _AT_A_TIME).collect(), adrs, context.responders)


def marked(adtr: pl.DataFrame, best: pl.DataFrame, responders: Sequence[str] = RESPONDERS) -> pl.DataFrame:
    """RESPONDERFL: the rows of ADTR whose subject and evaluator have one of `responders` in the best responses."""
    who = ["USUBJID", "EVAL"]
    hit = best.filter(pl.col("AVALC").is_in(list(responders))).select(who).unique()
    return adtr.join(hit.with_columns(RESPONDERFL=pl.lit("Y")), on=who, how="left", maintain_order="left")
