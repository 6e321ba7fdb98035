"""Checks between numbers: sums, subsets, inclusion-exclusion, order of survival, tests from counts, text beside tables."""

import json

import pytest

from codon12.check import check_text
from codon12.check.showing.page import annotated_page
from codon12.check.verify.design.power_formulas import (
    events_needed,
    power_of_events,
    power_of_one_proportion,
    power_of_two_proportions,
    simon_rejects,
)
from codon12.check.verify.inference.two_by_two import p_of_two_by_two


def relations(text, kind=None):
    return [(r.kind, r.verdict, r.quote) for r in check_text(text).relations if kind in (None, r.kind)]


def one(text, kind):
    (found,) = [r for r in check_text(text).relations if r.kind == kind]
    return found


def test_a_relation_has_places_values_and_a_sentence():
    text = "Of 40 patients, 22 were men; we assigned 40 patients (21 in arm A and 19 in arm B) to treatment."
    found = one(text, "sum")
    assert found.quote == "40 patients ... 21 in arm ... 19 in arm"
    assert found.computed == {"parts": [21, 19], "sum": 40, "total": 40}
    row = check_text(text).as_json()["relations"][0]
    assert all(text[s["start"] : s["end"]] == s["quote"] for s in row["spans"])
    assert {"id", "kind", "quote", "spans", "verdict", "tie", "method", "computed", "sentence"} == set(row)
    json.dumps(row)


def test_relations_stand_on_the_page():
    page = annotated_page(check_text("We assigned 40 patients (21 in arm A and 19 in arm B) to treatment."))
    assert "1 relation between numbers" in page
    assert "21 + 19 = 40." in page


def test_a_part_that_is_no_statement_of_its_own_has_its_place():
    text = "A total of 474 patients were randomised. Using 2:1 randomisation, 318 patients were allocated A and 156 the other."
    assert one(text, "sum").places[-1].quote == "156"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("We assigned 345 patients (171 to A and 174 to B).", "ok"),
        ("We randomly assigned 345 patients (171 to A and 184 to B).", "error"),
        ("We randomly assigned 345 patients (171 to A and 164 to B).", "error-if"),
        ("We randomly assigned 412 patients to A (n = 207) or B (n = 205).", "ok"),
        ("We randomly assigned 412 patients to A (n = 217) or B (n = 205).", "error-if"),
        (
            "The analysis concerned 38 patients—27 with NSCLC, 10 with colorectal cancer and 1 with appendiceal cancer.",
            "ok",
        ),
        ("Of 127 patients, 121 were evaluable and 6 were not.", "ok"),
        ("Of 127 patients, 121 were evaluable and 8 were not.", "error-if"),
        ("Of 188 screened patients, 71 were excluded and 127 were treated.", "error-if"),
    ],
)
def test_parts(text, verdict):
    assert one(text, "sum").verdict == verdict


def test_parts_that_may_overlap_say_nothing():
    assert relations("Among 60 patients (35 received chemotherapy and 40 received radiotherapy), all had a scan.") == []
    assert relations("We randomly assigned 60 patients (35 had had chemotherapy and 40 radiotherapy) to A or B.") == []
    assert relations("Of 200 patients assigned to A, those with PD-L1 (n = 150) and TMB (n = 120) were tested.") == []


@pytest.mark.parametrize(
    ("orr", "verdict"),
    [("46 patients (37.1%)", "ok"), ("45 patients (36.3%)", "error-if"), ("47 patients (37.9%)", "error-if")],
)
def test_responses_add_up(orr, verdict):
    text = f"Of 124 patients, 4 (3.2%) had a complete response and 42 (33.9%) had a partial response; an objective response occurred in {orr}."
    assert one(text, "sum").verdict == verdict


def test_finer_kinds_of_response_say_nothing():
    text = (
        "Of 50 patients, 5 (10%) had a complete response, 9 (18%) a very good partial response and 10 (20%) had a "
        "partial response; the overall response rate was 60% (30 of 50 patients)."
    )
    assert not check_text(text).problems


def test_percentages_of_response_add_up_within_rounding():
    text = "Complete response was 4.5% and partial response was 31.4%; objective response was {}%."
    assert one(text.format("35.9"), "sum").verdict == "ok"
    assert one(text.format("36.0"), "sum").verdict == "ok"  # 4.54 + 31.44 rounds to 36.0
    assert one(text.format("36.2"), "sum").verdict == "error-if"


