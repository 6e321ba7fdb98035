"""The published cases: profile -> statuses, missing facts, verdicts, eligibility."""

import json
from datetime import date
from pathlib import Path

import pytest

from codon12.match import match_patient, patient_of, shipped_trials

CASES = Path(__file__).parents[3] / "shared" / "cases" / "match" / "cases.json"
pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the cases lie beside the checkout")


def _cases():
    return json.loads(CASES.read_text())["cases"] if CASES.is_file() else []


@pytest.mark.parametrize("case", _cases(), ids=lambda c: c["id"])
def test_case(case):
    trials = [t for t in shipped_trials() if t.id == case["trial"]]
    found = match_patient(
        patient_of(case["patient"]),
        as_of=date.fromisoformat(case["as_of"]),
        jurisdictions=case["jurisdictions"],
        regimens=case.get("regimens", ()),
        trials=trials,
    ).to_dict()
    expect = case["expect"]
    assert {k: found["statements"][k] for k in expect["statements"]} == expect["statements"]
    assert {k: found["missing"].get(k, []) for k in expect["missing"]} == expect["missing"]
    for jurisdiction, regimens in expect["therapies"].items():
        assert {k: found["therapies"][jurisdiction].get(k) for k in regimens} == regimens
    assert found["trial"] == expect["trial"]
    assert {k: found["criteria"][k] for k in expect["criteria"]} == expect["criteria"]
