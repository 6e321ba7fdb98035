"""Identifiers and terms that try to run, break a file or fill a page: inert in everything written."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from click.testing import CliRunner

from codon12.cli.report import command as report
from codon12.cli.trace import command as trace

from ..report.studies import write_study  # noqa: TID252 - the tests are no package

pytestmark = pytest.mark.requirement("R-OUTP-03")

NAMES = [
    "</script><script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    "two\nlines",
    "x" * 10_000,
    "@SUM(1+1)",
    "{\\field{\\*\\fldinst}}",
    "\u202etfel",
    "a'b\"c&d",
    *(f"S-{i:03d}" for i in range(8)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    study = write_study(tmp_path_factory.mktemp("study"), NAMES)
    out = tmp_path_factory.mktemp("out") / "report"
    formats = "csv,xlsx,svg,docx,rtf"
    got = CliRunner().invoke(report, [str(study), "--out", str(out), "--formats", formats], standalone_mode=False)
    assert got.exception is None, got.exception
    if got.return_value == 1:
        pytest.skip("the records room refuses these identifiers")
    return out


def test_page_and_figures_hold_no_foreign_script(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("<script") == 2
    assert "x" * 41 not in page.partition('id="data">')[0]
    for path in (folder / "figures").glob("*.svg"):
        assert "<script" not in path.read_text(encoding="utf-8")


def test_no_csv_cell_is_a_formula(folder):
    for path in [*folder.glob("tables/*.csv"), folder / "findings.csv"]:
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert not [c for c in row if c[:1] in tuple("=@\t")], path.name


def test_no_workbook_cell_is_a_formula(folder):
    book = zipfile.ZipFile(folder / "tables" / "tables.xlsx")
    assert not [n for n in book.namelist() if b"<f>" in book.read(n)]


def test_rtf_braces_are_in_pairs(folder):
    for path in (folder / "tables").glob("*.rtf"):
        text = path.read_text(encoding="ascii").replace("\\\\", "").replace("\\{", "").replace("\\}", "")
        assert text.count("{") == text.count("}")


def test_trace_prints_one_line_a_subject(tmp_path):
    study = write_study(tmp_path / "study", NAMES)
    got = CliRunner().invoke(trace, [str(study), "os.events.all"], standalone_mode=False)
    assert got.exception is None
    assert max(map(len, got.output.splitlines())) < 2000
    assert "x" * 200 not in got.output
