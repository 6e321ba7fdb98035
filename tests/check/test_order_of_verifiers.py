"""Verdicts do not depend on the order in which verifiers run, and none hears whom it does not name."""

import json
import random
from pathlib import Path

import pytest

from codon12.check import check_text
from codon12.check.grammar.extract import extract
from codon12.check.verify import by_words
from codon12.check.verify.case import Case
from codon12.check.verify.verifiers import VERIFIERS, listen
from codon12.check.verify.weighing import weigh

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
JOURNALS = Path(__file__).with_name("journal_texts.jsonl")
MANY = """
Of 126 patients, 124 were evaluable; 46 of 124 (37.1%; 95% CI, 28.6 to 46.2) had a response and 2 (1.6%) did not start.
We assigned 412 patients (207 in arm A and 206 in arm B) to treatment. Men were 60 (48.4%) and women 64 (51.6%).
Median progression-free survival was 6.8 months (95% CI, 5.1 to 8.2); at 12 months 52% (95% CI, 41 to 61) were alive.
The hazard ratio was 0.66 (95% CI, 0.51 to 0.86; P = 0.002), a 34% lower risk. Adverse events occurred in 23 (18.3%).
Complete response was seen in 4 (3.2%), partial in 42 (33.9%); 100 patients (80.6%) had disease control (95% CI, 72.6 to
87.2; exact method). The rate was 31% (95% CI, 11 to 59) and 44% (95% CI, 28 to 62) in the two groups; 20% were not.
"""


def judged(text, verifiers):
    found = extract(text, name="t")
    findings, relations = weigh(found.statements, listen(Case(found), verifiers), found.passages)
    return [f.as_json() for f in findings], [r.as_json() for r in relations]


def texts(least=0):
    yield MANY
    for line in JOURNALS.read_text(encoding="utf-8").splitlines()[:: 12 if not least else 1]:
        yield json.loads(line)["text"]


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_verifiers_say_the_same(seed):
    shuffled = random.Random(seed).sample(VERIFIERS, len(VERIFIERS))
    assert shuffled != list(VERIFIERS)
    for text in texts():
        assert judged(text, shuffled) == judged(text, VERIFIERS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_shuffled_verifiers_say_the_same_of_papers(seed):
    if not (SHARED / "papers").is_dir():
        pytest.skip("papers (../shared/papers) are not here")
    papers = [p.read_text(encoding="utf-8", errors="replace") for p in sorted((SHARED / "papers").rglob("*.txt"))]
    lines = (SHARED / "cases" / "trust" / "check" / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    shuffled = random.Random(seed).sample(VERIFIERS, len(VERIFIERS))
    for text in [*papers, *(json.loads(x)["text"] for x in lines), *texts(1)]:
        assert judged(text, shuffled) == judged(text, VERIFIERS)


def test_what_a_verifier_does_not_hear_it_does_not_know():
    case = Case(extract(MANY, name="t"))
    first = case.heard(())
    next(v for v in VERIFIERS if v.name == "percentages").check(first)
    assert first.denominators
    assert not case.heard(()).denominators
    assert case.heard([first.said]).denominators == first.denominators


def test_denominators_are_claimed_not_set():
    case = Case(extract(MANY, name="t")).heard(())
    with pytest.raises(TypeError):
        case.denominators["S0001"] = None


def test_names_are_single_and_all_who_are_heard_exist():
    names = [v.name for v in VERIFIERS]
    assert len(set(names)) == len(names)
    assert {h for v in VERIFIERS for h in v.hears} <= set(names)
    with pytest.raises(ValueError, match="wait for each other"):
        listen(Case(extract("Of 40 patients, 10 (25%) died.", name="t")), VERIFIERS[4:5])


def test_every_rule_that_words_call_for_can_be_loaded():
    names = [*by_words._WORDS_OF_A_SENTENCE, *by_words._WORDS_OF_A_TEXT]
    assert names
    assert all(callable(by_words._rule(name)) for name in names)


def test_the_text_above_holds_statements_of_many_kinds():
    report = check_text(MANY)
    assert len({c.rule for f in report.findings for c in f.checks}) >= 9
    assert len({r.kind for r in report.relations}) >= 2
