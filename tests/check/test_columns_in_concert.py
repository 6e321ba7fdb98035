"""Columns of tables that say of themselves what they are: categories that are all, sums, rates, ratios and their P."""

from __future__ import annotations

import pytest

from codon12.check import check_text
from codon12.check.documents.reading import read_document


def alarms(text):
    problems = {"error", "error-if", "unlikely"}
    result = check_text(text)
    return {f.sentence for f in result.findings if f.verdict in problems} | {
        r.sentence for r in result.relations if r.verdict in problems
    }


CATEGORIES = """Table 2. Expectations
| Expectation | n (%) |
|---|---|
| Counselling | |
| Very ineffective | 56 (7.5) |
| Fairly ineffective | 114 (15.2) |
| Cannot decide | 240 (32.0) |
| Fairly effective | 257 (34.2) |
| Very effective | 84 (11.2) |
"""


@pytest.mark.parametrize(
    ("right", "wrong", "must"),
    [("257 (34.2)", "247 (34.2)", "257 (34.2 %)"), ("257 (34.2)", "257 (24.2)", "257 (34.22 %)")],
)
def test_of_categories_that_are_all_the_others_say_what_one_is(right, wrong, must):
    assert alarms(CATEGORIES) == set()
    told = "The 4 other categories are of 749 to 751, and with them this one must be " + must + "."
    assert told in alarms(CATEGORIES.replace(right, wrong))


def test_shares_rounded_to_make_a_hundred_are_no_slip():
    # 102 reviews: 17.6 % printed as 17, so that 68 + 13 + 2 + 17 = 100
    table = "Table 1. Reviews\n| Funding | n (%) |\n|---|---|\n| Industry | 69 (68) |\n| Other | 13 (13) |\n"
    assert alarms(table + "| Both | 2 (2) |\n| Not reported | 18 (17) |\n") == set()


ROWS = "\n".join(f"| Item {k} | {k + 3} | {2 * k + 1} | {3 * k + 4} |" for k in range(2, 12))
SUMS = "Table 3. Answers\n| Item | North | South | Both |\n|---|---|---|---|\n" + ROWS + "\n"


def test_a_column_that_is_the_sum_of_the_others_needs_no_head_that_says_so():
    assert alarms(SUMS) == set()
    assert alarms(SUMS.replace("| 10 | 15 | 25 |", "| 10 | 15 | 26 |")) == {
        "10 + 15 = 25, not 26; 9 other rows add up."
    }


def test_columns_that_do_not_add_up_are_no_sums():
    table = SUMS.replace("| 10 | 15 | 25 |", "| 10 | 15 | 26 |").replace("| 7 | 9 | 16 |", "| 7 | 9 | 18 |")
    assert alarms(table) == set()


RATES = """Table 4. Outcome
| | No statin (n = 231) | Statin (n = 247) |
|---|---|---|
| First event, n (%) | 64 (27.7) | 47 (19.0) |
| Person-years | 1,520 | 1,640 |
| Rate per 1,000 person-years | 42.1 | 28.7 |
"""


def test_rates_of_a_table_are_its_events_over_its_person_time():
    assert alarms(RATES) == set()
    assert alarms(RATES.replace("42.1", "24.1")) == {"64 in 1,520 is 42.11 per 1,000, printed 24.1."}
    assert alarms(RATES.replace("Rate per", "Adjusted rate per").replace("42.1", "24.1")) == set()


RATIOS = """Table 5. Factors of burnout
| Factor | Adjusted OR (95% CI) | P |
|---|---|---|
| Night shifts | 1.58 (1.14–2.19) | 0.006 |
| Full-time contract | 1.07 (0.78–1.47) | 0.68 |
| Age of 50 years or more | 0.77 (0.53–1.11) | 0.17 |
"""


def test_the_head_of_a_column_says_ratio_whatever_words_its_rows_have():
    kinds = [f.statement.kind for f in check_text(RATIOS).findings if "(0." in f.statement.quote]
    assert kinds == ["hr_ci_p", "hr_ci_p"]  # `full-time`, `age`, `years` are of the label


def test_p_beside_the_only_ratios_of_a_table():
    assert alarms(RATIOS) == set()
    assert len(alarms(RATIOS.replace("0.006", "0.61"))) == 1
    alone = "\n".join(RATIOS.splitlines()[:4]) + "\n"
    assert alarms(alone) == set()
    assert len(alarms(alone.replace("0.006", "0.61"))) == 1


def test_a_share_above_a_hundred_among_shares():
    rows = "".join(f"| Item {k} | {k} ({k * 2}.0%) | {2 * k} ({k * 4}.0%) |\n" for k in range(11, 17))
    table = "Table 6. Answers (N = 50)\n| Item | First (n = 50) | Second (n = 50) |\n|---|---|---|\n" + rows
    assert alarms(table) == set()
    assert "132.0 % is more than all" in " ".join(alarms(table.replace("(32.0%)", "(132.0%)")))


SHARES = "".join(f"| Drug {k} | {n:,} ({round(n / 91.53)}%) |\n" for k, n in enumerate(
    [4722, 6571, 986, 6489, 1258, 1326, 5002, 428, 1757, 3873, 3709, 5344]
))  # fmt: skip


