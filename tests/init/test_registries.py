"""Registries in other languages and shapes: what is believed, and the numbers of a report from the unedited proposal."""

import datetime as dt

import polars as pl
import pytest
import registries

from codon12.derive.study import derive
from codon12.init import propose, write_proposal
from codon12.records import Study


def opened(folder):
    belief = propose(folder)
    write_proposal(belief.toml, folder / "codon12.toml")
    return belief, Study.open(folder)


def roles(belief):
    """Column -> role, of columns that are used."""
    return {c.column: c.role for t in belief.tables for c in t.columns if c.role and c.confidence != "unsure"}


def times(study, param):
    rows = derive(study).frames["adtte"].filter(pl.col("PARAMCD") == param)
    return {
        u: (round(m * 30.4375), c == 0)
        for u, m, c in rows.select(pl.col("USUBJID").cast(pl.String), "MONTHS", "CNSR").iter_rows()
    }


def truth(courses):
    return {c[0]: registries.kaplan_meier_input(c) for c in courses}


def test_german_sheet_with_title_decimal_commas_and_code_list(tmp_path):
    courses = registries.german(tmp_path / "register.xlsx")
    belief, study = opened(tmp_path)
    assert roles(belief) == registries.german_truth()
    assert times(study, "OS") == truth(courses)
    progressed = {c[0]: (((c[4] or c[5] or c[6]) - c[3]).days + 1, bool(c[4] or c[5])) for c in courses}
    assert times(study, "PFS") == progressed
    adsl = derive(study).frames["adsl"]
    assert set(adsl["SMOKING"]) == {"nie", "früher", "aktiv"}
    assert set(adsl["SEX"]) == {"F", "M"}
    assert set(adsl["KRASMUT"]) == {"Mutated", "Wild type", None}
    assert adsl["TMBVALUE"].drop_nulls().is_in(["<10", ">=10"]).all()


def test_french_rows_of_lines_take_the_first_line(tmp_path):
    courses = registries.french(tmp_path)
    belief, study = opened(tmp_path)
    assert roles(belief) == registries.french_truth()
    assert any("line" in q.text for q in belief.questions)
    adsl = derive(study).frames["adsl"]
    assert adsl.height == len(courses)
    assert set(adsl["DRUG_TYPE"]) == {"chimio"}
    found = {u: e for u, (_, e) in times(study, "OS").items()}
    assert found == {u: e for u, (_, e) in truth(courses).items()}


def test_spanish_rows_of_lesions_with_merged_cells(tmp_path):
    registries.spanish_lesions(tmp_path)
    belief, study = opened(tmp_path)
    assert {t.table for t in belief.tables if t.table} == {"ADSL", "TR"}
    assert study.findings.filter(RULE="cells-filled-down").height == 2  # TR and TU are read from one sheet
    adrs = derive(study).frames["adrs"]
    best = adrs.filter((pl.col("PARAMCD") == "CRSP") & (pl.col("AVALC") == "Y"))
    assert best["USUBJID"].n_unique() == 7  # every third of 20 shrank to half at two scans 40 days apart
    sums = derive(study).frames["adtr"]
    assert sums["BASE"].drop_nulls().unique().to_list() == [70.0]  # 4 cm and 3 cm


def test_korean_yes_of_death_and_dates_with_the_year_first(tmp_path):
    courses = registries.korean(tmp_path / "reg.csv")
    belief, study = opened(tmp_path)
    assert roles(belief) == registries.korean_truth()
    assert times(study, "OS") == truth(courses)


def test_chinese_headings_words_and_dates_by_signs(tmp_path):
    courses = registries.chinese(tmp_path / "reg.csv")
    belief, study = opened(tmp_path)
    assert roles(belief) == registries.chinese_truth()
    assert times(study, "OS") == truth(courses)
    assert study.table("ADRS")["AVALC"].value_counts().sort("AVALC")["count"].to_list() == [6, 6, 6, 6, 6]


def test_japanese_wide_table_of_visits(tmp_path):
    registries.japanese_wide(tmp_path / "reg.csv")
    _, study = opened(tmp_path)
    assert study.table("RS").height == 8 * 3 + 8 * 3 + 8  # the last third has one visit
    assert study.accounting.filter(TABLE="RS").select("ROWS_READ", "ROWS_USED", "ROWS_EXPLAINED").row(0) == (72, 56, 16)
    adrs = derive(study).frames["adrs"]
    assert adrs.filter((pl.col("PARAMCD") == "CRSP") & (pl.col("AVALC") == "Y"))["USUBJID"].n_unique() == 8


