"""Rates of a table against its rows of events and of person-time: `Events 64`, `Person-years 1,520`, `Rate 42.1`."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared
from codon12.check.verify.tables.drawn import Cell, Row, drawn
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_rates_in_rows"]

_WHO = r"(?:person|patient|participant|subject|wom[ae]n|child)"
_TIME = re.compile(rf"\b{_WHO}s?[- ](?P<u>year|month|week|day)s?\b", re.IGNORECASE)
_MANY = "hundred|thousand|100|1,?000"
_UNITS = {"hundred": 100, "thousand": 1000, "100": 100, "1000": 1000, "1,000": 1000}
_TIME_LABEL = re.compile(
    rf"^\W*(?:total |observed |number of |no\. of )*(?:(?P<many>{_MANY})s?(?: of)? )?"
    rf"(?:{_TIME.pattern}|{_WHO}[- ]time|P-?Y|follow-up time)"
    r"(?: (?:of (?:follow-up|observation|exposure)|at risk|observed))*"
    rf"(?:,? ?\(?(?:in )?(?P<more>{_MANY})s?\)?)?\W*$",
    re.IGNORECASE,
)
_RATE = re.compile(
    rf"(?:rate|incidence)[^|]{{0,60}}?(?:per|/) ?(?P<per>1(?:,?0){{1,6}})? ?(?:{_TIME.pattern}|P-?Y)", re.IGNORECASE
)
_EVENTS = re.compile(r"\b(?:events?|cases?|deaths?|incident|outcomes?)\b", re.IGNORECASE)
_CRUDE_NOT = re.compile(r"adjust|standardi[sz]ed|weighted|expected|ratio|difference", re.IGNORECASE)
_FIRST = re.compile(rf"^\W*(?P<v>{NUMBER})")


def check_rates_in_rows(case: Case) -> None:
    """Check each rate of a column against the events above it and the person-time of the column."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            found[p.table].append(p)
    for passages in found.values():
        if not any(_RATE.search(case.flat, p.start, p.end) for p in passages):
            continue
        rows = drawn(case, passages)
        times = [r for r in rows if _TIME_LABEL.match(r.label)]
        if len(times) == 1:
            m = _TIME_LABEL.match(times[0].label)
            many = m and (m["many"] or m["more"])
            _rates(case, rows, times[0], _UNITS[many.lower()] if many else 1)


def _rates(case: Case, rows: list[Row], time: Row, unit: int) -> None:
    """Compare the rates with a row of person-time, which may be told in hundreds or thousands."""
    counted = [r for r in rows if _EVENTS.search(r.label) and not _RATE.search(r.label)]
    for row in rows:
        m = _RATE.search(row.label)
        if m is None or _CRUDE_NOT.search(row.label) or len(row.cells) != len(time.cells):
            continue
        events = [r for r in counted if len(r.cells) == len(row.cells) and all(c.n is not None for c in r.cells)]
        per = Fraction(int((m["per"] or "1").replace(",", "")), unit)
        columns = [x for j in range(len(row.cells)) if (x := _column(row.cells[j], time.cells[j])) is not None]
        if len(columns) != len(row.cells) or not events:
            continue
        # the row of events that most columns agree with; where none of them does, the only one
        fits = [[_agrees(r.cells[j].n, per, *x) for j, x in enumerate(columns)] for r in events]
        best = max(range(len(events)), key=lambda k: sum(fits[k]))
        if not any(fits[best]) and len(events) > 1:
            continue
        for j, (rate, years) in enumerate(columns):
            cell = events[best].cells[j]
            places = [cell.at, time.cells[j].at, row.cells[j].at]
            if compared(case, places[-1], "incidence"):
                continue
            size = float(Fraction(cell.n or 0) * per / years.value)
            told = f"{cell.n} in {years.text} is {size:.4g} per {int(per * unit):,}"
            verdict: Verdict = "ok" if fits[best][j] else "error-if" if any(fits[best]) else "unlikely"
            sentence = f"{told}, as printed." if fits[best][j] else f"{told}, printed {rate.text}."
            here, at = case.by_passage.get(row.passage.index, ()), places[-1][0]
            on = [s for s in here if s.normal_start <= at < s.normal_end][:1]
            case.relate("incidence", places, verdict, sentence, "events / person-time", on=on, tie="structural")


def _column(rate: Cell, time: Cell) -> tuple[Printed, Printed] | None:
    a, b = _FIRST.match(rate.text), _FIRST.match(time.text)
    if a is None or b is None or (years := read_printed(b["v"])).value <= 0:
        return None
    return read_printed(a["v"]), years


def _agrees(n: int | None, per: Fraction, rate: Printed, years: Printed) -> bool:
    least = Fraction(n or 0) * per / years.high
    most = Fraction(n or 0) * per / max(years.low, years.step / 2)
    return rate.low <= most and least <= rate.high_cut
