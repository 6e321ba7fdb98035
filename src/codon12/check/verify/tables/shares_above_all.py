"""Shares above a hundred in a table of counts and shares: `375 (74.85%) | 293 (63.28%) | 454 (109%)`."""

from __future__ import annotations

from collections import defaultdict

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_shares_above_all"]

_CELL = re.compile(r"(?<=[\t|])\s*\d[\d,]* ?\((?P<p>\d{3}(?:\.\d+)?)(?: ?%)?\)\s*(?=[\t|]|$)")
_OTHERWISE = re.compile(
    r"\b(?:change|increase|of control|of predicted|relative|ratio|difference|dose|median|mean)\b", re.IGNORECASE
)
_FEWEST, _FEWEST_IN_ALL, _MOST = 6, 10, 100
"""Shares of a table that agree with their counts, or counts with any percentage, that make another a share; and the
most that a share may be."""


def check_shares_above_all(case: Case) -> None:
    """Note a share above a hundred where the others of the table are shares of counts that agree."""
    agree: dict[int, int] = defaultdict(int)
    shares: dict[int, int] = defaultdict(int)
    for s in case.statements:
        table = case.text.passages[s.passage].table
        if table is not None and s.kind == "table_cell" and s.quantities.percent is not None:
            shares[table] += "%" in case.spelled(s) and 0 <= s.quantities.percent.value <= _MOST
            agree[table] += any(c.verdict == "ok" and c.rule == "count/percent" for c in case.checks.get(s.id, ()))
    for p in case.text.passages:
        if p.table is None or (agree.get(p.table, 0) < _FEWEST and shares.get(p.table, 0) < _FEWEST_IN_ALL):
            continue
        for m in _CELL.finditer(case.flat, p.start, p.end):
            above = read_printed(m["p"]).value > _MOST
            shown = max(agree[p.table], shares[p.table])
            if above and not _OTHERWISE.search(f"{p.heading} {case.flat[p.start : m.start()]}"):
                sentence = f"{m['p']} % is more than all, if it is a share as {shown} others of the table are."
                judge(case, p, "percent", [m.span("p")], "error-if", sentence, "share <= 100 %")
