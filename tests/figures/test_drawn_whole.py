"""Nothing is drawn as something else, and what is not drawn is told: names cut alike, marks beyond the axis, samples."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.drawing import draw, picture
from codon12.errors import UsageError
from codon12.figures import (
    alluvial,
    clone_burden,
    cut_point_profile,
    dose_response,
    forest,
    kaplan_meier,
    lollipop,
    occupancy_course,
    oncoprint,
    organ_bars,
    paired_oncoprint,
    patient_timeline,
    serial_fractions,
    spider,
    swimmer,
    upset,
    vaf_slope,
    waterfall,
)

ONE = "Sotorasib 960 mg once daily plus panitumumab every two weeks, arm A"
OTHER = ONE[:-1] + "B"


def test_two_arms_whose_names_begin_alike_stay_two_curves():
    curve = pl.DataFrame(
        {"group": [ONE, ONE, OTHER], "time": [2.0, 5.0, 4.0], "survival": [0.5, 0.0, 0.0], "lower": [None] * 3,
         "upper": [None] * 3, "n_risk": [2, 1, 1], "n_event": [1, 1, 1], "n_censor": [0, 0, 0]},
        schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
    )  # fmt: skip
    line = next(x for x in kaplan_meier(curve)["layer"] if x["mark"]["type"] == "line")
    drawn = [(v["group"][-1], v["x"], v["y"]) for v in line["data"]["values"]]
    assert drawn == [("A", 0, 100), ("A", 2, 50), ("A", 5, 0), ("B", 0, 100), ("B", 4, 0)]


def test_two_drugs_sites_pairs_and_genes_whose_names_begin_alike_are_counted_each():
    flow = alluvial(pl.DataFrame({"drug": [ONE, ONE, OTHER], "next": ["B"] * 3}), stages=("drug", "next"))
    assert [v["label"][-5:] for v in flow["layer"][1]["data"]["values"]] == ["A (2)", "B (1)", "B (3)"]
    sites = pl.DataFrame({"USUBJID": ["1", "1"], "SITE": [ONE, OTHER], "CLASS": ["liver"] * 2})
    assert len(organ_bars(sites, total=2)["data"]["values"]) == 2
    assert [v["set"][-1] for v in upset(sites)["vconcat"][1]["layer"][3]["data"]["values"]] == ["A", "B"]
    rows = pl.DataFrame({"PAIR": [ONE, OTHER], "ALTERATION": ["NRAS p.Q61K"] * 2, "STATE": ["retained"] * 2,
                         "GENE": [ONE, OTHER], "VAF_EARLIER": [0.2, 0.3], "VAF_LATER": [0.1, 0.1]})  # fmt: skip
    assert len({v["panel"] for v in vaf_slope(rows)["data"]["values"]}) == 2
    assert len(paired_oncoprint(rows)["layer"][2]["data"]["values"]) == 2


def test_a_site_called_other_is_not_the_rest():
    names = ["other", "a", "b", "c"]
    rows = pl.DataFrame({"USUBJID": ["1", "2", "1", "1", "1"], "SITE": ["other", *names]})
    matrix = upset(rows, sets=2)["vconcat"][1]["layer"][3]["data"]["values"]
    assert [v["set"] for v in matrix] == ["other", "a", "other (2 sites)"]


def test_what_is_left_out_of_panels_and_bars_is_told():
    pairs = [f"P{i:02d}" for i in range(14)]
    rows = pl.DataFrame({"PAIR": pairs, "ALTERATION": ["NRAS p.Q61K"] * 14, "STATE": ["retained"] * 14,
                         "VAF_EARLIER": [0.2] * 14, "VAF_LATER": [0.1] * 14})  # fmt: skip
    assert vaf_slope(rows)["title"]["text"] == "2 pairs more are not shown"
    serial = pl.DataFrame({"USUBJID": pairs[:10], "AT": [1] * 10, "SAMPLE": ["s"] * 10, "ALTERATION": pairs[:10],
                           "VAF": [0.1] * 10})  # fmt: skip
    spec = serial_fractions(serial)
    assert spec["title"]["text"] == "1 subject more is not shown"
    encoding = spec["spec"]["layer"][0]["encoding"]
    looks = zip(encoding["color"]["scale"]["range"], map(tuple, encoding["strokeDash"]["scale"]["range"]), strict=True)
    assert len(set(looks)) == 9
    sites = pl.DataFrame({"USUBJID": ["1"] * 22, "SITE": [f"s{i}" for i in range(22)], "CLASS": ["liver"] * 22})
    assert organ_bars(sites, total=1)["title"]["text"] == "2 rarer sites are not shown"
    events = pl.DataFrame({"LANE": "Adverse events", "KIND": "span", "DAY": [1] * 27, "UNTIL": [2] * 27,
                           "VALUE": [1.0] * 27, "TEXT": [f"term {i}, grade 1" for i in range(27)]})  # fmt: skip
    told = patient_timeline(events, month=30.0)["vconcat"][0]["title"]["text"]
    assert told == "Adverse events not shown, of no higher grade: 2"


def test_percentages_of_an_oncoprint_are_of_all_rounded_as_tables_round_and_a_sample_says_so():
    patients = [f"Q{i:04d}" for i in range(1700)]
    calls = pl.DataFrame({"USUBJID": [*patients[:255], "Q1699"], "GENE": ["KRAS"] * 255 + ["RET"],
                          "CLASS": ["missense"] * 255 + ["fusion"]})  # fmt: skip
    spec = oncoprint(calls, patients=patients)
    labels = next(x for x in spec["layer"] if x["mark"]["type"] == "text")["data"]["values"]
    assert [v["percent"] for v in labels] == ["15%", "<1%"]  # 255 and 1 of 1,700
    assert spec["title"]["text"] == "One patient in 3 is shown, in their order; percentages are of all"
    eight = oncoprint(calls.head(1), patients=patients[:8])
    assert next(x for x in eight["layer"] if x["mark"]["type"] == "text")["data"]["values"][0]["percent"] == "13%"
    assert "title" not in eight


def test_every_value_of_a_track_has_a_colour_of_the_key():
    calls = pl.DataFrame({"USUBJID": ["1"], "GENE": ["KRAS"], "CLASS": ["missense"]})
    tracks = pl.DataFrame({"USUBJID": ["1", "2", "3"], "TRACK": ["Drug"] * 3, "VALUE": [ONE, OTHER, "none"]})
    strip = oncoprint(calls, patients=["1", "2", "3"], tracks=tracks, track_levels={"Drug": [ONE]})["layer"][-2]
    assert {v["value"] for v in strip["data"]["values"]} == set(strip["encoding"]["color"]["scale"]["domain"])
    assert len(strip["encoding"]["color"]["scale"]["domain"]) == 3


def test_increases_beyond_a_spiders_axis_carry_an_arrow_head():
    visits = pl.DataFrame({"USUBJID": ["1", "1"], "TIME": [1.4, 2.8], "PCHG": [10.0, 900.0], "BOR": ["PD"] * 2})
    spec = spider(visits)
    assert [v["clipped"] for v in spec["data"]["values"]] == [False, False, True]
    assert spec["layer"][-1]["mark"]["shape"] == "triangle-up"
    assert all(x["mark"].get("shape") != "triangle-up" for x in spider(visits.head(1))["layer"])


def test_marks_lie_on_the_axis():
    lane = pl.DataFrame({"USUBJID": ["1"], "BOR": ["PD"], "TRTDY": [2.0], "ENDDY": [3.0], "RSPDY": [None],
                         "PDDY": [30.0], "DTHDY": [None], "ONGOING": [None]},
                        schema_overrides={"RSPDY": pl.Float64, "DTHDY": pl.Float64})  # fmt: skip
    assert swimmer(lane)["layer"][0]["encoding"]["x"]["scale"]["domain"][1] >= 30
    change = pl.DataFrame({"POS": [250, None], "LABEL": ["R250W", "?"], "N": [2, 2], "CLASS": ["missense"] * 2})
    assert lollipop(change, length=189)["layer"][-1]["encoding"]["x"]["scale"]["domain"] == [0, 250]


def test_many_long_names_leave_the_curves_their_room_and_lines_their_ends():
    groups = [f"Dose level {i} mg/m2 given intravenously every three weeks" for i in range(6)]
    curve = pl.DataFrame({"group": groups, "time": [5.0] * 6, "survival": [0.5] * 6, "lower": [0.1] * 6,
                          "upper": [0.8] * 6, "n_risk": [2] * 6, "n_event": [1] * 6, "n_censor": [1] * 6})  # fmt: skip
    line = f"{groups[1]} against {groups[0]}: Hazard ratio 1.01 (95% CI 0.49–2.09)"
    spec = kaplan_meier(curve, notes=dict.fromkeys(groups, "median 5.0 months (95% CI 3.2–7.7)"), texts=[line])
    assert spec["width"] >= 300
    assert "2.09)" in draw(spec)


def test_the_two_sides_of_a_forest_never_read_alike():
    rows = pl.DataFrame({"label": ["All"], "n": [9], "value": [0.8], "lower": [0.5], "upper": [1.2]})
    svg = draw(forest(rows, scale="ratio", sides=(f"Favours {ONE}", f"Favours {OTHER}")))
    assert "weeks, arm A" in svg
    assert "weeks, arm B →" in svg


def test_a_drawing_without_a_size_is_refused():
    types = dict.fromkeys(("PAIR", "ALTERATION", "STATE"), pl.String) | {
        "VAF_EARLIER": pl.Float64,
        "VAF_LATER": pl.Float64,
    }
    with pytest.raises(UsageError, match="the figure cannot be drawn"):
        picture(draw(vaf_slope(pl.DataFrame(schema=types))), "png")


def test_patients_without_an_arm_have_a_panel():
    bars = pl.DataFrame({"USUBJID": ["1", "2"], "PCHG": [1.0, -2.0], "BOR": ["SD", "SD"], "ARM": ["A", None]})
    assert [v["title"]["text"] for v in waterfall(bars, group="ARM", groups=["A"])["vconcat"]] == ["A", "Missing"]


def test_protein_above_its_value_without_drug_and_readings_after_the_last_clone_lie_on_the_axis():
    doses = pl.DataFrame({"DOSE": [1e-9, 1e-6], "GTP": [1.3, 0.3]})
    assert dose_response(doses)["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 130]
    course = pl.DataFrame({"HOURS": [0.0, 24.0], "FREE": [1.0, 0.0], "BOUND": [0.0, 0.9], "GTP": [1.25, 0.2]})
    assert occupancy_course(course)["vconcat"][1]["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 125]
    clones = pl.DataFrame({"MONTHS": [0.0, 6.0], "CLONE": ["resistant"] * 2, "VOLUME": [0.1, 30.0]})
    parts = clone_burden(clones, pl.DataFrame({"MONTHS": [0.0, 9.0], "SUM": [50.0, 90.0]}))["vconcat"]
    assert [p["encoding"]["x"]["scale"]["domain"] for p in parts] == [[0, 9], [0, 9]]


@pytest.mark.parametrize(("value", "low"), [(0.5, 0.05), (0.04, 0.02), (0.003, 0.01)])
def test_the_axis_of_a_forest_reaches_every_estimate(value, low):
    rows = pl.DataFrame({"label": ["All"], "n": [9], "value": [value], "lower": [0.001], "upper": [1.2]})
    scales = [x["encoding"]["x"].get("scale") for x in forest(rows, scale="ratio")["layer"]]
    assert next(s["domain"][0] for s in scales if s) == low


def test_bars_and_lines_of_a_colour_that_paper_hides_have_an_outline():
    bars = pl.DataFrame({"USUBJID": ["1", "2"], "PCHG": [1.0, -2.0], "BOR": ["SD", "NE"]})
    line = waterfall(bars)["layer"][0]["encoding"]["stroke"]["condition"]
    assert line["test"] == {"field": "response", "oneOf": ["NE"]}
    assert "stroke" not in waterfall(bars.head(1))["layer"][0]["encoding"]
    lane = pl.DataFrame({"USUBJID": ["1"], "BOR": ["NE"], "TRTDY": [2.0], "ENDDY": [3.0], "RSPDY": [None],
                         "PDDY": [None], "DTHDY": [None], "ONGOING": [None]},
                        schema_overrides=dict.fromkeys(("RSPDY", "PDDY", "DTHDY"), pl.Float64))  # fmt: skip
    rule, bar = (swimmer(lane)["layer"][i]["encoding"] for i in (0, 1))
    assert rule["color"]["condition"] == bar["stroke"]["condition"] == line


def test_an_alluvial_of_many_drugs_lumps_the_rarest_and_says_how_many():
    rows = pl.DataFrame({"drug": ["A", "A", *(f"drug {i:02d}" for i in range(14))], "next": ["B"] * 16})
    labels = [v["label"] for v in alluvial(rows, stages=("drug", "next"))["layer"][1]["data"]["values"]]
    assert len(labels) == 13
    assert labels[0] == "4 others (4)"
    assert labels[1] == "A (2)"


def test_a_ratio_of_zero_or_infinity_breaks_a_profile_not_its_axis():
    profile = pl.DataFrame({"cut": [1.0, 2.0, 3.0], "value": [0.5, 0.0, 2.0], "upper": [1.0, float("inf"), 4.0]})
    points = cut_point_profile(profile, scale="ratio")["layer"][0]["data"]["values"]
    assert [(p["value"], p["upper"]) for p in points] == [(0.5, 1.0), (None, None), (2.0, 4.0)]
