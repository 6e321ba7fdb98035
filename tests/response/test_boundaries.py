"""Many lesions, sums at the edge, the lowest sum, and what a policy makes of codes."""

import datetime as dt

import polars as pl
import pytest

from codon12.errors import DataError
from codon12.response import RecistPolicy, new_lesions, non_target_response, sum_of_diameters, target_response
from codon12.response.keys import maybe_repeated
from codon12.survival import CensorRules

DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=42 * i) for i in range(5)]


def lesions(subjects, count, visits=2, *, size=10.0):
    rows = [
        (s, f"{s}-T{i:03d}", "TARGET", DAYS[v], size) for s in subjects for i in range(count) for v in range(visits)
    ]
    return pl.DataFrame(rows, schema=["USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"], orient="row")


REFERENCE = pl.DataFrame({"USUBJID": ["A", "B", "C"], "ADT": [DAYS[0]] * 3})


def test_subjects_with_more_than_62_names_of_lesions_between_them():
    """Names that hold the subject are numbered within each: sums are complete, one missing is seen."""
    rows = lesions("AB", 40)
    rows = rows.filter(~((pl.col("LESIONID") == "B-T039") & (pl.col("ADT") == DAYS[1])))
    sums = sum_of_diameters(rows, REFERENCE).sort("USUBJID", "ADT")
    assert sums["AVAL"].to_list() == [400.0, 400.0, 400.0, 390.0]
    assert sums["ANL01FL"].to_list() == ["Y", "Y", "Y", None]


def test_62_lesions_of_a_subject_are_the_most():
    assert sum_of_diameters(lesions("AB", 62), REFERENCE)["ANL01FL"].to_list() == ["Y"] * 4
    with pytest.raises(DataError, match="more than 62 lesions"):
        sum_of_diameters(lesions("A", 63), REFERENCE)


def nadirs(*sizes):
    rows = [("A", "T01", "TARGET", day, size) for day, size in zip(DAYS, sizes, strict=False) if size is not None]
    frame = pl.DataFrame(rows, schema=["USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"], orient="row")
    return sum_of_diameters(frame, REFERENCE).sort("ADT")["NADIR"].to_list()


def test_the_nadir_is_the_lowest_sum_before():
    assert nadirs(50.0, 40.0, 60.0, 30.0, 45.0)[1:] == [50.0, 40.0, 40.0, 30.0]
    assert nadirs(50.0, 0.0, 4.0)[1:] == [50.0, 0.0]


def test_the_nadir_leaves_out_incomplete_sums():
    rows = [("A", "T01", DAYS[0], 30.0), ("A", "T02", DAYS[0], 20.0), ("A", "T01", DAYS[1], 5.0),
            ("A", "T01", DAYS[2], 30.0), ("A", "T02", DAYS[2], 20.0)]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["USUBJID", "LESIONID", "ADT", "AVAL"], orient="row")
    sums = sum_of_diameters(frame.with_columns(GROUP=pl.lit("TARGET")), REFERENCE).sort("ADT")
    assert sums["NADIR"].to_list()[1:] == [50.0, 50.0]


def test_subjects_keep_a_response_apart():
    """A PR kept until progression, or a progression, of one subject says nothing of the next."""
    sizes = {"A": (100.0, 70.0, 80.0), "B": (100.0, 90.0, 95.0), "C": (100.0, 130.0, 125.0)}
    rows = [(s, "T01", "TARGET", d, v) for s, all_ in sizes.items() for d, v in zip(DAYS, all_, strict=False)]
    frame = pl.DataFrame(rows, schema=["USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"], orient="row")
    sums = sum_of_diameters(frame, REFERENCE)
    found = target_response(sums, policy=RecistPolicy(sticky_pr=True)).sort("USUBJID", "ADT")
    assert found["AVALC"].to_list() == ["PR", "PR", "SD", "SD", "PD", "PD"]


def test_parameters_are_named():
    rows = pl.DataFrame({"USUBJID": ["A"] * 3, "LESIONID": ["NT1", "NT1", "N1"], "ADT": [DAYS[0], DAYS[1], DAYS[1]],
                         "GROUP": ["NON-TARGET", "NON-TARGET", "NEW"], "AVALC": ["PRESENT", "ABSENT", None]})  # fmt: skip
    assert non_target_response(rows, REFERENCE)["PARAMCD"].unique().to_list() == ["NTRGRESP"]
    assert new_lesions(rows).select("PARAMCD", "AVALC").rows() == [("NEWLRESP", "UNEQUIVOCAL")]


def test_codes_of_censoring_reasons():
    assert [CensorRules().code(n) for n in (1, 2, 6)] == [1, 2, 6]
    assert [CensorRules(separate_codes=False).code(n) for n in (1, 2, 6)] == [1, 1, 1]


def test_rows_that_may_be_repeated_hold_all_that_are():
    """Every repeated row is among them whatever the order, and a frame without one gives none."""
    frame = pl.DataFrame({"A": [1, 2, 1, 3, None, None], "B": ["x", "x", "x", "y", None, None], "C": range(6)})
    for order in (frame, frame.reverse()):
        found = maybe_repeated(order, ["A", "B"], where=pl.lit(value=True))
        assert sorted(found["C"]) == [0, 2, 4, 5]
        assert maybe_repeated(order, ["A", "B"], where=pl.col("C") > 1)["C"].sort().to_list() == [4, 5]
    assert maybe_repeated(frame, ["C"], where=pl.lit(value=True)).is_empty()
    assert maybe_repeated(frame.clear(), ["A"], where=pl.col("C") > 0).is_empty()


def test_a_visit_without_a_size_has_assessed_no_lesion():
    rows = pl.DataFrame({"USUBJID": ["A"] * 2, "LESIONID": ["T01"] * 2, "GROUP": ["TARGET"] * 2, "ADT": DAYS[:2],
                         "AVAL": [30.0, None], "AVALC": [None, "NOT EVALUABLE"]})  # fmt: skip
    assert sum_of_diameters(rows, REFERENCE).sort("ADT")["LSASS"].to_list() == [1, 0]


def test_a_response_of_one_subject_confirms_none_of_another():
    sizes = {"A": (100.0, 70.0, 70.0, 70.0, 70.0), "B": (100.0, 100.0, 70.0, 80.0)}
    rows = [(s, "T01", "TARGET", d, v) for s, all_ in sizes.items() for d, v in zip(DAYS, all_, strict=False)]
    frame = pl.DataFrame(rows, schema=["USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"], orient="row")
    policy = RecistPolicy(sticky_pr=True, sticky_pr_confirmed=True)
    found = target_response(sum_of_diameters(frame, REFERENCE), policy=policy).filter(USUBJID="B").sort("ADT")
    assert found["AVALC"].to_list() == ["SD", "PR", "SD"]
