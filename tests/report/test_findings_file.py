"""Findings as a file that a spreadsheet may open."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.records import findings_frame
from codon12.records.findings import Finding
from codon12.report import findings as room
from codon12.report.findings import write_findings
from codon12.tables import inert

TEXTS = ["plain text, 7%.", "=1+1", "-12.3", "- x", "a\nb", "a\x01b", "\t=2", "é=", "", "x" * 40_000, "+a"]


def frame(texts: list[str]) -> pl.DataFrame:
    return findings_frame([Finding(table="DM", rule="r", severity="note", message=t, value=t) for t in texts])


def test_no_text_of_the_data_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = frame(TEXTS)
    monkeypatch.setattr(room, "_AT_A_TIME", 3)
    write_findings(found, None, tmp_path / "parts.csv")
    monkeypatch.undo()
    write_findings(found, None, tmp_path / "once.csv")
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "once.csv").read_bytes()
    with (tmp_path / "once.csv").open(newline="") as file:
        assert [row["MESSAGE"] for row in csv.DictReader(file)] == [inert(t) for t in TEXTS]
    assert found["MESSAGE"].to_list() == TEXTS


@settings(max_examples=20)
@given(st.lists(st.text(alphabet="=+-@\t\r\na1. %'\x02é", max_size=6), min_size=1, max_size=5))
def test_every_text_is_as_inert_makes_it(texts: list[str]) -> None:
    series = pl.Series("t", texts)
    assert room._inert(series).to_list() == [inert(t) for t in texts]


def test_no_findings_are_a_heading(tmp_path: Path) -> None:
    write_findings(frame([]), None, tmp_path / "none.csv")
    assert (tmp_path / "none.csv").read_text().startswith("TABLE,")
