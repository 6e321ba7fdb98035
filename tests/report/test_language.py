from __future__ import annotations

import pytest

from codon12.records import Study
from codon12.report import write_report

from .studies import evidence_of, write_study


@pytest.fixture(scope="module")
def american(tmp_path_factory):
    folder = write_study(tmp_path_factory.mktemp("study"), [f"S-{i:02d}" for i in range(9)])
    told = folder / "codon12.toml"
    told.write_text('language = "en-US"\n' + told.read_text(encoding="utf-8"), encoding="utf-8")
    return folder, evidence_of(folder)


def test_tables_figures_sentences_and_methods_are_american_and_numbers_the_same(american, tmp_path):
    folder, evidence = american
    assert evidence.table("response").title == "Tumor response, by central review"
    assert evidence.figure("waterfall").title == "Best change in tumor burden"
    assert evidence.sentence("best_change.measured.central.all").startswith("Best change")
    page = write_report(evidence, tmp_path / "out", figures=False, formats=("csv",)).read_text(encoding="utf-8")
    assert '<html lang="en-US">' in page
    visible = page.partition('<script type="application/json"')[0]
    assert ">Objective response, by central review<" in visible
    assert "umour" not in visible.replace("tumour_", "")
    british = folder.parent / "british"
    write_study(british, [f"S-{i:02d}" for i in range(9)])
    assert evidence_of(british).numbers.equals(evidence.numbers)


def test_a_study_shows_itself_in_a_notebook(american):
    study = Study.open(american[0])
    assert repr(study).startswith(f"<Study {american[0].name}: ")
    assert "<th scope='row'>DM</th><td>9</td>" in study._repr_html_()
