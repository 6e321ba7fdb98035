"""A study written and read again has the same numbers, whatever the format; the folder is whole or not there."""

import json
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from codon12.cli import main
from codon12.errors import InputError, UsageError
from codon12.records import Study
from codon12.standards import FORMATS, Agreed, agreed_names, export_study, given_findings, given_metadata

pytestmark = [pytest.mark.requirement("R-STAN-02"), pytest.mark.requirement("R-STAN-03")]

ALL = [f if f in ("xpt", "csv") else pytest.param(f, marks=pytest.mark.slow) for f in FORMATS]
KEYS = ["id", "kind", "n", "N", "value", "lower", "upper", "status"]


def numbers(evidence):
    return evidence.numbers.select(KEYS).sort("id")


def differing(before, after):
    both = numbers(before).join(numbers(after), on="id", suffix="_2")
    same = pl.all_horizontal(pl.col(k).eq_missing(pl.col(f"{k}_2")) for k in KEYS[1:])
    return both.height, both.filter(~same)


@pytest.mark.parametrize("form", ["xpt", pytest.param("ndjson", marks=pytest.mark.slow)])
def test_adam_read_again_has_equal_numbers(hard_evidence, exported, form):
    from codon12.analyses import assemble

    again = assemble(Study.open(exported(form).folder / "adam"))
    n, bad = differing(hard_evidence, again)
    assert bad.is_empty()
    kept = hard_evidence.numbers.filter(
        ~pl.col("id").str.contains("^(exposure|resistance|best_change|change|waterfall|tumour)")
    )
    lost = set(kept["id"]) - set(again.numbers["id"])
    assert not lost
    assert n > 150
    assert not set(again.numbers["id"]) - set(hard_evidence.numbers["id"])


@pytest.mark.parametrize("form", ALL)
def test_sdtm_read_again_is_the_same_study(hard_study, exported, form):
    again = Study.open(exported(form).folder / "sdtm")
    assert set(again.tables) == set(hard_study.tables)
    for name, table in hard_study.tables.items():
        given = again.tables[name].select(table.columns)
        whole = 2 if form == "xpt" and name == "CM" else None  # one text of 250 letters is cut, with a finding
        assert given.head(whole or given.height).equals(table.head(whole or table.height)), name


@pytest.mark.parametrize("form", ALL)
def test_what_is_exported_agrees_with_its_own_define(exported, form):
    for place in ("sdtm", "adam"):
        study = Study.open(exported(form).folder / place)
        assert given_findings(study).is_empty()
        assert given_metadata(study).labels["DM" if place == "sdtm" else "ADSL", "SEX"] == "Sex"


def test_partial_dates_stay_text(exported):
    frame, _ = pyreadstat.read_xport(str(exported("xpt").folder / "sdtm" / "cm.xpt"), output_format="polars")
    assert frame["CMSTDTC"].to_list() == ["2019-12", "2019", "2020-01-05"]
    assert frame["CMDOSE"].to_list() == [0.1, 12.345678901234567, None]


def test_qualifiers_stay_in_their_table(exported):
    frame, _ = pyreadstat.read_xport(str(exported("xpt").folder / "sdtm" / "dm.xpt"), output_format="polars")
    assert "HISTO" not in frame.columns
    supp, _ = pyreadstat.read_xport(str(exported("xpt").folder / "sdtm" / "suppdm.xpt"), output_format="polars")
    assert supp["QVAL"].to_list() == ["ADENO", "SQUAMOUS", "ADENO", "SQUAMOUS", "ADENO"]


def test_findings_and_names_lie_beside(exported):
    done = exported("xpt")
    names = pl.read_csv(done.folder / "names.csv", infer_schema=False)
    assert ("ADSL", "HISTOLOGICAL_TYPE", "HSTLGCLT") in names.select("TABLE", "VARIABLE", "NAME").rows()
    rules = set(pl.read_csv(done.folder / "findings.csv", infer_schema=False)["RULE"])
    assert {"name-shortened", "text-cut", "text-not-ascii", "adam-variable-missing"} <= rules
    record = json.loads((done.folder / "export.json").read_text(encoding="utf-8"))
    assert sorted(p.relative_to(done.folder).as_posix() for p in done.folder.rglob("*") if p.is_file()) == sorted(
        record["files"]
    )


def test_agreed_names_are_used(hard_study, hard_evidence, created, tmp_path):
    table = tmp_path / "names.csv"
    table.write_text("TABLE,VARIABLE,NAME,LABEL\nADSL,HISTOLOGICAL_TYPE,HISTTYP,Histology\n")
    done = export_study(hard_study, hard_evidence, tmp_path / "out", format="csv", agreed=agreed_names(table),
                        created=created)  # fmt: skip
    assert "HISTTYP" in (done.folder / "adam" / "adsl.csv").read_text().splitlines()[0]
    assert not done.findings.filter(RULE="label-shortened", VARIABLE="HISTTYP").height


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TABLE,VARIABLE\nA,B\n", "no column NAME"),
        ("TABLE,VARIABLE,NAME\nA,B,toolongname\n", "row 1: 'toolongname' is no name"),
        ("TABLE,VARIABLE,NAME\nA,B,X\nA,C,X\n", "row 2: X or C stands twice"),
        ("TABLE,VARIABLE,NAME,LABEL\nA,B,X," + "l" * 41 + "\n", "row 1: the label has more than 40 bytes"),
    ],
)
def test_a_wrong_table_of_names_is_refused(tmp_path, text, words):
    path = tmp_path / "names.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        agreed_names(path)


def test_the_same_study_and_date_give_the_same_bytes(hard_study, hard_evidence, exported, created, tmp_path):
    first = exported("xpt").folder
    export_study(hard_study, hard_evidence, tmp_path / "again", created=created)
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(first)).read_bytes(), path.name


def test_somebody_elses_folder_is_refused_and_a_failure_leaves_nothing(hard_study, created, tmp_path, monkeypatch):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "a.txt").write_text("theirs")
    with pytest.raises(UsageError, match="did not write"):
        export_study(hard_study, None, tmp_path / "theirs", created=created)
    with pytest.raises(UsageError, match="unknown format 'sas'; known are xpt"):
        export_study(hard_study, None, tmp_path / "out", format="sas", created=created)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyreadstat, "write_xport", full)
    with pytest.raises(InputError, match="No space left"):
        export_study(hard_study, None, tmp_path / "out", created=created, agreed=Agreed())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["theirs"]


def test_the_verb(hard_study, tmp_path, capsys):
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as stop:
        main(["export", str(hard_study.path), "--out", str(out), "--format", "ndjson", "--sdtm-only", "--json"])
    assert stop.value.code == 0
    said = json.loads(capsys.readouterr().out)
    assert {"standard": "SDTM", "name": "DM", "records": 6} in said["datasets"]
    assert (out / "sdtm" / "dm.ndjson").is_file()
    assert not (out / "adam").exists()


def test_errors_in_the_data_stop_it(tmp_path, capsys):
    (tmp_path / "dm.csv").write_text("STUDYID,DOMAIN,USUBJID\nS,DM,1\nS,DM,1\n")
    with pytest.raises(SystemExit) as stop:
        main(["export", str(tmp_path), "--out", str(tmp_path / "out")])
    assert stop.value.code == 1
    assert "nothing was written" in capsys.readouterr().err
    assert not Path(tmp_path / "out").exists()
