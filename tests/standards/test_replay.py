"""A report repeated by its own record: the same bytes, or what differs, named."""

import json
import shutil
from pathlib import Path

import pytest

from codon12.cli import main
from codon12.errors import InputError
from codon12.report.history import append_history, last_run
from codon12.standards.replay import replay

pytestmark = pytest.mark.requirement("R-STAN-07")


def exit_code(arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    return stop.value.code


@pytest.fixture(scope="module")
def run(hard_study, tmp_path_factory):
    place = tmp_path_factory.mktemp("run")
    shutil.copytree(hard_study.path, place / "study")
    assert exit_code(["report", place / "study", "--out", place / "report", "--no-figures", "--formats", "csv"]) == 0
    return place


@pytest.fixture
def own_run(run, tmp_path):
    shutil.copytree(run, tmp_path / "own")
    return tmp_path / "own"


def test_a_report_is_repeated_to_the_last_byte(run, capsys):
    assert exit_code(["replay", run / "report"]) == 0
    assert "Every file is as it was." in capsys.readouterr().out


def test_a_changed_input_and_what_follows_from_it_are_named(own_run, capsys):
    dm = own_run / "study" / "dm.csv"
    dm.write_text(dm.read_text().replace("T,DM,S1,1,2020-01-01,,,60", "T,DM,S1,1,2020-01-01,,,61"))
    assert exit_code(["replay", own_run / "report", "--study", own_run / "study", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["differences"]
    names = {(d["what"], d["name"]) for d in found}
    assert {("input", "DM dm.csv"), ("file", "evidence.json"), ("file", "tables/baseline.csv")} <= names
    assert ("input", "EX ex.csv") not in names


def test_a_file_changed_after_the_run_is_named_once(own_run):
    table = own_run / "report" / "tables" / "response.csv"
    table.write_text(table.read_text() + "more\n")
    found = replay(own_run / "report", study=own_run / "study")
    assert [(d.what, d.name) for d in found] == [("file", "tables/response.csv")]


def test_the_history_grows_by_a_line_a_run_and_holds_no_subject(own_run):
    history = own_run / "report" / "history.jsonl"
    assert history.read_text().count("\n") == 1
    arguments = ["report", own_run / "study", "--out", own_run / "report", "--no-figures", "--formats", "none"]
    assert exit_code(arguments) == 0
    assert history.read_text().count("\n") == 2
    line = last_run(own_run / "report")
    assert line["options"]["formats"] == []
    assert "history.jsonl" not in line["files"]
    assert "S1" not in history.read_text()
    assert "history.jsonl" not in json.loads((own_run / "report" / "run.json").read_text())["files"]


def test_a_report_and_its_study_move_together_and_no_place_of_the_machine_is_kept(own_run):
    assert last_run(own_run / "report")["study"] == "../study"
    assert str(own_run.parent) not in (own_run / "report" / "history.jsonl").read_text()
    assert not replay(own_run / "report")  # it was written elsewhere


def test_the_way_to_a_report_may_lead_back_over_a_folder_that_is_not_there(own_run):
    way = own_run / "none" / ".." / "other"
    assert exit_code(["report", own_run / "study", "--out", way, "--no-figures", "--formats", "none"]) == 0
    assert not replay(own_run / "other")


def test_of_a_study_in_another_part_of_the_machine_the_name_is_kept(tmp_path):
    append_history(tmp_path, study=Path("/nowhere/of/mine/trial"), config=None, options={})
    assert last_run(tmp_path)["study"] == "trial"


def test_a_name_in_no_encoding_has_a_history(tmp_path):
    append_history(tmp_path, study=Path("/nowhere/St\udcfcdie"), config=None, options={})
    assert last_run(tmp_path)["study"] == "St\udcfcdie"


def test_what_is_no_report_or_has_lost_its_study_is_said(own_run, tmp_path):
    with pytest.raises(InputError, match="is no report of codon12"):
        replay(tmp_path)
    shutil.rmtree(own_run / "study")
    with pytest.raises(InputError, match="the study is not there; give where it lies"):
        replay(own_run / "report")
    (own_run / "report" / "history.jsonl").write_text("[broken\n")
    with pytest.raises(InputError, match="line 1: is no line of a history"):
        replay(own_run / "report")
    (own_run / "report" / "history.jsonl").unlink()
    with pytest.raises(InputError, match="give it as --study"):
        replay(own_run / "report")