def test_order_of_rows_and_of_columns_changes_no_belief(tmp_path):
    registries.korean(tmp_path / "reg.csv")
    before = roles(propose(tmp_path))
    frame = pl.read_csv(tmp_path / "reg.csv", infer_schema=False)
    frame.reverse().select(sorted(frame.columns)).write_csv(tmp_path / "reg.csv")
    assert roles(propose(tmp_path)) == before


ROWS = "Patient,Sex,Age,{start},Date of death,Last contact\n"


@pytest.mark.parametrize(
    ("dates", "formats"), [(["03/04/2021", "05/06/2021"], ()), (["03/04/2021", "25/06/2021"], ("%d/%m/%Y",))]
)
def test_dates_that_could_be_either_order_are_a_question(tmp_path, dates, formats):
    rows = [f"{i},F,6{i},{d},,2022-01-0{i}" for i, d in enumerate(dates, 1)]
    (tmp_path / "a.csv").write_text(ROWS.format(start="Treatment start") + "\n".join(rows) + "\n")
    belief = propose(tmp_path)
    column = next(c for c in belief.tables[0].columns if c.column == "Treatment start")
    assert column.formats == formats
    asked = [q for q in belief.questions if q.key.startswith("date:")]
    if formats:
        assert not asked
        return
    assert column.confidence == "unsure"
    assert asked[0].choices == ("%d/%m/%Y", "%m/%d/%Y")
    assert asked[0].default is None
    assert '\n# TRTSDT = "Treatment start"' in belief.toml
    told = propose(tmp_path, answers={asked[0].key: "%m/%d/%Y"})
    write_proposal(told.toml, tmp_path / "codon12.toml")
    assert Study.open(tmp_path).table("ADSL")["TRTSDT"].to_list() == [dt.date(2021, 3, 4), dt.date(2021, 5, 6)]


def test_sex_in_numbers_without_a_code_list_stays_open(tmp_path):
    (tmp_path / "a.csv").write_text("Patient,Sex,Age,OS months,OS status\n1,0,61,3.5,1\n2,1,62,4.5,0\n3,1,63,5.5,1\n")
    belief = propose(tmp_path)
    assert roles(belief) == {"Patient": "USUBJID", "Age": "AGE", "OS months": "OS_TIME", "OS status": "OS_STATUS"}


def test_months_that_can_only_be_days_stay_open(tmp_path):
    (tmp_path / "a.csv").write_text("Patient,Sex,Age,OS_Months,OS_Event\n1,F,61,434,1\n2,M,62,161,0\n3,M,63,53,1\n")
    column = next(c for c in propose(tmp_path).tables[0].columns if c.column == "OS_Months")
    assert (column.role, column.confidence) == ("OS_TIME", "unsure")


def test_censoring_is_no_event(tmp_path):
    (tmp_path / "a.csv").write_text("Patient,Sex,Age,OS (months),OS.CNSR\n1,F,61,4.5,1\n2,M,62,1.5,0\n3,M,63,5.5,0\n")
    _, study = opened(tmp_path)
    assert study.table("ADTTE").select("USUBJID", "CNSR").rows() == [("1", 1), ("2", 0), ("3", 0)]


def test_two_cohorts_are_a_question_and_not_pooled(tmp_path):
    head = "Patient,Sex,Age,OS months,OS status\n"
    (tmp_path / "large.csv").write_text(head + "".join(f"{i},F,6{i},{i}.5,1\n" for i in range(1, 6)))
    (tmp_path / "small.csv").write_text(head + "".join(f"{i},M,5{i},{i}.5,1\n" for i in range(7, 10)))
    belief, study = opened(tmp_path)
    question = next(q for q in belief.questions if q.key == "subjects")
    assert (question.default, question.choices) == ("large.csv", ("large.csv", "small.csv"))
    assert study.table("ADSL").height == 5
    assert any("small.csv is not used" in note for note in belief.notes)


@pytest.mark.parametrize("slip", ["", "50,F,61,2.5,\n"])
def test_times_of_the_dead_alone_are_no_survival(tmp_path, slip):
    rows = "".join(f"{i},F,61,{f'{i}.5,1' if i % 2 else ',0'}\n" for i in range(1, 50))
    (tmp_path / "a.csv").write_text(f"Patient,Sex,Age,OS months,OS status\n{rows}{slip}")
    belief = propose(tmp_path)
    assert "times.OS" not in belief.toml
    assert any("filled for those with the event alone" in note for note in belief.notes)
