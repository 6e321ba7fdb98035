"""Days of a manuscript against those of its study: the data cut-off, the first and last day of enrolment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["Day", "days"]

_BEFORE = 90
_CUTOFF = re.compile(
    r"\b(?:data[- ]?)?cut-?\s?off\b|\bdatabase lock\b|\bdata lock\b|\bdata (?:were|was) (?:cut|locked|frozen)\b",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"\bas of\W*(?:the )?[^.;,]{0,20}$", re.IGNORECASE)
_ENROLLED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|accru\w*|randomi[sz]\w*|(?:underwent|were|signed)\b[^.]{0,40}screen\w*|"
    r"(?:patients|participants|subjects) (?:started|began|entered))",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Day(NamedTuple):
    """A day the text prints, the day of the study, and what it is the day of."""

    statement: Statement
    printed: str
    given: str
    what: str

    @property
    def agrees(self) -> bool:
        """Whether both are one day, as far as the text prints it."""
        return self.given.startswith(self.printed)


def days(report: Report, rows: Iterable[Row], cutoff: dt.date | None) -> Iterator[Day]:
    """Days that a text calls a cut-off, or those between which it says patients were enrolled.

    A day printed by month and year alone is compared by month and year.
    """
    starts = next((str(r["label"]) for r in rows if r["endpoint"] == "flow.enrolment"), "")
    enrolled = _DAY.findall(starts)[:2]
    text = report.text.normal.text.replace("\n", " ")
    for f in report.findings:
        s = f.statement
        q = s.quantities
        p = report.text.passages[s.passage]
        before = text[max(p.start, s.normal_start - _BEFORE) : s.normal_end]
        around = before + text[s.normal_end : min(p.end, s.normal_end + _BEFORE // 2)]
        if (
            s.kind == "date"
            and q.date
            and cutoff is not None
            and (_CUTOFF.search(around) or _AS_OF.search(text[max(p.start, s.normal_start - _BEFORE) : s.normal_start]))
        ):
            yield Day(s, q.date, cutoff.isoformat(), "data cut-off")
        if s.kind == "date_range" and q.date and q.date_end and len(enrolled) == len(("first", "last")) and (
            _ENROLLED.search(text[p.start : p.end])
        ):  # fmt: skip
            for printed, given, what in zip((q.date, q.date_end), enrolled, ("first", "last"), strict=True):
                yield Day(s, printed, given, f"{what} day of enrolment")
