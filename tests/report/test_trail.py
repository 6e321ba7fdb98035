"""What the page carries behind its numbers: the source rows that `trace` names, and no others."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.report.trail import page_data

from .studies import evidence_of, write_study


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return evidence_of(write_study(tmp_path_factory.mktemp("study"), [f"S-{i:03d}" for i in range(8)]))


@pytest.fixture(scope="module")
def shown(evidence):
    """A tenth of the numbers, as a page shows a part of them."""
    texts = dict.fromkeys(evidence.numbers["id"].gather_every(10).to_list(), "1")
    return page_data(evidence.numbers, evidence.frames, texts)


def test_a_number_names_the_rows_that_trace_names(evidence, shown):
    seen = set()
    for number, said in shown["numbers"].items():
        frame, behind = said[6], said[9]
        if frame not in {"adrs", "adae", "adtte"} or behind is None:
            continue
        who, _, row = shown["rows"][frame][:3]
        rows = evidence.trace(number).rows
        assert sorted(shown["subjects"][who[i]] for i in behind) == sorted(rows["USUBJID"].cast(pl.String))
        if "SRCROW" in rows.columns:
            assert sorted(row[i] or 0 for i in behind) == sorted(rows["SRCROW"].fill_null(0))
        seen.add(frame)
    assert seen == {"adrs", "adae", "adtte"}


def test_rows_that_no_number_stands_on_are_not_on_the_page(shown):
    for frame, columns in shown["rows"].items():
        used = {i for said in shown["numbers"].values() if said[6] == frame for i in said[9] or ()}
        assert used == set(range(len(columns[0]))), frame
