"""Every public function over frames refuses one without its columns, naming what it lacks."""

import importlib
import inspect

import polars as pl
import pytest

from codon12.errors import Codon12Error

ROOMS = ("biomarker", "safety", "resistance", "response")
ANY_FRAME = {"adverse_event_findings", "calls_frame", "multiplicity_sentence"}
"""What reads the columns that there are."""


def over_frames():
    """Functions whose required arguments are frames, and names."""
    for room in ROOMS:
        module = importlib.import_module(f"codon12.{room}")
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function) or name in ANY_FRAME:
                continue
            needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
            kinds = [str(p.annotation).split(" | ")[0] for p in needed]
            if "pl.DataFrame" in kinds and set(kinds) <= {"pl.DataFrame", "str"}:
                yield pytest.param(
                    function, dict(zip((p.name for p in needed), kinds, strict=True)), id=f"{room}.{name}"
                )


@pytest.mark.parametrize(("function", "needed"), list(over_frames()))
def test_a_frame_without_its_columns_is_refused(function, needed):
    given = {n: pl.DataFrame({"X": [1]}) if kind == "pl.DataFrame" else "X" for n, kind in needed.items()}
    with pytest.raises(Codon12Error, match=r"missing|need|no column|name the"):
        function(**given)


def test_the_walk_reaches_the_rooms():
    reached = {p.id.partition(".")[0] for p in over_frames()}
    assert reached == set(ROOMS)
