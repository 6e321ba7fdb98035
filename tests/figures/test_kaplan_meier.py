from __future__ import annotations

import re

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.figures import draw, kaplan_meier
from codon12.figures.axes import month_ticks
from codon12.figures.risk_table import counts_at

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
