"""Evidence on disk: ``evidence.parquet``, ``evidence.json`` and the derived frames as Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import polars as pl

__all__ = ["STORED_FRAMES", "write_evidence"]

STORED_FRAMES = ("adsl", "adtr", "adrs", "adtte", "adae", "adex")


def write_evidence(
    numbers: pl.DataFrame, frames: dict[str, pl.DataFrame], folder: Path, *, description: dict[str, object]
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
            frames[name].write_parquet(path, compression="zstd", statistics=False)
            paths.append(path)
    return paths
