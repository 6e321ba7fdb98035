"""Scores as reported."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import microsatellite_state, read_score, read_scores, score_categories, study_profiles
from codon12.biomarker.scores.measure import repair_state
from codon12.biomarker.scores.study import SCORES_SCHEMA, score_values
from codon12.errors import UsageError
from codon12.records import Study
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


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("no loss of MLH1, MSH2, MSH6 or PMS2", None),  # pathologists write it of proficient tumours
        ("MLH1 not lost", None),
        ("loss of MLH1 and PMS2", "dMMR"),
        ("positive", None),
    ],
)
def test_what_is_not_lost_is_not_deficient(text, state):
    assert repair_state(text) == state
    assert microsatellite_state(text) is None


@pytest.mark.parametrize(
    ("scale", "values", "levels", "numbers"),
    [
        (
            "TC",
            ["TC3", "TC2", "TC2/3", "60"],
            ["high", "mid", None, "high"],
            [60.0],
        ),  # SP142: TC3 from 50 %, TC2 from 5 %
        ("CPS", ["CPS 10", "<1", "55", "NA"], ["mid", "low", "high", None], [10.0, 55.0]),
        ("TC/IC", ["TC3 or IC3", "TC0 and IC0", "NA", "NA"], [None, None, None, None], []),
    ],
)
def test_categories_read_each_scale_as_its_own(scale, values, levels, numbers):
    own = {"USUBJID": list("abcd"), "KIND": "PD-L1", "VALUE": values, "SCALE": scale, "SRCROW": [1, 2, 3, 4]}
    scores = pl.DataFrame(own).select(
        (pl.col(n).cast(t) if n in own else pl.lit(None, t).alias(n)) for n, t in SCORES_SCHEMA.items()
    )
    cut = score_categories(scores, [1, 50], ["low", "mid", "high"], pl.Series(list("abcd")))
    assert cut["LEVEL"].to_list() == levels
    states = [
        "measured" if level else "not tested" if v == "NA" else "indeterminate"
        for level, v in zip(levels, values, strict=True)
    ]
    assert cut["STATE"].to_list() == states
    assert score_values(scores)["VALUE"].sort().to_list() == numbers


def test_a_scale_on_which_the_assay_does_not_report_is_told(tmp_path):
    """VENTANA SP142 reports tumour and immune cells; the proportion score is 22C3's."""
    source = '[measures.PDL1]\nkind = "PD-L1"\nassay = "{}"\nscale = "TPS"\ntable = "ADSL"\nvalue = "TPS"\n'
    (tmp_path / "adsl.csv").write_text("USUBJID,TPS\n1,60\n")
    for assay, rules in (("VENTANA SP142", ["scale-of-assay"]), ("22C3", []), ("own", [])):
        (tmp_path / "codon12.toml").write_text(source.format(assay))
        assert study_profiles(Study.open(tmp_path)).findings["RULE"].to_list() == rules


def test_fractions_in_place_of_percent_are_told(tmp_path):
    (tmp_path / "codon12.toml").write_text(
        '[measures.PDL1]\nkind = "PD-L1"\nscale = "TPS"\ntable = "ADSL"\nvalue = "TPS"\n'
    )
    (tmp_path / "adsl.csv").write_text("USUBJID,TPS\n1,0.6\n2,0\n3,<1\n")
    found = study_profiles(Study.open(tmp_path)).findings
    assert found["RULE"].to_list() == ["score-may-be-fraction"]
    (tmp_path / "adsl.csv").write_text("USUBJID,TPS\n1,0.6\n2,5\n")
    assert study_profiles(Study.open(tmp_path)).findings.is_empty()
