"""A partitioned study block by block: the same as at once, whatever stops on the way."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from codon12.analyses.assemble import evidence_of
from codon12.derive import derive, in_blocks
from codon12.derive.in_blocks import WorkedStudy, derive_in_blocks
from codon12.errors import DataError, InputError
from codon12.parallel import Workers
from codon12.parallel.kept_frames import clear, find_kept, keep
from codon12.records import Study
from codon12.records.opening.partition import partition_records

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trust" / "records"

DM = "STUDYID,DOMAIN,USUBJID,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,RFSTDTC\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC\n"
RS = "STUDYID,DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSSTRESC,RSEVAL,RSDTC\n"
TR = "STUDYID,DOMAIN,USUBJID,TRSEQ,TRLNKID,TRGRPID,TRTESTCD,TRSTRESN,TRSTRESU,TREVAL,TRDTC\n"
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AETOXGR,AESTDTC,AEREL,AESER\n"
SUPP = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven subjects of whom each tells something else, and a stranger to DM."""
    folder = tmp_path_factory.mktemp("study")
    who = [f"S-{n}" for n in (4, 2, 7, 1, 3, 6, 5)]
    dm = "".join(f"S,DM,{u},{'AB'[n % 2]},{'AB'[n % 2]},{'AB'[n % 2]},{'AB'[n % 2]},{'NA' if n == 3 else ''},\n"
                 for n, u in enumerate(who))  # fmt: skip
    ex = "".join(f"S,EX,{u},1,A,1,{'mg' if n < 5 else 'g'},2024-01-0{n + 1},{'2024-04-01' if n == 5 else ''}\n"
                 for n, u in enumerate(who))  # fmt: skip
    ex += "S,EX,S-3,2,A,1,mg,2024-01-25,2024-01-25\nS,EX,S-3,3,A,1,mg,2024-02-15,2024-02-15\n"
    ex += "S,EX,S-1,2,A,1,mg,2024-01-25,2024-01-25\nS,EX,S-1,3,A,1,mg,2024-02-15,2024-02-15\n"
    rs = "S,RS,S-5,1,BESTRESP,PR,INVESTIGATOR,2024-03-01\nS,RS,S-6,1,OVRLRESP,SD,CENTRAL,2024-03-01\n"
    rs += "S,RS,S-3,1,OVRLRESP,SD,,2024-03-01\nS,RS,S-1,2,OVRLRESP,SD,,2024-04-01\n"
    rs += "S,RS,S-9,1,OVRLRESP,PD,INVESTIGATOR,2024-03-01\nT,RS,S-1,1,OVRLRESP,PR,INVESTIGATOR,2024-03-01\n"
    tr = "".join(
        f"S,TR,{u},{k},T01,TARGET,LDIAM,{size},mm,INVESTIGATOR,{day}\n"
        for u in ("S-4", "S-7")
        for k, (size, day) in enumerate([("40", "2023-12-20"), ("20", "2024-02-20"), ("x", "2024-03-20")])
    )
    ae = "S,AE,S-4,1,rash,Rash,2,2024-02-01,,Y\nS,AE,S-2,1,rash,RASH,NA,2024-02-01,,\n"
    ae += "S,AE,S-3,1,rash,RASH,1,2024-02-03,,N\nS,AE,S-1,1,cough,Cough,6,NA,,N\n"
    supp = "S,AE,S-1,AESEQ,1,AETRTEM,Y\nS,AE,S-9,AESEQ,1,AEOTHER,Y\n"
    for name, text in {
        "dm": DM + dm, "ex": EX + ex, "rs": RS + rs, "tr": TR + tr, "ae": AE + ae, "suppae": SUPP + supp
    }.items():  # fmt: skip
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture(scope="module")
def parts(study: Path) -> Path:
    """In blocks of two subjects."""
    partition_records(study, study.parent / "parts", by=2)
    return study.parent / "parts"


@pytest.fixture(scope="module")
def halves(study: Path) -> Path:
    """All subjects of DM, and the stranger."""
    partition_records(study, study.parent / "halves", by=7)
    return study.parent / "halves"


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for name, frame in one.items():
        assert frame.schema == other[name].schema, name
        assert frame.equals(other[name], null_equal=True), name


def whole_is(folder: Path, worked: WorkedStudy | None) -> None:
    assert worked is not None
    study = Study.open(folder)
    same(dict(study.tables), dict(worked.study.tables))
    assert study.findings.equals(worked.study.findings)
    assert study.accounting.equals(worked.study.accounting)
    assert study.sources.equals(worked.study.sources)
    one, other = derive(study), worked.derived()
    same(one.frames, other.frames)
    assert one.notes == other.notes
    evidence, in_parts = evidence_of(study, one), evidence_of(worked.study, other)
    assert evidence.numbers.equals(in_parts.numbers, null_equal=True)
    assert evidence.methods == in_parts.methods


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
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
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
