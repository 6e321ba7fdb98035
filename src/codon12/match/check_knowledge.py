"""The knowledge base checked: its cases, statements never met or missed, reviews, quotes, dates, contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import msgspec

from codon12.match.drugs import drug_classes, regimen_name
from codon12.match.evaluate import Evaluator
from codon12.match.from_patients import profiles_of
from codon12.match.knowledge import Knowledge
from codon12.match.logic import UNKNOWN, YES
from codon12.match.patient import patient_on
from codon12.match.statement import MOST_WORDS, CaseInside, Statement
from codon12.match.tree import Node
from codon12.match.verdict import STATUSES, Judged, excepted, judge_statement, names_drug, same_regimen

__all__ = ["Fault", "case_faults", "check_knowledge", "regimen_word"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a statement."""

    statement: str
    rule: str
    message: str


def check_knowledge(knowledge: Knowledge, *, today: date) -> list[Fault]:
    """Check statements: none may fail one of its cases, and each must be met by one and missed by another.

    Examples
    --------
    >>> from codon12.match import shipped_statements
    >>> check_knowledge(shipped_statements(), today=date(2026, 11, 28))
    []
    """
    out: list[Fault] = []
    for statement in knowledge.statements:
        out += case_faults(statement)
        out += _form_faults(statement, today)
    return [*out, *_contradictions(knowledge.statements), *_overlaps(knowledge.statements)]


def case_faults(statement: Statement) -> list[Fault]:
    """Run the cases inside a statement."""
    out: list[Fault] = []

    def fault(rule: str, message: str) -> None:
        out.append(Fault(statement=statement.id, rule=rule, message=message))

    by_day: dict[date, list[CaseInside]] = defaultdict(list)
    for case in statement.cases:
        by_day[case.as_of].append(case)
    for day, cases in by_day.items():
        ask = Evaluator(profiles_of([patient_on(case.given, day) for case in cases]), as_of=day)
        judged = judge_statement(ask, statement)
        for place, case in enumerate(cases):
            got = STATUSES[judged.status[place]]
            if got != case.expect:
                fault("case-fails", f"case {case.name!r}: expected {case.expect}, got {got}")
                continue
            facts = judged.facts(place) if got == "undetermined" or judged.by_unknown[place] else ()
            if facts != case.missing:
                fault("case-fails", f"case {case.name!r}: missing {list(facts)}, expected {list(case.missing)}")
            for name, word in case.regimens.items():
                said = regimen_word(ask, judged, tuple(d.strip() for d in name.split(" + ")), place)
                if said != word:
                    fault("case-fails", f"case {case.name!r}: {name} is {said}, expected {word}")
    statuses = {case.expect for case in statement.cases}
    if not statement.cases:
        fault("no-case", "has no case")
    else:
        if "applies" not in statuses:
            fault("never-met", "none of its cases meets it")
        if not statuses & {"does not apply", "not in force"}:
            fault("never-missed", "all of its cases meet it")
    return out


def regimen_word(ask: Evaluator, judged: Judged, regimen: tuple[str, ...], place: int) -> str:
    """What a contraindication says of a regimen: barred, excepted, undetermined or not barred."""
    if judged.statement.effect != "contraindicates" or not names_drug(judged.statement, regimen):
        return "not barred"
    if judged.status[place] not in (UNKNOWN, YES):
        return "not barred"
    if excepted(ask, judged.statement, regimen)[0][place] == YES:
        return "excepted"
    return "barred" if judged.status[place] == YES else "undetermined"


def _form_faults(s: Statement, today: date) -> Iterator[Fault]:
    if s.valid.from_ and s.valid.to and s.valid.to <= s.valid.from_:
        yield Fault(statement=s.id, rule="dates-turned", message=f"in force to {s.valid.to}, not after {s.valid.from_}")
    if s.review.next_due is None:
        if s.review.state != "retired":
            yield Fault(statement=s.id, rule="review-not-planned", message="no day of the next review")
    elif s.review.next_due < today and s.review.state != "retired":
        yield Fault(statement=s.id, rule="review-overdue", message=f"review was due on {s.review.next_due}")
    if s.review.state == "reviewed" and (s.review.by is None or s.review.on is None):
        yield Fault(statement=s.id, rule="reviewer-not-named", message="reviewed, but not by whom and when")
    if not s.evidence:
        yield Fault(statement=s.id, rule="no-source", message="no evidence is cited")
    for source in s.evidence:
        words = len((source.quote or "").split())
        if words > MOST_WORDS:
            message = f"a quote of {words} words from {source.ref}; at most {MOST_WORDS}"
            yield Fault(statement=s.id, rule="quote-too-long", message=message)


def _both_in_force(one: Statement, two: Statement) -> bool:
    starts = [s.valid.from_ or date.min for s in (one, two)]
    ends = [s.valid.to or date.max for s in (one, two)]
    return max(starts) < min(ends)


def _contradictions(statements: Sequence[Statement]) -> Iterator[Fault]:
    """A support and a contraindication of one jurisdiction whose cases meet both, without an exception."""
    bars = [s for s in statements if s.effect == "contraindicates"]
    for support in (s for s in statements if s.effect == "supports"):
        for bar in bars:
            if bar.jurisdiction != support.jurisdiction or not _both_in_force(bar, support):
                continue
            if not names_drug(bar, support.therapy):
                continue
            met = _met_by_both(support, bar)
            if met:
                yield Fault(
                    statement=support.id, rule="contradiction",
                    message=f"case {met!r}: supports {regimen_name(support.therapy)}, which {bar.id} bars",
                )  # fmt: skip


def _met_by_both(support: Statement, bar: Statement) -> str | None:
    for case in support.cases:
        if case.expect != "applies":
            continue
        ask = Evaluator(profiles_of([patient_on(case.given, case.as_of)]), as_of=case.as_of)
        first, second = judge_statement(ask, support), judge_statement(ask, bar)
        known = not first.by_unknown[0] and not second.by_unknown[0]
        if known and regimen_word(ask, second, support.therapy, 0) == "barred":
            return case.name
    return None


def _overlaps(statements: Sequence[Statement]) -> Iterator[Fault]:
    """Two statements that say the same of one profile, and are in force together."""
    groups: dict[tuple, list[Statement]] = defaultdict(list)
    for s in statements:
        drugs = frozenset(drug_classes().parts(s.therapy))
        groups[s.effect, s.jurisdiction, s.direction, drugs, _shape(s.when)].append(s)
    for group in groups.values():
        for one, two in combinations(group, 2):
            same = one.effect != "evidence" and (one.effect != "information" or one.sentence == two.sentence)
            if same and _both_in_force(one, two) and same_regimen(one.therapy, two.therapy):
                yield Fault(
                    statement=two.id, rule="validity-overlaps", message=f"says the same as {one.id} at the same time"
                )


def _shape(node: Node) -> bytes:
    return msgspec.json.encode(node, order="deterministic")
