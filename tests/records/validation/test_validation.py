"""Every rule: a tiny study that breaks it, and the same study mended, which does not."""

import polars as pl
import pytest

from codon12.records import RULES, Study, StudyConfig, validate
from codon12.records.dates import parse_dtc

pytestmark = pytest.mark.requirement("R-READ-02")

DM = {
    "USUBJID": ["1", "2"],
    "ARM": ["A", "A"],
    "SEX": ["F", "M"],
    "AGE": [60.0, 70.0],
    "RFICDTC": ["2019-12-20", None],
    "DTHDTC": ["2020-06-01", None],
    "DTHFL": ["Y", None],
}
EX = {
    "USUBJID": ["1", "2"],
    "EXSEQ": [1.0, 1.0],
    "EXTRT": ["X", "X"],
    "EXDOSE": [960.0, 960.0],
    "EXSTDTC": ["2020-01-01", "2020-01-01"],
    "EXENDTC": ["2020-05-01", "2020-05-01"],
}
TR = {
    "USUBJID": ["1", "1"],
    "TRSEQ": [1.0, 2.0],
    "TRGRPID": ["TARGET", "NON-TARGET"],
    "TRLNKID": ["T01", "NT01"],
    "TRTESTCD": ["LDIAM", "TUMSTATE"],
    "TRSTRESC": ["21", "PRESENT"],
    "TRSTRESN": [21.0, None],
    "TRSTRESU": ["mm", None],
    "TREVAL": ["INVESTIGATOR", "INVESTIGATOR"],
    "TRDTC": ["2019-12-28", "2019-12-28"],
}
TU = {
    "USUBJID": ["1", "1"],
    "TUSEQ": [1.0, 2.0],
    "TULNKID": ["T01", "NT01"],
    "TUSTRESC": ["TARGET", "NON-TARGET"],
    "TULOC": ["LUNG", "BONE"],
    "TUDTC": ["2019-12-28", "2019-12-28"],
}
RS = {
    "USUBJID": ["1"],
    "RSSEQ": [1.0],
    "RSTESTCD": ["OVRLRESP"],
    "RSSTRESC": ["PR"],
    "RSEVAL": ["INDEPENDENT ASSESSOR"],
    "RSDTC": ["2020-02-12"],
}
AE = {
    "USUBJID": ["1"],
    "AESEQ": [1.0],
    "AETERM": ["NAUSEA"],
    "AETOXGR": ["2"],
    "AESTDTC": ["2020-01-05"],
    "AEENDTC": ["2020-01-07"],
    "AEOUT": ["RECOVERED/RESOLVED"],
}
GOOD = {"DM": DM, "EX": EX, "TR": TR, "TU": TU, "RS": RS, "AE": AE}
ADSL = {"USUBJID": ["1"], "AGE": [60.0]}
ADTTE = {"USUBJID": ["1"], "PARAMCD": ["OS"], "AVAL": [10.0], "CNSR": [0.0], "ADT": ["2020-01-05"]}
ADAM = {"ADSL": ADSL, "ADTTE": ADTTE}
CBIO = {"PATIENT": {"USUBJID": ["1"]}, "SAMPLE": {"USUBJID": ["1"], "SAMPLE_ID": ["1-T"]}}


def frames(tables):
    out = {}
    for name, columns in tables.items():
        numbers = {c for c, v in columns.items() if any(isinstance(x, float) for x in v)}
        frame = pl.DataFrame(
            {c: pl.Series(v, dtype=pl.Float64 if c in numbers else pl.String) for c, v in columns.items()}
        )
        dates = [c for c in columns if c in ("ADT", "TRTSDT", "TRTEDT", "RANDDT", "DTHDT", "LSTALVDT")]
        frame = frame.with_columns(parse_dtc(c) for c in dates)
        out[name] = frame.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias("SRCROW"))
    return out


def found(tables, fmt, config=None):
    return validate(frames(tables), fmt, config or StudyConfig())


def found_by(rule, tables, config):
    """What one rule alone finds; `validate` puts these together."""
    return pl.concat(rule.findings(frames(tables), config))


def changed(tables, table, **columns):
    return tables | {table: tables[table] | columns}


