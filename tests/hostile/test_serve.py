"""What a server that holds patients must withstand; each attack one test, and after each the server still answers."""

from __future__ import annotations

import asyncio
import re

import pytest
from lxml import html

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from codon12.errors import UsageError
from codon12.serve.guard import HEADERS
from codon12.serve.running import address_allowed

from ..report.studies import write_study  # noqa: TID252 - the tests are no package
from ..serve.client import HOST, Browser, numbers_of, short_plan  # noqa: TID252

SCRIPT = "</script><script>document.title='owned'</script>"
RTL = "S-\u202e001"
FORMULA = '=HYPERLINK("http://evil.example")'
NAMES = [SCRIPT, RTL, FORMULA, *(f"S-{i:03d}" for i in range(10))]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return short_plan(write_study(tmp_path_factory.mktemp("study"), NAMES))


@pytest.fixture(scope="module")
def browser(study):
    return Browser(study).enter()


@pytest.fixture(autouse=True)
def still_answers(request):
    yield
    if "browser" in request.fixturenames:
        assert request.getfixturevalue("browser").ask("GET", "/").status == 200


def stranger(browser):
    other = Browser()
    other.app, other.door = browser.app, browser.door
    return other


def test_without_token_or_cookie_nothing_is_shown(browser):
    for target in ("/", "/s/1/", "/static/page.css", "/looks.jsonl", "/s/1/findings.csv", "/nowhere"):
        answer = stranger(browser).ask("GET", target)
        assert answer.status == 403
        assert "S-00" not in answer.text


def test_the_token_opens_once_and_only_as_it_is():
    browser = Browser()
    assert len(browser.door.token) == 32  # 24 bytes in base64
    for wrong in ("", "x", browser.door.token[:-1], browser.door.token.upper(), browser.door.token + "é"):
        assert browser.ask("GET", f"/open?token={wrong}").status == 403
    assert browser.ask("HEAD", f"/open?token={browser.door.token}").status == 403  # a preview does not use it up
    assert browser.ask("POST", f"/open?token={browser.door.token}").status == 403
    cookie = browser.ask("GET", f"/open?token={browser.door.token}").header("set-cookie")
    assert re.fullmatch(r"codon12-8012=[\w-]{32}; Path=/; HttpOnly; SameSite=Strict", cookie)
    assert browser.ask("GET", f"/open?token={browser.door.token}").status == 403
    assert browser.door.token not in cookie


def test_a_wrong_cookie_is_none(browser):
    good = browser.cookie.split("=", 1)[1]
    for cookie in (f"codon12-8012={good[:-1]}", f"codon12-8013={good}", f"x={good}", "codon12-8012=", "\x00=;;;", good):
        assert stranger(browser).ask("GET", "/", headers={"cookie": cookie}).status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8012",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost.evil.example:8012",
        "127.0.0.2",
        "[::ffff:127.0.0.1]",
        "",
        None,
        "127.0.0.1:port",
        "0.0.0.0",
    ],
)
def test_a_foreign_host_is_refused_also_after_rebinding(browser, host):
    assert browser.ask("GET", "/", host=host).status == 421


def test_two_hosts_are_refused(browser):
    assert browser.ask("GET", "/", headers=[("host", "evil.example")]).status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8012", "127.0.0.1", "[::1]:8012"])
def test_names_of_this_machine_are_allowed_with_any_port(browser, host):
    assert browser.ask("GET", "/", host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": f"http://{HOST}"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
    ],
)
def test_a_post_from_another_site_is_refused(browser, headers):
    for target in ("/cancel", "/save", "/check"):
        assert browser.ask("POST", target, headers=headers, body=b"what=looks").status == 403


def test_a_post_of_this_server_is_taken(browser):
    headers = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert browser.ask("POST", "/cancel", headers=headers, body=b"work=none").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "BREW"])
def test_other_methods_are_refused(browser, method):
    answer = browser.ask(method, "/", headers={"origin": f"http://{HOST}"})
    assert answer.status == 405
    assert not [k for k, _ in answer.headers if k.startswith("access-control")]


@pytest.mark.parametrize("length", ["1000000000", "99999999999999999999999", "-1", "1e9", "0x10"])
def test_a_declared_length_is_refused_before_a_byte_is_read(browser, length):
    answer = browser.ask("POST", "/check", headers={"origin": f"http://{HOST}", "content-length": length}, body=[])
    assert answer.status == 413


