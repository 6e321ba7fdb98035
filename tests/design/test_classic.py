"""A'Hern, Fleming, Gehan and curtailment."""

import numpy as np
import pytest

from codon12.design import Boundaries, ahern, conditional_power, curtailed, curtailed_design, fleming, gehan
from codon12.design.proof.verification import counted_paths
from codon12.errors import DesignError
from codon12.numbers import binomial_sf

SIMON = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))


# A'Hern 2001, Table 1 (alpha 0.05): p0, p1, power -> n, responses needed
@pytest.mark.parametrize(
    ("p0", "p1", "power", "n", "least"), [(0.05, 0.25, 0.9, 25, 4), (0.05, 0.25, 0.8, 16, 3), (0.1, 0.3, 0.8, 25, 6)]
)
def test_ahern(p0, p1, power, n, least):
    found = ahern(p0, p1, alpha=0.05, power=power)
    assert (found.first_n, found.least_responses[found.first_n - 1]) == (n, least)
    assert found.alpha_at_n.max() <= 0.05


def test_ahern_is_the_exact_one_sided_test():
    found = ahern(0.3, 0.5, alpha=0.1, power=0.9)
    for n, least in zip(found.n[:60], found.least_responses[:60], strict=True):
        assert binomial_sf(least - 1, n, 0.3) <= 0.1 < binomial_sf(least - 2, n, 0.3) + 1e-15


def test_fleming_by_hand():
    # N = 40, p0 = 0.05, z = 1.645: r = round(n p0 + 2.267) + 1, a = round(n 0.2132 - 4.261)
    design = fleming(0.05, 0.2, stages=[15, 15, 10])
    b = design.boundaries
    assert (b.looks, b.stop_at_most, b.stop_at_least, b.success_at_least) == ((15, 30), (-1, 2), (4, 5), 5)
    assert design.alpha == pytest.approx(float(counted_paths(b, 0.05)["success"]), abs=1e-14)
    assert design.power == pytest.approx(float(counted_paths(b, 0.2)["success"]), abs=1e-14)


def test_gehan_first_stage_is_his_table():
    # Gehan 1961, Table 1, beta 0.05: rates 5, 10, 15, 20, 25 % -> 59, 29, 19, 14, 11
    assert [gehan(p).n1 for p in (0.05, 0.1, 0.15, 0.2, 0.25)] == [59, 29, 19, 14, 11]
    assert gehan(0.2, standard_error=0.1).n2[:4] == (1, 6, 9, 11)


def test_certain_stops_change_neither_alpha_nor_power():
    for base in (SIMON, Boundaries(n=20, success_at_least=7), Boundaries(12, 5, (4, 8), (0, 1), (4, 6))):
        early = curtailed(base)
        rates = np.linspace(0.05, 0.95, 7)
        np.testing.assert_allclose(
            early.operating_characteristics(rates).success, base.operating_characteristics(rates).success, atol=1e-12
        )
        assert np.all(
            early.operating_characteristics(rates).expected_n <= base.operating_characteristics(rates).expected_n + 1e-9
        )


def test_certain_stops_are_where_they_must_be():
    early = curtailed(Boundaries(n=20, success_at_least=7))
    # success is certain at 7; failure once 14 have not responded
    for m, low, high in zip(early.looks, early.stop_at_most, early.stop_at_least, strict=True):
        assert high == (7 if m >= 7 else m + 1)
        assert low == (m - 14 if m >= 14 else -1)


def test_conditional_power_against_the_definition():
    power = conditional_power(SIMON, 0.2)
    assert power[0, 0] == pytest.approx(SIMON.operating_characteristics(0.2).success[0])
    assert power[10, 0] == 0
    assert power[20, 2] == pytest.approx(float(binomial_sf(1, 9, 0.2)))


def test_stochastic_curtailment_costs_power():
    sure = curtailed_design(29, 4, p0=0.05, p1=0.2)
    bold = curtailed_design(29, 4, p0=0.05, p1=0.2, below=0.2)
    assert bold.expected_n < sure.expected_n
    assert bold.power < sure.power
    assert "conditional power at 0.2 is below 0.2" in bold.describe()
    assert bold.to_frame().height == 29


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ahern(0.3, 0.2), "p1 = 0.2. must lie above"),
        (lambda: ahern(0.2, 0.4, alpha=0.5, power=0.9), "no test"),
        (lambda: fleming(0.2, 0.4, stages=[]), "patients of each stage"),
        (lambda: gehan(0.2, standard_error=0.7), "between 0 and 0.5"),
        (lambda: curtailed(SIMON, below=0.1), "needs the true rate"),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises(DesignError, match=says):
        call()


def test_fleming_without_a_success_is_refused():
    with pytest.raises(DesignError, match="not even 1 of 1"):
        fleming(0.2, 0.4, stages=[1])
