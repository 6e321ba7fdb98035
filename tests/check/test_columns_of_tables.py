"""What a table says by its columns: strata that add up alike, P beside a ratio, grades apart, one odd share."""

from __future__ import annotations

import pytest

from codon12.check import check_text


def alarms(text):
    return {" ".join(f.statement.quote.split()): f.verdict for f in check_text(text).findings if f.is_problem}


STRATA = """Table 3. Strata

Stratum\tNo of cases\tOdds ratio (95% CI)\tP for interaction
Sex\t\t\t0.31
Men\t988\t0.80 (0.67, 0.96)\t
Women\t1237\t0.88 (0.75, 1.04)\t
Smoking\t\t\t0.048
Never\t1002\t0.93 (0.77, 1.13)\t
Ever\t1223\t0.77 (0.66, 0.90)\t
Weight\t\t\t0.59
Low\t1040\t0.82 (0.68, 0.98)\t
High\t1185\t0.86 (0.73, 1.02)\t
"""


def test_strata_add_up_to_one_number():
    assert alarms(STRATA) == {}
    assert alarms(STRATA.replace("\t988", "\t898")) == {"898": "unlikely"}


COX = """Table 3. Cox regression

Variable\tHR (95% CI)\tP
Age\t1.31 (1.22, 1.41)\t<0.001
Female sex\t0.88 (0.78, 0.99)\t0.036
Centre\t0.93 (0.82, 1.05)\t{}
"""


def test_a_p_value_in_the_next_column_is_of_the_ratio():
    assert alarms(COX.format("0.24")) == {}
    assert alarms(COX.format("0.008")) == {"0.93 (0.82, 1.05)": "unlikely"}


def test_a_p_value_of_a_trend_is_not():
    assert alarms(COX.replace("\tP\n", "\tP for trend\n").format("0.008")) == {}


GRADES = """Table 2. Adverse events (N = 87), no. (%)

Event\tAny grade\tGrade 1 or 2\tGrade ≥3
Alopecia\t29 (33.3)\t29 (33.3)\t0 (0.0)
Diarrhea\t25 (28.7)\t24 (27.6)\t1 (1.1)
Fatigue\t24 (27.6)\t19 (21.8)\t5 (5.7)
Nail toxicity\t20 (23.0)\t18 (20.7)\t2 (2.3)
Rash\t15 (17.2)\t12 (13.8)\t3 (3.4)
Stomatitis\t22 (25.3)\t{}\t4 (4.6)
"""


def test_grades_that_exclude_each_other_add_up():
    assert alarms(GRADES.format("18 (20.7)")) == {}
    assert alarms(GRADES.format("13 (14.9)")) == {"Stomatitis 22 (25.3)": "error-if"}


SERIES = """We operated on 143 patients; 34 had a complication.

Table 2. Outcomes

Outcome\tAll
Fever\t52 (36)
Bleeding\t61 (43)
Fistula\t21 (15)
Ileus\t30 (21)
Leak\t29 (20)
Infection\t43 (30)
Readmission\t24 ({})
"""


def test_one_share_of_another_total_than_its_column():
    assert alarms(SERIES.format("17")) == {}
    assert alarms(SERIES.format("71")) == {"Readmission 24 (71)": "unlikely"}


PATHOLOGY = """Table 1. Patients

\tA (n = 143)\tB (n = 129)
Pathology
Carcinoma\t{}\t58 (45)
Neuroendocrine\t49 (34)\t32 (25)
Cystic\t52 (36)\t28 (22)
Other\t11 (8)\t11 (9)
"""


def test_categories_that_add_up_in_one_column_do_so_in_the_other():
    assert alarms(PATHOLOGY.format("31 (22)")) == {}
    assert alarms(PATHOLOGY.format("41 (29)")) == {"Other 11 (8)": "error-if"}


@pytest.mark.parametrize(("low", "problems"), [("26 (29.9)", 0), ("76 (87.4)", 1)])
def test_both_sides_of_one_limit_exclude_each_other(low, problems):
    text = f"Table 1. Age\n\n\tAll (N = 87)\nAge, no. (%)\n<65 years\t{low}\n≥65 years\t61 (70.1)\n"
    assert len(alarms(text)) == problems


TRIALS = """Table 2. Trials

Trial\tDrug, n/N\tPlacebo, n/N\tWeight, %\tRisk ratio (95% CI)
A 2004\t12/102\t21/99\t6.8\t0.55 (0.29 to 1.07)
B 2008\t45/410\t62/405\t22.6\t0.72 (0.50 to 1.03)
C 2011\t8/60\t9/58\t3.7\t0.86 (0.36 to 2.07)
D 2013\t{}\t131/1198\t55.1\t0.77 (0.60 to 0.98)
E 2016\t23/251\t35/249\t11.8\t0.65 (0.40 to 1.07)
Total\t{}\t258/2009\t100.0\t0.74 (0.62 to 0.87)
"""


def test_counts_of_trials_against_their_ratios_and_their_total():
    assert alarms(TRIALS.format("101/1204", "189/2027")) == {}
    assert alarms(TRIALS.format("101/1204", "198/2027")) == {"198/2027": "error-if"}
    assert alarms(TRIALS.format("110/1204", "198/2027")) == {"0.77 (0.60 to 0.98)": "error-if"}
    assert alarms(TRIALS.replace("62/405", "602/405").format("101/1204", "189/2027"))["602/405"] == "error-if"


def test_a_measure_with_its_deviation_raises_no_alarm():
    text = (
        "Table 1. Baseline\n\n\tA (n=241)\tB (n=238)\neGFR (mL/min per 1·73 m²)\t96 (15)\t97 (15)\n"
        "Men\t132 (55)\t127 (53)\n"
    )
    assert alarms(text) == {}


def test_a_count_of_the_column_before_is_that_of_the_percentage():
    text = (
        "Table 3. Protection\n\n\tA\t\tB\t\n\tn/N\t% (95% CI)\tn/N\t% (95% CI)\n"
        "Tetanus\t548/556\t98.6 (97.2–99.4)\t271/277\t{}\nHepatitis\t531/552\t96.2 (94.2–97.6)\t262/275\t95.3 (92.1–97.5)\n"
    )
    assert alarms(text.format("97.8 (95.3–99.2)")) == {}
    assert alarms(text.format("97.3 (95.3–99.2)")) == {"97.3 (95.3–99.2)": "error-if"}


def test_a_cell_that_is_wrapped_gives_no_limits():
    text = (
        "Table 3. Risk ratios\n\nA   Risk ratio (95% CI)   P\nLow risk   0.78 (0.65 to       0.010\n           0.94)\n"
    )
    assert alarms(text) == {}
