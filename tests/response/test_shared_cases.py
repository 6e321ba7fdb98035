"""The shared case files: every subject of every case."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import itertools
import json
from pathlib import Path

import polars as pl
import pytest

from codon12.response import (
    RecistPolicy,
    best_overall_response,
    clinical_benefit,
    confirmed_response,
    objective_response,
    overall_response,
    target_response,
)

pytestmark = pytest.mark.requirement("R-RESP-02")

_spec = importlib.util.spec_from_file_location("shared_cases", Path(__file__).with_name("shared_cases.py"))
shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared)

DERIVATIONS = {
    "best_overall_response_unconfirmed": lambda a, r, p: best_overall_response(a, r, policy=p, confirmed=False),
    "best_overall_response_confirmed": lambda a, r, p: best_overall_response(a, r, policy=p, confirmed=True),
    "confirmed_response": lambda a, r, p: confirmed_response(a, r, policy=p),
    "clinical_benefit": lambda a, r, p: clinical_benefit(a, r, policy=p, confirmed=False),
    "response_unconfirmed": lambda a, r, p: objective_response(a, r, policy=p, confirmed=False),
}

ADMIRAL = json.loads(shared.need_file(shared.CASES / "admiralonco_response_cases.json").read_text())["cases"]
TIMEPOINT = json.loads((shared.CASES / "recist_timepoint_cases.json").read_text())["cases"]
SEQUENCES = list(csv.DictReader((shared.CASES / "sequence_cases.csv").read_text().splitlines()))


@pytest.mark.parametrize("case", ADMIRAL, ids=lambda c: c["case_id"])
def test_admiralonco_cases(case):
    rows = [(s["subject"], a["date"], a["response"]) for s in case["subjects"] for a in s["assessments"]]
    reference = pl.DataFrame(
        [(s["subject"], shared.day(s["reference_date"]), shared.day(s["pd_date"])) for s in case["subjects"]],
        schema={"USUBJID": pl.String, "ADT": pl.Date, "PDDT": pl.Date},
        orient="row",
    )
    policy = shared.policy_of(case["options"])
    got = DERIVATIONS[case["derivation"]](shared.assessments(rows), reference, policy)
    expected = [
        (s["subject"], s["expected"]["value"], shared.day(s["expected"]["date"]), s["expected"]["aval"])
        for s in case["subjects"]
    ]
    assert got.select("USUBJID", "AVALC", "ADT", "AVAL").rows() == expected


OPTIONS = [*(k for k in shared.FIELDS if k != "clinben_vals")]
SETTINGS = {
    k: list(g)
    for k, g in itertools.groupby(
        sorted(SEQUENCES, key=lambda c: (c["derivation"], *(c[o] for o in OPTIONS))),
        key=lambda c: (c["derivation"], *(c[o] for o in OPTIONS)),
    )
}


@pytest.mark.parametrize("setting", SETTINGS, ids="-".join)
@pytest.mark.parametrize("supplied", [True, False], ids=["pd-date-given", "pd-date-found"])
def test_sequence_cases(setting, supplied):
    cases = SETTINGS[setting]
    bools = {"accept_sd", "missing_as_ne", "cutoff_at_first_pd"}
    options = {o: bool(int(v)) if o in bools else int(v) for o, v in zip(OPTIONS, setting[1:], strict=True)}
    rows, subjects = [], []
    for number, case in enumerate(cases):
        name = f"{number:05d}"
        subjects.append((name, shared.day(case["reference_date"]), shared.day(case["first_pd_date"])))
        rows += [(name, *part.split("=")) for part in case["assessments"].split("|") if part]
    reference = pl.DataFrame(subjects, schema={"USUBJID": pl.String, "ADT": pl.Date, "PDDT": pl.Date}, orient="row")
    reference = reference if supplied else reference.drop("PDDT")
    got = DERIVATIONS[setting[0]](shared.assessments(rows), reference, shared.policy_of(options))
    expected = [(f"{i:05d}", c["expected_value"], shared.day(c["expected_date"])) for i, c in enumerate(cases)]
    assert got.select("USUBJID", "AVALC", "ADT").rows() == expected


START = dt.date(2020, 1, 1)


def sums_of(baseline, later):
    days = [(START, baseline), *((START + dt.timedelta(days=d), v) for d, v in later)]
    return pl.DataFrame(
        {"USUBJID": ["1"] * len(days), "ADT": [d for d, _ in days], "AVAL": [float(v) for _, v in days]}
    )


def of_kind(*kinds):
    return [pytest.param(c, id=c["case_id"]) for c in TIMEPOINT if c["kind"] in kinds]


@pytest.mark.parametrize("case", of_kind("target_response"))
def test_target_response_cases(case):
    later = [*case["prior_sums"], case["current_sum"]]
    sums = sums_of(case["baseline_sum"], [(42 * (i + 1), v) for i, v in enumerate(later)])
    policy = RecistPolicy(sticky_pr=case["status"] == "sticky-PR")
    assert target_response(sums, policy=policy)["AVALC"][-1] == case["expected"]


@pytest.mark.parametrize("case", of_kind("overall_response"))
def test_overall_response_cases(case):
    points = pl.DataFrame(
        {
            "USUBJID": ["1"],
            "TRGRESP": [case["target"]],
            "NTRGRESP": [case["non_target"]],
            "NEWLRESP": [case["new_lesion"]],
        },
        schema_overrides={"TRGRESP": pl.String, "NTRGRESP": pl.String, "NEWLRESP": pl.String},
    )
    assert overall_response(points)["AVALC"].item() == case["expected"]


@pytest.mark.parametrize("case", of_kind("confirmed_bor_from_sums", "confirmed_bor_from_sums_nt_new"))
def test_best_response_from_sums_cases(case):
    target = target_response(sums_of(case["baseline_sum"], [row[:2] for row in case["follow_up"]]))
    states = {"ABSENT": "CR", "PRESENT": "NON-CR/NON-PD"}
    others = [[*row[2:], None, None][:2] for row in case["follow_up"]]
    points = target.with_columns(
        pl.col("AVALC").alias("TRGRESP"),
        pl.Series("NTRGRESP", [states.get(n, n) for n, _ in others], dtype=pl.String),
        pl.Series("NEWLRESP", [n for _, n in others], dtype=pl.String),
    )
    reference = pl.DataFrame({"USUBJID": ["1"], "ADT": [START]})
    best = best_overall_response(
        overall_response(points), reference, policy=shared.policy_of(case["options"]), confirmed=True
    )
    assert best["AVALC"].item() == case["expected"]
