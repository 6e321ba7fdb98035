from __future__ import annotations

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.figures import (
    TextColumn,
    boundary,
    co_occurrence,
    cut_point_profile,
    draw,
    forest,
    lollipop,
    oncoprint,
    schoenfeld,
    spider,
    swimmer,
)


def lanes(n):
    return pl.DataFrame(
        {
            "USUBJID": [f"S{i:04d}" for i in range(n)],
            "BOR": ["PR"] * n,
            "TRTDY": [1.0 + i % 7 for i in range(n)],
            "ENDDY": [2.0 + i % 7 for i in range(n)],
            "RSPDY": [0.5] * n,
            "PDDY": [None] * n,
            "DTHDY": [None] * n,
            "ONGOING": ["Y"] * n,
        },
        schema_overrides={"PDDY": pl.Float64, "DTHDY": pl.Float64},
    )


def test_swimmer_orders_by_length_and_marks_ongoing_treatment():
    spec = swimmer(lanes(9))
    bars = next(x for x in spec["layer"] if x["mark"]["type"] == "bar")["data"]["values"]
    assert [b["ENDDY"] for b in bars] == sorted((b["ENDDY"] for b in bars), reverse=True)
    events = next(x for x in spec["layer"] if x["mark"]["type"] == "point")["data"]["values"]
    assert sum(e["event"] == "On treatment" for e in events) == 9


def test_swimmer_of_thousands_shows_every_kth_and_says_so():
    spec = swimmer(lanes(5000))
    assert spec["title"]["text"] == "One patient in 20 is shown, in order of follow-up"
    assert spec["height"] < 900


def test_swimmer_leaves_out_who_has_no_time():
    empty = lanes(2).with_columns(TRTDY=pl.lit(None, pl.Float64), ENDDY=pl.lit(None, pl.Float64))
    assert draw(swimmer(empty)).startswith("<svg")


def test_spider_adds_the_baseline_and_cuts_at_the_ceiling():
    visits = pl.DataFrame(
        {"USUBJID": ["1", "1", "2"], "TIME": [1.4, 2.8, None], "PCHG": [10.0, 900.0, 5.0], "BOR": ["PD", "PD", "SD"]}
    )
    got = spider(visits)["data"]["values"]
    assert [(v["month"], v["change"]) for v in got] == [(0.0, 0.0), (1.4, 10.0), (2.8, 150.0)]


ROWS = pl.DataFrame(
    {
        "label": ["All", "Group", "a", "b"],
        "heading": [False, True, False, False],
        "overall": [True, False, False, False],
        "n": [100, None, 60, 40],
        "value": [0.8, None, 0.5, 30.0],
        "lower": [0.6, None, 0.01, 2.0],
        "upper": [1.1, None, 0.9, 400.0],
        "text": ["0.80 (0.60-1.10)", "", "x", "y"],
    }
)


def test_forest_ends_what_goes_beyond_the_axis_in_arrows():
    spec = forest(ROWS, scale="ratio", columns=(TextColumn("text", "HR"),), domain=(0.1, 10.0))
    shapes = [layer["mark"].get("shape") for layer in spec["layer"]]
    assert {"triangle-left", "triangle-right", "square", "diamond"} <= set(shapes)
    square = next(x for x in spec["layer"] if x["mark"].get("shape") == "square")
    assert [v["at"] for v in square["data"]["values"]] == [2]  # the estimate of 30 lies outside


def test_forest_boxes_are_in_proportion_to_n():
    spec = forest(ROWS.with_columns(value=pl.Series([37.0, None, 40.0, 30.0])), columns=())
    square = next(x for x in spec["layer"] if x["mark"].get("shape") == "square")
    boxes = {v["at"]: v["box"] for v in square["data"]["values"]}
    assert boxes[2] / boxes[3] == pytest.approx(60 / 40)


def test_forest_refuses_a_ratio_that_is_not_positive():
    with pytest.raises(UsageError, match="positive"):
        forest(ROWS.with_columns(value=pl.lit(0.0)), scale="ratio", columns=())


@pytest.mark.parametrize("scale", ["ratio", "percent", "difference"])
def test_forest_draws_on_every_scale(scale):
    assert "Group" in draw(forest(ROWS, scale=scale, columns=(), reference=0.7, sides=("left", "right")))


