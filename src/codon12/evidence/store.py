"""Evidence on disk: ``evidence.parquet``, ``evidence.json`` and the derived frames as Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import polars as pl

from codon12.evidence.frames import rows_of

__all__ = ["STORED_FRAMES", "write_evidence"]

STORED_FRAMES = ("adsl", "adtr", "adrs", "adtte", "adae", "adex")
_ROWS = 100_000
"""Rows of a group: the same bytes however the rows come."""


def write_evidence(
    numbers: pl.DataFrame, frames: Mapping[str, pl.DataFrame], folder: Path, *, description: dict[str, object]
) -> list[Path]:
    """Write the numbers and the derived frames; the same input gives the same bytes.

    `description` (title, notice, policies, plan) goes to the head of ``evidence.json``. Missing values are JSON
    null; nothing is rounded.
    """
    paths = [folder / "evidence.parquet", folder / "evidence.json"]
    numbers.write_parquet(paths[0], compression="zstd", statistics=False)
    body = {**description, "numbers": numbers.to_dicts()}
    text = json.dumps(body, ensure_ascii=False, default=str, allow_nan=False)  # to indent takes it thrice as long
    paths[1].write_text(msgspec.json.format(text, indent=1) + "\n", encoding="utf-8")
    for name in STORED_FRAMES:
        if name in frames:
            path = folder / f"{name}.parquet"
            rows_of(frames, name).sink_parquet(path, compression="zstd", statistics=False, row_group_size=_ROWS)
            paths.append(path)
    return paths
