"""Texts that are right and look like slips, each beside the slip itself."""

import pytest

from codon12.check import check_text


def problems(text):
    return [f.verdict for f in check_text(text).problems]


def test_days_without_a_year_exist_or_do_not():
    text = "We compared deliveries between January 1 and {} and included them in our analysis."
    assert problems(text.format("July 20")) == []
    assert problems(text.format("February 30")) == ["error"]


def test_the_level_of_an_interval_tells_how_far_off_is_odd():
    # 2.42 to 8.69 is centred on 4.59; at 99 % its standard error is a quarter smaller than at 95 %
    assert problems("The hazard ratio was 0.66 (99% CI, 0.44 to 1.05).") == []
    assert problems("The hazard ratio was 0.66 (99% CI, 0.34 to 0.94).") == ["unlikely"]


def test_ratios_with_exact_limits_have_the_longer_arm_away_from_one():
    first = "The relative risk was 3.68 (99% CI, 2.42 to 8.69) with radiation"
    second = " and 10.22 (99% CI, 4.78 to 37.08) after another carcinoma."
    assert problems(first + ".") == ["unlikely"]
    assert problems(first + "; relative risk" + second.replace(" and", "", 1)) == []


def test_an_interval_symmetric_on_the_plain_scale_is_of_another_method():
    assert problems("The risk ratio was 0.26 (95% CI, 0.08 to 0.44).") == []
    assert problems("The risk ratio was 0.36 (95% CI, 0.08 to 0.44).") == ["unlikely"]


def test_the_interval_of_a_change_is_that_of_a_ratio():
    assert problems("There was a 47.2% (95% CI, 19.7 to 81.1) increase in stage I disease.") == []
    assert problems("The response rate was 47.2% (95% CI, 19.7 to 81.1).") == ["unlikely"]


@pytest.mark.parametrize("name", ["ICC", "kappa", "concordance correlation coefficient"])
def test_a_p_of_agreement_does_not_contradict_no_difference(name):
    assert problems(f"The readings showed no significant difference between raters ({name} = 0.91, P < 0.001).") == []
    assert problems("The readings showed no significant difference between raters (P < 0.001).") == ["unlikely"]


@pytest.mark.parametrize(
    "text",
    [
        "In 22 patients, eyes with a mean deviation worse than -5 dB (32%) had a loss of field.",
        "Of 69 mutated cases, 41 (59.4%) were classical; others had missense mutations in exon 18/20/21 (15.9%).",
        "Support was low, with a posterior probability of 69% (two partition analysis).",
    ],
)
def test_numbers_that_count_nobody_have_no_share(text):
    assert problems(text) == []


def test_a_share_of_the_smaller_of_two_equal_groups():
    text = "We randomised 80 patients to two groups. In {} (25%) patients of the first the drug was stopped."
    assert problems(text.format(10)) == []


def test_events_in_so_many_patients():
    text = "Injuries were {} events in 1,158 patients (1.30%)."
    assert problems(text.format(15)) == []
    assert all("more than" not in f.sentence for f in check_text(text.format(5)).problems)


def test_one_digit_is_no_slip_where_the_total_is_not_in_force():
    near = "Of 357 patients, 41 (11.5%) had surgery. Then 230 (66.4%) had pain."
    assert problems(near) == ["unlikely"]
    rest = "The mean age was 54.1 years. The mean weight was 71 kg. "
    far = f"We screened 357 patients and 212 controls. {rest}Pain was reported by 230 (66.4%)."
    assert not any("one digit" in f.sentence for f in check_text(far).problems)


def test_what_is_missing_in_a_few_is_no_total():
    text = "Sex was missing in three patients, age in 27, and the history was missing in 1,271 (14%) and in 443 (5%)."
    assert problems(text) == []


def test_an_end_of_a_strand_is_no_total():
    assert problems("We found polymorphisms at positions 17 and 25 of the 3\u2032 UTR of the S segment.") == []
    assert problems("We found polymorphisms in 25 of the 3 segments.") != []


def test_all_participants_are_the_total_in_their_bracket():
    assert problems("The success rate was 87% in all participants (n = 31).") == []
    assert problems("The success rate was 87% (n = 31).") == ["error-if"]


def test_events_that_were_seen_are_not_those_planned():
    plan = "The trial had 90% power to detect a hazard ratio of 0.75 at a two-sided alpha level of 0.05{}."
    assert problems(plan.format(" with 508 events")) == []
    assert problems(plan.format(" with 187 events")) == ["unlikely"]
    assert problems(plan.format(". It was stopped when 187 events had occurred")) == []
