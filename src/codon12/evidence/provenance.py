"""Which subjects and source rows stand behind a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.evidence.frames import Frames, columns_of, rows_of

__all__ = ["Trace", "biomarker_rows", "number_row", "row_positions", "rows_behind", "subjects_behind", "trace"]


@dataclass(frozen=True)
class Trace:
    """One number with the subjects and rows behind it."""

    number: dict[str, object]
    subjects: tuple[str, ...]
    rows: pl.DataFrame
    """Rows of the derived frame, with SRCDOM, SRCROW and FILE of the record each came from."""
    records: pl.DataFrame | None = None
    """Where the number speaks of biomarkers: rows of the calls and scores behind them (NAME, USUBJID, SRCDOM, SRCROW,
    FILE)."""
    measurements: pl.DataFrame | None = None
    """For responses and sums: every lesion record of those subjects by that evaluator."""


def _with_adsl(frames: Mapping[str, pl.DataFrame], name: str) -> pl.LazyFrame:
    """A derived frame beside the ADSL columns that predicates of populations use."""
    frame = rows_of(frames, name)
    if name == "adsl":
        return frame
    known = columns_of(frames, name)
    extra = rows_of(frames, "adsl").select("USUBJID", *(c for c in columns_of(frames, "adsl") if c not in known))
    return frame.join(extra, on="USUBJID", how="inner", maintain_order="left")


def rows_behind(frames: Mapping[str, pl.DataFrame], frame: str, where: str, having: str | None = None) -> pl.DataFrame:
    """Rows of a derived frame that satisfy a number's predicates."""
    rows = _with_adsl(frames, frame).filter(pl.sql_expr(where))
    if having:
        of_subject = {"ROWS": pl.len(), "WORST": pl.col("ATOXGR").fill_null(0).max() if "WORST" in having else None}
        found = {name: e.over("USUBJID") for name, e in of_subject.items() if e is not None and name in having}
        rows = rows.with_columns(**found).filter(pl.sql_expr(having)).drop(*found)
    return rows.collect()


@lru_cache(maxsize=4096)
def _condition(where: str) -> pl.Expr:
    return pl.sql_expr(where)


def row_positions(frames: Mapping[str, pl.DataFrame], numbers: pl.DataFrame) -> list[list[int] | None]:
    """Positions of the rows behind each number in its derived frame; None where there is no such frame.

    Each distinct predicate is evaluated once, all those of a frame in one pass; the worst grades, or counts of rows,
    that a number may ask for are found once per predicate. `Frames` keep what was found for the next who asks.
    """
    held = frames.positions if isinstance(frames, Frames) else {}
    asked = numbers.select("frame", "where", "having").rows()
    for name in dict.fromkeys(frame for frame, _, _ in asked if frame in frames):
        new = [(where, having) for frame, where, having in dict.fromkeys(asked) if frame == name]
        new = [test for test in new if (name, *test) not in held]
        if new:
            held.update(zip(((name, *test) for test in new), _positions(frames, name, new), strict=True))
    return [held[number].tolist() if number[0] in frames else None for number in asked]


