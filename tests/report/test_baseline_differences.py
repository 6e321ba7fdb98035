"""Baseline of two treatments: the column of standardised differences, and of P where asked for."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.numbers import chi_square_p, standardised_difference_of_counts

from .randomised import study


def counted(frame, column):
    levels = frame[column].drop_nulls().unique().sort().to_list()
    return [
        [frame.filter(pl.col("ARM") == a, pl.col(column) == v).height for v in levels] for a in ("Control", "New drug")
    ]


def test_two_treatments_have_a_column_of_differences(tmp_path):
    evidence, frame = study(tmp_path)
    table = evidence.table("baseline")
    assert [c.label for c in table.columns] == ["Control", "New drug", "Total", "Standardised difference"]
    wanted = abs(standardised_difference_of_counts(*counted(frame, "SEX")))
    got = evidence["baseline.sex.standardised_difference.all"]
    assert (got.value, got.N) == (pytest.approx(wanted), 60)
    rows = [r for r in table.rows if not r.heading]
    assert [r.cells[-1].text for r in rows] == [f"{wanted:.2f}", ""], "beside the first row of its variable"
    assert rows[0].cells[-1].ids == ("baseline.sex.standardised_difference.all",)
    assert any("Patients without a value are left out" in note for note in table.footnotes)


def test_p_only_where_asked_and_who_has_no_value_is_left_out(tmp_path):
    extra = '[analyses.baseline]\nby = ["SITE"]\np_values = true\n'
    evidence, frame = study(tmp_path, extra)
    assert [c.label for c in evidence.table("baseline").columns][-2:] == ["Standardised difference", "P value"]
    got = evidence["baseline.site.baseline_p.all"]
    assert (got.value, got.N) == (pytest.approx(chi_square_p(counted(frame, "SITE"))), 59)
    none, _ = study(tmp_path, "[analyses.baseline]\nstandardised = false\n")
    assert [c.label for c in none.table("baseline").columns][-1] == "Total"


@pytest.mark.slow
def test_across_the_levels_of_a_variable(tmp_path):
    extra = """
[analyses.by-site]
kind = "baseline"
title = "Baseline by site"
section = "patients"
across = "SITE"
by = ["SEX"]
"""
    evidence, frame = study(tmp_path, extra)
    sides = [[frame.filter(SITE=s, SEX=v).height for v in ("F", "M")] for s in ("north", "south")]
    wanted = abs(standardised_difference_of_counts(*sides))
    assert evidence["by_site.sex.standardised_difference.all"].value == pytest.approx(wanted)
    assert [c.label for c in evidence.table("by-site").columns][-1] == "Standardised difference"
