"""Trials of a review, counted by kind: `12 trials ...; eight trials were first line and four were second line`."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.sums.opposites import are_opposed

__all__ = ["check_trials_counted"]

_WHAT = r"(?:trials|studies|RCTs|cohorts)"
_ALL = re.compile(
    rf"\b(?:leaving|included|including|identified|in|of|from) (?:a total of |the )?(?P<n>\d+) (?:[a-z-]+ "
    rf"){{0,3}}?{_WHAT}\b"
    rf"(?! (?:were|was|had)\b)",
    re.IGNORECASE,
)
_KINDS = re.compile(
    rf"(?<![\w.,/-])(?P<a>\d+) (?:of (?:the )?)?{_WHAT} (?:were|was|had) [^.;:()\d]{{2,50}}?(?:, (?P<c>\d+) "
    rf"(?:were |was |had )?"
    r"[^.;:()\d]{2,50}?)?,? and (?P<b>\d+) (?:were|was|had) [^.;:()\d]{2,50}?(?=[.;]|$)"
)
_OF_WHICH = re.compile(
    rf"(?<![\w.,/-])(?P<n>\d+) (?:[a-z-]+ ){{0,3}}?{_WHAT}\b(?:[^.;:()\d]{{0,60}}, of which| ?(?P<open>\()|:) "
    r"?(?P<a>\d+) (?:were )?(?P<x>[^.;:()\d]{2,50}?),? and (?P<b>\d+) (?:were )?(?P<y>[^.;:()\d]{2,50}?)(?=[.;)]|$)",
    re.IGNORECASE,
)
"""`23 studies met the criteria, of which 9 were randomised trials and 16 cohort studies`."""
_RISK = re.compile(
    rf"\brisk of bias was (?:judged |rated )?(?:as )?low in (?P<a>\d+)(?: {_WHAT})?,? (?:[a-z ]+ in (?P<b>\d+|"
    rf"one)(?: {_WHAT})?,? )?"
    r"and (?:[a-z ]+) in (?P<c>\d+|one)\b",
    re.IGNORECASE,
)
_TRIALS = re.compile(rf"\b{_WHAT}\b", re.IGNORECASE)
_HINT = re.compile(r"trials|studies|RCTs|bias", re.IGNORECASE)
_REVIEW = re.compile(r"meta-?analys|systematic review", re.IGNORECASE)


def check_trials_counted(case: Case) -> None:
    """Check that trials counted by kind are no more than the review, or the sentence, has."""
    for p, statements in case.prose(_HINT):
        for m in _OF_WHICH.finditer(case.figures, p.start, p.end):
            if (m["open"] and _TRIALS.search(f"{m['x']} {m['y']}")) or are_opposed((m["x"], m["y"]), ""):
                _compare(case, statements, int(m["n"]), m.span("n"), [m.span("a"), m.span("b")])
    if not case.has(_REVIEW) or _REVIEW.search(case.flat) is None:
        return
    wholes: dict[int, tuple[int, int]] = {}
    told = []
    for p, statements in case.prose(_HINT):
        for m in _ALL.finditer(case.figures, p.start, p.end):
            wholes.setdefault(int(m["n"]), m.span("n"))
        told += [(m, statements) for r in (_KINDS, _RISK) for m in r.finditer(case.figures, p.start, p.end)]
    if not wholes:
        return
    whole = max(wholes)
    for m, statements in told:
        _compare(case, statements, whole, wholes[whole], [m.span(k) for k in "abc" if m[k]])


def _compare(
    case: Case, statements: Sequence[Statement], whole: int, at: tuple[int, int], spans: Sequence[tuple[int, int]]
) -> None:
    counts = [1 if case.figures[a:b] == "one" else int(case.figures[a:b]) for a, b in spans]
    if sum(counts) > whole >= max(counts):
        shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
        on = (holder(statements, spans[0][0]),)
        sentence = f"If each trial is of one kind: {shown}, more than the {whole} there are."
        case.relate("sum", (at, *spans), "error-if", sentence, "sum of parts", on=on)
