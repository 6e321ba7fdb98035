"""Slopes of allele fractions from the earlier to the later sample, and lines of serial samples."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.lettering import apart_column, half_up, shown_column
from codon12.figures.paired_oncoprint import PAIR_STATES
from codon12.figures.template import template
from codon12.figures.theme import INK, QUIET, WIDTH, group_colours, remark, themed

__all__ = ["serial_fractions", "vaf_slope"]


@template
def vaf_slope(alterations: pl.DataFrame, *, most: int = 12, width: int = WIDTH["double"]) -> dict[str, Any]:
    """Specification of a slope a pair's alteration: allele fraction before and after, 0 where it was not found.

    Parameters
    ----------
    alterations
        One row a pair and alteration: PAIR, ALTERATION, STATE, VAF_EARLIER, VAF_LATER. Rows without a fraction where
        the alteration was seen are left out; not tested is not drawn as 0.
    most
        Pairs drawn, a panel each.

    Examples
    --------
    >>> rows = pl.DataFrame({"PAIR": ["1"], "ALTERATION": ["NRAS p.Q61K"], "STATE": ["acquired"], "VAF_EARLIER": [None],
    ...     "VAF_LATER": [0.2]}, schema_overrides={"VAF_EARLIER": pl.Float64})
    >>> [v["vaf"] for v in vaf_slope(rows)["data"]["values"]]
    [0.0, 20.0]
    """
    state = pl.col("STATE")
    usable = (
        ((state == "retained") & pl.col("VAF_EARLIER").is_not_null() & pl.col("VAF_LATER").is_not_null())
        | (state.is_in(["acquired", "present later only"]) & pl.col("VAF_LATER").is_not_null())
        | (state.is_in(["lost", "present before, not found later"]) & pl.col("VAF_EARLIER").is_not_null())
    )
    rows = alterations.filter(usable).with_columns(pl.col("PAIR").cast(pl.String))
    found = rows["PAIR"].unique().sort()
    pairs = found.head(most).to_list()
    rows = rows.filter(pl.col("PAIR").is_in(pairs))
    rows = rows.with_columns(PAIR=apart_column(rows["PAIR"], 24))
    sides = [("Before", "VAF_EARLIER"), ("After", "VAF_LATER")]
    points = pl.concat(
        rows.select(
            panel="PAIR",
            line=pl.format("{} {}", "PAIR", "ALTERATION"), state="STATE",
            label=shown_column(pl.col("ALTERATION"), 24), side=pl.lit(side), vaf=100 * pl.col(column).fill_null(0.0),
            says=pl.format(
                "{}, {}: {}%", "ALTERATION", pl.lit(side.lower()), half_up(100 * pl.col(column).fill_null(0.0), 2)
            ),
        )
        for side, column in sides
    )  # fmt: skip
    points = points.sort("panel", "line", "side", descending=[False, False, True])
    present = [s for s in PAIR_STATES if s in set(points["state"])]
    x = {"field": "side", "type": "ordinal", "sort": ["Before", "After"], "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "vaf", "type": "quantitative", "title": "Allele fraction (%)"}
    colour = {
        "field": "state", "type": "nominal", "scale": {"domain": present, "range": [PAIR_STATES[s] for s in present]},
        "legend": {"title": None, "orient": "bottom", "columns": 2, "labelLimit": 320, "symbolType": "stroke"},
    }  # fmt: skip
    unit = {
        "width": 110,
        "height": 150,
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 1.3},
                "encoding": {"x": x, "y": y, "color": colour, "detail": {"field": "line"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 26, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": colour, "description": {"field": "says"}},
            },
        ],
    }
    spec = {
        "data": {"values": points.to_dicts()},
        "facet": {"field": "panel", "type": "nominal", "title": None},
        "columns": max(1, int(width // 160)),
        "spec": unit,
        **_more(len(found) - len(pairs), "pair"),
    }
    return themed(spec, description=f"Allele fractions before and after in {len(pairs)} pairs.")


@template
def serial_fractions(samples: pl.DataFrame, *, most: int = 9, width: int = WIDTH["double"]) -> dict[str, Any]:
    """Specification of serial samples: a panel a subject, a line an alteration, allele fraction over the samples.

    Parameters
    ----------
    samples
        One row a subject, sample and alteration: USUBJID, AT (order of the sample, from 1), SAMPLE, ALTERATION, VAF (0
        where the sample was read and showed none).

    Examples
    --------
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 2, "AT": [1, 2], "SAMPLE": ["a", "b"],
    ...     "ALTERATION": ["KRAS p.G12C"] * 2, "VAF": [0.1, 0.0]})
    >>> serial_fractions(rows)["spec"]["layer"][0]["mark"]["type"]
    'line'
    """
    found = samples["USUBJID"].cast(pl.String).unique().sort()
    subjects = found.head(most).to_list()
    drawn = samples.filter(pl.col("USUBJID").cast(pl.String).is_in(subjects))
    drawn = drawn.with_columns(PANEL=apart_column(drawn["USUBJID"], 24), LABEL=apart_column(drawn["ALTERATION"], 24))
    rows = drawn.select(
        panel="PANEL", at="AT", label="LABEL",
        sample=shown_column(pl.col("SAMPLE"), 24), vaf=100 * pl.col("VAF"),
        says=pl.format("{}, sample {}: {}%", "ALTERATION", "SAMPLE", half_up(100 * pl.col("VAF"), 3)),
    ).sort("panel", "label", "at")  # fmt: skip
    names = rows["label"].unique().sort().to_list()
    colours, dashes = group_colours(names)
    x = {
        "field": "at", "type": "quantitative", "title": "Sample",
        "axis": {"tickMinStep": 1, "format": "d"}, "scale": {"nice": False, "zero": False, "padding": 8},
    }  # fmt: skip
    y = {"field": "vaf", "type": "quantitative", "title": "Allele fraction (%)"}
    colour = {
        "field": "label", "type": "nominal", "scale": {"domain": names, "range": colours},
        "legend": {"title": None, "orient": "right", "symbolType": "stroke"} if len(names) <= 24 else None,
    }  # fmt: skip
    dash = {**colour, "scale": {"domain": names, "range": dashes}}
    unit = {
        "width": 180,
        "height": 130,
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 1.4},
                "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 26, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": colour, "description": {"field": "says"}},
            },
        ],
    }
    spec = {
        "data": {"values": rows.to_dicts()},
        "facet": {
            "field": "panel",
            "type": "nominal",
            "title": None,
            "header": {"labelColor": INK, "titleColor": QUIET},
        },
        "columns": max(1, int(width // 280)),
        "spec": unit,
        **_more(len(found) - len(subjects), "subject"),
    }
    return themed(spec, description=f"Allele fractions of serial samples of {len(subjects)} subjects.")


def _more(number: int, what: str) -> dict[str, Any]:
    """Line below the panels on those that have none."""
    words = f"{number} {what} more is not shown" if number == 1 else f"{number} {what}s more are not shown"
    return {"title": remark(words)} if number else {}
