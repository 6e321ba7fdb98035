"""Counts of a sentence: what their clause says of them, which list they stand in, what must add up."""

import pytest

from codon12.check import check_text
from codon12.check.grammar.extract import extract
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.clauses import read_sentence
from codon12.check.verify.counted.reading.predicates import excludes, said_of


def counts(text):
    return [(c.n, c.level) for c in read_sentence(Case(extract(text)), 0).counts]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Of 98 tumours, 61 were positive (40 in men) and 33 negative.", [(98, 0), (61, 0), (40, 2), (33, 0)]),
        ("Ninety patients stopped: 60 for progression, 30 by choice.", [(90, 0), (60, 1), (30, 1)]),
        ("They were given A (n = 40) or B (n = 41).", [(40, 0), (41, 0)]),
        ("Grade 3 events occurred in 12 patients aged 18 to 75 years in 2019 (95% CI, 4 to 20).", [(12, 0)]),
        ("Earlier work [3, 4] had 40 patients at 12 centres.", [(40, 0)]),
    ],
)
def test_each_count_stands_in_the_list_it_was_opened_in(text, read):
    assert counts(text) == read


def test_what_is_said_of_some_of_a_group_stands_behind_the_group():
    part, whole, other = read_sentence(Case(extract("Of 30, 12 of the 20 men died; 5 lived.")), 0).counts[1:]
    assert (part.behind, whole.of, other.behind) == ("men died", True, "lived.")


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("died", "were alive", True),
        ("died", "discontinued", False),
        ("responded", "progressed", False),
        ("completed the study", "were lost to follow-up", True),
    ],
)
def test_classes_that_exclude_each_other(first, second, apart):
    a, b = ({s.axis: s.name for s in said_of(words)} for words in (first, second))
    assert any(excludes(axis, [a[axis], b[axis]]) for axis in a.keys() & b.keys()) == apart


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (
            "Smoking status was never in 47, former in 102 and current in 15; {} were current or former smokers.",
            117,
            121,
        ),
        ("Eight of 52 patients had no follow-up scan, so {} were evaluable.", 44, 34),
        ("Stage II, III and IV disease was present in 20, 41, and {} of 100 patients, respectively.", 39, 49),
        ("All but 7 of the 95 patients received it; the {} treated patients were analysed.", 88, 86),
        ("In total, 182 cancers were diagnosed: 131 screen-detected and {} interval cancers.", 51, 61),
    ],
)
def test_what_must_add_up(text, right, wrong):
    assert check_text(text.format(right)).problems == []
    assert check_text(text.format(wrong)).problems
