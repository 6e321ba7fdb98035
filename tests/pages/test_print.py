"""The printed page: every cell of every table is on the paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html

from codon12.analyses import assemble
from codon12.records import Study
from codon12.report import write_report

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")


def _plain(text: str) -> str:
    """Letters and digits alone: spaces and hyphens change where a line is broken."""
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs the system's chromium")
@pytest.mark.parametrize("name", ["cohort", "codebreak100"])
def test_no_column_is_lost_on_paper(tmp_path, name):
    pypdfium2 = pytest.importorskip("pypdfium2")
    evidence = assemble(Study.open(ROOT / "examples" / name))
    page = write_report(evidence, tmp_path / "out", figures=False, formats=())
    printed = tmp_path / "page.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    subprocess.run([CHROMIUM, *options, page.as_uri()], check=True, capture_output=True, timeout=300)
    text = ""
    with pypdfium2.PdfDocument(printed) as document:
        for sheet in document:
            words = sheet.get_textpage()
            text += words.get_text_bounded(0, 0, *sheet.get_size())  # what lies beside the paper is not read
            words.close()
            sheet.close()
    text = _plain(text)
    own = "//table//td[not(p)] | //table//td/p | //table//th"  # notes may go on over the page, a line of them not
    cells = [c.text_content() for c in html.parse(page).getroot().xpath(own)]
    assert len(cells) > 100
    assert not [c for c in cells if _plain(c) not in text]
