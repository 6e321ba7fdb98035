"""ADRS as given: words, best responses that are said twice, parameters that are not known."""

import polars as pl
import pytest

from codon12.derive import derive
from codon12.derive.adrs_given import given_responses
from codon12.records import Study


def adrs(*rows, names=("USUBJID", "PARAMCD", "AVALC")):
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def best(found):
    return found.adrs.select("USUBJID", pl.col("AVALC").cast(pl.String)).rows()


@pytest.mark.parametrize(
    ("said", "means"),
    [("PR", "PR"), (" pr ", "PR"), ("Partial Response", "PR"), ("Progressive  disease", "PD"), ("MISSING", "MISSING")],
)
def test_words_of_a_best_response(said, means):
    found = given_responses(adrs(("1", "bor ", said)))
    assert best(found) == [("1", means)]
    assert found.findings.is_empty()


def test_a_word_that_is_not_known_is_not_evaluable_and_named():
    found = given_responses(adrs(("1", "BOR", "PR"), ("2", "BOR", "responder")))
    assert best(found) == [("1", "PR"), ("2", "NE")]
    assert found.findings.select("RULE", "ROW", "USUBJID", "VALUE").rows() == [
        ("given-response-unknown", 2, "2", "responder")
    ]


def test_texts_of_other_parameters_stay():
    found = given_responses(adrs(("1", "BOR", "PR"), ("1", "RSP", "Y"), ("1", "OVR", "partial response")))
    assert [v for _, v in best(found)] == ["PR", "Y", "PR"]


def test_a_best_response_said_again_counts_once():
    found = given_responses(adrs(("1", "CBOR", "PR"), ("1", "CBOR", "Partial response"), ("1", "BOR", "PR")))
    assert found.adrs["SRCROW"].to_list() == [1, 3]
    assert found.findings.select("RULE", "ROW").rows() == [("given-response-repeated", 2)]


def test_of_best_responses_that_differ_the_worst_counts_whatever_their_order():
    rows = [("1", "CBOR", "PR"), ("1", "CBOR", "SD"), ("2", "CBOR", "CR")]
    for order in (rows, rows[::-1]):
        found = given_responses(adrs(*order))
        assert sorted(best(found)) == [("1", "SD"), ("2", "CR")]
        assert found.findings.select("RULE", "SEVERITY", "VALUE").rows() == [
            ("given-responses-disagree", "error", "PR")
        ]


def test_the_flag_of_the_analysis_settles_which_counts():
    names = ("USUBJID", "PARAMCD", "AVALC", "ANL01FL")
    found = given_responses(adrs(("1", "BOR", "PR", "Y"), ("1", "BOR", "SD", None), names=names))
    assert best(found) == [("1", "PR")]
    assert found.findings.is_empty()


def test_readers_of_one_subject_have_a_best_response_each():
    names = ("USUBJID", "PARAMCD", "AVALC", "EVAL")
    found = given_responses(
        adrs(("1", "BOR", "PR", "INVESTIGATOR"), ("1", "BOR", "SD", "INDEPENDENT ASSESSOR"), names=names)
    )
    assert found.evaluators == ("CENTRAL", "INVESTIGATOR")
    assert found.adrs.height == 2


def test_a_best_response_without_a_value_is_none():
    found = given_responses(adrs(("1", "BOR", "PR"), ("2", "BOR", None), ("3", "BOR", " ")))
    assert best(found) == [("1", "PR")]
    assert found.findings["RULE"].to_list() == ["given-response-missing"] * 2


def test_parameters_that_are_not_known_are_named(tmp_path):
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01A,SAFFL\nS,1,X,Y\n")
    (tmp_path / "adrs.csv").write_text("STUDYID,USUBJID,PARAMCD,AVALC\nS,1,BESTR,PR\n")
    frames = derive(Study.open(tmp_path)).frames
    told = frames["findings"].filter(RULE="given-best-response-not-found")
    assert told.select("TABLE", "VALUE").rows() == [("ADRS", "BESTR")]
    assert "adrs" not in frames


def test_rows_that_do_not_count_are_explained(tmp_path):
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01A,SAFFL\nS,1,X,Y\n")
    (tmp_path / "adrs.csv").write_text("STUDYID,USUBJID,PARAMCD,AVALC\nS,1,BOR,PR\nS,1,BOR,PR\n")
    account = derive(Study.open(tmp_path)).frames["accounting"].filter(TABLE="ADRS")
    assert account.select("ROWS_USED", "REASONS").row(0) == (1, "said again: 1")


