"""Columns that follow from others of their row, and rows that add up, in tables that are not told what they are."""

import pytest

from codon12.check import check_text
from codon12.check.verdicts import PROBLEMS

SUBGROUPS = """Table 1. Response by prior therapy

Subgroup              n     Responders   ORR, %   95% CI
Prior docetaxel       112   41           36.6     27.7-46.2
 One line             61    25           41.0     28.6-54.3
 Two or more lines 51    16           31.4     19.1-45.9
No docetaxel          37    19           51.4     34.4-68.1
"""
ASSAYS = """Table 2. Accuracy

| Assay | TP | FP | FN | TN | Sensitivity, % (95% CI) | PPV, % |
|---|---|---|---|---|---|---|
| Tissue | 52 | 4 | 8 | 90 | 86.7 (75.4-94.1) | 92.9 |
| Plasma | 41 | 2 | 19 | 92 | 68.3 (55.0-79.7) | 95.3 |
"""
RATES = """Table 3. Incidence

Event\tNo. of events\tPatient-years\tRate per 100 patient-years (95% CI)
Stroke\t31\t402.5\t7.7 (5.2-10.9)
Bleeding\t14\t418.0\t3.3 (1.8-5.6)
Death\t9\t421.3\t2.1 (1.0-4.1)
"""
EVENTS = """Table 4. Events by subgroup

| Subgroup | Drug | Placebo | HR (95% CI) |
|---|---|---|---|
| All | 88/160 | 104/158 | 0.71 (0.53-0.94) |
| Stage II | 30/71 | 40/70 | 0.66 (0.41-1.06) |
| Stage III | 58/89 | 64/88 | 0.74 (0.52-1.06) |
| Node-negative | 21/52 | 29/55 | 0.70 (0.40-1.23) |
| Node-positive | 67/108 | 75/103 | 0.72 (0.52-1.00) |
"""
COUNTS = """Table 5. Patients

Characteristic            No.     %
Age
  <70 years               71      59.2
  >=70 years              49      40.8
Sex
  Men                     66      55.0
  Women                   54      45.0
Site
  Colon                   83      69.2
  Rectum                  37      30.8
"""
WEIGHTS = """Table 6. Studies

| Study | Events | Patients | Proportion | 95% CI | Weight |
|---|---|---|---|---|---|
| Ito 2011 | 12 | 55 | 0.22 | 0.12-0.35 | 18.4% |
| Roy 2015 | 40 | 110 | 0.36 | 0.27-0.46 | 33.0% |
| Sand 2020 | 51 | 162 | 0.31 | 0.24-0.39 | 48.6% |
"""


def problems(text):
    report = check_text(text)
    told = [r.sentence for r in report.relations if r.verdict in PROBLEMS]
    return told + [c.sentence for f in report.findings for c in f.checks if c.verdict in PROBLEMS]


@pytest.mark.parametrize("table", [SUBGROUPS, ASSAYS, RATES, EVENTS, COUNTS, WEIGHTS])
def test_a_table_that_holds_is_quiet(table):
    assert problems(table) == []


@pytest.mark.parametrize(
    ("table", "printed", "slip", "said"),
    [
        (SUBGROUPS, "41.0     28.6", "47.0     28.6", "25 of 61 is 40.98 %, not 47.0"),
        (SUBGROUPS, "51    16", "57    16", "16 of 57"),
        (SUBGROUPS, "61    25", "67    25", "of 67"),
        (SUBGROUPS, "34.4-68.1", "34.4-86.1", "The limits of 19 and 37 are 34.4"),
        (ASSAYS, "| 41 |", "| 46 |", "46 of 46 + 19"),
        (ASSAYS, "95.3", "93.5", "41 of 41 + 2 is 95.35 %, not 93.5"),
        (ASSAYS, "55.0-79.7", "50.5-79.7", "The limits of 41 and 19"),
        (RATES, "418.0", "481.0", "14 in 481.0"),
        (RATES, "5.2-10.9", "5.2-19.0", "The limits of 31 and 402.5"),
        (EVENTS, "58/89", "53/89", "30 + 53 = 83, not 88"),
        (EVENTS, "103 |", "108 |", "55 + 108 = 163, not 158"),
        (COUNTS, "49      40.8", "94      40.8", "94 of 120"),
        (COUNTS, "69.2", "62.9", "83 of 120 is 69.17 %, not 62.9"),
        (WEIGHTS, "0.36 |", "0.39 |", "40 of 110 is 0.3636, not 0.39"),
        (WEIGHTS, "33.0%", "38.0%", "The weights make 105, not 100"),
    ],
)
def test_one_slip_is_told(table, printed, slip, said):
    assert printed in table
    assert any(said in sentence for sentence in problems(table.replace(printed, slip, 1)))


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("| Roy 2015 | 40 | 110 | 0.36 ", "| Pooled | 40 | 110 | 0.39 "),  # worked out in another way
        ("0.22 | 0.12-0.35", "0.22 | 0.12-0.36"),  # of another program by the last digit
    ],
)
def test_what_may_be_so_is_not_told(printed, other):
    assert printed in WEIGHTS
    assert problems(WEIGHTS.replace(printed, other)) == []


def test_columns_that_follow_by_chance_in_few_rows_are_no_rule():
    text = "Table 7. Sites\n\n| Site | Beds | Wards | Index |\n|---|---|---|---|\n| A | 40 | 8 | 20 |\n| B | 35 | 9 | 61 |\n"
    assert problems(text) == []


def test_patients_without_data_are_no_slip():
    fewer = EVENTS.replace("21/52", "21/50")
    assert problems(fewer) == []
