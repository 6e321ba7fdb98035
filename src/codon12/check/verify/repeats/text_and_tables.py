"""A number of running text against the row of a table under the same words, where the text points at that table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_text_and_tables"]

_POINTS_AT = re.compile(r"\bTables? (?P<n>S?\d{1,2})\b")
_CAPTION = re.compile(r"\bTable (?P<n>S?\d{1,2})\b")
_KINDS = {"count_percent", "count_percent_ci", "percent_only"}
_ITEM_END = re.compile(
    r"[,;:()\[\]]|\b(?:was|were|had|in|by|with|and|or|reported|observed|seen|occurred|noted|present|found|experienced|of|for)\b"
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
                if len(left) == 1:
                    _tell(case, odd[0], left[0], "error-if")


_FEW, _MOST = (2, 4), 20


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
