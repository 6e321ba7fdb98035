import datetime as dt

import polars as pl
import pytest

from codon12.errors import DataError
from codon12.records import ADSL_COLUMNS, Study, analysis_subjects

DM = (
    "STUDYID,USUBJID,ARM,ACTARM,ARMCD,RFXSTDTC,RFXENDTC,DTHFL,DTHDTC,DMDTC\n"
    "S,1,Drug A,Drug A,A,2020-01-02,2020-04-01,Y,2020-05,2019-12-20\n"
    "S,2,Drug A,Drug B,A,,,,,2019-12-21\n"
    "S,3,Screen Failure,Screen Failure,SCRNFAIL,,,,,2019-12-22\n"
    "S,4,Placebo,Placebo,P,,,,,2019-12-23\n"
)
EX = (
    "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n"
    "1,A,960,2020-01-02T08:00,2020-02-01\n1,A,0,2020-02-02,2020-02-20\n1,A,480,2020-02-21,2020-04\n"
    "2,B,0,2020-01-05,2020-01-20\n"
    "4,PLACEBO,0,2020-01-03,\n"
)
DS = (
    "USUBJID,DSCAT,DSSCAT,DSDECOD,DSSTDTC\n"
    "1,PROTOCOL MILESTONE,,RANDOMIZED,2019-12-30\n"
    "1,DISPOSITION EVENT,STUDY TREATMENT,PROGRESSIVE DISEASE,2020-04-30\n"
    "1,DISPOSITION EVENT,STUDY PARTICIPATION,DEATH,2020-05-12\n"
    "2,PROTOCOL MILESTONE,,RANDOMISED,2019-12-31\n"
    "2,DISPOSITION EVENT,STUDY PARTICIPATION,LOST TO FOLLOW-UP,2020-09-09\n"
    "3,DISPOSITION EVENT,,SCREEN FAILURE,2019-12-24\n"
    "4,PROTOCOL MILESTONE,,RANDOMIZED,2020-01-03\n"
)
AE = "USUBJID,AETERM,AESTDTC,AEENDTC\n1,X,2020-05-20,\n2,Y,2020-03,2020-03-09\n4,Z,2020-02-01,2020-12-31\n"
FILES = {"dm.csv": DM, "ex.csv": EX, "ds.csv": DS, "ae.csv": AE}


def subjects(folder, files=FILES, config=None):
    return analysis_subjects(Study.open(folder(files, config)))


def test_adsl_of_sdtm(folder):
    adsl = subjects(folder)
    assert adsl.columns[: len(ADSL_COLUMNS)] == list(ADSL_COLUMNS)
    day = dt.date
    wanted = [
        ("1", "Drug A", "Drug A", day(2020, 1, 2), day(2020, 4, 30), "D", 120, "Y", "Y", "Y", "Y"),
        ("2", "Drug A", None, None, None, None, None, None, "Y", "Y", "Y"),
        ("3", None, None, None, None, None, None, None, None, None, None),
        # no record ends the dosing of subject 4, who was last seen on 31 December
        ("4", "Placebo", "Placebo", day(2020, 1, 3), day(2020, 12, 31), "O", 364, "Y", "Y", "Y", "Y"),
    ]
    columns = [
        "USUBJID",
        "TRT01P",
        "TRT01A",
        "TRTSDT",
        "TRTEDT",
        "TRTEDTF",
        "TRTDURD",
        "SAFFL",
        "ENRLFL",
        "RANDFL",
        "ITTFL",
    ]
    assert adsl.select(columns).rows() == wanted


def test_disposition_death_and_follow_up(folder):
    adsl = subjects(folder)
    day = dt.date
    columns = ["EOTSTT", "EOTDT", "DCTREAS", "EOSSTT", "EOSDT", "DCSREAS"]
    assert adsl.select(columns).rows() == [
        ("DISCONTINUED", day(2020, 4, 30), "PROGRESSIVE DISEASE", "DISCONTINUED", day(2020, 5, 12), "DEATH"),
        (None, None, None, "DISCONTINUED", day(2020, 9, 9), "LOST TO FOLLOW-UP"),
        (None, None, None, None, None, None),
        ("ONGOING", None, None, "ONGOING", None, None),
    ]
    # The full date in DS goes before the partial one in DM; being lost to follow-up is no contact.
    assert adsl.select("DTHFL", "DTHDT", "DTHDTF", "DTHDOM", "DTHROW", "LSTALVDT", "FUPDT").rows() == [
        ("Y", day(2020, 5, 12), None, "DS", 3, day(2020, 5, 12), day(2020, 5, 12)),
        (None, None, None, None, None, day(2020, 3, 9), day(2020, 3, 9)),
        (None, None, None, None, None, day(2019, 12, 24), day(2019, 12, 24)),
        (None, None, None, None, None, day(2020, 12, 31), day(2020, 12, 31)),
    ]


