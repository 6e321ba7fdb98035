"""The manual: every page of the docs is in it, its links lead somewhere, nothing is fetched, it opens from disk."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from codon12.cli import main
from codon12.errors import UsageError
from codon12.manual import find_page, manual_pages, write_manual

ROOT = Path(__file__).parents[2]


class Places(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loads = set(), [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given["id"]} if "id" in given else set()
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.loads += [given[k] for k in ("src", "href") if k in given and tag != "a"]


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    return write_manual(tmp_path_factory.mktemp("manual") / "pages").parent


def test_every_page_of_the_docs_has_a_place_and_is_written(manual):
    listed = {p.file for p in manual_pages()}
    assert listed >= {p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md")}
    assert all((manual / p.written).is_file() for p in manual_pages())


def test_no_head_of_a_table_is_empty(manual):
    assert not [p.name for p in manual.rglob("*.html") if "<th></th>" in p.read_text(encoding="utf-8")]


def test_links_lead_somewhere_and_nothing_is_fetched(manual):
    read = {}
    for page in manual.rglob("*.html"):
        read[page] = Places()
        read[page].feed(page.read_text(encoding="utf-8"))
    for page, found in read.items():
        assert not [x for x in found.loads if re.match(r"(https?:)?//", x)], page
        for link in found.links + found.loads:
            path, _, place = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page, link)
            assert not place or place in read[target].ids, (page, link)


def test_it_is_written_again_over_itself_but_over_nobody_elses_files(manual, tmp_path):
    before = (manual / "index.js").read_bytes()
    assert write_manual(manual) == manual / "index.html"
    assert (manual / "index.js").read_bytes() == before
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="codon12 did not write"):
        write_manual(tmp_path)


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("findings", "docs/findings.html"),
        ("time-to-event", "docs/configuration.html#time-to-event"),
        ("RecistPolicy", "docs/policies.html#recistpolicy"),
        ("validate", "docs/verbs.html#codon12-validate-study"),
    ],
)
def test_a_word_finds_its_place(word, place):
    assert find_page(word) == place


def test_an_unknown_word_is_told_what_is_near():
    with pytest.raises(UsageError, match="near are: time-to-event"):
        find_page("tim-to-event")


def test_the_verb_prints_the_path_and_opens_only_when_asked(tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda link: opened.append(link) or True)
    for more in (["--print-path"], ["--no-open"]):
        with pytest.raises(SystemExit) as stop:
            main(["docs", "findings", "--out", str(tmp_path / "m"), *more])
        assert stop.value.code == 0
        assert Path(capsys.readouterr().out.strip()) == tmp_path / "m" / "docs" / "findings.html"
    assert not opened
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(SystemExit):
        main(["docs", "time-to-event"])
    assert opened[0].startswith("file:///")
    assert opened[0].endswith("docs/configuration.html#time-to-event")


def test_the_wheel_holds_every_page():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = config["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert all(v == f"codon12/manual/text/{k}" for k, v in held.items())
    assert all(any(p.file == k or p.file.startswith(f"{k}/") for k in held) for p in manual_pages())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_as_the_manual_says(shell, monkeypatch, capsys):
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    name, value = re.search(rf"(_CODON12_COMPLETE)=({shell}_source)", page).groups()
    for wanted, told in [(value, "codon12"), (f"{shell}_complete", "report")]:
        monkeypatch.setenv(name, wanted)
        monkeypatch.setenv("COMP_WORDS", "codon12 rep")
        monkeypatch.setenv("COMP_CWORD", "rep" if shell == "fish" else "1")
        with pytest.raises(SystemExit) as stop:
            main([])
        assert stop.value.code == 0
        assert told in capsys.readouterr().out
