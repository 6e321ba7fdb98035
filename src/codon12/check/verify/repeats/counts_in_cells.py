"""Counts, percentages, means and medians of running text against the cell of a table that the words around them name.

A sentence names a row by its label and, where a table has several columns, one of these by its head. That it speaks of
the same patients it must show: it points at the table, prints the same size, or tells another cell of it as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.labels import PLAIN, stems
from codon12.check.verify.prose import compared, judge
from codon12.check.verify.repeats.beside_cells import (
    COUNT,
    TIMED,
    is_first,
    is_one_slip,
    is_there,
    may_be,
    printed_in,
    tells,
)
from codon12.check.verify.repeats.cells_meant import (
    IN_BRACKETS,
    NOISE,
    cell_of,
    grades_of,
    has_own_size,
    names_in_head,
    row_of,
)
from codon12.check.verify.repeats.numbers_told import (
    SIZE,
    NumberTold,
    SentenceTold,
    in_full,
    numbers_of,
    sentences_told,
)
from codon12.check.verify.tables.drawn import Cell, Row, drawn, passages_of_tables

__all__ = ["check_counts_in_cells"]

_Placed = tuple[NumberTold, frozenset[str], Row, Cell]
"""A number, the words of its row, this row and the cell."""


def check_counts_in_cells(case: Case) -> None:
    """Check the counts and percentages of running text against the cells of the tables that their words name."""
    tables = passages_of_tables(case).values()
    sentences = _sentences(case, tables)
    for passages in tables if sentences else ():
        _compare(case, sentences, drawn(case, passages), passages[0])  # one table is held at a time


def _sentences(case: Case, tables: Iterable[Sequence[Passage]]) -> list[SentenceTold]:
    """Sentences that name a row of some table."""
    names, words = set[tuple[str, ...]](), set[str]()
    for passages in tables:
        rows = drawn(case, passages)
        for row in rows:
            names.add(tuple(_name_of(row)))
            words |= _words_of(row) | _name_of(row)
        if any(map(_is_of_all, rows[1:])):
            names |= {tuple(names_in_head(c)) for c in rows[0].cells}
    names.discard(())
    return sentences_told(case, names, words) if names else []


def _words_of(row: Row) -> frozenset[str]:
    """The words by which a sentence may name a row, or a column where the row is one of heads."""
    heads = (c.text for c in row.cells if c.n is None and not c.text[:1].isdigit())
    return _named(row.label).union(*(in_full(IN_BRACKETS.sub(" ", x)) for x in heads))


def _above(case: Case, first: Passage) -> str:
    """What stands above a table: its caption, and the heading it stands under."""
    beside = case.text.passages[max(0, first.index - 1) : first.index + 1]
    captions = (case.flat[p.start : p.end] for p in beside if p is first or p.table is None)
    caption = " ".join(x for x in captions if _CAPTION.match(x))
    return f"{caption} {first.heading} {first.section}"


_CAPTION = re.compile(r"\W*Table\b")


def _compare(case: Case, sentences: Sequence[SentenceTold], rows: Sequence[Row], first: Passage) -> None:
    """Check the numbers of each sentence against the cells of one table that it names."""
    if len(rows) < _HEAD_AND_ROW or any(c.n is not None for c in rows[0].cells):
        return
    heads, body, caption = rows[0], rows[1:], _above(case, first)
    labels = [(_name_of(r), r) for r in body if r.cells and _fits(r, heads)]
    by_word: dict[str, list[tuple[frozenset[str], Row]]] = defaultdict(list)
    for words, row in labels:
        if words:
            by_word[max(words, key=len)].append((words, row))
    above = " ".join([caption, heads.label, *(c.text for c in heads.cells)])
    sizes = {m["n"].replace(",", "") for m in SIZE.finditer(above)}
    of_all = [x for x in labels if _is_of_all(x[1])]
    for s in sentences:
        said = frozenset(s.words)
        named = [x for w in said for x in by_word.get(w, ()) if x[0] <= said]
        if not named and (s.points or _ANY.search(case.flat, s.passage.start, s.passage.end)):
            named = [x for x in of_all if grades_of(x[1].label) == frozenset(s.grades)]
        if named:
            _check(case, s, named, rows, in_full(above), caption, sizes=sizes, same_size=not sizes.isdisjoint(s.sizes))


def _fits(row: Row, heads: Row) -> bool:
    """Whether each cell of a row stands below its head; where signs part the cells, the last may be empty."""
    return len(row.cells) == len(heads.cells) or (row.label_end is None and len(row.cells) < len(heads.cells))


def _is_of_all(row: Row) -> bool:
    """Whether a row is that of all: `Total`, `Any grade ≥3`."""
    return _OF_ALL.match(row.label) is not None and not _named(row.label)


_OF_ALL = re.compile(r"\W*(?:totals?|all|overall|any)\b", re.IGNORECASE)
_ANY = re.compile(r"\b(?:at least (?:one|1)|one or more|any|in all|in total|altogether|overall)\b", re.IGNORECASE)
"""In a sentence that may tell of the row of all."""


def _named(label: str) -> frozenset[str]:
    words = in_full(re.sub(r"\([^()]*\)|,? ?(?:\bn|\bno\.?|%)\W*$", " ", label)) - NOISE
    return words if words != _ALL_OF_THEM else frozenset()


_ALL_OF_THEM = stems("overall")


def _name_of(row: Row) -> frozenset[str]:
    """The words of a label; of one that only says what its cells are, `Median (range)`, those of the heading above."""
    own = _named(row.label)
    says_what = TIMED.search(row.label) or COUNT.search(row.label)
    return own if own or not says_what or not row.passage.heading else _named(row.passage.heading)


def _check(
    case: Case,
    s: SentenceTold,
    named: Sequence[tuple[frozenset[str], Row]],
    rows: Sequence[Row],
    frame: frozenset[str],
    caption: str,
    *,
    sizes: AbstractSet[str],
    same_size: bool,
) -> None:
    """Numbers that are not in the cell they name, where the sentence shows that it speaks of this table."""
    heads = rows[0]
    right: list[tuple[NumberTold, Cell]] = []
    placed: list[_Placed] = []
    wrong: list[_Placed] = []
    numbers = list(numbers_of(case, s.passage))
    for number in numbers:
        found = row_of(number, named)
        cell = cell_of(case, number, s, found[1], heads, caption) if found is not None else None
        if found is not None and cell is None and number.share:
            _sum_of_arms(case, s, number, *found, heads)
        if found is None or cell is None or number.text in sizes:
            continue
        placed.append((number, *found, cell))
        if is_there(number, found[1], cell):
            right.append((number, cell))
        elif may_be(number, cell, found[1]):
            wrong.append((number, *found, cell))
    if _swapped(case, s, placed, heads):
        return
    if len(wrong) > 1:  # what names its row comes before what has none of its own
        wrong = [x for x in wrong if x[1] <= x[0].words] or wrong
    if len(wrong) == _TWICE and wrong[0][3] is wrong[1][3] and wrong[0][0].share == wrong[1][0].text:
        wrong.pop()  # a count and its percentage
    if len(wrong) != 1:
        return
    number, words, row, cell = wrong[0]
    beside = any(c is not cell and (n.unit or float(n.text) >= _TELLING) for n, c in right)
    said = _those_with(case, s, number) or number.words
    narrowed = {w for w in said - words - NOISE if w[:4] not in PLAIN and not _is_near(w, frame)}
    others = {n.text for c in row.cells if c is not cell for n in printed_in(c)[: 1 if number.unit else None]}
    all_ = in_full(case.flat[s.passage.start : s.passage.end])
    alone = not {w for w in all_ - words - NOISE if w[:4] not in PLAIN and not _is_near(w, frame)}
    same_size = same_size or any(n.text in sizes and float(n.text) >= _SMALL for n in numbers)
    same_size = same_size or _is_share_of(number, heads.cells[row.cells.index(cell)], sizes)
    of_its_notes = s.passage.footnote and s.passage.section == row.passage.section
    shown = (
        beside
        + of_its_notes
        + s.points
        + same_size
        + alone
        + has_own_size(case, number, heads.cells[row.cells.index(cell)])
    )
    own = bool(words & number.words)  # else the row is only named elsewhere in the sentence
    narrowed |= frozenset() if own else _SEXES & number.words
    if number.text in others or (narrowed and not (beside and own)) or not shown:
        return
    people = _PEOPLE.match(case.flat, number.span[1]) is not None
    if people and _EVENTS.search(row.label) and not _EVENTS.search(case.flat, s.passage.start, s.passage.end):
        return  # `Median PFS in the 38 patients`, under a row of events
    if _of_another_row(number, s, row, cell, rows) or any(tells(n, cell) for n in numbers if n is not number):
        return
    if compared(case, number.span, "text/table"):
        return
    near = any(is_one_slip(number.text, n.text) for n in printed_in(cell))
    of_more = bool(sizes) and any(not n.unit and float(n.text) > max(map(int, sizes)) for n in numbers)
    if not near and (shown < _TWICE or of_more):
        return  # `of all patients, 926 were included`, under a table of 55
    verdict: Verdict = "error-if" if near or beside else "unlikely"
    sentence = f"The table prints “{cell.text}” under “{row.label.strip()}”, the text {number.text}."
    judge(case, s.passage, "text/table", [number.span, cell.span], verdict, sentence, "comparison with the table")


_EVENTS = re.compile(r"\bevents?\b", re.IGNORECASE)
_PEOPLE = re.compile(r" (?:[a-z]+ )?(?:patients|participants|subjects|women|men|children)\b")


def _sum_of_arms(case: Case, s: SentenceTold, number: NumberTold, words: frozenset[str], row: Row, heads: Row) -> None:
    """A count with its percentage of all, against the arms of its row: `151 (78.6%) had died`, under three arms."""
    arms = [(c.n, m["n"].replace(",", "")) for c, h in zip(row.cells, heads.cells, strict=False)
            if c.n is not None and (m := SIZE.search(h.text)) is not None]  # fmt: skip
    total, together = str(sum(int(n) for _, n in arms)), sum(n for n, _ in arms)
    narrowed = {w for w in number.words - words - NOISE if w[:4] not in PLAIN | _BY_THEN}
    if len(arms) < _TWICE or len(arms) < len(heads.cells) or narrowed or frozenset(s.grades) != grades_of(row.label):
        return
    told = int(number.text) if number.text.isdigit() else together
    slip = is_one_slip(number.text, str(together)) or any(
        is_one_slip(str(n), str(n + told - together)) for n, _ in arms
    )
    if told == together or not slip or not _is_the_share(number, total) or compared(case, number.span, "text/table"):
        return
    shown = f"{' + '.join(str(n) for n, _ in arms)} = {together}"
    sentence = f"The table prints {shown} under “{row.label.strip()}”, the text {number.text} of all {total}."
    judge(case, s.passage, "text/table", [number.span, *(c.at for c in row.cells)], "error-if", sentence,
          "comparison with the table")  # fmt: skip


_BY_THEN = {"cuto", "data", "anal", "time", "clos"}


def _of_another_row(number: NumberTold, s: SentenceTold, row: Row, cell: Cell, rows: Sequence[Row]) -> bool:
    """Whether the number stands in its column of another row, of which the sentence has a word too."""
    k = row.cells.index(cell)
    return any(
        r is not row and len(r.cells) > k and is_first(number, r.cells[k]) and not _words_of(r).isdisjoint(s.words)
        for r in rows[1:]
    )


_AMONG = re.compile(r"\b(?:among|in|of|for) the $", re.IGNORECASE)
_WITH = re.compile(r" (?:patients|participants|women|men|children|subjects) (?:with|who had) (?P<what>[^,;:.()]+)")


def _those_with(case: Case, s: SentenceTold, number: NumberTold) -> frozenset[str]:
    """What those have whom a number counts, in `calculated among the 39 patients with an objective response`."""
    if not _AMONG.search(case.flat, s.passage.start, number.span[0]):
        return frozenset()
    m = _WITH.match(case.flat, number.span[1])
    return in_full(m["what"]) if m is not None else frozenset()


def _swapped(case: Case, s: SentenceTold, placed: Sequence[_Placed], heads: Row) -> bool:
    """Two numbers of a row, each beside the name of its column, of which each stands in the cell of the other."""
    if len(placed) != _TWICE:
        return False
    (a, _, row, cell), (b, _, other, beside) = placed
    named = all(in_full(heads.cells[row.cells.index(c)].text) & n.words for n, c in ((a, cell), (b, beside))
                if c in row.cells)  # fmt: skip
    crossed = row is other and cell is not beside and named and is_first(a, beside) and is_first(b, cell)
    if not crossed or is_first(a, cell) or any(compared(case, x.span, "text/table") for x in (a, b)):
        return False
    sentence = f"The table prints “{cell.text}” and “{beside.text}” under “{row.label.strip()}”, the text the reverse."
    places = [a.span, b.span, cell.span, beside.span]
    judge(case, s.passage, "text/table", places, "error-if", sentence, "comparison with the table")
    return True


def _is_share_of(number: NumberTold, head: Cell, sizes: AbstractSet[str]) -> bool:
    """Whether a count and the percentage behind it are of as many as the table has."""
    own = {m["n"].replace(",", "") for m in SIZE.finditer(head.text)} or sizes
    return len(own) == 1 and _is_the_share(number, next(iter(own)))


def _is_the_share(number: NumberTold, total: str) -> bool:
    """Whether the percentage behind a count is what it makes of a total."""
    digits, of = len(number.share.partition(".")[2]), int(total)
    if not number.share or of < _SMALL:
        return False
    return abs(100 * float(number.text) / of - float(number.share)) <= 0.51 * 10**-digits


_SEXES = stems("female male")
_SMALL = 20
_TELLING, _TWICE = 10, 2
_HEAD_AND_ROW = 2


def _is_near(word: str, frame: frozenset[str]) -> bool:
    return any(word[:4] == x[:4] for x in frame)
