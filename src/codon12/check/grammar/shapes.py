"""Cells by their form: mean and deviation, ratio with limits, count beside its percentage, P value, number alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.lexicon import TIME_UNITS
from codon12.check.grammar.columns import Cell, Columns, cells_of
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.neighbours import joined
from codon12.check.grammar.places import (
    CI,
    COEFFICIENT,
    DIFFERENCE,
    LEVEL,
    MARKS,
    MEDIAN_WORDS,
    NO_COUNT,
    NO_RATE,
    OTHER_P,
    P_HEAD,
    RATE,
    SIGHT,
    UNIT,
    Place,
    Read,
    headed,
)
from codon12.check.statements import Limit, Quantities
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["fill_row"]

_N = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|-?\.\d+"
_SEP = r"\s?-\s?|\s?(?:,|;|to|/|and)\s|,|;"
_LIMITS = rf"(?P<low>{_N})\s?%?(?:{_SEP})(?P<high>{_N}|N[ER])\s?%?"
_WITH_LIMITS = re.compile(
    rf"(?P<value>{_N})\s?%?\s?[(\[](?:(?P<level>\d\d)\s?%\s?)?(?P<name>CI|IQR|range)?[\s,:]{{0,3}}{_LIMITS}[)\]]"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_ONLY_LIMITS = re.compile(rf"[(\[]?{_LIMITS}[)\]]?")
_SPREAD = re.compile(rf"(?P<value>{_N})\s?%?\s?(?:±|\+/-)\s?(?P<sd>{_N})")
_BESIDE = re.compile(
    r"(?P<n>\d[\d,]*)\s(?P<percent>\d+(?:\.\d+)?)\s?%|(?P<n2>\d[\d,]*);\s?(?P<percent2>\d+(?:\.\d+)?)\s?%?"
)
_LESS_THAN = re.compile(r"(?P<n>\d[\d,]*)\s?[(\[]<\s?\d?(?:\.\d+)?\s?%?[)\]]")
"""`1 (<1)`: a count whose share is only said to be small."""
_PERCENT_FIRST = re.compile(r"(?P<percent>\d+(?:\.\d+)?)\s?%\s?[(\[](?P<n>\d[\d,]*)[)\]]")
_BRACKETED = re.compile(rf"(?P<value>{_N})\s?[(\[](?P<other>{_N})\s?%?[)\]]")
_P = re.compile(r"(?:[Pp]\s?)?(?P<op><=|>=|[<>=≤≥])?\s?(?P<p>\d?\.\d+|1|0)")
_OF = re.compile(r"(?P<n>\d[\d,]*)\s?/\s?(?P<N>\d[\d,]*)")
_ALONE = re.compile(rf"(?P<op>[<>≤≥~])?\s?(?P<value>{_N})(?P<percent>\s?%)?")


_AT_A_TIME = re.compile(
    r"(?<![\w.<>≥≤-])(?P<t>\d+)[- ]?(?P<u>mo|months?|yrs?|years?|weeks?|wks?|days?)\b(?!.{0,12}\b(?:of age|old)\b)",
    re.IGNORECASE,
)
"""In the head of a column: shares at a time are estimates."""


def _printed(text: str) -> Printed:
    return read_printed(text.replace(",", ""))


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _limits(p: Place) -> Read | None:
    m = _WITH_LIMITS.fullmatch(p.words)
    if m is None:
        return None
    value, low = _printed(m["value"]), _printed(m["low"])
    high: Limit = "not reached" if m["high"].isalpha() else _printed(m["high"])
    level = int(m["level"]) if m["level"] else None
    own = f"{p.head} | {p.label}"
    if m["name"] != "CI" and (m["name"] or MEDIAN_WORDS.search(own)) and not CI.search(p.head):
        name = "range" if m["name"] == "range" or not re.search(r"iqr|quartile", own, re.IGNORECASE) else "iqr"
        name = "iqr" if m["name"] == "IQR" else name
        return "median_range", Quantities(value=value, low=low, high=high, interval=name), m.end(), ""
    if value.value > 0 and low.value > 0 and (measure := p.measure) is not None:
        q = Quantities(measure=measure, value=value, low=low, high=high, level=level, interval="ci")
        return "hr_ci_p", q, m.end(), ""
    everything = f"{p.near} | {p.caption}"
    called = m["name"] == "CI" or CI.search(everything) is not None
    if called and RATE.search(everything) and not NO_RATE.search(own) and 0 <= value.value <= 100 and low.value >= 0:
        q = Quantities(percent=value, low=low, high=high, level=level, interval="ci")
        if (when := _AT_A_TIME.search(p.head)) is None:
            return "percent_ci", q, m.end(), ""
        q = msgspec.structs.replace(q, at=_printed(when["t"]), unit=TIME_UNITS[when["u"].lower()])
        return "landmark", q, m.end(), ""
    if MEDIAN_WORDS.search(own):
        return "median_ci", Quantities(value=value, low=low, high=high, level=level, interval="ci"), m.end(), ""
    called = called or DIFFERENCE.search(p.near) is not None
    q = Quantities(value=value, low=low, high=high, level=level, interval="ci" if called else None)
    return "value", q, m.end(), ""


def _spread(p: Place) -> Read | None:
    m = _SPREAD.fullmatch(p.words)
    return (
        None
        if m is None
        else ("value", Quantities(value=_printed(m["value"]), values=(_printed(m["sd"]),)), m.end(), "")
    )


def _shares(p: Place) -> Read | None:
    m = _LESS_THAN.fullmatch(p.words)
    if m is not None:
        return "table_cell", Quantities(n=_whole(m["n"])), m.end(), "column"
    m = _BESIDE.fullmatch(p.words) or _PERCENT_FIRST.fullmatch(p.words)
    if m is None:
        return None
    groups = m.groupdict()
    n, percent = groups["n"] or groups["n2"], groups["percent"] or groups["percent2"]
    share = _printed(percent)
    if share.value > 100 or _RATE_OF.search(f"{p.head} {p.label}") or _RANKED.search(f"{p.head} {p.caption}"):
        return None
    return "table_cell", Quantities(n=_whole(n), percent=share), m.end(), "column"


_RATE_OF = re.compile(r"\bmeans?\b|\bmedians?\b|\bS[DE]\b")
_RANKED = re.compile(r"\brank(?:s|ing|ed)?\b(?![- ]sum)", re.IGNORECASE)
"""A word of a caption or a head that makes the whole number in brackets a place: `prevalence and rank order`."""


def _bracketed(p: Place) -> Read | None:
    m = _BRACKETED.fullmatch(p.words)
    if m is None:
        return None
    value, other = _printed(m["value"]), _printed(m["other"])
    if (
        re.search(r"%\s?[(\[]\s?(?:n|no\.?|number)\b", p.near, re.IGNORECASE)
        and not other.digits
        and value.value <= 100
    ):
        return "table_cell", Quantities(n=int(other.value), percent=value), m.end(), "column"
    return "value", Quantities(value=value, values=(other,)), m.end(), ""


def _p_value(p: Place) -> Read | None:
    m = _P.fullmatch(p.words)
    if m is None or not (p.is_p or (m["op"] in ("<", "<=", "≤") and re.match(r"0?\.0", m["p"]))):
        return None
    if read_printed(m["p"]).value > 1 and len(p.head) > _LONGEST_P_HEAD:
        return None  # the head of another column, in a row that lost cells
    op = {"≤": "<=", "≥": ">=", None: "="}.get(m["op"], m["op"])
    kind = OTHER_P.search(f"{p.head} {p.label} {p.heading}")
    q = Quantities(p=read_printed(m["p"]), p_op=op, text=kind[1].lower() if kind else None)
    return "p_value", q, m.end(), ""


_LONGEST_P_HEAD = 24
_REFERENCE = re.compile(
    r"(?P<value>1(?:\.0+)?)\s?[(\[]?\s?(?:ref(?:\.|erent|erence)?)(?: group| category)?[)\]]?", re.IGNORECASE
)


def _reference(p: Place) -> Read | None:
    m = _REFERENCE.fullmatch(p.words)
    return None if m is None else ("value", Quantities(value=_printed(m["value"]), text="reference"), m.end(), "")


def _of_total(p: Place) -> Read | None:
    m = _OF.fullmatch(p.words)
    if m is None or SIGHT.search(p.near) or _whole(m["N"]) == 0:
        return None
    return "count", Quantities(n=_whole(m["n"]), N=_whole(m["N"])), m.end(), "explicit"


def _only_limits(p: Place) -> Read | None:
    m = _ONLY_LIMITS.fullmatch(p.words)
    m = None if m is None or m["high"].isalpha() else m
    if m is None or _THOUSANDS.fullmatch(p.words):
        return None
    low, high = _printed(m["low"]), _printed(m["high"])
    name = "ci" if CI.search(p.near) else "iqr" if re.search(r"iqr|quartile", p.near, re.IGNORECASE) else None
    return "value", Quantities(low=low, high=high, interval=name), m.end(), "limits"


_COUNTED = re.compile(r"^\W*(?:No\b|Numbers?\b|[Nn]\b|#)|\b(?:cases|events|patients|subjects)\b", re.IGNORECASE)
"""The head of a column of counts, whatever the heading of its rows."""


def _alone(p: Place) -> Read | None:
    m = _ALONE.fullmatch(p.words)
    if m is None:
        return None
    value = _printed(m["value"])
    if m["percent"]:
        return "value", Quantities(value=value, unit="%"), m.end(), ""
    counted = not value.digits and value.value >= 0 and m["op"] is None
    words = f"{p.head} | {p.label}" if _COUNTED.search(p.head) else p.near
    if counted and not NO_COUNT.search(words) and not UNIT.search(p.label) and not p.headed and not p.is_p:
        return "table_cell", Quantities(n=int(value.value)), m.end(), "column"
    return "value", Quantities(value=value, op=m["op"]), m.end(), ""


_SHAPES: tuple[Callable[[Place], Read | None], ...] = (
    _p_value, _limits, _spread, _shares, _bracketed, _reference, _of_total, _only_limits, _alone,
)  # fmt: skip


_IN_HEADS = {"count", "duration", "threshold", "date", "dose", "scale"}
"""What heads of columns print as well: `n = 40`, `At 12 months, %`, `<50%`."""
_BY_LABEL = {"percent_ci", "landmark", "median_ci", "median_range"}
"""Read by words of the row; below a head that names a ratio they are ratios, and below others ratios are none."""


def _is_other(kind: str, head: str, label: str, *, has_ratios: bool) -> bool:
    """Whether the head of its column says that a cell with limits is not what the words of its row made of it."""
    if headed(label) or not head:
        return False
    if headed(head):
        return kind in _BY_LABEL
    if kind == "hr_ci_p":
        return has_ratios
    if kind in ("percent_ci", "landmark") and MEDIAN_WORDS.search(head) and "%" not in LEVEL.sub("", head):
        return True
    if kind in ("median_range", "median_ci") and "%" in LEVEL.sub("", head) and not MEDIAN_WORDS.search(head):
        return not MEDIAN_WORDS.search(label)
    return kind == "percent_ci" and _AT_A_TIME.search(head) is not None


def fill_row(r: Reading, drafts: list[Draft], columns: Columns) -> tuple[list[Draft], tuple[int, int] | None]:
    """Drafts of a row with those of the cells that no draft holds yet, and the tokens of its label.

    A cell is read by its own form and by the words above, beside and over it; what has no known form stays unread.
    """
    passage = r.passage
    found = cells_of(r.text, passage.start, passage.end)
    if found is None:
        return drafts, None
    (a, b), cells = found
    begin = r.text.rfind("\n", 0, passage.start) + 1
    starts = [t.start for t in r.tokens]
    label = r.text[a:b].strip(" |*")
    for d in drafts:
        if label and ("\t" in d.label or "|" in d.label):
            d.label = label  # a first cell that `read_row` does not know is no part of it
    for d in drafts:  # a first cell read with its label holds no cell between them
        last = next((c for c in cells if c.start <= r.tokens[d.j - 1].start < c.end), None)
        if last is not None and r.tokens[d.i].start < b and any(
            c.column < last.column and any(x.isdigit() for x in c.words) for c in cells
        ):  # fmt: skip
            d.i = bisect_left(starts, last.start)
    begun = columns.begun or any(d.kind not in _IN_HEADS or d.explicit for d in drafts)
    if begun:
        columns.begin(passage)
        _no_ratio_of_coefficients(r, drafts, columns, cells)
    heads = {c.column: columns.over(c, len(cells), begin) if columns.begun else "" for c in cells}
    ratios = [c for c in cells if headed(heads[c.column])]
    anew = []
    for d in drafts:
        cell = next((c for c in cells if c.start < r.tokens[d.j - 1].end <= c.end), None)
        if d.kind == "threshold" or (
            cell is not None and _is_other(d.kind, heads[cell.column], label, has_ratios=bool(ratios))
        ):
            d.i = d.i if cell is None else max(d.i, bisect_left(starts, cell.start))
            anew.append(d)
    held = {t for d in drafts if d not in anew for t in range(d.i, d.j)}
    numbers = [k for k, t in enumerate(r.tokens) if t.kind == "num" and k not in held]
    loose = [r.tokens[k].start for k in numbers]
    fresh: list[tuple[Cell, str, Quantities, int, str]] = []
    if columns.begun and _RANKED.search(columns.caption):
        drafts = [d for d in drafts if d.kind != "table_cell"]
    for cell in cells:
        if bisect_left(loose, cell.start) == bisect_left(loose, cell.end):
            continue
        if not begun and _looks_like_cell(cell):
            begun = True
            columns.begin(passage)
        if not begun:
            continue
        head = columns.over(cell, len(cells), begin)
        if cell.column and P_HEAD.search(head) and _WITH_LIMITS.fullmatch(MARKS.sub("", cell.words)):
            head = columns.over(cells[cells.index(cell) - 1], len(cells), begin)  # the P value before it is left out
        place = Place(cell, head, label, passage.heading, columns.caption)
        for shape in _SHAPES:
            read = shape(place)
            if read is not None:
                fresh.append((cell, *read))
                break
    if not fresh:
        return drafts, (bisect_left(starts, a), bisect_left(starts, b))
    fresh = joined(fresh, columns, len(cells), begin)
    out = [d for d in drafts if not any(_within(r, d, cell) for cell, *_ in fresh)]
    alone = not any(d.column is not None for d in out)
    for k, (cell, kind, q, size, how) in enumerate(fresh):
        i = bisect_left(starts, cell.start)
        j = bisect_left(starts, cell.start + size)
        if j > i and not any(d.i < j and i < d.j for d in drafts if d in out):
            column = k if how == "column" and alone else None
            out.append(Draft(kind, i, j, q, explicit=how == "explicit", label=label or passage.heading, column=column))
    out.sort(key=lambda d: d.i)
    return out, (bisect_left(starts, a), bisect_left(starts, b))


def _no_ratio_of_coefficients(r: Reading, drafts: list[Draft], columns: Columns, cells: list[Cell]) -> None:
    """Where the head of a column names a coefficient, its cells are no ratios, whatever the heading of their rows."""
    begin = r.text.rfind("\n", 0, r.passage.start) + 1
    for d in drafts:
        if d.kind != "hr_ci_p":
            continue
        cell = next((c for c in cells if c.start <= r.tokens[d.j - 1].start < c.end), None)
        if cell is not None and COEFFICIENT.search(columns.over(cell, len(cells), begin)):
            d.kind, d.quantities = "value", msgspec.structs.replace(d.quantities, measure=None)


def _within(r: Reading, draft: Draft, cell: Cell) -> bool:
    """Whether a statement is a part of a cell, which is read as a whole."""
    return cell.start <= r.tokens[draft.i].start and r.tokens[draft.j - 1].end <= cell.end


_A_YEAR = re.compile(r"(?:19|20)\d\d")


def _looks_like_cell(cell: Cell) -> bool:
    """Whether what a cell prints is a number of the table, no number in its head."""
    words = MARKS.sub("", cell.words)
    return re.search(r"[A-Za-z]{3,}", words) is None and "=" not in words and _A_YEAR.fullmatch(words) is None and (
        any(x.fullmatch(words) for x in (_WITH_LIMITS, _SPREAD, _BESIDE, _PERCENT_FIRST, _BRACKETED, _P, _OF, _ALONE))
    )  # fmt: skip
