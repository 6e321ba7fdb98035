"""Grades that hold others: events of grade 4 are of grade 3 or 4, and those of any grade, whatever the wording."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.several import several_groups

__all__ = ["check_grades_told"]

_GRADE = re.compile(
    r"\b(?P<any>(?:any|all)[- ]grades?)\b|\bgrades? ?(?:(?P<ge>≥|>=) ?)?(?P<a>[1-5])(?P<up>,? or (?:higher|more|"
    r"worse|above|greater)|\+)?(?: ?(?:-|to|or|/|and) ?(?:grade )?(?P<b>[1-5])(?![\d.]| ?%))?",
    re.IGNORECASE,
)
_KINDS = {"count", "count_percent", "percent_only"}
_SEVERAL = several_groups("respectively", "placebo", "both")
_PART_OF_IT = re.compile(
    r"[,;(]* ?(?:(?:being|including|of (?:which|whom|these|them)|which was|was|were|and|with|among them) )*"
    r"(?:(?:was|were|of) )*\(?",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    """
    grade grad occurr occur report observ seen not develop experienc event advers patient patients all any wer with
    found noted record recorded being been
    this that including whom being among them treat treated higher more worse above greater was treatment relat
    """.split()  # noqa: SIM905  a list of words reads better so
)
_REACH, _MOST = 90, 12


class _Told(NamedTuple):
    grades: frozenset[int]
    statement: Statement
    words: frozenset[str]


def check_grades_told(case: Case) -> None:
    """Check the numbers of grades named in one sentence: those of some grades are not more than those of all."""
    for p, statements in case.prose(_GRADE):
        if case.says(statements[0], _SEVERAL):
            continue
        numbers = [s for s in statements if s.kind in _KINDS and s.quantities.N is None and not s.approximate]
        told = _told(case, numbers[:_MOST], p.start, p.end)
        for a, b in combinations(told, 2):
            part, whole = (a, b) if a.grades < b.grades else (b, a)
            if part.grades < whole.grades and part.statement is not whole.statement and _of_one_event(part, whole):
                _compare(case, part.statement, whole.statement)


def _told(case: Case, numbers: Sequence[Statement], start: int, end: int) -> list[_Told]:
    """Each grade with the first number behind it, else the last before it; a number it is part of is of any grade."""
    out: list[_Told] = []
    bound: set[str] = set()
    grades = list(_GRADE.finditer(case.flat, start, end))
    for k, m in enumerate(grades):
        until = grades[k + 1].start() if k + 1 < len(grades) else end
        since = grades[k - 1].end() if k else start
        behind = next(
            (s for s in numbers if m.end() < s.normal_end and s.normal_start < min(until, m.end() + _REACH)), None
        )
        before = [s for s in numbers if since <= s.normal_start and s.normal_end <= m.start()]
        near = before[-1] if before else None
        if behind is not None:
            event = _words(case, m.start(), behind.normal_start) or _words(
                case, _clause(case, since, m, numbers), m.start()
            )
            out.append(_Told(_grades(m), behind, event))
            bound.add(behind.id)
            if (
                near is not None
                and near.id not in bound
                and _PART_OF_IT.fullmatch(case.flat, near.normal_end, m.start())
            ):
                out.append(_Told(_ANY, near, _words(case, since, near.normal_start)))
        elif near is not None:
            out.append(_Told(_grades(m), near, _words(case, near.normal_end, until)))
    return out


def _clause(case: Case, since: int, m: re.Match[str], numbers: Sequence[Statement]) -> int:
    """Where the clause before a grade begins: behind the number or the stop before it."""
    begin = max((s.normal_end for s in numbers if since <= s.normal_end <= m.start()), default=since)
    return begin + max((x.end() for x in _STOP.finditer(case.flat[begin : m.start()])), default=0)


_STOP = re.compile(r"[,;] ")
_ANY = frozenset(range(1, 6))


def _grades(m: re.Match[str]) -> frozenset[int]:
    if m["any"]:
        return _ANY
    first = int(m["a"])
    return frozenset(range(first, (5 if m["ge"] or m["up"] else int(m["b"] or first)) + 1))


def _words(case: Case, start: int, end: int) -> frozenset[str]:
    return whole_words(case.flat[start:end]) - _FILLERS


def _of_one_event(a: _Told, b: _Told) -> bool:
    return not (a.words and b.words) or bool(a.words & b.words)


def _compare(case: Case, part: Statement, whole: Statement) -> None:
    p, w = part.quantities, whole.quantities
    more = ""
    if p.percent is not None and w.percent is not None:
        more = f"{p.percent.text} % is more than {w.percent.text} %" if p.percent.low > w.percent.high_cut else ""
    elif p.n is not None and w.n is not None and p.percent is None and w.percent is None and p.n > w.n:
        more = f"{p.n} is more than {w.n}"
    if more:
        sentence = f"{more}, yet these grades are among those, if both are of the same event."
        case.relate("subset", (part, whole), "error-if", sentence, "part <= whole", on=(part,))
