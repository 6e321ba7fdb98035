"""A row of rates per person-time against the rows of events and of person-time above it, column by column."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction

from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_rate_rows"]

_UNIT = (
    r"(?:person|patient|woman|child|participant|subject|catheter|device|bed|animal)[- ]?"
    r"(?P<t>years?|months?|weeks?|days?)"
)
_TIME = re.compile(rf"^\W*(?!.*\bper\b)[^|\t]*\b{_UNIT}\b", re.IGNORECASE)
_RATE = re.compile(rf"\b(?:rate|incidence)\b[^|\t]*\bper (?P<k>1(?:,?0)+)?[ -]?{_UNIT}\b", re.IGNORECASE)
_CELL = re.compile(rf"^\W*(?P<v>{NUMBER})(?![\d.,]*\d)(?! ?%)")
_NOT_CRUDE = re.compile(r"\b(?:adjust\w*|standardi\w+|weighted|predicted)\b", re.IGNORECASE)

_Row = tuple[Passage, str, list[tuple[Printed, tuple[int, int]] | None]]


def check_rate_rows(case: Case) -> None:
    """Check rates of a table where those of another column follow from a row of counts and the row of person-time."""
    tables: dict[int, list[_Row]] = defaultdict(list)
    told = {p.table for p in case.text.passages if p.table is not None and _RATE.search(case.flat, p.start, p.end)}
    for p in case.text.passages if told else ():
        if p.table in told and p.table is not None:
            tables[p.table].append(_row(case, p))
    for rows in tables.values():
        times = [r for r in rows if _TIME.search(r[1])]
        for rate in rows:
            m = _RATE.search(rate[1])
            if m is None or _NOT_CRUDE.search(rate[1]):
                continue
            same = [t for t in times if t is not rate and (x := _TIME.search(t[1])) and x["t"][0] == m["t"][0]]
            if len(same) == 1:
                _judge(case, rows, rate, same[0], int((m["k"] or "1").replace(",", "")))


def _row(case: Case, p: Passage) -> _Row:
    parts = [(x[0], p.start + x.start()) for x in re.finditer(r"[^|\t]+", case.flat[p.start : p.end])]
    label, cells = (parts[0][0] if parts else ""), []
    for text, at in parts[1:]:
        m = _CELL.match(text)
        cells.append((read_printed(m["v"]), (at + m.start("v"), at + m.end("v"))) if m else None)
    return p, label, cells


def _judge(case: Case, rows: list[_Row], rate: _Row, time: _Row, per: int) -> None:
    for counts in rows:
        if counts is rate or counts is time or len(counts[2]) != len(rate[2]) or len(time[2]) != len(rate[2]):
            continue
        cells = [c for c in zip(rate[2], counts[2], time[2], strict=True) if None not in c]
        fits = [c for c in cells if _fits(c, per)]
        off = [c for c in cells if c not in fits]
        if not fits or len(off) != 1:
            continue
        (given, at), (n, n_at), (t, t_at) = off[0]  # type: ignore[misc]
        size = float(per * n.value / t.value)
        sentence = f"{n.text} in {t.text} is {size:.4g} per {per:,}, as in the other columns; printed {given.text}."
        judge(case, rate[0], "incidence", [n_at, t_at, at], "error-if", sentence, "events / person-time")
        return


def _fits(cells: tuple, per: int) -> bool:
    (given, _), (n, _), (t, _) = cells
    if t.value <= 0 or n.digits:
        return False
    least, most = per * n.value / t.high, per * n.value / max(t.low, Fraction(1, 100))
    return n.value > 0 and given.low <= most and least <= given.high_cut
