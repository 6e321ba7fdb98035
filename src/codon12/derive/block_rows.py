"""Frames of many rows a subject, left on disk block by block and read in the order of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from codon12.derive.adtte import PARAMETERS
from codon12.derive.pairs_of_block import BEGINS
from codon12.derive.resistance_rows import with_first_event
from codon12.errors import InputError
from codon12.parallel import digest_of
from codon12.parallel.kept_frames import apart_of, keep

if TYPE_CHECKING:
    from codon12.derive.block import DerivedBlock
    from codon12.derive.resistance_frames import ResistanceFrames

__all__ = ["kept_rows", "rows_apart", "rows_by", "rows_of_blocks"]

_FRAME = "frame."
_ORDER: dict[str, str | None] = {
    **dict.fromkeys(
        (
            *("lesions", "adrs", "adtr", "resistance", "adex", "progression", "progression_sites", "next_therapy"),
            "core",
            "covariates",
            *(f"adtte.{parameter}" for parameter in PARAMETERS),
        ),
        "USUBJID",
    ),
    "adae": "SRCROW",
    **dict.fromkeys(("pairs", "mechanisms", "alterations"), BEGINS),
    "serial": "USUBJID",
    "pair_samples": None,
}
"""Frames that stay on disk, and the column that their rows are ordered by; None: in no order."""
_SAMPLED = 64
"""Rows of a file whose places tell where to cut."""


def rows_apart(made: DerivedBlock) -> tuple[DerivedBlock, dict[str, pl.DataFrame]]:
    """The block without rows in its frames of many rows a subject, and those frames by name.

    Of the records of resistance, which no analysis reads whole, progressions alone are left.
    """
    parts, rows = made.parts, {"core": made.core, "covariates": made.covariates}
    made = replace(made, core=made.core.clear(), covariates=made.covariates.clear())
    found, ended = parts.answered.found, parts.ended
    if parts.measured is not None:
        rows["lesions"] = parts.measured
        parts = replace(parts, measured=parts.measured.clear())
    if found is not None:
        rows["adrs"] = found.adrs
        emptied = replace(found, adrs=found.adrs.clear())
        if found.adtr is not None:
            rows["adtr"] = found.adtr
            emptied = replace(emptied, adtr=found.adtr.clear())
        parts = replace(parts, answered=replace(parts.answered, found=emptied))
    if ended is not None:
        rows["resistance"] = with_first_event(ended)
        told = {"progression": ended.patterns, "progression_sites": ended.sites, "next_therapy": ended.nexts}
        rows |= {name: frame for name, frame in told.items() if frame is not None}
        parts = replace(parts, ended=_emptied(ended))
    times = parts.timed.adtte
    if times is not None:
        rows |= {f"adtte.{parameter}": times.filter(PARAMCD=parameter) for parameter in PARAMETERS}
        parts = replace(parts, timed=replace(parts.timed, adtte=times.clear()))
    if parts.doses is not None:
        rows["adex"] = parts.doses
        parts = replace(parts, doses=parts.doses.clear())
    if parts.events is not None:
        rows["adae"] = parts.events[0]
        parts = replace(parts, events=(parts.events[0].clear(), parts.events[1]))
    if parts.pairs is not None:
        rows |= parts.pairs.rows
        parts = replace(parts, pairs=replace(parts.pairs, rows={}))
    return replace(made, parts=parts), _named(rows)


def kept_rows(place: Path, rows: Mapping[str, pl.DataFrame]) -> None:
    """Keep frames of a block in a folder, for `rows_of_blocks`; raises ``InputError`` where that cannot be written."""
    keep(place, None, apart=_named(rows))


def _named(rows: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {f"{_FRAME}{name}": _ordered(frame, _ORDER[name]) for name, frame in rows.items()}


def _ordered(rows: pl.DataFrame, key: str | None) -> pl.DataFrame:
    if key is None or rows[key].is_sorted(nulls_last=True):
        return rows
    return rows.sort(key, nulls_last=True, maintain_order=True)


def _emptied(ended: ResistanceFrames) -> ResistanceFrames:
    def none(frame: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if frame is None else frame.clear()

    records = ended.records
    seen = records.assessments
    progressed = seen.filter(pl.col("AVALC").cast(pl.String) == "PD") if "AVALC" in seen.columns else seen
    records = replace(
        records,
        assessments=progressed,
        lesions=none(records.lesions),
        sites=none(records.sites),
        therapy=none(records.therapy),
    )
    return replace(
        ended,
        records=records,
        classified=ended.classified.clear(),
        contributing=none(ended.contributing),
        patterns=none(ended.patterns),
        sites=none(ended.sites),
        nexts=none(ended.nexts),
    )


def rows_of_blocks(places: Sequence[Path], definitions: Sequence[str]) -> Mapping[str, pl.LazyFrame]:
    """Frames of all blocks in the order of the whole, read from disk as far as they are asked for.

    Parameters
    ----------
    places
        Folders of the blocks, in their order.
    definitions
        Of resistance, in the order in which subjects are classified by them.
    """
    out: dict[str, pl.LazyFrame] = {}
    for name, key in _ORDER.items():
        files = [file for place in places if (file := apart_of(place, f"{_FRAME}{name}")).is_file()]
        if not files:
            continue
        if key is None:
            out[name] = _scanned(files)
            continue
        rows = _in_order(files, key, places[0].parent / digest_of([name, *(p.name for p in places)])[:32])
        rows = rows.drop(BEGINS, strict=False)
        if name == "resistance":
            rows = pl.concat([rows.filter(pl.col("DEFINITION") == d) for d in definitions])
        out[name] = rows
    times = [out.pop(name) for p in PARAMETERS if (name := f"adtte.{p}") in out]
    return out | {"adtte": pl.concat(times)} if times else out


def rows_by(files: Sequence[Path], key: str) -> pl.LazyFrame:
    """Rows of files that are ordered by a column each, in its order; what is asked for is sorted where files overlap.

    Raises
    ------
    InputError
        A file cannot be read any more.
    """
    try:
        return _in_order(files, key, None)
    except (OSError, pl.exceptions.PolarsError) as err:
        raise InputError(
            f"{files[0].parent.parent}: a table of a block that was done cannot be read any more: {err}"
        ) from None


def _in_order(files: Sequence[Path], key: str, merged: Path | None) -> pl.LazyFrame:
    """Rows of files that are ordered by a column each: one file after the other, or merged a range at a time."""
    ends = pl.concat(
        pl.scan_parquet(file, glob=False).select(
            at=pl.lit(k),
            rows=pl.len(),
            first=pl.col(key).first(),
            last=pl.col(key).last(),
            none=pl.col(key).null_count(),
        )
        for k, file in enumerate(files)
    ).collect()
    filled = ends.filter(pl.col("rows") > 0).sort("first", nulls_last=True, maintain_order=True)
    apart = (pl.col("last") < pl.col("first").shift(-1)) & (pl.col("none") == 0)
    if filled.head(-1).height == 0 or filled.select(apart.head(pl.len() - 1).fill_null(value=False).all()).item():
        order = [*filled["at"], *ends.filter(pl.col("rows") == 0)["at"]]
        return _scanned([files[k] for k in order])
    if merged is None:
        return _scanned(files).sort(key, maintain_order=True)
    if not merged.is_dir():
        _merge(_scanned(files), key, int(ends["rows"].sum()), int(ends["rows"].max()), merged)  # type: ignore[arg-type]  # whole numbers
    return _scanned(sorted(merged.glob("*.parquet")))


def _merge(rows: pl.LazyFrame, key: str, total: int, most: int, merged: Path) -> None:
    """Sort the rows of all files, as many at a time as the largest file has."""
    step = max(1, most // _SAMPLED)
    some = rows.select(key).gather_every(step).collect().to_series().drop_nulls().sort()
    cuts = some.gather_every(max(1, most // step)).unique(maintain_order=True).to_list()
    bounds: list[pl.Expr] = []
    for low, high in zip([None, *cuts[1:]], [*cuts[1:], None], strict=True) if total and cuts else []:
        inside = pl.col(key).is_not_null() if low is None else pl.col(key) >= low
        bounds.append(inside if high is None else inside & (pl.col(key) < high))
    parts = [rows.filter(b).sort(key, maintain_order=True) for b in bounds]
    parts.append(rows.filter(pl.col(key).is_null()))
    keep(merged, None, apart={f"{k:06d}": part for k, part in enumerate(parts)})


def _scanned(files: Sequence[Path]) -> pl.LazyFrame:
    schemas = [pl.read_parquet_schema(f) for f in files]
    if all(s == schemas[0] for s in schemas):
        return pl.scan_parquet(list(files), glob=False)
    return pl.concat([pl.scan_parquet(f, glob=False) for f in files], how="vertical_relaxed")
