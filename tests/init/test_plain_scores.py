"""Scores and marks of patients as people write them: what is no percentage is not cut as one."""

import pytest

from codon12.analyses import assemble
from codon12.init import propose
from codon12.records import Study


def numbers_of(folder, heading, cells):
    rows = [f"P{n};6{n % 10};{n + 1},5;{n % 2};{cell}" for n, cell in enumerate(cells)]
    text = f"Patient;Age;OS_MONTHS;OS_STATUS;{heading}\n" + "\n".join(rows) + "\n"
    (folder / "register.csv").write_text(text, encoding="utf-8")
    belief = propose(folder)
    (folder / "codon12.toml").write_text(belief.toml, encoding="utf-8")
    evidence = assemble(Study.open(folder))
    return belief.toml, {r["id"].removeprefix("baseline."): r["n"] for r in evidence.numbers.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("heading", "cells", "told"),
    [
        ("PD-L1 TPS", ["0", "0,05", "0,9", "0,6"], "its cells are numbers from 0 to 0.9: write fractions as percent"),
        ("PD-L1", ["0", "1", "2", "1"], "its cells are whole numbers up to 2 alone, as codes of categories are"),
        ("PD-L1 TPS (%)", ["0", "-1", "60", "1"], "a cell is -1: correct it, or leave the cell empty"),
        ("PD-L1 TPS (%)", ["0", "999", "60", "1"], "a cell is 999: correct it, or leave the cell empty"),
        ("TMB high", ["0", "1", "1", "0"], "its cells are whole numbers up to 1 alone, as codes of categories are"),
        ("TMB", ["4,5", "12", "-1", "9999"], "a cell is -1: correct it, or leave the cell empty"),
        ("TMB per exome", ["120", "340", "80", "95"], "the heading speaks of exome, not of megabases"),
    ],
)
def test_what_is_no_percentage_and_no_count_per_megabase_is_not_cut(heading, cells, told, tmp_path):
    toml, numbers = numbers_of(tmp_path, heading, cells)
    assert not [k for k in numbers if k.startswith(("pdl1", "tmb"))]
    assert told in toml


@pytest.mark.parametrize(
    ("cells", "levels"),
    [
        (["0", "1", "49", "50", "<1", "1-49", ">=50", "neg"], {"lt1": 3, "1_49": 3, "ge50": 2}),
        (["low", "high", "low", "low"], {"low": 3, "high": 1}),
    ],
)
def test_scores_and_words_are_counted(cells, levels, tmp_path):
    _, numbers = numbers_of(tmp_path, "PD-L1", cells)
    assert {k: numbers[f"pdl1value.{k}.all"] for k in levels} == levels


def test_a_dash_beside_a_plus_is_no_and_not_missing(tmp_path):
    _, numbers = numbers_of(tmp_path, "KRAS", ["+", "-", "-", "?"])
    assert (numbers["krasmut.mutated.all"], numbers["krasmut.wild_type.all"], numbers["krasmut.missing.all"]) == (
        1,
        2,
        1,
    )
