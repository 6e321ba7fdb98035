"""A question that cannot be meant is refused with a sentence by every public function, never answered."""

import importlib
import inspect
import itertools
import math

import numpy as np
import pytest
from scipy import integrate, special
from scipy.stats import betabinom, binom, multivariate_normal, norm

import codon12.design as design
from codon12.design import (
    Boundaries,
    IntervalRule,
    PosteriorRule,
    Prior,
    Spending,
    ahern,
    answer,
    group_sequential,
    pending_success_probability,
    protocol_text,
    sample_size,
    simon_two_stage,
    stratified,
    survival_size,
)
from codon12.design.arguments import DOMAINS, Domain, Each, Flag, OneOrEach, Thing
from codon12.design.protocol.record import KINDS
from codon12.errors import Codon12Error, DesignError

RULE = {"success": IntervalRule(rate=0.23)}
ASKED = {  # one answerable question for every function that takes numbers
    "ahern": {"p0": 0.05, "p1": 0.25},
    "analysis_times": {"n": 210, "median_control": 6, "hazard_ratio": 0.6, "accrual": 12, "times": [5, None], "enrolled": [None, 100]},
    "assumed_rate": {"n": 105, **RULE},
    "basket": {"n": 5, "p0": 0.2, "baskets": 2, "alpha": 0.2, "interim": 2},
    "bop2": {"n": 20, "p0": 0.2, "p1": 0.5, "looks": [10], "alpha": 0.2},
    "bop2_pair": {
        "n": 12, "kind": "nested", "null": (0.15, 0.3), "alternative": (0.4, 0.6), "looks": [6], "alpha": 0.2,
    },
    "calendar_plan": {"boundaries": Boundaries(29, 4, (10,), (0,)), "rate": 0.05, "accrual": 2, "lag": 3},
    "conditional_power": {"boundaries": Boundaries(3, 2), "rate": 0.5},
    "curtailed": {"boundaries": Boundaries(3, 2), "below": 0.1, "rate": 0.5},
    "curtailed_design": {"n": 29, "least": 4, "p0": 0.05, "p1": 0.2, "looks": (10,), "stop_at_most": (0,)},
    "decision": {"boundaries": Boundaries(29, 4, (10,), (0,)), "n": 10, "responses": 0},
    "enriched": {"n": 100, "prevalence": 0.13, "rate_positive": 0.38, "rate_negative": 0.05},
    "events_needed": {"hazard_ratio": 0.6},
    "fleming": {"p0": 0.05, "p1": 0.2, "stages": [15, 15]},
    "gehan": {"p1": 0.2},
    "group_sequential": {"fractions": 2, "futility_z": [0.0]},
    "inference_after": {"looks": [10], "stop_at_most": [1], "planned_n": 29, "n": 29, "responses": 6, "p0": 0.1},
    "interim_looks": {"n": 30, "start": 10},
    "interim_power": {"fraction": 0.5, "z": 1.5, "drift": 3.2},
    "least_possible_n": {"p0": 0.1, "p1": 0.3, "alpha": 0.05, "power": 0.9},
    "monitoring_coherence": {
        "n": 40, "looks": (20,), "success": PosteriorRule(rate=0.2, threshold=0.9),
        "primary": IntervalRule(rate=0.2), "at": (0.2, 0.4),
    },
    "pending_success": {"n": 20, "least": 6, "evaluated": 10, "responses": 2, "pending": [0.5]},
    "pending_success_probability": {"n": 20, "least": 6, "evaluated": 10, "responses": 2, "pending": [0.5]},
    "pick_the_winner": {"rates": (0.2, 0.5)},
    "predictive_probability": {"n": 20, "looks": [10], "success": PosteriorRule(rate=0.2, threshold=0.9)},
    "randomised_power": {"n_control": 8, "n_experimental": 8, "p_control": 0.2, "p_experimental": 0.6},
    "randomised_size": {"p_control": 0.1, "p_experimental": 0.8},
    "sample_size": {"rate": 0.5, **RULE},
    "search": {"p0": 0.2, "p1": 0.6, "alpha": 0.2, "power": 0.8, "n": [15], "start": [5]},
    "simon_designs": {"p0": 0.1, "p1": 0.5},
    "simon_two_stage": {"p0": 0.1, "p1": 0.5},
    "size_power": {"n": 105, "rate": 0.38, **RULE},
    "staged_inference": {"boundaries": Boundaries(29, 6, (10,), (1,)), "n": 29, "responses": 6, "p0": 0.1},
    "stratified": {"n": 300, "prevalence": 0.4, "control": (0.2, 0.2), "experimental": (0.4, 0.3)},
    "success_probability": {"n": 5, "least": 2},
    "survival_size": {"median_control": 6, "hazard_ratio": 0.6, "accrual": 12, "follow_up": 12},
    "thall_simon": {"n": 20, "looks": [10], "standard": "beta(20,80)"},
    "toxicity_rule": {"n": 20, "limit": 0.3, "looks": [5, 10]},
    "unbiased_estimate": {"boundaries": Boundaries(29, 6, (10,), (1,)), "n": 29, "responses": 6},
}  # fmt: skip
NO_NUMBERS = {"answer", "replay", "dmc_sheet", "protocol_text", "least_responses", "coherence"}


