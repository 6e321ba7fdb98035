"""Which subjects and source rows stand behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from codon12.errors import UsageError

__all__ = ["Trace", "rows_behind", "subjects_behind", "trace"]

_KEYS = ("SRCDOM", "SRCROW", "SRCSEQ")


@dataclass(frozen=True)
class Trace:
    """One number with the subjects and rows behind it."""

    number: dict[str, object]
    subjects: tuple[str, ...]
    rows: pl.DataFrame
    """Rows of the derived frame, with SRCDOM, SRCROW and FILE of the record each came from."""
    measurements: pl.DataFrame | None = None
    """For responses and sums: every lesion record of those subjects by that evaluator."""


def _with_adsl(frames: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """A derived frame beside the ADSL columns that predicates of populations use."""
    frame, adsl = frames[name], frames["adsl"]
    if name == "adsl":
        return frame
    extra = [c for c in adsl.columns if c not in frame.columns]
    return frame.join(adsl.select("USUBJID", *extra), on="USUBJID", how="inner", maintain_order="left")


def rows_behind(frames: Mapping[str, pl.DataFrame], frame: str, where: str, having: str | None = None) -> pl.DataFrame:
    """Rows of a derived frame that satisfy a number's predicates."""
    rows = _with_adsl(frames, frame).filter(pl.sql_expr(where))
    if having:
        worst = pl.col("ATOXGR").fill_null(0).max().over("USUBJID").alias("WORST")
        rows = rows.with_columns(worst).filter(pl.sql_expr(having)).drop("WORST")
    return rows


def subjects_behind(frames: Mapping[str, pl.DataFrame], numbers: pl.DataFrame) -> pl.Series:
    """Subjects of every number, as a list column in the order of `numbers`.

    Each distinct predicate is evaluated once, and those of one frame together in one pass.
    """
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (name,), part in numbers.select("frame", "where").unique(maintain_order=True).group_by("frame"):
        frame = _with_adsl(frames, str(name))
        grade = pl.col("ATOXGR").fill_null(0) if "ATOXGR" in frame.columns else pl.lit(0)
        pairs = frame.select("USUBJID", _grade=grade.cast(pl.Int64), **_distinct(part["where"]))
        for at, where in enumerate(part["where"]):
            ids, grades = pairs.filter(pl.col(f"_{at}")).select("USUBJID", "_grade").sort("_grade")
            found[str(name), where] = dict(zip(ids, grades, strict=True))
    answers = []
    for name, where, having in numbers.select("frame", "where", "having").iter_rows():
        worst = found[name, where]
        wanted = None if having is None else _grades(having)
        answers.append(sorted(s for s, g in worst.items() if wanted is None or g in wanted))
    return pl.Series("subjects", answers, dtype=pl.List(pl.String))


def _distinct(predicates: pl.Series) -> dict[str, pl.Expr]:
    return {f"_{at}": pl.sql_expr(where) for at, where in enumerate(predicates)}


def _grades(having: str) -> list[int]:
    return [int(part) for part in having.removeprefix("WORST IN (").rstrip(")").split(",")]


def trace(numbers: pl.DataFrame, frames: Mapping[str, pl.DataFrame], sources: pl.DataFrame, number_id: str) -> Trace:
    """Find a number by its id, with the subjects and source rows behind it.

    Raises
    ------
    UsageError
        No such id; the message names the nearest ones.
    """
    found = numbers.filter(pl.col("id") == number_id)
    if found.is_empty():
        import difflib

        near = difflib.get_close_matches(number_id, numbers["id"].to_list(), n=5, cutoff=0.3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise UsageError(f"no number {number_id!r} in the evidence.{hint}")
    number = found.row(0, named=True)
    name = number["frame"]
    rows = rows_behind(frames, name, number["where"], number["having"]).select(frames[name].columns)
    measurements = None
    if name in {"adrs", "adtr"} and "lesions" in frames:
        seen = [c for c in ("USUBJID", "EVAL") if c in rows.columns]
        measurements = _with_files(frames["lesions"].join(rows.select(seen).unique(), on=seen, how="semi"), sources)
    return Trace(
        number={k: v for k, v in number.items() if k != "subjects"},
        subjects=tuple(rows["USUBJID"].unique().sort().to_list()),
        rows=_with_files(rows, sources),
        measurements=measurements,
    )


def _with_files(rows: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Add the file each row was read from."""
    if "SRCDOM" not in rows.columns:
        return rows
    files = sources.select(SRCDOM="TABLE", FILE="FILE").unique("SRCDOM", keep="first", maintain_order=True)
    named = rows.with_columns(pl.col("SRCDOM").cast(pl.String))
    return named.join(files, on="SRCDOM", how="left", maintain_order="left")
