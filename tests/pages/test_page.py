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


def test_headings_buttons_and_regions_have_names(tree):
    assert not [th for th in tree.xpath("//th") if not th.text_content().strip()]
    for region in tree.xpath("//section | //*[@role='region'] | //nav | //*[@id='panel']"):
        named = region.get("aria-label") or region.get("aria-labelledby")
        assert named, region.attrib
        if region.get("aria-labelledby"):
            assert tree.xpath(f"//*[@id='{named}']")
    assert not [b for b in tree.xpath("//button") if not (b.get("aria-label") or b.text_content().strip())]
    for wide in tree.xpath("//*[@class='wide']"):
        assert (wide.get("tabindex"), wide.get("role")) == ("0", "region")


def test_tables_and_figures_are_numbered_in_order_and_cited(tree):
    for path, word in (
        ("//table[contains(@class, 'numbers')]/caption/span[@class='title']", "Table"),
        ("//figcaption/b", "Figure"),
    ):
        said = [e.text_content() for e in tree.xpath(path)]
        assert [t.split(".")[0] for t in said] == [f"{word} {i}" for i in range(1, len(said) + 1)]
    last = len(tree.xpath("//table[contains(@class, 'numbers')]"))
    cites = [e.text_content() for e in tree.xpath("//dl[@class='methods']//span[@class='cites']")]
    assert any("Figure" in c for c in cites)
    assert all(1 <= int(n) <= last for c in cites for n in re.findall(r"\d+", c.partition("Figure")[0]))
    response = tree.xpath("//figure[@id='figure-waterfall']/figcaption")[0].text_content()
    own = tree.xpath("//table[@id='table-best-change']/caption/span")[0].text_content().split(".")[0]
    assert f"Numbers: {own}." in response


def test_captions_say_whose_numbers_they_are_and_tables_how_their_intervals_were_made(tree):
    captions = [c.text_content() for c in tree.xpath("//figcaption")]
    assert captions
    assert all("Population: " in c for c in captions)
    named = 0
    for table in tree.xpath("//table[contains(@class, 'numbers')]"):
        notes = " ".join(table.xpath("./tfoot//p/text()"))
        if "confidence interval;" in notes or "confidence interval." in notes:
            assert "imits" in notes or "Intervals: " in notes, table.get("id")
            named += 1
    assert named > 2
    titles = [e.text_content() for e in tree.xpath("//caption/span[@class='title'] | //figcaption/b")]
    assert not [t for t in titles if t.endswith(("?.", "!.", ".."))]


def test_axes_of_time_say_what_they_count_from(tree):
    titles = {t for t in tree.xpath("//*[local-name()='svg']//*[local-name()='text']/text()") if "Months" in t}
    assert titles
    assert "Months" not in titles
    assert "Months since start of treatment" in titles


def test_every_patient_has_a_course_on_the_page(tree):
    data = json.loads(tree.xpath("//script[@type='application/json']/text()")[0])
    held = data["patients"]
    assert len(held["facts"]["lines"]) == len(data["subjects"])
    assert set(held["rows"][0]) == set(range(len(data["subjects"])))
    lanes = {held["words"][i] for i in held["rows"][1]}
    assert {"Treatment", "Course"} <= lanes
    assert any(lane.startswith("Response") for lane in lanes)
    assert any(lane.startswith("AE: ") for lane in lanes)
    assert set(held["rows"][2]) == {0, 1, 2}  # spans, points and sums


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
        for _ in range(4):
            page.keyboard.press("Tab")
            assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert panel.is_hidden()
        curve = page.locator("#figure-os path.live").first
        curve.focus()
        page.keyboard.press("Enter")
        assert "with the event" in panel.inner_text()
        panel.locator("button.link").first.click()
        assert panel.locator("svg[role=img]").count() == 1
        page.keyboard.press("Escape")
        page.locator("#figure-waterfall path.live").first.press("Enter")
        assert panel.locator("h2").inner_text().startswith("Patient ")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("os.median.all")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.dataset.n") == "os.median.all"
        page.locator(".tools input").first.fill("no such row at all")
        assert page.locator(".tools .told").first.inner_text().startswith("0 of ")
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