def functions():
    targets = {n: getattr(design, n) for n in design.__all__ if inspect.isfunction(getattr(design, n))}
    for target in KINDS.values():
        module, _, name = target.partition(":")
        targets.setdefault(name, getattr(importlib.import_module(module), name))
    return {name: f for name, f in targets.items() if name not in NO_NUMBERS}


def wrong_values(domain):
    """Values outside a domain: each must be refused."""
    if isinstance(domain, Thing):
        return [math.nan, 5, [1], b"x"]
    if isinstance(domain, Flag):
        return [1, "yes", None, math.nan]
    if isinstance(domain, OneOrEach):
        alone = [v for v in wrong_values(domain.alone or domain.member) if not isinstance(v, list)]
        return [*alone, *([v] for v in wrong_values(domain.member))]
    if isinstance(domain, Each):
        return [5, "0.1,0.2", {"a": 1}, *([v] for v in wrong_values(domain.member) if v is not None or not domain.gaps)]
    assert isinstance(domain, Domain)
    out = [math.nan, math.inf, -math.inf, True, "0.3", [0.3, 0.4], {}]
    out += [domain.low - 0.5, domain.high + 0.5] if math.isfinite(domain.low) else []
    out += [domain.low] if domain.open_low else []
    out += [domain.high] if domain.open_high else []
    out += [domain.low + 0.5] if domain.whole else []
    return out


def test_every_public_function_is_asked():
    assert set(ASKED) == set(functions())


@pytest.mark.parametrize("name", sorted(ASKED))
def test_numbers_outside_their_domain_are_refused(name):
    function, question = functions()[name], ASKED[name]
    function(**question)  # the question itself has an answer
    numeric = {
        p
        for p, v in inspect.signature(function).parameters.items()
        if any(word in str(v.annotation) for word in ("int", "float", "bool"))
    }
    assert numeric - set(function.domains) <= set(), "an argument without a domain"
    for argument, domain in function.domains.items():
        for value in wrong_values(domain):
            with pytest.raises(Codon12Error):
                function(**{**question, argument: value})


@pytest.mark.parametrize(
    "value",
    [None, "many", math.nan, [1], {"n": 1}, b"5", np.ma.masked, [np.ma.masked], np.array(0.5), 10**400, 1j, object()],
    ids=[
        "none",
        "text",
        "nan",
        "list",
        "mapping",
        "bytes",
        "masked",
        "masked list",
        "0-d",
        "large",
        "complex",
        "object",
    ],
)
@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_raw_error_for_things_that_are_no_numbers(name, value):
    function, question = functions()[name], ASKED[name]
    for argument in question:
        try:
            function(**{**question, argument: value})
        except Codon12Error:
            continue


