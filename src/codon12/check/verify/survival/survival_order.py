"""Survival times and rates against each other: landmarks without limits, progression before death."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.lexicon import outcome_in
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.survival.free_and_alive import ARMS, OTHER_PATIENTS
from codon12.check.verify.survival.rates_in_time import GROUPS

__all__ = ["check_survival_order"]

_RATE = re.compile(
    r"\b(?P<t>\d+|one|two|three|five|ten|six|twelve)[- ](?P<unit>month|year|mo|yr)s?[- ]?(?P<what>[^.;,()%\d]{0,60}?)"
    r"(?:\([A-Z]{2,3}\))?(?P<end>[^.;,()%\d]{0,30})\s*\(?$",
    re.IGNORECASE,
)
_AT = re.compile(
    r"^\s*(?:\)|,)?\s*(?P<alive>(?:of (?:the )?patients )?(?:were |remained )(?:still )?alive )?at "
    r"(?P<t>\d+|one|two|three|five|six|twelve) (?P<unit>month|year)s?\b",
    re.IGNORECASE,
)
_AT_BEFORE = re.compile(
    r"(?P<what>(?:survival|PFS|OS|DFS|EFS)(?: \([A-Z]+\))?(?: rates?)?) at (?P<t>\d+|one|two|three|five|six|twelve) "
    r"(?P<unit>month|year)s?(?: (?:was|of|were)|,|:)?\s*$",
    re.IGNORECASE,
)
_WORDS = {"one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "ten": 10, "twelve": 12}
_LATER = {"PFS": "OS", "DFS": "OS", "EFS": "OS"}
_TIMES = ("PFS", "OS", "DFS", "EFS", "DOR")
_CLOSE = 3


class _Mark(NamedTuple):
    statement: Statement
    outcome: str
    months: Fraction
    low: Fraction
    high: Fraction


def check_survival_order(case: Case) -> None:
    """Medians against rates at a time, and progression-free against overall survival, where one group is followed."""
    medians: dict[str, list[Statement]] = defaultdict(list)
    rates: list[_Mark] = []
    for s in case.statements:
        q = s.quantities
        if (
            s.kind in ("median_ci", "median_only")
            and q.outcome in _TIMES
            and q.unit == "months"
            and q.value is not None
        ):
            if not case.cites(s) and not _is_difference(case, s):
                medians[q.outcome].append(s)
        elif s.kind in ("landmark", "percent_only", "percent_ci") and q.percent is not None and not case.cites(s):
            mark = _mark(case, s)
            if mark is not None:
                rates.append(mark)
    if not medians and not rates:
        return
    _falling(case, rates)
    _bracketed(case, medians, rates)
    _progression_first(case, medians, rates)


_DIFFERENCE = re.compile(r"\b(?:difference|gain|benefit|improvement|prolongation|increase)\b[^.;]{0,20}$")


def _is_difference(case: Case, s: Statement) -> bool:
    return _DIFFERENCE.search(case.around(s, 40, 0)[0]) is not None


def _mark(case: Case, s: Statement) -> _Mark | None:
    """A survival rate at a time; the outcome and the time must stand beside it."""
    q = s.quantities
    assert q.percent is not None
    if s.kind == "landmark":
        if q.at is None or q.outcome not in _TIMES or q.unit not in ("months", "years"):
            return None
        months = q.at.value * (12 if q.unit == "years" else 1)
        return _Mark(s, q.outcome, months, q.percent.low, q.percent.high_cut)
    before, after = case.around(s, 90, 24)
    lead = _NO_DIGITS.match(case.flat, s.normal_start, s.normal_end)
    before += "" if lead is None else lead[0]
    found = _AT.match(after)
    late = _AT_BEFORE.search(before) if found is None else None
    if late is not None:
        found, outcome = late, outcome_in(before[: late.end("what")][-60:])
    elif found is not None:
        outcome = "OS" if found["alive"] else outcome_in(before[-60:])
        if not found["alive"] and (outcome is None or not _RATE_OF.search(before)):
            return None
    else:
        found = _RATE.search(before)
        named = found["what"] + (found["end"] or "") if found else ""
        outcome = outcome_in(named) or ("OS" if _SURVIVAL.search(named) else None)
        if found is None or not (_LINKED.search(named) or _SURVIVAL.search(named)):
            return None
    if outcome not in _TIMES or outcome == "DOR":
        return None
    number = found["t"].lower()
    months = Fraction(_WORDS.get(number) or int(number)) * (12 if found["unit"].lower()[0] == "y" else 1)
    return _Mark(s, outcome, months, q.percent.low, q.percent.high_cut)


_RATE_OF = re.compile(r"(?:survival|PFS|OS|DFS|EFS)(?: \([A-Z]+\))?(?: rate)? (?:was|of|were)\s*$")
_LINKED = re.compile(r"(?:was|were|of|:|PFS|OS|DFS|EFS)\s*$")
_NO_DIGITS = re.compile(r"\D*")
_SURVIVAL = re.compile(
    r"^(?:actuarial |estimated |overall )*(?:survival|PFS|OS|DFS|EFS)(?: rates?)?(?: (?:was|were|of))?\s*\(?$",
    re.IGNORECASE,
)
"""A rate of survival that no other word makes one of something else: overall survival."""


def _only(statements: list[Statement]) -> Statement | None:
    """The statement that gives the one median of an outcome; None where there are several."""
    values = {s.quantities.value.value for s in statements if s.quantities.value is not None}
    return statements[0] if len(values) == 1 else None


def _near(a: Statement, b: Statement) -> bool:
    return abs(a.passage - b.passage) <= _CLOSE and a.section == b.section


def _bracketed(case: Case, medians: dict[str, list[Statement]], rates: list[_Mark]) -> None:
    """S(t) above 50 % puts the median after t, below 50 % before it."""
    for outcome, statements in medians.items():
        median = _only(statements)
        marks = [m for m in rates if m.outcome == outcome and m.statement.kind == "percent_only"]
        if median is None or not marks or len({(m.months, m.low) for m in marks}) != len({m.months for m in marks}):
            continue
        value = median.quantities.value
        assert value is not None
        if len({m.low for m in marks}) > 1 and len({m.months for m in marks}) < len(marks):
            continue
        if ARMS.search(case.sentence(median)) or ARMS.search(case.sentence(marks[0].statement)):
            continue
        for m in marks:
            if not _near(median, m.statement):
                continue
            percent = m.statement.quantities.percent
            assert percent is not None
            late, early = m.low > 50 and value.high < m.months, m.high < 50 and value.low > m.months
            rate = f"{percent.text} % at {float(m.months):g} months"
            method, members = "median bracketed by landmarks", (median, m.statement)
            if late or early:
                sentence = f"{rate} puts the median {'after' if late else 'before'} that time, not at {value.text}."
                case.relate("median/landmarks", members, "error-if", sentence, method, on=(m.statement,))
            else:
                sentence = f"A median of {value.text} months agrees with {rate}."
                case.relate("median/landmarks", members, "ok", sentence, method, on=(m.statement,))


def _falling(case: Case, rates: list[_Mark]) -> None:
    """Rates of one outcome in one sentence never rise with time; those with limits both are looked at as landmarks."""
    runs: dict[tuple[int, str], list[_Mark]] = defaultdict(list)
    for m in rates:
        runs[(m.statement.passage, m.outcome)].append(m)
    for run in runs.values():
        first = run[0].statement
        run.sort(key=lambda m: m.months)
        if len({m.months for m in run}) < len(run) or case.says(first, ARMS) or case.says(first, GROUPS):
            continue
        for a, b in pairwise(run):
            x, y = a.statement.quantities.percent, b.statement.quantities.percent
            shared = case.flat[a.statement.normal_start : b.statement.normal_end]
            if (
                b.low > a.high
                and not _EACH_OF_TWO.search(shared)
                and {"percent_only", "percent_ci"} & {a.statement.kind, b.statement.kind}
            ):
                assert x is not None
                assert y is not None
                sentence = f"Survival cannot rise from {x.text} % to {y.text} % in the same patients."
                case.relate("landmark", (a.statement, b.statement), "error-if", sentence, "S(t) falls",
                            on=(b.statement,))  # fmt: skip


_EACH_OF_TWO = re.compile(
    r"% (?:\([^()]*\) )?(?:with|in|for|after|on|among) [^.;,%]{1,40} and \d[\d.]* ?% (?:with|in|for|after|on|among) "
)
"""Two groups between two times: `68% with A and 75% with B; at two years 70% with B`."""


def _progression_first(case: Case, medians: dict[str, list[Statement]], rates: list[_Mark]) -> None:
    """Death is an event of progression-free survival: its median and its rates are never above those of survival."""
    for first, last in _LATER.items():
        a, b = _only(medians.get(first, [])), _only(medians.get(last, []))
        if a is not None and b is not None and _near(a, b):
            early, late = a.quantities.value, b.quantities.value
            assert early is not None
            assert late is not None
            if early.low > late.high_cut:
                sentence = (
                    f"In the same patients median {first} ({early.text}) cannot be longer than {last} ({late.text})."
                )
                case.relate("order", (a, b), "error-if", sentence, f"{first} <= {last}", on=(a,))
            else:
                sentence = f"Median {first} ({early.text}) is not longer than {last} ({late.text})."
                case.relate("order", (a, b), "ok", sentence, f"{first} <= {last}")
        by_time: dict[Fraction, dict[str, list[_Mark]]] = defaultdict(lambda: defaultdict(list))
        for m in rates:
            if m.outcome in (first, last):
                by_time[m.months][m.outcome].append(m)
        for months, marks in by_time.items():
            if len(marks[first]) != 1 or len(marks[last]) != 1:
                continue
            p, o = marks[first][0], marks[last][0]
            if ARMS.search(case.sentence(p.statement)) or ARMS.search(case.sentence(o.statement)):
                continue
            if case.says(p.statement, OTHER_PATIENTS) or case.says(o.statement, OTHER_PATIENTS):
                continue
            if p.low > o.high and _near(p.statement, o.statement):
                sentence = f"At {float(months):g} months {first} cannot be above {last} in the same patients."
                case.relate(
                    "order", (p.statement, o.statement), "error-if", sentence, f"{first} <= {last}", on=(o.statement,)
                )
