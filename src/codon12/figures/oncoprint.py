"""Oncoprint: genes by patients, what each alteration is, and what was not tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codon12.figures.lettering import apart, shown, shown_subject, text_width
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import PAPER, QUIET, WIDTH, remark, themed
from codon12.numbers import printed

__all__ = ["ALTERATIONS", "oncoprint", "patients_a_column"]

ALTERATIONS: Mapping[str, str] = {
    "missense": "#098c5e",
    "truncating": "#1d2329",
    "inframe": "#6b4a00",
    "splice": "#e0a93f",
    "fusion": "#7a4fb5",
    "amplification": "#cc051c",
    "deletion": "#0b4f8a",
    "promoter": "#a9c93f",
    "other": "#9aa5ae",
}
"""Class of an alteration -> colour. Copy number fills the cell, a mutation is a bar in its middle."""

_WHOLE = ("amplification", "deletion")
_MAX_COLUMNS = 800
_TESTED = "No alteration found"
_TRACK_COLOURS = ("#0b4f8a", "#8fb8dc", "#c4581c", "#e8b48f", "#5d6770", "#c9ced3", "#2f8268", "#9ccab9")


def patients_a_column(patients: int) -> int:
    """Of so many patients in order one a column is drawn: each of them up to 800.

    Examples
    --------
    >>> patients_a_column(800), patients_a_column(1661)
    (1, 3)
    """
    return max(1, -(-patients // _MAX_COLUMNS))


@template
def oncoprint(
    calls: pl.DataFrame,
    *,
    genes: Sequence[str] = (),
    patients: Sequence[str] = (),
    tested: pl.DataFrame | None = None,
    tracks: pl.DataFrame | None = None,
    track_levels: Mapping[str, Sequence[str]] | None = None,
    percents: Mapping[str, float] | None = None,
    top: int = 20,
    width: int = WIDTH["double"],
) -> dict[str, Any]:
    """Specification of an oncoprint.

    Parameters
    ----------
    calls
        One row an alteration: USUBJID, GENE, CLASS (one of `ALTERATIONS`; anything else is drawn as ``other``).
    genes
        Rows in order; by falling number of patients altered, the first `top`, when left out.
    patients
        All patients of the cohort, altered or not, so that percentages have the right denominator.
    tested
        Pairs USUBJID, GENE that an assay covered; other cells are left white: not tested is not wild type. All
        cells were tested when left out.
    tracks
        One row a patient and track: USUBJID, TRACK, VALUE (category), drawn above the genes.
    track_levels
        Track -> order of its values; alphabetical when left out.
    percents
        Gene -> percentage to print, none for a gene that is not in it; that of the patients tested when left out.

    Returns
    -------
    dict
        Vega-Lite specification; patients are ordered by the values of the first track where there is one, then so that
        those altered in the first gene come first, then in the second, and so on. Percentages are of the patients
        tested for the gene.

    Examples
    --------
    >>> calls = pl.DataFrame({"USUBJID": ["1", "2"], "GENE": ["KRAS", "TP53"], "CLASS": ["missense", "truncating"]})
    >>> oncoprint(calls, patients=["1", "2", "3"])["layer"][0]["mark"]["type"]
    'rect'
    """
    calls = calls.select(pl.col("USUBJID", "GENE", "CLASS").cast(pl.String)).drop_nulls(["USUBJID", "GENE"]).unique()
    calls = calls.with_columns(
        pl.when(pl.col("CLASS").is_in(list(ALTERATIONS))).then("CLASS").otherwise(pl.lit("other")).alias("CLASS")
    )
    order = list(genes) or (
        calls.group_by("GENE")
        .agg(pl.col("USUBJID").n_unique())
        .sort("USUBJID", "GENE", descending=[True, False])["GENE"]
        .head(top)
        .to_list()
    )
    cohort = pl.Series("USUBJID", list(patients) or calls["USUBJID"].to_list(), dtype=pl.String).unique()
    calls = calls.filter(pl.col("GENE").is_in(order) & pl.col("USUBJID").is_in(cohort.implode()))
    first = None if tracks is None else _ranks(tracks, track_levels or {})
    columns = _ordered(calls, cohort, order, first)
    rows = pl.DataFrame({"GENE": order, "row": range(len(order))}, schema={"GENE": pl.String, "row": pl.Int64})
    cells = columns.select("USUBJID", "column").join(rows, how="cross")
    if tested is not None:
        cells = cells.join(tested.select(pl.col("USUBJID", "GENE").cast(pl.String)).unique(), on=["USUBJID", "GENE"])
    cells = cells.sort("row", "column")
    altered = calls.join(columns, on="USUBJID").join(rows, on="GENE").sort("row", "column", "CLASS")
    share = (
        cells.group_by("GENE")
        .len("n")
        .join(altered.group_by("GENE").agg(k=pl.col("USUBJID").n_unique()), on="GENE", how="right")
    )
    counted = {g: 100 * k / n for g, n, k in share.select("GENE", "n", "k").iter_rows() if n}
    told = {
        g: "<1%" if 0 < p < 0.5 else f"{printed(p, 0)}%" for g, p in (counted if percents is None else percents).items()
    }
    none = "0%" if percents is None else ""
    labels = [{"row": i, "gene": g, "percent": told.get(g, none)} for i, g in enumerate(order)]
    every = patients_a_column(columns.height)
    columns, cells, altered = (
        f.filter(pl.col("column") % every == 0).with_columns(pl.col("column") // every)
        for f in (columns, cells, altered)
    )
    left = max([text_width(g, 11) for g in order] + [40]) + 46
    plot = max(160, int(width - left - (20 if is_narrow(width) else 130)))
    n = max(1, columns.height)
    gap = 0.12 if plot / n >= 4 else 0.0
    named = None if tracks is None else tracks.select(pl.col("USUBJID", "TRACK", "VALUE").cast(pl.String))
    strips = [] if named is None else list(dict.fromkeys(named["TRACK"]))
    top_edge = -0.3 - 0.75 * len(strips) if strips else 0.0
    y = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [top_edge, max(1, len(order))], "reverse": True, "nice": False, "zero": False},
    }
    untested = cells.height < columns.height * len(order)
    place = legend_place(width, columns=3)
    layers = _cells(cells, altered, n=n, gap=gap, y=y, untested=untested, place=place)
    layers += _labels(labels, y)
    for i, name in enumerate(strips):
        own = (
            named.filter(TRACK=name).join(columns, on="USUBJID").sort("column") if named is not None else cells.clear()
        )
        layers += _strip(
            own, name, (track_levels or {}).get(name, ()), at=top_edge + 0.75 * i, n=n, gap=gap, y=y, place=place
        )
    view: dict[str, Any] = {
        "layer": layers,
        "width": plot,
        "height": int(17 * (max(1, len(order)) - top_edge)),
        "resolve": {"scale": {"color": "independent"}},
    }
    if every > 1:
        view["title"] = remark(f"One patient in {every} is shown, in their order; percentages are of all")
    return themed(view, description=f"Oncoprint of {len(cohort)} patients and {len(order)} genes.")


def _ranks(tracks: pl.DataFrame, levels: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """USUBJID and the place of its value among those of the first track."""
    named = tracks.select(pl.col("USUBJID", "TRACK", "VALUE").cast(pl.String)).drop_nulls("VALUE")
    name = next(iter(named["TRACK"]), "")
    own = named.filter(TRACK=name).unique("USUBJID", keep="first", maintain_order=True)
    values = list(levels.get(name, ())) or sorted(own["VALUE"].unique().to_list())
    return own.select(
        "USUBJID",
        _RANK=pl.col("VALUE").replace_strict(values, list(range(len(values))), return_dtype=pl.Int64, default=None),
    )


def _ordered(calls: pl.DataFrame, cohort: pl.Series, order: Sequence[str], first: pl.DataFrame | None) -> pl.DataFrame:
    """Patients by the first track, the first gene, then the second ...; with position and identifier for display."""
    wide = pl.DataFrame({"USUBJID": cohort.cast(pl.String)})
    wide = wide.with_columns(_RANK=pl.lit(0)) if first is None else wide.join(first, on="USUBJID", how="left")
    for i, gene in enumerate(order):
        with_gene = calls.filter(GENE=gene).select("USUBJID").unique()
        wide = wide.with_columns(pl.col("USUBJID").is_in(with_gene["USUBJID"].implode()).alias(f"g{i}"))
    keys = [f"g{i}" for i in range(len(order))]
    falling = [False, *[True] * len(keys), False]
    wide = wide.sort(["_RANK", *keys, "USUBJID"], descending=falling, nulls_last=True)
    wide = wide.with_row_index("column")
    return wide.select(
        "USUBJID", pl.col("column").cast(pl.Int64), shown_subject(pl.col("USUBJID"), 24).alias("subject")
    )


def _x(n: int) -> dict[str, Any]:
    return {"type": "quantitative", "axis": None, "scale": {"domain": [0, n], "nice": False, "zero": False}}


def _cells(
    cells: pl.DataFrame,
    altered: pl.DataFrame,
    *,
    n: int,
    gap: float,
    y: dict[str, Any],
    untested: bool,
    place: dict[str, Any],
) -> list[dict[str, Any]]:
    """Grey cells of what was tested, and the alterations on them."""
    present = [c for c in ALTERATIONS if c in set(altered["CLASS"])]
    colour = {
        "field": "CLASS",
        "type": "nominal",
        "scale": {"domain": present, "range": [ALTERATIONS[c] for c in present]},
        "legend": {"title": "Alteration", **place, "symbolType": "square"},
    }

    def box(frame: pl.DataFrame, tall: pl.Expr, **encoding: Any) -> dict[str, Any]:
        edges = frame.with_columns(
            pl.col("column").cast(pl.Float64).alias("x0"),
            ((pl.col("end") if "end" in frame.columns else pl.col("column")) + 1 - gap).alias("x1"),
            (pl.col("row") + 0.5 - tall / 2).alias("y0"),
            (pl.col("row") + 0.5 + tall / 2).alias("y1"),
        ).select("x0", "x1", "y0", "y1", *(c for c in ("CLASS", "says", "state") if c in frame.columns))
        return _rect(edges, n, y, **encoding)

    whole = pl.col("CLASS").is_in(list(_WHOLE))
    told = altered.with_columns(pl.format("{}: {} {}", "subject", "GENE", "CLASS").alias("says"))
    told = told.sort(~whole, "row", "column", "CLASS")
    tall = pl.when(whole).then(0.82).otherwise(0.36)
    ground = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": [_TESTED, "Not tested"][: 1 + untested], "range": ["#e4e7ea", PAPER][: 1 + untested]},
        "legend": {"title": None, **place, "symbolType": "square", "symbolStrokeColor": QUIET,
                   "symbolStrokeWidth": 0.8},
    }  # fmt: skip
    tested = box(
        _in_runs(cells.with_columns(state=pl.lit(_TESTED)), "row", "state", gap=gap), pl.lit(0.82), color=ground
    )
    return [tested, box(told, tall, color=colour, description={"field": "says"})]


def _in_runs(cells: pl.DataFrame, *same: str, gap: float) -> pl.DataFrame:
    """Cells with the column they reach to (`end`): neighbours that show the same are one, where no gap parts them."""
    if gap:
        return cells.with_columns(end="column")
    ordered = cells.unique(["column", *same], maintain_order=True).sort(*same, "column", maintain_order=True)
    begins = (pl.col("column") != pl.col("column").shift(1).over(same) + 1).fill_null(value=True)
    runs = ordered.with_columns(begins.cum_sum().over(same).alias("run"))
    return runs.group_by(*same, "run", maintain_order=True).agg(
        pl.exclude("column").first(), pl.col("column").first(), pl.col("column").last().alias("end")
    )


def _rect(edges: pl.DataFrame, n: int, y: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    return {
        "data": {"values": edges.to_dicts()},
        "mark": {"type": "rect", "color": "#e4e7ea"},
        "encoding": {
            "x": {"field": "x0", **_x(n)},
            "x2": {"field": "x1"},
            "y": {"field": "y0", **y},
            "y2": {"field": "y1"},
            **encoding,
        },
    }


def _labels(labels: list[dict[str, Any]], y: dict[str, Any]) -> list[dict[str, Any]]:
    placed = [{**label, "row": label["row"] + 0.5} for label in labels]
    return [
        {
            "data": {"values": placed},
            "mark": {"type": "text", "align": "right", "baseline": "middle", **style},
            "encoding": {"x": {"value": at}, "y": {"field": "row", **y}, "text": {"field": field}},
        }
        for field, at, style in (("percent", -6, {"color": QUIET, "fontSize": 10}), ("gene", -36, {}))
    ]


def _strip(
    track: pl.DataFrame,
    name: str,
    order: Sequence[str],
    *,
    at: float,
    n: int,
    gap: float,
    y: dict[str, Any],
    place: dict[str, Any],
) -> list[dict[str, Any]]:
    """One clinical track above the genes, with a colour scale of its own."""
    levels = list(dict.fromkeys([*order, *sorted(track["VALUE"].drop_nulls().unique())]))
    names = apart(levels, 26)
    rest = max(0, len(levels) - len(_TRACK_COLOURS)) * ["#7d8891"]
    cells = _in_runs(track.select("column", "VALUE"), "VALUE", gap=gap).select(
        pl.col("column").cast(pl.Float64).alias("x0"),
        (pl.col("end") + 1 - gap).alias("x1"),
        pl.lit(at).alias("y0"),
        pl.lit(at + 0.6).alias("y1"),
        pl.col("VALUE").replace_strict(names, default=None, return_dtype=pl.String).alias("value"),
    )
    colour = {
        "field": "value",
        "type": "nominal",
        "scale": {"domain": list(names.values()), "range": [*_TRACK_COLOURS, *rest][: len(levels)]},
        "legend": {"title": shown(name), **place, "symbolType": "square"},
    }
    label = {
        "data": {"values": [{"text": shown(name), "at": at + 0.3}]},
        "mark": {"type": "text", "align": "right", "baseline": "middle", "fontSize": 10, "color": QUIET},
        "encoding": {"x": {"value": -6}, "y": {"field": "at", **y}, "text": {"field": "text"}},
    }
    return [_rect(cells, n, y, color=colour), label]
