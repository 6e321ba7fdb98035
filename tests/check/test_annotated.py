"""Statements and verdicts against the annotated part of the texts: recall, precision, false errors.

The texts and annotations are not part of this repository: a folder ``shared`` beside the checkout holds them.
"""

import json
import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from codon12.check import check_text
from codon12.check.showing.annotate import comments_of


def say(*words):
    """A line of figures for whoever runs with -s."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
CASES = SHARED / "cases" / "check" / "statements.jsonl"

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="annotated texts (../shared/cases/check) are not here")

# Quantities that a text does not print with the statement, or that only name something.
ASIDE = {"level", "groups", "max_censored", "ci_level", "N"}
# What our verdicts are called in the annotations.
SAME = {
    "consistent": {"ok"},
    "inconsistent": {"error", "error-if"},
    "consistent_if": {"ok", "cannot confirm"},
    "not_reproduced_approx": {"cannot confirm"},
    "not_checkable": {"not checkable", "cannot confirm"},
}
# Stretches of each text in which every number is annotated: outside them an extra statement proves nothing.
COVERED = {
    "sotorasib-phase2-paper.txt": [(1175, 3247), (11163, 16398)],
    "kras-pembrolizumab-summary.txt": [(0, 10**9)],
    "acquired-resistance-abstract.txt": [(0, 10**9)],
    "kras-biomarker-patient-page.txt": [(0, 10**9)],
}


def numbers(quantities) -> set:
    """Every number of a statement as an exact fraction; dates and names as text."""
    out = set()

    def walk(key, value):
        if key in ASIDE or value is None or isinstance(value, bool):
            return
        if isinstance(value, dict):
            for k, v in value.items():
                walk(k, v)
        elif isinstance(value, list):
            for v in value:
                walk(key, v)
        else:
            try:
                out.add(Fraction(str(value).lstrip("<>=")))
            except ValueError:
                if key in ("date", "start", "end", "nct", "phase", "stage", "ci_method"):
                    out.add(str(value))

    walk("", quantities)
    return out


@pytest.fixture(scope="module")
def annotated():
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["entry"] == "statement"]


@pytest.fixture(scope="module")
def found(annotated):
    out = {}
    for name in {row["file"] for row in annotated}:
        with (SHARED / "papers" / name).open(encoding="utf-8", newline="") as file:
            out[name] = check_text(file.read(), name=name).as_json()["statements"]
    return out


def partners(row, found):
    return [f for f in found[row["file"]] if f["start"] < row["end"] and row["start"] < f["end"]]


def test_statements_are_found_with_their_numbers(annotated, found):
    missed = [
        row["id"]
        for row in annotated
        if not any(numbers(f["quantities"]) == numbers(row["quantities"]) for f in partners(row, found))
    ]
    recall = 1 - len(missed) / len(annotated)
    say(f"\nstatements: {len(annotated)} annotated, recall {recall:.1%}, missed {missed}")
    assert recall > 0.95


def test_denominators(annotated, found):
    rows = [r for r in annotated if r["quantities"].get("percent") and r["denominator"]]
    wrong = [
        row["id"]
        for row in rows
        if not any((f["denominator"] or {}).get("value") == row["denominator"]["value"] for f in partners(row, found))
    ]
    say(f"\ndenominators: {len(rows)} annotated, right {1 - len(wrong) / len(rows):.1%}, wrong {wrong}")
    assert len(wrong) / len(rows) < 0.05


def test_few_statements_are_invented(annotated, found):
    total, extra = 0, []
    for name, spans in COVERED.items():
        for f in found[name]:
            if not any(a <= f["start"] < b for a, b in spans):
                continue
            total += 1
            if not any(r["file"] == name and f["start"] < r["end"] and r["start"] < f["end"] for r in annotated):
                extra.append((name, f["quote"]))
    say(f"\nprecision {1 - len(extra) / total:.1%} of {total}, extra {extra}")
    assert len(extra) / total < 0.05


def test_verdicts(annotated, found):
    wrong = []
    for row in annotated:
        equal = [f for f in partners(row, found) if numbers(f["quantities"]) == numbers(row["quantities"])]
        if equal and equal[0]["verdict"] not in SAME[row["verdict"]]:
            wrong.append((row["id"], row["quote"], row["verdict"], equal[0]["verdict"], equal[0]["sentence"]))
    right = 1 - len(wrong) / len(annotated)
    say(f"\nverdicts right {right:.1%}")
    for w in wrong:
        say("   ", w)
    assert right > 0.98


def test_no_false_error(annotated, found):
    """An error stands only where the annotation says inconsistent."""
    bad = {(r["file"], r["start"]) for r in annotated if r["verdict"] == "inconsistent"}
    for row in annotated:
        if (row["file"], row["start"]) in bad:
            continue
        for f in partners(row, found):
            assert f["verdict"] not in ("error", "error-if", "unlikely"), f


MORE = SHARED / "cases" / "check" / "more-annotations.json"
# How a row names what we call otherwise.
RENAMED = {
    "exact": "exact_percent",
    "methods": "matching_ci_methods",
    "cp_solutions": "solutions",
    "diff": "difference",
}
PROBLEM = {"inconsistent", "wording", "decision_error", "ci_not_log_symmetric+p_vs_ci+decision_error"}


def _numbers_of(text):
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace("·", "."))) - {"95"}


@pytest.mark.skipif(not MORE.is_file(), reason="the further annotations (../shared/cases/check) are not here")
@pytest.mark.parametrize("row", json.loads(MORE.read_text(encoding="utf-8")) if MORE.is_file() else [])
def test_relations_are_judged_as_annotated(row):
    report = check_text((SHARED / "papers" / "more" / row["file"]).read_text(encoding="utf-8"), name=row["file"])
    wanted = _numbers_of(" ".join(str(row[k]) for k in ("quote", "percent", "N", "n") if row.get(k)))
    near = []
    for x in (*report.findings, *report.relations):
        shown = _numbers_of(x.quote if hasattr(x, "quote") else x.statement.quote)
        if getattr(x, "kind", None) == row["kind"] or (shown and (shown <= wanted or wanted <= shown)):
            near.append(x)
    assert near, row["quote"]
    values = {}
    for x in near:
        values |= x.computed
    for name, value in row["computed"].items():
        ours = next((values[k] for k in (RENAMED.get(name, name), f"{name}_possible", name) if k in values), None)
        if name == "cp_solutions":
            assert value[0] in ours
        elif name == "upper":
            assert value in (ours, values.get("ratio"))
        else:
            assert ours == pytest.approx(value, rel=2e-3) if isinstance(value, float) else ours == value, (name, values)
    verdicts = {x.verdict for x in near}
    if row["verdict"] in PROBLEM:
        assert verdicts & {"error", "error-if", "unlikely"}
    elif row["verdict"] == "p_vs_ci":
        assert "cannot confirm" in verdicts
    else:
        assert not verdicts & {"error", "unlikely"} or row["verdict"] == "supports_57_percent"


def test_a_number_that_only_a_study_tells_has_a_comment():
    line = {"statement": "", "start": 6, "end": 8, "quote": "PR: 47", "sentence": "PR: 47: the study gives 42."}
    told = comments_of(check_text("• PR: 47"), {"disagree": [line]})
    assert [(f.statement.quote, words) for f, words in told] == [("PR: 47", "study: PR: 47: the study gives 42.")]
