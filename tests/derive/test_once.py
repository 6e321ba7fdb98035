"""What several analyses ask of one study is found once; another study, or the same one changed, asks anew."""

from dataclasses import replace

import polars as pl
import pytest

from codon12.derive.context import Context
from codon12.records.config import StudyConfig


@pytest.fixture
def context():
    frames = {"adsl": pl.DataFrame({"USUBJID": ["1", "2"], "SAFFL": ["Y", None]})}
    return Context(config=StudyConfig(), frames=frames, evaluators=(), arms=())


@pytest.fixture
def counted(context):
    """Subjects of a context, and how often they were counted."""
    times = []

    def subjects(of=context):
        times.append(of)
        return of.frames["adsl"].height

    return subjects, times


def test_a_question_is_answered_once(context, counted):
    subjects, times = counted
    assert [context.once("subjects", subjects) for _ in range(3)] == [2, 2, 2]
    assert len(times) == 1


def test_questions_of_other_names_are_asked_by_themselves(context):
    assert context.once(("times", "OS"), lambda: "OS") == "OS"
    assert context.once(("times", "PFS"), lambda: "PFS") == "PFS"
    assert context.once(("times", "OS"), lambda: "never asked") == "OS"


def test_an_answer_of_none_is_an_answer(context):
    assert context.once("nothing", lambda: None) is None
    assert context.once("nothing", lambda: 1) is None


def test_a_changed_context_asks_anew(context, counted):
    subjects, times = counted
    assert context.once("subjects", subjects) == 2
    fewer = replace(context, frames={"adsl": context.frames["adsl"].head(1)})
    assert fewer.once("subjects", lambda: subjects(fewer)) == 1
    assert context.once("subjects", subjects) == 2
    assert len(times) == 2


def test_what_failed_is_asked_again(context):
    with pytest.raises(ZeroDivisionError):
        context.once("ratio", lambda: 1 / 0)
    assert context.once("ratio", lambda: 2) == 2


def test_what_was_found_makes_no_two_contexts_differ(context):
    other = replace(context)
    context.once("subjects", lambda: 2)
    assert "_found" not in repr(context)
    assert other == context
