"""A number of running text against the row of a table under the same words, where the text points at that table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import judge, sentences_with
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.drawn import Row, drawn

__all__ = ["check_text_and_tables"]

_POINTS_AT = re.compile(r"\bTables? (?P<n>S?\d{1,2})\b")
_CAPTION = re.compile(r"\bTable (?P<n>S?\d{1,2})\b")
_KINDS = {"count_percent", "count_percent_ci", "percent_only"}
_ITEM_END = re.compile(
    r"[,;:()\[\]]|\b(?:was|were|had|in|by|with|and|or|reported|observed|seen|occurred|noted|present|found|"
    r"experienced|of|for)\b"
)
_NOISE = stems("patients participants subjects any grade events all the most common adverse")


def check_text_and_tables(case: Case) -> None:
    """Note a share that is not in the row of a table under its words.

    Where the sentence points at that table, and the row has another share of that total; or where all the other
    shares of the sentence are cells of that row, and the row has as many cells.
    """
    if not any(p.table is not None for p in case.text.passages):
        return
    _all_but_one(case)
    _columns_told(case)
    pointing = list(case.prose(_POINTS_AT))
    if not pointing:
        return
    numbers = _numbers_of_tables(case)
    rows: dict[tuple[int, frozenset[str]], list[list[Statement]]] = defaultdict(list)
    for passage, cells in case.by_passage.items():
        table = case.text.passages[passage].table
        shares = [c for c in cells if c.kind == "table_cell" and c.quantities.percent is not None]
        if table is not None and shares and (words := stems(shares[0].label) - _NOISE):
            rows[table, words].append(shares)
    for p, statements in pointing:
        named = {t for m in _POINTS_AT.finditer(case.flat, p.start, p.end) for t in numbers[m["n"]]}
        for s in statements:
            if s.kind in _KINDS and s.quantities.percent is not None and not s.approximate:
                found = [r for t in named for words in _words(case, s) for r in rows.get((t, words), ())]
                if len(found) == 1 and not _of_another_row(case, s, named, rows):
                    _compare(case, s, found[0])


def _all_but_one(case: Case) -> None:
    """`Hypotension was more common with A (9.0%) than with B (8.5%)`, where the row of hypotension has 9.0 and 5.8."""
    rows: dict[str, list[tuple[frozenset[str], list[Statement]]]] = defaultdict(list)
    for passage, cells in case.by_passage.items():
        shares = [c for c in cells if c.kind == "table_cell" and c.quantities.percent is not None]
        if case.text.passages[passage].table is not None and _FEW[0] <= len(shares) <= _FEW[1]:
            words = stems(shares[0].label)
            if words:
                rows[max(words, key=len)].append((words, shares))
    for passage, statements in case.by_passage.items() if rows else ():
        told = [s for s in statements if s.kind in _KINDS and s.quantities.percent is not None]
        if case.text.passages[passage].table is not None or not _FEW[0] <= len(told) <= _FEW[1]:
            continue
        said = stems(case.sentence(told[0]))
        for words, cells in (x for w in said for x in rows.get(w, ())[:_MOST]):
            odd = [s for s in told if not any(_equal(s, c) for c in cells)]
            if words <= said and len(cells) == len(told) and len(odd) == 1 and not odd[0].approximate:
                left = [c for c in cells if not any(_equal(s, c) for s in told)]
                elsewhere = any(_equal(odd[0], c) for named in rows.values() for _, row in named for c in row)
                if len(left) == 1 and not elsewhere and (len(told) > _FEW[0] or _near(odd[0], left[0])):
                    _tell(case, odd[0], left[0], "error-if")


_FEW, _MOST = (2, 4), 20


_GROUP = re.compile(
    r"(?<![\w.,/-])(?P<a>\d[\d,]*(?:\.\d+)?)(?![\d.,]*\d|-) ?%?(?: (?:of|/) (?:the )?\d[\d,]*)?"
    r"(?: ?(?:[a-z]+ ){0,3}[(\[](?P<b>\d+(?:\.\d+)?) ?%[^()\[\]]*[)\]])?"
)
_ASIDE = re.compile(
    r"\bTables? S?\d{1,2}\w?\b|\b(?:at|after|by|within|over|until|in|first|for) (?:\w+ )?\d[\d.]*[- ](?:months?|mo|"
    r"weeks?|years?|days?|yr)\b|\b\d+[- ](?:month|year|week|day|mo|yr)\b|\b\d\d ?% ?(?:CI|confidence)[^()\[\];]*|"
    r"\bgrades? ?(?:≥ ?)?\d(?:(?:-| to | or | and )\d)?|\b(?:hazard ratio|odds ratio|relative risk|risk ratio|HR|OR|RR|"
    r"P)\b[^.;\d]{0,25}\d[\d.]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ASSIGNED = re.compile(r"\b(?:randomi[sz]|assign|allocat)", re.IGNORECASE)
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_COLUMNS = (2, 3)


def _columns_told(case: Case) -> None:
    """`36.2 months with A and 26.5 with B`, where a row has 38.2 under A and 26.5 under B; so of the sizes of arms."""
    told = {p.index: p for p in sentences_with(case, "table ", "randomi", "assign", "allocat")}
    if not told:
        return
    numbers = _numbers_of_tables(case)
    tables: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            tables[p.table].append(p)
    drawn_rows: dict[int, list[Row]] = {}
    for p in told.values():
        text = case.flat[p.start : p.end]
        named = {t for m in _POINTS_AT.finditer(text) for t in numbers[m["n"]]}
        assigned = _ASSIGNED.search(text) is not None
        if not named and not assigned:
            continue
        plain = _ASIDE.sub(lambda m: " " * len(m[0]), text)
        groups = list(_GROUP.finditer(plain))
        if not _COLUMNS[0] <= len(groups) <= _COLUMNS[1] + 1:
            continue
        for table in sorted(tables if assigned else named):
            rows = drawn_rows.setdefault(table, drawn(case, tables[table]))
            if len(rows) > 1 and (order := _order_of(rows[0], plain)) and not _whole_row(groups, order, rows):
                if assigned and _sizes(case, p, groups, order, rows[0]):
                    break
                if table in named:
                    _row_told(case, p, groups, order, rows)


def _order_of(head: Row, text: str) -> list[int]:
    """The columns of a table in the order in which a sentence names them, or none where it names not all of them."""
    names = [stems(re.sub(r"\([^()]*\)|[nN] ?=|\d", " ", c.text)) - _NOISE for c in head.cells]
    if not _COLUMNS[0] <= len(names) <= _COLUMNS[1] or not all(names):
        return []
    shared = frozenset[str]().union(*(a & b for k, a in enumerate(names) for b in names[:k]))
    at: dict[str, int] = {}
    for m in re.finditer(r"[A-Za-z][a-z0-9]*", text):
        for w in stems(m[0]):
            at.setdefault(w, m.start())
    places = [[at[w] for w in own - shared if w in at] for own in names]
    if not all(places):
        return []
    return sorted(range(len(names)), key=lambda j: min(places[j]))


def _numbers_in(text: str) -> list[str]:
    return [m[0].replace(",", "").rstrip(".") for m in _NUMBER.finditer(text)]


def _own(m: re.Match[str]) -> list[str]:
    return [x.replace(",", "") for x in (m["a"], m["b"]) if x]


def _beside_cells(groups: Sequence[re.Match[str]], order: Sequence[int], row: Row) -> list[tuple[list[str], list[str]]]:
    """The numbers of a sentence and those of the cells that its order gives them."""
    return [(_own(m), _numbers_in(row.cells[j].text)) for m, j in zip(groups, order, strict=True)]


def _whole_row(groups: Sequence[re.Match[str]], order: Sequence[int], rows: Sequence[Row]) -> bool:
    """Whether a row of the table has all numbers of a sentence as they are told."""
    if len(groups) != len(order):
        return False
    fit = [r for r in rows[1:] if len(r.cells) == len(order)]
    return any(all(a[0] in b for a, b in _beside_cells(groups, order, r)) for r in fit)


def _row_told(
    case: Case, p: Passage, groups: Sequence[re.Match[str]], order: Sequence[int], rows: Sequence[Row]
) -> None:
    """All numbers of a sentence but one are those of a row, and this one is a digit from the one that is there."""
    if len(groups) != len(order):
        return
    found = []
    for row in rows[1:]:
        if len(row.cells) != len(order):
            continue
        pairs = _beside_cells(groups, order, row)
        odd = [k for k, (a, b) in enumerate(pairs) if not set(a) <= set(b)]
        telling = any(len(x.replace(".", "")) >= _TELLING for k, (a, _) in enumerate(pairs) if k not in odd for x in a)
        if len(odd) != 1 or not telling:
            continue
        a, b = pairs[odd[0]]
        wrong = [x for x in a if x not in b]
        meant = [y for y in b[: len(a)] if y not in a]
        if len(wrong) == 1 and any(one_digit_apart(wrong[0], y) for y in meant[:1]):
            found.append((row, row.cells[order[odd[0]]], groups[odd[0]], wrong[0]))
    column = {
        x for row, cell, _, _ in found for r in rows if r is not row for c in r.cells for x in _numbers_in(c.text)
    }
    if len(found) == 1 and found[0][3] not in column:
        row, cell, m, wrong_one = found[0]
        sentence = f"The table prints “{cell.text}” under “{row.label}”, the text {wrong_one}."
        places = [(p.start + m.start("a"), p.start + m.end("a")), cell.span]
        judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")


_TELLING = 3
"""Digits of a number that is not in a row by chance."""


def _sizes(case: Case, p: Passage, groups: Sequence[re.Match[str]], order: Sequence[int], head: Row) -> bool:
    """`412 to A and 402 to B` under heads of 412 and 405: no more can be in a table than were assigned."""
    if len(groups) == len(order) + 1 and int(float(_own(groups[0])[0])) > max(float(_own(m)[0]) for m in groups[1:]):
        groups = groups[1:]  # the number of all
    sizes = [_SIZE.search(head.cells[j].text) for j in order]
    if len(groups) != len(order) or None in sizes:
        return False
    pairs = [
        (_own(m)[0], m, head.cells[j], s["n"].replace(",", ""))
        for m, j, s in zip(groups, order, sizes, strict=True)
        if s
    ]
    odd = [x for x in pairs if x[0] != x[3]]
    if len(odd) != 1 or not one_digit_apart(odd[0][0], odd[0][3]):
        return False
    told, m, cell, size = odd[0]
    if int(size) < int(told) and sorted(size) != sorted(told):
        return False  # those with data
    sentence = f"The head of the table has {size}, the text {told}."
    places = [(p.start + m.start("a"), p.start + m.end("a")), cell.span]
    judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")
    return True


def _numbers_of_tables(case: Case) -> dict[str, set[int]]:
    """The number a caption prints -> the tables behind it."""
    out: dict[str, set[int]] = defaultdict(set)
    last = ""
    for p in case.text.passages:
        m = _CAPTION.match(case.flat, p.start, p.end) or _CAPTION.match(p.heading) or _CAPTION.match(p.section)
        if m is not None:
            last = m["n"]
        if p.table is not None and last:
            out[last].add(p.table)
    return out


def _words(case: Case, s: Statement) -> list[frozenset[str]]:
    """The words of the item right before a number, and those behind it."""
    before, after = case.around(s, 90, 60)
    ahead = re.sub(r"[\s(\[]*$", "", before)
    parts = [x for x in _ITEM_END.split(ahead) if x.strip()]
    behind = [x for x in _ITEM_END.split(after) if x.strip()]
    opens = _SUBJECT_BEHIND.match(after) is not None and _LISTED.search(ahead) is not None
    return [w for x in (*(() if opens else parts[-1:]), *behind[:1]) if (w := stems(x) - _NOISE)]


_SUBJECT_BEHIND = re.compile(r"\W*(?:of (?:the |all )?\w+ )?(?:was|were|had|has|have|are|is|did|went|\w{2,}ed)\b")
_LISTED = re.compile(r"(?:[,;]|\band)$")
"""`28.8% were mushy, 25.2% were lumpy`: what stands before a number with a verb of its own is of the one before it."""


def _of_another_row(
    case: Case, s: Statement, named: set[int], rows: Mapping[tuple[int, frozenset[str]], list[list[Statement]]]
) -> bool:
    """Whether the number stands in another row of the table that the sentence names too."""
    said = stems(case.sentence(s))
    return any(
        t in named and words <= said and any(_equal(s, c) for cells in found for c in cells)
        for (t, words), found in rows.items()
    )


def _compare(case: Case, s: Statement, row: Sequence[Statement]) -> None:
    """None of the cells that can be meant has the number: those of the same total, or the only one."""
    q = s.quantities
    total = case.denominators.get(s.id)
    alike = [c for c in row if total and (d := case.denominators.get(c.id)) and d.value == total.value]
    alike = alike or [c for c in (row if len(row) == 1 else ()) if total is not None or _near(s, c)]
    if not alike or q.percent is None or any(_equal(s, c) for c in row):
        return
    c = next((c for c in alike if _near(s, c)), alike[0])
    _tell(case, s, c, "error-if" if len(alike) == 1 or _near(s, c) else "unlikely")


def _tell(case: Case, s: Statement, c: Statement, verdict: Verdict) -> None:
    printed, told = (" ".join(x.quote.split())[:60] for x in (c, s))
    sentence = f"The table prints “{printed}” under “{c.label}”, the text {told}."
    case.relate("text/table", (s, c), verdict, sentence, "comparison with the table", on=(s,))


def _equal(s: Statement, c: Statement) -> bool:
    a, b = s.quantities, c.quantities
    if a.n is not None and b.n is not None:
        return a.n == b.n
    assert a.percent is not None
    assert b.percent is not None
    fewer = min(a.percent.digits, b.percent.digits)
    return abs(a.percent.value - b.percent.value) * 10**fewer <= 1


def _near(s: Statement, c: Statement) -> bool:
    a, b = s.quantities, c.quantities
    if a.n is not None and b.n is not None:
        return one_digit_apart(str(a.n), str(b.n))
    return a.percent is not None and b.percent is not None and one_digit_apart(a.percent.text, b.percent.text)
