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
    ],
)
def test_what_the_table_does_not_contradict(text):
    assert told(text) == []


def test_those_who_left_have_one_reason_each():
    assert told(LEAVING.format(11)) == []
    assert told(LEAVING.format(17)) == [
        "38 + 17 + 7 = 62, more than the 56 under “Discontinued”, if each left for one reason."
    ]
