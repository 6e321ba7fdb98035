"""The pages: what they show is what the report and the library give."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlencode

import polars as pl
import pytest
from lxml import html

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from codon12.analyses import assemble
from codon12.records import Study
from codon12.report import write_report
from codon12.serve.settings import Settings

from ..report.studies import EXAMPLE, write_study  # noqa: TID252 - the tests are no package
from .client import Browser, numbers_of, short_plan

NAMES = [f"S-{i:03d}" for i in range(14)]
KEPT = ("flow", "baseline", "response", "os", "pfs", "ae-overview")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return short_plan(write_study(tmp_path_factory.mktemp("study"), NAMES), KEPT)


@pytest.fixture(scope="module")
def browser(study):
    return Browser(study).enter()


@pytest.fixture(scope="module")
def evidence(study):
    return assemble(Study.open(study))


def tree_of(answer):
    assert answer.status == 200, answer.text
    return html.document_fromstring(answer.text)


def test_every_number_on_the_page_is_the_reports(browser, evidence, tmp_path):
    report = write_report(evidence, tmp_path / "report", figures=False, formats=("csv",))
    there, here = numbers_of(report.read_text()), numbers_of(browser.get("/s/1/").text)
    assert len(there) > 60
    assert here == there
    for section in ("methods", "findings", "accounting"):
        texts = [
            html.document_fromstring(t).xpath(f"//section[@id='{section}']")[0].text_content()
            for t in (report.read_text(), browser.get("/s/1/").text)
        ]
        assert texts[0] == texts[1]


def test_files_are_the_reports_bytes(browser, evidence, tmp_path):
    report = write_report(evidence, tmp_path / "report", figures=False, formats=("csv",))
    for name in ("baseline", "os"):
        file = (report.parent / "tables" / f"{name}.csv").read_bytes()
        assert browser.get(f"/s/1/table/{name}.csv").body == file
    assert browser.get("/s/1/findings.csv").body == (report.parent / "findings.csv").read_bytes()
    numbers = [json.loads(t)["numbers"] for t in (browser.get("/s/1/evidence.json").text,
                                                  (report.parent / "evidence.json").read_text())]  # fmt: skip
    assert numbers[0] == numbers[1]


@pytest.mark.slow
def test_tables_are_given_for_spreadsheets_and_word(browser, evidence, tmp_path):
    report = write_report(evidence, tmp_path / "report", figures=False, formats=("rtf",))
    assert browser.get("/s/1/table/os.rtf").body == (report.parent / "tables" / "os.rtf").read_bytes()
    for form in ("xlsx", "docx"):
        assert browser.get(f"/s/1/table/os.{form}").body.startswith(b"PK")
    assert browser.get("/s/1/table/os.exe").status == 400
    assert browser.get("/s/1/table/nothing.csv").status == 400


def test_what_stands_behind_a_number_is_its_trace(browser, evidence):
    for name in ("orr.central.all", "os.events.all", "baseline.sex.f.all"):
        found = evidence.numbers.filter(pl.col("id").str.starts_with(name.rsplit(".", 1)[0]))
        if found.is_empty():
            continue
        number = found["id"][0]
        behind = evidence.trace(number)
        tree = tree_of(browser.get(f"/s/1/number?id={quote(number)}"))
        assert tree.xpath("//ol[@class='subjects']/li//text()") == list(behind.subjects)
        rows = [[c.text_content() for c in r.xpath("./td")] for r in tree.xpath("//table//tbody/tr")]
        known = behind.rows.filter(pl.col("SRCROW").is_not_null())
        assert [(r[0], int(r[2])) for r in rows] == list(known.select("USUBJID", "SRCROW").iter_rows())
        assert {r[1] for r in rows} <= set(evidence.frames["sources"]["FILE"])


def test_an_unknown_number_names_the_nearest(browser):
    answer = browser.get("/s/1/number?id=orr.centrall.all")
    assert answer.status == 400
    assert "orr.central.all" in answer.text


SETTINGS = {
    "cohort": Settings(steps=("AGE >= 60", "SEX = 'F' OR AGE > 62")),
    "confirmation": Settings(confirmation="no"),
    "policies": Settings(censoring="ema", evaluator="investigator", landmarks=(2.0, 4.0)),
    "cut": Settings(steps=("AGE > 40",), cut="AGE", at=62.0),
}


@pytest.mark.parametrize("name", [n if n == "cohort" else pytest.param(n, marks=pytest.mark.slow) for n in SETTINGS])
def test_the_saved_configuration_gives_the_same_numbers(browser, study, name):
    chosen = SETTINGS[name]
    config = study.parent / f"{name}.toml"
    config.write_bytes(browser.get(f"/s/1/codon12-changed.toml?{chosen.query}").body)
    saved = assemble(Study.open(study, config=config))
    shown = browser.session.holdings[0].evidence(chosen)
    keep = [c for c in shown.numbers.columns if c != "subjects"]
    assert shown.numbers.height > 60
    assert saved.numbers.select(keep).equals(shown.numbers.select(keep))
    assert saved.numbers["subjects"].to_list() == shown.numbers["subjects"].to_list()
    assert "Exploratory" in (saved.notice or "")
    if "steps" in chosen.query:
        plan = assemble(Study.open(study))
        assert not saved.numbers.select(keep).equals(plan.numbers.select(keep))


def test_a_cohort_holds_nobody_else(browser):
    holding = browser.session.holdings[0]
    inside = set(holding.adsl().filter(pl.col("AGE") >= 60)["USUBJID"])
    found = holding.evidence(Settings(steps=("AGE >= 60",)))
    assert 0 < len(inside) < len(NAMES)
    assert {s for subjects in found.numbers["subjects"] for s in subjects} <= inside


def test_the_cohort_page_shows_two_side_by_side(browser):
    query = urlencode([("step", "AGE >= 60"), ("other", "AGE < 60"), ("show", "response")])
    tree = tree_of(browser.get(f"/s/1/cohort?{query}"))
    assert "Exploratory" in tree.xpath("//*[@class='exploratory']")[0].text_content()
    assert "0 subjects are in both" in tree.text_content()
    adsl = browser.session.holdings[0].adsl()
    old = adsl.filter(pl.col("AGE") >= 60).height
    heads = [h.text_content() for h in tree.xpath("//h2")]
    assert f"Cohort: {old} subjects" in heads
    assert f"Second cohort: {adsl.height - old} subjects" in heads
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    scopes = tree.xpath("//section/@data-scope")
    assert len(scopes) == 2
    for scope in scopes:
        number = tree.xpath(f"//section[@data-scope='{scope}']//@data-n" if "'" not in scope else "//@data-n")[0]
        tree_of(browser.get(f"/s/1/number?id={number}&{scope}"))


def test_clicks_add_and_take_away_steps(browser):
    tree = tree_of(browser.get("/s/1/cohort?col=SEX&show=flow"))
    level = tree.xpath("//button[@name='level']/@value")[0]
    tree = tree_of(browser.get(f"/s/1/cohort?show=flow&{urlencode({'level': level})}"))
    assert tree.xpath("//input[@name='step']/@value")[0] == level
    tree = tree_of(browser.get(f"/s/1/cohort?show=flow&{urlencode({'step': level, 'drop': 'steps-0'})}"))
    assert tree.xpath("//input[@name='step']/@value") == [""]
    built = urlencode({"col": "AGE", "op": ">=", "val": "60", "add": "1", "to": "other"})
    tree = tree_of(browser.get(f"/s/1/cohort?show=flow&{built}"))
    assert tree.xpath("//input[@name='other']/@value")[0] == "AGE >= 60"


def test_enter_in_a_field_takes_no_step_away(browser):
    tree = tree_of(browser.get("/s/1/cohort?step=AGE+%3E%3D+50&show=flow"))
    first, *others = tree.xpath("//form[contains(@class, 'live')]//button[@type='submit']")
    assert first.get("name") is None  # HTML: Enter in a field presses the first submit button of its form
    assert "drop" in {b.get("name") for b in others}


def test_the_months_of_a_form_are_those_asked_for(browser):
    tree = tree_of(browser.get("/s/1/cutoffs?landmarks=6,12.34567891&show=flow"))
    assert tree.xpath("//input[@id='landmarks']/@value") == ["6, 12.34567891"]


def test_the_plan_is_not_called_exploratory(browser):
    for target in ("/s/1/", "/s/1/cohort?show=flow", "/s/1/cutoffs?show=response"):
        assert not tree_of(browser.get(target)).xpath("//*[@class='exploratory']")


def test_what_changed_is_told_number_by_number(browser):
    tree = tree_of(browser.get("/s/1/cutoffs?show=response&evaluator=investigator"))
    holding = browser.session.holdings[0]
    plan, now = (
        holding.evidence(Settings(), ("response",)),
        holding.evidence(Settings(evaluator="investigator"), ("response",)),
    )
    rows = [
        [c.text_content() for c in r.xpath("./td")] for r in tree.xpath("//table[contains(@class,'changed')]//tbody/tr")
    ]
    assert rows
    assert {r[1] for r in rows} <= {"central", "investigator"}
    n = {name: e.numbers.filter(endpoint="orr", statistic="rate").row(0, named=True)["n"] for name, e in
         (("plan", plan), ("now", now))}  # fmt: skip
    said = [r for r in rows if r[0].startswith("Objective response")]
    assert any(f"{n['plan']} of" in r[2] for r in said)
    assert any(f"{n['now']} of" in r[3] for r in said)


def test_irecist_gives_the_same_sections_and_what_changed(browser, study):
    from codon12.analyses import evidence_of
    from codon12.derive import derive, read_by_irecist

    own = Study.open(study)
    wanted = evidence_of(own, read_by_irecist(derive(own))).numbers.filter(analysis="response")
    shown = browser.session.holdings[0].evidence(Settings(criterion="irecist"), ("response",)).numbers
    columns = ["id", "n", "N", "value", "lower", "upper", "method"]
    assert shown.select(columns).equals(wanted.select(columns))
    tree = tree_of(browser.get("/s/1/cutoffs?show=response&criterion=irecist"))
    assert "Best responses read by iRECIST" in tree.xpath("//ul[@class='departures']")[0].text_content()
    assert tree.xpath("//*[@id='table-response']//*[@data-n='orr.central.all']")
    lines = tree.xpath("//section[@id='same']/pre")
    assert len(lines) == 1
    assert "read_by_irecist" in lines[0].text_content()


def test_a_patient_page_names_file_and_row(browser, study):
    tree = tree_of(browser.get("/s/1/patient?id=S-003"))
    rows = pl.read_csv(study / "ae.csv", infer_schema=False).with_row_index("row", 1).filter(USUBJID="S-003")
    table = tree.xpath("//section[@aria-label='Adverse events']//tbody/tr")
    assert sorted(int(r.xpath("./td[last()]")[0].text_content()) for r in table) == sorted(rows["row"])
    assert {r.xpath("./td[last()-1]")[0].text_content() for r in table} <= {"ae.csv"}
    assert tree.xpath("//*[local-name()='svg']")
    assert browser.get("/s/1/patient?id=NOBODY").status == 400
    assert "S-003" in tree_of(browser.get("/s/1/patient")).text_content()


def test_match_of_a_patient_is_asked_at_a_day(browser):
    tree = tree_of(browser.get("/s/1/patient?id=S-003&date=2021-09-01"))
    assert "Match as of 2021-09-01" in tree.text_content()
    assert browser.get("/s/1/patient?id=S-003&date=soon").status == 400


def test_findings_are_filtered(browser, evidence):
    frame = evidence.frames["findings"]
    rule = frame["RULE"][0]
    tree = tree_of(browser.get(f"/s/1/findings?rule={rule}"))
    assert f"{frame.filter(RULE=rule).height} of {frame.height} findings" in tree.text_content()
    assert {r.xpath("./td")[1].text_content() for r in tree.xpath("//tbody/tr")} == {rule}
    assert browser.get("/s/1/findings?page=%C2%B2").status == 200  # a digit, and no number


def test_looks_are_written_down_and_name_nobody(browser):
    browser.get("/s/1/cohort?show=flow&step=AGE+%3E+61")
    browser.get("/s/1/patient?id=S-003")
    looks = [json.loads(line) for line in browser.get("/looks.jsonl").text.splitlines()]
    assert looks[-2]["departures"] == ["Only subjects with AGE > 61"]
    assert looks[-1]["page"] == "patient"
    assert "S-003" not in json.dumps(looks[-1])
    assert "away from the plan" in browser.get("/looks").text


def test_design_is_the_librarys(browser):
    from codon12.design import answer

    tree = tree_of(browser.get("/design?n=30&start=10&every=10&p0=0.1&threshold=0.9&futility=0.05&p1=0.3"))
    arguments = {"n": 30, "looks": (10, 20), "success": {"type": "posterior", "rate": 0.1, "threshold": 0.9},
                 "futility": 0.05, "efficacy": None, "prior": "beta(1,1)"}  # fmt: skip
    assert answer("predictive", arguments).sentence in tree.text_content()
    assert browser.get("/design?n=1000").status == 400
    compile(tree.xpath("//section[@id='same']/pre")[1].text_content(), "page", "exec")


def test_check_by_paste_marks_what_is_wrong_and_keeps_nothing(browser):
    text = "Of the 40 patients, 10 (25%) had a response and 7 (19.5%) died. <b>Bold</b>"
    answer = browser.post("/check", urlencode({"text": text}))
    tree = tree_of(answer)
    marks = {m.text_content(): m.get("class") for m in tree.xpath("//pre//mark")}
    assert marks["10 (25%)"] == "ok"
    assert marks["7 (19.5%)"] == "error"
    assert "<b>Bold" not in answer.text
    assert "19.5" not in repr(browser.session.desk._kept)
    assert not [k for k in browser.session.desk._kept if k[0] == "check" and len(k) > 1 and k[1]]


def test_check_against_the_study(browser, evidence):
    rate = evidence.numbers.filter(endpoint="orr", statistic="rate").row(0, named=True)
    text = f"Objective response was seen in {rate['n']} of {rate['N']} patients ({rate['value']:.1f}%)."
    tree = tree_of(browser.post("/check", urlencode({"text": text, "study": "1"})))
    assert re.search(r"[1-9]\d* agree, 0 do not", tree.text_content())
    wrong = f"Objective response rate was {rate['value'] + 11:.1f}%.\n\n* ORR: {rate['value'] - 11:.1f}%"
    tree = tree_of(browser.post("/check", urlencode({"text": wrong, "study": "1"})))
    marks = tree.xpath("//pre//mark[contains(@class, 'differs')]")
    assert marks
    assert {f"#{m.get('id')}" for m in marks} <= set(tree.xpath("//li/a[mark='differs']/@href"))
    assert "the study gives" in marks[0].get("title")


def test_match_of_a_typed_profile_is_the_librarys(browser):
    import datetime as dt

    from codon12.match import match_patient, patient_of

    profile = {"tumour": {"type": "CRC"}}
    tree = tree_of(browser.post("/match", urlencode({"profile": json.dumps(profile), "date": "2021-09-01"})))
    found = match_patient(patient_of(profile), as_of=dt.date(2021, 9, 1))
    barred = [v.name for v in found.verdicts if v.verdict == "contraindicated"]
    assert barred
    first = tree.xpath("//h3[.='Contraindicated']/following-sibling::ul[1]/li/b/text()")
    assert first == barred
    for wrong in ("{", "x = = 1", '{"tumour": {"typ": 1}}', "[" * 5000):
        assert browser.post("/match", urlencode({"profile": wrong})).status in (400, 422)


@pytest.mark.slow
def test_the_switch_is_the_librarys(browser):
    from codon12.simulate import shipped_set
    from codon12.simulate.switch.conduct import conduct
    from codon12.simulate.switch.patients import draw_patients
    from codon12.simulate.switch.summary import headline

    tree = tree_of(browser.get("/switch?dose=240&seed=3"))
    p = shipped_set().changed({"dose": 240.0})
    cell = tree.xpath("//tr[td[starts-with(., 'Objective response')]]/td[3]")[0].text_content()
    assert cell == f"{headline(conduct(p, draw_patients(p, seed=3, n=124)))['ORR']:.1f}"
    assert "not patient data" in tree.text_content()
    assert browser.get("/switch?dose=-1").status == 400


@pytest.mark.slow
def test_errors_in_the_data_show_findings_and_no_number(study, tmp_path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(study, broken)
    rows = (broken / "dm.csv").read_text().splitlines()
    (broken / "dm.csv").write_text("\n".join([*rows, rows[1]]) + "\n")
    browser = Browser(broken).enter()
    answer = browser.get("/s/1/")
    found = Study.open(broken).findings
    assert "error" in found["SEVERITY"].to_list()
    assert not numbers_of(answer.text)
    assert answer.status in (200, 422)
    assert browser.get("/s/1/table/baseline.csv").status == 422


@pytest.mark.slow
def test_work_that_takes_long_is_told_and_can_be_stopped(study):
    browser = Browser(study).enter()
    answer = browser.ask("GET", "/s/1/")
    while answer.status == 202:
        assert 'role="status"' in answer.text
        assert answer.header("refresh") == "1"
        work = re.search(r'name="work" value="(\d+)"', answer.text)[1]
        assert browser.post("/cancel", f"work={work}").status == 200
        answer = browser.get("/s/1/")
    assert answer.status in (200, 409)
    assert browser.get("/s/1/").status == 200


@pytest.mark.slow
def test_every_number_of_the_shipped_study_is_the_reports(tmp_path):
    if not (EXAMPLE / "dm.csv").is_file():
        pytest.skip("the example study has not been made (make demo)")
    report = write_report(assemble(Study.open(EXAMPLE)), tmp_path / "report", formats=("svg",))
    browser = Browser(EXAMPLE).enter()
    page = browser.get("/s/1/").text
    later = html.document_fromstring(page).xpath("//*[@class='later']/@data-src")
    assert len(later) > 10
    for address in later:
        page = re.sub(r'<div class="later" data-src="' + re.escape(address) + r'">.*?</noscript></div>',
                      lambda _, a=address: browser.get(a).text, page)  # fmt: skip
    assert numbers_of(page) == numbers_of(report.read_text())
    # the engine numbers its clipping paths as it draws, one process after another in a report
    drawn = [[re.sub(rb"clip\d+", b"clip", html.tostring(s)) for s in html.document_fromstring(t).xpath("//figure//*[local-name()='svg']")]
             for t in (page, report.read_text())]  # fmt: skip
    assert len(drawn[0]) > 10
    assert drawn[0] == drawn[1]
