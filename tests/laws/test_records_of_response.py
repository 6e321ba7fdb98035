"""Laws of records: the order of rows and a stranger never change a patient."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

_spec = importlib.util.spec_from_file_location(
    "small_records", Path(__file__).resolve().parents[1] / "response" / "small_records.py"
)
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

sizes = st.builds(
    small.size,
    st.sampled_from(["T01", "T02", "T01.1", "T01.2", "T01/T02", "NEW01"]),
    st.integers(-8, 140),
    st.one_of(st.integers(0, 60), st.sampled_from(["<5", "PRESENT", "NOT EVALUABLE", "ODD"])),
    st.sampled_from([None, 1, 1.1, 2, 3]),
    VISIT=st.sampled_from(["", "UNSCHEDULED"]),
    TRMETHOD=st.sampled_from(["", "CT SCAN", "X-RAY"]),
)
states = st.builds(
    small.state,
    st.just("NT01"),
    st.integers(-8, 140),
    st.sampled_from(["PRESENT", "ABSENT", "NE"]),
    st.sampled_from([1, 2, 3]),
)
responses = st.builds(
    small.response,
    st.integers(1, 160),
    st.sampled_from(["CR", "PR", "SD", "PD", "NE", "CHECK"]),
    st.sampled_from([None, 2, 3, 4]),
    RSCAT=st.sampled_from(["RECIST 1.1", "", "mRECIST"]),
    RSEVAL=st.sampled_from(["INVESTIGATOR", "INDEPENDENT ASSESSOR"]),
    RSEVALID=st.sampled_from(["", "R1", "R2", "ADJUDICATOR"]),
    RSACPTFL=st.sampled_from(["", "Y", "N"]),
)
records = st.tuples(st.lists(st.one_of(sizes, states), max_size=10), st.lists(responses, max_size=5))
quick = settings(max_examples=settings().max_examples // 10, deadline=None)  # each example is a whole study


def answers(tr, rs, subjects=("1",)) -> dict[str, pl.DataFrame]:
    """Responses and times of subject 1, without the rows they came from."""
    with tempfile.TemporaryDirectory() as folder:
        frames = small.small_study(Path(folder) / "study", tr, rs, subjects=subjects).frames
    out = {}
    for name, columns in (("adrs", ["EVAL", "PARAMCD", "ADT", "AVALC"]), ("adtte", ["EVAL", "PARAMCD", "ADT", "CNSR"])):
        if name in frames:
            rows = frames[name].filter(USUBJID="1").select(pl.col(columns).cast(pl.String))
            out[name] = rows.filter(~pl.col("PARAMCD").is_in(["OS"])).sort(columns, nulls_last=True)
    return out


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, frame in one.items():
        assert_frame_equal(frame, other[name])


@quick
@given(records, st.randoms())
def test_the_order_of_rows_changes_nothing(rows, random):
    tr, rs = rows
    before = answers(tr, rs)
    mixed_tr, mixed_rs = random.sample(tr, len(tr)), random.sample(rs, len(rs))
    assert_same(before, answers(mixed_tr, mixed_rs))


@quick
@given(records, records)
def test_a_stranger_changes_nobody(rows, other):
    tr, rs = rows
    strangers = [[r | {"USUBJID": "2"} for r in part] for part in other]
    alone, together = answers(tr, rs), answers([*tr, *strangers[0]], [*rs, *strangers[1]], subjects=("1", "2"))
    for name, frame in alone.items():
        evaluators = frame["EVAL"].unique()
        assert_frame_equal(frame, together[name].filter(pl.col("EVAL").is_in(evaluators.implode(), nulls_equal=True)))
