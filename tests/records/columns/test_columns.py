import datetime as dt

import polars as pl
import pytest

from codon12.records.columns import as_text, is_date, is_number, number, type_columns, unique_names


@pytest.mark.parametrize(
    "name",
    ["TRSEQ", "TRSTRESN", "EXDOSE", "TRDY", "AESTDY", "AEENDY", "VISITNUM", "VISITDY", "AGE", "AVAL", "CNSR", "BASE", "PCHG",
     "ADY", "ASTDY", "DTHADY", "EOSDY", "TRTDURD", "ADURN", "TAETORD", "ASEQ"],
)  # fmt: skip
def test_numbers(name):
    assert is_number(name)


@pytest.mark.parametrize(
    "name",
    ["USUBJID", "AEACN", "STUDY", "REGION", "BODY", "AETOXGR", "TRDTC", "TRSTRESC", "AEDUR", "SITEID", "REFSEQ", "ARMCD",
     "SUBJID", "CODON", "AVALC", "AVALU", "LOCATION", "READY"],
)  # fmt: skip
def test_texts(name):
    assert not is_number(name)


def test_a_number_twin_needs_its_text():
    assert is_number("AVISITN", ["AVISIT", "AVISITN"])
    assert not is_number("AVISITN", ["AVISITN"])


def test_dates():
    assert all(is_date(n) for n in ("ADT", "TRTSDT", "TRTSDTM"))
    assert not any(is_date(n) for n in ("TRDTC", "DT", "DTM", "ADTF"))


def test_names_stay_unique_even_when_the_file_uses_the_spare_name():
    names, findings = unique_names(["A", "a", "A.2", " b "], table="T", file="t.csv")
    assert names == ["A", "A.3", "A.2", "B"]
    assert [f.rule for f in findings] == ["duplicated-column"]


def test_native_types_become_the_text_a_csv_would_hold():
    frame = pl.DataFrame(
        {
            "I": [3, None],
            "F": [3.0, 2.5],
            "D": [dt.date(2014, 1, 2), None],
            "T": [dt.datetime(2014, 1, 2, 3, 4, 5), None],  # noqa: DTZ001 - files hold local times
            "B": [True, False],
            "S": ["  x ", "   "],
            "C": pl.Series(["a", None], dtype=pl.Categorical),
            "N": [float("nan"), 0.1],
            "SRCROW": [1, 2],
        }
    )
    assert as_text(frame).rows() == [
        ("3", "3", "2014-01-02", "2014-01-02T03:04:05", "Y", "x", "a", None, 1),
        (None, "2.5", None, None, "N", None, None, "0.1", 2),
    ]


def test_a_text_in_a_numeric_column_is_a_finding_with_the_text():
    frame = pl.DataFrame({"USUBJID": ["1", "2", "3", "4"], "AVAL": ["1.5", "high", "NA", "."], "SRCROW": [1, 2, 3, 4]})
    typed, found = type_columns(frame, table="ADX", file="adx.csv")
    assert typed["AVAL"].to_list() == [1.5, None, None, None]
    assert found.select("ROW", "USUBJID", "RULE", "SEVERITY", "VALUE").rows() == [
        (2, "2", "not-a-number", "warning", "high"),
        (3, None, "text-says-missing", "note", "NA"),
    ]
    assert "adx.csv, row 2" in found["MESSAGE"][0]


def test_numbers_are_finite_and_decimal_commas_are_asked_for():
    values = pl.DataFrame({"X": ["1,5", "inf", "nan", "1e400", "-2"]})
    assert values.select(number("X")).to_series().to_list() == [None, None, None, None, -2.0]
    assert values.select(number("X", decimal=",")).to_series().to_list() == [1.5, None, None, None, -2.0]


def test_adam_dates_from_text_and_from_sas_numbers():
    frame = pl.DataFrame(
        {
            "ADT": ["2014-02-03", "19757", "19757.0", "2014-02"],
            "TRTSDTM": ["2014-02-03T09:00:00", "1707004800", None, "soon"],
            "SRCROW": [1, 2, 3, 4],
        }
    )
    typed, found = type_columns(frame, table="ADSL", file="adsl.csv", dates=True)
    day = dt.date(2014, 2, 3)  # 19757 days after 1960-01-01
    assert typed["ADT"].to_list() == [day, day, day, None]
    assert typed["TRTSDT"].to_list() == [day, day, None, None]
    assert typed["TRTSDTM"][0] == "2014-02-03T09:00:00"
    assert found.select("ROW", "VARIABLE", "RULE", "VALUE").rows() == [
        (2, "ADT", "date-from-number", "19757"),
        (4, "ADT", "not-a-date", "2014-02"),
        (4, "TRTSDTM", "not-a-date", "soon"),
    ]


def test_sdtm_dates_stay_text():
    frame = pl.DataFrame({"ADT": ["2014-02-03"], "TRDTC": ["2014-02-03"], "SRCROW": [1]})
    typed, _ = type_columns(frame, table="TR", file="tr.csv")
    assert typed.schema["ADT"] == typed.schema["TRDTC"] == pl.String


def test_a_flood_of_wrong_cells_is_counted_not_listed():
    frame = pl.DataFrame({"AVAL": ["x"] * 2500, "SRCROW": range(1, 2501)})
    _, found = type_columns(frame, table="ADX", file="adx.csv")
    assert found.height == 1001
    assert found["VALUE"][-1] == "1500"


@pytest.mark.parametrize(
    ("texts", "days", "severity"),
    [
        (["23385", "2024-01-10"], ["2024-01-10", "2024-01-10"], "note"),  # days of SAS
        (["45301", "45301.5", "20000"], ["2024-01-10", "2024-01-10", "1954-10-03"], "warning"),  # of a spreadsheet
    ],
)
def test_numbers_that_stand_for_dates_are_told(texts, days, severity):
    frame = pl.DataFrame({"ADT": texts}).with_row_index("SRCROW", offset=1)
    typed, found = type_columns(frame, table="ADSL", file="a.csv", dates=True)
    assert [str(d) for d in typed["ADT"]] == days
    assert found.select("RULE", "ROW", "SEVERITY").rows() == [("date-from-number", 1, severity)]