@pytest.mark.parametrize(("both", "verdict"), [(36, "error-if"), (37, "ok"), (71, "ok"), (72, "error-if")])
def test_both_of_two(both, verdict):
    text = f"Of 130 patients, 96 (73.8%) had A, 71 (54.6%) had B and {both} ({100 * both / 130:.1f}%) had both."
    found = one(text, "inclusion-exclusion")
    assert (found.verdict, found.computed) == (verdict, {"lower": 37, "upper": 71})


def test_both_of_other_things_says_nothing():
    text = "Of 130 patients, 96 (73.8%) had pain, 30 (23.1%) had cough and 110 (84.6%) had received both drugs."
    assert relations(text, "inclusion-exclusion") == []


def test_rows_of_a_table_that_count_two_things_at_once():
    rows = "Chemotherapy 113 (89.7)\n\nAnti-PD-1 agent 115 (91.3)\n\nChemotherapy and PD-1 inhibitor {}\n"
    table = "Table 1. Therapy.\n\nTherapy - no. (%) (N = 126)\n\n" + rows
    assert one(table.format("102 (81.0)"), "inclusion-exclusion").computed == {"lower": 102, "upper": 113}
    assert one(table.format("101 (80.2)"), "inclusion-exclusion").verdict == "error-if"


def test_categories_of_a_table():
    table = "Table 1. Patients.\n\nCharacteristic - no. (%) (N = 126)\n\nSmoking\n\nNever 6 (4.8)\n\nFormer 105 (83.3)\n\nCurrent {}\n"
    assert one(table.format("15 (11.9)"), "sum").verdict == "ok"
    assert one(table.format("25 (19.8)"), "sum").verdict == "error-if"
    assert one(table.format("12 (9.5)"), "sum").verdict == "cannot confirm"


def test_grades_by_the_header_of_the_table():
    table = "Table 2. Events.\n\nEvent A (N = 66) B (N = 64)\n\nAny grade Grade 3 or higher Any grade Grade 3 or higher\n\nNausea 23 (34.8) 2 (3.0) {}\n"
    assert not check_text(table.format("11 (17.2) 1 (1.6)")).problems
    assert one(table.format("11 (17.2) 12 (18.8)"), "subset").verdict == "error-if"


def test_text_beside_a_table():
    text = (
        "The most frequent events were nausea (in 41 patients [38.0%]), fatigue (in 36 [33.3%]) and diarrhoea (in {}).\n\n"
        "Table 2. Events.\n\nEvent - no. (%) (N = 108)\n\nNausea 41 (38.0)\n\nFatigue 36 (33.3)\n\nDiarrhea 30 (27.8)\n"
    )
    assert [v for _, v, _ in relations(text.format("30 [27.8%]"), "text/table")] == ["ok"] * 3
    assert [v for _, v, _ in relations(text.format("31 [28.7%]"), "text/table")] == ["ok", "ok", "error-if"]


def test_another_event_of_the_same_name_is_no_mismatch():
    text = (
        "Events regardless of cause were nausea (in 51 patients [47.2%]) and fatigue (in 46 [42.6%]).\n\n"
        "Table 2. Events.\n\nRelated event - no. (%) (N = 108)\n\nNausea 41 (38.0)\n\nFatigue 36 (33.3)\n"
    )
    assert not check_text(text).problems


def test_median_against_a_rate_without_limits():
    text = "The median progression-free survival was 6.8 months and the 6-month progression-free survival rate was {}%."
    assert one(text.format(55), "median/landmarks").verdict == "ok"
    assert one(text.format(45), "median/landmarks").verdict == "error-if"
    assert one(text.format("50"), "median/landmarks").verdict == "ok"  # 50.4 % is possible


def test_progression_before_death():
    text = "The median progression-free survival was {} months and the median overall survival was 11.9 months."
    assert one(text.format("5.6"), "order").verdict == "ok"
    assert one(text.format("12.4"), "order").verdict == "error-if"


def test_two_arms_are_not_compared_with_each_other():
    text = "Median progression-free survival was 9.2 with A and 5.1 months with B; median overall survival was 8.3 months with B and 20.0 months with A."
    assert not check_text(text).problems


def test_tests_of_two_proportions():
    # R: fisher.test(m)$p.value, chisq.test(m, correct=FALSE)$p.value, chisq.test(m)$p.value of matrix(c(34,26,19,41),2)
    found = p_of_two_by_two(34, 60, 19, 60)
    assert found["Fisher"] == pytest.approx(0.009756242, abs=1e-9)
    assert found["chi-square"] == pytest.approx(0.005825537, abs=1e-9)
    assert found["chi-square with correction"] == pytest.approx(0.01006426, abs=1e-8)
    assert p_of_two_by_two(0, 10, 0, 12) == {"Fisher": 1.0}


