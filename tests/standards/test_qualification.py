"""The self-test finds what differs, says so in its exit code, and writes a page that opens from disk."""

import csv
import json
from importlib import metadata, resources

import pytest

from codon12.cli import main
from codon12.design.proof.selftest import Check
from codon12.errors import UsageError
from codon12.standards.qualification import Area, installation, qualification_page, qualify, run, statistics
from codon12.standards.qualification.golden_sets import shown_as

pytestmark = pytest.mark.requirement("R-STAN-06")


def exit_code(arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return stop.value.code


def test_main_statistics_agree_whatever_the_data():
    for seed in (1, 2, 3):
        (area,) = qualify(["statistics"], seed=seed)
        assert not [c for c in area.checks if not c.passed]


def test_a_difference_is_exit_1(monkeypatch, capsys):
    monkeypatch.setattr(statistics, "_far", lambda ours, exact: abs(ours - exact) + 1e-6)
    assert exit_code(["selftest", "statistics"]) == 1
    assert "DIFFERS  Kaplan-Meier curve" in capsys.readouterr().out


def test_a_changed_file_of_a_package_is_found(monkeypatch, tmp_path):
    file = tmp_path / "a.py"
    file.write_text("changed")

    class Hash:
        mode, value = "sha256", "0" * 43

    class Path:
        hash = Hash

        def locate(self):
            return file

    monkeypatch.setattr(metadata, "files", lambda _: [Path()])
    assert installation._changed("any") == (1, 1)
    file.unlink()
    assert installation._changed("any") == (1, 1)


@pytest.mark.parametrize(
    ("found", "asked", "holds"),
    [("1.10.0", ">=1.9", True), ("2.0", "<2", False), ("1.9.0.post1", "<2", True), ("8.2", "==8.2", True)],
)
def test_versions_are_compared_as_numbers(found, asked, holds):
    assert installation._holds(found, asked) is holds


def test_an_older_package_than_asked_is_found(monkeypatch):
    monkeypatch.setattr(installation, "_version", lambda _: "0.0.1")
    monkeypatch.setattr(installation, "_changed", lambda _: (0, 0))
    bad = [c.name for c in installation.checks() if not c.passed]
    assert any(name.startswith("polars") for name in bad)


def test_the_golden_numbers_that_ship_are_published_ones():
    text = resources.files("codon12.standards.qualification.golden").joinpath("codebreak100.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 405
    from codon12.simulate import published_targets

    assert {r["printed"] for r in rows} <= set(published_targets()["printed"])


@pytest.mark.slow
def test_every_golden_set_agrees():
    (area,) = qualify(["golden"])
    assert not [c for c in area.checks if not c.passed]


def test_a_limit_that_is_printed_otherwise_differs():
    row = {"kind": "time", "n": 1, "N": 9, "value": 6.76, "lower": 5.149, "upper": None, "upper_status": "not reached"}
    assert shown_as(row, {"part": "value", "printed": "6.8"}) == "6.8"
    assert shown_as(row, {"part": "lower", "printed": "5.2"}) == "5.1"
    assert shown_as(row, {"part": "n-rest", "printed": "8"}) == "8"


def test_the_page_is_inert_and_says_the_verdict_first(tmp_path, created):
    area = Area("statistics", (Check("<script>alert(1)</script>", 2.0, 1.0), Check("fine", 0.0, 1.0)), 0.1)
    page = qualification_page([area], created=created)
    assert "<script>" not in page
    assert page.index("1 of 2 checks differ") < page.index("What is installed")


def test_the_verb_writes_page_and_json(tmp_path, capsys):
    path = tmp_path / "iqoq.html"
    assert exit_code(["selftest", "statistics", "--report", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["area"], said["failed"], len(said["checks"])) == ("statistics", 0, 8)
    assert "All 8 checks agree" in path.read_text(encoding="utf-8")
    assert exit_code(["selftest", "statistics", "--report", str(tmp_path / "no" / "x.html")]) == 2


def test_areas_of_the_verb_are_those_that_run():
    from codon12.cli.selftest import selftest

    assert tuple(selftest.params[0].type.choices) == tuple(run.AREAS)
    with pytest.raises(UsageError, match="unknown area 'x'; known are installation"):
        qualify(["x"])
