"""CDISC CORE as a program of its own: what it reports becomes findings, what it says when it fails is told."""

import json
import stat
import sys

import pytest

from codon12.cli import main
from codon12.errors import InputError, UsageError
from codon12.records import Study
from codon12.standards import core_findings
from codon12.standards.core import read_core_report

REPORT = {
    "Conformance_Details": {"CORE_Engine_Version": "0.9"},
    "Issue_Summary": [],
    "Issue_Details": [
        {
            "core_id": "CORE-000001", "message": "AESEQ is not unique", "executability": "fully executable",
            "dataset": "ae.xpt", "USUBJID": "S1", "row": 2, "SEQ": 2, "variables": ["AESEQ"], "values": ["1"],
        },
        {"core_id": "CORE-000002", "message": "no TS", "dataset": "", "USUBJID": "", "row": "", "variables": [], "values": []},
    ],
}  # fmt: skip


@pytest.fixture
def program(tmp_path):
    """A stand-in for CORE: it checks what it is called with and writes a report."""

    def make(body):
        path = tmp_path / "core"
        path.write_text(f"#!{sys.executable}\nimport json, pathlib, sys\narguments = sys.argv[1:]\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


WRITES = f"""
assert arguments[:5] == ["validate", "-s", "sdtmig", "-v", "3-4"], arguments
assert pathlib.Path(arguments[6], "dm.xpt").is_file()
pathlib.Path(arguments[8] + ".json").write_text(json.dumps({REPORT!r}))
"""


def test_its_report_becomes_findings(exported, program):
    found = core_findings(Study.open(exported("xpt").folder / "sdtm"), program(WRITES))
    first, second = found.rows(named=True)
    assert (first["TABLE"], first["ROW"], first["USUBJID"], first["VARIABLE"], first["VALUE"]) == (
        "AE", 2, "S1", "AESEQ", "1"
    )  # fmt: skip
    assert first["MESSAGE"] == "CORE CORE-000001: AESEQ is not unique"
    assert (second["TABLE"], second["ROW"], second["USUBJID"]) == ("STUDY", None, None)


def test_the_verb_lists_them(exported, program, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["validate", str(exported("xpt").folder / "sdtm"), "--core", str(program(WRITES)), "--json"])
    assert stop.value.code == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert sorted(r["table"] for r in rules if r["rule"] == "core-rule") == ["AE", "STUDY"]


def test_a_failure_is_told_with_its_last_words(exported, program):
    study = Study.open(exported("xpt").folder / "sdtm")
    with pytest.raises(InputError, match="core: gave no report: no rules for 3-4"):
        core_findings(study, program("print('starting'); sys.exit('no rules for 3-4')"))
    with pytest.raises(UsageError, match="no such program"):
        core_findings(study, program("").with_name("absent"))


def test_files_that_it_does_not_read_are_named(hard_study, program):
    with pytest.raises(UsageError, match="run `codon12 export` first"):
        core_findings(hard_study, program(WRITES))


@pytest.mark.parametrize("text", ["no json", "[]", "{}"])
def test_what_is_no_report_is_refused(tmp_path, text):
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(InputError, match="is no JSON report of CORE"):
        read_core_report(path)