def ended(day):
    """A record of DS that ends the study."""
    return {"USUBJID": ["1"], "DSDECOD": ["COMPLETED"], "DSCAT": ["DISPOSITION EVENT"], "DSSTDTC": [day]}


CASES = {
    "column-missing": ("sdtm", {"TR": {k: v for k, v in TR.items() if k != "TRDTC"}}, ("TR", None)),
    "table-empty": ("sdtm", {"AE": {k: [] for k in AE}}, ("AE", None)),
    "subject-missing": ("sdtm", {"AE": AE | {"USUBJID": [None]}}, ("AE", 1)),
    "duplicated-subject": ("sdtm", {"DM": DM | {"USUBJID": ["1", "1"]}}, ("DM", 1)),
    "subject-without-data": ("cbioportal", {"PATIENT": {"USUBJID": ["1"], "SEX": [None]}}, ("PATIENT", 1)),
    "duplicated-sample": (
        "cbioportal",
        {"SAMPLE": {"USUBJID": ["1", "1"], "SAMPLE_ID": ["1-T", "1-T"]}},
        ("SAMPLE", 1),
    ),
    "repeated-row": ("sdtm", {"AE": {c: v * 2 for c, v in AE.items()} | {"AESEQ": [1.0, 2.0]}}, ("AE", 2)),
    "dose-not-given": ("sdtm", {"EX": EX | {"EXOCCUR": ["Y", "No"]}}, ("EX", 2)),
    "dosing-interval-assumed": (
        "sdtm",
        {"EX": EX | {"USUBJID": ["1", "1"], "EXSTDTC": ["2020-01-01", "2020-01-22"], "EXENDTC": [None, None]}},
        ("EX", 1),
    ),
    "dose-units-differ": (
        "sdtm",
        {
            "EX": EX
            | {"USUBJID": ["1", "1"], "EXSTDTC": ["2020-01-01", "2020-02-22"], "EXENDTC": ["2020-02-21"] * 2}
            | {"EXDOSU": ["mg/kg", "mg"]}
        },
        ("EX", 2),
    ),
    "dose-unit-converted": ("sdtm", {"EX": EX | {"EXDOSU": ["mg", "g"]}}, ("EX", 2)),
    "evaluator-missing": (
        "sdtm",
        {"RS": {c: v * 2 for c, v in RS.items()} | {"RSSEQ": [1.0, 2.0], "RSEVAL": ["INVESTIGATOR", None]}},
        ("RS", 2),
    ),
    "overall-response-missing": ("sdtm", {"RS": RS | {"USUBJID": ["2"], "RSTESTCD": ["TRGRESP"]}}, ("RS", 1)),
    "study-differs": (
        "sdtm",
        {"DM": DM | {"STUDYID": ["S", "T"]}, "EX": EX | {"STUDYID": ["S", "S"]}},
        ("EX", 2),
    ),
    "crossed-over": (
        "sdtm",
        {"DM": DM | {"ARM": ["A", "B"], "ACTARM": ["A", "B"]}, "EX": EX | {"EXTRT": ["a", "A"]}},
        ("EX", 2),
    ),
    "duplicated-sequence": ("sdtm", {"TR": TR | {"TRSEQ": [1.0, 1.0]}}, ("TR", 1)),
    "duplicated-time": ("tables", {"ADTTE": {k: v * 2 for k, v in ADTTE.items()}}, ("ADTTE", 1)),
    "date-impossible": ("sdtm", {"AE": AE | {"AEENDTC": ["2021-13-40"]}}, ("AE", 1)),
    "date-partial": ("sdtm", {"AE": AE | {"AEENDTC": ["2020-02"]}}, ("AE", 1)),
    "end-before-start": ("sdtm", {"AE": AE | {"AEENDTC": ["2020-01-04"]}}, ("AE", 1)),
    "term-unknown": ("sdtm", {"TU": TU | {"TUSTRESC": ["TARGET", "MAYBE"]}}, ("TU", 2)),
    "response-unknown": ("sdtm", {"RS": RS | {"RSSTRESC": ["CHECK"]}}, ("RS", 1)),
    "lesion-state-unknown": ("sdtm", {"TR": TR | {"TRSTRESC": ["21", "PERHAPS"]}}, ("TR", 2)),
    "evaluator-unknown": ("sdtm", {"RS": RS | {"RSEVAL": ["SPONSOR"]}}, ("RS", 1)),
    "diameter-negative": ("sdtm", {"TR": TR | {"TRSTRESN": [-1.0, None]}}, ("TR", 1)),
    "diameter-absurd": ("sdtm", {"TR": TR | {"TRSTRESN": [60.0, None], "TRSTRESU": ["cm", None]}}, ("TR", 1)),
    "diameter-converted": ("sdtm", {"TR": TR | {"TRSTRESU": ["cm", None]}}, ("TR", 1)),
    "diameter-unit-unknown": ("sdtm", {"TR": TR | {"TRSTRESU": ["pixel", None]}}, ("TR", 1)),
    "diameter-without-unit": ("sdtm", {"TR": TR | {"TRSTRESU": [None, None]}}, ("TR", 1)),
    "node-without-short-axis": ("sdtm", {"TU": TU | {"TULOC": ["LYMPH NODE", "BONE"]}}, ("TR", 1)),
    "lesion-without-longest-diameter": (
        "sdtm",
        {
            "TR": {c: [v[0]] * 2 for c, v in TR.items()}
            | {"TRTESTCD": ["LDIAM", "LPERP"], "TRDTC": ["2019-12-28", "2020-02-10"]}
        },
        ("TR", 2),
    ),
    "lesion-without-identifier": ("sdtm", {"TR": TR | {"TRLNKID": [None, "NT01"]}}, ("TR", 1)),
    "number-beside-not-evaluable": ("sdtm", {"TR": TR | {"TRSTAT": ["NOT DONE", None]}}, ("TR", 1)),
    "lesion-measured-twice": (
        "sdtm",
        {"TR": {c: [v[0]] * 2 for c, v in TR.items()} | {"TRSTRESN": [21.0, 25.0]}},
        ("TR", 1),
    ),
    "lesion-two-states": (
        "sdtm",
        {"TR": {c: [*v, v[1]] for c, v in TR.items()} | {"TRSTRESC": ["21", "PRESENT", "ABSENT"]}},
        ("TR", 2),
    ),
    "short-axis-alone": ("sdtm", {"TR": TR | {"TRTESTCD": ["LPERP", "TUMSTATE"]}}, ("TR", 1)),
    "assessment-without-date": ("sdtm", {"RS": RS | {"RSDTC": [None]}}, ("RS", 1)),
    "lesion-in-two-groups": (
        "sdtm",
        {"TR": {c: [v[0]] * 2 for c, v in TR.items()} | {"TRGRPID": ["TARGET", "NON-TARGET"]}},
        ("TR", 1),
    ),
    "lesion-without-group": ("sdtm", {"TR": TR | {"TRGRPID": ["TARGET", None], "TRLNKID": ["T01", "X9"]}}, ("TR", 2)),
    "lesion-in-two-places": (
        "sdtm",
        {"TU": {c: [*v, v[0]] for c, v in TU.items()} | {"TULOC": ["LUNG", "BONE", "LYMPH NODE"]}},
        ("TU", 1),
    ),
    "response-not-done": ("sdtm", {"RS": RS | {"RSSTAT": ["NOT DONE"]}}, ("RS", 1)),
    "criterion-not-named": (
        "sdtm",
        {"RS": {c: v * 2 for c, v in RS.items()} | {"RSCAT": ["RECIST 1.1", None], "RSSEQ": [1.0, 2.0]}},
        ("RS", 2),
    ),
    "grade-unknown": ("sdtm", {"AE": AE | {"AETOXGR": ["6"]}}, ("AE", 1)),
    "age-absurd": ("sdtm", {"DM": DM | {"AGE": [60.0, 700.0]}}, ("DM", 2)),
    "time-negative-given": ("adam", {"ADTTE": ADTTE | {"AVAL": [-1.0]}}, ("ADTTE", 1)),
    "time-absurd-given": ("adam", {"ADTTE": ADTTE | {"AVAL": [1e300]}}, ("ADTTE", 1)),
    "several-studies": ("sdtm", {"DM": DM | {"STUDYID": ["S1", "S2"]}}, ("DM", 2)),
    "subject-not-in-dm": ("sdtm", {"AE": AE | {"USUBJID": ["9"]}}, ("AE", 1)),
    "death-unknown-to-subjects": (
        "adam",
        {
            "ADSL": {"USUBJID": ["1", "2"], "DTHFL": [None, "Y"]},
            "ADTTE": {"USUBJID": ["1", "2"], "PARAMCD": ["OS"] * 2, "AVAL": [9.0] * 2, "CNSR": [0.0] * 2},
        },
        ("ADTTE", 1),
    ),
    "progression-not-assessed": (
        "adam",
        {
            "ADTTE": ADTTE | {"PARAMCD": ["PFS"], "CNSR": [0.0], "EVNTDESC": ["Disease progression"]},
            "ADRS": {"USUBJID": ["1"], "PARAMCD": ["OVRLRESP"], "AVALC": ["SD"], "ADT": ["2020-01-02"]},
        },
        ("ADTTE", 1),
    ),
    "subject-not-in-adsl": ("adam", {"ADTTE": ADTTE | {"USUBJID": ["9"]}}, ("ADTTE", 1)),
    "subject-not-in-patients": ("cbioportal", {"SAMPLE": CBIO["SAMPLE"] | {"USUBJID": ["9"]}}, ("SAMPLE", 1)),
    "dose-after-death": (
        "sdtm",
        {"EX": EX | {"EXSTDTC": ["2020-06-02", "2020-01-01"], "EXENDTC": ["2020-06-03", None]}},
        ("EX", 1),
    ),
    "death-before-last-dose": ("sdtm", {"EX": EX | {"EXENDTC": ["2020-06-02", None]}}, ("EX", 1)),
    "record-after-death": ("sdtm", {"AE": AE | {"AESTDTC": ["2020-06-02"], "AEENDTC": [None]}}, ("AE", 1)),
    "deaths-disagree": ("sdtm", {"AE": AE | {"AEOUT": ["FATAL"], "AEENDTC": ["2020-05-31"]}}, ("AE", 1)),
    "death-without-date": ("sdtm", {"DM": DM | {"DTHDTC": [None, None]}}, ("DM", 1)),
    "death-date-partial": ("sdtm", {"DM": DM | {"DTHDTC": ["2020-06", None]}}, ("DM", 1)),
    "death-date-learned": (
        "sdtm",
        {
            "DM": DM | {"DTHDTC": [None, None]},
            "SS": {"USUBJID": ["1"], "SSTESTCD": ["SURVSTAT"], "SSSTRESC": ["DEAD"], "SSDTC": ["2020-06-01"]},
        },
        ("SS", 1),
    ),
    "death-not-in-dm": ("sdtm", {"AE": AE | {"USUBJID": ["2"], "AEOUT": ["FATAL"]}}, ("AE", 1)),
    "death-denied": ("sdtm", {"DM": DM | {"DTHFL": ["N", None]}}, ("DM", 1)),
    "ongoing-though-dead": (
        "adam",
        {"ADSL": {"USUBJID": ["1"], "EOTSTT": ["ONGOING"], "DTHDT": ["2020-01-20"]}},
        ("ADSL", 1),
    ),
    "ended-by-death": (
        "sdtm",
        {
            "DS": {
                "USUBJID": ["2"],
                "DSSEQ": [1.0],
                "DSCAT": ["DISPOSITION EVENT"],
                "DSDECOD": ["COMPLETED"],
                "DSSTDTC": ["2020-05-01"],
            }
        },
        ("DM", 1),
    ),
    "ended-with-study": (
        "sdtm",
        {"DS": ended("2020-05-01") | {"DSSCAT": ["STUDY PARTICIPATION"], "DSDECOD": ["WITHDRAWAL BY SUBJECT"]}},
        ("DS", 1),
    ),
    "death-flag-unknown": ("sdtm", {"AE": AE | {"AESDTH": ["PERHAPS"]}}, ("AE", 1)),
    "death-in-words": (
        "sdtm",
        {"DS": {"USUBJID": ["2"], "DSDECOD": ["OTHER"], "DSTERM": ["Subject died at home"], "DSSTDTC": ["2020-05-01"]}},
        ("DS", 1),
    ),
    "grade-5-alone": ("sdtm", {"AE": AE | {"USUBJID": ["2"], "AETOXGR": ["5"]}}, ("AE", 1)),
    "dosing-without-end": ("sdtm", {"EX": EX | {"EXENDTC": ["2020-05-01", None]}}, ("EX", 2)),
    "daily-doses-without-end": ("sdtm", {"EX": EX | {"EXENDTC": [None, None], "EXDOSFRQ": ["BID", "BID"]}}, ("EX", 1)),
    "dose-without-start": ("sdtm", {"EX": EX | {"EXSTDTC": ["2020-01-01", None]}}, ("EX", 2)),
    "treatment-start-assumed": (
        "sdtm",
        {"EX": {k: [] for k in EX}, "DM": DM | {"RFSTDTC": [None, "2020-01-01"]}},
        ("DM", 2),
    ),
    "disposition-repeated": (
        "sdtm",
        {
            "DS": {
                "USUBJID": ["1", "1"],
                "DSSEQ": [1.0, 2.0],
                "DSCAT": ["DISPOSITION EVENT"] * 2,
                "DSDECOD": ["ADVERSE EVENT", "PROGRESSIVE DISEASE"],
                "DSSTDTC": ["2020-05-01", "2020-05-02"],
            }
        },
        ("DS", 1),
    ),
    "assessment-before-consent": ("sdtm", {"TR": TR | {"TRDTC": ["2019-12-19", "2019-12-28"]}}, ("TR", 1)),
    "response-before-start": ("sdtm", {"RS": RS | {"RSDTC": ["2019-12-31"]}}, ("RS", 1)),
    "lesion-without-baseline": ("sdtm", {"TR": TR | {"TRDTC": ["2020-02-12", "2019-12-28"]}}, ("TR", 1)),
    "lesion-not-identified": ("sdtm", {"TR": TR | {"TRLNKID": ["T01", "NT02"]}}, ("TR", 2)),
    "date-after-cutoff": ("adam", {"ADTTE": ADTTE | {"ADT": ["2020-03-01"]}}, ("ADTTE", 1)),
    "treated-otherwise": ("sdtm", {"DM": DM | {"ACTARM": ["A", "B"]}}, ("DM", 2)),
    "rest-may-be-planned": (
        "sdtm",
        {
            "EX": {
                "USUBJID": ["1"] * 3,
                "EXTRT": ["X"] * 3,
                "EXDOSE": [125.0] * 3,
                "EXSTDTC": ["2020-01-01", "2020-01-29", "2020-02-26"],
                "EXENDTC": ["2020-01-21", "2020-02-18", "2020-03-17"],
            }
        },
        ("EX", 1),
    ),
    "treatment-spelling": ("sdtm", {"EX": EX | {"EXTRT": ["X", "x"]}}, ("EX", 2)),
    "size-by-ten": (
        "sdtm",
        {
            "TR": {
                "USUBJID": ["1"] * 3,
                "TRLNKID": ["T01"] * 3,
                "TRTESTCD": ["LDIAM"] * 3,
                "TRSTRESN": [48.0, 5.0, 51.0],
                "TRSTRESU": ["mm"] * 3,
                "TRDTC": ["2019-12-28", "2020-02-01", "2020-03-01"],
            }
        },
        ("TR", 2),
    ),
    "arm-spelling": ("sdtm", {"DM": DM | {"ARM": ["A", "a"], "ACTARM": ["A", "A"]}}, ("DM", 2)),
    "level-spelling": ("sdtm", {"DM": DM | {"SEX": ["F", "Female"]}}, ("DM", 2)),
    "age-converted": ("sdtm", {"DM": DM | {"AGE": [60.0, 720.0], "AGEU": ["YEARS", "MONTHS"]}}, ("DM", 2)),
    "age-unit-unknown": ("sdtm", {"DM": DM | {"AGEU": ["YEARS", "MOONS"]}}, ("DM", 2)),
    "age-differs": (
        "sdtm",
        {"DM": DM | {"BRTHDTC": ["1959-03-01", "1979-03"], "RFSTDTC": ["2020-01-01", "2020-01-01"]}},
        ("DM", 2),
    ),
    "population-differs": ("sdtm", {"DM": DM | {"SAFETY": ["Y", "N"]}}, ("DM", 2)),
    "end-before-start-given": (
        "adam",
        {"ADSL": ADSL | {"TRTSDT": ["2020-01-02"], "TRTEDT": ["2020-01-01"]}},
        ("ADSL", 1),
    ),
    "record-after-death-given": (
        "adam",
        {"ADSL": ADSL | {"DTHDT": ["2020-01-02"], "LSTALVDT": ["2020-01-03"]}},
        ("ADSL", 1),
    ),
    "death-without-date-given": ("adam", {"ADSL": ADSL | {"DTHFL": ["Y"], "DTHDT": [None]}}, ("ADSL", 1)),
    "death-denied-given": ("adam", {"ADSL": ADSL | {"DTHFL": ["N"], "DTHDT": ["2020-01-02"]}}, ("ADSL", 1)),
    "death-before-start": ("sdtm", {"DM": DM | {"DTHDTC": [None, "2019-01-02"]}}, ("DM", 2)),
    "contact-before-start": (
        "adam",
        {"ADSL": ADSL | {"TRTSDT": ["2020-01-02"], "LSTALVDT": ["2020-01-01"]}},
        ("ADSL", 1),
    ),
    "dose-before-randomisation": (
        "adam",
        {"ADSL": ADSL | {"TRTSDT": ["2020-01-02"], "RANDDT": ["2020-01-03"]}},
        ("ADSL", 1),
    ),
    "first-dose-partial": ("sdtm", {"EX": EX | {"EXSTDTC": ["2020-01", "2020-01-02"]}}, ("EX", 1)),
    "first-dose-differs": ("sdtm", {"DM": DM | {"RFXSTDTC": ["2020-01-01", "2020-01-05"]}}, ("DM", 2)),
    "end-before-first-dose": ("sdtm", {"DS": ended("2019-01-01")}, ("DS", 1)),
    "dose-after-study": ("sdtm", {"DS": ended("2020-01-02")}, ("DS", 1)),
    "date-far-ahead": ("sdtm", {"RS": RS | {"RSDTC": ["2042-02-12"]}}, ("RS", 1)),
    "treated-without-arm": ("sdtm", {"DM": DM | {"ARM": ["A", "Screen Failure"]}}, ("DM", 2)),
}
BASE = {"sdtm": GOOD, "adam": ADAM, "tables": ADAM, "cbioportal": CBIO}
CONFIG = StudyConfig(data_cutoff=__import__("datetime").date(2020, 2, 1))


