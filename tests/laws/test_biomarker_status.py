"""Laws of answers: order does not matter, subjects do not influence one another, hotspots never prove wild type."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.biomarker import biomarker_status, calls_frame, gene_panel, hotspot_assay, parse_criterion

pytestmark = pytest.mark.requirement("R-EVID-03")

ASSAYS = {
    "panel": gene_panel("panel", ["KRAS", "NRAS", "STK11"]),
    "kit": hotspot_assay("kit", ["KRAS G12C", "KRAS G12D"], kind="PCR kit"),
    "exome": gene_panel("exome", ["KRAS", "STK11"], kinds=["mutation"]),
}
QUESTIONS = ("KRAS G12C", "KRAS mutation", "RAS wild type", "STK11 loss of function", "KRAS wild type")
CALLS = [("KRAS", "p.G12C", "missense"), ("NRAS", "p.Q61K", "missense"), ("STK11", "p.Q37*", "truncating")]
CALLS += [("STK11", "p.F354L", "missense"), ("KRAS", "p.G12=", "silent")]
who = st.sampled_from("abcd")
states = st.sampled_from(["valid", "invalid", "indeterminate", "not tested"])
tests_of = st.lists(st.tuples(who, st.sampled_from(list(ASSAYS)), states), max_size=8)
calls_of = st.lists(st.tuples(who, st.sampled_from(CALLS)), max_size=8)


def frames(calls, tests):
    made = pl.DataFrame([(s, *c) for s, c in calls], schema=["USUBJID", "GENE", "PROTEIN", "CLASS"], orient="row")
    schema = ["USUBJID", "ASSAY", "STATE"]
    return calls_frame(made), pl.DataFrame(tests, schema=schema, orient="row").with_columns(SAMPLE="USUBJID")


def answers(calls, tests, question, people="abcd"):
    return biomarker_status(*frames(calls, tests), question, assays=ASSAYS, subjects=pl.Series(list(people)))


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(calls_of, tests_of, st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(calls, tests, question, random):
    first = answers(calls, tests, question)
    random.shuffle(calls)
    random.shuffle(tests)
    assert answers(calls, tests, question).equals(first)


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(calls_of, tests_of, st.sampled_from(QUESTIONS))
def test_a_subject_is_answered_alone_as_in_the_cohort(calls, tests, question):
    together = answers(calls, tests, question)
    own = answers([c for c in calls if c[0] == "a"], [t for t in tests if t[0] == "a"], question, "a")
    assert together.filter(USUBJID="a").equals(own)


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(calls_of, tests_of, st.sampled_from(QUESTIONS))
def test_a_question_and_its_opposite_answer_each_other(calls, tests, question):
    turned = {"yes": "no", "no": "yes", "unknown": "unknown"}
    plain, opposite = answers(calls, tests, question), answers(calls, tests, f"not {question}")
    assert opposite["ANSWER"].to_list() == [turned[a] for a in plain["ANSWER"]]
    assert parse_criterion(f"not {question}").negated is not parse_criterion(question).negated


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(calls_of, st.lists(st.tuples(who, st.just("kit"), states), max_size=6))
def test_a_list_of_hotspots_never_says_wild_type(calls, tests):
    for question in ("RAS wild type", "KRAS wild type"):
        assert "yes" not in answers(calls, tests, question)["ANSWER"].to_list()


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(calls_of, tests_of, st.sampled_from(QUESTIONS))
def test_an_unread_test_never_changes_an_answer(calls, tests, question):
    more = [*tests, ("a", "panel", "invalid")]
    assert answers(calls, tests, question)["ANSWER"].equals(answers(calls, more, question)["ANSWER"])
