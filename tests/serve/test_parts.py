"""The small parts of the server: settings, steps, work in threads, TOML."""

from __future__ import annotations

import threading
import time
import tomllib

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from starlette.datastructures import QueryParams

from codon12.errors import ConfigError, UsageError
from codon12.records.config import StudyConfig
from codon12.serve.changes import cut_column, policies_changed
from codon12.serve.holding import subjects_by
from codon12.serve.kept import Kept
from codon12.serve.looks import Looks
from codon12.serve.settings import Settings, settings_of
from codon12.serve.toml_text import toml_text
from codon12.serve.views.cohort import attrition, predicate_of
from codon12.serve.views.fields import Field, read_fields
from codon12.serve.work import CancelledError, Desk

ADSL = pl.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4"],
        "AGE": [70.0, 50.0, None, 66.0],
        "SEX": ["F", "M", "F", "F"],
        "B c": [1, 2, 3, 4],
        "MONTHS": ["9.5", "10", "2", None],
        "END": ["10", "x", "a; b", None],
    }
)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "step=AGE+%3E%3D+65&step=SEX+%3D+%27F%27",
        "other=AGE+%3C+60&confirmation=no&recist=admiralonco&censoring=ema&evaluator=central",
        "cut=AGE&landmarks=3%2C6&at=65&endpoint=PFS",
    ],
)
def test_settings_come_back_from_their_own_address(asked):
    found = settings_of(QueryParams(asked))
    assert settings_of(QueryParams(found.query)) == found
    assert found.is_plan == (asked == "")


@pytest.mark.parametrize(
    "asked",
    [
        "confirmation=maybe",
        "censoring=mine",
        "at=x",
        "at=nan",
        "at=1e99",
        "landmarks=a",
        "landmarks=" + ",".join(map(str, range(21))),
        "endpoint=DROP",
        "step=" + "x" * 2001,
        "&".join(["step=1"] * 13),
    ],
)
def test_settings_that_cannot_stand_are_refused(asked):
    with pytest.raises(UsageError):
        settings_of(QueryParams(asked))


def test_a_departure_is_said_in_words():
    said = Settings(steps=("AGE > 1",), confirmation="no", landmarks=(3, 6), cut="TMB", at=10).departures()
    assert said == [
        "Only subjects with AGE > 1",
        "Responses need not be confirmed",
        "Landmarks at 3, 6 months",
        "TMB cut at 10",
    ]


def test_steps_leave_fewer_and_say_of_whom_it_is_not_known():
    rows = attrition(ADSL, ["AGE >= 60", "SEX = 'M'"])
    assert [(r["left"], r["lost"], r["unknown"]) for r in rows] == [(4, 0, 0), (2, 2, 1), (0, 2, 0)]
    assert attrition(ADSL.clear(), ["AGE >= 60"])[1] == {"text": "AGE >= 60", "left": 0, "lost": 0, "unknown": 0}


@pytest.mark.parametrize(
    ("column", "operator", "value", "predicate", "who"),
    [
        ("AGE", ">=", "66", "AGE >= 66", ["1", "4"]),
        ("AGE", "IS NULL", "", "AGE IS NULL", ["3"]),
        ("SEX", "<>", "F", "SEX <> 'F'", ["2"]),
        ("SEX", "=", "F' OR 'a' = 'a", "SEX = 'F'' OR ''a'' = ''a'", []),
        ("B c", "<", "3", '"B c" < 3', ["1", "2"]),
        ("B c", ">=", "1234567.25", '"B c" >= 1234567.25', []),  # no digit is lost
        ("MONTHS", ">=", "10", "CAST(MONTHS AS DOUBLE) >= 10", ["2"]),  # as texts '9.5' comes after '10'
        ("MONTHS", "=", "9.50", "CAST(MONTHS AS DOUBLE) = 9.5", ["1"]),
        ("MONTHS", "=", "9.5", "MONTHS = '9.5'", ["1"]),
        ("END", "=", "a; b", "\"END\" = 'a; b'", ["3"]),  # a word of SQL, and a text that holds a mark of it
    ],
)
def test_a_click_builds_a_predicate(column, operator, value, predicate, who):
    assert predicate_of(ADSL, column, operator, value) == predicate
    assert ADSL.filter(subjects_by(ADSL, predicate, where="step 1"))["USUBJID"].to_list() == who


@pytest.mark.parametrize(
    "args",
    [
        ("NO", "=", "1"),
        ("AGE", "=", "old"),
        ("AGE", "LIKE", "1"),
        ("AGE", ">", "1 OR 1=1"),
        ("AGE", ">", "nan"),
        ("END", ">", "10"),
    ],
)
def test_a_click_builds_nothing_else(args):
    with pytest.raises(UsageError):
        predicate_of(ADSL, *args)


