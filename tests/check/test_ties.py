"""How surely numbers belong together decides what a verdict may be: in one place, and seen in every relation."""

import pytest

from codon12.check import check_text
from codon12.check.verdicts import PROBLEMS, weaker, weighed


def verdict_of(text, quote):
    return next(f.verdict for f in check_text(text).findings if quote in f.statement.quote)


@pytest.mark.parametrize("verdict", PROBLEMS)
def test_competing_totals_confirm_nothing(verdict):
    assert weighed(verdict, "explicit", competing=True) == "cannot confirm"
    assert weighed(verdict, "explicit", own="inferred") == "cannot confirm"
    assert weighed(verdict, "explicit") == verdict


def test_an_inferred_tie_is_at_most_an_error_if():
    assert weighed("error", "inferred") == "error-if"
    assert weighed("error", "structural") == "error"
    assert weighed("ok", "inferred", competing=True) == "ok"
    assert weaker("explicit", "inferred") == weaker("inferred", "structural") == "inferred"


def test_a_total_tied_by_words_or_table_makes_an_error():
    assert verdict_of("A response was seen in 12 of 40 patients (35%).", "12 of 40") == "error"
    table = "Table 1. Events\n\n| Event, n (%) | Drug (N = 40) |\n|---|---|\n| Rash | 90 (35.0) |\n"
    assert verdict_of(table, "Rash") == "error"


def test_a_total_that_only_stands_near_makes_none():
    assert verdict_of("We treated 40 patients. There were 12 (35%) responses.", "12 (35%)") != "error"


def test_names_are_no_counts():
    text = (
        "We treated 126 patients. Responses were seen in cohort 3 (29%), KEYNOTE 189 (45%) and HER2 3+ (12%) tumours."
    )
    assert check_text(text).problems == []


def test_every_relation_shows_its_tie():
    text = "Of 40 patients, 12 (30%) had a response: 3 complete and 9 partial responses."
    rows = check_text(text).as_json()["relations"]
    assert {r["tie"] for r in rows} <= {"explicit", "structural", "inferred"}
    checks = [c for s in check_text(text).as_json()["statements"] for c in s["checks"]]
    assert checks
    assert all(c["tie"] in ("explicit", "structural", "inferred") for c in checks)
