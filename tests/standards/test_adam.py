"""The derived frames as ADaM: every column has its place, names and labels fit, parameters are one to one."""

import re
from types import SimpleNamespace

import polars as pl
import pytest

from codon12.records import StudyConfig
from codon12.standards import adam_datasets, adam_table
from codon12.standards.adam import column_uses
from codon12.standards.metadata import DATASETS

pytestmark = pytest.mark.requirement("R-STAN-01")

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")


@pytest.fixture(scope="module")
def data(hard_evidence):
    return {d.name: d for d in adam_datasets(hard_evidence)[0]}


def test_every_data_set_of_the_table_is_made(data):
    assert tuple(data) == DATASETS


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_of_a_frame_is_in_the_table_or_left_out_with_a_reason(hard_evidence, name):
    uses = column_uses(name, hard_evidence.frames[name.lower()].columns)
    assert not [c for c, use in uses.items() if use == "unknown"]
    for use in uses.values():
        assert use == "covariate" or use.startswith("left out: ") or NAME.fullmatch(use.format("C")), use


@pytest.mark.parametrize("name", DATASETS)
def test_names_labels_and_types_are_those_of_the_guide(data, name):
    one = data[name]
    assert list(one.frame.columns) == [c.name for c in one.columns]
    for column in one.columns:
        assert NAME.fullmatch(column.name), column.name
        assert 0 < len(column.label.encode()) <= 40, column
        assert column.derivation or column.origin != "Derived" or column.core, column.name
        kind = one.frame.schema[column.name]
        assert column.type == ("text" if kind == pl.String else "date" if kind == pl.Date else column.type)
        if column.name.endswith("FL"):
            assert set(one.frame[column.name].drop_nulls()) <= {"Y", "N"}


@pytest.mark.parametrize("name", DATASETS)
def test_the_table_itself_keeps_the_limits(name):
    rows = adam_table().rows(name)
    assert len({r.name for r in rows}) == len(rows)
    for row in rows:
        assert len(row.name) <= 8
        assert len(row.label.encode()) <= 40, row.label
        assert row.codelist is None or row.codelist in adam_table().codelists


@pytest.mark.parametrize("name", ["ADTR", "ADRS", "ADTTE", "ADEX"])
def test_parameters_are_one_to_one(data, name):
    pairs = data[name].frame.select("PARAMCD", "PARAM", "PARAMN").unique()
    assert pairs["PARAMCD"].is_unique().all()
    assert pairs["PARAM"].is_unique().all()
    assert pairs["PARAMN"].is_unique().all()
    assert not pairs.null_count().sum_horizontal().sum()
    assert data[name].frame["STUDYID"].unique().to_list() == ["T"]


def test_the_primary_evaluator_has_the_plain_code(data):
    codes = data["ADTTE"].parameters
    assert codes["PFS"] == "Progression-Free Survival by Central Review"
    assert codes["PFSI"] == "Progression-Free Survival by Investigator"
    assert codes["OS"] == "Overall Survival"


def test_values_by_hand(data):
    """S1: PR at day 43 by central review, progression at day 127; S3 dies at day 200."""
    times = data["ADTTE"].frame
    row = times.filter(USUBJID="S1", PARAMCD="PFS").row(0, named=True)
    assert (row["AVAL"], row["AVALU"], row["CNSR"], row["ADY"], row["TRTP"]) == (127, "DAYS", 0, 127, "Drug")
    assert times.filter(USUBJID="S3", PARAMCD="OS")["AVAL"].to_list() == [200]
    best = data["ADRS"].frame.filter(USUBJID="S1", PARAMCD="CBOR").row(0, named=True)
    assert (best["AVALC"], best["AVAL"]) == ("PR", 2)
    sums = data["ADTR"].frame.filter(USUBJID="S1", PARAMCD="SDIAM")
    assert sums["AVAL"].to_list() == [50, 30, 30, 60]
    assert sums["ADY"].to_list() == [-6, 43, 85, 127]  # there is no day 0
    assert sums["AVISITN"].to_list() == [1, 2, 3, 4]
    event = data["ADAE"].frame.filter(USUBJID="S3").row(0, named=True)
    assert (event["ASTDY"], event["ATOXGR"], event["ATOXGRN"], event["TRTEMFL"]) == (-4, "2", 2, None)
    assert data["ADEX"].frame.filter(USUBJID="S1", PARAMCD="NREDUC")["AVAL"].to_list() == [1]