def test_a_good_study_has_no_findings():
    for fmt, tables in BASE.items():
        assert found(tables, fmt, CONFIG).rows() == []


def test_every_rule_has_a_case():
    assert set(CASES) == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_breach_is_found_with_table_row_and_severity(rule):
    fmt, change, (table, row) = CASES[rule.id]
    assert fmt in rule.formats
    findings = found_by(rule, BASE[fmt] | change, CONFIG)
    assert findings["RULE"].unique().to_list() == [rule.id]
    first = findings.row(0, named=True)
    assert (first["TABLE"], first["ROW"], first["SEVERITY"]) == (table, row, rule.severity)
    assert "{" not in first["MESSAGE"]
    assert first["MESSAGE"].endswith((".", "?"))


@pytest.mark.parametrize(
    "rule",
    [pytest.param(r, marks=[] if i % 9 == 0 else pytest.mark.slow, id=r.id) for i, r in enumerate(RULES)],
)
def test_all_rules_together_find_what_each_finds(rule):
    fmt, change, _ = CASES[rule.id]
    together = found(BASE[fmt] | change, fmt, CONFIG).filter(RULE=rule.id)
    assert together.equals(found_by(rule, BASE[fmt] | change, CONFIG))


@pytest.mark.parametrize("rule", [r for r in RULES if r.severity == "error"], ids=lambda r: r.id)
def test_an_error_says_why_no_answer_exists(rule):
    assert len(rule.sentence) > 20


