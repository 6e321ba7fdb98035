"""The self-test: two ways agree, and a disagreement is seen."""

import json

import pytest

from codon12.cli import main
from codon12.design.proof.selftest import Check, checks


def test_all_ways_agree():
    found = list(checks(trials=20_000))
    assert len(found) == 17
    assert [c.name for c in found if not c.passed] == []


def test_a_difference_fails():
    assert not Check("x", 1e-3, 1e-6).passed
    assert not Check("x", float("nan"), 1e-6).passed


def test_command_line(capsys):
    with pytest.raises(SystemExit) as done:
        main(["selftest", "design", "--trials", "2000", "--json"])
    assert done.value.code == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0
