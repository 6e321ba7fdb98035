"""Sentences in the manner of journals: those with a slip raise an alarm, those without raise none."""

import json
from pathlib import Path

import pytest

from codon12.check import check_text

SENTENCES = [
    json.loads(x) for x in (Path(__file__).parent / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
QUIET = [x["text"] for x in SENTENCES if x["right"] == "quiet"]
LOUD = [x["text"] for x in SENTENCES if x["right"] == "loud"]


@pytest.mark.parametrize("text", QUIET)
def test_what_is_right_raises_no_alarm(text):
    assert [(f.statement.quote, f.sentence) for f in check_text(text).problems] == []


@pytest.mark.parametrize("text", LOUD)
def test_a_slip_raises_an_alarm(text):
    assert check_text(text).problems


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("There were 36 true positives and 4 false negatives (sensitivity 80%).", "36 of 40 is 90 %, not 80 %."),
        (
            "During 1,250 person-years, 50 events occurred, an incidence of 8.0 per 100 person-years.",
            "50 in 1,250 person-years is 4 per 100, printed 8.0.",
        ),
        (
            "Progression-free and overall survival at 5 years were 68% and 55%, respectively.",
            "68 % without an event cannot be above 55 % alive, in the same patients.",
        ),
        (
            "Of 90 patients, 40 had stage I, 30 had stage II and 35 had stage III disease.",
            "40 + 30 + 35 = 105, not 90, if these are of one group, each in one of them.",
        ),
        (
            "Grade 3 or higher rash occurred in 31% of patients and rash of any grade in 24%.",
            "31 % is more than 24 %, yet these grades are among those, if both are of the same event.",
        ),
    ],
)
def test_the_sentence_says_what_was_computed(text, sentence):
    assert sentence in [f.sentence for f in check_text(text).problems]


@pytest.mark.parametrize(
    "text",
    [
        "Five-year survival by stage was I 90%, II 71% and III 42%.",
        "Of 90 patients, 40 had stage I, 30 had stage II and 20 had stage III disease.",
        "Any grade rash occurred in 24% and grade 3 or higher diarrhea in 31%.",
        "Rash of any grade occurred in 10% of the control group and grade 3 or higher rash in 12% of the drug group.",
        "Overall and progression-free survival at 5 years were 68% and 55%, respectively.",
        "The mean number of cigarettes per day was 2.34 (n = 20).",
        "The lower limit of the 95% CI exceeded the benchmark of 23% (ORR 37%; 95% CI, 28 to 47).",
        "Pain fell by 12% (95% CI, -21 to -3).",
    ],
)
def test_neighbours_of_these_rules_are_left_alone(text):
    assert [(f.statement.quote, f.sentence) for f in check_text(text).problems] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We studied 477 patients. Seventy-five (17.1%) had died in hospital.", []),
        ("We studied 134 patients. The wall was thick in 145 (79%).", ["145 is 79 % of 184, one digit from"]),
        ("We studied 627 patients. Among responders 42 (33.1%) had died.", []),
        ("We studied 127 patients. Overall, 42 (33.1%) had died.", []),
        ("We studied 137 patients, 61 of them women. Overall, 42 (33.1%) had died.", []),
        ("We studied 137 patients. Overall, 42 (33.1%) of those tested had died.", []),
    ],
)
def test_the_one_size_named_is_the_suspect_where_it_is_one_digit_off(text, said):
    found = [f.sentence for f in check_text(text).problems]
    assert len(found) == len(said)
    assert all(x.startswith(y) for x, y in zip(found, said, strict=True))
