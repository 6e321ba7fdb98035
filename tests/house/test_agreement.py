"""The tables of agreement in the docs are what the golden sets give."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("agreement", ROOT / "docs" / "validation" / "agreement.py")
agreement = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(agreement)
WRITTEN = agreement.PAGE.read_text(encoding="utf-8")
STALE = "run python docs/validation/agreement.py"


@pytest.mark.parametrize(
    ("heading", "write"),
    [
        ("Answers of R", agreement.against_r),
        ("The same result by a second way", agreement.second_ways),
        pytest.param("A paper, number by number", agreement.against_the_paper, marks=pytest.mark.slow),
    ],
)
def test_a_table_is_what_comes_out(heading, write):
    assert agreement.chapter(WRITTEN, heading) == write(), STALE


def test_nothing_differs():
    assert "differs" not in WRITTEN
    assert WRITTEN.count("\n| ") > 150


def test_a_difference_is_told(monkeypatch):
    one = next(agreement.answers())
    wrong = type(one)(one.question, one.peer, one.labels, (32.0, *one.ours[1:]), one.theirs)
    monkeypatch.setattr(agreement, "answers", lambda: iter([wrong]))
    assert agreement.against_r().count("**differs**") == 1
