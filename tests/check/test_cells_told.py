"""Counts of running text against the cells of a table that their words name."""

import pytest

from codon12.check import check_text
from codon12.check.verdicts import PROBLEMS

GENES = """Of 115 tumours sequenced, {} had a TP53 mutation, {} an STK11 mutation and 22 a KEAP1 mutation.

Table 2. Mutations (n = 115)

| Gene | Mutated, n (%) |
|---|---|
| TP53 mutation | 58 (50.4) |
| STK11 mutation | 31 (27.0) |
| KEAP1 mutation | 22 (19.1) |
"""
ARMS = """{}

Table 3. Adverse events

| Event | Lenvatinib (N = 94) | Placebo (N = 91) |
|---|---|---|
| Hypertension | 63 (67.0) | 14 (15.4) |
| Proteinuria | 27 (28.7) | 9 (9.9) |
| Deaths | 12 (12.8) | 21 (23.1) |
"""
GRADES = """{}

Table 4. Toxicity (n = 70)

| Toxicity | Any grade | Grade 3-4 |
|---|---|---|
| Neutropenia | 44 (62.9) | 26 (37.1) |
| Anaemia | 39 (55.7) | 8 (11.4) |
"""
LEAVING = """Table 1. Disposition

| | Arm A (n = 80) |
|---|---|
| On treatment | 24 (30.0) |
| Discontinued | 56 (70.0) |
| – Progression | 38 |
| – Toxicity | {} |
| – Withdrawal | 7 |
"""


OUTCOMES = """{}

Table 2. Outcomes

| Outcome | Docetaxel (n=140) | Sotorasib (n=143) |
|---|---|---|
| Partial | 18 (12.9%) | 39 (27.3%) |
| Median PFS, months (95% CI) | 4.5 (3.0-5.7) | 5.6 (4.3-7.8) |
| Disease control, % | 60.1 | 82.5 |
"""


def told(text):
    return [r.sentence for r in check_text(text).relations if r.verdict in PROBLEMS]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (GENES.format(53, 31), "“58 (50.4)”"),
        (GENES.format(58, 37), "“31 (27.0)”"),
        (ARMS.format("Hypertension was seen in 36 patients given lenvatinib and 14 given placebo."), "“63 (67.0)”"),
        (
            ARMS.format("Proteinuria occurred in 27 and 19 patients, respectively, hypertension in 63 and 14."),
            "“9 (9.9)”",
        ),
        (ARMS.format("12 patients (12.8%) died with lenvatinib and 27 died with placebo (23.1%)."), "“21 (23.1)”"),
        (GRADES.format("Neutropenia of grade 3-4 was reported in 62 patients (Table 4)."), "“26 (37.1)”"),
        (GRADES.format("Anaemia was found in 93 patients and neutropenia in 44 (Table 4)."), "“39 (55.7)”"),
        (GRADES.format("Neutropenia of grade 3-4 led the list (28 patients, 40%)."), "“26 (37.1)”"),
        (OUTCOMES.format("As Table 2 shows, 93 patients given sotorasib had a partial response."), "“39 (27.3%)”"),
        (OUTCOMES.format("Median PFS was 6.6 months with sotorasib."), "“5.6 (4.3-7.8)”"),
        (OUTCOMES.format("PFS was 5.6 months with docetaxel and 4.5 months with sotorasib."), "the reverse"),
        (OUTCOMES.format("Disease control was 82.5% with docetaxel and 60.1% with sotorasib."), "the reverse"),
    ],
)
def test_a_count_that_is_not_in_the_cell_it_names(text, printed):
    assert any(printed in sentence for sentence in told(text))


@pytest.mark.parametrize(
    "text",
    [
        GENES.format(58, 31),
        ARMS.format("Hypertension was seen in 63 patients given lenvatinib and 14 given placebo."),
        ARMS.format("Hypertension that led to a lower dose was seen in 36 patients given lenvatinib."),  # of fewer
        ARMS.format("Proteinuria occurred in 19 patients of an earlier trial of lenvatinib."),
        GRADES.format("Neutropenia of grade 4 was reported in 11 patients (Table 4)."),  # a grade without a column
        GRADES.format("Neutropenia was found in 44 patients, in 26 of them with fever (Table 4)."),
        OUTCOMES.format("PFS was 5.6 months with sotorasib and 4.5 months with docetaxel."),
        OUTCOMES.format("PFS was longer with sotorasib than with docetaxel (5.6 months vs 4.5 months)."),
        OUTCOMES.format("Median PFS was 6.6 months with sotorasib in patients without brain metastases."),
        OUTCOMES.format("Median follow-up was 6.6 months with sotorasib."),
    ],
)
def test_what_the_table_does_not_contradict(text):
    assert told(text) == []


def test_those_who_left_have_one_reason_each():
    assert told(LEAVING.format(11)) == []
    assert told(LEAVING.format(17)) == [
        "38 + 17 + 7 = 62, more than the 56 under “Discontinued”, if each left for one reason."
    ]


TWO_BY_TWO = """| | Biopsy positive | Biopsy negative |
|---|---|---|
| MRI positive | 36 | 9 |
| MRI negative | 4 | 81 |

{}
"""


def test_measures_of_a_test_against_the_only_two_by_two_table():
    assert told(TWO_BY_TWO.format("Sensitivity was 90.0% and specificity 90.0%.")) == []
    assert told(TWO_BY_TWO.format("Sensitivity was 78.0% and specificity 84.0%.")) == []
    assert told(TWO_BY_TWO.format("Sensitivity was 90.0%, specificity 90.0% and PPV 88.0%.")) == [
        "36 of 45 is 80 %, not 88.0 %."
    ]


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("""Adults aged 18 to 65 years were eligible.

| Trait | N = 60 |
|---|---|
| Age, median (range) | 50 (22-{}) |
| Men | 30 |
""", ["67 lies above 65, the limit of age"]),
        ("""Age over 65 was an exclusion criterion.

| Trait | N = 60 |
|---|---|
| Age ≤60 years | 41 |
| Age >{} years | 19 |
""", ["67 lies above 65"]),
        ("At most 60 courses were allowed, and patients received a median of 40 courses (range 2-{}).",
         ["67 lies above 60, the limit of cycles"]),
    ],
)  # fmt: skip
def test_values_of_tables_beyond_a_limit(text, beyond):
    assert [x for x in told(text.format(67)) if any(b in x for b in beyond)]
    assert told(text.format(60)) == []


def test_a_rate_adjusted_for_exposure_is_events_over_time():
    text = "The exposure-adjusted incidence of zoster was {} per 100 patient-years (24 events/480 patient-years)."
    assert told(text.format("5.0")) == []
    assert told(text.format("7.5")) == ["24 in 480 patient-years is 5 per 100, printed 7.5."]