def test_an_imputed_death_is_not_before_the_last_contact(folder):
    files = FILES | {"ds.csv": "USUBJID,DSDECOD,DSSTDTC\n1,RANDOMIZED,2020-01-01\n"}
    row = subjects(folder, files).filter(USUBJID="1").row(0, named=True)
    # DTHDTC 2020-05 means 2020-05-01; an adverse event on 2020-05-20 moves it.
    assert (row["DTHDT"], row["DTHDTF"], row["DTHDOM"]) == (dt.date(2020, 5, 20), "D", "DM")


def test_a_contact_after_the_month_of_death_hides_no_contact_within_it(folder):
    files = FILES | {
        "ds.csv": "USUBJID,DSDECOD,DSSTDTC\n1,RANDOMIZED,2020-01-01\n",
        "ss.csv": "USUBJID,SSTESTCD,SSSTRESC,SSDTC\n1,SURVSTAT,ALIVE,2020-06-15\n",
    }
    row = subjects(folder, files).filter(USUBJID="1").row(0, named=True)
    assert (row["DTHDT"], row["LSTALVDT"]) == (dt.date(2020, 5, 20), dt.date(2020, 5, 20))


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("AETERM,AESTAT,AESTDTC", "Rash,NOT DONE,2024-04-09", 1),
        ("AETERM,AEOCCUR,AESTDTC", "Rash,N,2024-04-09", 1),
        ("AETERM,AEOCCUR,AESTDTC", "Rash,Y,2024-04-09", 9),
        ("AETERM,AEOCCUR,AEDTC", "Rash,N,2024-04-09", 9),  # asked about on that day, and alive
        ("AETERM,AESTAT,AEDTC", "Rash,NOT DONE,2024-04-09", 1),
    ],
)
def test_what_did_not_happen_shows_nobody_alive(folder, header, cells, wanted):
    files = {
        "dm.csv": "USUBJID,RFSTDTC,ARM\n1,2024-04-01,X\n",
        "ex.csv": "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,X,1,2024-04-01,2024-04-01\n",
        "ae.csv": f"USUBJID,{header}\n1,{cells}\n",
    }
    assert subjects(folder, files)["LSTALVDT"].to_list() == [dt.date(2024, 4, wanted)]


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("auto", [(2019, 12, 30), (2019, 12, 31), None, (2020, 1, 3)]),
        ("randomisation", [(2019, 12, 30), (2019, 12, 31), None, (2020, 1, 3)]),
        ("treatment", [(2020, 1, 2), None, None, (2020, 1, 3)]),
    ],
)
def test_time_zero(folder, start, wanted):
    dates = subjects(folder, config=f'start = "{start}"')["STARTDT"].to_list()
    assert dates == [dt.date(*w) if w else None for w in wanted]


def test_time_zero_of_a_study_without_randomisation_is_the_first_dose(folder):
    files = {k: v for k, v in FILES.items() if k != "ds.csv"}
    adsl = subjects(folder, files)
    assert adsl["STARTDT"].to_list()[0] == dt.date(2020, 1, 2)
    assert adsl["ITTFL"].to_list() == ["Y", "Y", None, "Y"]  # enrolled, as nobody was randomised


def test_without_ex_the_exposure_is_what_dm_says(folder):
    files = {k: v for k, v in FILES.items() if k != "ex.csv"}
    row = subjects(folder, files).row(0, named=True)
    assert (row["TRTSDT"], row["TRTEDT"], row["SAFFL"]) == (dt.date(2020, 1, 2), dt.date(2020, 4, 1), "Y")


