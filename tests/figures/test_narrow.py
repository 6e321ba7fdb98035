"""Figures for a single column are laid out for it: they fit, and their letters can be read."""

from __future__ import annotations

import re

import polars as pl
import pytest

from codon12 import figures
from codon12.drawing import Look, draw, picture
from codon12.drawing.look import laid_out_mm
from codon12.figures.page import page

CURVE = pl.DataFrame(
    {
        "group": ["Docetaxel 75 mg per square metre"] * 3 + ["Atezolizumab"] * 3,
        "time": [2.0, 11.0, 26.9] * 2,
        "survival": [0.9, 0.5, 0.1, 0.95, 0.6, 0.3],
        "lower": [0.8, 0.4, 0.05, 0.9, 0.5, 0.2],
        "upper": [0.95, 0.6, 0.2, 1.0, 0.7, 0.4],
        "n_risk": [568, 206, 2, 569, 288, 4],
        "n_event": [1, 1, 1, 1, 1, 1],
        "n_censor": [0, 0, 1, 0, 0, 1],
    }
)
NOTES = dict.fromkeys(CURVE["group"].unique(), "median 13.5 months (95% CI 11.7–15.5)")
LANES = pl.DataFrame(
    {
        "USUBJID": [f"STUDY-LONG-NAME-{i:04d}" for i in range(12)],
        "BOR": ["CR", "PR", "NON-CR/NON-PD", "SD", "PD", "NE"] * 2,
        "PCHG": [140.0 - 20 * i for i in range(12)],
        "TRTDY": [1.0 + i for i in range(12)],
        "ENDDY": [2.0 + 2 * i for i in range(12)],
        "RSPDY": [0.5] * 12,
        "PDDY": [1.0 + i for i in range(12)],
        "DTHDY": [2.0 + 2 * i for i in range(12)],
        "ONGOING": ["Y"] * 12,
    }
)
LINES = pl.DataFrame(
    {
        "label": ["All", "Previous anti-PD-1 or anti-PD-L1 without platinum", "American Indian or Alaska Native"],
        "heading": [False, True, False],
        "indent": [0, 0, 1],
        "a": ["408/568", "", "31/48"],
        "b": ["361/569", "", "34/49"],
        "value": [0.71, None, 0.8],
        "lower": [0.62, None, 0.06],
        "upper": [0.82, None, 9.0],
        "text": ["0.71 (0.62–0.82)", "", "0.80 (0.06–9.00)"],
        "p": ["", "0.77", ""],
    }
)
SITES = pl.DataFrame(
    {
        "USUBJID": list("abcdef"),
        "SITE": ["lung", "adrenal gland", "liver", "lung", "bone", "lung"],
        "CLASS": ["thoracic", "extrathoracic", "liver", "thoracic", "not known", "thoracic"],
    }
)
DRAWINGS = {
    "kaplan-meier": lambda: figures.kaplan_meier(CURVE, notes=NOTES, texts=["Hazard ratio 0.71 (95% CI 0.62–0.82)"]),
    "waterfall": lambda: figures.waterfall(LANES),
    "swimmer": lambda: figures.swimmer(LANES),
    "forest": lambda: figures.forest(
        LINES,
        scale="ratio",
        columns=[
            figures.TextColumn("a", "Docetaxel", "left", "right"),
            figures.TextColumn("b", "Atezolizumab", "left", "right"),
            figures.TextColumn("text", "HR (95% CI)"),
            figures.TextColumn("p", "P interaction", align="right"),
        ],
        label_title="Events/n",
        sides=("Favours Atezolizumab", "Favours Docetaxel"),
    ),
    "bars": lambda: figures.organ_bars(SITES, total=6),
}
COLUMN_MM = 85


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_fits_its_column_in_letters_of_six_points(name):
    look = Look(width_mm=COLUMN_MM)
    with page(look.page):
        spec = DRAWINGS[name]()
    svg = picture(draw(spec), "svg", look, laid_out=laid_out_mm(spec)).decode()
    width = float(re.search(r'<svg [^>]*?width="([\d.]+)"', svg)[1])
    drawn = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    letters = min(float(s) for s in re.findall(r'font-size="([\d.]+)px"', svg))
    assert width <= COLUMN_MM / 25.4 * 96
    assert letters * width / drawn * 72 / 96 >= 5.99
    assert letters * width / drawn * 72 / 96 <= 8  # laid out for the column, not blown up


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_usual_page_says_nothing_of_itself(name):
    with page(Look().page):
        assert DRAWINGS[name]() == DRAWINGS[name]()
        assert "usermeta" not in DRAWINGS[name]()


def test_a_width_that_is_given_stays():
    with page(300):
        assert figures.waterfall(LANES, width=454)["width"] == 454 - 70


def test_a_narrow_forest_keeps_whole_labels_and_the_estimate():
    with page(361):
        svg = draw(DRAWINGS["forest"]())
    texts = re.findall(r">([^<>]+)</text>", svg)
    assert "0.71 (0.62–0.82)" in texts
    assert "408/568" not in texts  # stands in the table
    assert "Events/n" not in texts
    long = "Previous anti-PD-1 or anti-PD-L1 without platinum"
    words = [t for t in texts if t in long and t != "1"]
    assert len(words) > 1
    assert " ".join(words) == long


def test_narrow_curves_have_names_above_their_counts_and_few_ticks():
    with page(361):
        spec = DRAWINGS["kaplan-meier"]()
    side, counts = (layer["data"]["values"] for layer in spec["layer"][-2:])
    assert len({c["x"] for c in counts}) <= 7
    assert max(c["x"] for c in counts) >= 26.9  # the axis covers the follow-up
    assert {v["at"] for v in side}.isdisjoint({v["at"] for v in counts})
    texts = {v["text"] for layer in spec["layer"] for v in layer.get("data", {}).get("values", []) if "text" in v}
    assert any(t.endswith("11.7–15.5)") for t in texts)


def test_a_key_leaves_curves_bands_and_medians_alone():
    """No corner is free of these curves and medians: the key stands below."""
    middle = CURVE.with_columns(survival=pl.lit(0.5), lower=pl.lit(0.1), upper=pl.lit(0.95))
    spec = figures.kaplan_meier(middle, notes=NOTES, texts=["Log-rank P = 0.5"] * 3, medians=dict.fromkeys(NOTES, 2.0))
    texts = [layer for layer in spec["layer"] if layer.get("data", {}).get("values") == [{"text": "Log-rank P = 0.5"}]]
    assert len(texts) == 3
    assert all(layer["encoding"]["y"]["value"] > spec["height"] for layer in texts)
