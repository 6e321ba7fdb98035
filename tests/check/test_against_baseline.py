"""Rows of a baseline table against the study's variables and categories, however the row words them."""

import polars as pl
import pytest

from codon12.check import check_text
from codon12.check.comparing.study import against_evidence

N = 126
COUNTS = [
    ("SEX", "F", "Female", 63),
    ("SEX", "M", "Male", 63),
    ("RACE", "WHITE", "White", 103),
    ("RACE", "BLACK OR AFRICAN AMERICAN", "Black or African American", 2),
    ("SMOKING", "NEVER", "Never", 6),
    ("SMOKING", "CURRENT", "Current", 15),
    ("SMOKING", "FORMER", "Former", 102),
    ("SMOKING", None, "Missing", 3),
    ("ECOG", "0", "0", 38),
    ("ECOG", "1", "1", 88),
    ("BRAINMET", "Y", "Brain metastasis", 26),
    ("LIVERMET", "Y", "Liver metastasis", 27),
    ("LIVERMET", None, "Missing", 4),
    ("CHEMOTHERAPY", "Y", "Previous chemotherapy", 115),
    ("PLATINUM", "Y", "Previous platinum-based chemotherapy", 113),
    ("PLATINUM_PD1", "Y", "Previous platinum-based chemotherapy and anti-PD-1", 102),
    ("ANTIANGIOGENIC", "Y", "Previous antiangiogenic antibody", 25),
]
NUMBERS = pl.DataFrame(
    [
        {
            "id": f"baseline.{v}.{c}".lower(), "endpoint": f"baseline.{v}.{c}".lower(), "statistic": "n", "label": label,
            "kind": "count", "level": "all", "variable": v, "category": c, "n": n, "N": N, "value": 100 * n / N,
            "lower": None, "upper": None,
        }
        for v, c, label, n in COUNTS
    ],
    schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
)  # fmt: skip
TABLE = "Table 1. Characteristics of the Patients.\n\nCharacteristic — no. (%) (N = 126)\n\n{}\n"
ROWS = [
    ("", "Female sex", 63, "baseline.sex.f"),
    ("", "Female — no. (%)", 63, "baseline.sex.f"),
    ("Sex — no. (%)", "Male", 63, "baseline.sex.m"),
    ("Race — no. (%)", "Black", 2, "baseline.race.black or african american"),
    ("Smoking history — no. (%)", "Never smoked", 6, "baseline.smoking.never"),
    ("Smoking history — no. (%)", "Current smoker", 15, "baseline.smoking.current"),
    ("Smoking status", "Former", 102, "baseline.smoking.former"),
    ("Smoking history — no. (%)", "Missing data", 3, "baseline.smoking.none"),
    ("ECOG performance status", "1", 88, "baseline.ecog.1"),
    ("Brain metastasis — no. (%)", "Yes", 26, "baseline.brainmet.y"),
    ("Brain metastasis — no. (%)", "No", 100, "baseline.brainmet.y"),
    ("", "Brain metastasis", 26, "baseline.brainmet.y"),
    ("Type of previous systemic therapy", "Chemotherapy", 115, "baseline.chemotherapy.y"),
    ("Type of previous systemic therapy", "Platinum-based chemotherapy", 113, "baseline.platinum.y"),
    ("Type of previous systemic therapy", "Antiangiogenic monoclonal antibodies", 25, "baseline.antiangiogenic.y"),
    ("", "Prior chemotherapy", 115, "baseline.chemotherapy.y"),
]


def compared(heading, label, n):
    row = f"{label} {n} ({100 * n / N:.1f})"
    got = against_evidence(check_text(TABLE.format(f"{heading}\n\n{row}" if heading else row)), NUMBERS)
    return [x["evidence"] for x in got["agree"]], [x["evidence"] for x in got["disagree"]]


@pytest.mark.parametrize(("heading", "label", "n", "expected"), ROWS)
def test_a_row_agrees_or_is_contradicted(heading, label, n, expected):
    assert compared(heading, label, n) == ([expected], [])
    assert compared(heading, label, n + 5) == ([], [expected])


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Liver metastasis — no. (%)", "No"),  # four are missing: how many have none is not told
        ("Site of disease", "Yes"),
        ("Any treatment", "Other"),
        ("Family history", "Never"),
        ("Type of previous systemic therapy", "Platinum-based chemotherapy and immunotherapy"),
    ],
)
def test_a_row_of_which_nothing_is_told_is_not_compared(heading, label):
    assert compared(heading, label, 40) == ([], [])


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("Among 126 patients, 63 (50.0%) were men, and 88 patients (69.8%) had an ECOG performance status of 1.",
         ["baseline.ecog.1"]),
        ("Among 126 patients, 63 (50.0%) were men with an ECOG performance status of 1 or less.", []),
        ("Of the 126 patients, 63 (50.0%) were men, and 54 (42.9%) had one previous line of therapy.", []),
    ],
)  # fmt: skip
def test_what_follows_a_number_in_prose_is_not_of_what_stands_before_it(text, also):
    got = against_evidence(check_text(text), NUMBERS)
    assert [x["evidence"] for x in got["agree"]] == ["baseline.sex.m", *also]
    assert got["disagree"] == []


def test_a_number_in_prose_is_of_what_follows_it():
    got = against_evidence(check_text("Of the 126 patients, 58 (46.0%) were men, and 40 (31.7%) had pain."), NUMBERS)
    assert [x["evidence"] for x in got["disagree"]] == ["baseline.sex.m"]
