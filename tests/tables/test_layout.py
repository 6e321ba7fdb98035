from __future__ import annotations

import polars as pl

from codon12.tables import csv_text, html_text, table_of

BASE = {
    "endpoint": "e",
    "statistic": "n",
    "section": None,
    "arm": "all",
    "group": "all",
    "level": "all",
    "kind": "count",
    "n": 1,
    "N": 10,
    "evaluator": None,
    "conf_level": None,
    "value": None,
    "lower": None,
    "upper": None,
    "status": None,
    "lower_status": None,
    "upper_status": None,
    "unit": None,
}


def numbers(*rows):
    full = [{**BASE, "id": f"id{i}", "order": i, **r} for i, r in enumerate(rows)]
    return pl.DataFrame(full, infer_schema_length=None)


def texts(table):
    return [(r.label, *(c.text for c in r.cells)) for r in table.rows]


def test_columns_by_arm_with_a_total_and_the_size_of_each():
    rows = [
        {"label": "Yes", "endpoint": "yes", "arm": arm, "n": n, "N": total}
        for arm, n, total in (("A", 1, 4), ("B", 2, 6), ("all", 3, 10))
    ]
    table = table_of(numbers(*rows), name="t", title="T")
    assert [c.heading for c in table.columns] == ["A (N = 4)", "B (N = 6)", "Total (N = 10)"]
    assert texts(table) == [("Yes", "1 (25.0)", "2 (33.3)", "3 (30.0)")]
    assert table.stub == "No. of patients (%)"


def test_a_total_that_all_arms_share_is_nobody_s_but_the_total_s():
    rows = [{"label": "Treated", "arm": arm, "n": n, "N": 306} for arm, n in (("A", 86), ("B", 84), ("all", 170))]
    table = table_of(numbers(*rows), name="t", title="T")
    assert [c.heading for c in table.columns] == ["A", "B", "Total (N = 306)"]


def test_rows_stand_under_their_section_and_a_section_says_the_unit_once():
    table = table_of(
        numbers(
            {"label": "F", "section": "Sex", "endpoint": "f"},
            {"label": "M", "section": "Sex", "endpoint": "m"},
            {"label": "Median", "endpoint": "age", "kind": "value", "value": 63.5},
        ),
        name="t",
        title="T",
    )
    assert [(r.label, r.heading, r.indent, r.unit) for r in table.rows] == [
        ("Sex", True, 0, "no. (%)"),
        ("F", False, 1, ""),
        ("M", False, 1, ""),
        ("Median", False, 0, ""),
    ]


def test_the_order_of_rows_is_that_of_the_numbers_whatever_the_frame():
    frame = numbers(*({"label": x, "endpoint": x} for x in "abc"))
    assert texts(table_of(frame.reverse(), name="t", title="T")) == texts(table_of(frame, name="t", title="T"))


def test_columns_by_level_spanned_by_arm():
    rows = [
        {"label": "Diarrhoea", "arm": arm, "level": level, "n": n}
        for arm in ("A", "B")
        for level, n in (("Any grade", 3), ("Grade 3", 1))
    ]
    table = table_of(numbers(*rows), name="t", title="T", columns="statistic")
    assert [c.label for c in table.columns] == ["Any grade", "Grade 3"] * 2
    assert table.spans == (("A (N = 10)", 2), ("B (N = 10)", 2))


def test_a_cross_table_has_a_row_per_label_and_a_column_per_level():
    rows = [
        {"label": a, "level": b, "endpoint": f"{a}.{b}", "section": "By reader", "n": n}
        for a, b, n in (("CR", "CR", 2), ("CR", "PR", 1), ("PR", "CR", 0), ("PR", "PR", 7))
    ]
    table = table_of(numbers(*rows), name="t", title="T", columns="level")
    assert [c.label for c in table.columns] == ["CR", "PR"]
    assert texts(table)[1:] == [("CR", "2 (20.0)", "1 (10.0)"), ("PR", "0", "7 (70.0)")]


def test_subgroups_have_a_row_per_level_and_a_column_per_endpoint():
    rate = {"endpoint": "orr", "statistic": "rate", "kind": "rate", "value": 50.0, "lower": 10.0, "upper": 90.0}
    time = {"endpoint": "pfs", "statistic": "median", "kind": "time", "value": 6.8, "lower": 5.1, "upper": 8.2}
    rows = [
        {"label": level, "section": "PD-L1", "group": "PDL1", "level": level, "n": 2, "N": 4, **kind}
        for kind in (rate, time)
        for level in ("<1%", ">=50%")
    ]
    table = table_of(numbers(*rows), name="t", title="T", columns="level")
    assert [c.label for c in table.columns][0::2] == ["Responses/n", "Events/n"]
    assert texts(table)[1] == ("<1%", "2/4", "50.0 (10.0–90.0)", "2/4", "6.8 (5.1–8.2)")