def test_the_body_is_counted_while_it_comes(study):
    browser = Browser(study, largest=1000).enter()
    sent: list[bytes] = [b"x" * 400] * 1000
    answer = browser.ask("POST", "/cancel", headers={"origin": f"http://{HOST}"}, body=sent)
    assert answer.status == 413
    assert "1,000 bytes" in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "/../../etc/passwd",
        "/static/../session.py",
        "/static/%2e%2e/session.py",
        "/static/%2e%2e%2fsession.py",
        "/static/..%5c..%5csession.py",
        "/s/../../etc/passwd/",
        "/s/%2fetc%2fpasswd/",
        "/s/1/../../../etc/passwd",
        "/s/1/table/../../codon12.toml",
        "/s/1/figure/%2e%2e/%2e%2e%2fpasswd.svg",
        "/s/1/table/%2e%2e%2fdm.csv",
        "/s/1/dm.csv",
        "/s/1/codon12.toml",
        "/static/",
        "/static/page.css/",
        "/static/page.css%00.js",
    ],
)
def test_no_path_leads_to_a_file(browser, target):
    answer = browser.get(target)
    assert answer.status in (400, 404)
    assert "root:" not in answer.text
    assert "USUBJID" not in answer.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "//evil.example/", "/s/1//evil.example", "/\\evil.example", "/s/1"]
)
def test_nothing_redirects(browser, target):
    answer = browser.ask("GET", target)
    assert answer.status == 404
    assert answer.header("location") is None


def test_every_answer_carries_the_headers(browser):
    answers = [
        browser.get("/"),
        browser.get("/s/1/"),
        browser.ask("GET", "/nowhere"),
        browser.ask("PUT", "/"),
        browser.ask("GET", "/", host="evil.example"),
        browser.get("/static/serve.js"),
        browser.get("/s/1/run.json"),
        stranger(browser).ask("GET", "/"),
        browser.get("/s/1/?step=x"),
    ]
    for answer in answers:
        for name, value in HEADERS:
            assert [v for k, v in answer.headers if k == name.decode()] == [value.decode()]
        assert not [k for k, _ in answer.headers if k.startswith("access-control") or k == "server"]
    policy = answers[0].header("content-security-policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_pages_hold_no_script_of_their_own_and_ask_for_nothing_outside(browser):
    for target in ("/", "/s/1/", "/looks", "/s/1/findings", "/s/1/number?id=orr.investigator.all"):
        text = browser.get(target).text
        assert re.findall(r"<script[^>]*>", text) == ['<script src="/static/serve.js" defer>']
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)
        tree = html.document_fromstring(text)
        for link in tree.xpath("//@href | //@src | //@action | //@*[name()='xlink:href']"):
            assert re.match(r"/(?!/)|#|\w+\.\w+$|data:,$", link), link


def test_identifiers_that_are_markup_or_turn_text_around_are_inert(browser):
    page = browser.get("/s/1/").text
    ids = next(i for i, text in numbers_of(page) if i.startswith("flow."))
    for target in ("/s/1/", f"/s/1/number?id={ids}", "/s/1/findings"):
        text = browser.get(target).text
        assert "<script>document" not in text
        assert "\u202e" not in re.sub(r'href="[^"]*"', "", text)


def test_formulas_and_control_characters_are_inert_in_files(browser):
    text = browser.get("/s/1/findings.csv").text
    for line in text.splitlines():
        assert not re.search(r'(?:^|,)"?[=@]', line)
    answer = browser.get("/s/1/table/baseline.csv")
    assert answer.status == 200
    assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer.header("content-disposition"))


@pytest.mark.parametrize(
    "predicate",
    [
        "(SELECT 1) = 1",
        "1=1; DROP TABLE adsl",
        "USUBJID IN (SELECT * FROM read_csv('/etc/passwd'))",
        "AGE > 1 -- x",
        "/* x */ AGE > 1",
        "read_parquet('/etc/passwd') IS NULL",
        "AGE",
        "AGE + 1",
        "'x'",
        "NOT_THERE = 1",
        "USUBJID > 3",
        "CAST(USUBJID AS INT) > 3",
        "AGE >",
        ")" * 50,
        "(" * 1500,
        "A" * 3000,
    ],
)
def test_a_predicate_that_is_none_is_refused_without_a_word_of_the_data(browser, predicate):
    from urllib.parse import quote

    answer = browser.get(f"/s/1/?step={quote(predicate)}")
    assert answer.status == 400
    assert "S-00" not in answer.text
    assert "Traceback" not in answer.text


