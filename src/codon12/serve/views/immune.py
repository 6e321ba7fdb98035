"""RECIST 1.1 beside iRECIST: the same time points, read twice."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.response import RecistPolicy, best_immune_response, immune_response
from codon12.response.assessments import reference_dates

__all__ = ["immune_table"]

_PARTS = ("OVRLRESP", "TRGRESP", "NTRGRESP", "NEWLRESP")


def immune_table(derived: Any) -> dict[str, Any] | None:
    """Best responses by iRECIST of the primary evaluator, and how many progressions it leaves unconfirmed.

    None where responses were not derived from measured time points.
    """
    context = derived.context
    if "adrs" not in context.frames or "response" not in derived.policies or not context.evaluators:
        return None
    adrs = context.frames["adrs"].filter(EVAL=context.evaluators[0])
    keys = [c for c in ("USUBJID", "EVAL", "ADT", "VISITNUM", "VISIT") if c in adrs.columns]
    rows = adrs.filter(pl.col("PARAMCD").is_in(_PARTS) & pl.col("ADT").is_not_null())
    if set(_PARTS) - set(rows["PARAMCD"].unique()):
        return None
    points = rows.pivot(on="PARAMCD", index=keys, values="AVALC", aggregate_function="first").filter(
        pl.col("TRGRESP").is_not_null()
    )
    if points.is_empty():
        return None
    if "adtr" in context.frames:
        sums = context.frames["adtr"].filter(PARAMCD="SDIAM")
        on = [c for c in ("USUBJID", "EVAL", "ADT") if c in sums.columns]
        points = points.join(sums.select(*on, "AVAL").unique(on, keep="first", maintain_order=True), on=on, how="left")
    policy = derived.policies["response"]
    assert isinstance(policy, RecistPolicy)
    immune = immune_response(points, policy=policy)
    best = best_immune_response(immune, reference_dates(context.adsl, policy=policy), policy=policy)
    counts = best.group_by("AVALC").len().sort("len", "AVALC", descending=[True, False])
    first = rows.filter((pl.col("PARAMCD") == "OVRLRESP") & (pl.col("AVALC") == "PD"))["USUBJID"].n_unique()
    confirmed = immune.filter(pl.col("AVALC") == "iCPD")["USUBJID"].n_unique()
    return {"best": list(counts.iter_rows()), "progressed": first, "confirmed": confirmed}
