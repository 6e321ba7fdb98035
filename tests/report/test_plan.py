"""What a report takes, told beforehand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from codon12.cli import main
from codon12.errors import UsageError
from codon12.records.config import StudyConfig, read_config
from codon12.records.opening.partition import partition_records
from codon12.records.opening.sizes import table_sizes
from codon12.report.plan import free_memory, plan_of_report

GIB = 2**30


@pytest.fixture
def study(tmp_path: Path) -> Path:
    place = tmp_path / "study"
    place.mkdir()
    (place / "dm.csv").write_text("USUBJID,SEX\n" + "".join(f"P{i},F\n" for i in range(50)))
    pl.DataFrame({"USUBJID": ["P1"] * 7, "TRTESTCD": ["LDIAM"] * 7}).write_parquet(place / "tr.parquet")
    return place


def sizes(folder: Path) -> dict[str, tuple[int, int, bool]]:
    return {s.table: (s.rows, s.columns, s.exact) for s in table_sizes(folder, StudyConfig())[1]}


def test_rows_are_those_of_the_files(study: Path, tmp_path: Path) -> None:
    assert sizes(study) == {"DM": (50, 2, True), "TR": (7, 2, True)}
    partition_records(study, tmp_path / "out", by=20)
    assert sizes(tmp_path / "out") == {"DM": (50, 2, True), "TR": (7, 2, True)}


def test_rows_of_a_large_or_packed_text_are_about_right(study: Path) -> None:
    lines = "".join(f"P{i % 1000:04},{i % 7},{'x' * (i % 90)}\n" for i in range(40_000))
    (study / "ae.csv").write_text("USUBJID,AESEQ,AETERM\n" + lines)
    (study / "cm.csv.gz").write_bytes(gzip.compress(("USUBJID;CMSEQ\n" + lines.replace(",", ";")).encode()))
    found = sizes(study)
    assert found["AE"] == (pytest.approx(40_000, rel=0.05), 3, False)
    assert found["CM"] == (pytest.approx(40_000, rel=0.05), 2, False)


def test_cells_of_two_lines_are_not_counted_as_exact(study: Path) -> None:
    (study / "ae.csv").write_text('USUBJID,AETERM\nP1,"one\ntwo"\n')
    assert sizes(study)["AE"] == (2, 2, False)


def test_a_file_that_cannot_be_measured_stops_nothing(study: Path) -> None:
    (study / "ae.csv").write_bytes(b"")
    (study / "cm.xpt").write_bytes(b"no such thing")
    assert sizes(study)["AE"][0] == sizes(study)["CM"][0] == 0


def test_what_fits_and_what_does_not(study: Path) -> None:
    plan = plan_of_report(study, StudyConfig(), free=GIB)
    assert (plan.subjects, plan.blocks, plan.fits) == (50, 1, True)
    plan.require_room()
    assert plan_of_report(study, StudyConfig(), free=None).fits
    large = pl.DataFrame({"USUBJID": [f"P{i}" for i in range(300_000)]})
    large.with_columns(pl.lit("x").alias(f"C{k}") for k in range(20)).write_parquet(study / "dm.parquet")
    (study / "dm.csv").unlink()
    tight = plan_of_report(study, StudyConfig(), free=GIB // 4)
    assert not tight.fits
    assert tight.blocks == 15
    assert 0 < tight.most < 300_000
    with pytest.raises(UsageError, match=f"about {tight.most:,} of the 300,000 subjects would fit"):
        tight.require_room()
    wide = plan_of_report(study, StudyConfig(), free=100 * GIB)
    assert plan_of_report(study, StudyConfig(), free=wide.memory).fits
    assert wide.most == 300_000
    assert plan_of_report(study, StudyConfig(), free=1).most == 0


def test_a_partitioned_study_is_planned_in_blocks(study: Path, tmp_path: Path) -> None:
    large = pl.DataFrame({"USUBJID": [f"P{i:06}" for i in range(300_000)]})
    large.with_columns(pl.lit("x").alias(f"C{k}") for k in range(20)).write_parquet(study / "dm.parquet")
    (study / "dm.csv").unlink()
    partition_records(study, tmp_path / "parts", by=30_000)
    once = plan_of_report(study, StudyConfig(), free=GIB)
    for workers in (1, 2):
        plan = plan_of_report(tmp_path / "parts", StudyConfig(), free=GIB, workers=workers)
        assert (once.parts, plan.parts, plan.workers, plan.subjects) == (0, 10, workers, 300_000)
    assert plan_of_report(tmp_path / "parts", StudyConfig(), free=GIB, workers=1).memory < once.memory
    assert plan.seconds < plan_of_report(tmp_path / "parts", StudyConfig(), free=GIB, workers=1).seconds


def test_what_cannot_fit_is_refused_with_the_size_of_block_that_would(study: Path, tmp_path: Path) -> None:
    large = pl.DataFrame({"USUBJID": [f"P{i:06}" for i in range(300_000)]})
    large.with_columns(pl.lit("x").alias(f"C{k}") for k in range(20)).write_parquet(study / "dm.parquet")
    (study / "dm.csv").unlink()
    tight = plan_of_report(study, StudyConfig(), free=int(0.3 * GIB))
    assert not tight.fits
    with pytest.raises(UsageError, match=rf"blocks of {tight.fitting:,} patients .*--by {tight.fitting} --out PARTS"):
        tight.require_room()
    partition_records(study, tmp_path / "parts", by=tight.fitting)
    assert plan_of_report(tmp_path / "parts", StudyConfig(), free=int(0.3 * GIB)).fits
    assert tight.fitting < 300_000
    two = plan_of_report(tmp_path / "parts", StudyConfig(), free=int(0.3 * GIB), workers=2)
    with pytest.raises(
        UsageError, match="no size of its blocks would fit; take a machine with more memory, fewer work"
    ):
        two.require_room()
    one = study / "codon12.toml"
    one.write_text('[tables.DM]\nfile = "dm.parquet"\nfill = ["C1"]\n')  # its rows lean on the row above
    with pytest.raises(UsageError, match="would fit at once; take a machine"):
        plan_of_report(study, read_config(study), free=int(0.3 * GIB)).require_room()


def test_free_memory_is_told_here() -> None:
    free = free_memory()
    assert free is None or free > 0


def test_the_command_reads_and_writes_nothing(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for extra in ([], ["--json"]):
        with pytest.raises(SystemExit) as stop:
            main(["report", str(study), "--plan", *extra])
        assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "50 subjects (sdtm)" in said
    assert json.loads(said[said.index("{\n") :])["fits"]
    assert [p.name for p in tmp_path.iterdir()] == ["study"]
    monkeypatch.setattr("codon12.report.plan.free_memory", lambda: 1)
    with pytest.raises(SystemExit) as stop:
        main(["report", str(study), "--plan"])
    assert stop.value.code == 2
    assert "would fit at once" in capsys.readouterr().err


def test_imputations_of_a_model_take_memory(study: Path) -> None:
    """Each keeps a column of every subject at least."""
    model = {"kind": "cox", "endpoint": "OS", "by": ["SEX"]}
    plain = StudyConfig(analyses={"m": model})
    imputed = StudyConfig(analyses={"m": model | {"imputations": 20}})
    without, with_them = (plan_of_report(study, c, free=GIB).memory for c in (plain, imputed))
    assert with_them - without >= 20 * 50 * 8
