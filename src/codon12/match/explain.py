"""Why: each criterion of a tree with its answer and, in a sentence, what it rests on."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from codon12.match import criteria as c
from codon12.match.alterations import alteration_sets, question_of
from codon12.match.evaluate import Evaluator
from codon12.match.logic import UNKNOWN, WORDS
from codon12.match.tree import Node

__all__ = ["Explained", "criterion_text", "explain"]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One node of a tree, answered."""

    key: str
    answer: Literal["yes", "no", "unknown"]
    text: str = ""
    reason: str = ""
    children: tuple[Explained, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, empty ones left out."""
        out: dict[str, Any] = {"key": self.key, "answer": self.answer}
        if self.text:
            out |= {"text": self.text, "reason": self.reason}
        if self.children:
            out["children"] = [child.to_dict() for child in self.children]
        return out


def explain(ask: Evaluator, node: Node, *, place: int = 0) -> Explained:
    """Answer a tree for one profile, criterion by criterion."""
    answer = WORDS[ask.tree(node)[place]]
    leaf = node.leaf
    if leaf is None:
        children = tuple(explain(ask, child, place=place) for child in node.children)
        return Explained(key=node.key, answer=answer, children=children)
    return Explained(key=node.key, answer=answer, text=criterion_text(leaf), reason=_reason(ask, leaf, place, answer))


def criterion_text(leaf: c.Criterion) -> str:
    """A criterion in words.

    Examples
    --------
    >>> criterion_text(c.Expression(marker="PD-L1", scale="TPS", at_least=50))
    'PD-L1 TPS at least 50'
    """
    if isinstance(leaf, c.Alteration | c.AlterationSet):
        return f"{leaf.fact} {leaf.is_}{', by a test of tumour tissue' if leaf.specimen else ''}"
    if isinstance(leaf, c.Judgement):
        return leaf.text
    if isinstance(leaf, c.TumourType):
        return f"tumour type {leaf.is_}"
    if isinstance(leaf, c.Measurable):
        return "measurable disease" if leaf.is_ else "no measurable disease"
    if isinstance(leaf, c.Msi):
        return "MSI-H or dMMR" if leaf.is_ == "MSI-H" else "microsatellite stable"
    if isinstance(leaf, c.DaysSince):
        return f"{leaf.what} within {leaf.below} days"
    if isinstance(leaf, c.ProgressionAfter | c.PriorTreatment):
        return leaf.fact.replace(":", "") if isinstance(leaf, c.ProgressionAfter) else _treatment(leaf)
    if isinstance(leaf, c.ConfirmedBy):
        return f"{leaf.fact} by {leaf.assay}"
    any_of = getattr(leaf, "any_of", ())
    parts = [" or ".join(map(str, any_of))] if any_of else []
    for name, word in (("equals", ""), ("at_least", "at least "), ("at_most", "at most "), ("below", "below ")):
        value = getattr(leaf, name, None)
        if value is not None:
            parts.append(f"{word}{value:g}")
    return f"{leaf.fact} {', '.join(parts)}"


def _treatment(leaf: c.PriorTreatment) -> str:
    parts = [f"all of {', '.join(leaf.includes_all)}"] if leaf.includes_all else []
    parts += [f"any of {', '.join(leaf.includes_any)}"] if leaf.includes_any else []
    return f"prior treatment with {' and '.join(parts)}"


def _reason(ask: Evaluator, leaf: c.Criterion, place: int, answer: str) -> str:
    if isinstance(leaf, c.Alteration):
        return _tested(ask, leaf.question, place, tissue=leaf.specimen is not None)
    if isinstance(leaf, c.AlterationSet):
        members = alteration_sets()[leaf.name].members
        found = [m for m in members if ask.alterations.value(m)[place] == 2]
        if found:
            return f"{', '.join(found)} detected."
        open_ = [m for m in members if ask.alterations.value(m)[place] == UNKNOWN]
        return f"Not known: {', '.join(open_)}." if open_ else "None of the set detected within reach."
    if isinstance(leaf, c.Judgement):
        return "Not answered: a question to the clinician." if answer == "unknown" else f"Answered with {answer}."
    if answer == "unknown":
        return f"Not known: {leaf.fact}."
    given = _given(ask, leaf, place)
    return f"On record: {given}." if given else f"By the record: {answer}."


def _given(ask: Evaluator, leaf: c.Criterion, place: int) -> str:
    name = Node.of(leaf).key
    held = ask.profiles.single.get(name)
    if held is not None:
        code = held.codes[place]
        value = held.values[code] if code >= 0 else None
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(leaf, c.PriorLines | c.PriorTreatment | c.ProgressionAfter):
        lines = ask.profiles.lines
        own = [lines.values[code] for code in lines.codes[lines.person == place]]
        return "; ".join(f"{' + '.join(line.drugs) or 'drugs not named'} ({line.outcome})" for line in own) or "no line"
    return ""


def _tested(ask: Evaluator, text: str, place: int, *, tissue: bool) -> str:
    """What was found, or what was not tested."""
    subject = question_of(text).subject
    answers, profiles = ask.alterations, ask.profiles
    table, calls = profiles.call_table, profiles.calls
    own = [int(i) for i in calls.codes[calls.person == place]]
    said = answers.hits(text)
    hits = [table.row(i, named=True) for i in own if said.match[i] and not table["DISPUTED"][i]]
    if hits:
        told = ", ".join(_call(h) for h in hits)
        if tissue and not any(h["SPECIMEN"] == "tissue" for h in hits):
            return f"{told}; not in a named test of tumour tissue, which is asked for."
        return f"{told}."
    if any(said.match[i] or said.open[i] for i in own):
        told = ", ".join(_call(table.row(i, named=True)) for i in own if said.match[i] or said.open[i])
        return f"{told}: whether this is {subject} is not known."
    tests = profiles.tests.values[profiles.tests.codes[place]]
    if answers.covered(text)[place]:
        names = sorted({t.assay for t in tests if t.state == "valid" and t.specimen == "tissue"})
        return f"No {subject} detected within the reach of {'; '.join(names)}."
    if not tests:
        return f"No test for {subject} is on record."
    failed = [f"{t.assay}: {t.state}" for t in tests if t.state != "valid"]
    if failed:
        return f"No result from {'; '.join(failed)}."
    elsewhere = [f"{t.assay} ({t.specimen or 'specimen not named'})" for t in tests if t.specimen != "tissue"]
    if elsewhere:
        return f"Not detected by {'; '.join(elsewhere)}; absence is known from tumour tissue alone."
    return f"The tests on record do not see all of {subject}."


def _call(call: dict[str, Any]) -> str:
    name = f"{call['PARTNER']}::{call['GENE']} fusion" if call["PARTNER"] else call["GENE"]
    what = call["PROTEIN"] or call["CODING"] or call["CONSEQUENCE"] or call["CLASS"] or ""
    change = "" if call["PARTNER"] else f" {what.removeprefix('p.')}"
    return f"{name}{change} detected by {call['SRCDOM']} ({call['SPECIMEN'] or 'specimen not named'})"
