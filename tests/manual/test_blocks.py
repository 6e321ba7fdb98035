"""Every block of code of the manual runs, and prints what its page shows; those that cannot run say why."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codon12.manual import manual_pages

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("blocks", ROOT / "docs" / "blocks.py")
pages = sys.modules["blocks"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

PAGES = [p.file for p in manual_pages() if pages.blocks(p.file)]
ELSEWHERE = {"docs/first-hour.md"}  # tests/init/test_first_hour.py has the spreadsheet that it speaks of
QUICK = {
    "docs/coming-from/cbioportal.md",
    "docs/coming-from/r.md",
    "docs/coming-from/sas.md",
    "docs/immortal-time.md",
    "docs/survival.md",
}
NOT_RUN = 13
FILES = {"docs/survival.md": {"trial.csv", "km.svg", "incidence.svg", "schoenfeld.svg"}}


def run(page, folder, monkeypatch, quick=None):
    monkeypatch.chdir(folder)
    session = pages.Session(folder)
    for block in pages.blocks(page):
        if block.why is None and (quick is None or quick(block)):
            session.run(block)


@pytest.mark.parametrize(
    "page", [p if p in QUICK else pytest.param(p, marks=pytest.mark.slow) for p in PAGES if p not in ELSEWHERE]
)
def test_a_page_runs(page, tmp_path, monkeypatch):
    run(page, tmp_path, monkeypatch)
    assert {f.name for f in tmp_path.iterdir()} >= FILES.get(page, set())


def test_the_first_page_runs_but_for_its_long_commands(tmp_path, monkeypatch):
    verbs = re.compile(r"codon12 (trace|check|design)|import codon12")
    run("README.md", tmp_path, monkeypatch, lambda b: verbs.search(b.text) and "--study STUDY" not in b.text)


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if any(b.language == "r" for b in pages.blocks(p))])
def test_r_prints_what_a_page_shows(page, tmp_path, monkeypatch):
    if not shutil.which("Rscript"):
        pytest.skip("R is missing")
    asked = "quit(status = !all(sapply(c('survival', 'cmprsk'), requireNamespace, quietly = TRUE)))"
    if subprocess.run(["Rscript", "--vanilla", "-e", asked], check=False, capture_output=True).returncode:
        pytest.skip("a package of R is missing")
    run(page, tmp_path, monkeypatch, lambda b: b.language == "pycon")
    assert pages.r_session(page, tmp_path) is None


def test_the_profile_shown_is_the_one_that_ships():
    shown = next(b for b in pages.blocks("docs/match.md") if b.language == "toml")
    assert shown.text == (ROOT / "examples" / "profiles" / "patient.toml").read_text(encoding="utf-8")


def test_every_block_has_a_language():
    assert not [b.place for p in PAGES for b in pages.blocks(p) if b.language not in pages.LANGUAGES]


def test_blocks_that_are_not_run_say_why_and_are_counted():
    left = [b for p in PAGES for b in pages.blocks(p) if b.why is not None]
    assert all(len(b.why) > 10 for b in left)
    assert len(left) == NOT_RUN, [b.place for b in left]  # a new one needs a reason that holds


def lines():
    """Commands of all pages, those of the help texts on docs/verbs.md included."""
    for page in PAGES:
        for block in pages.blocks(page):
            if block.language in {"sh", "console"}:
                yield from ((block.place, c.line) for c in block.commands)
            elif block.language == "text" and page == "docs/verbs.md":
                yield from ((block.place, line) for line in block.text.splitlines())


def test_commands_are_commands_with_those_options():
    own = [(place, line.replace("\\\n", " ")) for place, line in lines() if line.startswith("codon12 ")]
    assert len(own) > 100
    wrong = [(place, line, said) for place, line in own if (said := pages.misspelt(line))]
    assert not wrong


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("codon12 reprot x", "reprot"),
        ("codon12 report examples/codebreak100 --oot x", "--oot"),
        ("codon12 report examples/codebreak100 --out x  # a remark", None),
    ],
)
def test_a_misspelt_command_is_seen(line, said):
    found = pages.misspelt(line)
    assert found is None if said is None else said in found


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        (["a", "..."], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a", "c"], ["a", "b", "c"], False),
        (["a", "..."], ["b"], False),
        (["a "], ["a"], True),
    ],
)
def test_what_comes_out_is_compared_line_by_line(shown, said, same):
    assert pages.alike(shown, said) is same


def test_a_page_that_says_something_else_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = pages.Session(tmp_path)
    for language, text, told in [
        ("console", "$ codon12 --version\ncodon13\n", "prints"),
        ("sh", "codon12 --nothing\n", "ends with 2"),
    ]:
        with pytest.raises(pages.WrongPageError, match=told):
            session.run(pages.Block("page.md", 1, language, text, None))
    with pytest.raises(pages.WrongPageError, match="Expected"):
        session.run(pages.Block("page.md", 1, "pycon", ">>> 1 + 1\n3\n", None))
