"""Cells of tables by their form and the words above, beside and over them; the same in every layout."""

from __future__ import annotations

import pytest

from codon12.check import check_text

ODDS = """Table 2 Odds ratios (95% CI) for adenoma by quartile of intake

\tQ1\tQ2\tQ3\tP for trend
Cases/participants\t41/400\t39/402\t30/405\t
Age-adjusted\t1.00 (reference)\t0.91 (0.81, 1.02)\t0.73 (0.65, 0.82)\t<0.001
Cases\t341\t310\t251\t
BMI, kg/m2\t26.4 ± 5.1\t26.0 ± 4.9\t25.7 ± 4.7\t0.21
Current smoker\t72 18%\t60 15%\t45 11%\t
"""


def read(text):
    return [(s.kind, " ".join(s.quote.split())) for s in (f.statement for f in check_text(text).findings)]


def spaced(text):
    caption, *lines = text.split("\n")
    rows = [[c.strip() for c in x.split("\t")] for x in lines]
    return "\n".join([caption, *("".join(c.ljust(22) for c in r).rstrip() for r in rows)])


def barred(text):
    caption, *lines = text.split("\n")
    return "\n".join([caption, *(f"| {x.replace(chr(9), ' | ')} |" if x else x for x in lines)])


@pytest.mark.parametrize("layout", [str, spaced, barred])
def test_cells_are_read_by_their_form(layout):
    found = read(layout(ODDS))
    for expected in (
        ("value", "1.00 (reference)"),
        ("hr_ci_p", "0.91 (0.81, 1.02)"),
        ("p_value", "<0.001"),
        ("table_cell", "310"),
        ("value", "26.4 ± 5.1"),
        ("p_value", "0.21"),
        ("table_cell", "60 15%"),
        ("count", "41/400"),
    ):
        assert expected in found
    assert not check_text(layout(ODDS)).text.coverage.unread


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("0.91 (0.81, 1.02)", "0.91 (0.95, 1.02)"),
        ("0.73 (0.65, 0.82)", "0.73 (0.82, 0.65)"),
    ],
)
@pytest.mark.parametrize("layout", [str, spaced, barred])
def test_an_interval_in_any_column_is_judged(layout, right, wrong):
    assert not check_text(layout(ODDS)).has_error
    assert check_text(layout(ODDS.replace(right, wrong))).has_error


def test_limits_in_a_column_of_their_own_belong_to_the_estimate():
    text = "Table 3 Logistic regression\n\nFactor\tOR\t95% CI\tP-value\nASA III\t1.88\t{}\t0.027\nAge >70\t1.12\t0.61–2.06\t0.71\n"
    assert ("hr_ci_p", "1.88 1.08–3.29") in read(text.format("1.08–3.29"))
    assert check_text(text.format("2.08–3.29")).has_error


def test_counts_and_percentages_in_two_columns_are_one_cell():
    text = "Table 1. Sex\n\n\tNo. of patients\t%\nAll patients\t52\t100\nMale\t30\t{}\nFemale\t22\t42.3\n"
    found = [f.statement for f in check_text(text.format("57.7")).findings]
    assert [(s.quantities.n, s.quantities.percent.text) for s in found if s.quantities.percent][-2:] == [
        (30, "57.7"),
        (22, "42.3"),
    ]


def test_a_measure_is_no_count():
    text = "Table 1. Baseline\n\n\tDrug (n = 241)\tPlacebo (n = 240)\neGFR, mean (SD)\t96 (15)\t95 (16)\nWomen\t109 (45)\t105 (44)\n"
    kinds = {q: k for k, q in read(text)}
    assert kinds["105 (44)"] == "table_cell"
    assert kinds["95 (16)"] == "value"


def test_the_numbers_of_a_label_state_nothing():
    coverage = check_text(
        "Table 1. Age\n\nAge\tA (n = 40)\tB (n = 41)\n18 to 64 years\t30 (75)\t31 (76)\n"
    ).text.coverage
    assert coverage.unread == ()


def test_markdown_signs_by_name_are_read(tmp_path):
    from codon12.check import read_document

    path = tmp_path / "a.md"
    path.write_text("| a | b |\n|---|---|\n| &nbsp;&nbsp;Range | 5 &plusmn; 2 |\n", encoding="utf-8")
    assert "5 ± 2" in read_document(path)
