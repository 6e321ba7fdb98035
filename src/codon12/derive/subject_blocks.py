"""Subjects and their lesions cut into blocks, in the order of the subjects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from codon12.errors import UsageError

__all__ = ["blocks_in_files", "blocks_in_memory"]

_WHO = pl.col("USUBJID").cast(pl.String)


def blocks_in_memory(adsl: pl.DataFrame, lesions: pl.DataFrame, size: int) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """ADSL and lesions of `size` subjects at a time, by USUBJID; rows of nobody come last.

    Examples
    --------
    >>> adsl, lesions = pl.DataFrame({"USUBJID": ["2", "1"]}), pl.DataFrame({"USUBJID": ["2", "3", "1"]})
    >>> [rows["USUBJID"].to_list() for _, rows in blocks_in_memory(adsl, lesions, 2)]
    [['2', '1'], ['3']]
    """
    own = lesions["USUBJID"]
    if adsl.height <= size and lesions.height <= size:
        return [(adsl, lesions)]
    begins = lesions.select(pl.col("USUBJID").ne_missing(pl.col("USUBJID").shift()).alias("x")).to_series()
    if len(begins):
        begins[0] = True
    runs = own.filter(begins).cast(pl.String).to_frame()  # most tables hold the rows of a subject together
    people = pl.concat([adsl.select(_WHO), runs]).unique().sort("USUBJID", nulls_last=True)
    people = people.with_columns(_block=(pl.int_range(pl.len(), dtype=pl.UInt32) // size))
    count = -(-people.height // size)
    subjects = _apart(adsl, people)
    of_runs = runs.join(people, on="USUBJID", how="left", nulls_equal=True, maintain_order="left")["_block"]
    empty = adsl.clear()
    if of_runs.is_sorted():  # no pass over all rows for each block
        starts = begins.arg_true()
        ends = [int(starts[at]) if at < len(starts) else lesions.height for at in _ends(of_runs, count)]
        cuts = zip([0, *ends[:-1]], ends, strict=True)
        return [(subjects.get((k,), empty), lesions.slice(a, b - a)) for k, (a, b) in enumerate(cuts)]
    block = of_runs.gather(begins.cum_sum() - 1)
    return [(subjects.get((k,), empty), lesions.filter(block == k)) for k in range(count)]


def _ends(of_runs: pl.Series, count: int) -> list[int]:
    """For each block the first run behind it."""
    return [of_runs.search_sorted(k, side="right") for k in range(count)]


def blocks_in_files(
    adsl: pl.DataFrame, files: Sequence[Path], size: int
) -> list[tuple[pl.DataFrame, pl.DataFrame | Path]]:
    """ADSL of the subjects of each file, with the file; those without lesions by themselves, `size` at a time.

    Raises
    ------
    UsageError
        There is no file, or a subject stands in two.
    """
    if not files:
        raise UsageError("lesions: there is no file")
    people = pl.concat(
        pl.scan_parquet(file, glob=False).select(_WHO).unique().with_columns(_block=pl.lit(k, pl.UInt32)).collect()
        for k, file in enumerate(files)
    )
    twice = people.filter(pl.col("USUBJID").is_duplicated())
    if twice.height:
        raise UsageError(f"lesions: subject {twice['USUBJID'].min()} stands in two files; give each in one")
    named = adsl.select(_WHO).join(people, on="USUBJID", how="anti")
    rest = -(-named.height // size)
    alone = named.with_columns(_block=pl.int_range(pl.len(), dtype=pl.UInt32) // size + len(files))
    subjects = _apart(adsl, pl.concat([people, alone]))
    none = pl.scan_parquet(files[0], glob=False).head(0).collect()
    rows: list[pl.DataFrame | Path] = [*files, *[none] * rest]
    return [(subjects.get((k,), adsl.clear()), own) for k, own in enumerate(rows)]


def _apart(adsl: pl.DataFrame, people: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """ADSL of each block, by its number."""
    block = adsl.select(_WHO).join(people, on="USUBJID", how="left", nulls_equal=True, maintain_order="left")["_block"]
    return adsl.with_columns(block).partition_by("_block", as_dict=True, include_key=False)
