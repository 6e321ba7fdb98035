"""Each verifier on small texts of its own: what agrees, what is impossible, what cannot be told."""

import pytest

from codon12.check import check_text

pytestmark = pytest.mark.requirement("R-CHEC-01")


def verdicts(text, kind=None):
    return [(f.statement.quote, f.verdict) for f in check_text(text).findings if kind in (None, f.statement.kind)]


def finding(text, quote):
    return next(f for f in check_text(text).findings if f" {quote}" in f" {f.statement.quote}")


@pytest.mark.parametrize(
    ("text", "quote", "verdict"),
    [
        ("It was seen in 46 of 124 patients (37.1%).", "46 of", "ok"),
        ("It was seen in 46 of 124 patients (37.2%).", "46 of", "error"),
        ("It was seen in 1 of 8 patients (12%).", "1 of", "ok"),  # a tie: half to even
        ("It was seen in 1 of 8 patients (13%).", "1 of", "ok"),  # a tie: half up
        ("It was seen in 30 of 124 patients (24.1%).", "30 of", "ok"),  # cut off, in a text that says no more
        ("It was seen in 12 of 10 patients (40%).", "12 of", "error"),
        ("Of 30 patients, 7 (19.5%) died.", "7 (", "error"),  # no total at all
        ("Among the 13 patients, 12 (32.4%) had it.", "12 (", "error"),  # needs 37
        ("We saw 90 patients. Among the 15 with it, 12 (13.3%) left.", "12 (", "ok"),  # of the 90
        ("Weighted for age, 7 patients (19.5%) had it.", "7 pa", "cannot confirm"),
    ],
)
def test_count_and_percent(text, quote, verdict):
    assert finding(text, quote).verdict == verdict


def test_cutting_off_in_a_text_that_rounds():
    text = "Of 46 patients, 16 (34.7%) stayed, 5 (10.9%) left, 8 (17.4%) moved and 11 (23.9%) died."
    found = finding(text, "16 (")
    assert found.verdict == "error-if"
    assert "34.8" in found.sentence


def test_percentage_without_count():
    assert finding("Among the 80 patients, 88.8% had it.", "88.8%").computed["n_possible"] == [71]
    assert finding("In the 126 patients the response rate was 37.1%.", "37.1%").verdict == "error-if"
    assert finding("Mutations occur in 37.1% of lung cancers.", "37.1%").verdict == "not checkable"
    assert finding("Among the 126 patients the tumour burden fell by 37.1%.", "37.1%").verdict == "not checkable"


def test_two_arms_of_unknown_size():
    text = "All patients (n = 80) were seen. Rates were similar in both groups (90.2% and 82.1%, respectively)."
    assert finding(text, "90.2%").computed["solutions"] == [[37, 41, 32, 39]]


def test_interval_methods():
    found = finding("It was seen in 46 of 124 patients (37.1%; 95% CI, 28.6 to 46.2).", "46 of")
    assert found.computed["matching_ci_methods"] == ["clopper-pearson"]
    found = finding("It was seen in 46 of 124 patients (37.1%; 95% CI, 29.1 to 45.9).", "46 of")
    assert "wilson" in found.computed["matching_ci_methods"]
    assert finding("It was seen in 46 of 124 patients (37.1%; 95% CI, 20.6 to 46.2).", "46 of").verdict == "unlikely"
    assert finding("It was seen in 46 of 124 patients (37.1%; 95% CI, 38.6 to 46.2).", "46 of").verdict == "error"


def test_counts_behind_percentages_with_intervals():
    text = (
        "Among the 84 patients tested, a response was seen in 42% (95% CI, 30 to 55) of those with a low and in "
        "40% (95% CI, 16 to 68) of those with a high value."
    )
    assert [f.computed["n"] for f in check_text(text).findings if f.statement.kind == "percent_ci"] == [[29], [6]]


def test_landmarks():
    good = "The Kaplan-Meier estimate of survival was 90.5% (95% CI, 76.7 to 96.3) at 3 months"
    assert finding(good + ".", "90.5%").computed["scales"] == ["log-log"]
    assert finding(good.replace("96.3", "99.9") + ".", "90.5%").verdict == "unlikely"
    assert finding(good + " and 95.0% (95% CI, 85.0 to 98.4) at 6 months.", "95.0%").verdict == "error-if"


def test_median_against_landmarks():
    text = (
        "The median overall survival was {} months (95% CI, 2.1 to 9.0). The Kaplan-Meier estimate of overall survival "
        "was 62.0% (95% CI, 46.0 to 74.6) at 6 months."
    )
    assert finding(text.format("7.0"), "7.0").verdict == "ok"
    assert finding(text.format("4.0"), "4.0").verdict == "error-if"
    assert finding(text.format("9.9"), "9.9").verdict == "error"  # outside its own limits


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("HR, 0.71; 95% CI, 0.57–0.88", "ok"),
        ("HR, 0.95; 95% CI, 0.57–0.88", "error"),
        ("HR, 0.87; 95% CI, 0.561–1.629", "unlikely"),
        ("HR, 0.71; 95% CI, 0.57–0.88; P = 0.002", "ok"),
        ("HR, 0.93; 95% CI, 0.71–1.21; P = 0.28", "cannot confirm"),
        ("HR, 0.71; 95% CI, 0.57–0.88; P = 0.62", "unlikely"),
        ("HR, 0.390; 95% CI, 0.130–1.173; one-sided P = 0.0465", "ok"),
    ],
)
def test_ratios(text, verdict):
    assert verdicts(f"It was better ({text}).", "hr_ci_p")[0][1] == verdict


