"""A partitioned study block by block: the same as at once, whatever stops on the way."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from blocks_alike import whole_is

from codon12.analyses import Evidence
from codon12.analyses.assemble import evidence_of
from codon12.derive import derive, in_blocks
from codon12.derive.in_blocks import derive_in_blocks
from codon12.errors import DataError, InputError
from codon12.evidence import frames
from codon12.parallel import Workers
from codon12.parallel.kept_frames import clear, find_kept, keep
from codon12.records import Study
from codon12.records.opening.partition import partition_records
from codon12.report import write_report
from codon12.simulate.switch.study import write_study

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trust" / "records"

DM = "STUDYID,DOMAIN,USUBJID,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,RFSTDTC\n"


def test_a_study_in_blocks_is_the_study(halves: Path, tmp_path: Path) -> None:
    worked = derive_in_blocks(halves, tmp_path / "kept", stops=())
    whole_is(halves, worked)
    assert worked is not None
    assert "EXENDTC stands in a record of a dose: yes" in str(worked.decisions)


@pytest.mark.slow
def test_a_study_in_small_blocks_is_the_study(parts: Path, tmp_path: Path) -> None:
    whole_is(parts, derive_in_blocks(parts, tmp_path / "kept", stops=()))


@pytest.mark.slow
def test_what_is_done_is_not_done_again(parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    derived: list[str] = []
    made = in_blocks.derive_block

    def third_fails(study: Study) -> object:
        derived.append(str(study.table("DM")["USUBJID"].to_list()))
        if len(derived) == 3:
            raise KeyboardInterrupt
        return made(study)

    monkeypatch.setattr(in_blocks, "derive_block", third_fails)
    with pytest.raises(KeyboardInterrupt):
        derive_in_blocks(parts, tmp_path, stops=())
    assert len(list(tmp_path.iterdir())) == 2
    assert derive_in_blocks(parts, tmp_path, stops=()) is not None
    first = derived[:3]
    assert derived[3] == first[2]  # it goes on where it stopped
    count = len(derived)
    whole_is(parts, derive_in_blocks(parts, tmp_path, stops=()))
    assert len(derived) == count
    clear(tmp_path)
    assert not tmp_path.exists()


def test_frames_that_lie_on_disk_are_those_held(halves: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "HELD_ROWS", 0)
    worked = derive_in_blocks(halves, tmp_path / "kept", stops=())
    whole_is(halves, worked)
    assert worked is not None
    derived = worked.derived()
    assert isinstance(derived.frames, frames.Frames)
    assert {"adsl", "adtte", "findings"} <= {name for name in derived.frames if derived.frames.on_disk(name)}


def test_errors_stop_before_anything_is_derived_of_the_whole(halves: Path, tmp_path: Path) -> None:
    worked = derive_in_blocks(halves, tmp_path, stops=("warning",))
    assert worked is not None
    assert not worked.is_derived
    with pytest.raises(DataError, match="stop"):
        worked.derived()
    assert worked.study.findings.height


def test_a_study_that_is_not_partitioned_is_worked_at_once(halves: Path, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "dm.csv").write_text(DM)
    assert derive_in_blocks(tmp_path / "s", tmp_path / "kept") is None
    config = tmp_path / "own.toml"
    config.write_text('[tables.AE]\nfile = "ae.csv"\nfill = ["AETERM"]\n')
    assert derive_in_blocks(halves, tmp_path / "kept", config=config) is None


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(InputError, match=r"No space left on device\. What was done before is kept"):
        keep(tmp_path / "a", {"frame": pl.DataFrame({"A": [1]})})
    assert not list(tmp_path.iterdir())


def test_what_is_kept_comes_back_and_nothing_else_is_loaded(tmp_path: Path) -> None:
    frame = pl.DataFrame({"A": ["x", None]}).with_columns(B=pl.col("A").cast(pl.Categorical))
    keep(tmp_path / "a", (frame, frozenset("ab")))
    found = find_kept(tmp_path / "a")
    assert found[0].equals(frame)
    assert found[0].schema == frame.schema
    (tmp_path / "a" / "block.pickle").write_bytes(b"cos\nsystem\n(S'echo'\ntR.")
    assert find_kept(tmp_path / "a") is None


@pytest.mark.slow
def test_workers_give_the_same(parts: Path, tmp_path: Path) -> None:
    with Workers(2) as pool:
        whole_is(parts, derive_in_blocks(parts, tmp_path, stops=(), executor=pool))


@pytest.mark.slow
def test_a_cluster_gives_the_same(parts: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        whole_is(parts, derive_in_blocks(parts, tmp_path, stops=(), executor=client.get_executor(pure=False)))


@pytest.mark.slow
@pytest.mark.parametrize("by", [1, 2])
@pytest.mark.parametrize(
    "case", ["ae_occur", "cm", "cross", "dm_ae", "dth_ae", "ex_ongoing", "na_csv", "nt_check", "rs_acptN", "tr_node"]
)
def test_hand_made_folders_in_blocks_are_the_studies(case: str, by: int, tmp_path: Path) -> None:
    if not (CASES / case).is_dir():
        pytest.skip("needs ../shared/cases/trust/records, which is not beside this checkout")
    partition_records(CASES / case, tmp_path / "parts", by=by)
    whole_is(tmp_path / "parts", derive_in_blocks(tmp_path / "parts", tmp_path / "kept", stops=()))


@pytest.mark.slow
@pytest.mark.parametrize("held", [0, 20_000])
def test_reports_of_1_7_and_64_blocks_are_the_same_bytes(
    held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "HELD_ROWS", held)
    write_study(tmp_path / "study", patients=64, seed=3)
    written: list[dict[str, bytes]] = []
    with Workers(2) as pool:
        for by, executor in ((64, None), (10, None), (1, pool)):
            parts = tmp_path / f"parts-{by}"
            if not parts.exists():
                partition_records(tmp_path / "study", parts, by=by)
            worked = derive_in_blocks(parts, tmp_path / f"kept-{len(written)}", stops=(), executor=executor)
            assert worked is not None
            assert len(worked.places) == -(-64 // by)  # none of rows of nobody
            written.append(files_of(evidence_of(worked.study, worked.derived()), tmp_path / "out"))
    study = Study.open(tmp_path / "study")
    written.append(files_of(evidence_of(study, derive(study)), tmp_path / "out"))
    assert {"adsl.parquet", "adrs.parquet", "adtr.parquet", "evidence.json", "report.html"} <= written[0].keys()
    for other in written[1:]:
        assert {k for k, v in written[0].items() if other[k] != v} == set()


def files_of(evidence: Evidence, out: Path) -> dict[str, bytes]:
    write_report(evidence, out, figures=False, formats=("csv",))
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_blocks_kept_by_another_build_are_made_again(
    halves: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr("codon12.derive.in_blocks.build", lambda: "another")
        old = derive_in_blocks(halves, tmp_path / "kept", stops=())
    new = derive_in_blocks(halves, tmp_path / "kept", stops=())
    again = derive_in_blocks(halves, tmp_path / "kept", stops=())
    assert old is not None
    assert new is not None
    assert again is not None
    assert not set(old.places) & set(new.places)
    assert list(new.places) == list(again.places)
