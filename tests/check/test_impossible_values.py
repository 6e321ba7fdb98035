"""Values no data can have, beside values that only look like them."""

import pytest

from codon12.check import check_text


def problems(text):
    return [f.verdict for f in check_text(text).problems]


def relations(text):
    return [(r.kind, r.verdict) for r in check_text(text).relations]


def test_a_standard_deviation_is_not_negative():
    assert relations("The mean change was 2.3 (SD -1.4).") == [("statistic", "error")]
    assert relations("The mean score was 12.4 ± -2.1.") == [("statistic", "error")]
    assert relations("The mean change was -2.3 (SD 1.4), of -0.4 SD.") == []
    assert relations("The mean (SD) was 2.3 (SD - 1.4 to 2.1).") == []


@pytest.mark.parametrize("name", ["I²", "I2", "I^2", "The I² statistic", "I-squared"])
def test_heterogeneity_is_at_most_all(name):
    assert problems(f"Heterogeneity among the 14 trials was high ({name} = 118%).") == ["error"]
    assert problems(f"Heterogeneity among the 14 trials was high ({name} = 98%).") == []


def test_a_stage_is_no_measure_of_heterogeneity():
    assert problems("In stage I: 118% of the target was reached.") == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The prevalence was 61.3% (62.0-66.2).", ["error-if"]),
        ("The prevalence was 64.3% (62.0-66.2).", []),
        ("The prevalence was 61.3% (62-66).", []),  # not as exact: years of age, perhaps
        ("The prevalence was 61.3% (2.0-6.2).", []),  # far off: of another thing
        ("The prevalence increased by 61.3% (62.0-66.2).", []),
        ("The prevalence was 61.3% (62.0-66.2 in men).", []),
    ],
)
def test_a_rate_lies_in_the_bare_bracket_behind_it(text, verdict):
    assert problems(text) == verdict


def test_an_interval_of_a_share_ends_at_a_hundred():
    assert problems("Of all children, 98.2% (95% CI 96.4-101.7%) were vaccinated.") == ["unlikely"]
    assert problems("Exposure was 98.2% (90% CI 91.4-105.7%) relative to the reference.") == []


@pytest.mark.parametrize("unit", ["g", "U/L", "points", "min"])
def test_a_mean_lies_in_its_interval_whatever_its_unit(unit):
    assert problems(f"The mean value was 2,910 {unit} (95% CI 2,950-3,080).") == ["error"]
    assert problems(f"The mean value was 3,010 {unit} (95% CI 2,950-3,080).") == []


def test_words_of_significance_against_the_interval_alone():
    none, some = "There was no significant difference ({}).", "Drug A significantly reduced mortality ({})."
    without, across = "HR 0.76; 95% CI 0.61 to 0.95", "HR 0.86; 95% CI 0.71 to 1.05"
    assert [problems(none.format(x)) for x in (without, across)] == [["unlikely"], []]
    assert [problems(some.format(x)) for x in (without, across)] == [[], ["unlikely"]]
    assert problems(some.format("HR 0.86; 90% CI 0.71 to 1.05")) == []
    assert problems(some.format("HR 0.90; 95% CI 0.81 to 1.00")) == []  # at the edge


def test_a_column_of_zero_p_values_is_told_once():
    rows = "".join(
        f"| {name} | 2.10 (1.60-2.76) | {p} |\n" for name, p in (("Age", "0.000"), ("Sex", "0.000"), ("T", "0.020"))
    )
    report = check_text(f"Table 1. Factors.\n\n| Factor | OR (95% CI) | P |\n|---|---|---|\n{rows}")
    told = [f.sentence for f in report.problems if "zero" in f.sentence]
    assert told == ["P = 0.000: no P value is zero; print it as P < 0.001. 1 more of the table is zero."]
