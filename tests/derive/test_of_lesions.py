"""Subjects and lesions without a study folder: the same frames however they are cut, laid and worked."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from codon12.derive import Context, frames_from
from codon12.derive.subject_blocks import blocks_in_files, blocks_in_memory
from codon12.errors import UsageError
from codon12.evidence import frames as kept_frames
from codon12.records import StudyConfig

START = dt.date(2024, 1, 1)
DAYS = [START, dt.date(2024, 2, 12), dt.date(2024, 3, 25), dt.date(2024, 5, 6)]
SIZES = {"1": [40, 20, 18, 30], "2": [30, 30, 31, 40], "4": [50, 20, 10, 10], "5": [20, 21, 20, 20], "6": [30, 9, 9, 9]}
NAMES = ("adsl", "adrs", "adtr", "adtte")


@pytest.fixture(scope="module")
def adsl() -> pl.DataFrame:
    """Subject 3 has no lesion, subject 5 is nobody's in ADSL."""
    who = ["6", "2", "3", "1", "4"]
    died = [None, dt.date(2024, 6, 1), dt.date(2024, 2, 1), None, None]
    frame = pl.DataFrame({"USUBJID": who, "DTHDT": died, "LSTALVDT": [dt.date(2024, 7, 1)] * 5})
    return frame.with_columns(STARTDT=pl.lit(START), TRTSDT=pl.lit(START), SAFFL=pl.lit("Y"))


@pytest.fixture(scope="module")
def lesions() -> pl.DataFrame:
    rows = [
        (who, reader, "T01", day, float(visit), size)
        for who, sizes in SIZES.items()
        for reader in ("CENTRAL", "INVESTIGATOR")
        for visit, (day, size) in enumerate(zip(DAYS, sizes, strict=True))
    ]
    schema = ["USUBJID", "EVAL", "LESIONID", "ADT", "VISITNUM", "AVAL"]
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("SRCROW", offset=1)
    return frame.with_columns(pl.col("AVAL").cast(pl.Float64), GROUP=pl.lit("TARGET"), AVALC=pl.lit(None, pl.String))


@pytest.fixture(scope="module")
def at_once(adsl: pl.DataFrame, lesions: pl.DataFrame) -> Context:
    return frames_from(StudyConfig(), adsl, lesions=lesions)


def same(found: Context, wanted: Context) -> None:
    assert (found.evaluators, found.best_response) == (wanted.evaluators, wanted.best_response)
    for name in NAMES:
        assert found.frames[name].equals(wanted.frames[name]), name


def test_what_is_derived_at_once(at_once: Context) -> None:
    best = at_once.frames["adrs"].filter(PARAMCD="CBOR", EVAL="CENTRAL")
    assert dict(best.select("USUBJID", "AVALC").iter_rows()) == {
        "1": "PR", "2": "SD", "3": "MISSING", "4": "PR", "6": "PR",
    }  # fmt: skip
    marked = at_once.frames["adtr"].filter(RESPONDERFL="Y")["USUBJID"].unique().sort().to_list()
    assert marked == ["1", "4", "6"]
    assert at_once.frames["adtte"].filter(PARAMCD="OS").height == 5


@pytest.mark.parametrize("block", [1, 2, 4])
def test_the_size_of_a_block_changes_nothing(adsl, lesions, at_once: Context, block: int) -> None:
    same(frames_from(StudyConfig(), adsl, lesions=lesions, block=block), at_once)


def test_rows_may_stand_in_any_order(adsl, lesions, at_once: Context) -> None:
    mixed = lesions.sample(fraction=1, shuffle=True, seed=1)
    same(frames_from(StudyConfig(), adsl, lesions=mixed, block=2), at_once)


def test_frames_may_lie_on_disk_and_be_derived_by_others(
    adsl, lesions, at_once: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_frames, "HELD_ROWS", 0)
    with ThreadPoolExecutor(2) as pool:
        found = frames_from(StudyConfig(), adsl, lesions=lesions, folder=tmp_path, block=2, executor=pool)
    same(found, at_once)
    assert len(list(tmp_path.glob("*/table-frame.adrs.parquet"))) == 3


@pytest.mark.parametrize("on_disk", [False, True])
def test_lesions_may_come_in_files(adsl, lesions, at_once: Context, tmp_path: Path, on_disk: bool) -> None:
    files = []
    for name, own in (("b", ["2", "6"]), ("a", ["1", "5"]), ("c", ["4"])):  # ranges that overlap
        files.append(tmp_path / f"{name}.parquet")
        lesions.filter(pl.col("USUBJID").is_in(own)).write_parquet(files[-1])
    folder = tmp_path / "frames" if on_disk else None
    same(frames_from(StudyConfig(), adsl, lesions=files, folder=folder, block=2), at_once)


def test_a_subject_in_two_files_is_refused(adsl, lesions, tmp_path: Path) -> None:
    for name in ("a", "b"):
        lesions.filter(USUBJID="2").write_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(UsageError, match="subject 2 stands in two files"):
        frames_from(StudyConfig(), adsl, lesions=[tmp_path / "a.parquet", tmp_path / "b.parquet"])
    with pytest.raises(UsageError, match="there is no file"):
        frames_from(StudyConfig(), adsl, lesions=[])


def test_rows_of_nobody_are_in_a_block(adsl, lesions) -> None:
    named = lesions.with_columns(USUBJID=pl.when(pl.col("USUBJID") != "4").then("USUBJID"))
    blocks = blocks_in_memory(adsl, named, 2)
    assert [own["USUBJID"].to_list() for own, _ in blocks] == [["2", "1"], ["3", "4"], ["6"], []]
    assert [rows["USUBJID"].unique().sort().to_list() for _, rows in blocks] == [["1", "2"], [], ["5", "6"], [None]]


def test_subjects_without_lesions_are_in_a_block_of_their_own(adsl, lesions, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    lesions.filter(USUBJID="1").write_parquet(file)
    blocks = blocks_in_files(adsl, [file], 3)
    assert [own["USUBJID"].to_list() for own, _ in blocks] == [["1"], ["6", "2", "3"], ["4"]]
    assert blocks[0][1] == file
