"""Rows of tables whose labels are words that name things elsewhere, or whose numbers are alike."""

from __future__ import annotations

import pytest

from codon12.check import check_text
from codon12.check.grammar.extract import extract


def alarms(text):
    return [
        (f.statement.quote.split("\t")[0], f.verdict)
        for f in check_text(text).findings
        if f.verdict in {"error", "error-if", "unlikely"}
    ]


@pytest.mark.parametrize("label", ["Lung", "Death", "Group", "Liver"])
def test_a_row_of_n_of_a_total_is_no_name(label):
    table = "Table 9. Patterns\n\nSite\tNo. (%)\n\t(N = 71)\nSkin\t18/71 (25.4)\n{}\t34/71 ({})\nNode\t31/71 (43.7)\n"
    assert alarms(table.format(label, "47.9")) == []
    assert alarms(table.format(label, "48.9")) == [(label, "error")]


def test_two_rows_of_one_table_are_no_copies():
    table = (
        "Table 10. Overall survival from the progression\n\n"
        "Mixed: Median, months (95% CI)\t7.3 (5.7–NE)\nMost: Median, months (95% CI)\t8.3 (5.7–NE)\n"
    )
    assert alarms(table) == []


def told(text):
    return {" ".join(f.statement.quote.split()): f.verdict for f in check_text(text).findings}


KNOWN = """Table 1. Baseline
Characteristic\tA (n = 1,029)\tB (n = 1,032)
Pain, absent\t826 (81%)\t855 (83%)
Pain, present\t198 (19%)\t172 (17%)
Missing\t5\t5
"""


def test_shares_of_those_with_a_value_are_of_the_rows_together():
    found = told(KNOWN)
    assert found["Pain, absent 826 (81%)"] == "ok"
    assert "error-if" in told(KNOWN.replace("826 (81%)", "826 (86%)")).values()


NUMBERS = """Of the 40 who came, 20 (50%) left.

Table 2. Diagnoses by arm
\tNeither\tPatient\tBoth
No. of patients\t23\t40\t32
Any diagnosis, no. (%)\t9(39)\t20(50)\t22(69)
Mood\t7(30)\t12(30)\t17(53)
Anxiety\t4(17)\t14(35)\t10(31)
Phobia\t2(9)\t5(13)\t2(6)
"""


def test_a_row_of_whole_numbers_of_patients_gives_the_totals_of_its_columns():
    assert set(told(NUMBERS).values()) <= {"ok", "not checkable"}
    assert told(NUMBERS.replace("17(53)", "17(83)"))["17(83)"] == "error"


def test_a_cell_whose_column_has_no_total_raises_no_alarm():
    text = "Of the 40 who came, 20 (50%) left.\n\nTable 2. Diagnoses\n\tA\tB\nMood, no. (%)\t20(50)\t22(69)\nPhobia\t10(25)\t17(53)\n"
    assert not {"error", "error-if", "unlikely"} & set(told(text).values())


@pytest.mark.parametrize("gap", ["\t", "   "])
@pytest.mark.parametrize("label", ["Increased creatine kinase", "Lung", "C-reactive protein"])
def test_a_cell_apart_from_its_label_is_no_part_of_a_name(label, gap):
    rows = [["Event", "Any", "Grade 3"], [label, "25 (35.2)", "8 (11.3)"], ["Rash", "42 (59.2)", "9 (12.7)"]]
    text = "Table 1. Events in 71 patients.\n\n" + "\n".join(gap.join(r) for r in rows)
    found = [s.quantities.n for s in extract(text).statements if s.kind == "table_cell"]
    assert found == [25, 8, 42, 9]


def test_a_paragraph_full_of_shares_ends_the_table_above_it():
    text = (
        "Table 1. Response.\nOutcome   A (n=114)   B (n=114)\nResponse   83 (72.8)   70 (61.4)\n\n"
        "At the cutoff 76 of 114 patients (66.7%) in the early group and 91 of\n"
        "114 (79.8%) in the other group had had an event. Response was seen in 83\n"
        "(72.8%) and 70 (61.4%) patients, respectively, and relapse in 11 (9.6%)."
    )
    assert {s.kind for s in extract(text).statements if s.start > text.index("At the cutoff")} == {
        "count_percent",
    }


def test_a_label_of_several_lines_ends_no_table():
    text = (
        "Table 3. Adverse events.\n\nEvent   Any grade   Grade 1   Grade 2   Grade 3\n\nAny event   88 (69.8)   39 (31.0)   25 (19.8)   24 (19.0)\n\n"
        "Treatment-related adverse event of any grade \noccurring in >5% of the patients or that \nwas grade 3\n\n"
        "Nausea 24 (19.0) 24 (19.0) 0 0\n\nFatigue 14 (11.1) 14 (11.1) 0 0\n"
    )
    assert sum(s.kind == "table_cell" for s in extract(text).statements) == 12
