"""Sums, shares and times that a sentence ties by its words: wrong ones beside their right twins."""

import pytest

from codon12.check import check_text

PROBLEMS = ("error", "error-if", "unlikely")


def told(text):
    report = check_text(text)
    return {x.verdict for x in (*report.findings, *report.relations) if x.verdict in PROBLEMS}


EXCLUDED = (
    "Of 520 patients assessed, 80 were excluded ({} did not meet criteria, {} declined to participate and "
    "13 had other reasons{})."
)


@pytest.mark.parametrize(
    ("numbers", "verdicts"),
    [
        ((45, 22, ""), set()),
        ((45, 52, ""), {"error-if"}),  # 110 of 80
        ((45, 52, "; some had more than one reason"), set()),
        ((45, 20, ""), {"error-if"}),  # 78: near enough to be all
        ((15, 10, ""), set()),  # 38: not all reasons are told
    ],
)
def test_reasons_are_as_many_as_those_excluded_where_each_counts_once(numbers, verdicts):
    assert told(EXCLUDED.format(*numbers)) == verdicts


LEFT = (
    "We identified {} patients with stage III disease. After exclusion of {} patients without follow-up, "
    "{} patients were analyzed."
)


@pytest.mark.parametrize(
    ("numbers", "verdicts"),
    [
        (("2,450", "450", "2,000"), set()),
        (("2,450", "540", "2,000"), {"error-if"}),  # 2,000 of 1,910
        (("2,540", "450", "2,000"), {"unlikely"}),  # the first changed places
        (("2,450", "450", "1,780"), set()),  # other losses, it may be
    ],
)
def test_no_more_are_left_than_all_less_those_excluded(numbers, verdicts):
    assert told(LEFT.format(*numbers)) == verdicts


@pytest.mark.parametrize(
    ("percent", "verdicts"), [("38", set()), ("48", {"unlikely"}), ("38.0", set())], ids=["right", "wrong", "decimals"]
)
def test_a_reduction_told_in_the_conclusion_is_that_of_a_ratio(percent, verdicts):
    text = "PFS was longer with A (HR 0.62; 95% CI 0.50-0.77). In conclusion, A led to a {}% lower risk of progression."
    assert told(text.format(percent)) == verdicts


def test_a_reduction_that_was_planned_or_found_by_others_is_not_compared():
    ratio = "PFS was longer with A (HR 0.62; 95% CI 0.50-0.77). "
    assert not told(ratio + "The trial was designed to detect a 30% lower risk of death.")
    assert not told(ratio + "A previous trial had shown a 31% lower risk of death.")


@pytest.mark.parametrize(
    ("given", "verdicts"),
    [
        ("mean difference, 29.9 m [95% CI, 20.1 to 39.7 m]", set()),
        ("mean difference, 23.9 m [95% CI, 20.1 to 39.7 m]", {"unlikely"}),  # the middle is 29.9
        ("median difference, 23.9 m [95% CI, 20.1 to 39.7 m]", set()),  # by ranks: need not be the middle
        ("mean difference, 28.5 m [95% CI, 20.1 to 39.7 m]", set()),  # a seventh of the half width
    ],
)
def test_a_difference_lies_in_the_middle_of_its_interval(given, verdicts):
    assert told(f"Distance rose more with A ({given}).") == verdicts


TABLE = """| Subgroup | N | Responders, n | ORR, % (95% CI) |
|---|---|---|---|
| Male | 98 | 51 | 52.0 (41.7-62.2) |
| Female | 74 | 44 | 59.5 (47.4-70.7) |
| ECOG PS 0 | 69 | 44 | 63.8 (51.3-75.0) |
| ECOG PS 1 | 103 | {} | 49.5 (39.5-59.5) |
"""


@pytest.mark.parametrize(("n", "verdicts"), [(51, set()), (61, {"error-if"})])
def test_two_cells_make_the_share_of_their_row_as_in_the_other_rows(n, verdicts):
    assert told(TABLE.format(n)) == verdicts


BEST = """| Response | A (n=121) |
|---|---|
| CR, n (%) | 9 (7.4) |
| PR, n (%) | 57 (47.1) |
| SD, n (%) | 38 (31.4) |
| PD, n (%) | 12 (9.9) |
| NE, n (%) | {} |
| 6-mo PFS, % | 66.2 |
| 12-mo PFS, % | {} |
"""


@pytest.mark.parametrize(
    ("cells", "verdicts"),
    [(("5 (4.1)", "37.5"), set()), (("15 (12.4)", "37.5"), {"error-if"}), (("5 (4.1)", "73.5"), {"error-if"})],
    ids=["right", "more than the column", "rising"],
)
def test_rows_of_best_response_and_of_survival_bound_each_other(cells, verdicts):
    assert told(BEST.format(*cells)) == verdicts


AGAIN = (
    "In all, 212 patients were randomised. Of these, 119 (56.1%) were male. The site was A in 127 (59.9%), "
    "B in 52 (24.5%) and C in 33 (15.6%). A total of {} patients from 31 sites were enrolled.{}"
)


@pytest.mark.parametrize(
    ("again", "verdicts"),
    [((212, ""), set()), ((221, ""), {"unlikely"}), ((221, " Nine were never treated; 9 patients left."), set())],
    ids=["right", "changed places", "the gap is told"],
)
def test_all_patients_told_again_are_as_many(again, verdicts):
    assert told(AGAIN.format(*again)) == verdicts


def test_a_rate_named_by_its_time_alone_is_of_the_survival_before_it():
    text = "The 6-month PFS rate was 55.8% (95% CI, 46.1 to 64.5); the 12-month rate was {}% (95% CI, {})."
    kinds = [s.kind for s in check_text(text.format("31.2", "22.4 to 40.4")).text.statements]
    assert kinds.count("landmark") == 2
    assert told(text.format("61.2", "52.4 to 70.4")) & {"error-if", "error"}
