from __future__ import annotations

import re
from types import SimpleNamespace

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.figures import cumulative_incidence, draw, kaplan_meier
from codon12.figures.axes import month_ticks
from codon12.figures.lettering import text_width
from codon12.figures.risk_table import counts_at
from codon12.numbers import Rounding

# five subjects: event at 2, censored at 4, two events at 6, censored at 10
CURVE = pl.DataFrame(
    {
        "group": ["A"] * 4,
        "time": [2.0, 4.0, 6.0, 10.0],
        "survival": [0.8, 0.8, 0.8 / 3, 0.8 / 3],
        "lower": [0.2, 0.2, 0.01, 0.01],
        "upper": [0.97, 0.97, 0.6, 0.6],
        "n_risk": [5.0, 4.0, 3.0, 1.0],
        "n_event": [1.0, 0.0, 2.0, 0.0],
        "n_censor": [0.0, 1.0, 0.0, 1.0],
    }
)


def transforms(svg: str, text: str) -> list[float]:
    return [float(x) for x in re.findall(rf'translate\(([-\d.]+),[-\d.]+\)"[^>]*>{text}</text>', svg)]


def test_at_risk_counts_who_has_a_time_at_or_after_the_tick():
    grid = pl.DataFrame({"x": [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0], "group": ["A"] * 7})
    got = counts_at(CURVE, grid)
    assert got["n_risk"].to_list() == [5, 5, 4, 3, 1, 1, 0]
    assert got["n_event"].to_list() == [0, 1, 1, 3, 3, 3, 3]
    assert got["n_censor"].to_list() == [0, 0, 1, 1, 1, 2, 2]


def test_numbers_at_risk_stand_under_their_ticks():
    spec = kaplan_meier(CURVE)
    svg = draw(spec)
    ticks = month_ticks(10.0)
    step = spec["width"] / 10.0
    risk = next(layer for layer in reversed(spec["layer"]) if "values" in layer.get("data", {}))
    shown = {v["x"]: v["text"] for v in risk["data"]["values"]}
    axis = {t: transforms(svg, f"{t:g}")[0] for t in ticks[1:]}
    for tick, text in shown.items():
        if tick == 0:
            continue
        places = transforms(svg, text)
        assert any(abs(p - step * tick) < 0.6 for p in places), (tick, text, places)
        assert abs(axis[tick] - step * tick) < 0.6


def test_a_curve_starts_at_100_and_ends_at_its_last_follow_up():
    line = next(x for x in kaplan_meier(CURVE)["layer"] if x["mark"]["type"] == "line")["data"]["values"]
    assert line[0] == {"x": 0.0, "y": 100.0, "group": "A"}
    assert line[-1]["x"] == 10.0


def test_an_event_at_time_zero_is_a_step_at_zero():
    curve = CURVE.with_columns(time=pl.Series([0.0, 4.0, 6.0, 10.0]))
    line = next(x for x in kaplan_meier(curve)["layer"] if x["mark"]["type"] == "line")["data"]["values"]
    assert line[0] == {"x": 0.0, "y": 80.0, "group": "A"}


@pytest.mark.parametrize("shape", ["survival", "incidence", "log"])
def test_every_shape_draws(shape):
    two = pl.concat([CURVE, CURVE.with_columns(group=pl.lit("B"), survival=pl.col("survival") ** 2)])
    spec = kaplan_meier(
        two, shape=shape, rows=("n_risk", "n_censor", "n_event"), medians={"A": 6.0, "B": None}, texts=["P = 0.2"]
    )
    assert "P = 0.2" in draw(spec)


def test_incidence_rises():
    line = next(x for x in kaplan_meier(CURVE, shape="incidence")["layer"] if x["mark"]["type"] == "line")
    assert [v["y"] for v in line["data"]["values"]] == sorted(v["y"] for v in line["data"]["values"])


def test_a_log_curve_never_reaches_zero():
    curve = CURVE.with_columns(survival=pl.Series([0.8, 0.8, 0.2, 0.0]))
    line = next(x for x in kaplan_meier(curve, shape="log")["layer"] if x["mark"]["type"] == "line")
    assert min(v["y"] for v in line["data"]["values"]) > 0


def test_a_million_points_are_thinned_to_what_can_be_seen():
    n = 200_000
    curve = pl.DataFrame(
        {
            "group": ["A"] * n,
            "time": [24 * (i + 1) / n for i in range(n)],
            "survival": [1 - (i + 1) / n for i in range(n)],
            "lower": [None] * n,
            "upper": [None] * n,
            "n_risk": list(range(n, 0, -1)),
            "n_event": [1] * n,
            "n_censor": [0] * n,
        },
        schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
    )
    line = next(x for x in kaplan_meier(curve)["layer"] if x["mark"]["type"] == "line")
    assert len(line["data"]["values"]) < 4000


