"""Derived frames in memory and on disk, under one door."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.evidence.frames import Frames, columns_of, copied, rows_of
from codon12.evidence.provenance import row_positions, rows_behind
from codon12.evidence.store import write_evidence

ADSL = pl.DataFrame({"USUBJID": ["1", "2", "3"], "SEX": ["F", "M", "F"]})
ROWS = pl.DataFrame({"USUBJID": ["2", "1", "1", "9"], "KIND": ["a", "a", "b", "a"]})


def on_disk(folder: Path) -> Frames:
    for k in range(2):
        ROWS.slice(2 * k, 2).write_parquet(folder / f"{k}.parquet")
    frames = Frames({"adsl": ADSL})
    frames.put("rows", pl.scan_parquet([folder / "0.parquet", folder / "1.parquet"]))
    return frames


def test_a_frame_on_disk_is_the_frame_and_is_not_held(tmp_path: Path) -> None:
    frames = on_disk(tmp_path)
    assert dict(frames.items())["rows"].equals(ROWS)
    assert (frames.on_disk("adsl"), frames.on_disk("rows")) == (False, True)
    assert columns_of(frames, "rows") == columns_of({"rows": ROWS}, "rows") == ["USUBJID", "KIND"]
    assert rows_of(frames, "rows").filter(KIND="b").collect().rows() == [("1", "b")]
    more = copied(frames)
    more["adsl"] = ADSL.head(1)
    del more["rows"]
    assert list(more) == ["adsl"]
    assert (len(frames), "rows" in frames, frames.get("other")) == (2, True, None)
    assert frames["adsl"].height == 3


def test_rows_behind_a_number_are_those_of_the_frame_in_memory(tmp_path: Path) -> None:
    held = {"adsl": ADSL, "rows": ROWS}
    for where in ("KIND = 'a'", "SEX = 'F' AND KIND = 'a'"):
        found = rows_behind(on_disk(tmp_path), "rows", where)
        assert found.equals(rows_behind(held, "rows", where))
    assert found.rows() == [("1", "a", "F")]


def test_positions_are_looked_for_again_when_their_frame_or_adsl_changes(tmp_path: Path) -> None:
    numbers = pl.DataFrame({"frame": ["rows", "none"], "where": ["SEX = 'F' AND KIND = 'a'"] * 2,
                            "having": [None, None]}, schema_overrides={"having": pl.String})  # fmt: skip
    frames = on_disk(tmp_path)
    assert row_positions(frames, numbers) == row_positions(frames, numbers) == [[1], None]
    frames["adsl"] = ADSL.with_columns(SEX=pl.lit("F"))
    assert row_positions(frames, numbers) == [[0, 1], None]
    frames["rows"] = ROWS.reverse()
    assert row_positions(frames, numbers) == [[2, 3], None]
    assert row_positions(copied(frames), numbers) == [[2, 3], None]


def test_having_picks_subjects_by_how_many_rows_they_have() -> None:
    held = {"adsl": ADSL, "rows": ROWS}
    numbers = pl.DataFrame({"frame": ["rows"] * 3, "where": ["KIND IN ('a', 'b')"] * 2 + ["KIND = 'a'"],
                            "having": ["ROWS IN (2)", "ROWS IN (1)", "ROWS IN (2)"]})  # fmt: skip
    assert row_positions(held, numbers) == [[1, 2], [0], []]
    for where, having, people in (
        ("KIND IN ('a', 'b')", "ROWS IN (2)", {"1"}),
        ("KIND = 'a'", "ROWS IN (1)", {"1", "2"}),
    ):
        found = rows_behind(held, "rows", where, having)
        assert set(found["USUBJID"]) == people
        assert "ROWS" not in found.columns


def test_files_are_the_same_bytes_however_the_rows_come(tmp_path: Path) -> None:
    big = pl.DataFrame({"USUBJID": pl.int_range(250_000, eager=True).cast(pl.String), "AVAL": [1.5] * 250_000})
    for k in range(3):
        big.slice(k * 90_000, 90_000).write_parquet(tmp_path / f"{k}.pq", compression="lz4")
    lying = Frames()
    lying.put("adtr", pl.scan_parquet([tmp_path / f"{k}.pq" for k in range(3)]))
    pieces = pl.concat([big.head(7), big.slice(7)], rechunk=False)
    written = []
    for name, frames in (("a", {"adtr": big}), ("b", {"adtr": pieces}), ("c", lying)):
        (tmp_path / name).mkdir()
        write_evidence(pl.DataFrame({"id": ["x"]}), frames, tmp_path / name, description={})
        written.append((tmp_path / name / "adtr.parquet").read_bytes())
    assert written[0] == written[1] == written[2]
