"""Levels in their order, numbers and labels of covariates outlive the way into ADaM and back."""

import datetime as dt

import pytest

from codon12.analyses import assemble
from codon12.records import Study
from codon12.standards import export_study

CREATED = dt.datetime(2026, 1, 2)  # noqa: DTZ001 - a file's header has no zone
CONFIG = """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "ID" }
[tables.ADTTE]
file = "patients.csv"
columns = { USUBJID = "ID" }
unit = "months"
times.OS = { time = "MONTHS", status = "DEAD", event = ["1"], censored = ["0"] }
[tables.MORE]
file = "patients.csv"
columns = { USUBJID = "ID" }
[covariates.STAGE]
table = "MORE"
value = "STAGE"
labels = ["mild", "medium", "bad"]
label = "Stage of disease"
[covariates.WEIGHT]
table = "MORE"
value = "WEIGHT"
[populations]
heavy = "WEIGHT > 80"
[analyses.by-stage]
kind = "groups"
title = "Survival by stage"
section = "survival"
endpoint = "OS"
by = ["STAGE"]
[analyses.model]
kind = "cox"
title = "Model"
section = "survival"
endpoint = "OS"
by = ["STAGE", "WEIGHT"]
"""


@pytest.mark.parametrize("form", ["csv", "xpt"])
def test_from_adam_come_the_same_levels_and_numbers(tmp_path, form):
    study = tmp_path / "study"
    study.mkdir()
    rows = [
        f"P{i:02d},{('medium', 'bad', 'mild')[i % 3]},{70 + i % 23},{3 + 7 * i % 31},{int(i % 4 > 0)}"
        for i in range(60)
    ]
    (study / "patients.csv").write_text("ID,STAGE,WEIGHT,MONTHS,DEAD\n" + "\n".join(rows) + "\n")
    (study / "codon12.toml").write_text(CONFIG)
    before = assemble(Study.open(study))
    done = export_study(before.context.study, before, tmp_path / "out", format=form, created=CREATED)
    after = assemble(Study.open(done.folder / "adam"))
    columns = ["id", "label", "n", "N", "value", "lower", "upper"]
    assert before.numbers.select(columns).equals(after.numbers.select(columns))
    ratios = after.numbers.filter(analysis="by-stage", statistic="hr")
    assert ratios["level"].to_list() == ["medium", "bad"]  # against the first of the labels, not of the alphabet
    assert after.frames["adsl"].schema["WEIGHT"].is_numeric()
    assert after.table("baseline") == before.table("baseline")


def test_keys_of_a_define_name_one_record(tmp_path):
    (tmp_path / "dm.csv").write_text("STUDYID,DOMAIN,USUBJID\nS,DM,1\nS,DM,2\n")
    (tmp_path / "ts.csv").write_text("STUDYID,DOMAIN,TSSEQ,TSPARMCD,TSVAL\nS,TS,1,TITLE,a\nS,TS,1,PHASE,b\n")
    (tmp_path / "visits.csv").write_text("USUBJID,DAY\n1,1\n1,2\n")
    (tmp_path / "codon12.toml").write_text('[tables.VISITS]\nfile = "visits.csv"\n')
    from codon12.standards import sdtm_datasets

    data, _ = sdtm_datasets(Study.open(tmp_path))
    assert {d.name: d.keys for d in data} == {
        "DM": ("STUDYID", "USUBJID"), "TS": ("STUDYID", "TSPARMCD", "TSSEQ"), "VISITS": ()
    }  # fmt: skip
