"""The same number printed again: in text and table, abstract and body, one document and another."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.statements import Limit, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_copies", "numbers_of"]

_TRIPLES = {"count_percent_ci", "percent_ci", "landmark", "median_ci", "median_range", "hr_ci_p"}
_MOST_ALIKE, _BY_CHANCE = 20, 40
_GROUP = re.compile(
    r"\b(?:in|of|among|for) (?:the )?\d+ |subgroup|\bpatients (?:with|who|treated|receiving)\b|"
    r"\b(?:arms?|groups?|cohorts?)\b",
    re.IGNORECASE,
)
_REPEATED = {"dose", "scale", "version", "design_number", "ci_method_statement"}


def _limit(limit: Limit) -> Fraction | str | None:
    return limit.value if isinstance(limit, Printed) else limit


def numbers_of(s: Statement) -> tuple[object, object, object]:
    """Estimate, lower and upper limit of a statement, as exact values."""
    q = s.quantities
    value = q.percent or q.value
    return (value.value if value else None, _limit(q.low), _limit(q.high))


def _family(s: Statement) -> str:
    q = s.quantities
    if q.measure:
        return q.measure
    return "percent" if q.percent is not None else "time"


def check_copies(case: Case) -> None:
    """Note statements printed more than once; two of three numbers equal and the third not is odd."""
    same: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind in _TRIPLES:
            same[(_family(s), *numbers_of(s))].append(s)
    for copies in same.values():
        if len(copies) > 1:
            for s in copies:
                other = copies[1] if s is copies[0] else copies[0]
                where = other.section or "the text"
                case.add(s, Check("repeated", "ok", f"Printed the same in {where}.", "repetition"))
            case.relate("repeated", copies[:10], "ok", f"Printed the same {len(copies)} times.", "repetition")
    buckets: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for (family, *numbers), copies in same.items():
        for a, b in ((0, 1), (0, 2), (1, 2)):
            if numbers[a] is not None and numbers[b] is not None:
                buckets[(family, copies[0].quantities.outcome, a, b, numbers[a], numbers[b])].append(copies[0])
    of_table = Counter(case.text.passages[x.passage].table for copies in same.values() for x in copies[:1])
    for alike in buckets.values():
        for a, b in combinations(alike[:_MOST_ALIKE], 2):
            tables = [case.text.passages[x.passage].table for x in (a, b)]
            if any(t is not None and of_table[t] > _BY_CHANCE for t in tables):
                continue  # of so many cells some share two numbers with anything
            if any(len(same[_family(s), *numbers_of(s)]) == 1 for s in (a, b)):  # what is printed twice is no slip
                _compare(case, a, b)
    _outcomes_again(case)
    seen: dict[tuple[str, str], Statement] = {}
    for s in case.statements:
        if s.kind not in _REPEATED:
            continue
        q = s.quantities
        key = (s.kind, f"{q.value and q.value.value} {q.low and _limit(q.low)} {q.high and _limit(q.high)} {q.unit}")
        if s.kind in ("design_number", "ci_method_statement") and q.value is None:
            continue
        if key in seen:
            for x in (s, seen[key]) if s.kind in ("dose", "scale") else (s,):
                if not any(c.rule == "repeated" for c in case.checks.get(x.id, [])):
                    case.add(x, Check("repeated", "ok", "Printed the same elsewhere.", "repetition"))
        seen.setdefault(key, s)


def _compare(case: Case, a: Statement, b: Statement) -> None:
    first, second = numbers_of(a), numbers_of(b)
    equal = [x == y and isinstance(x, Fraction) for x, y in zip(first, second, strict=True)]  # NE is no number
    same_outcome = a.quantities.outcome is not None and a.quantities.outcome == b.quantities.outcome
    if sum(equal) < 2 or not same_outcome or a.passage == b.passage:
        return
    if a.section == b.section and (case.says(a, _GROUP) or case.says(b, _GROUP)):
        return  # one of a group, one of all
    if a.section == b.section and a.label and b.label and a.label != b.label:
        return  # two rows of one table are of two things
    tables = {case.text.passages[x.passage].table for x in (a, b)}
    if len(tables) == 1 and None not in tables:
        return  # two cells of one table, each a line of its own
    if None not in tables:
        return  # two tables of other groups, outcomes or models are alike in two of three numbers by chance
    if _of_another_analysis(case, a, b):
        return
    if isinstance(first[1], Fraction) and isinstance(second[1], Fraction) and _coarser(a, b):
        return
    shared = [x for s in (a, b) for x in (s.quantities.low, s.quantities.high) if isinstance(x, Printed)]
    if any(x.digits == 0 for x in shared):
        return  # whole numbers are equal by chance
    if a.quantities.at != b.quantities.at and a.quantities.at and b.quantities.at and (
        a.quantities.at.value != b.quantities.at.value
    ):  # fmt: skip
        return
    sentence = f"Two of three numbers are those of “{' '.join(a.quote.split())[:70]}”, the third is not."
    case.relate("copies", (a, b), "unlikely", sentence, "comparison of copies", on=(b,))


_ANALYSIS = re.compile(
    r"\b(?:(?:un|not )stratified|unadjusted|crude|univaria\w+|sensitivity anal\w+|per[- ]protocol|investigators?|"
    r"landmark|imput\w+|weighted|matched|post[- ]hoc)\b",
    re.IGNORECASE,
)
"""Words of another analysis than the one that a text tells first."""
_OF_SUBGROUPS = re.compile(r"\b(?:sub-?groups?|forest)\b", re.IGNORECASE)
_UNSTRATIFIED = re.compile(r"\b(?:un|not )stratified\b")


def _of_another_analysis(case: Case, a: Statement, b: Statement) -> bool:
    """Whether the words about one, its sentence or its table, name an analysis that is not that of the other."""
    one, other = (_about(case, s, _ANALYSIS) for s in (a, b))
    if one is None and other is None and any(_about(case, s, _OF_SUBGROUPS) for s in (a, b)):
        return case.has(_UNSTRATIFIED) and _UNSTRATIFIED.search(case.small) is not None  # as the methods say
    return one != other


def _about(case: Case, s: Statement, pattern: re.Pattern[str]) -> str | None:
    """What the sentence of a number, or its table, holds of a pattern."""
    if case.text.passages[s.passage].table is not None:
        return case.tables.says(s, pattern)
    found = pattern.search(case.sentence(s))
    return found and found[0]


def _coarser(a: Statement, b: Statement) -> bool:
    """Whether one prints fewer digits than the other."""
    va, vb = a.quantities.percent or a.quantities.value, b.quantities.percent or b.quantities.value
    return va is not None and vb is not None and va.digits != vb.digits


def _outcomes_again(case: Case) -> None:
    """A median or percentage repeated without its interval agrees with the one that has it."""
    full = {
        (numbers_of(s)[0], s.quantities.outcome)
        for s in case.statements
        if s.kind in ("median_ci", "median_range", "count_percent_ci")
    }
    for s in case.statements:
        q = s.quantities
        if s.kind != "median_only" or q.value is None or q.outcome is None or case.cites(s):
            continue
        if (q.value.value, q.outcome) in full:
            case.add(s, Check("repeated", "ok", "Printed elsewhere with its limits.", "repetition"))
    lines = [s for s in case.statements if s.kind == "median_only" and s.quantities.unit == "lines"]
    for s in lines[:3]:
        _median_of_table(case, s)


def _median_of_table(case: Case, s: Statement) -> None:
    """The median number of lines follows from a table that counts subjects by number of lines."""
    rows = [
        (int(c.label), c.quantities.n or 0)
        for c in case.statements
        if c.kind == "table_cell" and c.label.isdigit() and "line" in case.text.passages[c.passage].heading.lower()
    ]
    total = sum(n for _, n in rows)
    if len(rows) < 2 or not total or s.quantities.value is None:
        return
    spread = sorted(k for k, n in rows for _ in range(n))
    middle = Fraction(spread[(total - 1) // 2] + spread[total // 2], 2)
    verdict = "ok" if middle == s.quantities.value.value else "unlikely"
    sentence = f"The table gives a median of {float(middle):g} over {total} subjects."
    case.add(s, Check("median/table", verdict, sentence, "median of the counts in the table"))
