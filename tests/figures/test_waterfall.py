from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.figures import draw, waterfall


def frame(changes, **more):
    n = len(changes)
    columns = {"USUBJID": [f"S{i:05d}" for i in range(n)], "PCHG": changes, "BOR": ["SD"] * n, **more}
    return pl.DataFrame(columns, schema_overrides={"PCHG": pl.Float64})


def values(spec):
    return spec["data"]["values"]


def test_bars_fall_from_left_to_right_and_missing_changes_are_left_out():
    spec = waterfall(frame([-10.0, None, 40.0, float("nan"), -100.0]))
    assert [v["exact"] for v in values(spec)] == [40.0, -10.0, -100.0]
    assert [v["rank"] for v in values(spec)] == [0, 1, 2]


def test_an_increase_beyond_the_scale_is_cut_marked_and_keeps_its_value():
    tall = values(waterfall(frame([250.0, 5.0])))[0]
    assert (tall["change"], tall["clipped"], tall["value"]) == (100.0, True, "250.0%")


def test_groups_come_in_the_order_asked_for():
    spec = waterfall(frame([1.0, 2.0, 3.0], ARM=["b", "a", "b"]), group="ARM", groups=["b", "a"])
    assert [v["title"]["text"] for v in spec["vconcat"]] == ["b", "a"]
    assert [v["rank"] for v in values(spec) if v["panel"] == "b"] == [0, 1]


def test_ten_thousand_patients_share_bars_and_the_axis_says_so():
    n = 10_000
    spec = waterfall(frame([100.0 - i / 50 for i in range(n)]))
    assert len(values(spec)) == 400
    assert "25 patients" in spec["title"]["text"]
    assert len(draw(spec)) < 150_000


def test_no_patient_is_an_empty_plot():
    assert draw(waterfall(frame([]))).startswith("<svg")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-100, 300), min_size=1, max_size=30), st.randoms())
def test_row_order_never_matters(changes, random):
    rows = frame(changes)
    order = list(range(len(changes)))
    random.shuffle(order)
    assert waterfall(rows) == waterfall(rows[order])