def test_an_error_of_a_predicate_names_no_value():
    with pytest.raises(ConfigError) as caught:
        subjects_by(ADSL.with_columns(pl.lit("secret").alias("T")), "CAST(T AS INT) > 3", where="step 1")
    assert "secret" not in str(caught.value)


def test_a_cut_makes_two_groups_and_leaves_the_unknown_out():
    name, covariate = cut_column(Settings(cut="AGE", at=66), ADSL)
    groups = ADSL.with_columns(pl.sql_expr(covariate.expression).alias(name))[name].to_list()
    assert groups == ["≥66", "<66", None, "≥66"]
    assert covariate.labels == ["<66", "≥66"]
    assert "66" in cut_column(Settings(cut="AGE"), ADSL)[1].label  # the median
    for column in ("SEX", "NONE"):
        with pytest.raises(UsageError):
            cut_column(Settings(cut=column), ADSL)


def test_policies_change_what_they_name_alone():
    config = StudyConfig(response={"confirmation_min_days": 21}, survival={"month": 30.0, "no_baseline": "start"})
    assert policies_changed(config, Settings()) == config
    changed = policies_changed(config, Settings(confirmation="no"))
    assert changed.response == {"confirmation_min_days": 21, "confirmation": False}
    assert changed.survival == config.survival
    assert policies_changed(config, Settings(censoring="ema")).survival == {"preset": "ema", "month": 30.0}


scalars = (
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
)
keys = st.text(max_size=4)
tables = st.dictionaries(keys, scalars | st.lists(scalars, max_size=2), max_size=2)


@given(
    st.dictionaries(
        keys, scalars | tables | st.lists(tables, max_size=2) | st.dictionaries(keys, tables, max_size=2), max_size=3
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_toml_is_read_back_as_it_was(values):
    assert tomllib.loads(toml_text(values)) == values


def test_a_look_twice_in_a_row_is_one():
    looks = Looks()
    for query in ("", "", "step=x", ""):
        looks.add("report", study="S", departures=[query] if query else [], query=query)
    assert [look.query for look in looks.taken] == ["", "step=x", ""]
    assert looks.exploratory == 1
    assert looks.text().count("\n") == 3


def test_work_is_done_once_and_ends_when_told():
    desk = Desk(threads=1)
    begun, go = threading.Event(), threading.Event()

    def made(say):
        begun.set()
        go.wait(10)
        say("on")
        return 1

    work = desk.ask("k", made)
    begun.wait(10)
    assert desk.ask("k", made) is work
    work.cancel()
    go.set()
    with pytest.raises(CancelledError):
        work.future.result(10)
    assert desk.ask("k", lambda _: 2).future.result(10) == 2  # begun anew
    desk.close()


def test_the_desk_forgets_the_longest_unused():
    desk = Desk(keep=3)
    for i in range(20):
        desk.ask(i, lambda _, i=i: i).future.result(10)
    assert [desk.ready(i) for i in (0, 16, 17, 19)] == [False, False, True, True]
    desk.close()


def test_many_who_ask_wait_for_one():
    kept: Kept[int] = Kept(4)
    count = []

    def made():
        count.append(1)
        time.sleep(0.05)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("a", made))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert (found, len(count)) == ([7] * 8, 1)
    with pytest.raises(ZeroDivisionError):
        kept.get("b", lambda: 1 // 0)
    assert kept.get("b", lambda: 3) == 3


def test_numbers_of_a_form_stay_within_their_ends():
    fields = (Field("n", "Patients", 40, 5, 200, 1),)
    assert read_fields(fields, {"n": "41"})[0].value == 41
    assert read_fields(fields, {})[0].value == 40
    for wrong in ("x", "4", "201", "nan", "inf"):
        with pytest.raises(UsageError):
            read_fields(fields, {"n": wrong})


def test_what_may_be_asked_for_next_waits_for_those_who_ask_now():
    desk = Desk(threads=1)
    go, done = threading.Event(), []
    desk.ask("now", lambda _: go.wait(10))
    desk.ahead("a", lambda: [lambda _: done.append("a")])
    time.sleep(0.1)
    desk.ahead("b", lambda: [lambda _: done.append("b1"), lambda _: done.append("b2")])
    desk.ahead("b", lambda: [lambda _: done.append("again")])
    time.sleep(0.1)
    assert (done, desk.busy) == ([], True)
    assert desk.ask("later", lambda _: 3) is not None
    go.set()
    until = time.monotonic() + 10
    while len(done) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert done == ["b1", "b2"]
    assert desk.ask("later", lambda _: 4).future.result(10) == 3
    desk.close()