def test_partial_dates_break_no_rule_they_may_keep():
    ae = AE | {"AESTDTC": ["2020-01"], "AEENDTC": ["2020-01"]}
    rules = found(GOOD | {"AE": ae}, "sdtm")["RULE"].to_list()
    assert set(rules) == {"date-partial"}


def test_messages_survive_any_value():
    evil = "</script>=cmd()\n{table}{}" + "x" * 10_000
    findings = found(GOOD | {"AE": AE | {"AETOXGR": [evil], "USUBJID": [evil]}}, "sdtm")
    row = findings.filter(RULE="grade-unknown").row(0, named=True)
    assert row["VALUE"] == evil
    assert row["USUBJID"] == evil
    assert len(row["MESSAGE"]) < 200
    assert "\n" not in row["MESSAGE"]


@pytest.mark.parametrize("table", ["DM", "TR", "EX", "CM"])
def test_a_table_that_names_nobody_is_told_by_that_alone(table):
    tables = {"DM": DM, "CM": pl.DataFrame({"USUBJID": ["1"], "CMTRT": ["X"], "SRCROW": [1]})}
    tables = {name: pl.DataFrame(t) for name, t in tables.items()}
    tables |= {table: pl.DataFrame({f"{table}SEQ": [1], "VISITNUM": [1], "SRCROW": [1]})}
    found = validate(tables, "sdtm", StudyConfig()).filter(TABLE=table, SEVERITY="error")
    assert set(found["RULE"]) == {"column-missing"}
    assert "USUBJID" in found["VALUE"].to_list()


