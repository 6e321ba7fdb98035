from __future__ import annotations

import pytest

from codon12.numbers import Rounding
from codon12.tables import cell_text, unit_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ({"kind": "count", "n": 46, "N": 124}, "46 (37.1)"),
        ({"kind": "count", "n": 0, "N": 124}, "0"),
        ({"kind": "count", "n": 1, "N": 16}, "1 (6.3)"),  # 6.25 rounds half up from the exact fraction
        ({"kind": "count", "n": 0, "N": 0}, "0"),
        ({"kind": "count", "n": 1234, "N": None}, "1,234"),
        ({"kind": "count", "n": None, "N": None, "status": "no subjects"}, "–"),
        (
            {"kind": "rate", "n": 46, "N": 124, "value": 4600 / 124, "lower": 28.6, "upper": 46.24},
            "37.1 (28.6–46.2)",
        ),
        ({"kind": "rate", "n": 0, "N": 0, "value": None, "lower": None, "upper": None, "status": "no subjects"}, "–"),
        (
            {"kind": "time", "value": 11.07, "lower": 6.9, "upper": None, "upper_status": "not reached"},
            "11.1 (6.9–NE)",
        ),
        ({"kind": "time", "value": None, "status": "not reached", "lower": 9.5, "upper": None}, "NR (9.5–NE)"),
        ({"kind": "time", "value": None, "status": "not reached", "lower": None, "upper": None}, "NR"),
        ({"kind": "value", "value": -0.04, "lower": None, "upper": None}, "0.0"),
        ({"kind": "value", "value": -19.07, "lower": None, "upper": None}, "−19.1"),
        ({"kind": "range", "lower": 37.0, "upper": 80.0}, "37–80"),
        ({"kind": "range", "lower": 1.4, "upper": 15.2, "upper_status": "censored", "unit": "months"}, "1.4 to 15.2+"),
        ({"kind": "range", "lower": 1.0, "upper": 2.0, "unit": "months"}, "1.0–2.0"),
        ({"kind": "ratio", "value": 0.655, "lower": 0.5, "upper": 0.86}, "0.66 (0.50–0.86)"),
        ({"kind": "ratio", "value": 0.1, "lower": -0.05, "upper": 0.2}, "0.10 (−0.05 to 0.20)"),
        ({"kind": "p", "value": 0.0001}, "<0.001"),
        ({"kind": "p", "value": 0.0423}, "0.042"),
        ({"kind": "p", "value": 0.342}, "0.34"),
        ({"kind": "p", "value": 0.999}, ">0.99"),
        ({"kind": "p", "value": None}, "NE"),
    ],
)
def test_a_number_prints_by_its_kind(number, text):
    assert cell_text(number) == text


def test_rounding_is_the_policy_of_the_study():
    number = {"kind": "rate", "n": 1, "N": 8, "value": 12.5, "lower": 0.3, "upper": 52.7}
    assert cell_text(number, Rounding(percent_digits=0)) == "13 (0–53)"
    assert cell_text(number, Rounding(percent_digits=0, mode="half-even")) == "12 (0–53)"


def test_the_unit_is_not_said_twice():
    assert unit_text({"kind": "rate", "conf_level": 0.9, "label": "At 6 months, %"}) == "(90% CI)"
    assert unit_text({"kind": "rate", "conf_level": None, "label": "Share"}) == "%"
