"""Check finds nothing wrong in the pages that codon12 writes: tables of every kind, of which every number is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from codon12.check import check_text
from codon12.check.documents.reading import read_document
from codon12.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
pytestmark = pytest.mark.slow


def run(*arguments):
    with pytest.raises(SystemExit) as end:
        main([str(a) for a in arguments])
    assert not end.value.code


def alarms(page):
    return [(" ".join(f.statement.quote.split()), f.sentence) for f in check_text(read_document(page)).problems]


@pytest.mark.parametrize("study", ["codebreak100", "cohort"])
def test_pages_of_the_examples(tmp_path, study):
    run("report", EXAMPLES / study, "--no-figures", "--out", tmp_path / "out")
    assert alarms(tmp_path / "out" / "report.html") == []


@pytest.mark.parametrize("template", ["phase2", "registry", "randomised", "ctdna"])
def test_pages_of_the_templates(tmp_path, template):
    run("init", "--template", template, tmp_path / "study")
    run("report", tmp_path / "study", "--no-figures", "--out", tmp_path / "out")
    assert alarms(tmp_path / "out" / "report.html") == []
