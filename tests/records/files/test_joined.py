"""Columns joined from another file: deaths in a list of their own, the last of several visits."""

import polars as pl
import pytest

from codon12.errors import ConfigError
from codon12.records import Study

CONFIG = """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "ID", DTHDT = "Died" }
[tables.ADSL.join.deaths]
file = "deaths.csv"
key = "Case"
on = "ID"
columns = { Died = "Date" }
dates = { Date = "%d.%m.%Y" }
"""


def study(home, deaths, more="", config=CONFIG):
    (home / "patients.csv").write_text("ID,Sex\nA,F\nB,M\nC,F\n")
    (home / "deaths.csv").write_text(deaths)
    (home / "codon12.toml").write_text(config + more)
    return Study.open(home)


def dates(opened):
    return dict(opened.tables["ADSL"].select("USUBJID", pl.col("DTHDT").cast(pl.String)).rows())


def test_a_row_has_what_the_row_of_its_key_says(tmp_path):
    opened = study(tmp_path, "Case,Date\nB,03.02.2021\nB,03.02.2021\n")
    assert dates(opened) == {"A": None, "B": "2021-02-03", "C": None}
    row = opened.accounting.filter(TABLE="ADSL.deaths").row(0, named=True)
    assert (row["ROWS_READ"], row["ROWS_USED"], row["ROWS_EXPLAINED"]) == (2, 1, 1)
    assert opened.sources.filter(TABLE="ADSL.deaths")["FILE"].to_list() == ["deaths.csv"]


def test_a_key_of_nobody_and_rows_that_disagree_are_findings_and_not_used(tmp_path):
    opened = study(tmp_path, "Case,Date\nX,01.01.2021\nB,03.02.2021\nB,04.02.2021\n")
    assert dates(opened) == {"A": None, "B": None, "C": None}
    told = opened.findings.filter(pl.col("TABLE") == "ADSL.deaths").select("RULE", "ROW", "VALUE").rows()
    assert sorted(told) == [
        ("joined-key-unknown", 1, "X"),
        ("joined-rows-disagree", 2, "B"),
        ("joined-rows-disagree", 3, "B"),
    ]


@pytest.mark.parametrize(("pick", "day"), [("last", "2021-02-04"), ("first", "2020-12-05")])
def test_the_first_or_last_by_date_counts(tmp_path, pick, day):
    more = f'pick = "{pick}"\norder = "Date"\n'
    opened = study(tmp_path, "Case,Date\nB,04.02.2021\nB,05.12.2020\nB,\n", more)
    assert dates(opened)["B"] == day


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "Case"', 'key = "Patient"', "no column 'Patient'"),
        ('columns = { Died = "Date" }\ndates', 'columns = { Sex = "Date" }\ndates', "already has Sex"),
        ('on = "ID"', 'on = "ID"\npick = "last"', "need 'order'"),
    ],
)
def test_what_cannot_be_joined_says_why(tmp_path, old, new, says):
    with pytest.raises(ConfigError, match=says):
        study(tmp_path, "Case,Date\nB,03.02.2021\n", config=CONFIG.replace(old, new))