def test_two_rows_with_the_flag_that_differ_are_named():
    names = ("USUBJID", "PARAMCD", "AVALC", "ANL01FL")
    found = given_responses(adrs(("1", "BOR", "PR", "Y"), ("1", "BOR", "SD", "Y"), names=names))
    assert best(found) == [("1", "SD")]
    assert found.findings["RULE"].to_list() == ["given-responses-disagree"]


@pytest.mark.parametrize(
    ("name", "param", "wanted"),
    [
        ("BORIRC", None, ("BOR", "CENTRAL")),
        ("BORINV", None, ("BOR", "INVESTIGATOR")),
        ("CBOR_BICR", None, ("CBOR", "CENTRAL")),
        ("BOR", "Best Overall Response by IRC", ("BOR", "CENTRAL")),
        ("BOR", "Best Overall Response", ("BOR", "INVESTIGATOR")),
        ("BORINV", "Best Response (Independent)", ("BOR", "INVESTIGATOR")),
    ],
)
def test_parameters_that_say_who_read_the_scans(name, param, wanted):
    found = given_responses(adrs(("1", name, "PR", param), names=("USUBJID", "PARAMCD", "AVALC", "PARAM")))
    assert found.adrs.select("PARAMCD", "EVAL").rows() == [wanted]
    assert found.findings.is_empty()


def test_who_read_is_asked_row_by_row():
    rows = [("1", "BOR", "PR", "INDEPENDENT ASSESSOR", "x"), ("1", "CBOR", "SD", None, "Central review")]
    found = given_responses(adrs(*rows, names=("USUBJID", "PARAMCD", "AVALC", "EVAL", "PARAM")))
    assert found.adrs["EVAL"].to_list() == ["CENTRAL", "CENTRAL"]


def undated(folder, adsl, adrs):
    """Findings of a study that gives best responses, and the parameters of its times to event."""
    (folder / "adsl.csv").write_text(f"STUDYID,USUBJID,TRT01A,SAFFL,TRTSDT,LSTALVDT\n{adsl}")
    (folder / "adrs.csv").write_text(f"STUDYID,USUBJID,PARAMCD,AVALC,ADT\n{adrs}")
    frames = derive(Study.open(folder)).frames
    found = frames["findings"].filter(RULE="assessments-not-dated")
    times = set(frames["adtte"]["PARAMCD"].cast(pl.String)) if "adtte" in frames else set()
    return found.select("TABLE", "SEVERITY", "MESSAGE").rows(), times


TWO = "S,1,X,Y,2024-01-01,2024-09-01\nS,2,X,Y,2024-01-01,2024-08-01\n"


def test_best_responses_without_a_dated_assessment_are_told_once(tmp_path):
    found, times = undated(tmp_path, TWO, "S,1,BOR,PR,\nS,2,BOR,SD,\n")
    ((table, severity, message),) = found
    assert (table, severity) == ("ADRS", "note")
    assert message.startswith("Best responses of 2 subject(s) are given and no assessment with a date")
    assert not times & {"PFS", "TTR", "DOR"}


def test_a_dated_assessment_of_anybody_is_enough(tmp_path):
    found, times = undated(tmp_path, TWO, "S,1,BOR,PR,\nS,2,OVR,SD,2024-02-01\n")
    assert found == []
    assert "PFS" in times


def test_nothing_is_told_where_no_time_could_begin(tmp_path):
    found, times = undated(tmp_path, "S,1,X,Y,,\nS,2,X,Y,,\n", "S,1,BOR,PR,\nS,2,BOR,SD,\n")
    assert found == []
    assert times == set()


def test_who_has_no_best_response_that_others_have_is_told(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01A,SAFFL,TRTSDT\n1,A,Y,2024-01-01\n2,A,Y,2024-01-01\n3,A,N,\n")
    (tmp_path / "adrs.csv").write_text("USUBJID,PARAMCD,AVALC\n1,BOR,PR\n2,BOR,\n")
    found = derive(Study.open(tmp_path)).frames["findings"].filter(RULE="best-response-not-given")
    assert found.select("USUBJID", "VALUE").rows() == [("2", "INVESTIGATOR")]


def test_who_has_assessments_and_no_best_response_is_told(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01A,SAFFL,TRTSDT\n1,A,Y,2024-01-01\n2,A,Y,2024-01-01\n")
    (tmp_path / "adrs.csv").write_text("USUBJID,PARAMCD,AVALC,ADT\n1,BOR,PR,\n2,OVR,SD,2024-02-01\n")
    found = derive(Study.open(tmp_path)).frames["findings"].filter(RULE="best-response-not-given")
    assert found["USUBJID"].to_list() == ["2"]
    assert found["MESSAGE"].item().endswith("which others have; it counts as one without a response.")