def test_the_cutoff_holds_for_every_date(folder):
    adsl = subjects(folder, config="data_cutoff = 2020-03-15\n")
    row = adsl.row(0, named=True)
    assert (row["TRTEDT"], row["DTHDT"], row["DTHFL"]) == (dt.date(2020, 3, 15), None, None)
    assert (row["EOTSTT"], row["EOSSTT"]) == ("ONGOING", "ONGOING")
    dates = [c for c, t in ADSL_COLUMNS.items() if t == pl.Date]
    assert adsl.select(pl.max_horizontal(pl.col(dates).max())).item() <= dt.date(2020, 3, 15)


def test_treatment_labels(folder):
    adsl = subjects(folder, config='[treatments]\n"Drug A" = "Sotorasib"\n')
    assert adsl["TRT01P"].to_list() == ["Sotorasib", "Sotorasib", None, "Placebo"]
    assert adsl["ARM"].to_list()[0] == "Drug A"


def test_a_subject_twice_has_no_right_answer(folder):
    study = Study.open(folder({"dm.csv": "USUBJID\n1\n1\n"}))
    with pytest.raises(DataError, match=r"DM: 2 rows have no subject of their own \(rows 1, 2\)"):
        analysis_subjects(study)


def test_no_subject_at_all(folder):
    adsl = subjects(folder, {"dm.csv": "USUBJID,ARM\n"})
    assert (adsl.height, adsl["TRTSDT"].dtype) == (0, pl.Date)


def test_one_subject_with_dm_alone(folder):
    adsl = subjects(folder, {"dm.csv": "USUBJID\n1\n"})
    assert adsl.select("USUBJID", "ENRLFL", "SAFFL", "STARTDT", "LSTALVDT").row(0) == ("1", "Y", None, None, None)


def test_adsl_as_given_is_filled_where_it_follows(folder):
    files = {
        "adsl.csv": (
            "USUBJID,ARM,TRTSDTM,TRTEDT,RANDDT,DTHDT,LSTALVDT,SAFFL,AGE,DTHFL\n"
            "1,A,2020-01-02T09:00:00,2020-01-31,2020-01-01,2020-03-01,2020-03-01,Y,60,Y\n"
            "2,A,,,2020-01-01,,2020-02-01,N,61,N\n"
        )
    }
    adsl = subjects(folder, files)
    columns = ["TRT01P", "TRT01A", "TRTSDT", "TRTDURD", "STARTDT", "FUPDT", "SAFFL", "RANDFL", "ITTFL", "DTHFL"]
    day = dt.date
    assert adsl.select(columns).rows() == [
        ("A", "A", day(2020, 1, 2), 30, day(2020, 1, 1), day(2020, 3, 1), "Y", "Y", "Y", "Y"),
        ("A", "A", None, None, day(2020, 1, 1), day(2020, 2, 1), None, "Y", "Y", None),
    ]


def test_row_order_does_not_matter(folder, tmp_path_factory):
    """Law: subjects do not depend on the order of the rows of any table."""
    first = subjects(folder)

    def upside_down(text):
        head, *rows = text.strip().split("\n")
        return "\n".join([head, *reversed(rows)]) + "\n"

    path = tmp_path_factory.mktemp("study")
    for name, text in FILES.items():
        (path / name).write_text(upside_down(text))
    second = analysis_subjects(Study.open(path))
    rows = [c for c in first.columns if c.endswith("ROW")]
    assert first.drop(rows).equals(second.drop(rows))


def test_who_left_the_study_is_not_on_treatment(folder):
    files = {
        "dm.csv": "USUBJID,ARM\n1,A\n2,A\n",
        "ex.csv": "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2020-02-01,2020-03-01\n2,A,1,2020-02-01,2020-03-01\n",
        "ds.csv": "USUBJID,DSCAT,DSSCAT,DSDECOD,DSSTDTC\n"
        "1,DISPOSITION EVENT,STUDY PARTICIPATION,WITHDRAWAL BY SUBJECT,2020-03-05\n",
    }
    frame = analysis_subjects(Study.open(folder(files)))
    assert frame.select("EOTSTT", "EOTDT", "DCTREAS").rows() == [
        ("DISCONTINUED", dt.date(2020, 3, 5), "WITHDRAWAL BY SUBJECT"),
        ("ONGOING", None, None),
    ]
