"""A table proves its own reading: one cell that falls out is a slip, a whole column or row is of something else."""

import re

from codon12.check import check_text


def alarms(text):
    problems = [f for f in check_text(text).findings if f.is_problem]
    return {re.search(r"\S* ?\(.*", f.statement.quote)[0].strip(): f.verdict for f in problems}


def of(total, counts, head="n = 80"):
    rows = "\n".join(f"Event {chr(65 + k)}\t{n} ({100 * n / total:.1f})" for k, n in enumerate(counts))
    return f"Table 1. Events, n (%)\n\tDrug ({head})\n{rows}\n"


COUNTS = (10, 14, 22, 31, 9, 17, 41, 26, 5)


def test_a_column_of_another_total_is_not_twenty_errors():
    report = check_text(of(137, COUNTS))
    assert {f.verdict for f in report.findings if f.statement.kind == "table_cell"} == {"cannot confirm"}


def test_the_one_share_that_falls_out_of_a_column_without_a_printed_total():
    right = of(137, COUNTS, head="daily")
    assert alarms(right) == {}
    assert alarms(right.replace("22 (16.1)", "22 (61.1)")) == {"22 (61.1)": "error-if"}


def test_a_row_of_those_with_data_is_no_slip():
    rows = "".join(f"Event {k}\t{n} ({n / 0.8:.1f})\t{n + 3} ({(n + 3) / 0.6:.1f})\n" for k, n in enumerate(COUNTS))
    table = f"Table 1. Events, n (%)\n\tDrug (n = 80)\tPlacebo (n = 60)\n{rows}KRAS\t20 (40.0)\t10 (25.0)\n"
    assert alarms(table) == {}
    assert alarms(table.replace("KRAS\t20 (40.0)", "KRAS\t20 (52.0)").replace("10 (25.0)", "12 (20.0)")) != {}


def test_the_size_in_a_head_that_no_share_of_the_column_is_of():
    rows = "".join(
        f"Event {k}\t{n} ({n / 0.8:.1f})\t{n + 3} ({100 * (n + 3) / 137:.1f})\n" for k, n in enumerate(COUNTS)
    )
    table = f"Table 1. Events, n (%)\n\tDrug (n = 80)\tPlacebo (n = 137)\n{rows}"
    assert alarms(table) == {}
    assert list(alarms(table.replace("137)", "107)"))) == ["(n = 107)"]


def test_shares_of_the_total_in_their_row():
    rows = [("Men", 346, 129), ("Women", 56, 39), ("Oral", 189, 98), ("Larynx", 99, 38)]
    lines = [f"{a}\t{n}\t{k} ({100 * k / n:.1f})\t{n - k} ({100 * (n - k) / n:.1f})" for a, n, k in rows]
    table = "Table 2. Expression\n\tAll\tHigh\tLow\n" + "\n".join(lines) + "\n"
    assert alarms(table) == {}
    assert alarms(table.replace("98 (51.9)", "98 (57.9)")) == {"98 (57.9)": "error-if"}


LIMITS = "Table 3. Scores\n\tBase\tWeek 6\n" + "".join(
    f"Item {k}\t{k}.4 ({k}.1-{k}.9)\t{k}.7 ({k}.2-{k + 1}.1)\n" for k in range(2, 8)
)


def test_limits_of_cells_that_no_word_names():
    assert alarms(LIMITS) == {}
    assert alarms(LIMITS.replace("3.4 (3.1-3.9)", "3.4 (3.9-3.1)")) == {"3.4 (3.9-3.1)": "error"}
    assert alarms(LIMITS.replace("3.4 (3.1-3.9)", "8.4 (3.1-3.9)")) == {"8.4 (3.1-3.9)": "error-if"}


def test_weighted_counts_may_be_rounded():
    table = of(80, COUNTS).replace("Events", "Events after inverse probability weighting")
    assert alarms(table.replace("22 (27.5)", "22 (27.9)")) == {}
    assert alarms(table.replace("22 (27.5)", "22 (39.5)")) != {}
