"""The fourteen-state network gives what an independent implementation of it gave (mol/L, hours)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codon12.errors import UsageError
from codon12.simulate.switch.cycle_constants import CycleConstants, known_alleles, known_drugs
from codon12.simulate.switch.network import STATES, dose_response, half_inhibition, network_course, steady_state

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "cases" / "switch" / "network.json"
ARS = CycleConstants.of("G12C", drug="ars-853")


@pytest.fixture(scope="module")
def golden():
    if not GOLDEN.exists():
        pytest.skip("the answers of the other implementation lie in a folder beside the checkout, which is not here")
    return json.loads(GOLDEN.read_text())


def residual(concentration, **changes):
    c = CycleConstants.of("G12C", drug="ars-853", **changes)
    return dose_response(c, [concentration])[0]["mutant_gtp_over_baseline"]


def test_shares_of_alleles_at_rest(golden):
    for allele, by_turnover in golden["alleles"].items():
        for key in ("kdeg=0", "kdeg=8e-06"):
            at = steady_state(CycleConstants.of(allele, change={"kdeg": float(key[5:])}))
            want = by_turnover[key]
            assert at.mutant_gtp == pytest.approx(want["allele_gtp"], rel=1e-4), (allele, key)
            assert at.total_gtp == pytest.approx(want["total_gtp"], rel=1e-4)
            assert at.wild_type_gtp == pytest.approx(want["wild_type_gtp"], rel=1e-4)
            assert at.effector_bound == pytest.approx(want["effector_bound"], rel=1e-4)


@pytest.mark.parametrize(
    ("allele", "free", "turnover"),
    [("WT", 2.02, 2.09), ("G12C", 64.8, 65.1), ("G12D", 66.6, 66.9), ("G12V", 86.8, 87.0), ("G13D", 90.1, 90.1), ("Q61L", 93.8, 93.8)],
)  # fmt: skip
def test_printed_shares_of_alleles(allele, free, turnover):
    assert 100 * steady_state(CycleConstants.of(allele, change={"kdeg": 0})).mutant_gtp == pytest.approx(free, abs=0.06)
    assert 100 * steady_state(CycleConstants.of(allele)).mutant_gtp == pytest.approx(turnover, abs=0.06)


def test_exchange_factor_turns_wild_type_on():
    shares = [
        steady_state(CycleConstants.of("WT", multiply={"GEF": k}, change={"kdeg": 0})).total_gtp for k in (1, 2, 10)
    ]
    assert [round(100 * s, 1) for s in shares] == [2.0, 13.6, 71.8]


def test_dose_response_and_course(golden):
    for row, want in zip(dose_response(ARS, [1e-7, 1e-6, 1e-5]), golden["dose_response"]["ARS-853"], strict=True):
        assert row == pytest.approx(want, rel=1e-4)
    base = steady_state(ARS).mutant_gtp
    wanted = golden["time_course"]["10 uM, 76"]
    for at, want in zip(network_course(ARS, [r["hours"] for r in wanted], total_drug=1e-5), wanted, strict=True):
        assert at.bound == pytest.approx(want["bound"], abs=1e-5)
        assert at.mutant_gtp / base == pytest.approx(want["mutant_gtp_over_baseline"], abs=1e-5)


def test_half_inhibition_and_the_cost_of_turnover():
    with_turnover = half_inhibition(ARS)
    assert with_turnover == pytest.approx(4.87645e-7, rel=1e-4)
    assert half_inhibition(ARS, pool="mutant") == pytest.approx(0.376e-6, rel=2e-3)
    without = half_inhibition(ARS.with_value("kdeg", 1e-12))
    assert without == pytest.approx(5.67084e-8, rel=1e-4)
    assert with_turnover / without == pytest.approx(8.6, abs=0.05)


def test_what_resists():
    assert residual(1e-6, multiply={"GEF": 10}) == pytest.approx(0.501202, rel=1e-4)
    assert residual(1e-5, multiply={"kint'": 0.01, "kcat'": 0.01}) == pytest.approx(0.318608, rel=1e-4)
    assert residual(1e-5, multiply={"kdD'": 100, "kdT'": 100}) == pytest.approx(0.145, abs=5e-4)
    assert residual(1e-6, multiply={"kdeg": 2}) == pytest.approx(0.431425, rel=1e-4)
    assert residual(1e-6, multiply={"kdeg": 4}) == pytest.approx(0.61, abs=0.005)


def test_the_floor_with_drug_held():
    for rate, want in ((1.0, 0.0252941), (0.1, 0.025483)):
        assert steady_state(ARS.with_value("kon", rate), held_drug=1.0).mutant_gtp == pytest.approx(want, rel=1e-4)


def test_totals_are_kept():
    at = steady_state(ARS, total_drug=1e-6)
    assert sum(at.mutant_shares) == pytest.approx(1, abs=1e-9)
    assert at["S"] + at["dS"] + at["fS"] == pytest.approx(1e-6, rel=1e-9)
    assert at["D"] + at["T"] + at["F"] + at["TE"] == pytest.approx(3e-7, rel=1e-9)
    assert len(STATES) == len(at.amounts) == 12


def test_times_come_back_in_the_order_asked():
    late, early = network_course(ARS, [8.0, 0.5], total_drug=1e-5)
    assert late.bound > early.bound > 0
    assert network_course(ARS, [0.0], total_drug=1e-5)[0].bound == 0


def test_alleles_and_drugs_are_data():
    assert set(known_alleles()) == {"WT", "G12C", "G12D", "G12V", "G12R", "G13D", "Q61H", "Q61L", "F28L"}
    assert known_drugs() == {"ars-853": 76, "compound 12": 0.12, "sotorasib": 9900, "adagrasib": 35000}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: CycleConstants.of("G12X"), "nearest: g12"),
        (lambda: CycleConstants.of("G12C", drug="sotorasibe"), "nearest: sotorasib"),
        (lambda: CycleConstants.of("G12D", drug="sotorasib"), "binds the cysteine of G12C; G12D has none"),
        (lambda: CycleConstants.of("WT", drug="ars-853"), "WT has none"),
        (lambda: CycleConstants.of("G12C", multiply={"GTP": 0}), "above 0"),
        (lambda: CycleConstants.of("G12C", multiply={"kdg": 2}), "nearest: kdeg"),
        (lambda: CycleConstants.of("G12C", change={"kdeg": -1}), "0 or more"),
        (lambda: CycleConstants.of("G12C", change={"share": 0}), "above 0"),
        (lambda: steady_state(ARS, total_drug=-1e-6), "0 or more"),
        (lambda: network_course(ARS, [], total_drug=1e-6), "0 or more"),
        (lambda: half_inhibition(ARS, pool="all"), "total or mutant"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(UsageError, match=says):
        call()