def test_an_error_nobody_foresaw_shows_its_kind_and_no_data(study):
    browser = Browser(study).enter()

    def broken(number):
        raise KeyError("S-001 and all that is known of her")

    browser.session.holding = broken
    answer = browser.ask("GET", "/s/1/")
    assert answer.status == 500
    assert "KeyError" in answer.text
    assert "S-001" not in answer.text + "".join(browser.lines)


def test_the_log_names_no_subject(browser):
    browser.lines.clear()
    browser.get("/s/1/number?id=orr.investigator.all")
    browser.get("/s/1/patient?id=S-001")
    browser.get("/s/1/?step=USUBJID%20%3D%20'S-001'")
    browser.ask("GET", "/S-001/S-002?S-003")
    assert browser.lines
    assert "S-0" not in "".join(browser.lines)
    assert browser.door.token not in "".join(browser.lines)
    assert "S-00" not in browser.session.looks.text().replace("S-001%27", "").replace("S-001'", "")


def test_with_pseudonyms_no_identifier_is_shown_or_can_be_asked_for(study):
    browser = Browser(study, mask_ids=True).enter()
    page = browser.get("/s/1/").text
    first = next(i for i, _ in numbers_of(page) if i.startswith("flow."))
    for target in ("/s/1/", f"/s/1/number?id={first}", "/s/1/evidence.json", "/s/1/findings.csv"):
        text = browser.get(target).text
        assert "S-00" not in text
    assert "P0001" in browser.get(f"/s/1/number?id={first}").text
    for target in ("/s/1/patient", "/s/1/patient?id=P0004", "/s/1/cohort?show=flow&col=USUBJID", "/looks.jsonl"):
        assert "S-00" not in browser.get(target).text, target
    assert browser.get("/s/1/patient?id=S-001").status == 400
    for asked in ("USUBJID%20%3D%20'S-001'", "SUBJID%20LIKE%20'S%25'"):
        answer = browser.get(f"/s/1/?step={asked}")
        assert answer.status == 400


def test_other_addresses_need_a_proxy_and_its_names():
    assert address_allowed("127.0.0.1", behind_proxy=False, allowed=()) == ("127.0.0.1", "localhost", "::1")
    for host, proxy, names in (
        ("0.0.0.0", False, ()),
        ("::", False, ()),
        ("192.168.1.4", False, ()),
        ("evil.example", False, ()),
        ("0.0.0.0", True, ()),
        ("0.0.0.0", True, ("*",)),
        ("0.0.0.0", True, ("a b",)),
        ("127.0.0.1", False, ("trials.example",)),
        ("not-an-address", True, ("trials.example",)),
    ):
        with pytest.raises(UsageError):
            address_allowed(host, behind_proxy=proxy, allowed=names)
    assert address_allowed("0.0.0.0", behind_proxy=True, allowed=("trials.example:443",)) == ("trials.example",)


def test_websockets_are_closed(browser):
    said = []

    async def send(message):
        said.append(message)

    asyncio.run(browser.app({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert said == [{"type": "websocket.close", "code": 1008}]


def test_read_only_saves_nothing(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(browser.session, "readonly", True)
    monkeypatch.setattr(browser.session, "save", tmp_path / "saved")
    answer = browser.post("/save", "what=looks")
    assert answer.status == 400
    assert not (tmp_path / "saved").exists()


def test_what_is_saved_goes_to_one_folder_under_names_of_our_own(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(browser.session, "save", tmp_path / "saved")
    for what in ("what=looks", "what=toml&number=1&step=AGE+%3E+50", "what=../../x", "what=toml&number=../1"):
        browser.post("/save", what)
    assert sorted(p.name for p in (tmp_path / "saved").iterdir()) == ["looks.jsonl", "study-1-codon12-changed.toml"]
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o700
    assert sorted(p.name for p in tmp_path.iterdir()) == ["saved"]
