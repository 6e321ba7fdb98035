"""Folders of records as people have them, each with a trap: what must come out stands in expected.json beside them."""

import datetime as dt
import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from codon12 import assemble
from codon12.records import Study

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases" / "trust" / "records"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/cases/trust is not beside this checkout")
DAY = dt.date


@pytest.fixture(scope="module")
def case():
    return cache(lambda name: Case(assemble(Study.open(FOLDER / name))))


class Case:
    def __init__(self, evidence):
        self.evidence, self.frames = evidence, evidence.frames

    def counts(self, number):
        row = self.evidence.numbers.filter(id=number)
        return row.select("n", "N").row(0) if row.height else None

    def rules(self, rule):
        return self.frames["findings"].filter(RULE=rule).select("ROW", "USUBJID").rows()

    def responses(self, subject, parameter="OVRLRESP"):
        rows = self.frames["adrs"].filter(USUBJID=subject, PARAMCD=parameter).sort("ADT")
        return rows.select("ADT", "AVALC").rows()

    def time(self, subject, parameter):
        rows = self.frames["adtte"].filter(USUBJID=subject, PARAMCD=parameter)
        return rows.select("ADT", "CNSR", "EVNTDESC").row(0)

    def used(self, table):
        return self.frames["accounting"].filter(TABLE=table)["ROWS_USED"].item()


def test_every_folder_has_a_test():
    named = set(json.loads((FOLDER / "expected.json").read_text())["cases"])
    text = Path(__file__).read_text()
    assert [n for n in named if f'case("{n}")' not in text] == []


def test_randomised_and_treated(case):
    found = case("cross")
    assert found.counts("flow.randomised.arm_a") == found.counts("flow.randomised.arm_b") == (6, 6)
    assert found.counts("os.hr.arm_b")[1] == 12


def test_unscheduled_visits_are_dated(case):
    found = case("tr_unsched")
    assert found.responses("S1-001") == [(DAY(2022, 3, 1), "PR"), (DAY(2022, 4, 12), "PR"), (DAY(2022, 6, 12), "PD")]
    assert found.responses("S1-001", "CBOR")[0][1] == "PR"
    assert found.time("S1-001", "PFS")[:2] == (DAY(2022, 6, 12), 0)


def test_one_criterion_counts(case):
    found = case("rs_cat")
    assert found.responses("S1-001", "CBOR")[0][1] == "PR"
    assert found.rules("criterion-not-used")


def test_a_reading_that_was_not_accepted_never_counts(case):
    assert case("rs_acptN").responses("S1-003", "CBOR")[0][1] == "PR"


def test_new_therapy(case):
    found = case("cm")
    assert found.time("S1-001", "PFS")[:2] == (DAY(2022, 5, 1), 0)
    for subject in ("S1-002", "S1-003", "S1-004"):
        assert found.time(subject, "PFS")[0] == DAY(2022, 3, 1)


def test_events_that_did_not_occur(case):
    found = case("ae_occur")
    assert found.counts("ae.any.all") == found.counts("ae.all.pneumonitis.any.all") == (1, 4)


def test_treatment_without_doses(case):
    found = case("dm_ae")
    assert found.counts("ae.any.all") == (1, 2)
    assert len(found.rules("treatment-start-assumed")) == 2


def test_a_non_target_not_recorded(case):
    found = case("nt_check")
    assert [r for _, r in found.responses("S1-001")] == ["PR", "PR"]
    assert found.responses("S1-001", "CBOR")[0][1] == "PR"
    assert found.rules("non-target-not-recorded")


def test_a_node_with_a_short_axis_alone(case):
    sums = case("tr_node").frames["adtr"].filter(USUBJID="S1-001").sort("ADT")
    assert sums["AVAL"].to_list() == [40, 18]


def test_lesions_without_identifier(case):
    found = case("tr_nolink")
    assert len(found.rules("lesion-without-identifier")) == 2
    assert found.used("TR") == 0


def test_two_readers_of_one_endpoint(case):
    found = case("adtte2")
    assert found.counts("pfs.events.investigator.all") == found.counts("pfs.events.central.all") == (2, 4)


def test_a_death_without_a_date(case):
    found = case("dth_ae")
    assert found.time("S1-001", "OS")[1:] == (6, "Died, date unknown")
    assert found.time("S1-004", "OS")[:2] == (DAY(2022, 6, 20), 0)
    assert found.rules("death-without-date") == [(1, "S1-001"), (3, "S1-003")]
    assert found.rules("grade-5-alone") == [(3, "S1-003")]


def test_deaths_that_disagree(case):
    found = case("dth_conf")
    rows = found.evidence.trace("os.events.all").rows.filter(USUBJID="S1-002")
    assert rows.select("FILE", "SRCROW").rows() == [("ds.csv", 2)]
    assert (1, "S1-001") in found.rules("record-after-death")
    assert (3, "S1-002") in found.rules("deaths-disagree")


def test_dosing_that_goes_on(case):
    found = case("ex_ongoing")
    assert found.frames["adsl"].filter(USUBJID="S1-001")["TRTDURD"].item() == 173
    assert found.rules("dosing-without-end") == [(1, "S1-001"), (3, "S1-002")]


def test_missing_values_of_r(case):
    study = Study.open(FOLDER / "na_csv")
    assert study.table("DM")["DTHFL"].to_list() == [None, None, "Y", None]
    assert case("na_csv").frames["adae"]["AEDECOD"].to_list()[1] != "NA"


def test_a_transport_file_in_windows_1252(case):
    assert case("xpt_cp1252_dm").frames["adsl"].height > 0
    assert not case("xpt_cp1252_dm").frames["findings"].filter(pl.col("RULE").str.contains("encoding")).is_empty()


def test_matched_normals_are_no_tests(case):
    found = case("cb_normal")
    assert found.counts("prevalence.kras.mutated.n.all") == (1, 2)
    kras = found.frames["adsl"].filter(pl.col("USUBJID").is_in(["P2", "P4"]))["KRAS"].to_list()
    assert kras == [None, None]


def test_case_lists_say_who_was_sequenced(case):
    assert case("cb_caselist").counts("prevalence.kras.mutated.n.all") == (1, 4)


def test_status_of_mutations(case):
    found = case("maf_status")
    assert found.counts("prevalence.kras.mutated.n.all")[0] == 2
    assert not found.frames["findings"].filter(pl.col("RULE").str.contains("germline|status")).is_empty()


def test_a_quote_is_a_character(case):
    assert case("maf_quote").counts("prevalence.kras.mutated.n.all") is not None
