"""Tables: grades within any grade, categories that make their total, rows of two things, text beside table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.counted.parts.both import both_of_two
from codon12.check.verify.labels import stems
from codon12.check.verify.tables.categories import are_of_one_family, check_categories
from codon12.check.verify.tables.equal_sums import check_equal_sums
from codon12.check.verify.tables.grades import Row, check_grades
from codon12.check.verify.tables.named_sums import check_named_sums

__all__ = ["check_tables"]

_ROWS = 400
_ITEM_END = re.compile(r"[,;:()\[\]]|\b(?:and|were|was|including|are|with|had|by|as|than)\b")


def check_tables(case: Case) -> None:
    """Check the rows of every table against their header, each other, and the text."""
    tables: dict[int, list[Row]] = defaultdict(list)
    for index, statements in case.by_passage.items():
        p = case.text.passages[index]
        cells = [s for s in statements if s.kind == "table_cell"]
        if p.table is not None and cells:
            tables[p.table].append(Row(p.table, p.heading, cells[0].label, cells))
    for table, read in tables.items():
        rows = list(_own_labels(case, read))
        check_grades(case, table, rows)
        check_categories(case, rows)
        _two_at_once(case, rows)
        _either(case, rows)
        at = _of_all(case, table)
        if at is not None:
            _all_arms(case, table, rows, at)
        check_equal_sums(case, rows)
        check_named_sums(case, rows)
    if tables:
        _beside_the_text(case, [row for rows in tables.values() for row in rows])


def _own_labels(case: Case, rows: list[Row]) -> Iterator[Row]:
    """Rows without what their labels share: `Sex: male` and `Sex: female`, a group in a column of its own."""
    shared = Counter(row.label.partition(": ")[0] for row in rows if ": " in row.label)
    for row in rows:
        group, colon, own = row.label.partition(": ")
        p = case.text.passages[row.cells[0].passage]
        column = _IN_A_COLUMN.match(case.flat, p.start, p.end)
        if colon and shared[group] > 1:
            yield msgspec.structs.replace(row, heading=group, label=own)
        else:
            yield row if column is None else msgspec.structs.replace(row, label=column["own"])


_IN_A_COLUMN = re.compile(r"\W*[A-Za-z][^|\t]*[|\t] *(?P<own>[A-Za-z][^|\t\d]*[a-z]) *[|\t]")
"""The label of a group, and in the next column that of its first row."""


def _two_at_once(case: Case, rows: list[Row]) -> None:
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


def _either(case: Case, rows: list[Row]) -> None:
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
        exclusive = are_of_one_family([a.label, b.label])
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


def _of_all(case: Case, table: int) -> int | None:
    """Which column is of all groups: the last or the first, where the size in its head is the sum of the others."""
    sizes = [n for n, _ in case.tables.in_head(table)]
    if len(sizes) <= _TWO_GROUPS:
        return None
    return len(sizes) - 1 if sum(sizes[:-1]) == sizes[-1] else 0 if sum(sizes[1:]) == sizes[0] else None


_TWO_GROUPS = 2
_SHARES = re.compile(r"%|percent|proportion|prevalence|\b(?:mean|median|average)\b|\brates?\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:n|no|number|cases)\b", re.IGNORECASE)


def _all_arms(case: Case, table: int, rows: list[Row], at: int) -> None:
    """In the column of all, a row of counts has the sum of the others; a share or a mean lies between theirs."""
    sizes = [n for n, _ in case.tables.in_head(table)]
    for row in rows:
        counts = [c.quantities.n for c in row.cells]
        if len(counts) != len(sizes) or None in counts:
            continue
        said = f"{row.label} {row.heading}"
        shares = all(c.quantities.percent is None for c in row.cells) and sum(row.counts) != 2 * row.counts[at]
        if shares and _SHARES.search(said) and not _COUNTED.search(said):
            _between(case, row, at)
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


def _between(case: Case, row: Row, at: int) -> None:
    """A share or a mean of all lies between those of its groups, whatever their sizes."""
    all_, groups = row.counts[at], [n for k, n in enumerate(row.counts) if k != at]
    least, most = min(groups), max(groups)
    if least <= all_ <= most:  # so also as printed: rounding keeps their order
        case.relate("mixture", row.cells, "ok", f"{all_} lies between {least} and {most}.", "weighted mean of parts")
        return
    sentence = f"{all_} of all does not lie between {least} and {most}, the least and the most of its groups."
    on = (row.cells[at],)
    case.relate("mixture", row.cells, "error-if", sentence, "weighted mean of parts", on=on, tie="structural")


def _items(case: Case, s: Statement) -> list[frozenset[str]]:
    """Words of the list item a number stands in: those before it, those after it."""
    before, after = case.around(s, 90, 70)
    before = re.sub(r"[\s(\[]*(?:in|by|of)?\s*$", "", before)
    ends = list(_ITEM_END.finditer(before))
    ahead = before[ends[-1].end() :] if ends else before
    follow = re.sub(r"^[\s)\]]*(?:patients? )?(?:(?:had|with|reported|developed) )?", "", after)
    stop = _ITEM_END.search(follow)
    return [words for words in (stems(ahead), stems(follow[: stop.start()] if stop else follow)) if words]


def _beside_the_text(case: Case, rows: list[Row]) -> None:
    """Counts of a sentence that a table prints under the same labels: all but one equal makes that one odd."""
    if len(rows) > _ROWS:
        return
    by_words: dict[frozenset[str], list[Row]] = defaultdict(list)
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


def _same_size(case: Case, s: Statement, row: Row) -> Statement:
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