def test_unknown_and_missing_arguments_are_refused():
    with pytest.raises(Codon12Error, match="p1"):
        simon_two_stage(0.1)
    with pytest.raises(Codon12Error, match="unexpected"):
        simon_two_stage(0.1, 0.3, sized=4)


def test_every_domain_says_itself():
    for name, domain in DOMAINS.items():
        assert getattr(domain, "member", domain).words, name


@pytest.mark.parametrize(("a", "b"), [(1, 1), (0.2, 0.8), (0.05, 3), (0.5, 0.02)])
@pytest.mark.parametrize("responses", [0, 3, 8])
@pytest.mark.parametrize("pending", [(), (0.3,), (0.0, 0.5, 0.95, 1.0)])
def test_pending_patients_under_priors_with_a_pole(a, b, responses, pending):
    # against adaptive quadrature on the logit scale, where a beta density has no pole
    n, least, evaluated = 20, 6, 8
    new = n - evaluated - len(pending)

    def density(t):
        p, q = special.expit(t), special.expit(-t)
        known = (a + responses) * -np.logaddexp(0, -t) + (b + evaluated - responses) * -np.logaddexp(0, t)
        return np.exp(known) * np.prod([q + (1 - w) * p for w in pending])

    def success(t):
        p, q = special.expit(t), special.expit(-t)
        later = np.array([1.0])
        for w in pending:
            chance = (1 - w) * p / (q + (1 - w) * p)
            later = np.convolve(later, [1 - chance, chance])
        return sum(later[k] * _binomial_tail(least - responses - k, new, p) for k in range(len(later))) * density(t)

    wide = {"limit": 2000, "epsabs": 0, "epsrel": 1e-11}
    pieces = [-700, -100, -30, -10, -3, 0, 3, 10, 30, 100, 700]
    top, bottom = (
        sum(integrate.quad(f, lo, hi, **wide)[0] for lo, hi in itertools.pairwise(pieces)) for f in (success, density)
    )
    got = pending_success_probability(n, least, evaluated=evaluated, responses=responses, pending=pending, a=a, b=b)
    assert got == pytest.approx(top / bottom, rel=1e-7)
    if not pending:
        tail = betabinom.sf(least - responses - 1, new, a + responses, b + evaluated - responses)
        assert got == pytest.approx(float(tail), rel=1e-9)


def _binomial_tail(least, n, p):
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(max(least, 0), n + 1))


def test_stratified_levels_hold_where_no_treatment_works():
    found = stratified(300, prevalence=0.4, control=(0.2, 0.1), experimental=(0.5, 0.1))
    first, second = norm.isf(found.alpha_positive), norm.isf(found.alpha_all)
    share, rates = np.array([0.4, 0.6]), np.array([0.2, 0.1])
    variance = rates * (1 - rates) / share
    r = math.sqrt(share[0] ** 2 * variance[0] / (share**2 @ variance))
    neither = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([first, second])
    assert 1 - neither == pytest.approx(0.025, abs=1e-5)
    assert found.correlation == pytest.approx(r)
    assert found.correlation_alternative != pytest.approx(r, abs=0.02)


def test_bounds_that_cannot_spend_alpha_are_refused():
    with pytest.raises(DesignError, match="delta must be"):
        group_sequential(3, shape="wang-tsiatis", delta=5)
    for delta in (-0.5, 0.0, 0.5, 1.0):
        assert group_sequential(3, shape="wang-tsiatis", delta=delta).alpha_spent[-1] == pytest.approx(0.025, abs=1e-7)


@pytest.mark.parametrize("text", ["hsd(nan)", "hsd(inf)", "hsd(-99)", "power(0)", "power(-1)", "power(nan)", "hsd(x)"])
def test_spending_parameters_that_cannot_be(text):
    with pytest.raises(Codon12Error, match="parameter"):
        group_sequential(3, spending=text)


