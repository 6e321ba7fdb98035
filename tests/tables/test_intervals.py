from __future__ import annotations

from codon12.tables.intervals import intervals_text

KM = "Kaplan-Meier, log-log limits; median with Brookmeyer-Crowley limits."


def number(kind, method, lower=1.0, upper=2.0):
    return {"kind": kind, "method": method, "lower": lower, "upper": upper}


def test_each_method_is_named_once_and_what_is_no_limit_is_left_out():
    rows = [
        number("time", KM),
        number("rate", KM, upper=None),
        number("rate", "Exact (Clopper-Pearson) limits. Complete and partial responses are confirmed."),
        number("ratio", "Odds ratio, Woolf's limits."),
    ]
    (said,) = intervals_text(rows)
    assert said == (
        "Intervals: Kaplan-Meier, log-log limits; median with Brookmeyer-Crowley limits; exact (Clopper-Pearson) "
        "limits; odds ratio, Woolf's limits."
    )


def test_counts_ranges_and_estimates_without_limits_name_none():
    rows = [
        number("count", "Number of subjects, with limits."),
        number("range", "Smallest and largest, the limits."),
        number("time", KM, None, None),
        number("rate", None),
        {"kind": "rate"},
    ]
    assert intervals_text(rows) == ()
