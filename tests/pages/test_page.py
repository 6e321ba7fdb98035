from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil

import pytest
from lxml import html

from codon12.report import write_report

from ..report.studies import evidence_of, write_study  # noqa: TID252 - the tests are no package

NAMES = ["</script><script>document.title='owned'</script>", '"onmouseover="x', *(f"S-{i:03d}" for i in range(10))]


@pytest.fixture(scope="module")
def page_path(tmp_path_factory):
    study = write_study(tmp_path_factory.mktemp("study"), NAMES)
    return write_report(evidence_of(study), tmp_path_factory.mktemp("out") / "report", formats=("csv", "svg"))


@pytest.fixture(scope="module")
def text(page_path):
    return page_path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(text):
    return html.document_fromstring(text)


def test_the_policy_allows_exactly_our_style_and_our_script(tree):
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = tree.xpath("//script[not(@type)]")
    styles = tree.xpath("//style")
    assert (len(scripts), len(styles)) == (1, 1)
    for element, name in ((scripts[0], "script-src"), (styles[0], "style-src")):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy


def test_nothing_is_fetched_from_anywhere(text, tree):
    assert not tree.xpath("//*[@src] | //link | //iframe | //object | //embed | //base | //form")
    for link in tree.xpath("//@href"):
        assert link.startswith("#") or re.fullmatch(r"[\w./-]+", link), link
    outside = [u for u in re.findall(r"https?://[^\s\"'<)]+", text) if not u.startswith("http://www.w3.org/")]
    assert outside == []


def test_identifiers_are_inert(text, tree):
    assert len(tree.xpath("//script")) == 2  # the data block and our script
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//@style")
    block = tree.xpath("//script[@type='application/json']/text()")[0]
    assert "<" not in block
    assert NAMES[0] in json.loads(block)["subjects"]


def test_every_number_on_the_page_can_be_traced(tree):
    data = json.loads(tree.xpath("//script[@type='application/json']/text()")[0])
    ids = {i for value in tree.xpath("//@data-n") for i in value.split()}
    assert ids
    assert ids == set(data["numbers"])


def test_tables_and_figures_can_be_read_without_seeing_them(tree):
    for table in tree.xpath("//table[contains(@class, 'numbers')]"):
        assert table.xpath("./caption//text()")
        assert table.xpath("./thead//th[@scope='col']")
        assert all(th.get("scope") for th in table.xpath(".//th"))
    figures = tree.xpath("//figure")
    assert len(figures) >= 6
    for figure in figures:
        label = figure.get("aria-labelledby")
        assert figure.xpath(f".//figcaption[@id='{label}']")
        assert figure.xpath(".//*[local-name()='svg' and @role='img']")


def test_ids_are_unique(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_every_link_inside_the_page_and_the_folder_leads_somewhere(tree, page_path):
    ids = set(tree.xpath("//@id"))
    for link in tree.xpath("//@href"):
        if link.startswith("#"):
            assert link[1:] in ids, link
        else:
            assert (page_path.parent / link).is_file(), link


def test_a_notice_stands_at_the_head(tree):
    assert tree.xpath("//header//*[@role='note']/text()") == [
        "Reconstructed from published aggregates; not patient data"
    ]


def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    return sync_api, chromium


def test_a_click_lists_patients_and_rows_and_nothing_else_runs(page_path):
    sync_api, chromium = browser()
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = running.new_page()
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("request", lambda r: said.append(r.url) if not r.url.startswith("file:") else None)
        page.goto(page_path.as_uri())
        title = page.title()
        page.locator("#table-response .n.live").first.click()
        panel = page.locator("#panel")
        assert "Patients (" in panel.inner_text()
        assert "Source rows (" in panel.inner_text()
        page.keyboard.press("Escape")
        assert panel.is_hidden()
        page.locator("#figure-waterfall path[aria-roledescription=bar]").first.hover()
        assert page.locator("#tip").is_visible()
        assert (page.title(), said) == (title, [])
        running.close()


def test_the_page_reads_in_full_without_scripts(page_path):
    sync_api, chromium = browser()
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = running.new_context(java_script_enabled=False).new_page()
        page.goto(page_path.as_uri())
        assert page.locator("figure svg").count() >= 6
        assert "Objective response" in page.locator("#table-response").inner_text()
        running.close()
