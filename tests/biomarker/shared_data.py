"""Where the shared study data stand; tests skip where they are not beside the checkout."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def need(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout (shared/data)")
    return path


def text_table(name: str) -> pl.DataFrame:
    """All cells as text."""
    return pl.read_csv(need(name), separator="\t", infer_schema=False, quote_char=None, truncate_ragged_lines=True)