def test_shares_of_one_number_though_a_few_are_rounded_otherwise():
    table = "Table 7. Treatment\n| Drug | n (%) |\n|---|---|\n" + SHARES
    assert alarms(table) == set()
    assert "of its column" in " ".join(alarms(table.replace("428 (5%)", "828 (5%)")))


AGAIN = """Of 9,153 patients, HIV was missing in 1,271 (14%), and 443 (5%) had no history of treatment.

Table 8. Missing data
| Item | n (%) |
|---|---|
| HIV not known | 1,271 (14%) |
| No history of treatment | 443 (5%) |
| Extent of disease | 174 (2%) |
"""


def test_a_share_that_fits_nothing_and_is_told_elsewhere_one_digit_apart():
    assert alarms(AGAIN) == set()
    told = alarms(AGAIN.replace("1,271 (14%), and", "1,271 (94%), and"))
    assert any("1,271 (14%)" in x or "13.89" in x for x in told)


BASELINE = """Table 9. Patients at baseline
| Characteristic | Dapsone (n = 120) | Azelaic acid (n = 120) |
|---|---|---|
| Severity, n (%) | | |
| Mild | 31 (25.8) | 23 (19.2) |
| Moderate | 64 (53.3) | 66 (55.0) |
| Severe | 25 (20.8) | 31 (25.8) |
| Ocular involvement, n (%) | 39 (32.5) | 36 (30.0) |
"""


def test_a_row_that_says_what_its_cells_are_is_none_of_the_heading_above_that_says_so():
    assert alarms(BASELINE) == set()
    assert alarms(BASELINE.replace("23 (19.2)", "33 (27.5)")) == {
        "33 + 66 + 31 = 130, more than the 120 of the column; in another column they add up exactly."
    }


SURVIVAL = """<table><caption>Table 10. OS by histology.</caption>
<tr><th>Row</th><th>Events, n/N (%)</th><th>Median, months (95% CI)</th><th>At 12 months, % (95% CI)</th>
<th>Hazard ratio (95% CI)</th></tr>
<tr><th>Adeno</th><td>11/16 (68.8)</td><td>17.1 (12.8–19.3)</td><td>100.0 (100.0–100.0)</td><td>Reference</td></tr>
<tr><th>Squamous</th><td>8/12 (66.7)</td><td>17.2 (5.2–20.6)</td><td>74.1 (39.1–90.9)</td><td>0.82 (0.31–2.14)</td></tr>
</table>"""


def test_a_table_of_medians_rates_at_a_time_and_ratios_is_read_by_its_heads(tmp_path):
    (tmp_path / "a.html").write_text(SURVIVAL)
    text = read_document(tmp_path / "a.html")
    found = {f.statement.quote.split("\t")[-1]: f.statement.kind for f in check_text(text).findings}
    assert (found["17.2 (5.2–20.6)"], found["74.1 (39.1–90.9)"]) == ("median_ci", "landmark")
    assert found["0.82 (0.31–2.14)"] == "hr_ci_p"
    assert alarms(text) == set()
    assert len(alarms(text.replace("17.2 (5.2", "47.2 (5.2"))) == 1


@pytest.mark.parametrize("digits", [16, 400, 5000])
def test_more_figures_than_any_count_has_are_no_number(digits):
    big = "9" * digits
    for text in (f"It was {big} of 40 (5%), of which {big} died.", f"Of the {big} who came, 12 (60%) were men."):
        assert alarms(text) == set()


ROWS = """Table 1. What was known at the start
| | Yes, n (%) | No, n (%) | Missing, n (%) |
|---|---|---|---|
| Smear | 6,012 (66%) | 1,878 (21%) | 1,263 (14%) |
| Cavities | 4,723 (52%) | 2,019 (22%) | 2,411 (26%) |
| Extensive | 6,753 (74%) | 2,226 (24%) | 174 (2%) |
| Earlier | 6,683 (73%) | 2,027 (22%) | 443 (5%) |
| HIV | 1,077 (12%) | 6,805 (74%) | 1,271 (14%) |
"""


def test_a_cell_that_does_not_fit_its_row_where_all_rows_make_a_hundred():
    assert alarms(ROWS) == set()
    told = "The 2 other categories are of 9041 to 9178, and with them this one must be 1878 (20.52 %)."
    assert told in alarms(ROWS.replace("1,878 (21%)", "1,878 (25%)"))


ERRORS = """Table 3. Differences
| Month | Difference | SE | 95% CI |
|---|---|---|---|
| 3 | -1.73 | 0.648 | -3.00 to -0.45 |
| 6 | -1.83 | 0.477 | -2.76 to -0.90 |
| 9 | -1.78 | 0.576 | -2.91 to -0.65 |
| 12 | -1.26 | 0.688 | -2.61 to 0.08 |
| 18 | -1.00 | 0.805 | -2.58 to 0.57 |
"""


def test_a_standard_error_is_that_of_the_limits_beside_it():
    assert alarms(ERRORS) == set()
    told = "The standard error 0.677 is not that of the limits, 0.474, as it is in 4 others of the table."
    assert told in alarms(ERRORS.replace("0.477", "0.677"))
