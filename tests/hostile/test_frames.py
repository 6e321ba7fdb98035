"""Every public function over frames refuses one without its columns, naming what it lacks."""

import importlib
import inspect

import pandas as pd
import polars as pl
import pytest

from codon12 import biomarker, figures, records, resistance, tables
from codon12.errors import Codon12Error, UsageError

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


FRAMES = {
    "no frame": "text",
    "pandas": pd.DataFrame({"X": [1]}),
    "lazy": pl.LazyFrame({"X": [1]}),
    "another column": pl.DataFrame({"X": [1]}),
    "no column": pl.DataFrame(),
}
OTHER = {"str": "X", "int": 1, "float": 1.0, "Sequence[str]": ["X"]}


def charts():
    """Every chart template that is drawn of frames, its required arguments filled in."""
    for name in figures.__all__:
        function = getattr(figures, name)
        if not inspect.isfunction(function):
            continue
        needed = {
            k: str(p.annotation) for k, p in inspect.signature(function).parameters.items() if p.default is p.empty
        }
        if any("pl.DataFrame" in kind for kind in needed.values()):
            yield pytest.param(function, needed, id=name)


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize(("function", "needed"), list(charts()))
def test_a_chart_refuses_what_it_cannot_be_drawn_of(function, needed, kind):
    if function is figures.alluvial and kind == "another column":
        return  # its columns are those that are named
    given = {n: FRAMES[kind] if "pl.DataFrame" in k else OTHER.get(k.split(" | ")[0], 1) for n, k in needed.items()}
    with pytest.raises(UsageError, match=f"^{function.__name__}: "):
        function(**given)


def test_what_stands_in_the_place_of_a_mapping_is_refused():
    frame, tests = (
        pl.DataFrame({"SAMPLE": ["1"]}),
        pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["P"], "STATE": ["valid"]}),
    )
    calls = biomarker.calls_frame(pl.DataFrame({"SAMPLE": ["1"], "GENE": ["KRAS"], "PROTEIN": ["p.G12C"]}))
    for wrong, says in (
        (lambda: biomarker.co_mutation(frame), "statuses|answers"),
        (lambda: biomarker.co_mutation({"KRAS": frame}), r"statuses\['KRAS'\].*USUBJID"),
        (lambda: biomarker.genes_tested(tests, "P", ["KRAS"]), "assays must map"),
        (lambda: biomarker.mutation_counts([frame]), "batches.*CLASS"),
        (lambda: biomarker.tumour_mutational_burden(calls, frame, megabases="1"), "megabases must be"),
        (lambda: biomarker.tumour_mutational_burden(calls, frame, megabases=True), "megabases must be"),
        (lambda: records.overlap(frame), "cohorts maps a name"),
        (lambda: records.overlap({"A": "x"}), "cohort A must be"),
        (lambda: tables.table_of(frame, name="t", title="T"), "t: numbers must be .*order"),
    ):
        with pytest.raises(UsageError, match=says):
            wrong()
    assert biomarker.mutation_counts(calls).equals(biomarker.mutation_counts([calls]))


def test_a_definition_of_resistance_is_one():
    subjects = pl.DataFrame({"USUBJID": ["1"]})
    seen = pl.DataFrame({"USUBJID": ["1"], "ADT": ["2024-03-01"], "AVALC": ["PR"]})
    for wrong in ("schoenfeld-2021", [], [1]):
        with pytest.raises(UsageError, match="definition must be"):
            resistance.classify_resistance(subjects, seen, definition=wrong)


def test_the_walk_reaches_the_rooms():
    reached = {p.id.partition(".")[0] for p in over_frames()}
    assert reached == set(ROOMS)
