"""An estimate of running text and a row of a table under one of its words with the same limits and another value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import Estimate, estimates_in
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.check.verify.tables.drawn import Row, drawn, passages_of_tables

__all__ = ["check_limits_told"]

_ALL_THREE = re.compile(
    rf"\W{{0,2}}(?P<v>{NUMBER}) ?%? ?[(\[](?P<a>{NUMBER}) ?(?:-|to|,) ?(?P<b>{NUMBER})[)\]]\W{{0,2}}"
)
_VALUE = re.compile(rf"\W{{0,2}}(?P<v>{NUMBER})\W{{0,2}}")
_LIMITS = re.compile(rf"\W{{0,2}}(?P<a>{NUMBER}) ?(?:-|to|,) ?(?P<b>{NUMBER})\W{{0,2}}")
_Told = tuple[str, tuple[int, int], Row]
"""A value of a table, its place and its row."""


def check_limits_told(case: Case) -> None:
    """Note a value that differs between text and table where both its limits are the same."""
    tables = passages_of_tables(case)
    estimates = [
        (p, e) for p in sentences_with(case, "ci", "interval") for e in estimates_in(case, p)
        if e.limits == "ci" and e.value.digits and e.low.digits == e.high.digits == e.value.digits
    ] if tables else []  # fmt: skip
    if not estimates:
        return
    rows: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for passages in tables.values():
        for row in drawn(case, passages):
            for limits, told in _estimates_of(row):
                rows[limits].append(told)
    for p, e in estimates:
        found = rows.get((e.low.text, e.high.text), [])
        if len(found) == 1 and not _is_same(e, found[0][0]):
            value, at, row = found[0]
            alike = stems(row.label) & stems(case.flat[p.start : p.end])
            places = [e.places[0], at]
            if alike and not any(compared(case, x, "copies", "text/table", "restated") for x in places):
                there = f"{value} under “{row.label.strip()}” with the same limits"
                sentence = f"The table prints {there}, the text {e.value.text}."
                judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")


def _is_same(e: Estimate, there: str) -> bool:
    return e.value.text == there or len(there.partition(".")[2]) != e.value.digits


def _estimates_of(row: Row) -> Iterator[tuple[tuple[str, str], _Told]]:
    """The limits of a row, each with its value: in one cell, or in two beside each other."""
    for k, cell in enumerate(row.cells):
        m = _ALL_THREE.fullmatch(cell.text)
        if m is not None:
            yield (m["a"], m["b"]), (m["v"], (cell.start + m.start("v"), cell.start + m.end("v")), row)
        elif k and (m := _LIMITS.fullmatch(cell.text)) and (v := _VALUE.fullmatch(row.cells[k - 1].text)):
            at = row.cells[k - 1].start
            yield (m["a"], m["b"]), (v["v"], (at + v.start("v"), at + v.end("v")), row)
