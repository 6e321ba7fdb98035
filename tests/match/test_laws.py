"""Laws: knowledge only grows, order is of no account, one by one and whole columns agree, kit-negative is never wild type."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.biomarker import Profile, Test, gene_panel, hotspot_assay
from codon12.match import Evaluator, match_patient, patient_of, profiles_of, shipped_statements
from codon12.match.criteria import Alteration, Judgement
from codon12.match.logic import NO, UNKNOWN, YES, missing_facts, tree_value
from codon12.match.tree import Node, leaves
from codon12.match.verdict import STATUSES, judge_statement

DAY = date(2026, 6, 1)
KIT = ["KRAS G12A", "KRAS G12D", "KRAS G12R", "KRAS G12C", "KRAS G12S", "KRAS G12V", "KRAS G13D"]
GENES = ["KRAS", "NRAS", "BRAF", "EGFR", "STK11", "KEAP1"]
FOUND = [
    "KRAS G12C",
    "KRAS G12D",
    "KRAS D57N",
    "NRAS Q61R",
    "BRAF V600E",
    "EGFR L858R",
    "EGFR P848L",
    "STK11 Q37*",
    "EML4-ALK",
]

optional = lambda s: st.none() | s  # noqa: E731
tests = st.builds(
    lambda genes, kinds, fusions, specimen, found, state: {
        "assay": "panel", "genes": genes, "kinds": kinds, "fusions": fusions, "specimen": specimen,
        "found": found if state == "valid" else [], "state": state,
    },
    st.lists(st.sampled_from(GENES), unique=True, max_size=4), st.sampled_from([["mutation"], ["mutation", "copy number"]]),
    st.lists(st.sampled_from(["ALK", "ROS1"]), unique=True), optional(st.sampled_from(["tissue", "plasma"])),
    st.lists(st.sampled_from(FOUND), unique=True, max_size=2), st.sampled_from(["valid", "valid", "invalid"]),
)  # fmt: skip
lines = st.builds(
    lambda drugs, outcome, setting, end: {"drugs": drugs, "outcome": outcome, "setting": setting, "end": end},
    st.lists(st.sampled_from(["carboplatin", "pemetrexed", "pembrolizumab", "FOLFOX", "FOLFIRI", "sotorasib", "xyz"]), max_size=2),
    optional(st.sampled_from(["progression", "completed"])), optional(st.sampled_from(["adjuvant"])),
    optional(st.sampled_from(["2026-05-20", "2025-01", "ongoing"])),
)  # fmt: skip
patients = st.builds(
    lambda kind, stage, tests, measures, lines, complete, age, ecog, judged: {
        "tumour": {"type": kind, "stage": stage}, "tests": tests, "measures": measures, "lines": lines,
        "lines_complete": complete, "age": age, "ecog": ecog, "judgements": judged,
    },
    optional(st.sampled_from(["NSCLC", "CRC", "SOLID", "AML"])),
    optional(st.sampled_from(["localised", "locally advanced", "unresectable", "metastatic"])),
    st.lists(tests, max_size=2),
    st.lists(st.sampled_from([
        {"marker": "PD-L1", "scale": "TPS", "value": "1-49"}, {"marker": "PD-L1", "scale": "TPS", "value": 60},
        {"marker": "TMB", "value": 12}, {"marker": "MSI", "value": "MSI-H"}, {"marker": "MMR", "value": "pMMR"},
    ]), max_size=2),
    optional(st.lists(lines, max_size=3)), st.booleans(), optional(st.sampled_from([17, 63])), optional(st.sampled_from([0, 2])),
    st.dictionaries(st.sampled_from(["no satisfactory alternative treatment"]), st.booleans()),
)  # fmt: skip


def _statuses(given, day=DAY):
    ask = Evaluator(profiles_of([patient_of(given)]), as_of=day)
    return {s.id: judge_statement(ask, s) for s in shipped_statements().statements}


@given(st.lists(patients, min_size=1, max_size=6))
@settings(max_examples=settings().max_examples // 4, deadline=None)
def test_whole_columns_answer_as_one_by_one(many):
    ask = Evaluator(profiles_of([patient_of(p) for p in many]), as_of=DAY)
    for s in shipped_statements().statements:
        together = judge_statement(ask, s)
        for i, p in enumerate(many):
            alone = judge_statement(Evaluator(profiles_of([patient_of(p)]), as_of=DAY), s)
            assert (together.status[i], together.by_unknown[i]) == (alone.status[0], alone.by_unknown[0])
            assert together.facts(i) == alone.facts(0)
            taken = judge_statement(Evaluator(ask.profiles.only(i), as_of=DAY), s)
            assert (taken.status[0], taken.facts(0)) == (alone.status[0], alone.facts(0))


@given(patients, st.randoms())
@settings(max_examples=25, deadline=None)
def test_order_of_tests_and_lines_is_of_no_account(patient, random):
    turned = dict(patient)
    for key in ("tests", "lines", "measures"):
        if patient[key]:
            turned[key] = random.sample(patient[key], len(patient[key]))
    one, two = _statuses(patient), _statuses(turned)
    assert {k: (v.status[0], v.facts(0)) for k, v in one.items()} == {
        k: (v.status[0], v.facts(0)) for k, v in two.items()
    }


@given(patients)
@settings(deadline=None)
def test_more_knowledge_only_resolves_unknowns(patient):
    """A fact that was not given is given: what was known stays, in every criterion."""
    more = {
        "tumour": {"type": patient["tumour"]["type"] or "CRC", "stage": patient["tumour"]["stage"] or "metastatic"},
        "lines": patient["lines"] if patient["lines"] is not None else [],
        "age": patient["age"] if patient["age"] is not None else 40,
        "judgements": {"no satisfactory alternative treatment": True} | patient["judgements"],
    }
    before, after = (Evaluator(profiles_of([patient_of(p)]), as_of=DAY) for p in (patient, patient | more))
    for s in shipped_statements().statements:
        for node in (s.when, *(Node.of(leaf) for leaf in leaves(s.when))):
            was, now = before.tree(node)[0], after.tree(node)[0]
            assert was in (UNKNOWN, now)
        first, second = judge_statement(before, s), judge_statement(after, s)
        if first.status[0] == YES and not first.by_unknown[0]:
            assert second.status[0] == YES
        if first.status[0] == NO:
            assert second.status[0] == NO


@given(patients, tests)
@settings(deadline=None)
def test_a_test_that_finds_nothing_new_contradicts_nothing(patient, test):
    """Another test with what is known already, or nothing: a yes stays a yes and a no stays a no."""
    known = [f for t in patient["tests"] for f in t["found"]]
    test = test | {"found": [f for f in test["found"] if f in known]}
    before, after = _statuses(patient), _statuses(patient | {"tests": [*patient["tests"], test]})
    for name, was in before.items():
        now = after[name]
        if was.status[0] == YES and not was.by_unknown[0]:
            assert STATUSES[now.status[0]] == "applies"
        if was.status[0] == NO:
            assert STATUSES[now.status[0]] == "does not apply"


values = st.sampled_from([NO, UNKNOWN, YES])
nodes = st.recursive(
    st.sampled_from([Node.of(Judgement(text=t)) for t in "abcd"]),
    lambda inner: (
        st.builds(lambda n: Node(not_=n), inner)
        | st.builds(lambda ns: Node(all=tuple(ns)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda ns: Node(any=tuple(ns)), st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=8,
)


@given(nodes, st.tuples(values, values, values, values), st.tuples(*[st.sampled_from([NO, YES])] * 4))
@settings(deadline=None)
def test_trees_are_monotone_and_their_missing_facts_suffice(node, known, answers):
    held = {Judgement(text=t): np.array([v], np.int8) for t, v in zip("abcd", known, strict=True)}
    full = {Judgement(text=t): np.array([v], np.int8) for t, v in zip("abcd", answers, strict=True)}
    was = tree_value(node, held.__getitem__)[0]
    missing = [leaf for leaf, mask in missing_facts(node, held.__getitem__).items() if mask[0]]
    assert bool(missing) == (was == UNKNOWN)
    assert all(held[leaf][0] == UNKNOWN for leaf in missing)
    resolved = held | {leaf: full[leaf] for leaf in missing}
    now = tree_value(node, resolved.__getitem__)[0]
    assert now != UNKNOWN  # all missing facts given: nothing stays open
    assert was in (UNKNOWN, now)
    for leaf in missing:
        one = held | {leaf: full[leaf]}
        assert leaf not in [m for m, mask in missing_facts(node, one.__getitem__).items() if mask[0]]


RAS_WILD = [
    Node.of(Alteration(question="RAS mutation", is_="absent")),
    Node.of(Alteration(question="RAS wild type", is_="present")),
]


def test_kit_negative_is_never_ras_wild_type():
    subsets = [list(s) for n in range(len(KIT) + 1) for s in combinations(KIT, n)]
    given = [
        patient_of({"tumour": {"type": "CRC"}, "tests": [{"assay": "kit", "specimen": "tissue", "targets": s, "found": []}]})
        for s in subsets
    ]  # fmt: skip
    ask = Evaluator(profiles_of(given), as_of=DAY)
    assert len(subsets) == 128
    for node in RAS_WILD:
        assert set(ask.tree(node).tolist()) == {UNKNOWN}
    bar = judge_statement(ask, shipped_statements().get("us-fda/mcrc/anti-egfr/ras"))
    assert bar.by_unknown.all()


@pytest.mark.parametrize(
    "question",
    [
        "KRAS G12C",
        "KRAS mutation",
        "RAS mutation",
        "RAS wild type",
        "EGFR exon 19 deletion",
        "ALK fusion",
        "STK11 loss of function",
        "BRAF V600E",
        "EGFR codon 719",
    ],
)
@pytest.mark.parametrize("found", [[], *([f] for f in FOUND)])
def test_gene_questions_agree_with_the_biomarker_room(question, found):
    for genes in ([], ["KRAS"], GENES):
        panel = gene_panel("panel", genes, fusions=["ALK"])
        kit = hotspot_assay("kit", KIT)
        own = Profile.of("P", tests=[Test(assay=panel, found=tuple(found)), Test(assay=kit)])
        patient = {
            "tests": [
                {"assay": "panel", "specimen": "tissue", "genes": genes, "kinds": ["mutation", "copy number"], "fusions": ["ALK"], "found": found},
                {"assay": "kit", "specimen": "tissue", "targets": KIT},
            ]
        }  # fmt: skip
        ask = Evaluator(profiles_of([patient_of(patient)]), as_of=DAY)
        word = {NO: "no", UNKNOWN: "unknown", YES: "yes"}[ask.value(Alteration(question=question, is_="present"))[0]]
        assert word == own.status(question).answer


def test_once_given_a_fact_is_no_longer_missing():
    bare = {"tumour": {"type": "CRC", "stage": "metastatic"}, "lines": []}
    asked = match_patient(patient_of(bare), as_of=DAY)
    assert "MSI or MMR" in {f for s in asked.statements for f in s.missing}
    for word in ("MSI-H", "MSS", "dMMR", "pMMR"):
        told = match_patient(patient_of(bare | {"measures": [{"marker": "MSI", "value": word}]}), as_of=DAY)
        assert "MSI or MMR" not in {f for s in told.statements for f in s.missing}


def test_replacing_a_profile_keeps_its_length():
    held = profiles_of([patient_of({}), patient_of({"id": "x"})])
    assert len(replace(held, assumptions=("a",))) == 2
    assert held.only(1).subjects == ("x",)
    assert msgspec.to_builtins(patient_of({"id": "x"}))["id"] == "x"
