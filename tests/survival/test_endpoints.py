"""OS, PFS, DOR and TTR under the censoring presets, on subjects small enough to work out by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from codon12.errors import ConfigError, UsageError
from codon12.survival import (
    CensorRules,
    VisitSchedule,
    derive_duration_of_response,
    derive_time_to_response,
    missed_visits,
    overall_survival,
    progression_free_survival,
)

pytestmark = pytest.mark.requirement("R-SURV-05")

START = dt.date(2024, 1, 1)
EVERY_SIX_WEEKS = VisitSchedule(every=42)


def day(study_day: int | None) -> dt.date | None:
    return None if study_day is None else START + dt.timedelta(days=study_day - 1)


def people(death: int | None = None, alive: int | None = None) -> pl.DataFrame:
    row = {"USUBJID": "01", "STARTDT": START, "DTHDT": day(death), "LSTALVDT": day(alive)}
    return pl.DataFrame([row], schema_overrides=dict.fromkeys(("STARTDT", "DTHDT", "LSTALVDT"), pl.Date))


def visits(*seen: tuple[int, str]) -> pl.DataFrame:
    rows = [
        {"USUBJID": "01", "ADT": day(d), "AVALC": r, "SRCDOM": "RS", "SRCROW": i + 1} for i, (d, r) in enumerate(seen)
    ]
    return pl.DataFrame(rows, schema={"USUBJID": pl.String, "ADT": pl.Date, "AVALC": pl.String, "SRCDOM": pl.String, "SRCROW": pl.Int64})  # fmt: skip


def therapy(study_day: int) -> pl.DataFrame:
    return pl.DataFrame({"USUBJID": ["01"], "ADT": [day(study_day)]})


def pfs(adsl: pl.DataFrame, seen: pl.DataFrame, **options) -> tuple:
    return progression_free_survival(adsl, seen, **options).select("AVAL", "CNSR", "EVNTDESC").row(0)


def test_overall_survival():
    assert overall_survival(people(death=40, alive=40)).select("AVAL", "CNSR").row(0) == (40, 0)
    assert overall_survival(people(alive=30)).select("AVAL", "CNSR", "CNSDTDSC").row(0) == (
        30,
        1,
        "Last date known alive",
    )
    assert overall_survival(people()).select("AVAL", "CNSR", "CNSDTDSC").row(0) == (1, 1, "Start date")


def test_overall_survival_at_a_cutoff():
    late = overall_survival(people(death=100, alive=100), cutoff=day(60))
    assert late.select("AVAL", "CNSR").row(0) == (60, 1)
    assert overall_survival(people(death=60), cutoff=day(60)).select("AVAL", "CNSR").row(0) == (60, 0)
    assert overall_survival(people(), cutoff=day(60))["AVAL"].item() == 1


def test_progression_and_death():
    seen = visits((43, "SD"), (85, "PD"))
    assert pfs(people(), seen) == (85, 0, "Disease progression")
    assert pfs(people(death=60), seen) == (60, 0, "Death")
    assert pfs(people(death=85), seen) == (85, 0, "Disease progression")
    assert pfs(people(), visits((43, "SD"))) == (43, 1, "No progression or death")
    assert pfs(people(), visits()) == (1, 5, "No post-baseline assessment")


def test_only_adequate_assessments_censor():
    seen = visits((43, "SD"), (85, "NE"))
    assert pfs(people(), seen)[0] == 43
    assert pfs(people(), seen, rules=CensorRules.admiralonco()) == (85, 1, "No progression or death")
    assert pfs(people(), visits((43, "NE"))) == (1, 5, "No post-baseline assessment")


def test_the_deciding_row_is_named():
    row = progression_free_survival(people(), visits((43, "SD"), (85, "PD"))).row(0, named=True)
    assert (row["SRCDOM"], row["SRCVAR"], row["SRCROW"]) == ("RS", "ADT", 2)


def test_new_therapy():
    seen = visits((43, "SD"), (85, "SD"), (127, "PD"))
    assert pfs(people(), seen, new_therapy=therapy(100)) == (85, 2, "New anti-cancer therapy")
    assert pfs(people(), seen, new_therapy=therapy(127)) == (127, 0, "Disease progression")
    assert pfs(people(), seen, new_therapy=therapy(100), rules=CensorRules.ema()) == (
        127,
        0,
        "Disease progression",
    )
    event = CensorRules(new_therapy="event")
    assert pfs(people(), seen, new_therapy=therapy(100), rules=event) == (100, 0, "New anti-cancer therapy")
    assert pfs(people(death=120), seen, new_therapy=therapy(100))[:2] == (85, 2)


@pytest.mark.parametrize(("event", "missed"), [(85, 0), (127, 1), (132, 1), (134, 1), (135, 2), (169, 2), (211, 3)])
def test_missed_visits_are_counted_between_windows(event, missed):
    rows = pl.DataFrame([{"STARTDT": START, "LASTADT": day(43), "ADT": day(event)}])
    assert missed_visits(rows, EVERY_SIX_WEEKS)["MISSED"].item() == missed


def test_two_missed_visits_censor_at_the_visit_before():
    rules = CensorRules.fda(EVERY_SIX_WEEKS)
    assert pfs(people(), visits((43, "SD"), (127, "PD")), rules=rules) == (127, 0, "Disease progression")
    assert pfs(people(), visits((43, "SD"), (169, "PD")), rules=rules) == (43, 3, "2 or more missed visits")
    assert pfs(people(death=200), visits((43, "SD")), rules=rules) == (43, 3, "2 or more missed visits")
    assert pfs(people(death=90), visits(), rules=rules) == (90, 0, "Death")
    assert pfs(people(death=200), visits(), rules=rules)[:2] == (1, 5)
    assert pfs(people(), visits((169, "PD")), rules=rules) == (1, 3, "2 or more missed visits")
    kept = CensorRules(schedule=EVERY_SIX_WEEKS, death_after_missed="event")
    assert pfs(people(death=200), visits((43, "SD")), rules=kept) == (200, 0, "Death")
    assert pfs(people(death=200), visits((43, "SD")), rules=CensorRules.ema()) == (200, 0, "Death")


def test_an_unevaluable_visit_is_no_assessment_before_an_event():
    rules = CensorRules.fda(EVERY_SIX_WEEKS)
    seen = visits((43, "SD"), (85, "NE"), (127, "NE"), (169, "PD"))
    assert pfs(people(), seen, rules=rules)[:2] == (43, 3)


def test_no_baseline():
    seen = visits((43, "SD"), (85, "PD"))
    nobody = pl.DataFrame({"USUBJID": []}, schema={"USUBJID": pl.String})
    rules = CensorRules.fda()
    assert pfs(people(), seen, rules=rules, baseline=nobody) == (1, 4, "No baseline assessment")
    assert pfs(people(), seen, rules=rules, baseline=people()) == (85, 0, "Disease progression")
    assert pfs(people(), seen, baseline=nobody)[:2] == (85, 0)


def test_each_evaluator_has_its_own_record():
    seen = pl.concat(
        [
            visits((43, "SD"), (85, "PD")).with_columns(pl.lit("INVESTIGATOR").alias("EVAL")),
            visits((43, "SD"), (85, "SD")).with_columns(pl.lit("CENTRAL").alias("EVAL")),
        ]
    )
    got = progression_free_survival(people(death=300), seen).select("EVAL", "AVAL", "CNSR")
    assert got.rows() == [("CENTRAL", 300, 0), ("INVESTIGATOR", 85, 0)]


def test_cutoff_drops_what_is_later():
    seen = visits((43, "SD"), (85, "PD"))
    assert pfs(people(death=90), seen, cutoff=day(60)) == (43, 1, "No progression or death")


def test_duration_of_response():
    seen = visits((43, "PR"), (85, "PR"), (127, "PD"))
    response = visits((43, "PR"))
    got = derive_duration_of_response(people(), seen, response).row(0, named=True)
    assert (got["PARAMCD"], got["STARTDT"], got["AVAL"], got["CNSR"]) == ("DOR", day(43), 85, 0)
    ongoing = derive_duration_of_response(people(), visits((43, "PR")), response)
    assert ongoing.select("AVAL", "CNSR", "EVNTDESC").row(0) == (1, 1, "No progression or death")
    assert derive_duration_of_response(people(), seen, visits((43, "SD"))).is_empty()


def test_duration_of_response_counts_visits_from_the_study_start():
    seen = visits((43, "PR"), (211, "PD"))
    got = derive_duration_of_response(people(), seen, visits((43, "PR")), rules=CensorRules.fda(EVERY_SIX_WEEKS))
    assert got.select("AVAL", "CNSR").row(0) == (1, 3)


def test_time_to_response():
    seen = visits((43, "SD"), (85, "PR"))
    assert derive_time_to_response(people(), visits((85, "PR"))).select("AVAL", "CNSR").row(0) == (85, 0)
    assert derive_time_to_response(people(), visits()).is_empty()
    everyone = derive_time_to_response(people(), visits(), assessments=seen)
    assert everyone.select("AVAL", "CNSR", "EVNTDESC").row(0) == (85, 1, "No response")


def test_subjects_without_a_start_are_outside():
    screened = people().with_columns(pl.lit(None, dtype=pl.Date).alias("STARTDT"))
    assert overall_survival(screened).is_empty()
    assert progression_free_survival(screened, visits((43, "SD"))).is_empty()


def test_schedules():
    assert VisitSchedule(days=(43, 85)).planned(100).tolist() == [43, 85]
    assert VisitSchedule(every=42, until=85, then=84).planned(260).tolist() == [43, 85, 169, 253]
    with pytest.raises(UsageError, match="every"):
        VisitSchedule().planned(100)


def test_presets_say_what_they_do():
    text = " ".join(CensorRules.fda(EVERY_SIX_WEEKS).sentences().values())
    assert "2 or more consecutive missed visits" in text
    assert "every 42 days, within 7 days" in text
    assert CensorRules.ema().sentences()["missed_visits"] == "An event counts regardless of missed visits."
    assert "day 1" in CensorRules.fda().sentences()["no_baseline"]
    with pytest.raises(ConfigError, match="Known keys"):
        CensorRules.of({"new_drug": "censor"}, where="survival")
    assert CensorRules.of({"schedule": {"every": 42}}).schedule == EVERY_SIX_WEEKS
