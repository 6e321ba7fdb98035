"""A value of the abstract or the discussion against the body: told again as another one, or of something else."""

import pytest

from codon12.check import check_text

ARTICLE = """Abstract

Background: Larotuximab was active in phase 1.

Results: A total of 118 patients were enrolled. An objective response was observed in 41 of 115 patients (35.7%; 95% CI,
26.9 to 45.1). The median progression-free survival was 7.1 months (95% CI, 5.6 to 8.3), and the median overall survival
was 16.4 months. Treatment-related adverse events of grade 3 or higher occurred in 29 of 118 patients (24.6%), and
diarrhea in 31.4%.

Conclusions: Larotuximab led to responses in 36% of patients.

Introduction

In other trials the median overall survival was 6.2 months.

Results

Patients

From March 2019 through June 2020, 118 patients were enrolled at 42 sites. All 118 patients were included in the safety
analysis.

Efficacy

A confirmed objective response was observed in 41 of 115 patients (35.7%; 95% CI, 26.9 to 45.1). In women the objective
response rate was 38.0%. Median progression-free survival was 7.1 months (95% CI, 5.6 to 8.3). The median overall
survival was 16.4 months (95% CI, 12.9 to 19.8). At 12 months, 61.3% of the patients with high and 48.2% of those with
low albumin were alive.

Safety

Treatment-related adverse events of grade 3 or higher occurred in 29 patients (24.6%). The most common adverse events
were diarrhea (37 patients, 31.4%) and fatigue (22 patients, 18.6%).

Discussion

Larotuximab led to an objective response in 35.7% of patients. The median progression-free survival of 7.1 months and
the median overall survival of 16.4 months compare favorably with chemotherapy, with which the median overall survival
was 6.2 months.5 At 12 months, 61.3% of the patients with high and 48.2% of those with low albumin were alive. In the
FIGHT-202 trial 35.5% of patients had a response. Pemigatinib gave a median progression-free survival of 7.7 months.
"""


def put(old, new, nth=1):
    at = -1
    for _ in range(nth):
        at = ARTICLE.index(old, at + 1)
    return ARTICLE[:at] + new + ARTICLE[at + len(old) :]


def told(text):
    return [(r.kind, r.verdict) for r in check_text(text).relations if r.kind == "restated"]


def test_an_article_of_one_voice_and_other_studies_beside_it():
    assert check_text(ARTICLE).problems == []


@pytest.mark.parametrize(
    ("old", "new", "nth"),
    [
        ("35.7%", "37.5%", 3),  # the digits of the discussion changed places
        ("responses in 36%", "responses in 39%", 1),  # the conclusion rounds
        ("7.1 months and", "7.9 months and", 1),  # the study's own number in a sentence that cites another
        ("16.4 months compare", "14.6 months compare", 1),
        ("16.4 months. Treat", "16.9 months. Treat", 1),  # the abstract, without its interval
        ("29 of 118 patients (24.6%)", "31 of 118 patients (26.3%)", 1),  # right by itself, of one total
        ("41 of 115 patients (35.7%; 95% CI,\n26.9 to 45.1)", "43 of 115 patients (37.4%; 95% CI, 28.5 to 46.9)", 1),
        ("diarrhea in 31.4%", "diarrhea in 34.1%", 1),  # named by one word
        ("118 patients were enrolled at", "128 patients were enrolled at", 1),  # told twice elsewhere
        ("61.3% of the patients with high and 48.2%", "61.3% of the patients with high and 42.8%", 2),
    ],
)
def test_a_value_told_again_as_another(old, new, nth):
    assert told(put(old, new, nth)) == [("restated", "unlikely")]


@pytest.mark.parametrize(
    ("old", "new", "nth"),
    [
        ("35.7% of patients. The", "37.5% of women. The", 1),  # of some of them
        ("in 35.7% of patients. The", "in 37.5% of patients by investigator assessment. The", 1),  # another reading
        ("in 35.7% of patients. The", "in about 37.5% of patients. The", 1),
        ("in 35.7% of patients. The", "in 35.7% of patients and in 37.5% of those treated longer. The", 1),  # both
        ("35.5% of patients had", "37.5% of patients had", 1),  # of another trial
        ("responses in 36%", "responses in 35.7%", 1),
        ("responses in 36%", "responses in more than a third", 1),
    ],
)
def test_a_number_of_something_else(old, new, nth):
    assert told(put(old, new, nth)) == []


def test_no_abstract_no_discussion_nothing_told():
    body = ARTICLE[ARTICLE.index("Results\n\nPatients") : ARTICLE.index("Discussion")]
    assert told(body) == []
    assert told(body.replace("(35.7%", "(37.5%", 1)) == []
