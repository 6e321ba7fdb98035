"""Deriving times: source order, ties, ends of observation, the analysis set, source keys."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import DataError, UsageError
from codon12.survival import Censor, Event, derive_time_to_event, months

pytestmark = pytest.mark.requirement("R-SURV-05")

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
CASES = SHARED / "cases" / "tte" / "tte_cases.json"
ADAM = SHARED / "data" / "pharmaverse"


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def frame(rows: list[dict], *dates: str) -> pl.DataFrame:
    return pl.DataFrame(
        [{k: day(v) if k in dates else v for k, v in r.items()} for r in rows],
        schema_overrides=dict.fromkeys(dates, pl.Date),
    )


def adsl(*rows: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    names = ("USUBJID", "STARTDT", "DTHDT", "LSTALVDT")
    return frame([dict(zip(names, r, strict=True)) for r in rows], "STARTDT", "DTHDT", "LSTALVDT")


PEOPLE = adsl(("01", "2024-01-01", "2024-01-31", None), ("02", "2024-01-01", None, "2024-03-01"))


def os(people: pl.DataFrame, **options) -> pl.DataFrame:
    return derive_time_to_event(
        people,
        parameter="OS",
        events=[Event(description="Death", frame=people, date="DTHDT", domain="ADSL")],
        censors=[Censor(description="Alive", frame=people, date="LSTALVDT", domain="ADSL")],
        **options,
    )


def test_event_and_censoring():
    got = os(PEOPLE)
    assert got.columns == [
        "USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCROW", "SRCSEQ",
    ]  # fmt: skip
    assert got.drop("STARTDT", "ADT", "SRCROW", "SRCSEQ").rows() == [
        ("01", "OS", 31, 0, "Death", None, "ADSL", "DTHDT"),
        ("02", "OS", 61, 1, "Alive", "Alive", "ADSL", "LSTALVDT"),
    ]


def test_start_day_counts_as_one_and_dates_never_precede_it():
    people = adsl(("01", "2024-01-10", "2024-01-10", None), ("02", "2024-01-10", None, "2024-01-02"))
    assert os(people)["AVAL"].to_list() == [1, 1]
    assert os(people)["ADT"].to_list() == [day("2024-01-10")] * 2


def test_missing_start_keeps_the_record_without_a_time():
    people = adsl(("01", None, "2024-01-10", None))
    got = os(people).row(0, named=True)
    assert (got["ADT"], got["AVAL"], got["CNSR"]) == (day("2024-01-10"), None, 0)


def test_nobody_outside_the_analysis_set_and_nobody_lost():
    outside = pl.concat([PEOPLE, adsl(("99", "2024-01-01", "2024-02-01", None))])
    got = derive_time_to_event(
        PEOPLE,
        events=[Event(description="Death", frame=outside, date="DTHDT")],
        censors=[Censor(description="Alive", frame=outside, date="LSTALVDT")],
    )
    assert got["USUBJID"].to_list() == ["01", "02"]
    with pytest.raises(DataError, match="1 of 1 subjects have neither"):
        os(adsl(("01", "2024-01-01", None, None)))
    with pytest.raises(DataError, match="more than once"):
        os(pl.concat([PEOPLE, PEOPLE]))


VISITS = frame(
    [
        {"USUBJID": "01", "ADT": "2024-02-01", "AVALC": "PD", "SRCDOM": "RS", "SRCROW": 4, "SRCSEQ": 3},
        {"USUBJID": "01", "ADT": "2024-01-15", "AVALC": "SD", "SRCDOM": "RS", "SRCROW": 3, "SRCSEQ": 2},
        {"USUBJID": "01", "ADT": "2024-02-01", "AVALC": "PD", "SRCDOM": "RS", "SRCROW": 2, "SRCSEQ": 9},
    ],
    "ADT",
)
ONE = adsl(("01", "2024-01-01", "2024-02-01", "2024-02-01"))


def test_first_listed_event_wins_a_tie_and_carries_its_row():
    pd = Event(description="PD", frame=VISITS, where="AVALC = 'PD'")
    death = Event(description="Death", frame=ONE, date="DTHDT", domain="ADSL")
    got = derive_time_to_event(ONE, events=[pd, death], censors=[]).row(0, named=True)
    assert (got["EVNTDESC"], got["SRCDOM"], got["SRCVAR"], got["SRCROW"], got["SRCSEQ"]) == (
        "PD",
        "RS",
        "ADT",
        2,
        9,
    )
    got = derive_time_to_event(ONE, events=[death, pd], censors=[]).row(0, named=True)
    assert (got["EVNTDESC"], got["SRCDOM"], got["SRCVAR"]) == ("Death", "ADSL", "DTHDT")


def test_declared_order_decides_inside_a_source():
    pd = Event(description="PD", frame=VISITS, where="AVALC = 'PD'", order=("SRCSEQ",))
    assert derive_time_to_event(ONE, events=[pd], censors=[])["SRCSEQ"].item() == 3


def test_last_listed_censoring_wins_a_tie():
    visit = Censor(description="Visit", frame=VISITS)
    alive = Censor(description="Alive", frame=ONE, date="LSTALVDT", code=2)
    for censors, want in (((visit, alive), ("Alive", 2)), ((alive, visit), ("Visit", 1))):
        got = derive_time_to_event(ONE, events=[], censors=censors)
        assert got.select("EVNTDESC", "CNSR").row(0) == want


def test_dates_as_text_are_refused():
    text = pl.DataFrame({"USUBJID": ["01"], "ADT": ["2024-02"]})
    with pytest.raises(UsageError, match="impute partial dates"):
        derive_time_to_event(ONE, events=[Event(description="PD", frame=text)], censors=[])
    with pytest.raises(UsageError, match="no column NODT"):
        derive_time_to_event(ONE, events=[Event(description="PD", frame=VISITS, date="NODT")], censors=[])
    with pytest.raises(UsageError, match="positive whole number"):
        Censor(description="Alive", frame=ONE, code=0)
    with pytest.raises(UsageError, match="source 'PD'"):
        derive_time_to_event(ONE, events=[Event(description="PD", frame=VISITS, where="NOCOL = 1")], censors=[])


# End of observation: subjects and questionnaire as in the documentation of admiral 1.5 (negative event).
SUBJECTS = frame(
    [
        {"USUBJID": "01", "TRTSDT": "2020-12-06", "EOSDT": "2021-03-06", "NEWDRGDT": None},
        {"USUBJID": "02", "TRTSDT": "2021-01-16", "EOSDT": "2021-04-03", "NEWDRGDT": "2021-03-21"},
        {"USUBJID": "03", "TRTSDT": "2021-02-01", "EOSDT": None, "NEWDRGDT": None},
        {"USUBJID": "04", "TRTSDT": "2021-03-10", "EOSDT": None, "NEWDRGDT": None},
    ],
    "TRTSDT",
    "EOSDT",
    "NEWDRGDT",
)
SCORES = frame(
    [
        {"USUBJID": "01", "ADT": "2021-01-03", "CHG": 5},
        {"USUBJID": "01", "ADT": "2021-02-03", "CHG": -2},
        {"USUBJID": "01", "ADT": "2021-03-01", "CHG": None},
        {"USUBJID": "01", "ADT": "2021-03-07", "CHG": 10},
        {"USUBJID": "02", "ADT": "2021-02-03", "CHG": -1},
        {"USUBJID": "02", "ADT": "2021-04-01", "CHG": -12},
        {"USUBJID": "03", "ADT": "2021-02-15", "CHG": 3},
        {"USUBJID": "03", "ADT": "2021-03-15", "CHG": -15},
    ],
    "ADT",
)
ENDS = [
    Censor(description="END OF STUDY", frame=SUBJECTS, date="EOSDT", code=1),
    Censor(description="NEW DRUG", frame=SUBJECTS, date="NEWDRGDT", code=2),
]
VALID = Censor(description="NO CHANGE", frame=SCORES, where="CHG IS NOT NULL", date_description="LAST ASSESSMENT")
NONE = Censor(description="NO ASSESSMENT", frame=SUBJECTS, date="TRTSDT", code=5, closed_by_end=False)


def test_end_of_observation_closes_and_names_the_censoring():
    got = derive_time_to_event(
        SUBJECTS,
        start="TRTSDT",
        events=[Event(description="WORSENING", frame=SCORES, where="CHG <= -10")],
        censors=[VALID, NONE],
        end_of_observation=ENDS,
    )
    assert got.select(pl.col("ADT").cast(pl.String), "CNSR", "EVNTDESC", "CNSDTDSC").rows() == [
        ("2021-02-03", 1, "END OF STUDY", "LAST ASSESSMENT"),
        ("2021-02-03", 2, "NEW DRUG", "LAST ASSESSMENT"),
        ("2021-03-15", 0, "WORSENING", None),
        ("2021-03-10", 5, "NO ASSESSMENT", "NO ASSESSMENT"),
    ]


def test_a_positive_event_is_censored_at_the_end_itself():
    got = derive_time_to_event(
        SUBJECTS,
        start="TRTSDT",
        events=[Event(description="IMPROVEMENT", frame=SCORES, where="CHG >= 10")],
        censors=[VALID, NONE],
        end_of_observation=ENDS,
        positive=True,
    )
    assert got.select(pl.col("ADT").cast(pl.String), "CNSR", "EVNTDESC").rows() == [
        ("2021-03-06", 1, "END OF STUDY"),
        ("2021-03-21", 2, "NEW DRUG"),
        ("2021-03-15", 1, "NO CHANGE"),
        ("2021-03-10", 5, "NO ASSESSMENT"),
    ]


def test_events_on_the_day_of_the_end_count():
    people = adsl(("01", "2024-01-01", "2024-01-20", None))
    ends = [Censor(description="New drug", frame=people, date="DTHDT")]
    assert os(people, end_of_observation=ends)["CNSR"].item() == 0


def test_records_per_evaluator():
    keys = ["USUBJID", "EVAL"]
    people = ONE.join(pl.DataFrame({"EVAL": ["CENTRAL", "INVESTIGATOR"]}), how="cross")
    seen = VISITS.with_columns(pl.lit("CENTRAL").alias("EVAL"))
    got = derive_time_to_event(
        people,
        keys=keys,
        events=[Event(description="PD", frame=seen, where="AVALC = 'PD'")],
        censors=[Censor(description="Alive", frame=ONE, date="LSTALVDT")],
    )
    assert got.select(*keys, "CNSR").rows() == [("01", "CENTRAL", 0), ("01", "INVESTIGATOR", 1)]


def test_months():
    assert PEOPLE.select(months(pl.lit(61), factor=30.5)).item() == 2.0


@settings(deadline=None)
@given(st.permutations(range(SCORES.height)), st.permutations(range(SUBJECTS.height)))
def test_order_of_rows_never_matters(rows, people):
    events = [Event(description="WORSENING", frame=SCORES[list(rows)], where="CHG <= -10")]
    got = derive_time_to_event(
        SUBJECTS[list(people)], start="TRTSDT", events=events, censors=[VALID, NONE], end_of_observation=ENDS
    )
    want = derive_time_to_event(
        SUBJECTS,
        start="TRTSDT",
        events=[Event(description="WORSENING", frame=SCORES, where="CHG <= -10")],
        censors=[VALID, NONE],
        end_of_observation=ENDS,
    )
    assert got.equals(want)


def _cases() -> list:
    if not CASES.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no cases: {CASES} is missing"))]
    return [pytest.param(c, id=c["case_id"]) for c in json.loads(CASES.read_text())["cases"]]


@pytest.mark.parametrize("case", _cases())
def test_upstream_cases(case):
    """Every subject with an expected record is the analysis set: the case files filter it elsewhere."""
    inside = [s for s in case["subjects"] if s["expected"]]
    people = frame([{"USUBJID": s["subject"], "STARTDT": s["start_date"]} for s in inside], "STARTDT")

    def rows(kind: str) -> dict:
        found: dict = {}
        for s in case["subjects"]:
            for r in s.get(kind) or []:
                key = (r.get("order", 0), r["source"], r.get("cnsr"), r.get("consider_end_dates", True))
                row = {"USUBJID": s["subject"], "ADT": r["date"], "SRCSEQ": r.get("srcseq")}
                found.setdefault(key, []).append(row)
        return dict(sorted(found.items(), key=lambda item: item[0][0]))

    def censors(kind: str) -> list[Censor]:
        return [
            Censor(description=name, frame=frame(r, "ADT"), code=code or 1, closed_by_end=closed)
            for (_, name, code, closed), r in rows(kind).items()
        ]

    got = derive_time_to_event(
        people,
        events=[Event(description=k[1], frame=frame(r, "ADT")) for k, r in rows("events").items()],
        censors=censors("censors"),
        end_of_observation=censors("end_dates"),
        positive=case["event_type"] == "positive",
        parameter=case["param"],
    )
    for s in inside:
        want = s["expected"]
        row = got.row(by_predicate=pl.col("USUBJID") == s["subject"], named=True)
        assert (str(row["ADT"]), row["CNSR"]) == (want["adt"], want["cnsr"])
        if "srcseq" in want:
            assert row["SRCSEQ"] == want["srcseq"]
        if want.get("desc") is not None:
            assert row["EVNTDESC"] == want["desc"]


@pytest.mark.skipif(not ADAM.is_dir(), reason=f"no pharmaverse data: {ADAM} is missing")
def test_all_records_of_adtte_onco():
    def read(name: str, *dates: str) -> pl.DataFrame:
        table = pl.read_csv(ADAM / name, infer_schema_length=0)
        return table.with_columns(pl.col(dates).str.to_date())

    subjects = read("adsl.csv", "RANDDT", "LSTALVDT", "DTHDT").filter(pl.col("RANDDT").is_not_null())
    subjects = subjects.with_columns(pl.col("RANDDT").alias("STARTDT"))
    adrs = read("adrs_onco.csv", "ADT").with_columns(
        pl.col("ASEQ").cast(pl.Int64).alias("SRCSEQ"), pl.lit("ADRS").alias("SRCDOM")
    )
    flagged = "AVALC = 'Y' AND ANL01FL = 'Y'"
    death = Event(description="Death", frame=adrs, where=f"PARAMCD = 'DEATH' AND {flagged}")
    pd = Event(description="Disease Progression", frame=adrs, where=f"PARAMCD = 'PD' AND {flagged}")
    alive = Censor(
        description="Alive",
        date_description="Alive During Study",
        frame=subjects,
        date="LSTALVDT",
        domain="ADSL",
    )
    randomised = Censor(description="Randomization", frame=subjects, date="RANDDT", domain="ADSL")
    assessed = Censor(description="Last Tumor Assessment", frame=adrs, where="PARAMCD = 'LSTA' AND ANL01FL = 'Y'")
    response = adrs.filter((pl.col("PARAMCD") == "RSP") & (pl.col("AVALC") == "Y"))
    responders = subjects.drop("STARTDT").join(response.select("USUBJID", pl.col("ADT").alias("STARTDT")), on="USUBJID")
    got = pl.concat(
        [
            derive_time_to_event(subjects, parameter="OS", events=[death], censors=[alive, randomised]),
            derive_time_to_event(subjects, parameter="PFS", events=[pd, death], censors=[assessed, randomised]),
            derive_time_to_event(responders, parameter="RSD", events=[pd, death], censors=[assessed]),
        ]
    )
    names = [
        "USUBJID",
        "PARAMCD",
        "STARTDT",
        "ADT",
        "AVAL",
        "CNSR",
        "EVNTDESC",
        "CNSDTDSC",
        "SRCDOM",
        "SRCVAR",
        "SRCSEQ",
    ]
    want = read("adtte_onco.csv", "STARTDT", "ADT").with_columns(pl.col("AVAL", "CNSR", "SRCSEQ").cast(pl.Int64))
    assert got.height == 512
    assert got.select(names).sort("USUBJID", "PARAMCD").rows() == want.select(names).sort("USUBJID", "PARAMCD").rows()
