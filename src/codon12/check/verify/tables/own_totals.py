"""Shares of a column that are all of one number, wherever it is printed: the one that is not falls out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.margins import is_measure, is_over_time
from codon12.check.verify.shares.tied import weighted
from codon12.numbers.unrounded import totals_for_percent

__all__ = ["check_own_totals", "most_common", "totals_of"]

_FEWEST, _FEWEST_OF_BLOCK = 8, 6
"""Shares of a column, or of the rows below one heading, that must be of one number."""
_APART = 10
"""Of so many shares of one number, one may fall out."""
_NEAR = 0.01
"""Stretches that lie so near to each other are one: the shares are of one number, one or two of them with a slip."""
_WITH_DATA = 0.8
"""Share of a total from which on a smaller one may be that of those with data."""


def check_own_totals(case: Case) -> None:
    """Check the shares of each column that no total of the text explains against the number the others are of."""
    columns: dict[tuple[int, int | None], list[Statement]] = defaultdict(list)
    for s in case.statements:
        p = case.text.passages[s.passage]
        if p.table is not None and _counts(case, s):
            columns[p.table, case.tables.place_in_row(s)].append(s)
    fallen: dict[str, tuple[Statement, tuple[int, int], int, list[Statement]]] = {}
    for cells in columns.values():
        blocks: dict[str, list[Statement]] = defaultdict(list)
        for s in cells:
            blocks[case.text.passages[s.passage].heading].append(s)
        for group in (cells, *blocks.values()):
            few = _FEWEST if group is cells else _FEWEST_OF_BLOCK
            for s, total, others in _fallen_out(group, few):
                level = blocks[case.text.passages[s.passage].heading]
                fallen.setdefault(s.id, (s, total, others, level))
    known = {
        id_ for cells in columns.values() if 2 * sum(_is_ok(case, s) for s in cells) > len(cells) for id_ in _ids(cells)
    }
    for s, total, others, level in fallen.values():
        row = [o for o in case.by_passage[s.passage] if o.id != s.id and _counts(case, o)]
        out = [o for o in row if o.id in fallen or (o.id in known and not _is_ok(case, o))]
        if out and not any(_exceeds(*x) for x in [(s, total), *((o, fallen[o.id][1]) for o in out if o.id in fallen)]):
            continue  # the whole row is of something else, of fewer
        if _unexplained(case, s, total, row, level):
            _tell(case, s, total, others)


def _ids(cells: Iterable[Statement]) -> Iterable[str]:
    return (s.id for s in cells)


def _counts(case: Case, s: Statement) -> bool:
    q = s.quantities
    if s.kind != "table_cell" or s.explicit or not q.n or q.percent is None or not 0 < q.percent.value < 100:
        return False
    ahead = case.flat[max(0, s.normal_start - 3) : s.normal_start]
    parted = ahead[1:] == ", " and ahead[0].isdigit()
    return not parted and not (case.tables.of_row(s) or is_measure(case, s) or is_over_time(s.label))


def totals_of(s: Statement) -> tuple[int, int] | None:
    """The smallest and the largest number of which a share prints so."""
    n, percent = s.quantities.n, s.quantities.percent
    assert n is not None
    assert percent is not None
    found = totals_for_percent(n, percent)
    return (found[0], found[-1]) if found else None


def _exceeds(s: Statement, total: tuple[int, int]) -> bool:
    """Whether a share is of more than its column has, so that it is not one of those with data."""
    own = totals_of(s)
    return own is not None and own[0] > total[1]


def _fallen_out(cells: list[Statement], few: int) -> Iterable[tuple[Statement, tuple[int, int], int]]:
    """Shares that are not of the number nearly all others are of, with the ends of where that number lies."""
    if len(cells) <= few:
        return []
    spans = {s.id: totals_of(s) for s in cells}
    best = most_common([x for x in spans.values() if x is not None])
    if best is None:
        return []
    low, high, times = best
    out = [s for s in cells if (x := spans[s.id]) is None or x[1] < low or x[0] > high]
    if _APART * len(out) > max(_APART, times):  # some are of one or two fewer: those lie near
        out = [s for s in out if (x := spans[s.id]) is None or x[1] < (1 - _NEAR) * low or x[0] > (1 + _NEAR) * high]
    if times < few or _APART * len(out) > max(_APART, times):
        return []
    return [(s, (low, high), times) for s in out]


def most_common(spans: list[tuple[int, int]]) -> tuple[int, int, int] | None:
    """The one stretch of numbers that lies in most spans, and in how many; None where two far apart lie in as many."""
    ends = sorted([(a, 0) for a, _ in spans] + [(b + 1, 1) for _, b in spans], key=lambda x: (x[0], -x[1]))
    open_ = best = 0
    found: list[tuple[int, int]] = []
    for k, (at, closes) in enumerate(ends):
        open_ += -1 if closes else 1
        if not closes and open_ >= best:
            until = ends[k + 1][0] - 1 if k + 1 < len(ends) else at
            found = [(at, until)] if open_ > best else [*found, (at, until)]
            best = open_
    near = bool(found) and found[-1][1] - found[0][0] <= _NEAR * found[0][0]
    return (found[0][0], found[-1][1], best) if near or len(found) == 1 else None


def _unexplained(
    case: Case, s: Statement, total: tuple[int, int], row: list[Statement], level: list[Statement]
) -> bool:
    """Whether nothing else explains a share: no other rule, no part of the patients with data."""
    checks = case.checks.get(s.id, ())
    if any(c.verdict == "ok" or c.verdict in PROBLEMS for c in checks if c.rule == "count/percent"):
        return False
    if weighted(case, s, Denominator(total[0], "context", "")) is not None:
        return False
    own = totals_of(s)
    if own is None or not _WITH_DATA * total[0] < own[1] <= total[0]:
        return True
    beside = [o for o in row if _is_ok(case, o)]
    if len(case.text.passages[s.passage].heading) < _LONGEST_HEADING:
        beside += [o for o in level if o.id != s.id and (x := totals_of(o)) is not None and x[0] <= total[0] <= x[1]]
    return any((x := totals_of(o)) is not None and x[0] > own[1] for o in beside)


_LONGEST_HEADING = 60


def _is_ok(case: Case, s: Statement) -> bool:
    return any(c.verdict == "ok" and c.rule == "count/percent" for c in case.checks.get(s.id, ()))


def _tell(case: Case, s: Statement, total: tuple[int, int], others: int) -> None:
    n, percent = s.quantities.n or 0, s.quantities.percent
    assert percent is not None
    one = (total[0] + total[1]) // 2
    named = str(total[0]) if total[0] == total[1] else f"{total[0]} to {total[1]}"
    sentence = (
        f"{others} other shares of its column are of {named}; {n} of {one} is {exact(n, one)} %, not {percent.text} %."
        if n <= one
        else f"{others} other shares of its column are of {named}, fewer than {n}."
    )
    case.add(s, Check("one total", "error-if", sentence, "integer search for N", {"N": one}, "structural"))
