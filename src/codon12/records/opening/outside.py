"""Patients whom a study leaves out by `where`: their rows in the other tables are counted, not told one by one."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.types import as_text
from codon12.records.config import TableSource
from codon12.records.findings.accounting import Ledger
from codon12.records.readers import RawTable

__all__ = ["SUBJECTS", "subjects_of_file", "without_outsiders"]

SUBJECTS = ("DM", "ADSL", "PATIENT")
"""Tables that say who is a subject of the study."""


def subjects_of_file(raw: RawTable, source: TableSource) -> set[str]:
    """Give every subject of a file that `where` reads in part; none where all of it is read."""
    names = (source.columns.get("USUBJID", "USUBJID").lower(), "patient_id")
    own = next((c for n in names for c in raw.frame.columns if c.lower() == n), None)
    if source.where is None or own is None:
        return set()
    return set(as_text(raw.frame.select(own))[own].drop_nulls().unique())


def without_outsiders(
    frames: dict[str, pl.DataFrame],
    times: list[pl.DataFrame],
    found: list[pl.DataFrame],
    named: dict[str, set[str]],
    ledger: Ledger,
) -> tuple[list[pl.DataFrame], list[pl.DataFrame]]:
    """Take the rows of subjects left out by `where` out of every table; give times and findings without theirs.

    `named` has, by table, the subjects that its file names. Replaces the frames of `frames`; the accounting says of
    each table how many rows were of subjects outside, and of which table's `where`.
    """
    for table, ids in named.items():
        outside = ids - set(frames[table]["USUBJID"].cast(pl.String).drop_nulls()) if ids else ids
        if not outside:
            continue
        theirs = pl.col("USUBJID").cast(pl.String).is_in(sorted(outside)).fill_null(value=False)
        gone = []
        for name, frame in frames.items():
            if name in SUBJECTS or "USUBJID" not in frame.columns:
                continue
            out = frame.filter(theirs)
            if out.is_empty():
                continue
            frames[name] = frame.filter(~theirs)
            ledger.left_out(name, f"of subjects outside tables.{table}.where", out.height)
            if "SRCFILE" not in out.columns:  # of several files, a row's number does not say which it is of
                gone.append(out.select(pl.lit(name).alias("TABLE"), pl.col("SRCROW").cast(pl.Int64).alias("ROW")))
        times = [t.filter(~theirs) for t in times]
        if gone:
            rows = pl.concat(gone)
            found = [f.join(rows, on=["TABLE", "ROW"], how="anti", maintain_order="left") for f in found]
    return times, found
