"""Progression-free survival on the next therapy, class against class, beside an independent package."""

import pytest


def test_classes_of_next_therapy_are_compared_from_their_starts(shipped_evidence):
    from lifelines.statistics import multivariate_logrank_test

    evidence = shipped_evidence
    rows = evidence.frames["after_after_progression"]
    known = rows.filter(rows["RESISTFL"] == "Y").drop_nulls("NEXTMO")
    test = multivariate_logrank_test(known["NEXTMO"].to_numpy(), known["NEXT"].to_numpy(), known["NEXTEV"].to_numpy())
    numbers = {r["id"]: r for r in evidence.numbers.iter_rows(named=True)}
    p = numbers["resistance.next_pfs.p.central.all"]
    assert (p["n"], p["N"]) == (known["NEXTEV"].sum(), known.height)
    assert p["value"] == pytest.approx(test.p_value, rel=1e-9)
    went_on = known.filter(known["NEXT"] == "continued study drug")
    assert went_on.height > 0
    assert (went_on["BEYOND"] == "Y").all()
    ratio = numbers["resistance.next_pfs.chemotherapy.hr.central.all"]
    assert ratio["lower"] <= ratio["value"] <= ratio["upper"]
    assert ratio["label"] == "Hazard ratio, chemotherapy v continued study drug"
