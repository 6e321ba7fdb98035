"""Pseudonyms stand where a subject stands, and nowhere else."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.report import mask_subjects, pseudonyms, write_report

from .studies import evidence_of, write_study

pytestmark = pytest.mark.requirement("R-OUTP-02")


@dataclass(frozen=True)
class Held:
    """As much of an evidence as masking asks for."""

    frames: dict = field(default_factory=dict)
    numbers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame({"id": ["n.all"], "subjects": [["1", "2"]]}))
    methods: list = field(default_factory=list)


def masked(frame: pl.DataFrame, **others: pl.DataFrame) -> pl.DataFrame:
    return mask_subjects(Held({"adsl": frame, **others})).frames["adsl"]


def names_of(*ids: str) -> dict[str, str]:
    return pseudonyms(pl.Series(ids))


def test_a_performance_status_or_a_site_that_equals_an_identifier_stays():
    name = names_of("1", "2", "10001")
    frame = pl.DataFrame(
        {
            "USUBJID": ["1", "2", "10001"],
            "SUBJID": ["1", "2", "10001"],
            "SITEID": ["10001", "1", "2"],
            "ECOG": ["1", "2", "1"],
            "AGEGR": ["2", "1", "10001"],
            "COMMENT": ["1", "platelets 10001", "2 of 2"],
        }
    )
    out = masked(frame)
    assert out["USUBJID"].to_list() == out["SUBJID"].to_list() == [name["1"], name["2"], name["10001"]]
    assert out.drop("USUBJID", "SUBJID").equals(frame.drop("USUBJID", "SUBJID"))


@pytest.mark.parametrize(
    "column", ["SUBJID", "PATIENT_ID", "Patient ID", "subject", "SUBJIDN", "RFUSUBJID", "SUBJECT_NUMBER"]
)
def test_every_column_that_holds_subjects_is_masked(column):
    out = masked(pl.DataFrame({"USUBJID": ["S-01", "S-02"], column: ["1", "2"]}))
    assert out[column].to_list() == out["USUBJID"].to_list()


def test_numbers_of_subjects_are_masked_too():
    out = masked(pl.DataFrame({"USUBJID": ["S-01", "S-02"], "SUBJID": [1, None], "AGE": [1, 2]}))
    assert out["SUBJID"].to_list() == [out["USUBJID"][0], None]
    assert out["AGE"].to_list() == [1, 2]


def test_a_column_that_repeats_every_subject_holds_subjects_whatever_its_name():
    ids = [str(i) for i in range(12)]
    out = masked(pl.DataFrame({"USUBJID": ids, "PATNO_OLD": ids, "SITEID": ids, "SCORE": [*ids[:11], "0"]}))
    assert out["PATNO_OLD"].to_list() == out["USUBJID"].to_list()
    assert out["SITEID"].to_list() == ids
    assert out["SCORE"].to_list() == [*ids[:11], "0"]


def test_names_of_samples_lose_their_subject_and_nothing_more():
    name = names_of("1", "TCGA-05-4244")
    frame = pl.DataFrame(
        {
            "USUBJID": ["1", "1", "TCGA-05-4244", "1"],
            "SAMPLE": ["1-T1", "FFPE 11", "TCGA-05-4244-01A", None],
            "TUMOR_SAMPLE_BARCODE": ["T_1", "1", "xTCGA-05-4244x", ""],
        }
    )
    out = masked(frame)
    assert out["SAMPLE"].to_list() == [f"{name['1']}-T1", "FFPE 11", f"{name['TCGA-05-4244']}-01A", None]
    assert out["TUMOR_SAMPLE_BARCODE"].to_list() == [f"T_{name['1']}", name["1"], f"x{name['TCGA-05-4244']}x", ""]


def test_long_identifiers_are_replaced_inside_any_text():
    name = names_of("SITE7-1001", "SITE7-10011")
    out = masked(pl.DataFrame({"USUBJID": ["SITE7-1001", "SITE7-10011"], "NOTE": ["see SITE7-10011!", "SITE7-1001"]}))
    assert out["NOTE"].to_list() == [f"see {name['SITE7-10011']}!", name["SITE7-1001"]]


def test_the_subject_within_the_site_is_replaced_inside_texts_too():
    out = masked(pl.DataFrame({"USUBJID": ["ST-01-AB001"], "SUBJID": ["AB001"], "NOTE": ["AB001 called; grade 1"]}))
    assert out["NOTE"].to_list() == ["P0001 called; grade 1"]


def test_short_identifiers_are_replaced_where_a_sentence_or_a_predicate_says_subject():
    name = names_of("7", "8")
    held = Held(
        {"adsl": pl.DataFrame({"USUBJID": ["7", "8"], "NOTE": ["as subject 7.", "subjects 7, 8 and 9: grade 8"]})},
        pl.DataFrame({"where": ["(USUBJID = '7') AND (ECOG = '7')", "USUBJID IN ('8', '9') AND SEX = '8'"]}),
        [("Data", "Patient 8 is left out; 7 patients remain.")],
    )
    out = mask_subjects(held)
    assert out.frames["adsl"]["NOTE"].to_list() == [
        f"as subject {name['7']}.",
        f"subjects {name['7']}, {name['8']} and 9: grade 8",
    ]
    assert out.numbers["where"].to_list() == [
        f"(USUBJID = '{name['7']}') AND (ECOG = '7')",
        f"USUBJID IN ('{name['8']}', '9') AND SEX = '8'",
    ]
    assert out.methods == [("Data", f"Patient {name['8']} is left out; 7 patients remain.")]


def test_a_finding_about_an_identifier_is_masked_and_one_about_a_value_is_not():
    findings = pl.DataFrame(
        {
            "TABLE": ["AE", "VS"],
            "USUBJID": ["7", "7"],
            "VARIABLE": ["USUBJID", "ECOG"],
            "RULE": ["unknown-subject", "unknown-word"],
            "VALUE": ["7", "7"],
            "MESSAGE": ["AE row 7: 7 is not in DM.", "VS row 7: 7 is no performance status."],
        }
    )
    out = mask_subjects(Held({"findings": findings})).frames["findings"]
    assert out["VALUE"].to_list() == ["P0001", "7"]
    assert out["MESSAGE"][0] == "AE row 7: P0001 is not in DM."
    assert out["MESSAGE"][1] == "VS row 7: 7 is no performance status."


def test_nobody_to_mask_leaves_everything_as_it_was():
    held = Held({"sources": pl.DataFrame({"TABLE": ["DM"]})})
    assert mask_subjects(held) is held


IDS = st.lists(st.text("0123AB-", min_size=1, max_size=6), min_size=1, max_size=6, unique=True)


@settings(deadline=None)
@given(IDS, st.lists(st.text("0123AB-", max_size=4), min_size=6, max_size=6))
def test_columns_of_subjects_become_pseudonyms_and_short_texts_stay(ids, levels):
    frame = pl.DataFrame({"USUBJID": ids, "SUBJID": ids, "LEVEL": levels[: len(ids)]})
    out = masked(frame)
    assert set(out["USUBJID"]) == set(out["SUBJID"]) == set(names_of(*ids).values())
    assert out["LEVEL"].to_list() == levels[: len(ids)]


def test_a_report_of_short_numbers_keeps_its_levels_and_its_counts(tmp_path):
    evidence = evidence_of(write_study(tmp_path / "study", [str(i) for i in range(12)]))
    out = mask_subjects(evidence)
    assert out.frames["adsl"]["ECOG"].equals(evidence.frames["adsl"]["ECOG"])
    assert out.numbers.drop("subjects", "where").equals(evidence.numbers.drop("subjects", "where"))
    assert dataclasses.replace(out, numbers=evidence.numbers).methods == evidence.methods
    page = write_report(evidence, tmp_path / "out", mask_ids=True, figures=False, formats=()).read_text()
    assert "P0012" in page
