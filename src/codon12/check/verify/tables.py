"""Tables: grades within any grade, categories that make their total, rows of two things, text beside table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.labels import stems
from codon12.check.verify.margins import OF_THE_ROW
from codon12.check.verify.overlap import both_of_two

__all__ = ["check_tables"]

_ANY = r"(?P<any>any[ -]grade|all[ -]grades?)"
_GRADED = (
    r"(?P<graded>grades? ?(?:(?P<over>≥|>=|>) ?)?[1-5](?: ?(?:-|or|to|and|/) ?[1-5])?"
    r"(?P<more> ?(?:or (?:higher|worse|more|above)|\+))?"
    r"|fatal|≥ ?grade ?[1-5]|grade five)"
)
_COLUMN = re.compile(f"{_ANY}|{_GRADED}", re.IGNORECASE)
_FAMILIES = (
    {"yes", "no", "unknown", "missing", "notreported", "notavailable"},
    {"male", "female", "men", "women", "man", "woman", "unknown"},
    {"0", "1", "2", "3", "4", "01", "≥1", "≥2", "≥3", "2or3", "missing", "unknown", "6ormore"},
    {"never", "former", "current", "neversmoked", "neversmoker", "currentsmoker", "formersmoker", "missing",
     "missingdata", "unknown"},
    {"i", "ii", "iii", "iv", "ia", "ib", "iia", "iib", "iiia", "iiib", "iiic", "iva", "ivb", "unknown", "missing"},
    {"positive", "negative", "unknown", "notevaluable", "missing", "nottested"},
    {"high", "low", "intermediate", "unknown", "missing"},
)  # fmt: skip
_BLOCK = 40
_ROWS = 400
_ITEM_END = re.compile(r"[,;:()\[\]]|\b(?:and|were|was|including|are|with|had|by|as|than)\b")


class _Row(msgspec.Struct, frozen=True):
    table: int
    heading: str
    label: str
    cells: list[Statement]

    @property
    def counts(self) -> list[int]:
        return [c.quantities.n or 0 for c in self.cells]


def check_tables(case: Case) -> None:
    """Check the rows of every table against their header, each other, and the text."""
    tables: dict[int, list[_Row]] = defaultdict(list)
    for index, statements in case.by_passage.items():
        p = case.text.passages[index]
        cells = [s for s in statements if s.kind == "table_cell"]
        if p.table is not None and cells:
            tables[p.table].append(_Row(p.table, p.heading, cells[0].label, cells))
    for table, rows in tables.items():
        _grades(case, rows, _groups(case, table, rows))
        for block in _blocks(rows):
            _categories(case, block)
        _two_at_once(case, rows)
        _either(case, rows)
        _all_arms(case, table, rows)
    if tables:
        _beside_the_text(case, [row for rows in tables.values() for row in rows])


def _groups(case: Case, table: int, rows: list[_Row]) -> list[tuple[int, list[int], bool]]:
    """Columns of one arm each: that of any grade, those of grades, and whether the grades exclude each other."""
    width = max(len(row.cells) for row in rows)
    first = rows[0].cells[0].passage
    for index in range(max(0, first - 8), first):
        p = case.text.passages[index]
        if p.table != table:
            continue
        found = list(_COLUMN.finditer(case.flat, p.start, p.end))
        if len(found) != width or not any(m["any"] for m in found):
            continue
        groups: list[tuple[int, list[int], bool]] = []
        for column, m in enumerate(found):
            if m["any"]:
                groups.append((column, [], True))
            elif groups:
                any_, graded, apart = groups[-1]
                graded.append(column)
                groups[-1] = (any_, graded, apart and not (m["over"] or m["more"] or "≥" in m[0]))
        return [g for g in groups if g[1]]
    return []


def _grades(case: Case, rows: list[_Row], groups: list[tuple[int, list[int], bool]]) -> None:
    """No grade counts more subjects than any grade; where grades add up in nearly every row, the rest are odd."""
    width = max(len(row.cells) for row in rows)
    whole = [row for row in rows if len(row.cells) == width]
    for any_, graded, apart in groups or ([(0, list(range(1, width)), True)] if width >= 3 else []):
        good = [apart and row.counts[any_] == sum(row.counts[g] for g in graded) for row in whole]
        adds = len(good) >= 5 and sum(good) >= 0.8 * len(good)
        for row, fits in zip(whole, good, strict=True):
            total, parts = row.counts[any_], [row.counts[g] for g in graded]
            members = [row.cells[any_], *(row.cells[g] for g in graded)]
            if adds and fits:
                case.relate("row sum", members, "ok", f"The row adds up to {total}.", "sum of columns",
                            {"parts": parts, "sum": total}, on=members[:1])  # fmt: skip
            elif adds:
                sentence = (
                    f"The other columns add up to {sum(parts)}, not {total}; in {sum(good)} other rows they add up."
                )
                case.relate("row sum", members, "error-if", sentence, "sum of columns", on=members[:1])
            elif groups and parts and max(parts) > total:
                worst = row.cells[graded[parts.index(max(parts))]]
                sentence = f"{max(parts)} of one grade is more than {total} of any grade, if the header is read right."
                case.relate("subset", (row.cells[any_], worst), "error-if", sentence, "part <= whole", on=(worst,))


def _blocks(rows: list[_Row]) -> Iterator[list[_Row]]:
    """Runs of rows under one heading, with cells in the same columns."""
    block: list[_Row] = []
    for row in rows:
        if block and (
            row.heading != block[-1].heading or len(row.cells) != len(block[-1].cells) or len(block) >= _BLOCK
        ):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _plain(label: str) -> str:
    return re.sub(r"[^a-z0-9≥]", "", label.lower())


def _categories(case: Case, block: list[_Row]) -> None:
    """Rows of one heading that add up to their total; more than the total where each subject has one category."""
    if len(block) < 2 or not block[0].heading:
        return
    labels = [_plain(row.label) for row in block]
    exclusive = len(set(labels)) == len(labels) and any(set(labels) <= family for family in _FAMILIES)
    for column in range(len(block[0].cells)):
        cells = [row.cells[column] for row in block]
        totals = {case.denominators[c.id].value for c in cells if c.id in case.denominators}
        known = sum(c.id in case.denominators for c in cells)
        if any(c.id in case.denominators and case.denominators[c.id].basis == OF_THE_ROW for c in cells):
            continue
        if len(totals) != 1 or known < 2 or any(c.quantities.n is None for c in cells):
            continue
        total, counts = totals.pop(), [c.quantities.n or 0 for c in cells]
        shown, found = " + ".join(map(str, counts)), sum(counts)
        computed = {"parts": counts, "sum": found, "total": total}
        if found == total:
            case.relate("sum", cells, "ok", f"{shown} = {total}.", "sum of categories", computed)
        elif exclusive and found > total:
            sentence = f"{shown} = {found}, more than the {total} of the column, if every subject is counted once."
            case.relate("sum", cells, "error-if", sentence, "sum of categories", computed, on=(cells[-1],))
        elif exclusive:
            sentence = f"{shown} = {found} leaves {total - found} of {total} out; no row says they are missing."
            case.relate("sum", cells, "cannot confirm", sentence, "sum of categories", computed)


def _two_at_once(case: Case, rows: list[_Row]) -> None:
    """A row `A and B` beside rows A and B lies within the bounds of inclusion and exclusion."""
    named = [(stems(row.label), row) for row in rows]
    for k, (_, row) in enumerate(named):
        left, joined, right = row.label.partition(" and ")
        if not joined:
            continue
        first, second = stems(left), stems(right)
        near = named[max(0, k - 12) : k + 13]
        a = next((r for words, r in near if words and words == first), None)
        b = next((r for words, r in near if words and words == second), None)
        if a is None or b is None or a is b:
            continue
        for column, cell in enumerate(row.cells):
            if column < len(a.cells) and column < len(b.cells):
                three = (a.cells[column], b.cells[column], cell)
                totals = {case.denominators[s.id].value for s in three if s.id in case.denominators}
                x, y, z = (s.quantities.n or 0 for s in three)
                if len(totals) == 1:
                    both_of_two(case, (three[0], x), (three[1], y), (cell, z), totals.pop())


def _either(case: Case, rows: list[_Row]) -> None:
    """A row `A or B` beside rows A and B is no fewer than the larger and no more than both; their sum if exclusive."""
    named = [(stems(row.label), row) for row in rows]
    for k, (_, row) in enumerate(named):
        left, joined, right = row.label.partition(" or ")
        first, second = stems(left), stems(right)
        if not joined or not first or not second:
            continue
        near = named[max(0, k - 8) : k + 9]
        a = next((r for words, r in near if words == first and r is not row), None)
        b = next((r for words, r in near if words == second and r is not row), None)
        if a is None or b is None or a is b:
            continue
        pair = {_plain(a.label), _plain(b.label)}
        exclusive = any(pair <= family for family in _FAMILIES)
        for x, y, both in zip(a.cells, b.cells, row.cells, strict=False):
            counts = [c.quantities.n for c in (x, y, both)]
            if None in counts:
                continue
            m, n, z = (c or 0 for c in counts)
            members = (x, y, both)
            low = m + n if exclusive else max(m, n)
            if low <= z <= m + n:
                case.relate("sum", members, "ok", f"{m} and {n} make {z}.", "one or the other", {"sum": m + n})
            else:
                sentence = f"{m} + {n} = {m + n}, not {z}, if “{row.label[:40]}” holds both rows."
                case.relate("sum", members, "error-if", sentence, "one or the other", {"sum": m + n}, on=(both,))


def _all_arms(case: Case, table: int, rows: list[_Row]) -> None:
    """Where the head of the last column, or the first, is the sum of the others, so is every row of counts."""
    sizes = [n for n, _ in case.tables.in_head(table)]
    if len(sizes) < 3:
        return
    at = len(sizes) - 1 if sum(sizes[:-1]) == sizes[-1] else 0 if sum(sizes[1:]) == sizes[0] else None
    if at is None:
        return
    for row in rows:
        counts = [c.quantities.n for c in row.cells]
        if len(counts) != len(sizes) or None in counts:
            continue
        whole = row.cells[at]
        parts = [c.quantities.n or 0 for k, c in enumerate(row.cells) if k != at]
        shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
        if sum(parts) == whole.quantities.n:
            case.relate(
                "row sum", row.cells, "ok", f"{shown}.", "sum of columns", {"sum": sum(parts)}, tie="structural"
            )
        else:
            sentence = f"{shown}, not {whole.quantities.n}, as the heads of the columns add up to {sizes[at]}."
            case.relate("row sum", row.cells, "error-if", sentence, "sum of columns", on=(whole,), tie="structural")


def _items(case: Case, s: Statement) -> list[frozenset[str]]:
    """Words of the list item a number stands in: those before it, those after it."""
    before, after = case.around(s, 90, 70)
    before = re.sub(r"[\s(\[]*(?:in|by|of)?\s*$", "", before)
    ends = list(_ITEM_END.finditer(before))
    ahead = before[ends[-1].end() :] if ends else before
    follow = re.sub(r"^[\s)\]]*(?:patients? )?(?:(?:had|with|reported|developed) )?", "", after)
    stop = _ITEM_END.search(follow)
    return [words for words in (stems(ahead), stems(follow[: stop.start()] if stop else follow)) if words]


def _beside_the_text(case: Case, rows: list[_Row]) -> None:
    """Counts of a sentence that a table prints under the same labels: all but one equal makes that one odd."""
    if len(rows) > _ROWS:
        return
    by_words: dict[frozenset[str], list[_Row]] = defaultdict(list)
    for row in rows:
        words = stems(row.label)
        if words:
            by_words[words].append(row)
    for index, statements in case.by_passage.items():
        if case.text.passages[index].table is not None:
            continue
        matched: dict[int, list[tuple[Statement, Statement]]] = defaultdict(list)
        for s in statements:
            if s.kind not in PERCENT_KINDS or s.quantities.n is None:
                continue
            for words in _items(case, s):
                for row in by_words.get(words, ()):
                    matched[row.table].append((s, _same_size(case, s, row)))
                if any(words in by_words for words in (words,)):
                    break
        for pairs in matched.values():
            _agreement(case, pairs)


def _same_size(case: Case, s: Statement, row: _Row) -> Statement:
    """The cell of a row that counts what a number counts: the same count, else the same total, else the first."""
    total = case.denominators.get(s.id)
    equal = [c for c in row.cells if c.quantities.n == s.quantities.n]
    alike = [c for c in row.cells if total and (d := case.denominators.get(c.id)) and d.value == total.value]
    return next((c for c in equal if c in alike), next(iter(alike), next(iter(equal), row.cells[0])))


def _agreement(case: Case, pairs: list[tuple[Statement, Statement]]) -> None:
    same = [(s, c) for s, c in pairs if s.quantities.n == c.quantities.n]
    differ = [(s, c) for s, c in pairs if s.quantities.n != c.quantities.n]
    for s, c in same:
        sentence = f"{c.section} prints {c.quantities.n} as well, under “{c.label}”."
        case.relate("text/table", (s, c), "ok", sentence, "comparison with the table", on=())
    if len(same) < 2 or len(differ) != 1 or len({s.id for s, _ in pairs}) != len(pairs):
        return
    s, c = differ[0]
    totals = [case.denominators.get(x.id) for x in (s, c)]
    if totals[0] is None or totals[1] is None or totals[0].value != totals[1].value:
        return
    sentence = (
        f"{c.section} prints {c.quantities.n} under “{c.label}”, the text {s.quantities.n}; "
        f"{len(same)} other counts of the sentence are as in the table."
    )
    case.relate("text/table", (s, c), "error-if", sentence, "comparison with the table", on=(s,))