def test_unknown_options_name_what_exists():
    with pytest.raises(UsageError, match="survival, incidence, log"):
        kaplan_meier(CURVE, shape="hazard")
    with pytest.raises(UsageError, match="n_risk"):
        kaplan_meier(CURVE, rows=("weights",))


def test_an_incidence_key_leaves_the_curves_alone():
    rising = CURVE.with_columns(survival=pl.Series([0.1, 0.08, 0.05, 0.05]), lower=None, upper=None)
    two = pl.concat([rising, rising.with_columns(group=pl.lit("B"), survival=pl.Series([0.12, 0.1, 0.07, 0.07]))])
    low = draw(kaplan_meier(two, shape="incidence", texts=["Gray's test P = 0.2"], width=454))
    slow = two.with_columns(survival=0.9 + pl.col("survival") / 10)
    high = draw(kaplan_meier(slow, shape="incidence", texts=["Gray's test P = 0.2"], width=454))
    place = r"translate\(([-\d.]+),([-\d.]+)\)[^>]*>Gray"
    assert float(re.search(place, low).group(2)) > 130  # the lower right, under curves that climb at once
    assert float(re.search(place, high).group(2)) < 130


def test_a_logarithmic_axis_ends_below_the_lowest_curve():
    y = next(x for x in kaplan_meier(CURVE, shape="log")["layer"] if x["mark"]["type"] == "line")["encoding"]["y"]
    assert y["scale"]["domain"] == [20.0, 100]  # the curve ends at 26.7 %
    assert y["axis"]["values"] == [20.0, 50.0, 100.0]


@pytest.mark.parametrize(
    ("shape", "top", "ends"),
    [("survival", 100.0, (1.0, 100.0)), ("log", 100.0, (20.0, 100.0)), ("incidence", 50.0, (0.0, 50.0))],
)
def test_a_band_ends_at_the_axis(shape, top, ends):
    layers = kaplan_meier(CURVE, shape=shape, top=top)["layer"]
    area = next(x for x in layers if x["mark"]["type"] == "area")
    limits = [v[side] for v in area["data"]["values"] for side in ("low", "high")]
    assert (min(limits), max(limits)) == ends
    assert "clip" not in area["mark"]


def test_titles_of_a_single_row_stand_beside_its_first_number():
    spec = kaplan_meier(CURVE, rows=("n_risk", "n_censor", "n_event"))
    side = [
        x
        for x in spec["layer"]
        if any("text" in v and "at" in v and v.get("x", 0) < 0 for v in x.get("data", {}).get("values", []))
    ]
    starts = {v["text"]: v["x"] for x in side for v in x["data"]["values"]}
    assert all(-at > text_width(text) for text, at in starts.items()), starts


def test_causes_of_one_group_share_their_row_at_risk():
    causes = pl.concat([CURVE, CURVE.with_columns(group=pl.lit("B"))]).with_columns(
        incidence=1 - pl.col("survival"), lower=1 - pl.col("upper"), upper=1 - pl.col("lower")
    )
    spec = cumulative_incidence(causes, common_risk=True)
    risk = spec["layer"][-1]["data"]["values"]
    assert len(risk) == len(month_ticks(10.0))
    assert spec["description"] == "Cumulative incidence: A, B."
    assert len(cumulative_incidence(causes)["layer"][-1]["data"]["values"]) == 2 * len(risk)


@pytest.mark.parametrize(("highest", "top"), [(0.04, 10.0), (0.18, 20.0), (0.45, 50.0), (0.6, 100.0)])
def test_an_incidence_axis_fits_its_curves(highest, top):
    low = CURVE.with_columns(incidence=pl.lit(highest), lower=pl.lit(None, pl.Float64), upper=pl.lit(None, pl.Float64))
    line = next(x for x in cumulative_incidence(low)["layer"] if x["mark"]["type"] == "line")
    assert line["encoding"]["y"]["scale"]["domain"] == [0, top]


def test_hazard_ratio_and_p_of_the_comparison_stand_in_the_picture():
    from codon12.analyses.survival.comparison import compared as _comparison

    rows = [
        {"analysis": "comparison", "endpoint": e, "evaluator": who, "arm": "Drug", "against": "Control",
         "kind": kind, "value": value, "lower": 0.5, "upper": 1.004, "conf_level": 0.9}
        for e, who in (("pfs", "central"), ("pfs", "investigator"), ("os", None))
        for kind, value in (("ratio", 0.707), ("p", 0.00004))
    ]  # fmt: skip
    evidence = SimpleNamespace(
        numbers=pl.DataFrame(rows, infer_schema_length=None),
        plan=[SimpleNamespace(name="comparison", kind="comparison")],
    )
    own = pl.DataFrame({"evaluator": ["central"]})
    texts, who = _comparison(evidence, SimpleNamespace(endpoint="PFS"), own, Rounding())
    assert texts == ["Hazard ratio 0.71 (90% CI 0.50–1.00)", "Log-rank P < 0.001"]
    assert who == " Compared: Drug against Control."
