"""Frames of the R cases' data; factor levels in the order the data declare them."""

from __future__ import annotations

import re

import polars as pl

from codon12.survival import factor

from .r_cases import FOLDER


def frame_of(case: dict) -> pl.DataFrame:
    """The case's data, with text columns as Enums in order of first appearance."""
    frame = pl.read_csv(FOLDER / case["data"], null_values=["", "NA"], infer_schema_length=None)
    for name in frame.columns:
        if frame[name].dtype == pl.String:
            levels = frame[name].drop_nulls().unique(maintain_order=True).to_list()
            frame = frame.with_columns(pl.col(name).cast(pl.Enum(levels)))
    return frame


def terms_of(names: list[str]) -> list:
    """R's ``factor(x)`` as a factor term."""
    found = [re.fullmatch(r"factor\((.*)\)", n) for n in names]
    return [factor(m[1]) if m else n for m, n in zip(found, names, strict=True)]
