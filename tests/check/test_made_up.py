"""Consistent made-up texts have no problem; every slip planted in them is found."""

import sys
import tomllib
from pathlib import Path

import pytest

from codon12.check import check_text

TEXTS = tomllib.loads((Path(__file__).parent / "made_up.toml").read_text(encoding="utf-8"))
ABSTRACTS, CONSISTENT = TEXTS["abstract"], TEXTS["consistent"]


def problems(text):
    return [(f.statement.quote, f.verdict, f.sentence) for f in check_text(text).problems]


@pytest.mark.parametrize("abstract", ABSTRACTS, ids=lambda a: a["name"])
def test_an_abstract_as_it_stands_has_no_problem(abstract):
    assert problems(abstract["text"]) == []


@pytest.mark.parametrize("text", [c["text"] for c in CONSISTENT], ids=range(len(CONSISTENT)))
def test_what_only_looks_wrong_is_no_problem(text):
    assert problems(text) == []


SLIPS = [(a["name"], a["text"], old, new) for a in ABSTRACTS for old, new in a["slips"]]


@pytest.mark.parametrize(("name", "text", "old", "new"), SLIPS, ids=range(len(SLIPS)))
def test_a_planted_slip_is_found(name, text, old, new):
    assert text.count(old) == 1
    assert problems(text.replace(old, new)), name


def test_what_every_slip_comes_to():
    verdicts = [f[1] for _, text, old, new in SLIPS for f in problems(text.replace(old, new))]
    counts = {v: verdicts.count(v) for v in ("error", "error-if", "unlikely")}
    sys.stdout.write(f"\n{len(ABSTRACTS) + len(CONSISTENT)} consistent texts, {len(SLIPS)} slips: {counts}\n")
    assert set(verdicts) <= {"error", "error-if", "unlikely"}
