"""Rows of tables whose labels are words that name things elsewhere, or whose numbers are alike."""

from __future__ import annotations

import pytest

from codon12.check import check_text


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