def test_hwang_shih_decani_at_zero_spends_evenly():
    assert Spending(family="hwang-shih-decani", parameter=0).spent(0.02, 0.5) == pytest.approx(0.01)


def test_rates_that_lie_close_together_have_a_size():
    # first sizes and sizes that stay safe, by listing every n up to 6,000 with scipy's binomial tails
    found = ahern(0.02, 0.03)
    assert (found.first_n, int(found.least_responses[found.first_n - 1]), found.safe_n) == (1469, 39, 1611)
    found = sample_size(0.03, success=IntervalRule(rate=0.02), power=0.9)
    assert (found.first_n, found.safe_n) == (2512, 2656)


@pytest.mark.parametrize(
    "rule",
    [
        IntervalRule(rate=0.2),
        IntervalRule(rate=0.2, method="wilson"),
        IntervalRule(rate=0.6, method="mid-p", level=0.9),
        IntervalRule(rate=0.2, method="jeffreys"),
        PosteriorRule(rate=0.2, threshold=0.9),
        PosteriorRule(rate=0.7, threshold=0.95),
    ],
)
@pytest.mark.parametrize("prior", ["beta(1,1)", "beta(0.2,0.8)", "beta(2,20)", "0.5*beta(1,1)+0.5*beta(3,9)"])
def test_the_safe_size_is_safe(rule, prior):
    rate = rule.rate + 0.2
    found = sample_size(rate, success=rule, power=0.8, prior=prior)
    beyond = np.arange(found.safe_n, found.safe_n + 400)
    powers = [design.size_power(int(n), rate, success=rule, prior=prior).power for n in beyond[::7]]
    assert min(powers) >= 0.8 - 1e-12
    assert found.safe_n == 1 or found.power_at_n[found.safe_n - 2] < 0.8


def test_a_very_short_accrual_does_not_cancel():
    at_once = survival_size(6, 0.6, accrual=1e-12, follow_up=12).patients
    shortly = survival_size(6, 0.6, accrual=1e-6, follow_up=12).patients
    assert at_once == pytest.approx(shortly, rel=1e-6)


def test_a_record_keeps_what_was_achieved():
    record = answer("simon", {"p0": 0.1, "p1": 0.3, "alpha": 0.05, "power": 0.9})
    for name, rate in (("alpha", 0.1), ("power", 0.3)):  # 2 of 18 and 6 of 35, by listing the first stage
        later = [binom.pmf(x, 18, rate) * binom.sf(6 - x, 17, rate) for x in range(3, 19)]
        assert record.results[name] == pytest.approx(sum(later))
    assert "p0" not in record.results


def test_the_protocol_of_a_toxicity_rule_speaks_of_toxicity():
    text = protocol_text(answer("toxicity", {"n": 20, "limit": 0.3, "looks": [5, 10]}, rates=(0.3,))).to_markdown()
    assert "Stop for toxicity at or above" in text
    assert "prior of the toxicity rate" in text
    assert "efficacy" not in text
    assert "response" not in text.lower().partition("## source")[0]


def test_two_priors_are_called_by_their_names():
    asked = {"n": 30, "looks": [10], "standard": "beta(20,80)"}
    text = protocol_text(answer("thall-simon", asked)).to_markdown()
    assert "The prior of the standard response rate is Beta(20, 80)." in text
    assert "The prior of the experimental response rate is Beta(0.6, 1.4)." in text


def test_where_lower_is_better_the_advice_can_be_followed():
    with pytest.raises(DesignError, match=r"0\.6 against 0\.8"):
        simon_two_stage(0.4, 0.2)
    assert simon_two_stage(0.6, 0.8).n > 0


def test_priors_that_are_none():
    for prior in (None, 3, {"a": 1}):
        with pytest.raises(Codon12Error):
            design.success_probability(5, 2, prior)
    assert design.success_probability(5, 2, Prior()).shape == (6, 6)
