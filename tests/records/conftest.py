"""What the tests of study records share: small study folders, and the data beside the checkout."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


@pytest.fixture
def shared_data() -> Path:
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("no real study data beside the checkout (../shared/data)")
    return data.resolve()


@pytest.fixture
def folder(tmp_path):
    """Write a study folder from {file name: text, bytes or rows}."""

    def write(files: dict[str, object], config: str | None = None) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(content, encoding="utf-8", newline="")
            else:
                pl.DataFrame(content).write_csv(path)
        if config is not None:
            (tmp_path / "codon12.toml").write_text(config, encoding="utf-8")
        return tmp_path

    return write
