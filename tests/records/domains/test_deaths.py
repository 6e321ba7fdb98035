"""Deaths: which record is believed, what is told of the others, and what an undated death becomes."""

import datetime as dt

import polars as pl
import pytest

from codon12 import assemble
from codon12.records import Study
from codon12.records.domains.deaths import deaths
from codon12.survival import CensorRules, overall_survival, progression_free_survival

DAY = dt.date


def table(**columns):
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return frame.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias("SRCROW"))


def one(**tables):
    return deaths(tables).select("DTHDT", "DTHDTF", "DTHDOM", "DTHVAR", "DTHROW").rows()


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        # the earliest full date of death counts, whichever table has it
        (
            {
                "DM": table(USUBJID=["1"], DTHDTC=["2022-05-12"]),
                "DS": table(USUBJID=["1"], DSDECOD=["DEATH"], DSSTDTC=["2022-05-10"]),
            },
            (DAY(2022, 5, 10), None, "DS", "DSSTDTC", 1),
        ),
        # of two records of one table the earlier one, in any order of rows
        (
            {"DS": table(USUBJID=["1", "1"], DSDECOD=["DEATH", "Death"], DSSTDTC=["2022-07-09", "2022-07-01"])},
            (DAY(2022, 7, 1), None, "DS", "DSSTDTC", 2),
        ),
        # a date of death before the end of a fatal event; that before a partial date
        (
            {
                "DM": table(USUBJID=["1"], DTHDTC=["2014-11-01"]),
                "AE": table(USUBJID=["1"], AEOUT=["FATAL"], AEENDTC=["2014-10-31"]),
            },
            (DAY(2014, 11, 1), None, "DM", "DTHDTC", 1),
        ),
        (
            {
                "DM": table(USUBJID=["1"], DTHDTC=["2014-11"]),
                "AE": table(USUBJID=["1"], AEOUT=["fatal"], AEENDTC=["2014-11-09"]),
            },
            (DAY(2014, 11, 9), None, "AE", "AEENDTC", 1),
        ),
        # when a death was learned of is its date only where nothing else is known
        (
            {
                "DM": table(USUBJID=["1"], DTHDTC=["2022-05"]),
                "SS": table(USUBJID=["1"], SSTESTCD=["SURVSTAT"], SSSTRESC=["DEAD"], SSDTC=["2022-09-01"]),
            },
            (DAY(2022, 5, 1), "D", "DM", "DTHDTC", 1),
        ),
        (
            {"SS": table(USUBJID=["1"], SSTESTCD=["SURVSTAT"], SSSTRESC=["DECEASED"], SSDTC=["2022-09-01"])},
            (DAY(2022, 9, 1), "C", "SS", "SSDTC", 1),
        ),
        # any word for a death, without a date
        ({"DM": table(USUBJID=["1"], DTHFL=["Y"], DTHDTC=[None])}, (None, None, "DM", None, 1)),
        ({"DS": table(USUBJID=["1"], DSDECOD=["DIED"], DSSTDTC=[None])}, (None, None, "DS", None, 1)),
        ({"AE": table(USUBJID=["1"], AESDTH=["Y"])}, (None, None, "AE", None, 1)),
        ({"AE": table(USUBJID=["1"], AETOXGR=["Grade 5"])}, (None, None, "AE", None, 1)),
    ],
)
def test_the_record_believed(tables, wanted):
    assert one(**tables) == [wanted]


@pytest.mark.parametrize(
    "tables",
    [
        {"DM": table(USUBJID=["1"], DTHFL=["N"], DTHDTC=[None])},
        {"DS": table(USUBJID=["1"], DSDECOD=["LOST TO FOLLOW-UP"], DSSTDTC=["2022-01-01"])},
        {"AE": table(USUBJID=["1"], AEOUT=["FATAL"], AEOCCUR=["N"])},
        {"SS": table(USUBJID=["1"], SSTESTCD=["SURVSTAT"], SSSTRESC=["ALIVE"], SSDTC=["2022-01-01"])},
    ],
)
def test_no_death(tables):
    assert one(**tables) == []


ADSL = pl.DataFrame(
    {
        "USUBJID": ["1", "2"],
        "STARTDT": [DAY(2022, 1, 1)] * 2,
        "DTHDT": [None, None],
        "DTHFL": ["Y", None],
        "LSTALVDT": [DAY(2022, 3, 1)] * 2,
        "LSTALVDOM": ["AE", "AE"],
        "LSTALVROW": [4, 5],
    },
    schema_overrides={"DTHDT": pl.Date},
)


def test_an_undated_death_is_never_alive():
    got = overall_survival(ADSL).select("CNSR", "EVNTDESC", "AVAL", "SRCDOM", "SRCROW").rows()
    assert got == [(6, "Died, date unknown", 60, "AE", 4), (1, "Alive", 60, "AE", 5)]
    counted = overall_survival(ADSL, rules=CensorRules(undated_death="event"))
    assert counted.select("CNSR", "EVNTDESC").rows() == [(0, "Death, date unknown"), (1, "Alive")]


def test_an_undated_death_is_told_in_progression_free_survival():
    seen = pl.DataFrame({"USUBJID": ["1", "2"], "ADT": [DAY(2022, 2, 1)] * 2, "AVALC": ["SD", "SD"]})
    got = progression_free_survival(ADSL, seen).select("CNSR", "EVNTDESC").rows()
    assert got == [(6, "Died, date unknown"), (1, "No progression or death")]


def test_a_death_is_traced_to_its_record(tmp_path):
    (tmp_path / "dm.csv").write_text(
        "STUDYID,DOMAIN,USUBJID,RFXSTDTC,ARM,DTHFL,DTHDTC\nS,DM,1,2022-01-01,A,,\nS,DM,2,2022-01-01,A,,\n"
    )
    (tmp_path / "ds.csv").write_text("STUDYID,DOMAIN,USUBJID,DSDECOD,DSCAT,DSSTDTC\n"
                                     "S,DS,2,COMPLETED,DISPOSITION EVENT,2022-02-02\n"
                                     "S,DS,1,DEATH,DISPOSITION EVENT,2022-03-03\n")  # fmt: skip
    evidence = assemble(Study.open(tmp_path))
    rows = evidence.trace("os.events.all").rows.select("USUBJID", "FILE", "SRCVAR", "SRCROW").rows()
    assert rows == [("1", "ds.csv", "DSSTDTC", 2)]
    assert evidence.frames["findings"].filter(RULE="death-not-in-dm")["ROW"].to_list() == [2]


@pytest.mark.parametrize("flag", ["y", "Yes", "1", "TRUE", " Y "])
def test_a_flag_that_says_yes_is_a_death(flag):
    assert one(DM=table(USUBJID=["1"], DTHFL=[flag])) == [(None, None, "DM", None, 1)]


def test_a_contact_after_the_day_on_which_a_death_was_learned_of_is_told(tmp_path):
    (tmp_path / "dm.csv").write_text("STUDYID,DOMAIN,USUBJID,RFXSTDTC,ARM\nS,DM,1,2022-01-01,A\n")
    (tmp_path / "ss.csv").write_text("STUDYID,DOMAIN,USUBJID,SSTESTCD,SSSTRESC,SSDTC\n"
                                     "S,SS,1,SURVSTAT,DEAD,2022-03-01\nS,SS,1,SURVSTAT,ALIVE,2022-04-01\n")  # fmt: skip
    assert Study.open(tmp_path).findings.filter(RULE="record-after-death")["ROW"].to_list() == [2]
