"""codon12 validate: the findings of a report, without the report."""

import json

import polars as pl
import pytest

from codon12 import cli
from codon12.analyses import assemble, study_findings
from codon12.records import Study


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(a) for a in arguments])
    out = capsys.readouterr()
    return stopped.value.code, out.out, out.err


@pytest.fixture
def registry(tmp_path):
    (tmp_path / "patients.csv").write_text(
        "id,sex,age,months,dead\n=1+1,F,61,3.5,1\nB,M,200,4,0\nC,F,50,-1,0\nD,F,51,2,maybe\nE,M,52,2,1\n"
    )
    (tmp_path / "codon12.toml").write_text(
        """format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "id", SEX = "sex", AGE = "age" }
[tables.ADTTE]
file = "patients.csv"
columns = { USUBJID = "id" }
unit = "months"
times.OS = { time = "months", status = "dead", event = ["1"], censored = ["0"] }
"""
    )
    return tmp_path


def test_warnings_are_listed_with_remedies_and_exit_0(capsys, registry):
    code, out, _ = run(capsys, "validate", registry)
    assert code == 0
    assert "warning  age-absurd  1 in ADSL, patients.csv, 1 subject" in out
    assert "    ADSL row 2: AGE 200.0 is outside 0 to 120; it was used as given. (B)" in out
    assert "    -> Correct the age, or map the column that holds years." in out
    assert out.splitlines()[-1].startswith("0 errors, 3 warnings")


def test_errors_exit_1_and_come_first(capsys, registry):
    (registry / "patients.csv").write_text("id,sex,age,months,dead\nA,F,61,3,1\nA,F,210,3,1\n")
    code, out, err = run(capsys, "validate", registry)
    assert code == 1
    assert out.startswith("error  ")
    assert "duplicated-subject" in out
    assert "errors stop a report" in err


def test_wrong_input_exits_2(capsys, tmp_path):
    assert run(capsys, "validate", tmp_path / "none")[0] == 2
    code, out, err = run(capsys, "validate", tmp_path)
    assert (code, out) == (2, "")
    assert "no study was recognised" in err


def test_json_counts_every_finding(capsys, registry):
    code, out, _ = run(capsys, "validate", registry, "--json", "--rows", 1)
    body = json.loads(out)
    assert code == 0
    assert sum(r["findings"] for r in body["rules"]) == sum(body["counts"].values())
    absurd = next(r for r in body["rules"] if r["rule"] == "age-absurd")
    assert absurd["first"][0]["ROW"] == 2
    assert absurd["remedy"]


def test_csv_has_every_finding_inert(capsys, registry, tmp_path):
    (registry / "patients.csv").write_text("id,sex,age,months,dead\n=1+1,F,161,3,1\nB,F,21,3,1\n")
    out = tmp_path / "findings.csv"
    assert run(capsys, "validate", registry, "--out", out)[0] == 0
    rows = pl.read_csv(out)
    assert rows["RULE"].to_list() == ["age-absurd"]
    assert not rows["USUBJID"][0].startswith("=")
    assert run(capsys, "validate", registry, "--out", tmp_path / "no" / "f.csv")[0] == 2


def test_a_page_shows_the_first_of_each_rule_and_what_to_do_with_text_inert(capsys, registry, tmp_path):
    (registry / "patients.csv").write_text("id,sex,age,months,dead\n<script>alert(1)</script>,F,161,3,1\nB,F,21,3,1\n")
    out = tmp_path / "findings.html"
    code, _, err = run(capsys, "validate", registry, "--out", out)
    assert code == 0
    assert f"the page is {out}" in err
    page = out.read_text()
    assert "age-absurd" in page
    assert "Correct the age" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "0 errors, 1 warning, 0 notes" in page


def test_findings_are_those_of_the_report(registry):
    study = Study.open(registry)
    assert study_findings(study).equals(assemble(study).frames["findings"])


@pytest.mark.parametrize(("typed", "meant"), [("raport", "report"), ("Validate", "validate"), ("vaildate", "validate")])
def test_a_misspelt_verb_names_the_nearest(capsys, typed, meant):
    code, out, err = run(capsys, typed)
    assert (code, out) == (2, "")
    assert f"Did you mean '{meant}'?" in err


def test_a_population_that_names_no_column_is_an_error_of_the_configuration(capsys, registry):
    with (registry / "codon12.toml").open("a") as file:
        file.write('[populations]\nolder = "AEG > 60"\n')
    for verb in (("validate", registry), ("report", registry, "--out", registry / "out", "--no-figures")):
        code, out, err = run(capsys, *verb)
        assert (code, out) == (2, "")
        assert "populations.older" in err
        assert "AGE" in err