def test_oncoprint_percentages_are_of_the_tested():
    calls = pl.DataFrame({"USUBJID": ["1", "2"], "GENE": ["KRAS", "MET"], "CLASS": ["missense", "amplification"]})
    pairs = [(p, "KRAS") for p in "1234"] + [("2", "MET"), ("3", "MET")]
    tested = pl.DataFrame(pairs, schema=["USUBJID", "GENE"], orient="row")
    svg = draw(oncoprint(calls, patients=list("1234"), tested=tested))
    assert ">25%<" in svg
    assert ">50%<" in svg


def test_oncoprint_row_order_never_matters():
    calls = pl.DataFrame({"USUBJID": ["1", "2", "2"], "GENE": ["A", "B", "A"], "CLASS": ["missense", "fusion", "odd"]})
    assert oncoprint(calls) == oncoprint(calls.reverse())


def test_lollipop_labels_only_what_is_frequent():
    variants = pl.DataFrame(
        {"POS": [12, 12, 61], "LABEL": ["G12C", "G12D", "Q61H"], "N": [40, 20, 1], "CLASS": ["missense"] * 3}
    )
    svg = draw(lollipop(variants, length=189, gene="KRAS"))
    assert ">G12C<" in svg
    assert ">Q61H<" not in svg


def test_one_patient_has_one_tick():
    variants = pl.DataFrame({"POS": [61], "LABEL": ["Q61H"], "N": [1], "CLASS": ["missense"]})
    svg = draw(lollipop(variants, length=189, gene="KRAS", label_from=1))
    assert ">Q61H<" in svg
    assert svg.count(">1<") == 1


def test_co_occurrence_takes_zero_and_infinite_odds():
    pairs = pl.DataFrame(
        {"A": ["x", "x"], "B": ["y", "z"], "ODDS": [0.0, float("inf")], "P": [0.01, None], "N": [0, 9]}
    )
    ratios = [v["ratio"] for v in co_occurrence(pairs)["layer"][0]["data"]["values"]]
    assert ratios == [-3.0, 3.0]


def test_the_plots_of_models_draw():
    points = pl.DataFrame({"time": [1.0, 2.0, float("nan")], "residual": [0.1, -0.2, 0.3]})
    curve = pl.DataFrame({"time": [1.0, 2.0], "value": [0.0, 0.1], "lower": [-1.0, -1.0], "upper": [1.0, 1.0]})
    assert "P = 0.2" in draw(schoenfeld(points, curve=curve, effect=0.1, term="KRAS", texts=("P = 0.2",)))
    profile = pl.DataFrame({"cut": [1.0, 2.0], "value": [0.5, 0.9], "lower": [0.2, 0.4], "upper": [1.1, 2.0]})
    assert draw(cut_point_profile(profile, chosen=2.0, critical=3.0, scale="ratio", texts=("P = 0.4",)))
    lines = pl.DataFrame({"x": [10, 20], "y": [1, 4], "NAME": ["futility"] * 2})
    assert "futility" in draw(boundary(lines, path=lines.select("x", "y")))


def test_spider_by_arm_has_a_panel_an_arm_in_the_order_given():
    visits = pl.DataFrame(
        {"USUBJID": ["1", "2"], "TIME": [1.0, 2.0], "PCHG": [-10.0, 5.0], "BOR": ["PR", "SD"], "ARM": ["x", "a"]}
    )
    spec = spider(visits, group="ARM", groups=["x", "a"])
    assert [panel["title"]["text"] for panel in spec["vconcat"]] == ["x", "a"]
    assert {(v["panel"], v["subject"]) for v in spec["data"]["values"]} == {("x", "1"), ("a", "2")}


def test_oncoprint_says_what_was_not_tested_only_where_something_was_not():
    calls = pl.DataFrame({"USUBJID": ["1"], "GENE": ["KRAS"], "CLASS": ["missense"]})
    tested = pl.DataFrame({"USUBJID": ["1"], "GENE": ["KRAS"]})
    assert ">Not tested<" in draw(oncoprint(calls, patients=["1", "2"], tested=tested))
    assert ">Not tested<" not in draw(oncoprint(calls, patients=["1", "2"]))
