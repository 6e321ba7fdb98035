"""Group sequential bounds against rpact, gsDesign and the published tables; conditional power; survival size."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from codon12.design import Spending, analysis_times, events_needed, group_sequential, interim_power, survival_size
from codon12.design.sequential.boundary_crossing import exit_probabilities
from codon12.design.sequential.spending import as_spending
from codon12.errors import DesignError, UsageError

pytestmark = pytest.mark.requirement("R-DESI-02")

# question -> upper, lower (interim), inflation; as printed by rpact's own validation tests (eight digits)
RPACT = {
    "default O'Brien-Fleming": (
        {"fractions": 3, "shape": "obrien-fleming", "alpha": 0.025, "power": 0.8},
        ([3.4710914, 2.4544323, 2.0040356], None, None),
    ),
    "HSD 0": (
        {"fractions": [0.2, 0.4, 1], "alpha": 0.03, "power": 0.86, "spending": "hsd(0)"},
        ([2.5121443, 2.4228747, 2.0280392], None, 1.0788327),
    ),
    "HSD -1 with HSD -2, non-binding": (
        {"fractions": [0.2, 0.4, 1], "alpha": 0.07, "power": 0.86, "spending": "hsd(-1)", "futility": "hsd(-2)"},
        ([2.364813, 2.1928805, 1.5660474], [-1.1063623, -0.35992439], 1.0869177),
    ),
    "power 2.2 with 3.2, non-binding": (
        {"fractions": [0.3, 0.7, 1], "alpha": 0.03, "power": 0.66, "spending": "power(2.2)", "futility": "power(3.2)"},
        ([2.8594012, 2.2435708, 1.9735737], [-1.1558435, 0.72836893], 1.0555891),
    ),
    "Wang-Tsiatis with fixed binding futility": (
        {
            "fractions": 4,
            "alpha": 0.035,
            "shape": "wang-tsiatis",
            "delta": 0.4,
            "futility_z": [0.5244] * 3,
            "binding": True,
        },
        ([2.3284312, 2.1725031, 2.0861776, 2.0270171], [0.5244] * 3, None),
    ),
    "Lan-DeMets O'Brien-Fleming with power 2.5, non-binding": (
        {"fractions": [0.4, 0.75, 1], "alpha": 0.13, "power": 0.59, "futility": "power(2.5)"},
        ([2.1280732, 1.4368565, 1.2468994], [-0.83725762, 0.35992547], None),
    ),
    "the same, binding": (
        {"fractions": [0.4, 0.75, 1], "alpha": 0.13, "power": 0.59, "futility": "power(2.5)", "binding": True},
        ([2.1280732, 1.4362896, 1.2218662], [-0.84937686, 0.34328914], None),
    ),
    "four analyses": (
        {"fractions": [0.4, 0.75, 0.85, 1], "alpha": 0.13, "power": 0.59, "futility": "power(2.5)"},
        ([2.1280732, 1.4368565, 1.422873, 1.2970881], [-0.82676531, 0.3743303, 0.65077266], None),
    ),
}


@pytest.mark.parametrize("name", RPACT)
def test_bounds_of_rpact(name):
    question, (upper, lower, inflation) = RPACT[name]
    design = group_sequential(**question)
    np.testing.assert_allclose(design.upper, upper, atol=2e-7)
    if lower is not None:
        np.testing.assert_allclose(design.lower[:-1], lower, atol=2e-7)
    if inflation is not None:
        assert design.inflation == pytest.approx(inflation, abs=2e-7)


def test_rpact_expected_information_and_power_by_stage():
    design = group_sequential([0.2, 0.4, 1], alpha=0.03, power=0.86, spending="hsd(0)")
    np.testing.assert_allclose(design.expected_information, [1.0697705, 0.83081135], atol=1e-7)
    np.testing.assert_allclose(np.cumsum(design.efficacy_alternative), [0.12783451, 0.34055165, 0.86], atol=1e-7)


def test_gsdesign_default():
    # gsDesign(): k = 3, test.type 4, alpha 0.025, beta 0.1, sfHSD -4 and -2
    design = group_sequential(3, alpha=0.025, power=0.9, spending="hsd(-4)", futility="hsd(-2)")
    np.testing.assert_allclose(design.upper, [3.010739, 2.546531, 1.999226], atol=1e-6)
    np.testing.assert_allclose(design.lower[:2], [-0.238724, 0.941067], atol=1e-6)
    assert design.inflation == pytest.approx(1.0698832, abs=1e-6)


@pytest.mark.parametrize(
    # Jennison and Turnbull 2000, Tables 2.1 and 2.3 (two-sided alpha 0.05): constants of K analyses
    ("shape", "k", "constant"),
    [("pocock", 2, 2.178), ("pocock", 5, 2.413), ("obrien-fleming", 2, 1.977), ("obrien-fleming", 5, 2.040)],
)
def test_classical_constants(shape, k, constant):
    design = group_sequential(k, alpha=0.05, sided=2, shape=shape)
    assert round(design.upper[-1], 3) == constant


def test_lan_demets_published():
    # Lan-DeMets O'Brien-Fleming type, five equal analyses, one-sided 0.025
    design = group_sequential(5)
    np.testing.assert_allclose(design.upper, [4.877, 3.357, 2.680, 2.290, 2.031], atol=5.1e-4)
    assert design.alpha_spent[-1] == pytest.approx(0.025, abs=1e-10)


def test_two_analyses_against_the_bivariate_normal():
    from scipy.stats import multivariate_normal

    t, upper = np.array([0.4, 1.0]), np.array([2.2, 2.0])
    for drift in (0.0, 2.5):
        _, above = exit_probabilities(t, np.array([0.3, -np.inf]), upper, drift)
        joint = multivariate_normal(drift * np.sqrt(t), [[1, np.sqrt(0.4)], [np.sqrt(0.4), 1]])
        stay = joint.cdf([2.2, 2.0], lower_limit=[0.3, -np.inf])
        assert above[0] == pytest.approx(1 - ndtr(2.2 - drift * np.sqrt(0.4)), abs=1e-12)
        reach = ndtr(2.2 - drift * np.sqrt(0.4)) - ndtr(0.3 - drift * np.sqrt(0.4))
        assert above[1] == pytest.approx(reach - stay, abs=1e-7)


def test_monte_carlo_agrees():
    design = group_sequential([0.3, 0.6, 1], futility="hsd(-2)")
    rng = np.random.default_rng(4)
    t = np.array(design.fractions)
    steps = rng.normal(size=(200_000, 3)) * np.sqrt(np.diff(t, prepend=0)) + design.drift * np.diff(t, prepend=0)
    z = steps.cumsum(axis=1) / np.sqrt(t)
    running, rejected = np.ones(len(z), dtype=bool), np.zeros(len(z), dtype=bool)
    for k in range(3):
        rejected |= running & (z[:, k] > design.upper[k])
        running &= (z[:, k] <= design.upper[k]) & (z[:, k] >= design.lower[k])
    assert abs(rejected.mean() - 0.9) < 4 * np.sqrt(0.09 / len(z))


def test_one_analysis_is_the_fixed_design():
    design = group_sequential(1, alpha=0.025, power=0.9)
    assert design.upper[0] == pytest.approx(-ndtri(0.025))
    assert design.inflation == pytest.approx(1)
    assert design.power_at(0.0) == pytest.approx(0.025)


def test_conditional_power_in_closed_form():
    found = interim_power(0.5, 1.5, drift=3.2415)
    c, score = -ndtri(0.025), 1.5 * np.sqrt(0.5)
    for drift, seen in (
        (0.0, found.conditional_null),
        (score / 0.5, found.conditional_trend),
        (3.2415, found.conditional_planned),
    ):
        assert seen == pytest.approx(ndtr((score + drift * 0.5 - c) / np.sqrt(0.5)), abs=1e-12)
    assert found.predictive == pytest.approx(ndtr((1.5 / np.sqrt(0.5) - c) * np.sqrt(0.5) / np.sqrt(0.5)), abs=1e-9)


@pytest.mark.parametrize("fraction", [1e-9, 0.01, 0.05, 0.3, 0.9, 0.999])
def test_predictive_power_in_closed_form(fraction):
    c = -ndtri(0.025)
    for z in (-1.0, 1.5, 4.0):
        found = interim_power(fraction, z).predictive
        assert found == pytest.approx(ndtr((z - c * np.sqrt(fraction)) / np.sqrt(1 - fraction)), abs=1e-12)


def test_predictive_power_is_conditional_power_averaged_over_the_posterior():
    later = {"fractions": (0.7, 0.9, 1), "upper": (2.5, 2.2, 2), "lower": (0, 0.5)}
    x, w = np.polynomial.hermite_e.hermegauss(40)
    drifts = 1.5 * np.sqrt(0.4) / 0.4 + x / np.sqrt(0.4)
    mean = sum(
        v * interim_power(0.4, 1.5, drift=d, **later).conditional_planned
        for d, v in zip(drifts, w / w.sum(), strict=True)
    )
    assert interim_power(0.4, 1.5, **later).predictive == pytest.approx(mean, abs=1e-9)


def test_power_is_the_mean_of_conditional_power():
    design = group_sequential([0.5, 0.75, 1], spending="pocock")
    x, w = np.polynomial.hermite_e.hermegauss(60)
    total = 0.0
    for z, weight in zip(x + design.drift * np.sqrt(0.5), w / w.sum(), strict=True):
        if z > design.upper[0]:
            total += weight
        else:
            later = interim_power(0.5, z, fractions=(0.75, 1), upper=design.upper[1:], drift=design.drift)
            total += weight * later.conditional_planned
    assert total == pytest.approx(0.9, abs=0.01)  # the quadrature sees the step at the bound


def test_events():
    # Schoenfeld: 4 (1.96 + 1.2816)^2 / log(0.6)^2; Freedman 1982: (3 / 1)^2 for HR 0.5
    z2 = (ndtri(0.975) + ndtri(0.9)) ** 2
    assert events_needed(0.6) == pytest.approx(4 * z2 / np.log(0.6) ** 2)
    assert events_needed(0.5, method="freedman") == pytest.approx(9 * z2)
    assert events_needed(0.6, ratio=2) == pytest.approx(4.5 * z2 / np.log(0.6) ** 2)
    assert events_needed(0.6, ratio=2, method="freedman") == pytest.approx(
        events_needed(1 / 0.6, ratio=0.5, method="freedman")
    )


def test_lachin_foulkes_event_probability_by_simulation():
    found = survival_size(6, 0.6, accrual=12, follow_up=12, dropout=0.01)
    rng = np.random.default_rng(8)
    n = 400_000
    entry, death = rng.uniform(0, 12, n), rng.exponential(6 / np.log(2), n)
    lost = rng.exponential(100, n)
    share = np.mean((death <= lost) & (entry + death <= 24))
    assert share == pytest.approx(found.event_probability_control, abs=4 * np.sqrt(0.25 / n))
    assert found.patients == pytest.approx(found.patients_control + found.patients_experimental)
    # with everyone followed to the event, patients and events are about Schoenfeld's
    long = survival_size(6, 0.6, accrual=1, follow_up=1000)
    assert long.expected_events == pytest.approx(long.patients)


def test_analyses_wait_for_the_latest_trigger():
    latest = analysis_times(210, 6, 0.6, accrual=12, events=[100, 160], times=[14, None], enrolled=[200, None])
    earliest = analysis_times(210, 6, 0.6, accrual=12, events=[100], times=[14], enrolled=[200], rule="earliest")
    assert latest.time[0] == 14
    assert earliest.time[0] == pytest.approx(12 * 200 / 210)
    assert latest.events[1] == pytest.approx(160)
    assert latest.time[1] == latest.by_events[1]


def test_spending_functions():
    assert as_spending("power(2)").spent(0.05, [0.5])[0] == pytest.approx(0.0125)
    assert as_spending("hsd(-4)") == Spending(family="hwang-shih-decani", parameter=-4.0)
    for family in ("obrien-fleming", "pocock", "hsd(1)", "power(3)"):
        assert as_spending(family).spent(0.025, [1.0])[0] == pytest.approx(0.025)
    with pytest.raises(UsageError, match="needs a parameter"):
        as_spending("hsd")
    with pytest.raises(UsageError, match="no spending function"):
        as_spending("linear")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: group_sequential([0.5, 0.4, 1]), "increase from above 0 to 1"),
        (lambda: group_sequential(3, alpha=1.2), "between 0 and 1"),
        (lambda: group_sequential(3, futility_z=[4.0, 4.0]), "above the efficacy bound"),
        (lambda: group_sequential(3, sided=2, futility="pocock"), "one-sided"),
        (lambda: events_needed(1.0), "1 is no difference"),
        (lambda: interim_power(0.5, 1, fractions=(0.4, 1), upper=(2, 2)), "must increase"),
        (lambda: interim_power(0.5, 1, lower=[]), "leave lower out"),
        (lambda: interim_power(0.5, 1, fractions=(0.7, 0.8, 1), upper=(3, 3, 2), lower=[0]), "one futility bound"),
        (lambda: interim_power(0.5, 1, lower=[3]), "may not lie above"),
        (lambda: analysis_times(100, 6, 0.6, accrual=12, events=[120]), "never reached"),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises((DesignError, UsageError), match=says):
        call()
