"""Numbers at risk in a table: an arm a row or a time a row, each arm in its order of time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.survival.at_risk import NUMBERS_AT_RISK, fewer
from codon12.check.verify.tables.drawn import Cell, Row

__all__ = ["check_rows_at_risk"]

_FEWEST = 3
_COMES_LATER = re.compile(
    r"delayed entry|left[- ]truncat|time-(?:varying|dependent)|late entry|landmark", re.IGNORECASE
)
"""Where patients come into the risk set later."""
_TIME = re.compile(
    r"\W*(?:(?:month|week|year|day|mo)s?\b[a-z ]*)?\d+(?:\.\d+)?(?: ?(?:month|week|year|day|mo|y|h)s?)?\W*",
    re.IGNORECASE,
)


def check_rows_at_risk(case: Case, caption: str, rows: Sequence[Row]) -> None:
    """Check rows below `No. at risk`, or of a table that is called so: an arm a row, or a time a row."""
    if _COMES_LATER.search(case.flat) is not None:
        return
    named = NUMBERS_AT_RISK.search(caption) is not None
    counted = [r for r in rows if any(c.n is not None for c in r.cells)]
    said = [r for r in counted if named or NUMBERS_AT_RISK.search(r.passage.heading) or NUMBERS_AT_RISK.search(r.label)]
    if len(said) >= _FEWEST and all(_TIME.fullmatch(r.label) for r in said):
        width = min(len(r.cells) for r in said)
        _falling(case, [[r.cells[j] for r in said] for j in range(width)], said)
    else:
        _falling(case, [r.cells for r in said], said)


def _falling(case: Case, runs: Sequence[Sequence[Cell]], rows: Sequence[Row]) -> None:
    for cells in runs:
        counted = list(takewhile(lambda c: c.n is not None, cells))
        rises = [(c.n or 0) < (d.n or 0) for c, d in pairwise(counted)]
        if len(counted) >= _FEWEST and not all(rises):  # a row that rises all along is one of times
            p = next((r.passage for r in rows if r.cells is cells), rows[-1].passage)
            fewer(case, p, [c.at for c in counted])
