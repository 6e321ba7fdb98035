"""Measures of a diagnostic test from its true and false results, where a sentence counts them in words.

Sensitivity = TP / (TP + FN), specificity = TN / (TN + FP), predictive values by rows of the same table.
"""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.rates import NAMES, rates_in
from codon12.check.verify.prose import Count, compared, counts_in, follows, judge, sentences_with, whole
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.tables.drawn import drawn, passages_of_tables
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["CELL", "check_cells", "check_two_by_two"]

_INTEGER = r"\d{1,3}(?:,\d{3})+|\d+"
_RESULT = r"(?P<{0}>true|false)[- ](?P<{1}>positive|negative)s?"
CELL = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_INTEGER}) (?:(?:of (?:them|these|which)|results?|cases|readings|lesions|patients) "
    rf")?(?:(?:were|was|had|gave) )?{_RESULT.format('a', 'b')}\b(?! rate)|\b{_RESULT.format('c', 'd')}(?: (?:results|"
    rf"cases|findings|readings))?(?: \([TF][PN]\))?(?: \(n ?= ?|: ?| = ?|, n ?= ?|, | numbered | were | "
    rf")(?P<m>{_INTEGER})(?![\d.]| ?%)|(?<![\d.,/-])(?P<j>{_INTEGER}) (?P<ahead>[TF][PN])s?\b(?! rate)|"
    rf"\b(?P<short>[TF][PN])(?:s|,|:| =|=)? ?(?P<k>{_INTEGER})(?![\d.]| ?%)",
    re.IGNORECASE,
)
_TWO_CELLS = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_INTEGER}) true(?:[- ]ones)? and (?P<m>{_INTEGER}) false[- ](?P<s>positive"
    rf"|negative)s?\b(?! rate)",
    re.IGNORECASE,
)
"""`36 true and 12 false positive scans`."""
_OF = {
    "sensitivity": (("tp",), ("tp", "fn")),
    "specificity": (("tn",), ("tn", "fp")),
    "PPV": (("tp",), ("tp", "fp")),
    "NPV": (("tn",), ("tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "tn", "fp", "fn")),
}
_ALL = ("tp", "fp", "fn", "tn")


def _cells(case: Case, p: Passage) -> dict[str, Count]:
    """True and false results of a sentence by name, empty where one is told twice."""
    cells: dict[str, Count] = {}
    for m in _TWO_CELLS.finditer(case.figures, p.start, p.end):
        sign = m["s"][0].lower()
        cells |= {"t" + sign: Count(whole(m["n"]), m.span("n")), "f" + sign: Count(whole(m["m"]), m.span("m"))}
    if cells:
        return cells if len(cells) == 2 * len(_TWO_CELLS.findall(case.figures, p.start, p.end)) else {}
    for m in CELL.finditer(case.figures, p.start, p.end):
        name = (m["ahead"] or m["short"] or (m["a"] or m["c"])[0] + (m["b"] or m["d"])[0]).lower()
        which = next(k for k in "nmjk" if m[k])
        if name in cells:
            return {}
        cells[name] = Count(whole(m[which]), m.span(which))
    return cells


def check_cells(case: Case, p: Passage) -> None:
    """Check measures of a test against the true and false results that the sentence counts."""
    cells = _cells(case, p)
    if not cells:
        return
    n = {name: c.n for name, c in cells.items()}
    following = case.text.passages[p.index + 1 : p.index + 2]
    goes_on = bool(following) and following[0].paragraph == p.paragraph and not _cells(case, following[0])
    last = following[0].end if goes_on else p.end
    rates = rates_in(case, p.start, last)
    for m in rates:
        what = NAMES[m["what"].lower()]
        above, below = _OF[what]
        if not set(below) <= set(n) or sum(NAMES[x["what"].lower()] == what for x in rates) > 1:
            continue
        x, total = sum(n[k] for k in above), sum(n[k] for k in below)
        if total < 1:
            continue
        fits = bool(percent_modes(x, total, read_printed(m["p"])))
        sentence = f"{x} of {total} is {exact(x, total)} %, {'as' if fits else 'not'} {m['p']} %."
        places = [*(cells[k].span for k in below), m.span("p")]
        at = p if m.start() < p.end else following[0]
        judge(case, at, "accuracy", places, "ok" if fits else "error-if", sentence, "two by two table")
    if len(n) == len(_ALL):
        _all_cells(case, p, cells)


_TOLD = re.compile(
    r"\b(?:in|of|among|from|for|all|total of|these|the) (?:all |the |these |a total of )?$|\bn ?= ?$|^\W*$",
    re.IGNORECASE,
)


def _all_cells(case: Case, p: Passage, cells: dict[str, Count]) -> None:
    """`in 200 lesions, 60 true-positive, 14 false-positive, 6 false-negative and 130 true-negative readings`."""
    places = [cells[k].span for k in _ALL]
    others = [
        c
        for c in counts_in(case, p.start, p.end)
        if c.span not in places and _TOLD.search(case.flat[max(p.start, c.span[0] - 20) : c.span[0]])
    ]
    parts = [cells[k].n for k in _ALL]
    if len(others) != 1 or others[0].n <= max(parts):
        return
    total, told = sum(parts), others[0]
    shown = f"{' + '.join(map(str, parts))} = {total}"
    fits = total == told.n or told.n in (parts[0] + parts[1], parts[0] + parts[2], parts[1] + parts[3], sum(parts[2:]))
    follows(case, p, "sum", [*places, told.span], shown, f"not {told.n}", "two by two table", fits=fits)


_POSITIVE = re.compile(r"\b(?:pos\w*|present|yes)\b|\w ?\+\W*$", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:neg\w*|absent|no)\b|\w ?[-−–]\W*$", re.IGNORECASE)
_SIGNS = ("+", "-")


def _sign(label: str) -> str:
    signs = [x for x, pattern in zip(_SIGNS, (_POSITIVE, _NEGATIVE), strict=True) if pattern.search(label.strip())]
    return signs[0] if len(signs) == 1 else ""


def _grids(case: Case) -> Iterator[dict[str, Count]]:
    """Tables of two results by two, by the signs of row and column: `+-` is positive in the row, not the column."""
    for passages in passages_of_tables(case).values():
        rows = drawn(case, passages)
        columns = [_sign(c.text) for c in rows[0].cells] if rows else []
        below = [_sign(r.label) for r in rows[1:]]
        if all(sorted(filter(None, x)) == sorted(_SIGNS) for x in (columns, below)):
            cells = {
                r + c: Count(cell.n, cell.at)
                for r, row in zip(below, rows[1:], strict=True)
                for c, cell in zip(columns, row.cells, strict=False)
                if r and c and cell.n is not None
            }
            if len(cells) == len(_ALL):
                yield cells


_ROWS_TEST = {"tp": "++", "fp": "+-", "fn": "-+", "tn": "--"}
_COLUMNS_TEST = {"tp": "++", "fp": "-+", "fn": "+-", "tn": "--"}


def check_two_by_two(case: Case) -> None:
    """Check the measures a text gives against its only two by two table, whose side of the test the others show."""
    grids = list(_grids(case))
    told = [(p, m) for p in sentences_with(case, "sensitiv", "specific", "predictive", "ppv", "npv", "accura")
            for m in rates_in(case, p.start, p.end)] if len(grids) == 1 else []  # fmt: skip
    names = [NAMES[m["what"].lower()] for _, m in told]
    if len(names) != len(set(names)):
        return
    sides = [[_share(grids[0], side, name) for name in names] for side in (_ROWS_TEST, _COLUMNS_TEST)]
    fitting = [
        [total > 0 and bool(percent_modes(x, total, read_printed(m["p"]))) for (x, total), (_, m) in zip(
            side, told, strict=True)]
        for side in sides
    ]  # fmt: skip
    k = max((0, 1), key=lambda i: sum(fitting[i]))
    if not any(fitting[k]) or (sum(fitting[0]) == sum(fitting[1]) and sides[0] != sides[1]):
        return
    for (p, m), (x, total), fits, name in zip(told, sides[k], fitting[k], names, strict=True):
        if total > 0 and not compared(case, m.span("p"), "accuracy"):
            side = (_ROWS_TEST, _COLUMNS_TEST)[k]
            places = [*(grids[0][side[c]].span for c in _OF[name][1]), m.span("p")]
            shown = f"{x} of {total} is {exact(x, total)} %, {'as' if fits else 'not'} {m['p']} %."
            judge(case, p, "accuracy", places, "ok" if fits else "error-if", shown, "two by two table")


def _share(cells: dict[str, Count], side: dict[str, str], name: str) -> tuple[int, int]:
    above, below = ([cells[side[c]].n for c in part] for part in _OF[name])
    return sum(above), sum(below)
