"""What the five texts must show: their real problems and nothing else.

The texts are not part of this repository: a folder ``shared`` beside the checkout holds them.
"""

from pathlib import Path

import pytest

from codon12.check import PROBLEMS, check_text

PAPERS = Path(__file__).resolve().parents[2] / ".." / "shared" / "papers"

pytestmark = pytest.mark.skipif(not PAPERS.is_dir(), reason="the texts (../shared/papers) are not here")


@pytest.fixture(scope="module")
def reports():
    return {p.name: check_text(p.read_text(encoding="utf-8"), name=p.name) for p in PAPERS.rglob("*.txt")}


def problems(report):
    return [" ".join(f.statement.quote.split()) for f in report.findings if f.verdict in PROBLEMS]


def test_phase_2_paper(reports):
    found = problems(reports["sotorasib-phase2-paper.txt"])
    assert len(found) == 1
    assert "34.7%" in found[0]


def test_abstract(reports):
    report = reports["acquired-resistance-abstract.txt"]
    assert problems(report) == ["Among the 13 patients", "12 (32.4%)"]
    assert next(f for f in report.findings if f.statement.quote == "12 (32.4%)").computed["N_compatible"] == [37, 37]
    assert report.has_error


def test_news(reports):
    report = reports["kras-inhibitor-approval-news.txt"]
    assert problems(report) == ["overall response rate of 37.1%"]
    assert next(f for f in report.findings if f.statement.quote.endswith("37.1%")).computed["n_possible"] == []


def test_pages_without_a_problem(reports):
    assert problems(reports["kras-biomarker-patient-page.txt"]) == []
    assert problems(reports["kras-pembrolizumab-summary.txt"]) == []


def test_counted_intervals_are_clopper_pearson_only(reports):
    counted = [f for f in reports["sotorasib-phase2-paper.txt"].findings if f.statement.kind == "count_percent_ci"]
    assert {(f.statement.quantities.n, f.denominator.value) for f in counted} == {(46, 124), (100, 124)}
    assert all(f.computed["matching_ci_methods"] == ["clopper-pearson"] for f in counted)


def test_biomarker_percentages_are_resolved_to_counts(reports):
    found = [
        (f.computed["n"][0], f.denominator.value)
        for f in reports["sotorasib-phase2-paper.txt"].findings
        if f.statement.kind == "percent_ci" and f.statement.section == "Exploratory Biomarkers"
    ]
    more = [
        (f.computed["n"][0], f.denominator.value)
        for f in reports["sotorasib-phase2-paper.txt"].findings
        if f.statement.kind == "percent_ci" and f.denominator.value != 124
    ]
    assert set(found) <= set(more)
    assert set(more) == {(21, 44), (36, 86), (29, 69), (6, 15), (11, 22), (41, 104), (3, 13), (1, 7)}


def test_landmark_intervals_are_log_log(reports):
    marks = [f for f in reports["sotorasib-phase2-paper.txt"].findings if f.statement.kind == "landmark"]
    assert len(marks) == 8
    assert all("log-log" in f.computed["scales"] for f in marks)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nl_registry_pembrolizumab.txt", ["388 (57 %) of 595"]),
        ("codebreak200_news.txt", ["345 patients"]),
        ("checkmate017_nejm.txt", []),
        ("revel_lancet.txt", []),
        ("PMC3669518.txt", []),
        ("PMC3664320.txt", []),
        ("PMC5856890.txt", []),
        ("PMC2855860.txt", []),
    ],
)
def test_further_texts(reports, name, expected):
    assert problems(reports[name]) == expected
