"""Which samples are the earlier and which the later ones."""

import datetime as dt

import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.resistance import named_samples, pair_samples
from codon12.resistance.paired import samples_frame


def day(n):
    return dt.date(2024, 1, 1) + dt.timedelta(days=n)


def times(rows, **more):
    made, found = pair_samples(pl.DataFrame(rows, **more))
    return {s: (p, t) for p, s, t in made.select("PAIR", "SAMPLE", "TIME").iter_rows()}, found["RULE"].to_list()


def test_words_go_before_dates_and_contradictions_are_errors():
    rows = {"USUBJID": ["1"] * 2, "SAMPLE": ["a", "b"], "TIME": ["Baseline", "Progression"], "ADT": [day(9), day(1)]}
    made, found = times(rows)
    assert made == {"a": ("1", "earlier"), "b": ("1", "later")}
    assert found == ["later-before-earlier"]


def test_dates_order_and_samples_of_one_day_are_one_time():
    rows = {"USUBJID": ["1"] * 4, "SAMPLE": list("abcd"), "ADT": [day(5), day(1), day(5), day(3)]}
    made, found = times(rows)
    assert made == {"b": ("1", "earlier"), "a": ("1", "later"), "c": ("1", "later")}  # d lies between
    assert found == ["samples-of-one-day", "samples-of-one-day", "sample-not-compared"]


def test_three_samples_of_one_day_have_no_order():
    made, found = times({"USUBJID": ["1"] * 3, "SAMPLE": list("abc"), "ADT": [day(5)] * 3})
    assert (made, found) == ({}, ["samples-not-ordered"] * 3)


def test_names_order_by_a_stated_rule():
    rows = named_samples(pl.DataFrame({"SAMPLE": ["P15_B", "P15_A", "odd"]}), r"(?P<subject>P\d+)_(?P<order>[A-Z])")
    made, _ = pair_samples(rows.filter(pl.col("USUBJID").is_not_null()))
    assert dict(made.select("SAMPLE", "TIME").iter_rows()) == {"P15_A": "earlier", "P15_B": "later"}
    with pytest.raises(UsageError, match="no regular expression"):
        named_samples(rows, "(")
    with pytest.raises(UsageError, match="name the part that is the patient"):
        named_samples(rows, "P")


def test_tissue_and_plasma_are_paired_apart_unless_there_is_one_of_each():
    rows = {"USUBJID": ["1"] * 4, "SAMPLE": list("abcd"), "ADT": [day(i) for i in range(4)],
            "SPECIMEN": ["tissue", "tissue", "plasma", "plasma"]}  # fmt: skip
    made, _ = times(rows)
    assert {p for p, _ in made.values()} == {"1 tissue", "1 plasma"}
    both, _ = times({k: v[1:3] for k, v in rows.items()})
    assert both == {"b": ("1", "earlier"), "c": ("1", "later")}


def test_the_same_sample_twice_counts_once():
    made, found = times({"USUBJID": ["1"] * 3, "SAMPLE": ["a", "a", "b"], "ADT": [day(0), day(0), day(9)]})
    assert (len(made), found) == (2, ["same-sample-twice"])


def test_frames_of_samples_refuse_what_they_cannot_mean():
    with pytest.raises(DataError, match="neither 'earlier' nor 'later'"):
        samples_frame(pl.DataFrame({"PAIR": ["1"], "SAMPLE": ["a"], "TIME": ["soon"]}))
    with pytest.raises(DataError, match="several drugs"):
        samples_frame(
            pl.DataFrame({"PAIR": ["1"] * 2, "SAMPLE": ["a", "b"], "TIME": ["earlier", "later"], "DRUG": ["x", "y"]})
        )


def test_a_later_sample_without_an_earlier_one_is_told():
    assert times({"USUBJID": ["1"], "SAMPLE": ["a"], "TIME": ["Progression"]}) == ({}, ["later-sample-alone"])
    assert times({"USUBJID": ["1"], "SAMPLE": ["a"], "TIME": ["baseline"]}) == ({}, [])


def test_numbers_in_names_order_as_numbers_and_samples_left_aside_are_told():
    made, found = times({"USUBJID": ["1"] * 3, "SAMPLE": ["s1", "s2", "s10"], "ORDER": ["1", "2", "10"]})
    assert made == {"s1": ("1", "earlier"), "s10": ("1", "later")}
    assert found == ["sample-not-compared"]
    rows = {"USUBJID": ["1"] * 3, "SAMPLE": list("abc"), "ADT": [day(1), day(2), day(3)]}
    made, found = times(rows | {"SPECIMEN": ["tissue", "plasma", "plasma"]})
    assert (set(made), found) == ({"b", "c"}, ["sample-not-compared"])
