"""Orders of events and censorings behind printed survival estimates."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.survival.published.event_orders import EventString, PrintedLandmark, event_strings

# Duration of response of 46 responders, as the KRAS p.G12C phase 2 trial prints it (10.1056/NEJMoa2103695).
DURATION = [
    PrintedLandmark(estimate="90.5", lower="76.7", upper="96.3"),
    PrintedLandmark(estimate="70.8", lower="54.3", upper="82.2"),
    PrintedLandmark(estimate="57.3", lower="40.4", upper="71.0"),
]


@pytest.mark.parametrize(("landmarks", "orders"), [(1, 6), (2, 4), (3, 18)])
def test_duration_of_response_has_as_many_orders_as_an_independent_search_found(landmarks, orders):
    found = event_strings(46, DURATION[:landmarks])
    assert len(found) == orders
    assert {s.events for s in found} == {(4, 12, 17)[:landmarks]}


def limits(text, n, conf_type="log-log"):
    """Estimate and limits after each event, by the formulas written out."""
    out, s, v = [], 1.0, 0.0
    for k, letter in enumerate(text):
        risk = n - k
        if letter == "C":
            continue
        s *= 1 - 1 / risk
        v += math.inf if risk == 1 else 1 / (risk * (risk - 1))
        z = 1.959963984540054
        if s < 1e-12:
            out.append((0.0, 0.0, 0.0))
        elif conf_type == "log-log":
            w = z * math.sqrt(v) / -math.log(s)
            out.append((s, s ** math.exp(w), s ** math.exp(-w)))
        elif conf_type == "log":
            out.append((s, s * math.exp(-z * math.sqrt(v)), min(1.0, s * math.exp(z * math.sqrt(v)))))
        else:
            h = z * s * math.sqrt(v)
            out.append((s, max(0.0, s - h), min(1.0, s + h)))
    return out


def prints_as(landmark, values):
    texts = (landmark.estimate, landmark.lower, landmark.upper)
    return all(
        t is None or abs(100 * v - float(t)) <= 0.5 * 10 ** -len(t.partition(".")[2]) + 1e-9
        for t, v in zip(texts, values, strict=True)
    )


def brute(n, landmarks, conf_type):
    found = set()
    for length in range(1, n + 1):
        for letters in product("EC", repeat=length):
            text = "".join(letters)
            if not text.endswith("E"):
                continue
            steps = limits(text, n, conf_type)
            if len(landmarks) == 1:
                if prints_as(landmarks[0], steps[-1]):
                    found.add((text, (len(steps),)))
            else:
                for k in range(len(steps)):
                    if prints_as(landmarks[0], steps[k]) and prints_as(landmarks[1], steps[-1]):
                        found.add((text, (k + 1, len(steps))))
    return found


@settings(max_examples=25, deadline=None)
@given(
    st.integers(3, 9),
    st.text("EC", min_size=1, max_size=8),
    st.sampled_from(["log-log", "log", "plain"]),
    st.sampled_from([0, 1]),
    st.booleans(),
)
def test_search_finds_what_trying_every_order_finds(n, text, conf_type, digits, two):
    text = text[:n].rstrip("C")
    steps = limits(text, n, conf_type)
    if not steps:
        return
    landmarks = [
        PrintedLandmark(
            **{name: f"{100 * v:.{digits}f}" for name, v in zip(("estimate", "lower", "upper"), step, strict=True)}
        )
        for step in ([steps[0], steps[-1]] if two else [steps[-1]])
    ]
    found = {(s.text, s.events) for s in event_strings(n, landmarks, conf_type=conf_type)}
    assert found == brute(n, landmarks, conf_type)
    assert text in {t for t, _ in found}


def test_estimate_alone_is_enough_to_search():
    assert event_strings(2, [PrintedLandmark(estimate="50")]) == (EventString("E", (1,)),)


def test_curve_at_zero_ends_with_the_last_subject():
    found = event_strings(2, [PrintedLandmark(estimate="0")])
    assert {s.text for s in found} == {"CE", "EE"}


def test_no_event_before_a_landmark_is_the_empty_order():
    assert event_strings(3, [PrintedLandmark(estimate="100")]) == (EventString("", (0,)),)


def test_no_order_fits_numbers_that_cannot_be():
    assert event_strings(46, [PrintedLandmark(estimate="90.5", lower="90.4", upper="90.6")]) == ()


@pytest.mark.parametrize(
    ("n", "landmarks", "more", "message"),
    [
        (0, DURATION, {}, "n must be at least 1"),
        (46, [], {}, "at least one landmark"),
        (46, DURATION[::-1], {}, "must not rise"),
        (46, DURATION, {"level": 1.5}, "level must lie"),
        (46, DURATION, {"conf_type": "logit"}, "conf_type must be one of"),
        (46, [PrintedLandmark(estimate="many")], {}, "as printed; got 'many'"),
        (46, [PrintedLandmark(estimate="101")], {}, "between 0 and 100"),
        (80, [PrintedLandmark(estimate="50")], {"limit": 1000}, "say too little"),
    ],
)
def test_wrong_use_says_what_to_do(n, landmarks, more, message):
    with pytest.raises(UsageError, match=message):
        event_strings(n, landmarks, **more)
