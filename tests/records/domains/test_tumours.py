import datetime as dt
from types import SimpleNamespace

import polars as pl
import pytest

from codon12.records import Study, lesions, responses

DM = "USUBJID\n1\n"
TU = (
    "USUBJID,TUSEQ,TULNKID,TUSTRESC,TULOC,TUEVAL,TUEVALID,TUDTC,VISITNUM\n"
    "1,1,T01,TARGET,LUNG,INVESTIGATOR,,2020-01-01,1\n"
    "1,2,T02,TARGET,LYMPH NODE,INVESTIGATOR,,2020-01-01,1\n"
    "1,3,NT01,NON-TARGET,,INVESTIGATOR,,2020-01-01,1\n"
    "1,4,NEW01,NEW,LIVER,INVESTIGATOR,,2020-03-01,2\n"
    "1,5,R1-T01,TARGET,LIVER,INDEPENDENT ASSESSOR,RADIOLOGIST 1,2020-01-01,1\n"
)
HEAD = "USUBJID,TRSEQ,TRGRPID,TRLNKID,TRTESTCD,TRSTRESC,TRSTRESN,TRSTRESU,TRSTAT,TRREASND,TREVAL,TREVALID,TRACPTFL,TRDTC,VISITNUM,VISIT\n"


def tumours(folder, rows, tu=TU):
    files = {"dm.csv": DM, "tr.csv": HEAD + rows}
    return lesions(Study.open(folder(files | ({"tu.csv": tu} if tu else {}))))


def inv(seq, group, lesion, test, text, number="", unit="mm", date="2020-01-01", visit=1, stat=""):
    return f"1,{seq},{group},{lesion},{test},{text},{number},{unit},{stat},,INVESTIGATOR,,,{date},{visit},V{visit}\n"


def test_the_diameter_that_counts(folder):
    rows = "".join(
        inv(i, "TARGET", lesion, test, value, value)
        for i, (lesion, test, value) in enumerate(
            [
                ("T01", "DIAMETER", "30"),
                ("T01", "LDIAM", "31"),
                ("T01", "LPERP", "9"),
                ("T02", "LDIAM", "25"),
                ("T02", "LPERP", "16"),
            ],
            1,
        )
    )
    frame = tumours(folder, rows).filter(GROUP="TARGET")
    assert frame.select("LESIONID", "NODAL", "AVAL", "TEST", "SRCROW").rows() == [
        ("T01", False, 31.0, "LDIAM", 2),
        ("T02", True, 16.0, "LPERP", 5),
    ]


def test_a_node_with_a_longest_diameter_only_is_not_assessed(folder):
    frame = tumours(folder, inv(1, "TARGET", "T02", "LDIAM", "25", "25"))
    assert frame.filter(GROUP="TARGET").select("LESIONID", "AVAL", "TEST").rows() == [("T02", None, "LDIAM")]
    assert "node-without-short-axis" in Study.open(folder({})).findings["RULE"].to_list()


@pytest.mark.parametrize(
    ("number", "unit", "mm"), [("2.1", "cm", 21.0), ("3.23", "CM", 32.3), ("14", "", 14.0), ("5", "pixel", None)]
)
def test_units(folder, number, unit, mm):
    frame = tumours(folder, inv(1, "TARGET", "T01", "LDIAM", number, number, unit=unit)).filter(GROUP="TARGET")
    assert frame["AVAL"].to_list() == [mm]


def test_states(folder):
    rows = (
        inv(1, "TARGET", "T01", "LDIAM", "", "", unit="", stat="NOT DONE")
        + inv(2, "TARGET", "T01", "TUMSTATE", "Too small to measure", unit="")
        + inv(3, "TARGET", "T02", "LPERP", "", "", unit="", stat="NOT DONE")
        + inv(4, "NON-TARGET", "NT01", "TUMSTATE", "Absent", unit="")
        + inv(5, "TARGET", "T01", "LDIAM", "Not evaluable", "", unit="", date="2020-02-01", visit=2)
        + inv(6, "TARGET", "T02", "LPERP", "0", "0", date="2020-02-01", visit=2)
        + inv(7, "TARGET", "T02", "TUMSTATE", "ABSENT", unit="", date="2020-02-01", visit=2)
    )
    frame = tumours(folder, rows).filter(pl.col("GROUP") != "NEW").sort("LESIONID", "ADT")
    assert frame.select("LESIONID", "AVAL", "AVALC", "TEST").rows() == [
        ("NT01", None, "ABSENT", "TUMSTATE"),
        ("T01", None, "TOO SMALL TO MEASURE", "TUMSTATE"),
        ("T01", None, "NOT EVALUABLE", "LDIAM"),
        ("T02", None, "NOT DONE", "LPERP"),
        ("T02", 0.0, "ABSENT", "LPERP"),
    ]


def test_a_new_lesion_of_tu_alone_is_an_assessment(folder):
    new = tumours(folder, inv(1, "TARGET", "T01", "LDIAM", "30", "30")).filter(GROUP="NEW")
    assert new.select("LESIONID", "LOC", "ADT", "AVAL", "SRCDOM", "SRCROW").row(0) == (
        "NEW01", "LIVER", dt.date(2020, 3, 1), None, "TU", 4,
    )  # fmt: skip
    described = inv(1, "NEW", "NEW01", "TUMSTATE", "EQUIVOCAL", unit="", date="2020-03-01", visit=2)
    new = tumours(folder, described).filter(GROUP="NEW")
    assert new.select("AVALC", "SRCDOM").rows() == [("EQUIVOCAL", "TR")]


