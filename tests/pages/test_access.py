"""What a reader with a screen reader, a keyboard or a telephone meets: axe finds nothing, no page is wider than its screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from codon12.analyses import assemble
from codon12.records import Study
from codon12.report import write_report

from .test_page import browser

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["cohort", "codebreak100"])
def page_path(request, tmp_path_factory):
    evidence = assemble(Study.open(ROOT / "examples" / request.param))
    return write_report(evidence, tmp_path_factory.mktemp(request.param) / "report", formats=())


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_open_to_all(page_path, width):
    sync_api, chromium = browser()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = running.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(120_000)
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.goto(page_path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = axe.run(page).response["violations"]
        running.close()
    assert [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found] == []
    assert said == []
