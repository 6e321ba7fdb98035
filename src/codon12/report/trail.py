"""What stands behind each number on the page: its subjects and the source rows, as compact data for the script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codon12.evidence.frames import rows_of
from codon12.evidence.provenance import biomarker_rows, row_positions
from codon12.evidence.schema import slug
from codon12.figures.lettering import half_up, shown

__all__ = ["MAX_SUBJECTS", "page_data"]

MAX_SUBJECTS = 1000
"""Larger studies are traced with ``codon12 trace``; their page carries no lists."""
_MAX_ROWS = 2_000_000


def page_data(
    numbers: pl.DataFrame,
    frames: Mapping[str, pl.DataFrame],
    texts: Mapping[str, str],
    *,
    figures: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Data block of the page.

    Parameters
    ----------
    numbers
        ``evidence.numbers``.
    frames
        Derived frames and ``sources`` (TABLE, FILE).
    texts
        Number id -> text as the tables print it; only these numbers are kept.
    figures
        Figure -> its analysis, for what a click on a curve opens.

    Returns
    -------
    dict
        ``numbers``: id -> [label, text, method, population, n, N, frame, predicate, subjects, rows], the last two
        as positions in ``subjects`` and in the frame's rows; ``rows``: frame -> [subject, file, row] columns, of
        times to event also [months, event, what ended the time]; ``shown``: place of a subject -> its name in
        figures, where that is another; ``curves``: figure -> name of a curve -> id of its median.
    """
    kept = numbers.filter(pl.col("id").is_in(list(texts)))
    known = rows_of(frames, "adsl") if "adsl" in frames else pl.LazyFrame(schema={"USUBJID": pl.String})
    adsl = known.select(pl.col("USUBJID").cast(pl.String)).collect()
    listed = 0 < adsl.height <= MAX_SUBJECTS
    subjects = adsl["USUBJID"].unique().sort().to_list() if listed else []
    place = {s: i for i, s in enumerate(subjects)}
    rows = row_positions(frames, kept) if listed else [None] * kept.height
    if sum(len(r or ()) for r in rows) > _MAX_ROWS:
        rows = [None] * kept.height
    out: dict[str, Any] = {}
    for r, behind in zip(kept.to_dicts(), rows, strict=True):
        who = [place[s] for s in (r.get("subjects") or ()) if s in place]
        label = ", ".join(filter(None, (r["section"], r["label"], None if r["level"] == "all" else r["level"])))
        parts = (r["population"], r["evaluator"], None if r["arm"] == "all" else r["arm"])
        out[r["id"]] = [
            label, texts[r["id"]], r["method"], ", ".join(filter(None, parts)), r["n"], r["N"], r["frame"],
            " ".join(filter(None, (r["where"], r.get("having")))), who, behind,
        ]  # fmt: skip
    if listed:
        _to_records(out, kept, frames, subjects)
    return {
        "subjects": subjects,
        "shown": {i: name for i, s in enumerate(subjects) if (name := shown(s)) != s},
        "curves": _curves(kept, figures or {}),
        "numbers": out,
        "rows": _behind(out, frames, place) if listed else {},
    }


def _curves(numbers: pl.DataFrame, figures: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Of each figure the medians of its analysis by the name a curve has; a name of two medians leads nowhere."""
    medians = numbers.filter((pl.col("statistic") == "median") & (pl.col("kind") == "time"))
    out: dict[str, dict[str, str]] = {}
    for figure, analysis in figures.items():
        own = medians.filter(analysis=analysis).to_dicts()
        parted = [r for r in own if figure == f"{analysis}-{slug(r['group'])}-{r['endpoint']}"]
        named: dict[str, set[str]] = {}
        for r in parted or own:
            names = [r["level"], r["row"]] if r["level"] != "all" else [r["arm"]]
            for name in names if len(own) > 1 else [*names, "all", "All patients"]:
                named.setdefault(shown(name, 36), set()).add(r["id"])
        if single := {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}:
            out[figure] = single
    return out


def _to_records(
    out: dict[str, Any], kept: pl.DataFrame, frames: Mapping[str, pl.DataFrame], subjects: list[str]
) -> None:
    """Counts of patients by a biomarker show the rows of calls and scores behind it, where there are any."""
    held = frames.get("biomarker_rows")
    if held is None or not held.height:
        return
    names = held["NAME"].unique().to_list()
    for number, where in kept.filter(frame="adsl").select("id", "where").iter_rows():
        if not any(name in where for name in names):
            continue
        who = [subjects[i] for i in out[number][8]]
        rows = biomarker_rows(frames, [where]).filter(pl.col("USUBJID").is_in(who))
        if rows.height:
            out[number][6], out[number][9] = "biomarker_rows", rows["_at"].to_list()


def _behind(
    out: dict[str, Any], frames: Mapping[str, pl.DataFrame], place: Mapping[str, int]
) -> dict[str, list[list[Any]]]:
    """Of each frame the rows that a number stands on, which the numbers name from here on by their place among them."""
    rows: dict[str, list[list[Any]]] = {}
    for name in sorted({str(n[6]) for n in out.values()} & frames.keys()):
        own = [n for n in out.values() if n[6] == name]
        kept = sorted({i for n in own for i in n[9] or ()})
        at = {i: k for k, i in enumerate(kept)}
        for number in own:
            number[9] = number[9] and [at[i] for i in number[9]]
        rows[name] = _places(frames, name, kept, place)
    return rows


def _places(
    frames: Mapping[str, pl.DataFrame], name: str, kept: list[int], place: Mapping[str, int]
) -> list[list[Any]]:
    """Subject, file and data row of these rows of a frame."""
    frame = frames[name][kept]
    sources = frames.get("sources", pl.DataFrame(schema={"TABLE": pl.String, "FILE": pl.String}))
    files = dict(sources.select("TABLE", "FILE").unique("TABLE", keep="first", maintain_order=True).iter_rows())
    domain = pl.col("SRCDOM") if "SRCDOM" in frame.columns else pl.lit("DM" if name == "adsl" else None, pl.String)
    row = pl.col("SRCROW") if "SRCROW" in frame.columns else pl.lit(None, pl.Int64)
    flat = frame.select(
        pl.col("USUBJID").cast(pl.String).replace_strict(place, default=None, return_dtype=pl.Int64).alias("s"),
        domain.cast(pl.String).replace(files).alias("f"),
        row.cast(pl.Int64).alias("r"),
    )
    out = [flat["s"].to_list(), flat["f"].to_list(), flat["r"].to_list()]
    if name == "adtte":
        said = [pl.col(c).cast(pl.String) for c in ("EVNTDESC", "CNSDTDSC") if c in frame.columns]
        told = frame.select(
            m=half_up(pl.col("MONTHS"), 4),
            e=(pl.col("CNSR") == 0).cast(pl.Int64),
            w=pl.coalesce(said) if said else pl.lit(None, pl.String),
        )
        out += [told["m"].to_list(), told["e"].to_list(), told["w"].to_list()]
    return out
