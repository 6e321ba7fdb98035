from __future__ import annotations

import hashlib
import json

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.evidence.provenance import row_positions
from codon12.report import pseudonyms, write_report

from .studies import evidence_of, write_study

pytestmark = pytest.mark.requirement("R-OUTP-01")

NAMES = [f"SITE7-{1000 + i}" for i in range(12)]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return evidence_of(write_study(tmp_path_factory.mktemp("study"), NAMES))


@pytest.fixture(scope="module")
def folder(evidence, tmp_path_factory):
    return write_report(evidence, tmp_path_factory.mktemp("out") / "report", formats=("csv", "xlsx", "svg")).parent


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_report_holds_all_its_parts(folder):
    have = set(digests(folder))
    assert {"report.html", "run.json", "evidence.parquet", "evidence.json", "findings.csv"} <= have
    assert {f"{x}.parquet" for x in ("adsl", "adtr", "adrs", "adtte", "adae")} <= have
    assert {f"figures/{x}.svg" for x in ("waterfall", "swimmer", "spider", "pfs", "os", "dor", "forest")} <= have
    assert {"tables/tables.xlsx", "tables/response.csv", "tables/baseline.csv"} <= have


def test_same_input_same_bytes(evidence, folder, tmp_path):
    again = write_report(evidence, tmp_path / "elsewhere", formats=("csv", "xlsx", "svg")).parent
    assert digests(again) == digests(folder)


def test_masked_output_holds_no_identifier_in_any_file(evidence, tmp_path):
    out = write_report(evidence, tmp_path / "masked", mask_ids=True, formats=("csv", "xlsx", "svg")).parent
    for path in out.rglob("*"):
        if path.suffix == ".parquet":
            text = pl.read_parquet(path).write_json()
        elif path.suffix == ".xlsx":
            text = pl.read_excel(path, sheet_id=0).__repr__()
        elif path.is_file():
            text = path.read_text(encoding="utf-8")
        else:
            continue
        assert "SITE7" not in text, path.name
    assert "P0001" in (out / "report.html").read_text(encoding="utf-8")


def test_pseudonyms_do_not_depend_on_row_order():
    ids = pl.Series(["b", "a", "c", "a", None])
    assert pseudonyms(ids) == pseudonyms(ids.reverse())
    assert sorted(pseudonyms(ids).values()) == ["P0001", "P0002", "P0003"]


def test_rows_behind_a_number_are_those_of_its_subjects(evidence):
    rows = row_positions(evidence.frames, evidence.numbers)
    for number, behind in zip(evidence.numbers.to_dicts(), rows, strict=True):
        if behind is not None:
            subjects = evidence.frames[number["frame"]]["USUBJID"].gather(behind).unique().sort().to_list()
            assert subjects == sorted(number["subjects"]), number["id"]


def test_the_run_record_names_inputs_versions_and_policies_and_no_moment(folder):
    record = json.loads((folder / "run.json").read_text())
    assert {s["TABLE"] for s in record["inputs"]} >= {"DM", "TR", "RS"}
    assert all(len(s["SHA256"]) == 64 for s in record["inputs"])
    assert record["versions"]["codon12"]
    assert {"response", "survival", "safety", "rounding"} <= set(record["policies"])
    assert "tmp" not in json.dumps(record)


def test_unknown_format_is_refused_before_anything_is_written(evidence, tmp_path):
    with pytest.raises(UsageError, match="gif"):
        write_report(evidence, tmp_path / "out", formats=("gif",))
    assert not (tmp_path / "out").exists()


def test_without_figures_the_tables_are_still_there(evidence, tmp_path):
    out = write_report(evidence, tmp_path / "plain", figures=False, formats=("csv",)).parent
    assert not (out / "figures").exists()
    assert (out / "tables" / "response.csv").is_file()


def test_word_and_rtf_on_request(evidence, tmp_path):
    pytest.importorskip("docx", reason="python-docx is an extra")
    pytest.importorskip("rtflite", reason="rtflite is an extra")
    out = write_report(evidence, tmp_path / "docs", figures=False, formats=("docx", "rtf")).parent
    assert (out / "tables" / "tables.docx").is_file()
    assert (out / "tables" / "response.rtf").read_text().isascii()


def test_the_run_record_lists_every_file(folder):
    record = json.loads((folder / "run.json").read_text())
    assert record["files"] == sorted(digests(folder))


def test_another_study_report_takes_its_place_and_a_note_in_it_stays(evidence, tmp_path):
    out = write_report(evidence, tmp_path / "report", figures=False, formats=("csv",)).parent
    (out / "note.txt").write_text("mine")
    write_report(evidence, out, figures=False, formats=())
    assert not (out / "tables").exists()
    assert (out / "note.txt").read_text() == "mine"


def test_a_folder_of_another_program_with_a_run_record_is_refused(evidence, tmp_path):
    (tmp_path / "run.json").write_text('{"command": ["train.py"], "files": ["model.bin"]}')
    (tmp_path / "model.bin").write_text("weeks of work")
    with pytest.raises(UsageError, match="did not write"):
        write_report(evidence, tmp_path, figures=False, formats=())
    assert (tmp_path / "model.bin").read_text() == "weeks of work"
