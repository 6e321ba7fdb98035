"""Scores as reported."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import read_score, read_scores
from codon12.errors import UsageError
from codon12.records.terms.scores import Interval

from .shared_data import need


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("50", Interval(50, 50)),
        ("50 %", Interval(50, 50)),
        ("12,5", Interval(12.5, 12.5)),
        ("TPS 60%", Interval(60, 60)),
        ("<1%", Interval(0, 1, upper_in=False)),
        ("< 1", Interval(0, 1, upper_in=False)),
        ("<=1", Interval(0, 1)),
        (">=50", Interval(50, 100)),
        ("≥50%", Interval(50, 100)),
        (">50", Interval(50, 100, lower_in=False)),
        ("1-49", Interval(1, 49)),
        ("1–49%", Interval(1, 49)),
        ("1 to <50", Interval(1, 50, upper_in=False)),
        ("negative", Interval(0, 1, upper_in=False)),
        ("Positive", Interval(1, 100)),
        ("0", Interval(0, 0)),
        ("100", Interval(100, 100)),
        ("", None),
        ("Unknown", None),
    ],
)
def test_reads(text, interval):
    assert read_score(text) == interval


@pytest.mark.parametrize("text", ["101", "TPS of many", "-3", "49-1", "1e3", "5 0", ">101", "nan", "TC2"])
def test_refuses(text):
    with pytest.raises(UsageError):
        read_score(text)


def test_sp142_grades_stay_on_their_scale():
    assert read_score("TC2", scale="TC") == Interval(5, 50, upper_in=False)
    assert read_score("IC3", scale="IC") == Interval(10, 100)
    with pytest.raises(UsageError, match="scales are not converted"):
        read_score("IC3", scale="TC")


def test_whole_columns():
    found = read_scores(pl.Series(["50", "<1%", "odd", None, "50"]))
    assert found.select("LOWER", "UPPER", "UPPER_IN").rows() == [
        (50.0, 50.0, True),
        (0.0, 1.0, False),
        (None, None, None),
        (None, None, None),
        (50.0, 50.0, True),
    ]
    assert found["PROBLEM"].null_count() == 4


def test_every_score_of_msk_mind_is_read():
    table = pl.read_csv(
        need("msk_mind_2022/data_clinical_sample.txt"), separator="\t", infer_schema=False, comment_prefix="#"
    )
    found = read_scores(table["CLINICAL_PDL1_SCORE"])
    assert found["PROBLEM"].null_count() == found.height
    assert found["LOWER"].null_count() == table["CLINICAL_PDL1_SCORE"].null_count()
