"""Rows of blocks on disk, read in the order of the whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from codon12.derive.block_rows import rows_of_blocks
from codon12.parallel.kept_frames import clear, keep

BLOCKS = {
    "apart": [["S-4", "S-4", "S-5"], ["S-1"], ["S-2", "S-3"]],
    "interleaved": [["S-1", "S-1", "S-4"], ["S-2", "S-3", "S-3", "S-9"], ["S-0", "S-3"], []],
    "of nobody": [["S-2", None], ["S-1", "S-3", None]],
    "one subject in two": [["S-2"], ["S-1", "S-2"]],
    "one": [["S-1", "S-2", None]],
    "none": [[], []],
}


@pytest.mark.parametrize("name", BLOCKS)
def test_rows_stand_as_if_all_were_sorted_by_subject(name: str, tmp_path: Path) -> None:
    frames, places, at = [], [], 0
    for k, people in enumerate(BLOCKS[name]):
        # the row's number tells that rows of one subject stay as they stood
        frame = pl.DataFrame({"USUBJID": people, "N": range(at, at + len(people))},
                             schema={"USUBJID": pl.String, "N": pl.Int64})  # fmt: skip
        places.append(tmp_path / f"{k:032x}")
        keep(places[-1], None, apart={"frame.adrs": frame})
        frames.append(frame)
        at += len(people)
    wanted = pl.concat(frames).sort("USUBJID", nulls_last=True, maintain_order=True)
    for _ in range(2):  # once made, once found
        assert rows_of_blocks(places, [])["adrs"].collect().equals(wanted)
    clear(tmp_path)
    assert not tmp_path.exists()


def test_subjects_stand_definition_after_definition(tmp_path: Path) -> None:
    both = [pl.DataFrame({"USUBJID": [u, u], "DEFINITION": ["b", "a"]}) for u in ("S-2", "S-1")]
    for k, frame in enumerate(both):
        keep(tmp_path / str(k), None, apart={"frame.resistance": frame})
    rows = rows_of_blocks([tmp_path / "0", tmp_path / "1", tmp_path / "2"], ["b", "a"])
    assert list(rows) == ["resistance"]
    assert rows["resistance"].collect().rows() == [("S-1", "b"), ("S-2", "b"), ("S-1", "a"), ("S-2", "a")]


def test_columns_that_a_block_has_no_value_of_are_those_of_the_others(tmp_path: Path) -> None:
    for k, frame in enumerate(
        [pl.DataFrame({"USUBJID": ["1"], "V": [None]}), pl.DataFrame({"USUBJID": ["2"], "V": [2]})]
    ):
        keep(tmp_path / str(k), None, apart={"frame.adrs": frame})
    rows = rows_of_blocks([tmp_path / "0", tmp_path / "1"], [])["adrs"].collect()
    assert rows.schema["V"] == pl.Int64
    assert rows.rows() == [("1", None), ("2", 2)]
