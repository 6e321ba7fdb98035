"""Patients at risk, who only become fewer, and a median that is not reached although half have had the event."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.lexicon import outcome_in
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups

__all__ = ["check_at_risk"]

_AT_RISK = re.compile(r"\bat risk\b", re.IGNORECASE)
_AT = re.compile(
    r"(?<![\w.,/:+-])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?: (?:patients|participants|subjects))?(?: were at risk)? at "
    r"(?:(?:month|week|year|day) )?(?P<t>\d+(?:\.\d+)?)(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
_BASELINE = re.compile(r"(?P<n>\d[\d,]*) at (?:baseline|the start|enrol\w+|randomi[sz]ation)\b", re.IGNORECASE)
_NOT_REACHED = re.compile(
    r"\bmedian (?P<what>[^.;,()\d]{2,60}?)(?: \([A-Z]+\))? (?:was|were|had|has|is) not (?:yet )?(?:been )?(?:reached|"
    r"estimable|evaluable)\b",
    re.IGNORECASE,
)
_OUTCOMES = {"OS", "PFS", "DFS", "EFS", "DOR"}
_SEVERAL = several_groups("respectively", "placebo", "with .{3,40} and not reached")


def check_at_risk(case: Case) -> None:
    """Check numbers at risk in their order of time, and medians not reached against the rates near by."""
    for p, statements in case.prose():
        if case.says(statements[0], _AT_RISK):
            _fewer(case, p.index)
        if case.says(statements[0], _NOT_REACHED) and not case.says(statements[0], _SEVERAL):
            _reached(case, p.index)
    # a sentence that only says "not reached" holds no number, and so no statement
    for index, p in enumerate(case.text.passages):
        if index not in case.by_passage and p.table is None and "not" in case.flat[p.start : p.end]:
            _reached(case, index)


def _fewer(case: Case, passage: int) -> None:
    p = case.text.passages[passage]
    found = [(float(m["t"]), m) for m in _AT.finditer(case.flat, p.start, p.end)]
    first = _BASELINE.search(case.flat, p.start, found[0][1].start() if found else p.end)
    if first is not None:
        found.insert(0, (0.0, first))
    times = [t for t, _ in found]
    if len(found) < 3 or any(a >= b for a, b in pairwise(times)):
        return
    for (_, a), (t, b) in pairwise(found):
        before, after = (int(m["n"].replace(",", "")) for m in (a, b))
        if after > before:
            sentence = f"{after} at risk at {t:g} are more than the {before} before: nobody comes back."
            on = (holder(case.by_passage[passage], b.start("n")),)
            case.relate("order", [a.span("n"), b.span("n")], "error-if", sentence, "at risk falls", on=on)


def _reached(case: Case, passage: int) -> None:
    """`median PFS was not reached ... the estimate of PFS at 24 months was 38%`: below half, the median lies before."""
    passages = case.text.passages
    p = passages[passage]
    m = _NOT_REACHED.search(case.flat, p.start, p.end)
    outcome = outcome_in(m["what"]) if m is not None else None
    if m is None or outcome not in _OUTCOMES:
        return
    for s in [x for k in (passage - 1, passage, passage + 1) for x in case.by_passage.get(k, ())]:
        q = s.quantities
        if passages[s.passage].paragraph != p.paragraph or q.percent is None or case.says(s, _SEVERAL):
            continue
        if case.cites(s) or q.outcome not in (outcome, None) or q.percent.high_cut >= 50:
            continue
        before, after = case.around(s, 90, 40)
        rate = s.kind == "landmark" or (_RATE.search(before) and (_TIME.search(before) or _TIME.search(after)))
        if rate and outcome_in(before) in (outcome, None):
            sentence = f"{q.percent.text} % is below half, so that the median lies before that time, if of the same."
            case.relate(
                "median/landmarks", (m.span(), s), "error-if", sentence, "median bracketed by landmarks", on=(s,)
            )


_RATE = re.compile(
    r"\b(?:rate|estimate|probability|surviv\w+|PFS|OS|DFS|EFS)\b[^.;()\d]{0,60}(?:\d+ ?-?months?[^.;()\d]{0,30})?$"
)
_TIME = re.compile(r"\b(?:\d+|one|two|three|five)[- ](?:months?|years?|mo|yr)\b", re.IGNORECASE)
