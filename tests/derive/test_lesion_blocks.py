"""Lesions a block of subjects at a time: every row as at once, whatever the blocks, the order of rows, the executor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from codon12.derive import derive
from codon12.derive import of_subjects as deriving
from codon12.derive.adrs import Responses, response_frames
from codon12.records import Study
from codon12.response import RecistPolicy

EXAMPLE = Path(__file__).parents[2] / "examples" / "codebreak100"


class _GivenError(Exception):
    """Stops the derivation once its frames are known."""


@pytest.fixture(scope="module")
def given() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame | None]:
    """Subjects, lesions and responses as collected of the shipped study, as `derive` gives them on."""
    held: list[tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame | None]] = []

    def keep(adsl: pl.DataFrame, lesions: pl.DataFrame, collected: pl.DataFrame | None, **_: object) -> Responses:
        held.append((adsl, lesions, collected))
        raise _GivenError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deriving, "response_frames", keep)
        with pytest.raises(_GivenError):
            derive(Study.open(EXAMPLE))
    return held[0]


@pytest.fixture(scope="module")
def at_once(given: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame | None]) -> Responses:
    return response_frames(*given, policy=RecistPolicy())


def same(found: Responses, wanted: Responses) -> None:
    assert found.evaluators == wanted.evaluators
    for name in ("adrs", "adtr", "disagreements", "findings"):
        assert getattr(found, name).equals(getattr(wanted, name)), name


@pytest.mark.parametrize("size", [pytest.param(2, marks=pytest.mark.slow), 18, 125])
def test_the_size_of_a_block_changes_nothing(given, at_once: Responses, size: int) -> None:
    same(response_frames(*given, policy=RecistPolicy(), block=size), at_once)


def test_rows_may_stand_in_any_order(given, at_once: Responses) -> None:
    adsl, lesions, collected = given
    mixed = lesions.sample(fraction=1, shuffle=True, seed=4)
    same(response_frames(adsl, mixed, collected, policy=RecistPolicy(), block=18), at_once)


def test_an_executor_changes_nothing(given, at_once: Responses) -> None:
    with ThreadPoolExecutor(2) as pool:
        same(response_frames(*given, policy=RecistPolicy(), block=18, executor=pool), at_once)


def test_rows_of_nobody_are_not_lost(given) -> None:
    adsl, lesions, collected = given
    some = lesions["USUBJID"].unique().sort()[3]
    named = pl.when(pl.col("USUBJID").cast(pl.String) != str(some)).then(pl.col("USUBJID"))
    mixed = lesions.with_columns(USUBJID=named).sample(fraction=1, shuffle=True, seed=4)
    wanted = response_frames(adsl, mixed, collected, policy=RecistPolicy())
    same(response_frames(adsl, mixed, collected, policy=RecistPolicy(), block=18), wanted)