def test_every_printed_number_knows_its_id():
    table = table_of(numbers({"label": "a"}, {"label": "b", "endpoint": "f"}), name="t", title="T")
    assert [c.ids for r in table.rows for c in r.cells] == [("id0",), ("id1",)]
    assert 'data-n="id1"' in html_text(table)


def test_abbreviations_in_cells_are_explained_below():
    table = table_of(
        numbers({"label": "Median", "kind": "time", "status": "not reached", "conf_level": 0.95}), name="t", title="T"
    )
    assert table.footnotes == ("CI denotes confidence interval; NR denotes not reached.",)


def test_no_numbers_no_table():
    assert table_of(numbers({"label": "a"}).clear(), name="t", title="T") is None


def test_csv_keeps_section_and_unit_on_every_line():
    table = table_of(
        numbers({"label": "F", "section": "Sex"}, {"label": "M", "section": "Sex", "endpoint": "m"}),
        name="t",
        title="T",
    )
    assert csv_text(table).splitlines()[1:] == [
        "Sex,F,No. of patients (%),1 (10.0)",
        "Sex,M,No. of patients (%),1 (10.0)",
    ]


def test_estimates_of_groups_are_a_row_per_group_under_one_heading_per_estimate():
    own = {"section": "OS by KRAS", "group": "KRAS", "endpoint": "os"}
    median = {"statistic": "median", "kind": "time", "conf_level": 0.95, "lower": 5.0, "upper": 9.0}
    table = table_of(
        numbers(
            {**own, "level": "WT", "row": "Wild type", "what": "Events", "n": 4, "N": 8},
            {**own, **median, "level": "WT", "row": "Wild type", "what": "Median, months", "value": 7.0},
            {**own, "level": "MUT", "row": "Mutated", "what": "Events", "n": 3, "N": 6},
            {**own, **median, "level": "MUT", "row": "Mutated", "what": "Median, months", "value": 6.0},
            {**own, "label": "In no group: KRAS not tested", "n": 1, "N": 15},
            {**own, "label": "P value (log-rank, all groups)", "statistic": "logrank_p", "kind": "p", "value": 0.4},
            {**own, "level": "MUT", "row": "Mutated against Wild type", "statistic": "hr",
             "kind": "ratio", "value": 1.5, "lower": 0.8, "upper": 2.5, "conf_level": 0.95},
        ),
        name="t", title="T", columns="estimate",
    )  # fmt: skip
    assert [c.label for c in table.columns] == [
        "Events — no. (%)", "Median, months (95% CI)", "Hazard ratio (95% CI)",
    ]  # fmt: skip
    assert texts(table) == [
        ("OS by KRAS",),
        ("Wild type", "4 (50.0)", "7.0 (5.0–9.0)", "Reference"),
        ("Mutated", "3 (50.0)", "6.0 (5.0–9.0)", "1.50 (0.80–2.50)"),
        ("In no group: KRAS not tested", "1 (6.7)", "", ""),
        ("P value (log-rank, all groups)", "", "", "0.40"),
    ]
    assert table.footnotes == ("CI denotes confidence interval.",)


def test_terms_of_a_model_show_ratio_and_p_beside_each_other():
    term = {"section": "Adjusted hazard ratio", "label": "Age: per unit", "endpoint": "os.age"}
    ratio = {"statistic": "hr", "kind": "ratio", "value": 1.02, "lower": 0.99, "upper": 1.05, "conf_level": 0.9}
    table = table_of(
        numbers(
            {**term, **ratio},
            {**term, "statistic": "wald_p", "kind": "p", "value": 0.2},
            {"section": "Model", "label": "Subjects with all variables known", "statistic": "complete_cases", "n": 9},
        ),
        name="t",
        title="T",
        columns="estimate",
    )
    assert [c.label for c in table.columns] == ["Hazard ratio (90% CI)", "P value"]
    assert texts(table)[1:] == [
        ("Age: per unit", "1.02 (0.99–1.05)", "0.20"),
        ("Model",),
        ("Subjects with all variables known", "9 (90.0)", ""),
    ]


def test_columns_across_a_variable_each_with_its_number_of_subjects():
    rows = [
        {"label": "F", "section": "Sex", "endpoint": "f", "n": n, "N": total, "level": level, "group": group}
        for level, group, n, total in (("Mutated", "KRAS", 1, 2), ("Not tested", "KRAS", 0, 3), ("all", "all", 1, 5))
    ]
    table = table_of(numbers(*rows), name="t", title="T", columns="group")
    assert [c.heading for c in table.columns] == ["Mutated (N = 2)", "Not tested (N = 3)", "Total (N = 5)"]
    assert table.spans == (("KRAS", 2), ("", 1))
    assert texts(table)[1:] == [("F", "1 (50.0)", "0", "1 (20.0)")]
