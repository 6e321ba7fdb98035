"""A reader's walk in a real browser: nothing on the console, nothing fetched from elsewhere, no page wider than it is."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from ..hostile.test_serve_running import Server  # noqa: TID252 - the tests are no package
from ..report.studies import write_study  # noqa: TID252
from ..serve.client import short_plan  # noqa: TID252
from .test_page import browser

pytestmark = pytest.mark.slow
PAGES = ("", "s/1/", "s/1/cohort?step=AGE+%3E+60&other=AGE+%3C+60", "s/1/cutoffs?cut=AGE", "s/1/patient?id=S-003",
         "s/1/findings", "s/1/number?id=os.events.all", "check", "design", "switch", "match", "looks")  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    study = write_study(tmp_path_factory.mktemp("study"), [f"S-{i:03d}" for i in range(14)])
    running = Server(short_plan(study), cwd=tmp_path_factory.mktemp("run"), enter=False)
    yield running
    running.end()


def test_a_walk_from_the_link_to_the_export(server):
    sync_api, chromium = browser()
    home = f"http://127.0.0.1:{server.port}/"
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = running.new_context().new_page()
        page.set_default_timeout(90_000)
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("request", lambda r: said.append(r.url) if not r.url.startswith((home, "data:")) else None)
        page.goto(server.link.geturl())
        page.wait_for_url(home)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for path in PAGES:
                page.goto(home + path)
                page.wait_for_selector("#said", state="detached")
                page.wait_for_selector("main")
                assert page.evaluate("document.documentElement.scrollWidth") == width, path
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(home + "s/1/")
        page.locator("#table-response .n.live").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel .behind")
        assert "Patients (" in page.locator("#panel").inner_text()
        page.keyboard.press("Escape")
        assert page.locator("#panel").is_hidden()
        page.goto(home + "s/1/cutoffs?show=response")
        page.select_option("#evaluator", "investigator")
        page.wait_for_selector("table.changed")
        assert "evaluator=investigator" in page.url
        page.goto(home + "s/1/cohort?show=response")
        page.select_option("#col", "SEX")
        page.locator(".levels button").first.click()
        page.wait_for_selector("#steps-1")
        assert page.locator("#steps-1").input_value().startswith("SEX = ")
        with page.expect_download() as got:
            page.locator(".files a").first.click()
        assert got.value.suggested_filename == "response.csv"
        page.goto(home + "check")
        page.fill("#text", "Of 40 patients, 7 (19.5%) died.")
        page.locator("form button[type=submit]").first.click()
        page.wait_for_selector("pre mark.error")
        running.close()
    assert said == []