def test_readers_keep_apart_and_find_their_own_lesion(folder):
    rows = inv(1, "TARGET", "T01", "LDIAM", "30", "30") + (
        "1,2,TARGET,R1-T01,LDIAM,28,28,mm,,,INDEPENDENT ASSESSOR,RADIOLOGIST 1,Y,2020-01-01,1,V1\n"
        "1,3,TARGET,R1-T01,LDIAM,26,26,mm,,,INDEPENDENT ASSESSOR,RADIOLOGIST 2,,2020-01-01,1,V1\n"
    )
    frame = tumours(folder, rows).filter(GROUP="TARGET")
    assert frame.select("EVAL", "EVALID", "ACPTFL", "LOC", "AVAL").rows() == [
        ("CENTRAL", "RADIOLOGIST 1", "Y", "LIVER", 28.0),
        ("CENTRAL", "RADIOLOGIST 2", None, "LIVER", 26.0),
        ("INVESTIGATOR", None, None, "LUNG", 30.0),
    ]


def test_the_group_of_tu_where_tr_has_none_and_the_location_of_tr(folder):
    rows = inv(1, "", "T01", "LDIAM", "30", "30")
    assert tumours(folder, rows).filter(LESIONID="T01")["GROUP"].to_list() == ["TARGET"]
    text = "USUBJID,TRGRPID,TRLNKID,TRTESTCD,TRSTRESN,TRLOC,TRDTC\n1,TARGET,T01,LPERP,12,LYMPH NODE,2020-01-01\n"
    path = folder({"dm.csv": DM, "tr.csv": text})
    (path / "tu.csv").unlink()
    assert lesions(Study.open(path)).select("NODAL", "AVAL", "EVAL").row(0) == (True, 12.0, "INVESTIGATOR")


def test_partial_and_impossible_dates(folder):
    rows = inv(1, "TARGET", "T01", "LDIAM", "30", "30", date="2020-02") + inv(
        2, "TARGET", "T02", "LPERP", "30", "30", date="2021-13-40"
    )
    frame = tumours(folder, rows).filter(GROUP="TARGET")
    assert frame.select("DTC", "ADT", "ADTF").rows() == [
        ("2020-02", dt.date(2020, 2, 1), "D"),
        ("2021-13-40", None, None),
    ]


def test_a_sum_recorded_in_tr_is_no_lesion(folder):
    rows = inv(1, "TARGET", "", "SUMDIAM", "60", "60") + inv(2, "TARGET", "T01", "SUMDIAM", "60", "60")
    assert tumours(folder, rows).filter(GROUP="TARGET").height == 0


def test_without_tumour_tables_both_are_empty(folder):
    study = Study.open(folder({"dm.csv": DM}))
    assert lesions(study).height == responses(study).height == 0
    assert lesions(study).schema["ADT"] == pl.Date


def test_responses(folder):
    rs = (
        "USUBJID,RSSEQ,RSTESTCD,RSCAT,RSORRES,RSSTRESC,RSSTAT,RSEVAL,RSEVALID,RSACPTFL,RSDTC,VISITNUM,VISIT\n"
        "1,1,OVRLRESP,RECIST 1.1,pr,PR,,INVESTIGATOR,,,2020-02,2,W6\n"
        "1,2,OVRLRESP,iRECIST,iUPD,iUPD,,INVESTIGATOR,,,2020-02-12,2,W6\n"
        "1,3,TRGRESP,,sd,,,INDEPENDENT ASSESSOR,RADIOLOGIST 1,Y,2020-02-12,2,W6\n"
        "1,4,NTRGRESP,RECIST 1.1,,,NOT DONE,BICR,,,2020-02-12,2,W6\n"
        "1,5,NTRGRESP,RECIST 1.1,,Non-CR/Non-PD,,,,,2020-02-12,2,W6\n"
    )
    frame = responses(Study.open(folder({"dm.csv": DM, "rs.csv": rs}))).sort("SRCROW")
    assert frame.select("EVAL", "PARAMCD", "CRITERION", "ADT", "AVALC", "ACPTFL").rows() == [
        ("INVESTIGATOR", "OVRLRESP", "RECIST 1.1", dt.date(2020, 2, 29), "PR", None),
        ("INVESTIGATOR", "OVRLRESP", "iRECIST", dt.date(2020, 2, 12), "iUPD", None),
        ("CENTRAL", "TRGRESP", "RECIST 1.1", dt.date(2020, 2, 12), "SD", "Y"),
        ("CENTRAL", "NTRGRESP", "RECIST 1.1", dt.date(2020, 2, 12), "ND", None),
        ("INVESTIGATOR", "NTRGRESP", "RECIST 1.1", dt.date(2020, 2, 12), "NON-CR/NON-PD", None),
    ]


def test_responses_in_words_are_terms():
    said = [
        "Complete Response",
        "PARTIAL  RESPONSE (PR)",
        "stable disease",
        "Non-CR/ Non-PD",
        "iUPD",
        "Clinical progression",
    ]
    rs = pl.DataFrame({"USUBJID": said, "RSTESTCD": ["OVRLRESP"] * 6, "RSSTRESC": said, "RSDTC": ["2024-02-01"] * 6})
    rs = rs.with_columns(SRCROW=pl.int_range(1, 7))
    study = SimpleNamespace(has=lambda t: t == "RS", table=lambda _: rs)
    got = dict(responses(study).select("USUBJID", "AVALC").iter_rows())
    assert [got[s] for s in said] == ["CR", "PR", "SD", "NON-CR/NON-PD", "iUPD", "CLINICAL PROGRESSION"]
