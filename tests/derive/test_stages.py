"""Stages that are kept: derived after other policies, a study is what it is when derived alone."""

from __future__ import annotations

import dataclasses

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codon12.derive import derive
from codon12.derive.stages import Stages
from codon12.records import Study
from codon12.response import RecistPolicy

from ..report.studies import write_study  # noqa: TID252 - the tests are no package

_MOVES = (
    {},
    {"response": {"confirmation": False}},
    {"response": {"preset": "admiralonco"}},
    {"survival": {"preset": "ema"}},
    {"evaluator": "investigator"},
    {"response": {"confirmation": False}, "survival": {"preset": "ema"}, "evaluator": "investigator"},
    {"safety": {"end_window": 10}},
)


def test_a_result_is_found_by_values_of_policies_and_by_the_object_itself():
    stages, frame = Stages(keep=2), pl.DataFrame({"x": [1]})
    assert stages.of("s", lambda: 1, RecistPolicy(), frame) == 1
    assert stages.of("s", lambda: 2, RecistPolicy(), frame) == 1
    assert stages.of("s", lambda: 3, RecistPolicy(confirmation=False), frame) == 3
    assert stages.of("s", lambda: 4, RecistPolicy(), frame.clone()) == 4
    assert len(stages) == 2


def test_numbers_that_are_equal_and_texts_are_told_apart():
    stages = Stages()
    assert [stages.of("s", lambda i=i: i, v) for i, v in enumerate((1, True, 1.0, "1", None))] == [0, 1, 2, 3, 4]


def after(study: Study, moves: list[int]) -> None:
    """Derive by one move after the other, and compare the last with the same derived alone."""
    stages = Stages()
    for move in moves:
        changed = dataclasses.replace(study, config=msgspec.structs.replace(study.config, **_MOVES[move]))
        last = derive(changed, stages=stages)
    alone = derive(changed)
    assert list(last.frames) == list(alone.frames)
    assert [n for n in alone.frames if not last.frames[n].equals(alone.frames[n])] == []
    assert (last.policies, last.notes, last.context.config) == (alone.policies, alone.notes, alone.context.config)


def test_a_derivation_after_others_is_what_it_is_alone(tmp_path):
    after(Study.open(write_study(tmp_path, [f"S-{i}" for i in range(4)])), [0, 5, 1])


@pytest.mark.slow
@given(st.lists(st.integers(0, len(_MOVES) - 1), min_size=1, max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_moves_end_where_the_last_one_does_alone(tmp_path_factory, moves):
    after(Study.open(write_study(tmp_path_factory.mktemp("study"), [f"S-{i}" for i in range(4)])), moves)
