"""Totals that a text does not call totals, groups whose size it does not print, and one digit from fitting."""

import pytest

from codon12.check import check_text
from codon12.check.verify.shares.typos import one_digit_apart


def alarms(text):
    return [(f.verdict, f.statement.quote) for f in check_text(text).problems]


@pytest.mark.parametrize(
    "text",
    [
        "56 patients had a total of 59 nodules, 11 (18.6%) dermal and 48 (81.4%) deeper.",
        "Of the 21 noncurative resections, 10 patients (47.6%) had surgery; 17 patients were followed.",
        "There were 7,075 (5.2%) patients in the young cohort and 128,345 (94.8%) in the older cohort.",
        "Twenty-five patients relapsed. By this score 33 (52.4%) were good, 21 (33.3%) intermediate, 9 (14.3%) poor.",
        "A higher share of the 197 women had invasive disease in 2013-2018 (91%) than in 2007-2012 (78%).",
        "We saw 233 patients. The dose was most often given in 1 fraction (95%), which was one of the reasons (75%).",
        "Of 66 cases identified the majority were women (72.7%).",
        "Survival was 43% (25, 62%) in 43 subjects.",
        "Twelve of 30 patients had the activator of transcription 3 (66.7%).",
        "Crossover to the drug was seen in 410 patients; 84 patients (40.8%) from the placebo group had it.",
        "The analysis had 14,637 samples of 112 types as well as 608 samples of 76 different tissues.",
        "A total of 75 patients were seen, 6 patients (8,0%) of them with the luminal type.",
        "Complications were seen in the F4B group (17.0%), significantly more than in the no/F4A group (p = 0.001).",
        "The risk was raised (odds ratio 47.5, CI 95%, 13.7-164.9).",
        "Of 60 patients, 17 survived for 5 years (39.5% of those followed up).",
    ],
)
def test_a_group_that_is_meant_but_not_called_a_total_is_no_alarm(text):
    assert alarms(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Of the 21 noncurative resections, 10 patients (41.6%) had surgery.",
        "In total, 3816 women were recruited. Of these, 478 (14%) had dementia.",
        "A total of 84 patients were treated; 21 (25%) responded, 42 (50%) were stable and 5 (36%) progressed.",
        "We enrolled 14 patients. Of all, 21 (25.0%) responded, 42 (50.0%) were stable and 9 (10.7%) progressed.",
        "The hazard ratio was 0.60 (95% CI, 0.45-0.92) for death.",
    ],
)
def test_a_slip_that_leaves_a_share_without_total_is_seen(text):
    assert alarms(text)


def test_several_totals_missing_by_the_same_digit_point_at_the_total():
    text = "We enrolled 14 patients. Of all, 21 (25.0%) responded, 42 (50.0%) were stable and 9 (10.7%) progressed."
    found = [f for f in check_text(text).problems if f.statement.kind == "count"]
    assert [f.computed["implied_N"] for f in found] == [84]
    assert alarms(text.replace("14 patients", "84 patients")) == []


def test_one_digit_apart_is_a_digit_changed_or_two_changed_places():
    assert one_digit_apart("20.7", "40.7")
    assert one_digit_apart("152", "512")
    assert not one_digit_apart("12", "120")
    assert not one_digit_apart("12", "12")
    assert not one_digit_apart("1.25", "12.5")


def test_decimal_commas_of_one_line_leave_another_alone():
    text = "Response was 12.5% (5 of 40).\nLa respuesta fue 12,5% (p = 0,03)."
    assert [f.statement.quote for f in check_text(text).findings if f.statement.kind == "p_value"] == ["(p = 0,03)"]
    assert alarms(text) == []
