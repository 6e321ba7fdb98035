"""Percentages of rows: a column of totals whose numbers the shares of the same row are of, all but a few."""

from __future__ import annotations

from collections import defaultdict

from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact, prints_as

__all__ = ["check_totals_in_rows"]

_FEWEST = 6
"""Shares of a table that must be of the total of their row."""
_APART = 5
"""Of so many, one may fall out."""


def check_totals_in_rows(case: Case) -> None:
    """Check shares against the total in their own row, where nearly all of the table are of theirs."""
    tables: dict[int, list[list[Statement]]] = defaultdict(list)
    for passage, statements in case.by_passage.items():
        table = case.text.passages[passage].table
        cells = [s for s in statements if s.kind == "table_cell" and s.quantities.n is not None and not s.explicit]
        if table is not None and len(cells) > 1:
            tables[table].append(cells)
    for rows in tables.values():
        of: dict[int, list[tuple[Statement, Statement]]] = defaultdict(list)
        for cells in rows:
            totals = [(case.tables.column(c), c) for c in cells if c.quantities.percent is None and c.quantities.n]
            shares = [c for c in cells if c.quantities.percent is not None and c.quantities.n]
            for column, total in totals:
                if column is not None:
                    of[column] += [(share, total) for share in shares]
        for pairs in of.values():
            wrong = [(s, t) for s, t in pairs if not prints_as(s, t.quantities.n or 0)]
            good = len(pairs) - len(wrong)
            if good >= _FEWEST and _APART * len(wrong) <= good:
                for s, t in wrong:
                    _tell(case, s, t, good)


def _tell(case: Case, s: Statement, total: Statement, others: int) -> None:
    checks = [c for c in case.checks.get(s.id, ()) if c.rule == "count/percent"]
    if any(c.verdict == "ok" or c.verdict in PROBLEMS for c in checks):
        return
    n, size, percent = s.quantities.n or 0, total.quantities.n or 0, s.quantities.percent
    assert percent is not None
    sentence = (
        f"{n} of the {size} of its row is {exact(n, size)} %, not {percent.text} %; {others} others are of theirs."
        if n <= size
        else f"{n} is more than the {size} of its row; {others} other shares of the table are of theirs."
    )
    case.relate("one total", (total, s), "error-if", sentence, "100 n / N, rounded", {"N": size}, on=(s,),
                tie="structural")  # fmt: skip
