"""Words of adverse-event records: grades however written, events that did not occur, terms of several spellings."""

import datetime as dt

import polars as pl
import pytest

from codon12.records.terms.events import grade, occurred
from codon12.safety import SafetyPolicy, adverse_event_findings, adverse_events, dose_changes, exposure

ADSL = pl.DataFrame({"USUBJID": ["1", "2"], "TRTSDT": [dt.date(2022, 1, 10)] * 2, "TRTEDT": [dt.date(2022, 6, 30)] * 2})


def events(**columns):
    n = len(next(iter(columns.values())))
    base = {"USUBJID": ["1"] * n, "AETERM": ["Rash"] * n, "AESTDTC": ["2022-02-01"] * n, "AETOXGR": ["2"] * n}
    frame = pl.DataFrame(base | columns, schema=dict.fromkeys(base | columns, pl.String))
    return frame.with_columns(pl.int_range(1, n + 1, dtype=pl.Int64).alias("SRCROW"))


def decided(ae, **policy):
    policy = SafetyPolicy(**policy)
    adae = adverse_events(ae, ADSL, policy=policy)
    return adae, adverse_event_findings(ae, adae, policy=policy)


@pytest.mark.parametrize("text", ["3", "3.0", " 3 ", "GRADE 3", "Grade III", "G3", "GR. 3", "CTCAE grade 3", "3 - Severe",
                                  "3 (severe)", "III"])  # fmt: skip
def test_grade_three_however_written(text):
    assert pl.DataFrame({"G": [text]}).select(grade("G")).item() == 3


@pytest.mark.parametrize("text", ["13", "2-3", "3/4", "III-IV", "0", "6", "SEVERE", "-3", "3 or 4", "35", "", None])
def test_no_single_grade(text):
    assert pl.DataFrame({"G": [text]}, schema={"G": pl.String}).select(grade("G")).item() is None


def test_an_event_without_a_grade_is_named():
    adae, found = decided(events(AETOXGR=["2-3", "3.0"]))
    assert adae["ATOXGR"].to_list() == [None, 3]
    assert found.filter(RULE="grade-missing")["ROW"].to_list() == [1]


def test_events_that_did_not_occur_are_none():
    ae = events(AEOCCUR=["N", "Y", None, None], AEPRESP=["Y", "Y", "Y", None], AESTAT=[None, None, "NOT DONE", None])
    adae, found = decided(ae)
    assert adae["ANL01FL"].to_list() == [None, "Y", None, "Y"]
    assert adae["TRTEMFL"].to_list() == [None, "Y", None, "Y"]
    assert found.filter(RULE="event-did-not-occur")["ROW"].to_list() == [1, 3]
    # nor do they count where events before treatment do
    assert decided(ae, emergent_only=False)[0]["ANL01FL"].to_list() == [None, "Y", None, "Y"]


def test_an_event_asked_about_without_an_answer_is_none_unless_it_is_described():
    ae = events(AEPRESP=["Y", "Y"], AEOCCUR=[None, None], AESTDTC=[None, "2022-02-01"], AETOXGR=[None, None])
    assert ae.select(occurred(ae)).to_series().to_list() == [False, True]


def test_spellings_of_a_term_are_one():
    adae, found = decided(events(AEDECOD=["NAUSEA", "Nausea", "Nausea ", "Nausea", "Vomiting"]))
    assert adae["AEDECOD"].to_list() == ["Nausea"] * 4 + ["Vomiting"]
    assert found.filter(RULE="term-spelling")["ROW"].to_list() == [1, 3]


def test_the_spelling_does_not_depend_on_the_order_of_rows():
    ae = events(AEDECOD=["NAUSEA", "Nausea"])
    assert decided(ae)[0]["AEDECOD"].to_list() == decided(ae.reverse())[0]["AEDECOD"].to_list()


@pytest.mark.parametrize(
    ("column", "text"),
    [("AEACN", "PAUSED A WHILE"), ("AEREL", "PERHAPS"), ("AEOUT", "GONE"), ("AESER", "MAYBE")],
)
def test_unknown_words_are_named(column, text):
    _, found = decided(events(**{column: [text, None]}))
    assert found.filter(RULE="event-word-unknown").select("ROW", "VARIABLE", "VALUE").rows() == [(1, column, text)]


@pytest.mark.parametrize("column", ["AEACN", "AEREL"])
def test_words_the_policy_names_are_known(column):
    field = {"AEACN": "dose_modified", "AEREL": "related"}[column]
    adae, found = decided(events(**{column: ["PAUSED"]}), **{field: ("PAUSED",)})
    assert found.filter(RULE="event-word-unknown").is_empty()
    assert adae[{"AEACN": "ACNMOD", "AEREL": "AREL"}[column]].to_list() == ["Y"]


