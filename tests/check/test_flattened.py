"""Tables copied as text: glued cells, a cell a line, one space between; the same verdicts as with tabs."""

import pytest

from codon12.check import check_text
from codon12.check.documents.normal import normalise

HEAD = "Table 1. Patients"
ROWS = (
    ("Sex, n (%)", "", ""),
    ("Male", "55 (67.1)", "45 (57.0)"),
    ("Female", "27 (32.9)", "34 (43.0)"),
    ("ECOG, n (%)", "", ""),
    ("0", "2 (2.4)", "3 (3.8)"),
    ("1", "74 (90.2)", "71 (89.9)"),
    ("2", "6 (7.3)", "5 (6.3)"),
    ("Never smoker", "30 (36.6)", "36 (45.6)"),
)


def table(form, rows=ROWS):
    head = {
        "tabs": "\tDrug (n = 82)\tPlacebo (n = 79)",
        "glued": "Drug (n = 82)Placebo (n = 79)",
        "spaces": "Drug (n = 82) Placebo (n = 79)",
        "lines": "Drug\n\n(n = 82)\n\nPlacebo\n\n(n = 79)",
    }[form]
    join = {"tabs": "\t", "glued": "", "spaces": " ", "lines": "\n\n"}[form]
    between = "\n\n" if form == "lines" else "\n"
    return between.join((HEAD, head, *(join.join(c for c in r if c or form == "tabs") for r in rows))) + "\n"


def found(text):
    return {" ".join(f.statement.quote.split())[-9:]: f.verdict for f in check_text(text).findings if f.is_problem}


def shares(text):
    findings = check_text(text).findings
    return [(f.statement.quantities.n, f.denominator.value) for f in findings if f.statement.quantities.percent]


@pytest.mark.parametrize("form", ["glued", "spaces", "lines"])
def test_a_copied_table_says_what_it_says_with_tabs(form):
    assert found(table(form)) == {}
    assert shares(table(form)) == shares(table("tabs"))


@pytest.mark.parametrize("form", ["tabs", "glued", "spaces", "lines"])
def test_a_slip_is_seen_however_the_table_was_copied(form):
    slip = [("Male", "55 (61.7)", "45 (57.0)") if r[0] == "Male" else r for r in ROWS]
    assert list(found(table(form, slip))) == ["55 (61.7)"]


def test_what_is_put_between_stands_nowhere_in_the_text():
    text = table("glued")
    normal = normalise(text)
    assert "\t45 (57.0)" in normal.text
    at = normal.text.index("45 (57.0)")
    assert text[slice(*normal.span(at, at + 9))] == "45 (57.0)"


def test_an_estimate_glued_to_a_label_with_a_figure():
    rows = "DM22.62 (1.29 to 5.32)0.008\nRA2.81 (1.46 to 5.42)0.002\nDM22.31 (1.13 to 4.72)0.022\n"
    normal = normalise(f"Table 2\n\nOdds ratios\n\nOR (95% CI)p Value\n{rows}").text
    assert "DM2\t2.62 (1.29 to 5.32)\t0.008" in normal


def test_prose_is_left_as_it_is():
    text = "Of 40 patients, 10 (25%) had a response, 7 (18%) progressed and 3 (8%) died.\n" * 4
    assert normalise(text).text == text
