"""A number has the same digits wherever it stands: in its table, its figure and its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.drawing import draw
from codon12.records import Study
from codon12.tables import cell_parts

ROOT = Path(__file__).resolve().parents[2]
DRAWN = re.compile(r">([^<>]+)</text>")
PRINTED = re.compile(r"\d+\.\d+")


def _digits(text: str) -> list[str]:
    return PRINTED.findall(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["codebreak100", "cohort"])
def test_table_figure_and_sentence_print_the_same_digits(name):
    evidence = assemble(Study.open(ROOT / "examples" / name))
    numbers = evidence.numbers.filter(pl.col("kind").is_in(["rate", "time", "ratio"]) & pl.col("value").is_not_null())
    cells: dict[str, set[str]] = {}
    for analysis in evidence.plan:
        table = evidence.table_of(analysis, evidence.rounding)
        for row in table.rows if table else ():
            for cell in row.cells:
                for number in cell.ids:
                    cells.setdefault(number, set()).add(cell.text)
    sentences = 0
    for row in numbers.iter_rows(named=True):
        value, limits, _ = cell_parts(row, evidence.rounding)
        parts = [digits for p in (value, *(limits or ())) for digits in _digits(p)]
        said = _digits(evidence.sentence(row["id"]))
        for part in parts:
            assert part in said, (row["id"], part, said)
            assert all(part in _digits(text) or "/" in text for text in cells.get(row["id"], ())), (row["id"], part)
        sentences += bool(parts)
    assert sentences > 50
    drawn = 0
    known: dict[str, set[str]] = {}
    for row in evidence.numbers.iter_rows(named=True):
        value, limits, share = cell_parts(row, evidence.rounding)
        for part in (value, *(limits or ()), share):
            if part is not None:
                known.setdefault(row["analysis"], set()).update(_digits(part))
    shared = {a.name for a in evidence.plan if a.kind in ("comparison", "response")}  # told in figures of others
    for figure in study_figures(evidence, rounding=evidence.rounding):
        for text in DRAWN.findall(draw(figure.spec)):
            told = re.search(r"CI|median|Hazard ratio|P [=<]|\(\d+\.\d+–", text)
            own = set().union(*(known.get(name, set()) for name in (figure.analysis, *shared)))
            for printed in _digits(text) if told else ():
                assert printed in own, (figure.name, text)
                drawn += 1
    assert drawn > 10
