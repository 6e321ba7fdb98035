"""Rows of the evidence table: the same columns whatever was estimated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from codon12.survival.results.text import term_name
from codon12.survival.results.words import NOT_ESTIMABLE

if TYPE_CHECKING:
    from codon12.survival.results.estimate import Estimate

__all__ = ["Row", "estimate_row", "rate_rows", "ratio_rows", "row_of"]

Row = dict[str, Any]


def row_of(statistic: str, kind: str, **fields: Any) -> Row:
    """All columns in one order; a limit without a number says why where the value does."""
    empty = dict.fromkeys(("n", "N", "value", "lower", "upper", "status", "lower_status", "upper_status"))
    names = {"statistic": statistic, "label": None, "kind": kind, "group": "all", "level": "all"}
    row: Row = names | empty | {"conf_level": None, "unit": None, "method": None} | fields
    for side in ("value", "lower", "upper"):
        row[side] = _known(row[side])
    if row["status"]:
        row["lower_status"] = row["lower_status"] or row["status"]
        row["upper_status"] = row["upper_status"] or row["status"]
    return row


def _known(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def estimate_row(estimate: Estimate, statistic: str, kind: str, *, scale: float = 1.0, **fields: Any) -> Row:
    """One estimate with its limits; `scale` 100 makes a percentage."""
    found = estimate.evidence()
    for side in ("value", "lower", "upper"):
        found[side] = None if found[side] is None else scale * found[side]
    return row_of(statistic, kind, **{"level": estimate.group, **found, **fields})


def rate_rows(estimates: Iterable[Estimate], **fields: Any) -> Iterator[Row]:
    """Probabilities at times, in percent."""
    for e in estimates:
        label = f"At {e.at:g}, %"
        yield estimate_row(e, f"rate_{e.at:g}", "rate", scale=100.0, **{"label": label, "unit": "%", **fields})


def ratio_rows(frame: Any, name: str, statistic: str, **shared: Any) -> list[Row]:
    """Ratios of a table of coefficients, in the column `name`; an empty one is not estimable."""
    rows = []
    for r in frame.iter_rows(named=True):
        why = NOT_ESTIMABLE if r[name] is None else None
        place = {
            "group": r["term"],
            "level": "all" if r["level"] is None else r["level"],
            "label": term_name(r),
            "status": why,
        }
        rows.append(row_of(statistic, "ratio", value=r[name], lower=r["lower"], upper=r["upper"], **place, **shared))
    return rows
