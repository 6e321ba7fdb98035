from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import polars as pl

from codon12.report.patients import MAX_PATIENTS, patient_block


def evidence(frames, *, study=None):
    adsl = frames["adsl"]
    context = SimpleNamespace(
        study=study,
        adsl=adsl,
        month=30.0,
        config=SimpleNamespace(covariates={}),
        best_response=("BOR", ""),
        evaluators=(),
    )
    return SimpleNamespace(frames=frames, context=context, endpoint=lambda code: SimpleNamespace(title=code.lower()))


DAY = dt.date(2020, 1, 1)
ADSL = pl.DataFrame({"USUBJID": ["b", "a"], "STARTDT": [DAY, DAY], "TRTSDT": [DAY, None], "TRTEDT": [DAY + dt.timedelta(9), None],
                     "DTHDT": [None, DAY + dt.timedelta(60)], "AGE": [60, None]},
                    schema_overrides={"TRTSDT": pl.Date, "TRTEDT": pl.Date, "DTHDT": pl.Date})  # fmt: skip


def rows(block):
    words = [*block["words"], None]
    return [
        (who, words[lane], kind, day, until, value, words[-1 if text is None else text])
        for who, lane, kind, day, until, value, text in zip(*block["rows"], strict=True)
    ]


def test_days_count_from_time_zero_and_what_has_no_day_is_left_out():
    block = patient_block(evidence({"adsl": ADSL}), ["a", "b"])
    assert rows(block) == [
        (0, "Course", 1, 60, None, None, "death"),
        (1, "Treatment", 0, 0, 9, None, "treatment"),
    ]
    assert block["facts"] == {"heads": ["Age"], "lines": [[None], ["60"]]}


def test_events_sums_lesions_and_times_of_each():
    adae = pl.DataFrame({"USUBJID": ["a"], "AEDECOD": ["RASH"], "ASTDT": [DAY], "AENDT": [None], "ATOXGR": [3]},
                        schema_overrides={"AENDT": pl.Date})  # fmt: skip
    adtr = pl.DataFrame({"USUBJID": ["b", "b"], "EVAL": ["CENTRAL"] * 2, "PARAMCD": ["SDIAM"] * 2,
                         "ADT": [DAY, DAY + dt.timedelta(42)], "AVAL": [30.0, None]})  # fmt: skip
    lesions = pl.DataFrame({"USUBJID": ["b"], "EVAL": ["CENTRAL"], "LESIONID": ["T1"], "GROUP": ["TARGET"],
                            "LOC": ["LIVER"], "ADT": [DAY], "AVAL": [30.0], "AVALC": [None]},
                           schema_overrides={"AVALC": pl.String})  # fmt: skip
    adtte = pl.DataFrame({"USUBJID": ["a", "b"], "PARAMCD": ["OS", "OS"], "MONTHS": [2.0, 1.0], "CNSR": [0, 1],
                          "EVNTDESC": ["Death", None], "CNSDTDSC": [None, "Alive"]})  # fmt: skip
    frames = {"adsl": ADSL, "adae": adae, "adtr": adtr, "lesions": lesions, "adtte": adtte}
    block = patient_block(evidence(frames), ["a", "b"])
    assert (0, "AE: rash", 0, 0, 0, 3.0, "grade 3") in rows(block)
    assert [r for r in rows(block) if r[2] == 2] == [(1, "Central", 2, 0, None, 30.0, None)]
    name = block["words"][block["lesions"][1][0]]
    assert (name, block["lesions"][3]) == ("central, t1, target, liver", [30.0])
    told = [block["words"][i] for i in block["times"][4]]
    assert (block["times"][3], told) == ([1, 0], ["Death", "Alive"])


def test_doses_come_from_the_records_and_lose_their_words_where_subjects_are_masked():
    ex = pl.DataFrame({"USUBJID": ["b"], "EXTRT": ["DRUG"], "EXDOSE": [960.0], "EXDOSU": ["mg"],
                       "EXSTDTC": ["2020-01-02"], "EXENDTC": ["2020-02"]})  # fmt: skip
    study = SimpleNamespace(has=lambda name: name == "EX", table=lambda _: ex)
    whole = evidence({"adsl": ADSL}, study=study)
    assert (1, "Treatment", 0, 1, 1, None, "DRUG 960.0 mg") in rows(patient_block(whole, ["a", "b"]))
    whole.frames["adsl"] = ADSL.with_columns(USUBJID=pl.Series(["P2", "P1"]))
    assert (1, "Treatment", 0, 1, 1, None, "960.0 mg") in rows(patient_block(whole, ["P1", "P2"]))


def test_a_large_study_has_no_patient_pages():
    assert patient_block(evidence({"adsl": ADSL}), [str(i) for i in range(MAX_PATIENTS + 1)]) is None
    assert patient_block(evidence({"adsl": ADSL}), []) is None
