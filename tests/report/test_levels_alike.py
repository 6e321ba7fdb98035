"""Levels that would print as one: nobody is lost from a table."""

from __future__ import annotations

import pytest

from codon12.analyses import assemble
from codon12.records import Study

from .randomised import study

ADSL = "USUBJID,TRT01P,SEX,SITE\n1,A,F,NORTH\n2,A,Female,North\n3,A,M,North\n4,A,male,South\n5,A,F,\n6,A,U,Missing\n"
CONFIG = """
[analyses.baseline]
by = ["SEX", "SITE"]
[analyses.across]
kind = "baseline"
title = "By site"
section = "patients"
across = "SITE"
by = ["SEX"]
"""


@pytest.fixture
def evidence(tmp_path):
    (tmp_path / "adsl.csv").write_text(ADSL)
    (tmp_path / "codon12.toml").write_text(CONFIG)
    return assemble(Study.open(tmp_path))


def cells(evidence):
    return {r.label: r.cells[0].text for r in evidence.table("baseline").rows if not r.heading}


def test_words_of_one_sex_are_one_level(evidence, tmp_path):
    rows = cells(evidence)
    assert [(label, rows[label]) for label in ("Female", "Male", "Unknown")] == [
        ("Female", "3 (50.0)"), ("Male", "2 (33.3)"), ("Unknown", "1 (16.7)")
    ]  # fmt: skip
    found = Study.open(tmp_path).findings.filter(RULE="level-spelling")
    assert found.select("ROW", "VALUE").rows() == [(2, "Female"), (4, "male")]


def test_levels_that_print_alike_keep_their_rows_and_columns(evidence):
    rows = cells(evidence)
    counts = [rows[label] for label in ("North", "NORTH", "South", "Missing", "Missing (no value)")]
    assert counts == ["2 (33.3)", *["1 (16.7)"] * 4]
    heads = [c.label for c in evidence.table("across").columns]
    assert sorted(heads) == ["Missing", "Missing (no value)", "NORTH", "North", "South", "Total"]


def test_groups_and_subgroups_keep_levels_that_print_alike(tmp_path):
    rows = [
        f"{i},{'AB'[i % 2]},{site},{i + 1},{i % 3 > 0:d}"
        for i, site in enumerate(("NORTH", "North", "Missing", "") * 6)
    ]
    (tmp_path / "r.csv").write_text("ID,Arm,Site,T,S\n" + "\n".join(rows) + "\n")
    (tmp_path / "codon12.toml").write_text(
        """
format = "tables"
[tables.ADSL]
file = "r.csv"
columns = { USUBJID = "ID", TRT01P = "Arm", TRT01A = "Arm", SITE = "Site" }
constants = { RANDFL = "Y", SAFFL = "Y" }
[tables.ADTTE]
file = "r.csv"
columns = { USUBJID = "ID" }
unit = "months"
times.OS = { time = "T", status = "S", event = ["1"], censored = ["0"] }
[analyses.by-site]
kind = "groups"
title = "By site"
section = "biomarkers"
endpoint = "OS"
by = ["SITE"]
[analyses.subgroup-effects-os]
by = ["SITE"]
"""
    )
    evidence = assemble(Study.open(tmp_path))
    labels = [r.label for r in evidence.table("by-site").rows]
    assert sorted(labels[1:4]) == ["Missing", "NORTH", "North"]
    labels = [r.label for r in evidence.table("subgroup-effects-os").rows]
    assert sorted(labels[2:]) == ["Missing", "Missing (no value)", "NORTH", "North"]


def test_levels_that_the_configuration_does_not_list_come_after_those_it_does(tmp_path):
    made, frame = study(tmp_path, '[[subgroups]]\nvariable = "SEX"\nlevels = ["M"]\n')
    told = made.numbers.filter(analysis="subgroups", endpoint="orr", kind="rate", group="SEX")
    sizes = dict(frame["SEX"].value_counts().iter_rows())
    assert dict(told.select("level", "N").iter_rows()) == {"all assessed": 60, "M": sizes["M"], "F": sizes["F"]}