def test_populations_are_yes_or_no_and_unknown_ones_left_out(data):
    adsl = data["ADSL"].frame
    assert adsl.filter(USUBJID="S6")["SAFFL"].to_list() == ["N"]
    assert "RANDFL" not in adsl.columns


def test_sequence_numbers_are_unique_within_the_subject(data):
    for name in ("ADTR", "ADRS", "ADTTE", "ADAE", "ADEX"):
        assert data[name].frame.select("USUBJID", "ASEQ").is_unique().all()


def test_shortened_names_and_missing_variables_are_findings(hard_evidence):
    _, found = adam_datasets(hard_evidence)
    assert found.filter(RULE="name-shortened").select("VARIABLE", "VALUE").rows() == [("HISTOLOGICAL_TYPE", "HSTLGCLT")]
    assert "AGEU" in found.filter(RULE="adam-variable-missing")["VARIABLE"].to_list()


def frames(**columns):
    context = SimpleNamespace(config=StudyConfig(), study=None, evaluators=(), arms=("B", "A"), month=30.4375)
    adsl = pl.DataFrame({"STUDYID": ["S", "S"], "USUBJID": ["1", "2"], "TRT01P": ["A", "B"], **columns})
    return SimpleNamespace(frames={"adsl": adsl}, context=context)


def test_treatments_are_numbered_in_printing_order():
    (adsl,), _ = adam_datasets(frames())
    assert adsl.frame["TRT01PN"].to_list() == [2, 1]


def test_a_study_without_an_identifier_has_the_name_of_its_folder_and_says_so():
    (adsl,), found = adam_datasets(frames(STUDYID=pl.Series([None, None], dtype=pl.String)))
    assert adsl.frame["STUDYID"].to_list() == ["STUDY", "STUDY"]
    assert "STUDYID" in found.filter(RULE="adam-variable-missing")["VARIABLE"].to_list()


def test_two_long_names_that_would_be_one_stay_two():
    (adsl,), found = adam_datasets(frames(BIOMARKER_ONE=["x", "y"], BIOMARKER_ONCE=[1.5, None]))
    names = [c.name for c in adsl.columns if c.source]
    assert len(set(names)) == 2
    assert found.filter(RULE="name-shortened").height == 2
    assert adsl.frame[names[1]].to_list() == [1.5, None]


def test_times_in_months_say_so_and_so_does_entry():
    """Times given in months: AVAL equals MONTHS; a time of zero has the unit of the others."""
    given = frames()
    given.frames["adtte"] = pl.DataFrame(
        {"USUBJID": ["1", "2"], "EVAL": [None, None], "PARAMCD": ["OS", "OS"], "AVAL": [2.5, 0.0],
         "MONTHS": [2.5, 0.0], "ENTRYMO": [1.0, None], "CNSR": [0, 1], "ADT": [None, None]},
        schema_overrides={"EVAL": pl.String, "ADT": pl.Date},
    )  # fmt: skip
    _, times = adam_datasets(given)[0]
    assert times.frame.select("AVALU", "ENTRY").rows() == [("MONTHS", 1), ("MONTHS", None)]


def test_the_order_of_rows_does_not_matter(hard_evidence, data):
    turned = SimpleNamespace(
        frames={k: v.reverse() if k.startswith("ad") else v for k, v in hard_evidence.frames.items()},
        context=hard_evidence.context,
    )
    for one in adam_datasets(turned)[0]:
        if one.name in ("ADRS", "ADTTE"):
            assert one.frame.equals(data[one.name].frame)
