"""Sentences of prose that hold a word, and the whole numbers they count with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, is_cited

__all__ = [
    "NUMBER",
    "Count",
    "compared",
    "counts_in",
    "follows",
    "held",
    "judge",
    "only",
    "prose_of",
    "sentences_with",
    "settled",
    "whole",
]

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""A number without its sign, thousands set by commas or not at all."""
_COUNT = re.compile(
    r"(?<![\w.,/<>≤≥±%-])(?<!\d to )(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|[A-Za-z]|\.\d| ?/ ?\d|-?(?:th|st|nd|"
    r"rd)\b|-(?!year|patient)\w| ?%| ?±| ?(?:years?|months?|weeks?|days?|hours?|h|min(?:utes)?|mm|cm|mL|ml|mg|kg|g|"
    r"points?|percent|per cent|to \d+|- ?\d+|fold|hospital(?:s|(?! (?:re)?admissions| deaths| visits| stays))|sites|"
    r"cent(?:er|re)s|times (?:as|the|higher|more|greater|larger)|rounds?|countries|df|degrees)\b(?!-))"
)
_LABEL = re.compile(
    r"(?:\b(?:stages?|grades?|phase|cycles?|day|days|week|weeks|month|year|level|type|class|line|arm|round|table|fig|"
    r"figure|visit|version|cohort|group|aged?|over|under|per|CA|HER|PD-L|P|HR|OR|RR|CI|SD|SE|df|kappa|AUC|score|"
    r"cut-?off|threshold|January|February|March|April|May|June|July|August|September|October|November|December)|"
    r"[=<>≤≥±]) ?$",
    re.IGNORECASE,
)
"""Right before a whole number that counts nobody."""
_ARM = re.compile(r"\b(?:arm|group|cohort|cohorts|line) $", re.IGNORECASE)
_LAST_ARM = 9
"""Arms, groups and cohorts are numbered no further; what follows is a count: `in the placebo arm 40 fractures`."""
_N_IS = re.compile(r"\bn ?= ?$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:in|since|until|from|between|to|and|of|before|after|during|[A-Z][a-z]+) $")
_LONGEST_YEAR = 4


class Count(NamedTuple):
    """A whole number that may count somebody: its value and its place in the normal spelling."""

    n: int
    span: tuple[int, int]


def whole(text: str) -> int:
    """A whole number as printed, thousands set by commas or not at all.

    Examples
    --------
    >>> whole("12,400")
    12400
    """
    return int(text.replace(",", ""))


def only(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """The match, where there is one alone."""
    matches = list(found)
    return matches[0] if len(matches) == 1 else None


def sentences_with(case: Case, *words: str, citing: bool = False) -> Iterator[Passage]:
    """Passages of prose with figures, in order, that have one of some words in small letters.

    Those that cite another study are among them only if asked for.
    """
    return prose_of(case, {k for word in case.among(words) for k in case.passages_with(word)}, citing=citing)


def prose_of(case: Case, passages: Iterable[int], *, citing: bool = False) -> Iterator[Passage]:
    """Those of some passages that are prose with figures, in order; of those that cite, only if asked for."""
    for k in sorted(passages):
        told = case.told[k] or _told(case, k)
        if told == _PLAIN or (citing and told == _CITING):
            yield case.text.passages[k]


_NOTHING, _PLAIN, _CITING = 1, 2, 3
_DIGIT = re.compile(r"\d")


def _told(case: Case, k: int) -> int:
    """Whether a passage is prose with figures, and whether it cites; a row or a text without figures is nothing."""
    p = case.text.passages[k]
    if p.table is not None or _DIGIT.search(case.figures, p.start, p.end) is None:
        told = _NOTHING
    else:
        told = _CITING if is_cited(case.flat[p.start : p.end]) else _PLAIN
    case.told[k] = told
    return told


def counts_in(case: Case, start: int, end: int) -> list[Count]:
    """Whole numbers of a stretch that may count somebody: no label, date, measurement, percentage or limit."""
    out = []
    for m in _COUNT.finditer(case.figures, start, end):
        before = case.flat[max(start, m.start() - 24) : m.start()]
        plain = m["n"].replace(",", "")
        if _ARM.search(before) and int(plain) > _LAST_ARM:
            pass
        elif _LABEL.search(before) and not _N_IS.search(before):
            continue
        if before.endswith("[") and case.flat[m.end() : m.end() + 1] in ("]", ",", "-"):
            continue  # a reference
        year = len(m["n"]) == _LONGEST_YEAR and 1900 <= int(plain) <= 2100
        if (
            year
            and _YEAR.search(before)
            and not re.match(
                r" (?!(?:in|of|at|for|from|on|to|with|among|across)\b)(?:[a-z-]+ ){0,2}[a-z]+s\b",
                case.flat[m.end() : m.end() + 40],
            )
        ):
            continue
        out.append(Count(int(plain), m.span("n")))
    return out


def held(case: Case, p: Passage, *places: tuple[int, int]) -> tuple[Statement, ...]:
    """The statement that holds the first of some places that one holds, or none."""
    found = (
        s
        for at, end in places
        for s in case.by_passage.get(p.index if p.start <= at < p.end else bisect_right(case.begins, at) - 1, ())
        if s.normal_start < end and at < s.normal_end
    )
    first = next(found, None)
    return () if first is None else (first,)


def compared(case: Case, span: tuple[int, int], *kinds: str) -> bool:
    """Whether a verifier heard here has compared this number in a relation of one of some kinds."""
    start, end = case.text.normal.span(*span)
    return any(r.kind in kinds and any(x.start < end and start < x.end for x in r.places) for r in case.relations)


def settled(case: Case, span: tuple[int, int], *kinds: str) -> bool:
    """Whether a verifier heard here has found this number right or wrong in a relation of one of some kinds."""
    start, end = case.text.normal.span(*span)
    return any(
        r.kind in kinds and r.verdict != "cannot confirm" and any(x.start < end and start < x.end for x in r.places)
        for r in case.relations
    )


def judge(
    case: Case,
    p: Passage,
    kind: str,
    places: list[tuple[int, int]],
    verdict: Verdict,
    sentence: str,
    method: str,
) -> None:
    """Relate numbers of a sentence; what is amiss is noted as well on the statement that holds the last one held."""
    on = held(case, p, *reversed(places)) if verdict not in ("ok", "cannot confirm") else ()
    case.relate(kind, places, verdict, sentence, method, on=on, tie="explicit")


def follows(
    case: Case,
    p: Passage,
    kind: str,
    places: list[tuple[int, int]],
    shown: str,
    otherwise: str,
    method: str,
    *,
    fits: bool,
    verdict: Verdict = "error-if",
) -> None:
    """Relate what follows from numbers to what is printed, which fits or is otherwise."""
    judge(
        case,
        p,
        kind,
        places,
        "ok" if fits else verdict,
        f"{shown}." if fits else f"{shown}, {otherwise}.",
        method,
    )
