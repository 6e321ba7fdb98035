"""Sums of diameters of a given ADTR: used as they are, and nothing of it left out without a word."""

import datetime as dt

import polars as pl
import pytest

from codon12.derive.adtr_given import given_sums
from codon12.response import RecistPolicy

DAY = [dt.date(2024, month, 1) for month in (1, 2, 3, 4)]


def adtr(*rows, **more):
    """(subject, month, AVAL, ABLFL, PCHG) a row."""
    return pl.DataFrame(
        {
            "USUBJID": [r[0] for r in rows],
            "PARAMCD": ["SDIAM"] * len(rows),
            "ADT": [DAY[r[1]] if r[1] is not None else None for r in rows],
            "AVAL": [r[2] for r in rows],
            "ABLFL": [r[3] for r in rows],
            "PCHG": [r[4] for r in rows],
            "SRCDOM": ["ADTR"] * len(rows),
            "SRCROW": list(range(1, len(rows) + 1)),
            **more,
        },
        schema_overrides={"ADT": pl.Date, "AVAL": pl.Float64, "ABLFL": pl.String, "PCHG": pl.Float64},
    )


def adrs(*rows):
    schema = {"USUBJID": pl.String, "EVAL": pl.String, "PARAMCD": pl.String, "AVALC": pl.String, "ADT": pl.Date}
    return pl.DataFrame([(u, "INVESTIGATOR", "OVRLRESP", r, DAY[m]) for u, m, r in rows], schema, orient="row")


def best(sums):
    return {r["USUBJID"]: round(r["PCHG"], 6) for r in sums.filter(ANL02FL="Y").iter_rows(named=True)}


def rules(found):
    return sorted(zip(found["RULE"], found["ROW"], strict=True))


TWO = (("a", 0, 50.0, "Y", None), ("a", 1, 40.0, None, -20.0), ("a", 2, 30.0, None, -40.0))


def test_best_change_is_of_the_lowest_sum_after_baseline():
    sums, found = given_sums(adtr(*TWO), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -40.0}
    assert sums["BASE"].to_list() == [50.0] * 3
    assert found.is_empty()


def test_without_a_given_change_it_is_computed():
    sums, _ = given_sums(adtr(*TWO).drop("PCHG", "ABLFL"), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -40.0}


def test_a_given_change_that_the_sums_contradict_counts_and_is_told():
    rows = (*TWO[:2], ("a", 2, 30.0, None, -44.0))
    sums, found = given_sums(adtr(*rows), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -44.0}
    assert rules(found) == [("change-differs", 3)]


def test_sums_that_are_not_flagged_for_analysis_do_not_count_and_the_baseline_does():
    sums, _ = given_sums(adtr(*TWO, ANL01FL=[None, "Y", None]), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -20.0}


def test_a_flag_that_flags_nothing_says_nothing():
    flags = pl.Series([None, None, None], dtype=pl.String)
    sums, _ = given_sums(adtr(*TWO, ANL01FL=flags), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -40.0}


def test_a_best_change_after_progression_is_told_as_for_derived_sums():
    sums, found = given_sums(adtr(*TWO), adrs(("a", 1, "PD")), policy=RecistPolicy(best_change="any"))
    assert best(sums) == {"a": -40.0}
    assert rules(found) == [("best-change-after-progression", 3)]
    assert set(found["TABLE"]) == {"ADTR"}


def test_other_parameters_criteria_undated_and_second_sums_are_told_by_row():
    rows = (*TWO, ("a", 2, 35.0, None, -30.0), ("a", None, 9.0, None, None), ("a", 3, 8.0, None, None))
    frame = adtr(
        *rows,
        ("a", 3, 7.0, None, None),
        PARAM=["Sum of Diameters (mm)"] * 7,
        PARCAT3=["RECIST 1.1"] * 5 + ["mRECIST"] + ["RECIST 1.1"],
    ).with_columns(
        PARAMCD=pl.when(SRCROW=7).then(pl.lit("LDIAM1")).otherwise("PARAMCD"),
        PARAM=pl.when(SRCROW=7).then(pl.lit("Target Lesion 1 Analysis Diameter")).otherwise("PARAM"),
    )
    sums, found = given_sums(frame, adrs(), policy=RecistPolicy())
    assert rules(found) == [
        ("assessment-without-date", 5),
        ("criterion-not-used", 6),
        ("parameter-not-used", 7),
        ("sum-given-twice", 3),
    ]
    assert best(sums) == {"a": -30.0}  # the larger sum of the day
    assert sums.height + found.height == frame.height


