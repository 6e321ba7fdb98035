"""Measures of a diagnostic test from its true and false results, where a sentence counts them in words.

Sensitivity = TP / (TP + FN), specificity = TN / (TN + FP), predictive values by rows of the same table.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.rates import NAMES, RATE
from codon12.check.verify.prose import Count, counts_in, follows, judge, whole
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["CELL", "check_cells"]

_INTEGER = r"\d{1,3}(?:,\d{3})+|\d+"
_RESULT = r"(?P<{0}>true|false)[- ](?P<{1}>positive|negative)s?"
CELL = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_INTEGER}) (?:(?:of (?:them|these|which)|results?|cases|readings|lesions|patients) )?"
    rf"(?:(?:were|was|had|gave) )?{_RESULT.format('a', 'b')}\b(?! rate)"
    rf"|\b{_RESULT.format('c', 'd')}(?: (?:results|cases|findings|readings))?(?: \([TF][PN]\))?"
    rf"(?: \(n ?= ?|: ?| = ?|, n ?= ?|, | numbered | were | )(?P<m>{_INTEGER})(?![\d.]| ?%)"
    rf"|(?<![\d.,/-])(?P<j>{_INTEGER}) (?P<ahead>[TF][PN])s?\b(?! rate)"
    rf"|\b(?P<short>[TF][PN])(?:s|,|:| =|=)? ?(?P<k>{_INTEGER})(?![\d.]| ?%)",
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
    rates = list(RATE.finditer(case.flat, p.start, last))
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
