"""What stands behind each number on the page: its subjects and the source rows, as compact data for the script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["MAX_SUBJECTS", "page_data", "row_numbers"]

MAX_SUBJECTS = 1000
"""Larger studies are traced with ``codon12 trace``; their page carries no lists."""
_MAX_ROWS = 2_000_000


def page_data(numbers: pl.DataFrame, frames: Mapping[str, pl.DataFrame], texts: Mapping[str, str]) -> dict[str, Any]:
    """Data block of the page.

    Parameters
    ----------
    numbers
        ``evidence.numbers``.
    frames
        Derived frames and ``sources`` (TABLE, FILE).
    texts
        Number id -> text as the tables print it; only these numbers are kept.

    Returns
    -------
    dict
        ``numbers``: id -> [label, text, method, population, n, N, frame, predicate, subjects, rows], the last two
        as positions in ``subjects`` and in the frame's rows; ``rows``: frame -> [subject, file, row] columns.
    """
    kept = numbers.filter(pl.col("id").is_in(list(texts)))
    adsl = frames.get("adsl", pl.DataFrame(schema={"USUBJID": pl.String}))
    listed = 0 < adsl.height <= MAX_SUBJECTS
    subjects = adsl["USUBJID"].cast(pl.String).unique().sort().to_list() if listed else []
    place = {s: i for i, s in enumerate(subjects)}
    rows = row_numbers(frames, kept) if listed else [None] * kept.height
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
    used = {r["frame"] for r in kept.select("frame").to_dicts()} if listed else set()
    return {
        "subjects": subjects,
        "numbers": out,
        "rows": {name: _places(frames, name, place) for name in sorted(used) if name in frames},
    }


def row_numbers(frames: Mapping[str, pl.DataFrame], numbers: pl.DataFrame) -> list[list[int] | None]:
    """Positions of the rows behind each number in its derived frame.

    Each predicate is evaluated once, all those of a frame in one pass; the worst grades that a number may ask for
    are found once per predicate.
    """
    answers: list[list[int] | None] = [None] * numbers.height
    keyed = numbers.with_row_index("_at")
    for (name,), part in keyed.group_by(["frame"], maintain_order=True):
        if name not in frames:
            continue
        frame = _beside_adsl(frames, str(name))
        wanted = part["where"].unique(maintain_order=True).to_list()
        tests = frame.select(pl.sql_expr(where).fill_null(value=False).alias(f"t{i}") for i, where in enumerate(wanted))
        masks = {where: tests[f"t{i}"].to_numpy() for i, where in enumerate(wanted)}
        place = frame["_row"].to_numpy()
        subject = frame["USUBJID"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
        graded = "ATOXGR" in frame.columns
        grade = frame["ATOXGR"].fill_null(0).cast(pl.Int64).to_numpy() if graded else np.zeros(len(subject), np.int64)
        worst: dict[str, NDArray[np.int64]] = {}
        for at, where, having in part.select("_at", "where", "having").iter_rows():
            mask = masks[where]
            if having:
                if where not in worst:
                    worst[where] = np.zeros(int(subject.max(initial=0)) + 1, np.int64)
                    np.maximum.at(worst[where], subject[mask], grade[mask])
                grades = [int(g) for g in having[having.index("(") + 1 : having.index(")")].split(",")]
                mask = mask & np.isin(worst[where], grades)[subject]
            answers[at] = place[mask].tolist()
    return answers


def _beside_adsl(frames: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """A derived frame with its row numbers, beside the ADSL columns that predicates of populations use."""
    frame, adsl = frames[name].with_row_index("_row"), frames["adsl"]
    if name == "adsl":
        return frame
    extra = [c for c in adsl.columns if c not in frame.columns]
    return frame.join(adsl.select("USUBJID", *extra), on="USUBJID", how="inner", maintain_order="left")


def _places(frames: Mapping[str, pl.DataFrame], name: str, place: Mapping[str, int]) -> list[list[Any]]:
    """Subject, file and data row of every row of a frame."""
    frame = frames[name]
    sources = frames.get("sources", pl.DataFrame(schema={"TABLE": pl.String, "FILE": pl.String}))
    files = dict(sources.select("TABLE", "FILE").unique("TABLE", keep="first", maintain_order=True).iter_rows())
    domain = pl.col("SRCDOM") if "SRCDOM" in frame.columns else pl.lit("DM" if name == "adsl" else None, pl.String)
    row = pl.col("SRCROW") if "SRCROW" in frame.columns else pl.lit(None, pl.Int64)
    flat = frame.select(
        pl.col("USUBJID").cast(pl.String).replace_strict(place, default=None, return_dtype=pl.Int64).alias("s"),
        domain.cast(pl.String).replace(files).alias("f"),
        row.cast(pl.Int64).alias("r"),
    )
    return [flat["s"].to_list(), flat["f"].to_list(), flat["r"].to_list()]
