"""The order of lines of a page: wrapped cells, cells by their labels, columns of text, line numbers, raised figures."""

import pytest

from codon12.check.documents.layout import Line, reading_order
from codon12.check.documents.normal import normalise
from codon12.check.documents.reading import read_document

WIDTH = 600.0


def at(x, y, *pieces, width=None, words=()):
    """A line of 12-point print at a height counted from the foot of the page; pieces 120 points apart."""
    right = x + (width or 6 * len(pieces[-1])) + 120 * (len(pieces) - 1)
    return Line(tuple((x + 120 * k, p) for k, p in enumerate(pieces)), x, right, y, 8.0, words)


def texts(*lines):
    return [x.text for x in reading_order(list(lines), WIDTH)]


def test_a_cell_of_two_lines_at_the_head_of_its_row():
    assert texts(
        at(90, 700, "Characteristic"), at(210, 700, "Low Dose"), at(210, 686, "(N = 84)"),
        at(90, 672, "Race"), at(90, 658, "Black or African"), at(90, 644, "American"), at(210, 658, "6 (7.1)"),
        at(90, 630, "White"), at(210, 630, "78 (92.9)"),
    ) == ["Characteristic   Low Dose (N = 84)", "Race", "Black or African American   6 (7.1)", "White   78 (92.9)"]  # fmt: skip


def test_a_cell_set_in_the_middle_of_its_row():
    assert texts(
        at(90, 700, "Overall"), at(90, 686, "survival"), at(210, 693, "12.5"), at(330, 693, "11.0"),
        at(90, 672, "Response"), at(210, 672, "9.6"), at(330, 672, "8.1"),
    ) == ["Overall survival   12.5   11.0", "Response   9.6   8.1"]  # fmt: skip


def test_a_cell_goes_on_below_the_last_of_its_row():
    assert texts(at(90, 700, "PFS", "5.5 (4.1-"), at(210, 686, "6.6)"), at(90, 672, "OS", "9.6 (8.8-11.0)")) == [
        "PFS   5.5 (4.1- 6.6)",
        "OS   9.6 (8.8-11.0)",
    ]


def test_two_columns_of_text_are_not_cells():
    left = [at(60, 700 - 14 * k, f"of the patients who received it {k}", width=220) for k in range(9)]
    right = [at(320, 700 - 14 * k, f"were followed for some months {k}", width=220) for k in range(9)]
    assert texts(*left, *right) == [x.text for x in (*left, *right)]


def test_a_cell_close_to_its_label_is_told_by_its_column():
    label = "Hispanic or Latino 3 (3.5)"
    line = at(90, 686, label, "6 (7.1)", words=((140, 0, 9), (150, 0, 12), (210, 0, 19), (220, 0, 21)))
    line = line._replace(pieces=((90, label), (330, "6 (7.1)")))
    rows = [at(90, 700, "White", "78 (90.7)", "76 (89.0)"), line, at(90, 672, "Asian", "8 (9.3)", "6 (7.1)")]
    assert texts(*rows)[1] == "Hispanic or Latino   3 (3.5)   6 (7.1)"


def test_cells_that_print_too_close_are_parted_at_every_column():
    glued = "Fatigue", "18 (25.4) 16 (22.5) 2 (2.8)"
    line = at(90, 672, *glued, words=((330, 1, 10), (450, 1, 20)))
    rows = [at(90, 700, "Event", "Any grade", "Grade 1", "Grade 2"), at(90, 686, "Rash", "1 (1.4)", "0", "1 (1.4)")]
    assert texts(*rows, line)[2] == "Fatigue   18 (25.4)   16 (22.5)   2 (2.8)"


@pytest.mark.parametrize(
    ("words", "at_word"),
    [("were seen in 14 of 112 patients who were treated", 19), ("18 patients stopped the drug for good", 0)],
)
def test_no_column_begins_within_a_phrase(words, at_word):
    text = f"Of these {words}"
    line = at(90, 672, text, words=((210, 0, len("Of these ") + at_word),))
    rows = [at(90, 700 - 14 * k, f"Row {k}", "3 (5.0)") for k in range(2)]
    assert texts(*rows, line)[2] == text


def test_running_text_between_tables_is_not_parted():
    prose = "the patients of the trial were men and women of any age"
    lines = [at(90, 672 - 14 * k, prose, width=330, words=((210, 0, 13),)) for k in range(3)]
    rows = [at(90, 700 - 14 * k, f"Row {k}", "3 (5.0)") for k in range(2)]
    assert texts(*rows, *lines)[2:] == [prose] * 3


def test_line_numbers_of_a_manuscript_are_no_text():
    lines = [at(90, 700 - 14 * k, f"{k + 10} of 40 patients responded.") for k in range(4)]
    numbers = [at(60, 700 - 14 * k, str(k + 1)) for k in range(4)]
    assert texts(*lines, *numbers) == [x.text for x in lines]
    years = [at(60, 700 - 14 * k, str(x)) for k, x in enumerate((12, 9, 17, 4))]
    assert len(texts(*lines, *years)) == len(lines) + len(years)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Treatment ended. Events were treatment-\nrelated, as related events are in treatment.", "treatment-related"),
        ("Twelve pa-\ntients; the tients were few.", "patients"),
        ("An over-\nall rate; overall, over and all.", "overall"),
        ("In total 1 137\npatients were randomised.", "1,137\npatients"),
    ],
)
def test_what_a_line_breaks(text, plain):
    assert plain in normalise(text).text


def test_figures_raised_by_a_tag_are_citations(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("It lasted 30 days.<sup>3,4</sup> Five of 12 patients (41.7%) had <i>KRAS</i> mutations.")
    assert normalise(read_document(path)).text == "It lasted 30 days. Five of 12 patients (41.7%) had KRAS mutations."