def test_each_evaluator_has_a_baseline_of_its_own():
    frame = pl.concat([adtr(*TWO), adtr(("a", 0, 60.0, "Y", None), ("a", 1, 30.0, None, None))]).with_columns(
        SRCROW=pl.int_range(1, 6), PARCAT2=pl.Series(["Investigator"] * 3 + ["Independent Radiology"] * 2)
    )
    sums, _ = given_sums(frame, adrs(), policy=RecistPolicy())
    chosen = sums.filter(ANL02FL="Y").sort("EVAL")
    assert dict(zip(chosen["EVAL"], chosen["PCHG"], strict=True)) == {"CENTRAL": -50.0, "INVESTIGATOR": -40.0}


@pytest.mark.parametrize(
    "word", ["Sum of Diameters", "Target Lesions Sum of Diameters by Investigator", "Sum of LD (mm)"]
)
def test_a_sum_is_known_by_its_words(word):
    frame = adtr(*TWO, PARAM=[word] * 3).with_columns(PARAMCD=pl.lit("TUMSZ"))
    assert best(given_sums(frame, adrs(), policy=RecistPolicy())[0]) == {"a": -40.0}


def test_no_sum_no_frame():
    frame = adtr(*TWO).with_columns(PARAMCD=pl.lit("LDIAM1"))
    sums, found = given_sums(frame, adrs(), policy=RecistPolicy())
    assert sums is None
    assert set(found["RULE"]) == {"parameter-not-used"}
    assert found.height == 3


def test_a_subject_without_a_flagged_baseline_is_told():
    sums, found = given_sums(
        adtr(*TWO, ("b", 1, 40.0, None, None), ("b", 2, 30.0, None, None)), adrs(), policy=RecistPolicy()
    )
    assert best(sums) == {"a": -40.0}
    assert rules(found) == [("sum-without-baseline", 4)]


def test_sums_are_in_millimetres():
    cm = adtr(("a", 0, 5.0, "Y", None), ("a", 1, 3.0, None, None), AVALU=["cm", "cm"])
    sums, found = given_sums(cm, adrs(), policy=RecistPolicy())
    assert sums["AVAL"].to_list() == [50.0, 30.0]
    assert best(sums) == {"a": -40.0}
    assert rules(found) == [("sum-converted", 1)]
    one, found = given_sums(cm.with_columns(AVALU=pl.Series(["mm", "pixel"])), adrs(), policy=RecistPolicy())
    assert one["AVAL"].to_list() == [5.0]
    assert rules(found) == [("sum-unit-unknown", 2)]


def test_a_sum_without_a_number_and_one_that_was_imputed_are_not_used():
    rows = adtr(*TWO[:2], ("a", 2, None, None, None), ("a", 3, 20.0, None, None), DTYPE=[None, "SUM", None, "LOCF"])
    sums, found = given_sums(rows, adrs(), policy=RecistPolicy())
    assert sums["AVAL"].to_list() == [50.0, 40.0]
    assert rules(found) == [("sum-imputed", 4), ("sum-not-read", 3)]


def test_sums_by_one_other_criterion_are_used_and_told():
    sums, found = given_sums(adtr(*TWO, PARCAT3=["mRECIST"] * 3), adrs(), policy=RecistPolicy())
    assert best(sums) == {"a": -40.0}
    assert rules(found) == [("sum-by-other-criterion", 1)]
    own, found = given_sums(adtr(*TWO, PARCAT3=["Recist 1.1"] * 3), adrs(), policy=RecistPolicy())
    assert (best(own), rules(found)) == ({"a": -40.0}, [])