def _positions(
    frames: Mapping[str, pl.DataFrame], name: str, asked: Sequence[tuple[str, str | None]]
) -> Iterator[NDArray[np.uint32]]:
    """Positions of the rows of a frame that satisfy each pair of predicates, on rows and on their subjects."""
    wanted = list(dict.fromkeys(where for where, _ in asked))
    used = {"USUBJID", "ATOXGR", *(c for where in wanted for c in _condition(where).meta.root_names())}
    frame = _with_adsl(_narrowed(frames, name, used), name).collect()
    asked_of = [_condition(where).fill_null(value=False).alias(f"t{i}") for i, where in enumerate(wanted)]
    tests = frame.lazy().select(asked_of).collect(engine="in-memory")  # what predicates share is looked up once
    masks = {where: test.to_numpy() for where, test in zip(wanted, tests.iter_columns(), strict=True)}
    place = frame["_row"].to_numpy()
    subject = frame["USUBJID"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    graded = "ATOXGR" in frame.columns
    grade = frame["ATOXGR"].fill_null(0).cast(pl.Int64).to_numpy() if graded else np.zeros(len(subject), np.int64)
    found: dict[tuple[str, bool], NDArray[np.int64]] = {}
    for where, having in asked:
        mask = masks[where]
        if having:
            key = where, having.startswith("ROWS")
            if key not in found:
                found[key] = np.zeros(int(subject.max(initial=0)) + 1, np.int64)
                if key[1]:
                    np.add.at(found[key], subject[mask], 1)
                else:
                    np.maximum.at(found[key], subject[mask], grade[mask])
            looked_for = np.zeros(int(found[key].max(initial=0)) + 1, bool)
            values = (int(g) for g in having[having.index("(") + 1 : having.index(")")].split(","))
            looked_for[[v for v in values if 0 <= v < looked_for.size]] = True
            mask = mask & looked_for[found[key]][subject]
        yield place[mask]


def _narrowed(frames: Mapping[str, pl.DataFrame], name: str, used: set[str]) -> dict[str, pl.DataFrame]:
    """A derived frame, its rows numbered in `_row`, and ADSL, with the columns that are used."""
    frame, adsl = frames[name], frames["adsl"]
    out = {"adsl": adsl[[c for c in adsl.columns if c in used]]}
    return out | {name: frame[[c for c in frame.columns if c in used]].with_row_index("_row")}


def biomarker_rows(frames: Mapping[str, pl.DataFrame], predicates: Sequence[str]) -> pl.DataFrame:
    """Rows of calls and scores behind the biomarkers that predicates name, from frame ``biomarker_rows``.

    NAME, USUBJID, SRCDOM, SRCROW and ``_at``, the position in that frame; no rows where there is none.
    """
    held = frames.get("biomarker_rows")
    if held is None:
        held = pl.DataFrame(schema={"NAME": pl.String, "USUBJID": pl.String, "SRCDOM": pl.String, "SRCROW": pl.Int64})
    words = {word for text in predicates for word in re.findall(r"[A-Za-z_]\w*", text or "")}
    return held.with_row_index("_at").filter(pl.col("NAME").is_in(sorted(words)))


def subjects_behind(frames: Mapping[str, pl.DataFrame], numbers: pl.DataFrame) -> pl.Series:
    """Subjects of every number, sorted, as a list column in the order of `numbers`."""
    ids = {str(name): frames[str(name)]["USUBJID"].cast(pl.String).to_list() for name in numbers["frame"].unique()}
    answers = [
        sorted({ids[name][i] for i in rows or ()})
        for name, rows in zip(numbers["frame"], row_positions(frames, numbers), strict=True)
    ]
    return pl.Series("subjects", answers, dtype=pl.List(pl.String))


def number_row(numbers: pl.DataFrame, number_id: str) -> dict[str, Any]:
    """One number by its id, all columns.

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
    return found.row(0, named=True)


def trace(numbers: pl.DataFrame, frames: Mapping[str, pl.DataFrame], sources: pl.DataFrame, number_id: str) -> Trace:
    """Find a number by its id, with the subjects and source rows behind it.

    Raises
    ------
    UsageError
        No such id; the message names the nearest ones.
    """
    number = number_row(numbers, number_id)
    name = number["frame"]
    rows = rows_behind(frames, name, number["where"], number["having"]).select(columns_of(frames, name))
    measurements = None
    if name in {"adrs", "adtr"} and "lesions" in frames:
        seen = [c for c in ("USUBJID", "EVAL") if c in rows.columns]
        measurements = _with_files(_of_those(frames, rows.select(seen).unique()), sources)
    records = biomarker_rows(frames, [number["where"]])
    records = records.join(rows.select("USUBJID").unique(), on="USUBJID", how="semi", maintain_order="left")
    return Trace(
        records=_with_files(records, sources) if records.height else None,
        number={k: v for k, v in number.items() if k != "subjects"},
        subjects=tuple(rows["USUBJID"].unique().sort().to_list()),
        rows=_with_files(rows, sources),
        measurements=measurements,
    )


def _of_those(frames: Mapping[str, pl.DataFrame], who: pl.DataFrame) -> pl.DataFrame:
    """Lesions of subjects, by the evaluators asked for."""
    return rows_of(frames, "lesions").join(who.lazy(), on=who.columns, how="semi", maintain_order="left").collect()


def _with_files(rows: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Add the file each row was read from."""
    if "SRCDOM" not in rows.columns:
        return rows
    files = sources.select(SRCDOM="TABLE", FILE="FILE").unique("SRCDOM", keep="first", maintain_order=True)
    named = rows.with_columns(pl.col("SRCDOM").cast(pl.String))
    return named.join(files, on="SRCDOM", how="left", maintain_order="left")
