"""Response and adverse events of two treatments compared, as a study has it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.errors import ConfigError
from codon12.numbers import cmh_test, common_difference, common_odds_ratio, rates_p, risk_difference, risk_ratio

from .randomised import study

pytestmark = pytest.mark.requirement("R-RESP-04")


def two_by_two(frame: pl.DataFrame) -> list[int]:
    return [
        v for arm in ("New drug", "Control") for v in frame.filter(ARM=arm).select(pl.col("HIT").sum(), pl.len()).row(0)
    ]


def test_the_default_comparison_of_response(tmp_path):
    evidence, frame = study(tmp_path)
    table = evidence.table("rate-comparison")
    assert [c.label for c in table.columns] == ["Control", "New drug"]
    (x1, n1, x2, n2) = two_by_two(frame)
    cells = {r.label: [c.text for c in r.cells] for r in table.rows[:6]}
    assert cells["Rate"] == [f"{x2}/{n2} ({100 * x2 / n2:.1f})", f"{x1}/{n1} ({100 * x1 / n1:.1f})"]
    got = evidence["orr.comparison.difference.investigator.new_drug"]
    wanted = risk_difference(x1, n1, x2, n2)
    assert (got.value, got.lower, got.upper) == pytest.approx(
        tuple(100 * float(v) for v in (wanted.value, wanted.lower, wanted.upper))
    )
    assert set(got.subjects) == set(frame.filter(pl.col("HIT"))["USUBJID"])
    assert "percentage points" in got.sentence
    assert evidence["orr.comparison.p.investigator.new_drug"].value == pytest.approx(float(rates_p(x1, n1, x2, n2)))
    ratio = evidence["orr.comparison.risk_ratio.investigator.new_drug"]
    assert ratio.upper == pytest.approx(float(risk_ratio(x1, n1, x2, n2).upper))
    assert n2 == evidence["dcr.comparison.investigator.control"].N
    assert any("Fisher's exact test" in text for _, text in evidence.methods)


def test_over_strata_and_without_them(tmp_path):
    evidence, frame = study(tmp_path, '[analyses.rate-comparison]\nstrata = ["SITE"]\nby = ["ORR"]\n')
    known = frame.filter(pl.col("SITE").is_not_null())
    tables = np.array([two_by_two(p) for p in known.partition_by("SITE")]).T
    difference, odds = common_difference(*tables, method="miettinen-nurminen"), common_odds_ratio(*tables)
    got = evidence["orr.comparison.difference.investigator.new_drug"]
    assert (got.lower, got.upper) == pytest.approx((100 * float(difference.lower), 100 * float(difference.upper)))
    assert evidence["orr.comparison.odds_ratio.investigator.new_drug"].lower == pytest.approx(float(odds.lower))
    assert evidence["orr.comparison.p.investigator.new_drug"].value == pytest.approx(cmh_test(*tables).p)
    left = evidence["orr.comparison.no_stratum.investigator.new_drug"]
    assert (left.n, left.subjects) == (1, tuple(frame.filter(pl.col("SITE").is_null())["USUBJID"]))
    assert not evidence.numbers.filter(pl.col("endpoint") == "dcr.comparison").height


def test_zero_cells_are_said_and_not_drawn_out_of_nothing(tmp_path):
    evidence, _ = study(tmp_path, "[analyses.rate-comparison]\nwhere = \"SEX = 'F'\"\n", nobody="Control")
    cells = {r.label: r.cells[-1].text for r in evidence.table("rate-comparison").rows[1:6]}
    assert cells["Relative risk against Control"].startswith("NE (")
    assert cells["Odds ratio against Control"] == "NE"
    assert cells["Difference against Control, percentage points"] != "NE"


def test_adverse_events_are_compared_by_the_treatment_given(tmp_path):
    extra = """
[analyses.ae-compared]
kind = "adverse-event-comparison"
title = "Adverse events compared"
section = "safety"
difference = "newcombe"
test = "chi-square"
events = { "Rash" = "AETERM = 'Rash'", "Any" = "" }
"""
    evidence, frame = study(tmp_path, extra)
    rash = frame.with_columns(HIT=pl.col("RASH"))
    got = evidence["ae_compared.rash.difference.new_drug"]
    wanted = risk_difference(*two_by_two(rash), method="newcombe")
    assert (got.lower, got.upper) == pytest.approx((100 * float(wanted.lower), 100 * float(wanted.upper)))
    assert set(got.subjects) == set(frame.filter(pl.col("RASH"))["USUBJID"])
    p = float(rates_p(*two_by_two(rash), test="chi-square"))
    assert evidence["ae_compared.rash.p.new_drug"].value == pytest.approx(p)


@pytest.mark.slow
def test_cohorts_compare_only_where_asked(tmp_path):
    evidence, _ = study(tmp_path, randomised=False)
    assert not evidence.numbers.filter(analysis="rate-comparison").height
    asked, _ = study(tmp_path, "[analyses.rate-comparison]\nunrandomised = true\n", randomised=False)
    assert asked.numbers.filter(analysis="rate-comparison").height


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ('[analyses.rate-comparison]\nstrata = ["CITY"]', "strata: ADSL has no column CITY"),
        ('[analyses.rate-comparison]\nreference = "Placebo"', "no treatment 'Placebo'"),
        ('[analyses.rate-comparison]\nby = ["RR"]', r"\[analyses.rate-comparison\].*by"),
        (
            '[analyses.x]\nkind = "adverse-event-comparison"\ntitle = "T"\nsection = "safety"\nevents = { A = "GRADE > 3" }',
            'events, "A"',
        ),
    ],
)
def test_wrong_options_are_refused_with_their_place(tmp_path, extra, words):
    with pytest.raises(ConfigError, match=words):
        study(tmp_path, extra + "\n")
