"""Cumulative incidence of competing events, drawn like survival curves that rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.kaplan_meier import kaplan_meier
from codon12.figures.template import template
from codon12.figures.theme import WIDTH

__all__ = ["cumulative_incidence"]

_TOPS = (10.0, 20.0, 50.0, 100.0)


@template
def cumulative_incidence(
    curve: pl.DataFrame,
    *,
    group: str = "group",
    groups: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    bands: bool | None = None,
    rows: Sequence[str] = ("n_risk",),
    common_risk: bool = False,
    texts: Sequence[str] = (),
    notes: Mapping[str, str] | None = None,
    end: float | None = None,
    top: float | None = None,
    width: int = WIDTH["double"],
    height: int | None = None,
    x_title: str = "Months",
    y_title: str = "Cumulative incidence (%)",
) -> dict[str, Any]:
    """Specification of cumulative incidences (Aalen-Johansen): several groups, or several causes in one group.

    Parameters
    ----------
    curve
        One row a distinct time of a curve: time (months), incidence, lower, upper (0..1, may be empty), n_risk
        (free of any event just before time), n_event (of the cause), n_censor, and the `group` column.
    top
        Percentage at the top of the axis; when left out, the least of 10, 20, 50 and 100 that holds all curves.
    group, groups, labels, bands, rows, common_risk, texts, notes, end
        As in ``kaplan_meier``.

    Examples
    --------
    >>> curve = pl.DataFrame({"group": ["relapse"] * 2, "time": [2.0, 5.0], "incidence": [0.25, 0.4],
    ...     "lower": [0.1, 0.2], "upper": [0.5, 0.6], "n_risk": [4, 2], "n_event": [1, 1], "n_censor": [0, 1]})
    >>> spec = cumulative_incidence(curve, rows=("n_risk", "n_event"))
    >>> spec["description"], spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    ('Cumulative incidence: relapse.', [0, 100.0])
    """
    highest = 100 * max(largest(curve["incidence"]), largest(curve["upper"]) if "upper" in curve.columns else 0.0)
    drawn = curve.with_columns(survival=1 - pl.col("incidence"), lower=1 - pl.col("upper"), upper=1 - pl.col("lower"))
    spec = kaplan_meier(
        drawn,
        group=group,
        groups=groups,
        labels=labels,
        shape="incidence",
        bands=bands,
        censor_ticks=False,
        rows=rows,
        common_risk=common_risk,
        texts=texts,
        notes=notes,
        end=end,
        top=top or next(t for t in _TOPS if highest <= t or t == 100),
        width=width,
        height=height,
        x_title=x_title,
        y_title=y_title,
    )
    return spec | {"description": spec["description"].replace("Kaplan-Meier curves", "Cumulative incidence")}