@pytest.mark.parametrize(
    ("event", "response"), [("Death", "SD"), ("Disease progression", "PD"), ("Disease progression", None)]
)
def test_a_progression_that_is_assessed_or_a_death_is_no_contradiction(event, response):
    tables = {
        "ADSL": {"USUBJID": ["1"], "DTHFL": ["Y"]},
        "ADTTE": ADTTE | {"PARAMCD": ["PFS"], "CNSR": [0.0], "EVNTDESC": [event]},
        "ADRS": {"USUBJID": ["1"], "PARAMCD": ["OVRLRESP" if response else "BOR"], "AVALC": [response or "PD"]},
    }
    frames = {name: pl.DataFrame(t).with_row_index("SRCROW", 1) for name, t in tables.items()}
    assert "progression-not-assessed" not in validate(frames, "adam", StudyConfig())["RULE"].to_list()


@pytest.mark.parametrize(("category", "told"), [("RECIST 1.1", ["iSD"]), (None, ["iSD"]), ("iRECIST", [])])
def test_words_of_irecist_are_none_of_recist(category, told):
    rs = RS | {"RSSTRESC": ["iSD"], "RSCAT": [category]}
    columns = dict.fromkeys(("USUBJID", "RSTESTCD", "RSSTRESC", "RSCAT"), pl.String)
    tables = {"RS": pl.DataFrame({c: rs[c] for c in columns} | {"SRCROW": [1]}, schema=columns | {"SRCROW": pl.Int64})}
    found = [f for r in RULES if r.id == "response-unknown" for f in r.findings(tables, StudyConfig())]
    assert [v for f in found for v in f["VALUE"]] == told


