"""What each date would have answered: a figure and the frame behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from codon12.match.answer import match_profile
from codon12.match.drugs import regimen_name
from codon12.match.knowledge import Knowledge
from codon12.match.profiles import Profiles

__all__ = ["TIMELINE_DATES", "changes_since", "timeline_frame", "timeline_spec"]

TIMELINE_DATES = (date(2020, 6, 1), date(2021, 6, 1), date(2022, 6, 1), date(2024, 7, 1))
_COLOURS = {
    "contraindicated": "#a3262e", "supported": "#1f6f43", "undetermined": "#c98a1b", "not supported": "#b8c0cb",
    "no statement": "#eef1f5",
}  # fmt: skip


def timeline_frame(
    profile: Profiles, knowledge: Knowledge, *, as_of: date, jurisdictions: Sequence[str] = (), subject: str = ""
) -> pl.DataFrame:
    """Verdicts of one profile, held as it is, at each date: DATE, REGIMEN, JURISDICTION, VERDICT."""
    rows = []
    for day in sorted({*TIMELINE_DATES, as_of}):
        found = match_profile(profile, subject=subject, as_of=day, knowledge=knowledge, jurisdictions=jurisdictions)
        rows += [(day.isoformat(), regimen_name(v.regimen), v.jurisdiction, v.verdict) for v in found.verdicts]
    schema = dict.fromkeys(("DATE", "REGIMEN", "JURISDICTION", "VERDICT"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def timeline_spec(frame: pl.DataFrame) -> dict[str, Any]:
    """A Vega-Lite figure of a timeline: regimens that a text ever speaks of, one panel a jurisdiction."""
    spoken = frame.filter(pl.col("VERDICT") != "no statement").select("REGIMEN", "JURISDICTION").unique()
    rows = frame.join(spoken, on=["REGIMEN", "JURISDICTION"], how="semi")
    rows = rows.with_columns(
        LABEL=pl.when(pl.col("REGIMEN").str.len_chars() > 40)
        .then(pl.col("REGIMEN").str.head(39) + "…")
        .otherwise("REGIMEN")
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "data": {"values": rows.to_dicts()},
        "facet": {"row": {"field": "JURISDICTION", "type": "nominal", "title": None}},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 420,
            "height": {"step": 18},
            "mark": {"type": "rect", "stroke": "white"},
            "encoding": {
                "x": {"field": "DATE", "type": "ordinal", "title": "Date asked about", "axis": {"labelAngle": 0}},
                "y": {"field": "LABEL", "type": "nominal", "title": None, "axis": {"labelLimit": 260}},
                "color": {
                    "field": "VERDICT", "type": "nominal", "title": None,
                    "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
                    "legend": {"orient": "bottom"},
                },
            },
        },
    }  # fmt: skip


def changes_since(
    profile: Profiles, knowledge: Knowledge, *, since: date, as_of: date, jurisdictions: Sequence[str] = ()
) -> list[tuple[str, str, str, str]]:
    """Regimen, jurisdiction, verdict then and verdict now, where they differ."""
    then = match_profile(profile, subject="", as_of=since, knowledge=knowledge, jurisdictions=jurisdictions)
    now = match_profile(profile, subject="", as_of=as_of, knowledge=knowledge, jurisdictions=jurisdictions)
    pairs = zip(then.verdicts, now.verdicts, strict=True)
    return [(a.name, a.jurisdiction, a.verdict, b.verdict) for a, b in pairs if a.verdict != b.verdict]
