"""Dates that follow each other by what happened on them: nobody is discharged before the admission."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["check_course_of_dates"]

_BEGUN = re.compile(
    r"\b(?:admitted|hospitali[sz]ed|diagnosed|first dose|started|began|enrolled|randomi[sz]ed|underwent surgery|"
    r"initiated)\b[^.;]{0,30}\b(?:on|in)\s*$",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"^[^.;()\d]{0,12}\b(?:and|but|, then|then)\b[^.;()\d]{0,30}\b(?:discharged|died|resolved|stopped|ended|"
    r"discontinued|"
    r"recovered)\b[^.;()\d]{0,20}\b(?:on|in)\s*$",
    re.IGNORECASE,
)


def check_course_of_dates(case: Case) -> None:
    """Check two dates in a row of which the words say that the first begins what the second ends."""
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is not None:
            continue
        dated = [s for s in statements if s.kind == "date" and s.quantities.date]
        for a, b in pairwise(dated):
            if _BEGUN.search(case.around(a, 60, 0)[0]) and _ENDED.match(case.flat[a.normal_end : b.normal_start]):
                _judge(case, a, b)


def _judge(case: Case, a: Statement, b: Statement) -> None:
    first, last = (first_and_last_day(s.quantities.date or "") for s in (a, b))
    if first is None or last is None:
        return
    if first[0] > last[1]:
        sentence = f"{b.quantities.date} is before {a.quantities.date}, which the words put first."
        case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(b,))
    else:
        case.relate("calendar", (a, b), "ok", "The dates are in the order of the words.", "order of dates")
