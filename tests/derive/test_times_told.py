"""What a given ADTTE says besides AVAL: units in PARAM, flags, dates, descriptions, and times beyond survival."""

import datetime as dt

import polars as pl
import pytest

from codon12.derive import derive
from codon12.derive.adtte import given_times
from codon12.derive.adtte_told import not_shown
from codon12.records import Study
from codon12.records.config import StudyConfig
from codon12.records.config.endpoints import Endpoint

DAY = dt.date(2024, 1, 10)


def given(*rows):
    """Times of a given ADTTE and the rules of its findings with their rows."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    times, found = given_times(frame.with_columns(SRCROW=pl.int_range(1, frame.height + 1, dtype=pl.Int64)))
    return times, found.select("RULE", "ROW").rows()


def row(name, value, cnsr=0, **more):
    return {"USUBJID": "1", "PARAMCD": name, "AVAL": value, "CNSR": cnsr} | more


@pytest.mark.parametrize(
    ("param", "unit", "months"),
    [
        ("Overall Survival (Months)", None, 7.0),
        ("Overall survival, weeks", None, 7 * 7 / 30.4375),
        ("Time to death in years", None, 84.0),
        ("Overall Survival [days]", None, 7 / 30.4375),
        ("Overall Survival (Months)", "WEEK", 7 * 7 / 30.4375),
    ],
)
def test_the_unit_stands_in_param_where_avalu_does_not_say_it(param, unit, months):
    times, found = given(row("OS", 7.0, PARAM=param, AVALU=unit))
    assert times["MONTHS"].item() == pytest.approx(months, rel=1e-12)
    assert found == []


@pytest.mark.parametrize("param", ["Overall survival", "Survival at 6 months", "Months to death"])
def test_days_are_assumed_aloud(param):
    times, found = given(row("OS", 7.0, PARAM=param), row("OS", 8.0, PARAM=param, USUBJID="2"))
    assert times["MONTHS"].to_list() == pytest.approx([7 / 30.4375, 8 / 30.4375])
    assert found == [("time-unit-assumed", 1)]


def test_dates_that_agree_say_days():
    assert given(row("OS", 60.0, STARTDT=DAY, ADT=DAY + dt.timedelta(59)))[1] == []


def test_a_time_that_its_dates_contradict_is_told():
    when = {"STARTDT": DAY, "ADT": DAY + dt.timedelta(59), "AVALU": "DAYS"}
    assert given(row("OS", 100.0, **when))[1] == [("time-differs-from-dates", 1)]
    assert given(row("OS", 59.0, **when))[1] == []
    assert given(row("OS", 2.0, **when | {"AVALU": "MONTHS"}))[1] == []
    assert given(row("OS", 60.0, **when | {"AVALU": "MONTHS"}))[1] == [("time-differs-from-dates", 1)]


def test_a_flag_settles_which_row_counts():
    rows = [row("OS", 90.0, 0, ANL01FL=None, AVALU="DAYS"), row("OS", 100.0, 1, ANL01FL="Y", AVALU="DAYS")]
    for order in (rows, rows[::-1]):
        times, found = given(*order)
        assert times.select("AVAL", "CNSR").rows() == [(100.0, 1)]
        assert [rule for rule, _ in found] == ["time-not-flagged"]


def test_a_row_without_a_flagged_one_beside_it_counts():
    times, found = given(row("OS", 9.0, ANL01FL="Y", AVALU="DAYS"), row("PFS", 8.0, ANL01FL=None, AVALU="DAYS"))
    assert (times.height, found) == (2, [])


@pytest.mark.parametrize(
    ("cnsr", "words", "told"),
    [
        (1, "Death", True),
        (1, "Disease progression", True),
        (0, "Censored at last contact", True),
        (0, "Alive", True),
        (0, "Death", False),
        (1, "Alive", False),
        (2, "Progression after two missed visits", False),
        (1, "No progression", False),
    ],
)
def test_a_description_that_contradicts_cnsr_is_told(cnsr, words, told):
    assert given(row("OS", 9.0, cnsr, EVNTDESC=words, AVALU="DAYS"))[1] == [("censoring-contradicted", 1)] * told


@pytest.mark.parametrize(
    ("survival", "other", "rules"),
    [
        ((80, 0), ("PFS", 100, 0), ["time-beyond-survival"]),
        ((80, 1), ("DFS", 100, 1), ["time-beyond-survival"]),
        ((80, 0), ("PFS", 80, 0), []),
        ((80, 1), ("PFS", 83, 0), []),
        ((80, 0), ("TTP", 100, 0), []),
    ],
)
def test_no_time_before_death_is_longer_than_survival(survival, other, rules):
    name, value, cnsr = other
    found = given(row("OS", float(survival[0]), survival[1], AVALU="DAYS"), row(name, float(value), cnsr, AVALU="DAYS"))
    assert [rule for rule, _ in found[1]] == rules


def test_a_death_that_overall_survival_does_not_know_is_told():
    both = [row("OS", 80.0, 1, EVNTDESC="Alive", AVALU="DAYS"), row("PFS", 60.0, 0, EVNTDESC="Death", AVALU="DAYS")]
    assert given(*both)[1] == [("death-in-one-time-alone", 2)]


def test_who_has_no_time_that_others_have_is_told(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01A,SAFFL,TRTSDT\n1,A,Y,2024-01-01\n2,A,Y,2024-01-01\n3,A,N,\n")
    (tmp_path / "adtte.csv").write_text(
        "USUBJID,PARAMCD,AVAL,AVALU,CNSR\n1,OS,10,DAYS,0\n1,PFS,10,DAYS,0\n2,PFS,9,DAYS,1\n"
    )
    found = derive(Study.open(tmp_path)).frames["findings"].filter(RULE="time-not-given")
    assert found.select("USUBJID", "VALUE").rows() == [("2", "OS")]


def test_the_living_of_whom_nothing_is_known_after_the_start_are_named(tmp_path):
    (tmp_path / "patients.csv").write_text(
        "USUBJID,TRTSDT,DTHDT,LSTALVDT\n1,2020-01-01,2020-12-01,\n2,2020-02-01,,\n3,2020-03-01,,2021-03-01\n"
    )
    columns = "\n".join(f'{c} = "{c}"' for c in ("USUBJID", "TRTSDT", "DTHDT", "LSTALVDT"))
    (tmp_path / "codon12.toml").write_text(
        f'format = "tables"\n[tables.ADSL]\nfile = "patients.csv"\n[tables.ADSL.columns]\n{columns}\n'
    )
    frames = derive(Study.open(tmp_path)).context.frames
    told = frames["findings"].filter(RULE="survival-without-follow-up")
    assert told["USUBJID"].to_list() == ["2"]
    assert frames["adtte"].filter(PARAMCD="OS").sort("USUBJID")["AVAL"].to_list() == [336.0, 1.0, 366.0]


def test_censoring_that_is_no_whole_number_is_left_out_and_not_an_event():
    rows = pl.DataFrame({"USUBJID": ["1", "2"], "PARAMCD": "OS", "AVAL": [30.0, 60.0], "CNSR": [0.5, 1.0]})
    times, found = given_times(rows.with_columns(AVALU=pl.lit("DAYS")))
    assert times.select("USUBJID", "CNSR").rows() == [("2", 1)]
    assert found.select("RULE", "ROW", "USUBJID").rows() == [("censoring-missing", 1, "1")]


@pytest.mark.parametrize(
    ("unit", "value"), [("d", 60.875), ("MO", 2.0), ("mths", 2.0), ("wk", 8.696428571), ("YRS", 1 / 6)]
)
def test_units_in_short_are_read(unit, value):
    times, found = given_times(
        pl.DataFrame({"USUBJID": ["1"], "PARAMCD": ["OS"], "AVAL": [value], "AVALU": [unit], "CNSR": [1]})
    )
    assert times["MONTHS"].item() == pytest.approx(2.0)
    assert found.is_empty()


def test_times_without_a_reader_beside_those_of_one_are_told():
    rows = pl.DataFrame(
        {"USUBJID": ["1", "1"], "PARAMCD": ["PFS", "PFSIRC"], "AVAL": [60.0, 40.0], "AVALU": "DAYS", "CNSR": [0, 0]}
    )
    found = given_times(rows)[1]
    assert found.select("RULE", "ROW", "USUBJID").rows() == [("time-without-reader", 1, "1")]
    assert found["MESSAGE"].item() == (
        "ADTTE row 1 (PFS): it names no reader, and other rows of PFS do; theirs are shown, this one is not."
    )


def test_parameters_that_no_analysis_shows_are_told():
    rows = pl.DataFrame(
        {"USUBJID": ["1", "2", "2"], "PARAMCD": ["TTDEATH", "TTDEATH", "OS"], "AVAL": 60.0, "AVALU": "DAYS", "CNSR": 0}
    )
    times = given_times(rows)[0]
    found = not_shown(times, StudyConfig())
    assert found.select("RULE", "ROW", "USUBJID", "VALUE").rows() == [("endpoint-not-shown", 1, "1", "TTDEATH")]
    assert not_shown(times, StudyConfig(endpoints={"TTDEATH": Endpoint(title="Time to death")})).is_empty()