@pytest.mark.parametrize(
    ("test", "word", "told"), [("OVRLRESP", "UNK", 1), ("OVRLRESP", "NA", 1), ("TRGRESP", "NA", 0)]
)
def test_a_word_from_which_no_overall_response_is_made_is_told(test, word, told):
    rs = {"USUBJID": ["1"], "RSTESTCD": [test], "RSSTRESC": [word], "SRCROW": [1]}
    found = [
        f for r in RULES if r.id == "response-unknown" for f in r.findings({"RS": pl.DataFrame(rs)}, StudyConfig())
    ]
    assert sum(f.height for f in found) == told


def test_flags_of_populations_and_what_adsl_says_beside_them(tmp_path):
    (tmp_path / "adsl.csv").write_text(
        "USUBJID,SAFFL,ITTFL,TRT01P,TRT01A,TRTSDT,RANDDT\n1,Y,Y,A,A,2024-01-01,2024-01-01\n"
        "2,Y,N,B,B,2024-01-01,2024-01-01\n3,Y,Y,,B,2024-01-01,2024-01-01\n"
    )
    found = Study.open(tmp_path).findings.filter(RULE="population-differs").sort("ROW")
    assert found.select("ROW", "USUBJID", "VARIABLE").rows() == [(2, "2", "ITTFL"), (3, "3", "SAFFL")]
    assert "there is a date of randomisation (RANDDT)" in found["MESSAGE"][0]
    assert "there is no planned treatment (TRT01P)" in found["MESSAGE"][1]