@pytest.mark.parametrize(("counts_as", "flag"), [("not related", "N"), ("related", "Y")])
def test_a_missing_relation_counts_as_the_policy_says_and_is_named(counts_as, flag):
    ae = events(AEREL=["RELATED", None, " "], AESER=["Y", None, "N"], AEACN=["DRUG WITHDRAWN", "NONE", None])
    adae, found = decided(ae, relation_missing=counts_as)
    assert adae["AREL"].to_list() == ["Y", flag, flag]
    assert (adae["ASER"].to_list(), adae["ACNDISC"].to_list()) == (["Y", "N", "N"], ["Y", "N", "N"])
    named = found.filter(RULE="event-word-missing").sort("VARIABLE", "ROW")
    assert named.select("ROW", "VARIABLE").rows() == [(3, "AEACN"), (2, "AEREL"), (3, "AEREL"), (2, "AESER")]
    assert f"counts as {counts_as}" in named["MESSAGE"][1]
    assert f"counts as {counts_as}." in SafetyPolicy(relation_missing=counts_as).sentences()["relation_missing"]


@pytest.mark.parametrize("blank", [{}, {"AEREL": [None, ""], "AESER": ["", None], "AEACN": [None, None]}])
def test_words_that_no_event_has_are_not_no(blank):
    adae, found = decided(events(AETERM=["Rash", "Rash"], **blank))
    assert adae.select("AREL", "ASER", "ACNMOD", "ACNDISC").unique().row(0) == (None,) * 4
    assert found.filter(RULE="event-word-not-recorded")["VARIABLE"].to_list() == ["AEREL", "AEACN", "AESER"]
    assert found.filter(RULE="event-word-missing").is_empty()


def test_starts_that_are_missing_or_assumed_are_named():
    adae, found = decided(events(AESTDTC=[None, "2022-01", "2022-02", "2022-02-01"]))
    assert adae["TRTEMFL"].to_list() == ["Y"] * 4
    assert found.filter(RULE="event-start-missing")["ROW"].to_list() == [1]
    assert found.filter(RULE="event-start-assumed")["ROW"].to_list() == [2]


@pytest.mark.parametrize("start", ["2022-01", "2022-01-UN", "2022-01--", "2022-UN-UN", "2022---15", "2022"])
def test_a_start_in_part_however_written_may_be_the_first_dose(start):
    adae, found = decided(events(AESTDTC=[start]))
    assert adae.select("TRTEMFL", "ASTDTF").row(0) == ("Y", "D" if start.startswith("2022-01") else "M")
    assert found.filter(RULE="event-start-assumed").height == 1


def test_events_without_a_code_that_others_have_are_named():
    _, found = decided(events(AETERM=["sore", "rash"], AEDECOD=["", "Rash"], AEBODSYS=["Skin", None]))
    assert found.filter(RULE="event-not-coded").select("ROW", "VARIABLE").rows() == [(1, "AEDECOD"), (2, "AEBODSYS")]


def test_a_fatal_event_of_another_grade_is_named():
    adae, found = decided(events(AEOUT=["FATAL", "FATAL"], AETOXGR=["3", "5"]))
    assert adae["ATOXGR"].to_list() == [5, 5]
    assert found.filter(RULE="grade-raised")["ROW"].to_list() == [1]


def doses(start, end, dose=None):
    n = len(start)
    return pl.DataFrame(
        {"USUBJID": ["1"] * n, "EXTRT": ["X"] * n, "EXSTDTC": start, "EXENDTC": end, "EXDOSE": dose or [10.0] * n},
        schema_overrides={"EXENDTC": pl.String},
    )


def test_dosing_without_an_end_goes_on():
    ex = doses(["2022-01-10", "2022-03-02"], ["2022-03-01", None])
    got = exposure(ex, ADSL).row(0, named=True)
    assert got["CUMDOSE"] == 10 * ((dt.date(2022, 6, 30) - dt.date(2022, 1, 10)).days + 1)
    assert got["N_INTERRUPTED"] == 0


def test_single_administrations_last_a_day():
    ex = doses(["2022-01-10", "2022-01-31"], [None, None])
    assert exposure(ex, ADSL).row(0, named=True)["CUMDOSE"] == 20


def test_a_dose_that_was_not_given_is_an_interruption():
    ex = doses(["2022-01-10", "2022-02-01"], ["2022-01-31", "2022-02-10"]).with_columns(EXOCCUR=pl.Series(["Y", "N"]))
    assert dose_changes(ex)["CHANGE"].to_list() == ["INTERRUPTED"]


def test_a_fatal_outcome_however_written_is_grade_five():
    adae, found = decided(
        events(AEOUT=["Death", "DIED", "Death related to adverse event", "5", None], AESDTH=["", "", "", "", "Yes"])
    )
    assert adae["ATOXGR"].to_list() == [5, 5, 5, 2, 5]
    assert found.filter(RULE="event-word-unknown")["ROW"].to_list() == [4]


def test_an_unknown_word_for_occurred_is_an_event_and_named():
    adae, found = decided(events(AEOCCUR=["0", "false", "U", "1", "Y"]))
    assert adae["ANL01FL"].to_list() == [None, None, "Y", "Y", "Y"]
    assert found.filter(RULE="event-word-unknown")["ROW"].to_list() == [3]


def test_severity_stands_for_no_grade_that_is_given():
    adae, _ = decided(events(AETOXGR=["2-3", None, "4"], AESEV=["SEVERE", "SEVERE", "MILD"]))
    assert adae["ATOXGR"].to_list() == [None, 3, 4]
