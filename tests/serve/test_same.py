"""The lines that a page prints are true: they run, and give what the page shows."""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import os
import shlex
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import pytest
from lxml import html

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from codon12.cli import main
from codon12.serve.settings import Settings
from codon12.tables import csv_text

from ..report.studies import write_study  # noqa: TID252 - the tests are no package
from .client import Browser, numbers_of, short_plan

KEPT = ("flow", "response", "os")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return short_plan(write_study(tmp_path_factory.mktemp("study"), [f"S-{i:03d}" for i in range(12)]), KEPT)


@pytest.fixture(scope="module")
def browser(study):
    return Browser(study).enter()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path):
    """A folder of the reader, where the lines are run."""
    was = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(was)


def lines_of(page: str) -> tuple[str, str]:
    shell, python = html.document_fromstring(page).xpath("//section[@id='same']/pre")
    return shell.text_content(), python.text_content()


def last_value(python: str):
    """What an interpreter would print: the value of the last line."""
    tree = ast.parse(python)
    names: dict = {}
    exec(compile(ast.Module(tree.body[:-1], []), "page", "exec"), names)
    return eval(compile(ast.Expression(tree.body[-1].value), "page", "eval"), names)


def ran(shell: str):
    """Standard output of each line."""
    said = []
    for line in shell.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "codon12"
        out = io.StringIO()
        with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
            main(arguments)
        assert not ended.value.code, line
        said.append(out.getvalue())
    return said


def test_every_page_has_lines(browser):
    for target in ("/", "/s/1/", "/s/1/cohort?show=flow", "/s/1/cutoffs?show=response", "/s/1/patient",
                   "/s/1/patient?id=S-001", "/s/1/findings", "/s/1/number?id=os.events.all", "/check", "/design",
                   "/match", "/looks"):  # fmt: skip
        shell, python = lines_of(browser.get(target).text)
        assert all(line.startswith("codon12 ") for line in shell.splitlines()), target
        compile(python, "page", "exec")


def test_a_number_is_traced(browser):
    page = browser.get("/s/1/number?id=orr.central.all+os.events.all").text
    shell, python = lines_of(page)
    shown = html.document_fromstring(page).xpath("//ol[@class='subjects'][2]/li//text()")
    each = shell.splitlines()
    assert len(each) == 2
    said = ran(each[1])[0]
    assert shown
    assert all(s in said for s in shown)
    assert list(last_value(python).subjects) == shown


@pytest.mark.slow
def test_a_number_of_a_cohort_is_traced(browser, elsewhere):
    query = "show=os&step=AGE+%3E%3D+60"
    page = browser.get(f"/s/1/number?id=os.events.all&{query}").text
    (elsewhere / "codon12-changed.toml").write_bytes(browser.get(f"/s/1/codon12-changed.toml?{query}").body)
    shell, python = lines_of(page)
    shown = html.document_fromstring(page).xpath("//ol[@class='subjects']/li//text()")
    plan = html.document_fromstring(browser.get("/s/1/number?id=os.events.all").text)
    assert shown != plan.xpath("//ol[@class='subjects']/li//text()")
    said = ran(shell)[0]
    assert all(s in said for s in shown)
    assert list(last_value(python).subjects) == shown


@pytest.mark.slow
def test_findings_are_given_and_filtered(browser, elsewhere):
    frame = browser.session.holdings[0].evidence(Settings())
    rule = frame.frames["findings"].filter(pl.col("USUBJID").str.contains("S-0"))["RULE"][0]
    page = browser.get(f"/s/1/findings?{urlencode({'rule': rule, 'text': 'S-0'})}").text
    shell, python = lines_of(page)
    rows = html.document_fromstring(page).xpath("//table[contains(@class, 'told')]//tbody/tr")
    found = last_value(python)
    assert found.height == len(rows) > 0
    assert set(found["RULE"]) == {rule}
    ran(shell)
    with (elsewhere / "findings.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == frame.frames["findings"].height


def test_looks_are_read(browser, elsewhere):
    browser.get("/s/1/cohort?show=flow&step=AGE+%3E+61")
    (elsewhere / "codon12-looks.jsonl").write_bytes(browser.get("/looks.jsonl").body)
    page = browser.get("/looks").text
    found = last_value(lines_of(page)[1])
    rows = html.document_fromstring(page).xpath("//main//tbody/tr")
    assert found.height == len(rows)
    assert found["path"][-1] == "/s/1/cohort"
    again = html.document_fromstring(page).xpath("//main//tbody/tr[1]//a/@href")[0]
    assert browser.get(again).status == 200
    assert "AGE &gt; 61" in browser.get(again).text


@pytest.mark.slow
def test_subjects_and_a_patient_are_given(browser):
    found = last_value(lines_of(browser.get("/s/1/patient").text)[1])
    assert found.height == 12
    shell, python = lines_of(browser.get("/s/1/patient?id=S-003&date=2021-09-01").text)
    frames = last_value(python)
    assert frames["adsl"].height == 1
    assert set(pl.concat([f.select(pl.col("USUBJID").cast(pl.String)) for f in frames.values()])["USUBJID"]) == {
        "S-003"
    }
    assert "S-003" in ran(shell)[0]


def test_a_design_is_answered(browser):
    page = browser.get("/design?n=30&start=10&every=10").text
    shell, python = lines_of(page)
    sentence = last_value(python)
    assert sentence in html.document_fromstring(page).text_content()
    assert ran(shell)[0]


@pytest.mark.slow
def test_a_text_and_a_profile_are_answered(browser, elsewhere):
    (elsewhere / "manuscript.txt").write_text("Of 40 patients, 10 (25%) had a response.")
    shell, python = lines_of(browser.get("/check?study=1").text)
    assert "agree" in last_value(python)
    assert len(last_value(lines_of(browser.get("/check").text)[1])) > 0
    assert ran(shell)[0]
    (elsewhere / "patient.toml").write_text('[tumour]\ntype = "NSCLC"\n')
    shell, python = lines_of(browser.get("/match").text)
    assert ran(shell)[0]
    assert last_value(python) is not None


@pytest.mark.slow
def test_cohort_and_cut_are_reported(browser, elsewhere):
    for target, query in (("cohort", "show=os&step=AGE+%3E%3D+60"), ("cutoffs", "show=response&cut=AGE&at=62")):
        page = browser.get(f"/s/1/{target}?{query}").text
        shell, python = lines_of(page)
        (elsewhere / "codon12-changed.toml").write_bytes(browser.get(f"/s/1/codon12-changed.toml?{query}").body)
        shown = dict(numbers_of(page))
        ran(shell)
        table = csv_text(last_value(python))
        name = "os" if target == "cohort" else "cut-search"
        assert table == browser.get(f"/s/1/table/{name}.csv?{query}").body.decode()
        [report] = list(elsewhere.rglob("report.html"))
        there = dict(numbers_of(report.read_text()))
        assert shown
        assert {k: there[k] for k in shown} == shown
        report.unlink()


@pytest.mark.slow
def test_the_switch_is_simulated(browser, elsewhere):
    shell, python = lines_of(browser.get("/switch?dose=240&seed=3").text)
    ran(shell.splitlines()[0])
    dm = (elsewhere / "trial" / "dm.csv").read_text()
    (elsewhere / "trial").rename(elsewhere / "other")
    exec(compile(python, "page", "exec"), {})
    assert (elsewhere / "trial" / "dm.csv").read_text() == dm
