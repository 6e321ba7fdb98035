"""Decisions over a whole that is worked in blocks."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.parallel import Decisions, First, of_all, told_of_all
from codon12.parallel.whole import Asked, Told, added, asking, decided, in_all_blocks, said

Worked = tuple[object, dict[str, Asked], list[Told]]


def most(counts: dict[str, int]) -> str:
    return min(counts, key=lambda k: (-counts[k], k))


def larger_half(rows: list[int]) -> list[int]:
    """A rule with two decisions over all rows, the second of which rests on the first."""
    if not of_all("a row is negative", any(r < 0 for r in rows)):
        return [r for r in rows if r % 2 == 0]
    own = [abs(r) for r in rows]
    lowest = of_all("the first", First(min(own)) if own else First(10**9))
    return [r for r in own if r != lowest]


def work(task: tuple[list[int], Decisions]) -> Worked:
    with asking(task[1]) as at:
        made = larger_half(task[0])
    return made, at.asked, at.told


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(-9, 9), max_size=5), min_size=1, max_size=5))
def test_blocks_give_what_the_whole_gives(blocks: list[list[int]]) -> None:
    found, _ = in_all_blocks(work, blocks, asked=lambda one: one[1])
    whole = larger_half([r for block in blocks for r in block])
    assert [r for one in found for r in one[0]] == whole  # type: ignore[attr-defined]


def test_a_block_that_agrees_is_worked_once() -> None:
    runs: list[list[int]] = []

    def counted(task: tuple[list[int], Decisions]) -> Worked:
        runs.append(task[0])
        return work(task)

    in_all_blocks(counted, [[-1, 5], [-1, 7], [2, 3]], asked=lambda one: one[1])
    assert runs.count([2, 3]) == 2
    assert runs.count([-1, 5]) == runs.count([-1, 7]) == 1


def test_an_answer_by_value_counts_for_the_values_of_the_block() -> None:
    seen = [{"a": Asked({"x": 1}, {"x": "X"}, upper)}, {"a": Asked({"y": 1}, {"y": "Y"}, upper)}]
    every, alike = decided(seen)
    assert every.seen == {"a": {"x": 1, "y": 1}}
    assert alike == [True, True]


def upper(counts: dict[str, int]) -> dict[str, str]:
    return {k: k.upper() for k in counts}


def test_one_name_has_one_question() -> None:
    with asking(Decisions()):
        of_all("any", seen=True)
        with pytest.raises(AssertionError, match="two questions have one name"):
            of_all("any", seen=False)


def test_what_is_said_of_all_is_said_once() -> None:
    def make(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.group_by("A").agg(pl.col("N").sum()).sort("A")

    parts = [pl.DataFrame({"A": ["x"], "N": [1]}), pl.DataFrame({"A": ["x", "y"], "N": [2, 5]})]
    told: list[Told] = []
    for part in parts:
        with asking(Decisions()) as at:
            assert told_of_all("counts", part, make).is_empty()
        told += at.told
    assert said(told)[0].rows() == [("x", 3), ("y", 5)]
    assert told_of_all("counts", parts[1], make).rows() == [("x", 2), ("y", 5)]


def test_judged_over_all() -> None:
    assert of_all("most", {"b": 2, "a": 2}, most) == "a"
    assert added({"b": (1, First(7))}, {"b": (2, First(4))}) == {"b": (3, 4)}


def test_decisions_are_printed() -> None:
    text = str(Decisions({"ends stand": True, "arms": frozenset("BA"), "spellings": {"a": 1}, "rows": 3}))
    assert text.splitlines() == ["arms: A, B", "ends stand: yes", "rows: 3", "spellings: 1 values"]