@pytest.mark.parametrize(
    ("p", "verdict"),
    [("= 0.0098", "ok"), ("= 0.006", "ok"), ("= 0.02", "cannot confirm"), ("= 0.31", "unlikely"), ("< 0.05", "ok")],
)
def test_p_from_counts(p, verdict):
    text = f"A response was seen in 34 of 60 patients (56.7%) with A versus 19 of 60 patients (31.7%) with B (P {p})."
    assert one(text, "P/counts").verdict == verdict


def test_an_adjusted_p_is_never_unlikely():
    text = (
        "A response was seen in 34 of 60 patients (56.7%) versus 19 of 60 patients (31.7%; stratified test, P = 0.31)."
    )
    assert not check_text(text).problems


def test_odds_ratio_from_counts():
    text = "It was reached in 44 of 100 patients (44%) with A and in 25 of 100 patients (25%) with B (odds ratio, {})."
    assert one(text.format("2.36; 95% CI, 1.30 to 4.29"), "ratio/counts").verdict == "ok"
    assert one(text.format("0.42; 95% CI, 0.23 to 0.77"), "ratio/counts").verdict == "ok"
    assert one(text.format("2.10; 95% CI, 1.15 to 3.83"), "ratio/counts").verdict == "cannot confirm"


@pytest.mark.parametrize(
    ("points", "verdict"), [("12.3", "ok"), ("12", "ok"), ("13.1", "cannot confirm"), ("21.3", "unlikely")]
)
def test_difference_in_points(points, verdict):
    text = f"The rate was 45.2% with A and 32.9% with B, a difference of {points} percentage points."
    assert one(text, "difference").verdict == verdict


def test_reduction_in_words():
    text = "The risk of death was {}% lower with A than with B (hazard ratio, 0.62; 95% CI, 0.46 to 0.83)."
    assert one(text.format(38), "derived").verdict == "ok"
    assert one(text.format(48), "derived").verdict == "unlikely"


def test_subsets_and_complements():
    text = (
        "Data of 125 patients were reviewed. Overall, 63 (50.4%) progressed. Most patients (n = 52, 82.5%) had "
        "oligo-progression. Survival was longer than in multi-progression."
    )
    assert one(text, "complement").computed == {"complement": 11, "n": 52, "N": 63}


def test_a_share_of_all_between_those_of_its_parts():
    text = "388 (57%) of 595 patients had a KRAS mutation. KRAS was seen more frequently in women than in men (65% versus 49%)."
    found = one(text, "mixture")
    assert found.computed["bounds"] == [49.0, 65.0]
    assert "only if nearly all" in found.sentence


def test_power_formulas():
    # R: power.prop.test(n=89, p1=.25, p2=.45)$power; pnorm(abs(log(.7))*sqrt(331)/2-qnorm(.975))
    assert power_of_two_proportions(89, 89, 0.25, 0.45, 0.025)["pooled normal"] == pytest.approx(0.8040671, abs=1e-7)
    assert power_of_events(331, 0.70, 0.025) == pytest.approx(0.9005343, abs=1e-7)
    assert power_of_events(events_needed(0.7, 0.025, 0.9, share=2 / 3), 0.7, 0.025, share=2 / 3) == pytest.approx(0.9)
    # R: 1-pbinom(15,47,.4), 16 being the fewest with 1-pbinom(x-1,47,.2) <= .025
    assert power_of_one_proportion(47, 0.2, 0.4, 0.025)["exact binomial"] == pytest.approx(0.8369959, abs=1e-7)
    # Simon 1989, table 1: 1/10, 5/29 for 0.10 against 0.30
    assert simon_rejects(10, 1, 29, 5, 0.1) == pytest.approx(0.0470863, abs=1e-7)
    assert simon_rejects(10, 1, 29, 5, 0.3) == pytest.approx(0.8050629, abs=1e-7)


def test_power_is_solved_for_the_events_not_printed():
    text = "The trial had 90% power to detect a hazard ratio of 0.70 at a two-sided alpha of 0.05."
    found = one(text, "power")
    assert found.verdict == "cannot confirm"
    assert found.computed["events"] == {"two-sided 0.05": 330}


def test_power_names_the_convention():
    text = "With 331 deaths the trial had 90% power to detect a hazard ratio of 0.70 with a significance level of 5%."
    assert "two-sided 0.05" in one(text, "power").method


