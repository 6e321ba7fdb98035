"""RECIST 1.1 beside iRECIST: the same time points, read twice."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.derive.immune import immune_readings

__all__ = ["immune_table"]


def immune_table(derived: Any) -> dict[str, Any] | None:
    """Best responses by iRECIST of the primary evaluator, and how many progressions it leaves unconfirmed.

    None where responses were not derived from measured time points.
    """
    context = derived.context
    found = immune_readings(context) if "response" in derived.policies and context.evaluators else None
    if found is None:
        return None
    immune, best = (f.filter(EVAL=context.evaluators[0]) for f in found)
    if immune.is_empty():
        return None
    counts = best.group_by("AVALC").len().sort("len", "AVALC", descending=[True, False])
    points = context.frames["adrs"].filter(PARAMCD="OVRLRESP", EVAL=context.evaluators[0])
    first = points.filter(pl.col("AVALC") == "PD")["USUBJID"].n_unique()
    confirmed = immune.filter(pl.col("AVALC") == "iCPD")["USUBJID"].n_unique()
    return {"best": list(counts.iter_rows()), "progressed": first, "confirmed": confirmed}
