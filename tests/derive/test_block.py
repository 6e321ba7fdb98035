"""Deriving block by block: whatever the blocks, the frames of the whole to the last byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from codon12.derive import Derived, derive
from codon12.derive.block import DerivedBlock, derive_block, derive_together
from codon12.parallel.whole import Asked, Decisions, Told, asking, in_all_blocks, said
from codon12.records import Study

EXAMPLE = Path(__file__).parents[2] / "examples" / "codebreak100"
CASES = Path(__file__).parents[3] / "shared" / "cases" / "trust" / "records"
Worked = tuple[DerivedBlock, dict[str, Asked], list[Told]]


def work(task: tuple[Study, Decisions]) -> Worked:
    with asking(task[1]) as at:
        made = derive_block(task[0])
    return made, at.asked, at.told


def split(study: Study, blocks: int) -> list[Study]:
    """Studies of every `blocks`-th subject, and one of the rows that belong to no subject of DM."""
    ids = study.table("DM")["USUBJID"].to_list()
    groups = [frozenset(ids[k::blocks]) for k in range(blocks)]

    def of(frame: pl.DataFrame, group: frozenset[str] | None) -> pl.DataFrame:
        if "USUBJID" not in frame.columns:
            return frame if group is None else frame.clear()
        inside = pl.col("USUBJID").is_in(list(ids if group is None else group)).fill_null(value=False)
        return frame.filter(~inside if group is None else inside)

    return [replace(study, tables={n: of(f, g) for n, f in study.tables.items()}) for g in (*groups, None)]


def in_blocks(study: Study, blocks: int) -> Derived:
    found, _ = in_all_blocks(work, split(study, blocks), asked=lambda one: one[1])
    told = said(t for one in found for t in one[2])
    return derive_together(study, [one[0] for one in found], said=told)


def same(one: Derived, other: Derived) -> None:
    assert one.frames.keys() == other.frames.keys()
    for name, frame in one.frames.items():
        assert frame.schema == other.frames[name].schema, name
        assert frame.equals(other.frames[name], null_equal=True), name
    assert one.notes == other.notes
    assert one.policies == other.policies
    assert one.context.evaluators == other.context.evaluators
    assert one.context.best_response == other.context.best_response
    assert one.context.arms == other.context.arms


@pytest.mark.slow
def test_blocks_of_the_shipped_study_are_the_whole() -> None:
    study = Study.open(EXAMPLE)
    same(derive(study), in_blocks(study, 3))


@pytest.mark.parametrize(("case", "blocks"), [("cm", 2), ("ex_ongoing", 4)])
def test_blocks_of_few_subjects_are_the_whole(case: str, blocks: int) -> None:
    if not (CASES / case).is_dir():
        pytest.skip("needs ../shared/cases/trust/records, which is not beside this checkout")
    study = Study.open(CASES / case)
    same(derive(study), in_blocks(study, blocks))


@pytest.mark.slow
@pytest.mark.parametrize("blocks", [2, 3, 4])
@pytest.mark.parametrize(
    "case",
    ["ae_occur", "cross", "dm_ae", "dth_conf", "na_csv", "nt_check", "rs_acptN", "rs_cat", "tr_node", "tr_unsched"],
)
def test_every_hand_made_folder_in_blocks_is_the_whole(case: str, blocks: int) -> None:
    if not (CASES / case).is_dir():
        pytest.skip("needs ../shared/cases/trust/records, which is not beside this checkout")
    study = Study.open(CASES / case)
    same(derive(study), in_blocks(study, blocks))
