"""A partitioned study is the same study."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.errors import InputError, UsageError
from codon12.records import Study
from codon12.records.opening import partition
from codon12.records.opening.partition import partition_records
from codon12.records.opening.partition_plan import plan_of_partition
from codon12.records.readers import ReadOptions, read_table
from codon12.records.readers.delimited import delimited_slices
from codon12.records.readers.parquet import parquet_slices

EXAMPLES = Path(__file__).parents[2] / "examples"


def written(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_csv", ".csv")).write_text(text)
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return written(
        tmp_path / "study",
        dm_csv="STUDYID,DOMAIN,USUBJID,SEX\nS,DM,A,F\nS,DM,B,M\nS,DM,C,F\n",
        ae_csv="STUDYID,DOMAIN,USUBJID,AETERM,AESTDTC\nS,AE,C,RASH,2020-13-01\nS,AE, A ,NA,2020\nS,AE,Z,COUGH,\nS,AE,,X,\n",
    )


def same(one: Study, two: Study) -> None:
    assert dict(one.tables).keys() == dict(two.tables).keys()
    for name, table in one.tables.items():
        assert table.schema == two.tables[name].schema
        assert table.equals(two.tables[name]), name
    assert one.findings.equals(two.findings)
    assert one.accounting.equals(two.accounting)
    assert one.sources.equals(two.sources)
    assert (one.format, one.config, one.looked_for) == (two.format, two.config, two.looked_for)


@pytest.mark.parametrize("by", [1, 2, 3, 100])
def test_it_opens_as_the_same_study(study: Path, tmp_path: Path, by: int) -> None:
    made = partition_records(study, tmp_path / "out", by=by)
    assert (made.subjects, made.blocks) == (3, -(-3 // by))
    assert made.tables == {"AE": 4, "DM": 3}
    assert made.rest == {"AE": 2}
    same(Study.open(study), Study.open(tmp_path / "out"))


@pytest.fixture
def a_few_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "table_slices", lambda path, options: delimited_slices(path, options, size=20))


@pytest.mark.usefixtures("a_few_rows_at_a_time")
@pytest.mark.parametrize("by", [1, 2])
def test_tables_that_are_read_some_rows_at_a_time(study: Path, tmp_path: Path, by: int) -> None:
    (study / "ae.csv").write_text(
        'STUDYID,DOMAIN,USUBJID,AETERM,AESTDTC\nS,AE,C,RASH\nS,AE,A,"NA\nX",2020,9\n\nS,AE,B,COUGH,2\nS,AE,C,,\nS,AE,A,X,\n'
    )
    made = partition_records(study, tmp_path / "out", by=by)
    assert made.tables == {"AE": 5, "DM": 3}
    assert len(list((tmp_path / "out" / "_parts" / "AE-0").iterdir())) == 5
    same(Study.open(study), Study.open(tmp_path / "out"))
    assert set(Study.open(tmp_path / "out").findings.filter(TABLE="AE")["RULE"]) >= {
        "ragged-row",
        "cells-beyond-header",
    }


@pytest.mark.usefixtures("a_few_rows_at_a_time")
def test_a_table_whose_rows_lean_on_others_is_held_whole(tmp_path: Path) -> None:
    place = written(
        tmp_path / "study", people_csv="id,os\n1,5\n2,7\n", tubes_csv="who,tube\n1,t1\n,t2\n,t3\n,t4\n2,t5\n"
    )
    (place / "codon12.toml").write_text(
        'format = "tables"\n[tables.ADSL]\nfile = "people.csv"\ncolumns = { USUBJID = "id" }\n'
        '[tables.TUBES]\nfile = "tubes.csv"\nfill = ["who"]\ncolumns = { USUBJID = "who" }\n'
    )
    assert plan_of_partition(place, by=1).at_once == ["TUBES (tubes.csv)"]
    made = partition_records(place, tmp_path / "out", by=1)
    assert made.rest == {}
    same(Study.open(place), Study.open(tmp_path / "out"))


@pytest.mark.usefixtures("a_few_rows_at_a_time")
@pytest.mark.parametrize("ended", [KeyboardInterrupt(), InputError("the file went away")])
def test_stopped_in_the_middle_nothing_is_left(study: Path, tmp_path: Path, ended: BaseException) -> None:
    partition_records(study, tmp_path / "out", by=1)
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}

    def stop(said: str) -> None:
        if "ae" in said:
            raise ended

    with pytest.raises(type(ended)):
        partition_records(study, tmp_path / "out", by=2, progress=stop)
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "study"]


def test_the_plan_says_rows_parts_and_memory(study: Path) -> None:
    plan = plan_of_partition(study, by=2, free=2**30)
    assert {s.table: s.rows for s in plan.tables} == {"AE": 4, "DM": 3}
    assert (plan.rows, plan.subjects, plan.blocks, plan.at_once) == (7, 3, 2, [])
    assert plan.fits
    with pytest.raises(UsageError, match="take a machine with more memory"):
        plan_of_partition(study, by=1, free=2**20).require_room()


def test_the_plan_of_a_workbook_is_that_of_the_whole(study: Path) -> None:
    pl.DataFrame({"USUBJID": ["A", "B"], "DSDECOD": ["X", "Y"]}).write_excel(study / "ds.xlsx")
    plan = plan_of_partition(study, by=1, free=0)
    assert plan.at_once == ["DS (ds.xlsx)"]
    with pytest.raises(UsageError, match=r"held as a whole: DS \(ds.xlsx\); save them as CSV"):
        plan.require_room()


def test_findings_name_the_original_file_and_row(study: Path, tmp_path: Path) -> None:
    partition_records(study, tmp_path / "out", by=1)
    opened = Study.open(tmp_path / "out")
    assert opened.findings.filter(TABLE="AE", VARIABLE="AESTDTC")["ROW"].to_list() == [1, 2]
    assert opened.sources.filter(TABLE="AE").select("FILE", "FORMAT").row(0) == ("ae.csv", "text")


def test_each_part_holds_whole_patients(study: Path, tmp_path: Path) -> None:
    partition_records(study, tmp_path / "out", by=2)
    parts = sorted((tmp_path / "out" / "_parts" / "AE-0").iterdir())
    assert [p.name for p in parts] == [
        "block-00000-00000.parquet",
        "block-00001-00000.parquet",
        "block-rest-00000.parquet",
    ]
    assert [pl.read_parquet(p)["USUBJID"].to_list() for p in parts] == [[" A "], ["C"], ["Z", None]]


@pytest.mark.parametrize("example", ["cohort", "codebreak100"])
def test_examples(example: str, tmp_path: Path) -> None:
    partition_records(EXAMPLES / example, tmp_path / example, by=50)
    same(Study.open(EXAMPLES / example), Study.open(tmp_path / example))


@pytest.mark.slow
def test_evidence_is_the_same(tmp_path: Path) -> None:
    place = EXAMPLES / "codebreak100"
    partition_records(place, tmp_path / "codebreak100", by=20)
    one, two = assemble(Study.open(place)), assemble(Study.open(tmp_path / "codebreak100"))
    assert one.numbers.equals(two.numbers)
    assert one.frames.keys() == two.frames.keys()
    assert all(one.frames[k].equals(two.frames[k]) for k in one.frames)


def test_tables_mapped_by_expressions_links_and_merged_cells(tmp_path: Path) -> None:
    place = written(
        tmp_path / "study",
        people_csv="id,os\n1,5\n2,7\n",
        tubes_csv="who,tube\n1,t1\n,t2\n2,t3\n",
        genes_csv="tube,gene\nt3,KRAS\nt2,TP53\nt9,EGFR\n",
    )
    (place / "codon12.toml").write_text(
        'format = "tables"\n[tables.ADSL]\nfile = "people.csv"\nderive = { USUBJID = "\'P-\' || id" }\n'
        '[tables.SAMPLE]\nfile = "tubes.csv"\nfill = ["who"]\nderive = { USUBJID = "\'P-\' || who" }\n'
        'columns = { SAMPLE_ID = "tube" }\n'
        '[tables.MUTATIONS]\nfile = "genes.csv"\ncolumns = { TUBE = "tube" }\nlink = { column = "TUBE" }\n'
    )
    made = partition_records(place, tmp_path / "out", by=1)
    assert made.rest == {"MUTATIONS": 1}  # t9 is nobody's
    same(Study.open(place), Study.open(tmp_path / "out"))


def test_calls_go_with_the_patient_of_their_sample(study: Path, tmp_path: Path) -> None:
    (study / "taken.csv").write_text("USUBJID,SAMPLE\nC,c1\nA,a1\nC,c2\n")
    (study / "calls.csv").write_text(
        "SAMPLE_ID,GENE,KIND\nc2,KRAS,gain\na1,KRAS,gain\nx9,MET,gain\nc1,MET,gain\n,MET,\n"
    )
    (study / "codon12.toml").write_text(
        '[tables.TAKEN]\nfile = "taken.csv"\n[tables.CALLS]\nfile = "calls.csv"\n'
        '[resistance.samples]\ntable = "TAKEN"\nsample = "SAMPLE"\ncalls = "CALLS"\n'
    )
    made = partition_records(study, tmp_path / "out", by=1)
    assert made.rest == {"AE": 2, "CALLS": 2}
    calls = sorted((tmp_path / "out" / "_parts").glob("CALLS-*/*.parquet"))
    assert [pl.read_parquet(p)["SAMPLE_ID"].to_list() for p in calls] == [["a1"], ["c2", "c1"], ["x9", None]]
    same(Study.open(study), Study.open(tmp_path / "out"))


def test_parquet_is_read_in_slices(tmp_path: Path) -> None:
    path = tmp_path / "tr.parquet"
    pl.DataFrame({"USUBJID": list("abcdefg"), "SRCROW": range(7)}).write_parquet(path, row_group_size=2)
    whole = read_table(path, ReadOptions(table="TR"))
    slices = list(parquet_slices(path, ReadOptions(table="TR"), rows=3))
    assert [s.frame.height for s in slices] == [3, 3, 1]
    assert pl.concat([s.frame for s in slices]).equals(whole.frame)
    pl.DataFrame(schema={"USUBJID": pl.String}).write_parquet(path)
    assert [s.frame.columns for s in parquet_slices(path, ReadOptions(table="TR"))] == [["SRCROW", "USUBJID"]]


def test_sequenced_samples_of_a_packed_maf_are_still_named(tmp_path: Path) -> None:
    place = written(
        tmp_path / "study",
        **{
            "meta_study.txt": "name: X\n",
            "data_clinical_sample.txt": "PATIENT_ID\tSAMPLE_ID\np1\ts1\np2\ts2\n",
            "meta_mutations.txt": "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: m.maf.gz\n",
        },
    )
    maf = "#sequenced_samples: s1 s2\nHugo_Symbol\tTumor_Sample_Barcode\nKRAS\ts2\n"
    (place / "m.maf.gz").write_bytes(gzip.compress(maf.encode(), mtime=0))
    made = partition_records(place, tmp_path / "out", by=1)
    assert made.rest == {}
    same(Study.open(place), Study.open(tmp_path / "out"))


def test_a_configuration_kept_elsewhere_goes_along(study: Path, tmp_path: Path) -> None:
    own = tmp_path / "other.toml"
    own.write_text('title = "Mine"\n')
    partition_records(study, tmp_path / "out", by=2, config=own)
    assert Study.open(tmp_path / "out").config.title == "Mine"


def test_asked_for_otherwise_than_it_was_partitioned(study: Path, tmp_path: Path) -> None:
    partition_records(study, tmp_path / "out", by=2)
    with pytest.raises(InputError, match="partition the study again"):
        read_table(tmp_path / "out" / "ae.csv", ReadOptions(table="CM"))


def test_a_part_that_was_changed_or_is_gone_is_said(study: Path, tmp_path: Path) -> None:
    partition_records(study, tmp_path / "out", by=3)
    part = tmp_path / "out" / "_parts" / "AE-0" / "block-00000-00000.parquet"
    pl.read_parquet(part).with_columns(AETERM=pl.lit("OTHER")).write_parquet(part)
    with pytest.raises(InputError, match=r"_parts/AE-0/block-00000-00000.parquet: part of ae.csv was changed"):
        Study.open(tmp_path / "out")
    part.unlink()
    with pytest.raises(InputError, match="is missing"):
        Study.open(tmp_path / "out")


@pytest.mark.parametrize("name", ["../dm.csv", "/etc/passwd", "AE-0/../../x.parquet"])
def test_a_stand_in_cannot_name_files_elsewhere(study: Path, tmp_path: Path, name: str) -> None:
    partition_records(study, tmp_path / "out", by=3)
    place = tmp_path / "out" / "ae.csv"
    place.write_text(place.read_text().replace("AE-0/block-00000-00000.parquet", name))
    with pytest.raises(InputError, match="none of its own"):
        Study.open(tmp_path / "out")
    place.write_text("# codon12 stand-in of ae.csv\n{")
    with pytest.raises(InputError, match="damaged"):
        Study.open(tmp_path / "out")


def test_other_folders_are_refused(study: Path, tmp_path: Path) -> None:
    for out in (study, study / "parts", tmp_path):
        with pytest.raises(UsageError, match=r"lies in the study's folder|did not write"):
            partition_records(study, out, by=1)
    theirs = written(tmp_path / "theirs", note="mine")
    with pytest.raises(UsageError, match="did not write"):
        partition_records(study, theirs, by=1)
    partition_records(study, tmp_path / "out", by=1)
    partition_records(study, tmp_path / "out", by=3)  # its own is replaced
    assert json.loads((tmp_path / "out" / "_parts" / "partition.json").read_text())["blocks"] == 1
    with pytest.raises(UsageError, match="partitioned already"):
        partition_records(tmp_path / "out", tmp_path / "again", by=1)
    with pytest.raises(UsageError, match="give 1 patient"):
        partition_records(study, tmp_path / "none", by=0)
    nobody = written(tmp_path / "nobody", ae_csv="USUBJID,AETERM\nA,X\n")
    (nobody / "codon12.toml").write_text('format = "sdtm"\n')
    with pytest.raises(UsageError, match="no table of subjects"):
        partition_records(nobody, tmp_path / "none", by=1)
    assert not (tmp_path / "none").exists()


def test_links_out_of_the_study_and_hidden_files_are_left(study: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    (study / "link.txt").symlink_to(secret)
    (study / ".hidden").write_text("x")
    (study / "notes.md").write_text("kept")
    partition_records(study, tmp_path / "out", by=1)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["_parts", "ae.csv", "dm.csv", "notes.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_full_disk_leaves_nothing(study: Path, tmp_path: Path) -> None:
    """A file may not be larger than 512 bytes: parts cannot be written, as on a disk that is full."""
    told = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512));"
        "from codon12.cli import main; main(sys.argv[1:])"
    )
    command = [
        sys.executable,
        "-c",
        told,
        "records",
        "partition",
        str(study),
        "--by",
        "1",
        "--out",
        str(tmp_path / "o"),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["study"]