def test_footnotes_and_rows_with_totals_of_their_own():
    table = (
        "Table 3. Biomarkers.\n\nMarker Patients (N = 150)\n\nno. (%)\n\nPD-L1 of 1% or more* 59 (52.7)\n\nTP53 mutated† {}\n\n"
        "Metastasis 27 (18.0)\n\n* Percentages are of the 112 patients with tissue.\n† n = 97 sequenced.\n"
    )
    found = check_text(table.format("48 (49.5)")).findings
    cells = [(f.denominator.value, f.denominator.source) for f in found if f.statement.kind == "table_cell"]
    assert cells == [(112, "footnote"), (97, "footnote"), (150, "table_header")]
    assert check_text(table.format("48 (51.5)")).problems


def test_a_markdown_table_without_outer_bars():
    text = "Event | A, no. (%) (n = 66) | B, no. (%) (n = 64)\n--- | --- | ---\nNausea | 23 (34.8) | {}\n\nIn all, 5 of 66 patients (7.6%) left.\n"
    cells = [f.verdict for f in check_text(text.format("11 (17.2)")).findings if f.statement.kind == "table_cell"]
    assert cells == ["ok", "ok"]
    assert check_text(text.format("11 (18.2)")).problems


def test_a_line_that_begins_with_received_is_no_page_furniture():
    assert [
        f.statement.quote
        for f in check_text("Of 40 patients, 10 (25%) had\nreceived drug A and 4 (10%)\nreceived B.").findings
    ][1:] == [
        "10 (25%)",
        "4 (10%)",
    ]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("4.35", "ok"), ("4.37", "error-if"), ("4.35 ± 1.21", "error-if"), ("4.35 ± 1.23", "ok"), ("4.4", "ok")],
)
def test_means_of_whole_numbers(words, verdict):
    # sums of squares of 20 whole numbers with sum 87 are odd: SD 1.23 (407), not 1.21 (406.3 to 406.7, no whole number)
    assert one(f"The mean number of cycles was {words} among 20 patients.", "mean").verdict == verdict


def test_a_mean_of_what_is_no_whole_number_says_nothing():
    assert relations("The mean age was 63.47 years among 20 patients.") == []


def test_one_percentage_of_a_list_with_another_total_by_chance():
    text = (
        "We treated 126 patients. Events were rash (in 10 patients [7.9%]), cough (in 9 [7.1%]), pain (in 12 [9.5%]) and "
        "fever (in 3 [{}%]). Elsewhere 115 patients were treated."
    )
    assert not check_text(text.format("2.4")).problems
    assert one(text.format("2.6"), "denominator").verdict == "unlikely"


def test_an_interval_with_its_count_behind_it():
    text = "The response rate was {}% (95% CI, 24.3 to {}; 20 of 54 patients)."
    assert not check_text(text.format("37.0", "51.3")).problems
    assert [f.verdict for f in check_text(text.format("37.0", "91.3")).problems] == ["unlikely"]
    assert [f.verdict for f in check_text(text.format("39.0", "51.3")).problems] == ["error-if"]


def test_a_level_nobody_uses():
    text = "The median overall survival was 11.9 months ({}% CI, 9.4 to 14.8) with A, 12.7 months (95% CI, 10.1 to 15.2) with B and 8.1 months (95% CI, 7.2 to 9.9) with C."
    assert [f.verdict for f in check_text(text.format(94)).problems] == ["unlikely"]
    assert not check_text(text.format(90)).problems


def test_whole_limits_that_recur_are_no_copies():
    text = "Response was 48% (95% CI, 32 to 63) with A in women. Among all, response was 46% (95% CI, 32 to 63) with A."
    assert relations(text, "copies") == []


@pytest.mark.parametrize(
    "text",
    [
        "An objective response was seen in 46 patients: 4 complete and 52 partial responses.",
        "PD-L1 TPS was <1% in 33%, 1-49% in 40% and ≥50% in 37% of the patients tested.",
        "Enrolment began in March 2020 and ended in January 2019.",
    ],
)
def test_a_slip_that_two_rules_see_is_told_once(text):
    kinds = [r.kind for r in check_text(text).relations if r.verdict in ("error", "error-if", "unlikely")]
    assert kinds
    assert len(kinds) == len(set(kinds))


def test_a_problem_between_numbers_that_are_no_statement_is_a_finding():
    report = check_text("The R2 was 1.4.")
    assert [(f.statement.quote, f.verdict) for f in report.problems] == [("1.4", "error-if")]