def test_no_wald_mismatch_is_an_error():
    for p in ("0.9", "0.5", "0.01", "0.0001"):
        for f in check_text(f"It was better (HR, 0.71; 95% CI, 0.57–0.88; P = {p}).").findings:
            assert f.verdict != "error"


def test_words_and_p():
    assert verdicts("There was no significant difference (P = 0.72).", "p_value")[0][1] == "ok"
    assert verdicts("There was no significant difference (P = 0.003).", "p_value")[0][1] == "unlikely"
    assert verdicts("It was significantly longer (P = 0.4).", "p_value")[0][1] == "unlikely"
    assert verdicts("It was measured (P = 0.4).", "p_value")[0][1] == "not checkable"


def test_parts_of_a_total():
    text = "We assigned 345 patients (171 in the first arm and {} in the other arm) to treatment."
    assert verdicts(text.format(174))[0][1] == "ok"
    assert verdicts(text.format(175))[0][1] == "error"
    assert verdicts(text.format(120))[0][1] == "error-if"


def test_dates():
    assert verdicts("Enrolled from March 5, 2020, to March 4, 2019.")[0][1] == "error"
    assert verdicts("The data cut-off was February 30, 2020.")[0][1] == "error"
    text = (
        "Patients were enrolled from January 1, 2020, to June 30, 2020. The data-cutoff date was January 1, 2021. "
        "The median follow-up was 9.0 months (range, 1.0 to {}+)."
    )
    assert finding(text.format("11.9"), "9.0").verdict == "ok"
    assert finding(text.format("19.9"), "9.0").verdict == "error-if"


def test_power_is_solved_for_the_rate():
    text = (
        "We planned to include 105 patients. This gives about 90% probability that the lower limit of the 95% "
        "confidence interval would exceed 23%."
    )
    found = finding(text, "90%")
    assert found.verdict == "cannot confirm"
    assert found.computed["min_x"] == 34
    assert found.computed["implied_true_rate"] == pytest.approx(0.3795, abs=5e-5)


def test_columns_of_a_table_have_their_own_total():
    text = "Table 1. Events.\n\nEvent — no. (%) A (N = 40) B (N = 20)\n\nRash 10 (25.0) 1 (5.0)\n\nCough 4 (10.0) 1 (2.5)\n"
    cells = verdicts(text, "table_cell")
    assert [v for _, v in cells] == ["ok", "ok", "ok", "error-if"]


def test_copies_that_differ():
    text = (
        "The median overall survival was 12.5 months (95% CI, 10.1 to 15.2). In sum, the median overall survival was "
        "12.5 months (95% CI, 10.1 to 16.2)."
    )
    assert [v for _, v in verdicts(text, "median_ci")] == ["ok", "unlikely"]


def test_a_ratio_may_be_of_the_second_group_over_the_first():
    text = "Survival was 11.3 months (95% CI 9.6–13.0) with A compared with 8.8 months (7.7–9.8) with B (HR 1.37, 95% CI 1.07–1.76)."
    assert all(v == "ok" for _, v in verdicts(text))


def test_nothing_to_check_is_no_problem():
    for text in ("", "No number here.", "\n\n\n", "12"):
        assert check_text(text).problems == []


def test_every_finding_is_a_plain_sentence():
    text = "Among the 13 patients, 12 (32.4%) had it; 46 of 124 (37.1%; 95% CI, 28.6 to 46.2) did not (P = 0.4)."
    for f in check_text(text).findings:
        assert f.sentence.endswith(".")
        assert f.sentence[0].isupper() or f.sentence[0].isdigit()


def test_a_percentage_that_fits_only_cut_off_is_not_confirmed_beside_rounded_ones():
    # 38 of 219 is 17.35 %: 17.4 by rounding, 17.3 only by cutting off
    text = "We followed 219 patients. Of them, 17.4% had a rash, and 17.3% a fever."
    assert finding(text, "17.4%").verdict == "ok"
    fever = finding(text, "17.3%")
    assert fever.verdict == "cannot confirm"
    assert "rounds to 17.4" in fever.sentence


def test_a_percentage_that_fits_only_cut_off_alone_says_so():
    fever = finding("We followed 219 patients. Of them, 17.3% had a fever.", "17.3%")
    assert fever.verdict == "ok"
    assert "cut off" in fever.sentence


def test_all_patients_are_the_largest_population_named_so_far():
    text = "The status was known in 1430 patients. It was found in 28.3% (157/555). Among all patients, 60% were men."
    assert finding(text, "60%").denominator.value == 1430
