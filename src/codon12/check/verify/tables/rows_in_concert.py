"""Rows of a table that bound each other: best responses, survival at later times, an interval in a row of its own.

Each patient has one best response (RECIST 1.1, Eisenhauer et al. 2009); survival never rises; a share lies within the
limits that another row of the table names as its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_rows_in_concert"]

_BEST = {
    "CR": re.compile(r"^\W*(?:CR|complete response)\b(?!.*(?:PR|partial))", re.IGNORECASE),
    "PR": re.compile(r"^\W*(?:PR|partial response)\b", re.IGNORECASE),
    "SD": re.compile(r"^\W*(?:SD|stable disease)\b", re.IGNORECASE),
    "PD": re.compile(r"^\W*(?:PD|progressive disease)\b", re.IGNORECASE),
    "NE": re.compile(r"^\W*(?:NE|not evaluable|unknown|missing)\b", re.IGNORECASE),
}
_TIMED = re.compile(
    r"^\W*(?P<t>\d+)[- ]?(?P<u>mo|month|year|yr)s?[- ](?P<what>[A-Z]{1,3}FS|OS|DSS|CSS|"
    r"(?:overall|progression-free|disease-free|event-free) survival)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"^\W*95 ?% ?CI (?:for|of) (?:the )?(?P<what>[A-Za-z][\w /-]{1,40}?)(?:,? ?%)?\W*$", re.IGNORECASE)


def check_rows_in_concert(case: Case) -> None:
    """Check in each table the rows of best response, of survival at times, and of limits."""
    tables: dict[int, list[list[Statement]]] = defaultdict(list)
    for passage, statements in case.by_passage.items():
        table = case.text.passages[passage].table
        if table is not None:
            tables[table].append(statements)
    for rows in tables.values():
        _best(case, rows)
        _falling(case, rows)
        _within(case, rows)
        _strata(case, rows)


def _label(case: Case, row: Sequence[Statement]) -> str:
    p = case.text.passages[row[0].passage]
    text = case.flat[p.start : p.end].strip().lstrip("|").strip()
    words = re.split(r"\t|\|| {3,}", text)[0].strip()
    return words.rpartition(": ")[2] if _BEST_OF.match(words) else words


_BEST_OF = re.compile(r"(?:best |overall |tumou?r )*response: ", re.IGNORECASE)


def _best(case: Case, rows: list[list[Statement]]) -> None:
    """Together the best responses are at most as many as the column has."""
    found: dict[str, list[Statement]] = {}
    for row in rows:
        label = _label(case, row)
        for name, pattern in _BEST.items():
            if pattern.match(label):
                if name in found:
                    return  # several groups below each other
                cells = [s for s in row if s.kind == "table_cell" and s.quantities.n is not None]
                found[name] = cells
    if not {"CR", "PR", "SD", "PD"} <= set(found) or len({len(x) for x in found.values()}) != 1:
        return
    for k in range(len(found["CR"])):
        cells = [x[k] for x in found.values()]
        totals = {d.value for s in cells if (d := case.denominators.get(s.id)) is not None}
        counts = [s.quantities.n or 0 for s in cells]
        if len(totals) != 1 or any(s.quantities.percent is None for s in cells):
            continue
        total = totals.pop()
        shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
        computed = {"parts": counts, "sum": sum(counts), "total": total}
        if sum(counts) > total:
            sentence = f"Best responses: {shown}, more than the {total} of the column."
            case.relate("sum", cells, "error-if", sentence, "sum of parts", computed, on=(cells[-1],), tie="structural")
        elif sum(counts) == total:
            case.relate("sum", cells, "ok", f"{shown}.", "sum of parts", computed, tie="structural")


_SHARES = ("percent_only", "percent_ci", "landmark", "table_cell", "value")


def _strata(case: Case, rows: list[list[Statement]]) -> None:
    """`Stage I`, `Stage II`, `Stage III`: all of one column, so no more than all of another."""
    runs: dict[str, list[list[Statement]]] = defaultdict(list)
    for row in rows:
        cells = [s for s in row if s.kind == "table_cell" and s.quantities.percent is not None]
        word = _label(case, row).split(" ")[0].lower()
        if cells and _STRATUM.match(word):
            runs[word].append(cells)
    for found in runs.values():
        if len(found) < 2 or len({len(x) for x in found}) != 1:
            continue
        columns = [[row[k] for row in found] for k in range(len(found[0]))]
        sums = [sum(s.quantities.n or 0 for s in cells) for cells in columns]
        totals = [{d.value for s in cells if (d := case.denominators.get(s.id)) is not None} for cells in columns]
        known = [next(iter(t)) if len(t) == 1 else 0 for t in totals]
        if not any(s == t for s, t in zip(sums, known, strict=True)):
            continue
        for cells, together, total in zip(columns, sums, known, strict=True):
            told = any(r.kind == "sum" and r.places[0].statement == cells[0].id for r in case.relations)
            if total and together > total and not told:
                shown = f"{' + '.join(str(s.quantities.n) for s in cells)} = {together}"
                sentence = f"{shown}, more than the {total} of the column; in another column they add up exactly."
                case.relate("sum", cells, "error-if", sentence, "sum of parts", on=(cells[-1],), tie="structural")


_STRATUM = re.compile(r"^(?:stage|grade|ecog|t[1-4]|n[0-3]|age|her2|tnm)\b", re.IGNORECASE)


def _percents(row: Sequence[Statement]) -> list[tuple[Printed, Statement]]:
    out = []
    for s in row:
        q = s.quantities
        value = q.percent if q.percent is not None else q.value
        if value is not None and q.n is None and s.kind in _SHARES:
            out.append((value, s))
    return out


def _falling(case: Case, rows: list[list[Statement]]) -> None:
    """`6-mo PFS, %` above `12-mo PFS, %`: in no column does it rise."""
    timed: dict[str, list[tuple[int, list[Statement]]]] = defaultdict(list)
    for row in rows:
        m = _TIMED.match(_label(case, row))
        if m is not None:
            months = int(m["t"]) * (12 if m["u"][0].lower() == "y" else 1)
            timed[m["what"].lower()].append((months, row))
    for found in timed.values():
        if len({t for t, _ in found}) != len(found):
            continue
        for (_, first), (_, last) in pairwise(sorted(found, key=lambda x: x[0])):
            a, b = _percents(first), _percents(last)
            for (x, s), (y, t) in zip(a, b, strict=False) if len(a) == len(b) else ():
                if y.low > x.high:
                    sentence = f"Survival cannot rise from {x.text} % to {y.text} % in the same patients."
                    case.relate("landmark", (s, t), "error-if", sentence, "S(t) falls", on=(t,), tie="structural")


def _within(case: Case, rows: list[list[Statement]]) -> None:
    """`95% CI for ORR, %` in a row of its own: the share of the row named so lies within."""
    for row in rows:
        m = _LIMITS.match(_label(case, row))
        if m is None:
            continue
        name = re.compile(rf"\b{re.escape(m['what'])}\b", re.IGNORECASE)
        labels = [(r, _label(case, r)) for r in rows if r is not row]
        named = [r for r, label in labels if name.search(label) and not _LIMITS.match(label)]
        if len(named) != 1:
            continue
        shares = [s for s in named[0] if s.quantities.percent is not None]
        p = case.text.passages[row[0].passage]
        text = case.flat[p.start : p.end]
        limits = list(re.finditer(r"(?<![\w.])(\d+(?:\.\d+)?)(?:[-–]| to |, )(\d+(?:\.\d+)?)(?![\w.]*\d)", text))
        for s, pair in zip(shares, limits, strict=False) if len(shares) == len(limits) else ():
            percent = s.quantities.percent
            if percent is not None and not float(pair[1]) <= float(percent.value) <= float(pair[2]):
                sentence = f"{percent.text} % lies outside the limits the table gives for it, {pair[1]} to {pair[2]}."
                span = (p.start + pair.start(1), p.start + pair.end(2))
                case.relate("interval", (s, span), "error-if", sentence, "estimate within its interval", on=(s,),
                            tie="structural")  # fmt: skip
