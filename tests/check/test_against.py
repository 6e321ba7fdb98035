"""A manuscript against a frame of evidence: what agrees, what does not, what is left out."""

import polars as pl
import pytest

from codon12.check import check_text
from codon12.check.comparing.study import against_evidence
from codon12.errors import UsageError

COLUMNS = ("id", "endpoint", "statistic", "label", "kind", "level", "n", "N", "value", "lower", "upper")
ROWS = [
    ("orr.central.all", "orr", "rate", "Objective response", "rate", "all", 46, 124, 37.0968, 28.5956, 46.2296),
    ("dcr.central.all", "dcr", "rate", "Disease control", "rate", "all", 100, 124, 80.6452, 72.5843, 87.1877),
    ("pfs.median.central.all", "pfs", "median", "Median, months", "time", "all", 83, 124, 6.77, 5.13, 8.18),
    ("pfs.median.x=high", "pfs", "median", "Median, months", "time", "high", 12, 15, 5.52, 1.61, 9.53),
    ("os.median.all", "os", "median", "Median, months", "time", "all", 69, 126, 12.48, 9.99, None),
    ("os.rate_6mo.all", "os", "rate_6mo", "At 6 months", "rate", "all", 69, 126, 83.33, 75.59, 88.80),
    ("ae.any.diarrhoea", "ae.any.diarrhoea", "any", "Diarrhoea", "count", "Any grade", 40, 126, 31.746, None, None),
]
NUMBERS = pl.DataFrame([dict(zip(COLUMNS, row, strict=True)) | {"variable": None, "category": None} for row in ROWS])


def compared(text, numbers=NUMBERS):
    got = against_evidence(check_text(text), numbers)
    return {k: [row["evidence"] for row in rows] for k, rows in got.items() if k not in ("key_results", "notes")}


def test_agreement_disagreement_and_what_is_left_out():
    text = (
        "An objective response was seen in 46 of 124 patients (37.1%; 95% CI, 28.6 to 46.2). The median "
        "progression-free survival was 6.9 months (95% CI, 5.1 to 8.2)."
    )
    assert compared(text) == {
        "agree": ["orr.central.all"],
        "disagree": ["pfs.median.central.all"],
        "left_out": ["dcr.central.all", "os.median.all"],
    }


def test_two_outcomes_of_one_sentence_are_each_their_own():
    text = (
        "Among 124 patients evaluated for response, 46 had an objective response (37.1%; 95% CI, 28.6 to 46.2), and "
        "{} had disease control ({}%; 95% CI, {} to 87.2)."
    )
    both = ["orr.central.all", "dcr.central.all"]
    assert compared(text.format(100, "80.6", "72.6"))["agree"] == both
    wrong = compared(text.format(100, "80.6", "72.9"))
    assert (wrong["agree"], wrong["disagree"]) == (both[:1], both[1:])


def test_not_reached_is_a_value():
    text = "The median overall survival was 12.5 months (95% CI, 10.0 to {})."
    assert compared(text.format("could not be evaluated"))["agree"] == ["os.median.all"]
    assert compared(text.format("15.0"))["disagree"] == ["os.median.all"]


def test_a_subgroup_of_the_study_agrees():
    assert compared("The median progression-free survival was 5.5 months.")["agree"] == ["pfs.median.x=high"]


def test_another_study_is_not_compared():
    text = "Elsewhere the median progression-free survival was 4.0 months.12,17"
    assert compared(text)["disagree"] == []


def test_rows_of_a_table_by_label_in_either_spelling():
    table = "Table 1. Events.\n\nEvent — no. (%) (N = 126)\n\nDiarrhea {} ({})\n"
    assert compared(table.format(40, "31.7"))["agree"] == ["ae.any.diarrhoea"]
    assert compared(table.format(41, "32.5"))["disagree"] == ["ae.any.diarrhoea"]


def test_landmark():
    text = "The Kaplan-Meier estimate of overall survival was {}% (95% CI, 75.6 to 88.8) at 6 months."
    assert compared(text.format("83.3"))["agree"] == ["os.rate_6mo.all"]
    assert compared(text.format("82.3"))["disagree"] == ["os.rate_6mo.all"]


def test_a_frame_that_is_no_evidence():
    with pytest.raises(UsageError, match="statistic"):
        compared("12 (30%).", NUMBERS.drop("statistic"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The ORR was 37.1% (95% CI, 28.6 to 46.2).", "agrees"),
        ("ORR, 37% (46/124).", "agrees"),
        ("The ORR was 41.0% (95% CI, 32 to 50).", "contradicted"),
        ("The objective response rate was 41.0% (95% CI, 32 to 50) in 124 patients.", "contradicted"),
        ("Objective response was confirmed in 51 patients (41.1%; 95% CI, 32.4 to 50.3).", "contradicted"),
        ("The response rate was 46/124 (36%).", "contradicted"),
        ("The ORR was 37.1% and at the end 38.1%.", "contradicted"),
        ("In the high group the ORR was 20% (95% CI, 10 to 30).", "left out"),
        ("The median overall survival was 12.5 months.", "left out"),
    ],
)
def test_a_key_result_agrees_is_contradicted_or_left_out(text, verdict):
    got = against_evidence(check_text(text), NUMBERS)
    of_orr = [x["verdict"] for x in got["key_results"] if x["evidence"].startswith("orr")]
    assert of_orr == [verdict]
    left_out = [x["evidence"] for x in got["left_out"]]
    assert left_out == [x["evidence"] for x in got["key_results"] if x["verdict"] == "left out"]
    assert not set(left_out) & {x["evidence"] for x in (*got["agree"], *got["disagree"])}
    assert [x["evidence"].split(".")[0] for x in got["key_results"]] == ["orr", "dcr", "pfs", "os"]
