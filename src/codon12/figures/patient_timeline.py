"""One patient in time: treatment, assessments, adverse events as lanes, and the sums of lesions above them."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.lettering import apart_column, shown, shown_column, text_width
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, WIDTH, remark, response_scale, themed

__all__ = ["patient_timeline"]

_LANE = 24
_MOST_EVENTS = 25
_SHADES = ("#d7dde2", "#c9d9e8", "#e9c9a8", "#d98a4e", "#b5471b", "#7a1f0b")
"""Adverse events without a grade, then grades 1 to 5."""


@template
def patient_timeline(
    rows: pl.DataFrame, *, month: float, subject: str = "", width: int = WIDTH["double"]
) -> dict[str, Any]:
    """Specification of one patient's timeline.

    Parameters
    ----------
    rows
        LANE, KIND (``span``, ``point``, ``sum``), DAY and UNTIL (days since time zero), VALUE (mm of a sum, grade of an
        adverse event), TEXT. Adverse events are a lane each; of more than 25 those of the highest grades are drawn.
    month
        Days of a month.
    subject
        Named in the description.

    Examples
    --------
    >>> rows = pl.DataFrame({"LANE": ["Treatment"], "KIND": ["span"], "DAY": [0], "UNTIL": [90], "VALUE": [None],
    ...     "TEXT": ["drug"]}, schema_overrides={"VALUE": pl.Float64})
    >>> len(patient_timeline(rows, month=30)["vconcat"])
    1
    """
    seen = rows.filter(pl.col("DAY").is_not_null()).with_columns(
        MONTH=pl.col("DAY") / month,
        END=pl.max_horizontal("DAY", pl.coalesce("UNTIL", "DAY") + 1) / month,
        SAYS=shown_column(pl.col("TEXT"), 60),
    )
    low = min(0.0, float(seen["MONTH"].min() or 0.0))  # type: ignore[arg-type]
    high = max(largest(seen["END"], 1.0), 1.0)
    scale = {"domain": [low - 0.02 * (high - low), high * 1.04], "nice": False}
    lanes = _lanes(seen)
    margin = max([text_width(name) for name in lanes] + [60.0]) + 16
    inner = int(max(220, width - margin - 100))
    x = {"type": "quantitative", "scale": scale, "axis": {"title": "Months since time zero", "tickMinStep": 1}}
    views = [v for v in (_sums(seen, x, inner), _drawn(seen, lanes, x, inner)) if v is not None]
    return themed(
        {"vconcat": views, "spacing": 14, "resolve": {"scale": {"color": "independent", "fill": "independent"}}},
        description=f"Timeline of {shown(subject) or 'a patient'}.",
    )


def _lanes(seen: pl.DataFrame) -> list[str]:
    """Lanes from top to bottom: treatment, course, responses, then adverse events by their first day."""
    plain = [n for n in dict.fromkeys(seen.filter(pl.col("KIND") != "sum")["LANE"]) if n != "Adverse events"]
    return [*plain, *_events(seen)["NAME"].unique(maintain_order=True).to_list()]


def _terms(seen: pl.DataFrame) -> pl.DataFrame:
    events = seen.filter(LANE="Adverse events").with_columns(GRADE=pl.col("VALUE").fill_null(0))
    terms = events["TEXT"].str.replace(r", grade \d$", "")
    return events.with_columns(NAME=apart_column(terms, 32))


def _events(seen: pl.DataFrame) -> pl.DataFrame:
    events = _terms(seen)
    worst = events.group_by("NAME", maintain_order=True).agg(pl.col("GRADE").max(), pl.col("DAY").min())
    kept = worst.sort("GRADE", "DAY", "NAME", descending=[True, False, False]).head(_MOST_EVENTS).select("NAME")
    return events.join(kept, on="NAME", how="semi").sort("DAY", "NAME")


def _drawn(seen: pl.DataFrame, lanes: list[str], x: dict[str, Any], width: int) -> dict[str, Any] | None:
    if not lanes:
        return None
    events = _events(seen).select("MONTH", "END", "GRADE", "SAYS", LANE="NAME")
    spans = seen.filter((pl.col("KIND") == "span") & (pl.col("LANE") != "Adverse events")).select(
        "MONTH", "END", "SAYS", "LANE"
    )
    points = seen.filter(KIND="point").select("MONTH", "SAYS", "LANE")
    answers = points.filter(pl.col("LANE").str.starts_with("Response"))
    course = points.filter(~pl.col("LANE").str.starts_with("Response"))
    y = {
        "field": "LANE",
        "type": "nominal",
        "scale": {"domain": lanes},
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 260, "grid": True, "gridDash": [1, 3]},
    }
    span = {"x": {**x, "field": "MONTH"}, "x2": {"field": "END"}, "y": y, "description": {"field": "SAYS"}}
    at = {"x": {**x, "field": "MONTH"}, "y": y, "description": {"field": "SAYS"}}
    middle = sum(x["scale"]["domain"]) / 2  # a text stands on the side where there is room
    dot = {"type": "point", "filled": True, "size": 52, "opacity": 1}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": spans.to_dicts()},
            "mark": {"type": "bar", "height": 11, "color": "#7f97ab"},
            "encoding": span,
        },
        {
            "data": {"values": events.to_dicts()},
            "mark": {"type": "bar", "height": 9, "cornerRadius": 2, "stroke": QUIET, "strokeWidth": 0.4},
            "encoding": {
                **span,
                "fill": {
                    "field": "GRADE",
                    "type": "ordinal",
                    "scale": {"domain": [0, 1, 2, 3, 4, 5], "range": list(_SHADES)},
                    "legend": {"title": "Grade", "values": [1, 2, 3, 4, 5]} if events.height else None,
                },
            },
        },
        {
            "data": {"values": answers.to_dicts()},
            "mark": {**dot, "stroke": INK, "strokeWidth": 0.5},
            "encoding": {
                **at,
                "fill": {
                    "field": "SAYS",
                    "type": "nominal",
                    "scale": response_scale(answers["SAYS"].unique().sort().to_list()),
                    "legend": {"title": "Response"} if answers.height else None,
                },
            },
        },
        {"data": {"values": course.to_dicts()}, "mark": {**dot, "color": INK, "shape": "diamond"}, "encoding": at},
        *(
            {
                "data": {"values": own.to_dicts()},
                "mark": {"type": "text", "align": side, "dx": gap, "fontSize": 9, "color": QUIET},
                "encoding": {**at, "text": {"field": "SAYS"}},
            }
            for side, gap, own in (
                ("left", 7, course.filter(pl.col("MONTH") < middle)),
                ("right", -7, course.filter(pl.col("MONTH") >= middle)),
            )
        ),
    ]
    kept = [layer for layer in layers if layer["data"]["values"]]
    if not kept:
        return None
    view: dict[str, Any] = {"layer": kept, "width": width, "height": _LANE * len(lanes)}
    view["resolve"] = {"scale": {"fill": "independent"}}
    if (more := _terms(seen)["NAME"].n_unique() - _MOST_EVENTS) > 0:
        view["title"] = remark(f"Adverse events not shown, of no higher grade: {more}")
    return view


def _sums(seen: pl.DataFrame, x: dict[str, Any], width: int) -> dict[str, Any] | None:
    sums = seen.filter(KIND="sum").sort("LANE", "MONTH").select("LANE", "MONTH", "VALUE", "SAYS")
    if sums.is_empty():
        return None
    names = sums["LANE"].unique().sort().to_list()
    return {
        "data": {"values": sums.to_dicts()},
        "width": width,
        "height": 130,
        "mark": {"type": "line", "strokeWidth": 1.6, "point": {"filled": True, "size": 34}},
        "encoding": {
            "x": {**x, "field": "MONTH", "axis": {**x["axis"], "title": None, "labels": False}},
            "y": {
                "field": "VALUE",
                "type": "quantitative",
                "title": "Sum of target lesions (mm)",
                "scale": {"domainMin": 0},
            },
            "color": {
                "field": "LANE",
                "type": "nominal",
                "scale": {"domain": names, "range": list(GROUP_COLOURS[: len(names)])},
                "legend": {"title": "Evaluator"},
            },
            "description": {"field": "SAYS"},
        },
    }
