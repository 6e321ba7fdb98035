"""Two documents: only numbers of the same outcome, time, population and data cut disagree."""

import pytest

from codon12.check import check_text, compare_reports


def pairs(a, b):
    return [(p.what, p.verdict) for p in compare_reports(check_text(a, name="a.txt"), check_text(b, name="b.txt"))]


OS = "The median overall survival was {} months (95% CI, 10.0 to 15.1)."


def test_same_and_different():
    assert pairs(OS.format("12.5"), OS.format("12.5")) == [("OS, median, months", "same")]
    assert pairs(OS.format("12.5"), OS.format("12.9")) == [("OS, median, months", "different")]
    assert pairs(OS.format("12.5"), "The median overall survival was 13 months.") == [("OS, median, months", "same")]


def test_other_limits_differ():
    (pair,) = compare_reports(check_text(OS.format("12.5")), check_text(OS.format("12.5").replace("15.1", "16.1")))
    assert pair.verdict == "different"
    assert "other limits" in pair.sentence


def test_other_data_cuts_do_not_disagree():
    cut = " The data cut-off date was {}."
    a, b = OS.format("12.5") + cut.format("March 15, 2021"), OS.format("13.1") + cut.format("June 1, 2022")
    (pair,) = compare_reports(check_text(a), check_text(b))
    assert pair.verdict == "other data cut"
    assert "2021-03-15" in pair.sentence
    (pair,) = compare_reports(check_text(a), check_text(OS.format("13.1")))
    assert pair.verdict == "different"
    assert "unless they are of different data cuts" in pair.sentence


def test_other_populations_are_not_compared():
    a = "An objective response was seen in 46 of 124 patients (37.1%; 95% CI, 28.6 to 46.2)."
    b = "An objective response was seen in 39 of 126 patients (31.0%; 95% CI, 23.0 to 39.8)."
    assert pairs(a, b) == []
    assert pairs(
        a,
        a.replace(
            "46 of 124 patients (37.1%; 95% CI, 28.6 to 46.2)", "45 of 124 patients (36.3%; 95% CI, 27.8 to 45.4)"
        ),
    ) == [("ORR, percent", "different")]


def test_other_times_are_not_compared():
    a = "The Kaplan-Meier estimate of overall survival was 83.3% (95% CI, 75.6 to 88.8) at 6 months."
    assert pairs(a, a.replace("at 6 months", "at 12 months").replace("83.3", "83.1")) == []
    assert pairs(a, a.replace("83.3", "83.1")) == [("OS, at 6 months", "different")]


def test_arms_cannot_be_told_apart():
    a = "The median overall survival was 12.5 months with A and 10.1 months with B."
    assert pairs(a, OS.format("11.4")) == []


def test_a_part_of_the_subjects_is_another_number():
    b = "Among refractory patients the median overall survival was 8.4 months (95% CI, 7.0 to 9.9)."
    assert pairs(OS.format("12.5"), b) == []


@pytest.mark.parametrize(("count", "verdict"), [("12 (19.0)", "same"), ("13 (20.6)", "different")])
def test_rows_of_tables_by_label_and_total(count, verdict):
    table = "Table 1. Events.\n\nEvent - no. (%) (N = 63)\n\nDiarrhoea {}\n"
    other = table.replace("Diarrhoea", "Diarrhea").format(count)
    assert pairs(table.format("12 (19.0)"), other) == [("Diarrhea", verdict)]
    assert (
        pairs(table.format("12 (19.0)"), "Table 1. Events.\n\nEvent - no. (%) (N = 70)\n\nDiarrhea 13 (18.6)\n") == []
    )
