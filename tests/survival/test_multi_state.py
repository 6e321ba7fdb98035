"""Multi-state probabilities: the infinitesimal jackknife by its definition, and bounds that have no error."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.errors import UsageError
from codon12.survival import aalen_johansen, multi_state

STATES = ["well", "ill", "worse", "dead"]


def paths(seed, n, *, whole, late, gaps):
    """Rows (start, stop] of subjects who wander among the states until they die or leave."""
    rng = np.random.default_rng(seed)
    rows = []
    for subject in range(n):
        t = float(rng.integers(0, 5)) if late else 0.0
        for _ in range(rng.integers(1, 6)):
            t += 2.0 if gaps and rng.random() < 0.2 else 0.0
            length = rng.exponential() * 8
            length = max(1.0, np.ceil(length)) if whole else length
            event = int(rng.choice([0, 1, 2, 3], p=[0.3, 0.3, 0.2, 0.2]))
            rows.append((t, t + length, event, subject))
            t += length
            if event == 3:
                break
    start, stop, event, subject = np.array(rows).T
    return start, stop, event.astype(int), subject.astype(int)


@pytest.mark.parametrize("kind", range(8))
def test_the_error_is_the_derivative_by_the_weights(kind):
    options = {"whole": bool(kind & 1), "late": bool(kind & 2), "gaps": bool(kind & 4)}
    start, stop, event, subject = paths(kind, 25, **options)
    weight = np.linspace(0.5, 2, 25)

    def probability(own):
        return multi_state(start, stop, event, states=STATES, subject=subject, weights=own[subject]).curve().probability

    found = multi_state(start, stop, event, states=STATES, subject=subject, weights=weight[subject]).curve()
    np.testing.assert_allclose(found.probability.sum(axis=1), 1, rtol=1e-12)
    h, squares = 1e-4, 0.0
    for one in range(25):
        step = weight * h * (np.arange(25) == one)
        squares = squares + ((probability(weight + step) - probability(weight - step)) / (2 * h)) ** 2
    np.testing.assert_allclose(found.std_error, np.sqrt(squares), rtol=1e-5, atol=1e-7)


def test_competing_risks_agree_with_the_closed_form():
    rng = np.random.default_rng(4)
    time, event = np.ceil(rng.exponential(size=2000) * 200), rng.integers(0, 3, 2000)
    many = multi_state(np.zeros(2000), time, event, states=["0", "1", "2"]).curve()
    one = aalen_johansen(time, event).curve()
    for name in ("time", "n_risk", "n_event", "probability", "cumulative_hazard"):
        np.testing.assert_allclose(getattr(many, name), getattr(one, name), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(many.std_error[:-1], one.std_error[:-1], rtol=1e-9)


def test_a_probability_of_zero_or_one_has_no_error():
    # All fall ill, then all die: exactly 0 and 1, not 1e-9.
    n = 30
    subject = np.tile(np.arange(n), 2)
    ill, dead = np.arange(1.0, n + 1), 100 + np.arange(1.0, n + 1)
    found = multi_state(
        np.concatenate([np.zeros(n), ill]),
        np.concatenate([ill, dead]),
        np.repeat([1, 2], n),
        states=["well", "ill", "dead"],
        subject=subject,
        weights=np.tile(np.linspace(0.1, 0.7, n), 2),
    ).curve()
    assert found.std_error[n - 1].tolist() == [0, 0, 0]
    assert found.probability[n - 1].tolist() == [0, pytest.approx(1, rel=1e-12), 0]
    assert found.std_error[-1].tolist() == [0, 0, 0]
    assert found.std_error[n // 2, 0] > 0


def test_subjects_in_any_order_and_rows_cut_anywhere():
    start, stop, event, subject = paths(9, 40, whole=True, late=True, gaps=False)
    whole = multi_state(start, stop, event, states=STATES, subject=subject).curve()
    order = np.random.default_rng(1).permutation(start.size)
    mixed = multi_state(*(v[order] for v in (start, stop, event)), states=STATES, subject=subject[order]).curve()
    np.testing.assert_allclose(mixed.std_error, whole.std_error, rtol=1e-12, atol=1e-15)
    half = (start + stop) / 2
    cut = multi_state(
        np.concatenate([start, half]),
        np.concatenate([half, stop]),
        np.concatenate([np.zeros_like(event), event]),
        states=STATES,
        subject=np.tile(subject, 2),
    ).curve()
    at = np.searchsorted(cut.time, whole.time)
    np.testing.assert_allclose(cut.probability[at], whole.probability, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(cut.std_error[at], whole.std_error, rtol=1e-11, atol=1e-15)


def test_competing_risks_that_end_in_one_state_have_no_error():
    # All have the one cause: survival 0 and incidence 1 at the end, for any weights.
    rng = np.random.default_rng(2)
    time, weight = rng.exponential(size=40), rng.random(40) + 0.1
    found = aalen_johansen(time, np.ones(40, dtype=int), labels=["dead", "other"], weights=weight).curve()
    assert found.std_error[-1].tolist() == [0, 0, 0]
    assert found.std_error[:, 2].max() == 0
    assert found.std_error[:-1, :2].min() > 0


def test_who_begins_elsewhere_than_in_the_first_state_is_there_from_the_start():
    """By hand: three patients begin ill; one dies at 2, one at 3, one is censored at 5."""
    own = {"states": ["well", "ill", "dead"], "origin": [1, 1, 1]}
    found = multi_state([0, 0, 0], [2, 3, 5], [2, 2, 0], **own).curve()
    assert [found.at([1], state)[0].value for state in own["states"]] == [0.0, 1.0, 0.0]
    assert found.restricted_mean(4) == pytest.approx({"well": 0, "ill": 2 + 2 / 3 + 1 / 3, "dead": 1 / 3 + 2 / 3})
    late = multi_state([0, 1, 0], [2, 3, 5], [2, 2, 0], **own).curve().to_frame().filter(time=1.0)
    assert late.select("state", "probability").rows() == [("well", 0.0), ("ill", 1.0), ("dead", 0.0)]


def test_groups_of_two_columns_that_would_print_alike_stay_apart():
    groups = [["a, b", "a, b", "a", "a"], ["c", "c", "b, c", "b, c"]]
    found = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 0], group=groups, entry=[0, 0, 0, 1])
    assert found.groups == ("a, 'b, c'", "'a, b', c")


def test_no_cause_has_the_name_of_the_state_before():
    with pytest.raises(UsageError, match="differ; got event free, event free, death"):
        aalen_johansen([1, 2, 3], [1, 2, 0], labels=["event free", "death"])
