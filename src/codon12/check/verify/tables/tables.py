"""Tables: grades within any grade, categories that make their total, rows of two things, text beside table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.counted.parts.both import both_of_two
from codon12.check.verify.labels import stems
from codon12.check.verify.shares.margins import OF_THE_ROW
from codon12.check.verify.tables.equal_sums import check_equal_sums
from codon12.check.verify.tables.grades import Row, check_grades
from codon12.check.verify.tables.named_sums import check_named_sums, levels_of_one
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_tables"]

_FAMILIES = (
    {"yes", "no", "unknown", "missing", "notreported", "notavailable"},
    {"male", "female", "men", "women", "man", "woman", "unknown"},
    {"0", "1", "2", "3", "4", "01", "≥1", "≥2", "≥3", "2or3", "missing", "unknown", "6ormore"},
    {"never", "former", "current", "neversmoked", "neversmoker", "currentsmoker", "formersmoker", "missing",
     "missingdata", "unknown"},
    {"i", "ii", "iii", "iv", "ia", "ib", "iia", "iib", "iiia", "iiib", "iiic", "iva", "ivb", "unknown", "missing"},
    {"positive", "negative", "unknown", "notevaluable", "missing", "nottested"},
    {"high", "low", "intermediate", "unknown", "missing"},
    {"wildtype", "mutant", "mutated", "nottested", "unknown", "missing"},
    {"northamerica", "unitedstates", "europe", "westerneurope", "easterneurope", "asia", "asiapacific", "latinamerica",
     "southamerica", "africa", "australia", "restofworld", "restoftheworld", "other"},
    {"white", "black", "blackorafricanamerican", "asian", "americanindianoralaskanative", "other", "multiple",
     "nativehawaiianorotherpacificislander", "notreported", "unknown", "missing"},
    {"completeresponse", "partialresponse", "stabledisease", "progressivedisease", "notevaluable", "notassessed",
     "unknown", "missing", "noncrnonpd", "notavailable", "diseaseprogression"},
    {"left", "right", "bilateral", "leftcolon", "rightcolon", "rectum", "unknown", "missing"},
)  # fmt: skip
_BLOCK = 40
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
    for table, rows in tables.items():
        check_grades(case, table, rows)
        for block in _blocks(rows):
            runs = [run for run in _named(block) if len(run) < len(block) or not block[0].heading]
            for part in [*([block] if block[0].heading else []), *runs, *levels_of_one(block)]:
                _categories(case, part)
            _bare_shares(case, block)
        _two_at_once(case, rows)
        _either(case, rows)
        _all_arms(case, table, rows)
        check_equal_sums(case, rows)
        check_named_sums(case, rows)
    if tables:
        _beside_the_text(case, [row for rows in tables.values() for row in rows])


def _blocks(rows: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows under one heading, with cells in the same columns."""
    block: list[Row] = []
    for row in rows:
        if block and (row.heading != block[-1].heading or row.columns != block[-1].columns or len(block) >= _BLOCK):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _plain(label: str) -> str:
    return re.sub(r"[^a-z0-9≥]", "", label.lower())


_TOLD = tuple(f for f in _FAMILIES if {"male", "former", "stabledisease"} & f)
"""Categories whose names say by themselves what they are of: the sexes, smoking."""
_MEASURE = re.compile(
    r"(?<=\w)[, ]+(?:[-(\[] *)?\b(?:n|no\.?|number)\b *(?:\(%\)|, *%)?[)\]]?$|,? *\(%\)$|,? sex$", re.IGNORECASE
)


def _named(block: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows without a heading that are the categories of one thing: `Female, n (%)` above `Male, n (%)`."""
    run: list[Row] = []
    held: set[str] = set()
    for row in [*block, None]:
        label = "" if row is None else _plain(_MEASURE.sub("", row.label))
        if row is not None and label and label not in held and any(held | {label} <= f for f in _TOLD):
            run, held = [*run, row], held | {label}
            continue
        if len(run) > 1:
            yield run
        fits = row is not None and any(label in f for f in _TOLD) and label not in _MISSING
        run, held = ([row], {label}) if fits and row is not None else ([], set())


_MISSING = {"unknown", "missing", "missingdata"}


def _only_near(case: Case, cells: list[Statement]) -> bool:
    """Whether the total of a column is one that the text names somewhere, not one of the table."""
    return all(case.denominators[c.id].source in ("context", "later") for c in cells if c.id in case.denominators)


def _fitting(cells: list[Statement], total: int) -> int:
    """How many shares of a column are of a total, rounded."""
    shares = [(c.quantities.n or 0, c.quantities.percent) for c in cells]
    return sum(p is not None and bool({"half-up", "half-even"} & {*percent_modes(n, total, p)}) for n, p in shares)


def _categories(case: Case, block: list[Row]) -> None:
    """Rows of one heading that add up to their total; more than the total where each subject has one category."""
    if len(block) < 2:
        return
    labels = [_plain(_MEASURE.sub("", row.label)) for row in block]
    exclusive = len(set(labels)) == len(labels) and (
        any(set(labels) <= family for family in _FAMILIES) or _halves([row.label for row in block])
    )
    exact = False
    over: list[tuple[list[Statement], str, int, int]] = []
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
            exact = exact or total >= _NO_CHANCE
            case.relate("sum", cells, "ok", f"{shown} = {total}.", "sum of categories", computed)
        elif exclusive and found > total and _fitting(cells, found) + _only_near(case, cells) > _fitting(cells, total):
            continue  # their shares are of the sum: it is their total that was misread
        elif exclusive and found > total:
            sentence = f"{shown} = {found}, more than the {total} of the column, if every subject is counted once."
            case.relate("sum", cells, "error-if", sentence, "sum of categories", computed, on=(cells[-1],))
        elif exclusive:
            sentence = f"{shown} = {found} leaves {total - found} of {total} out; no row says they are missing."
            case.relate("sum", cells, "cannot confirm", sentence, "sum of categories", computed)
        elif found > total:
            over.append((cells, shown, found, total))
    if over and _SEVERAL_EACH.search(f"{over[0][0][0].section} {case.text.passages[over[0][0][0].passage].heading}"):
        return  # a patient may have several; that they add up in one column is chance
    for cells, shown, found, total in over if exact and len(block) >= _FEWEST_CATEGORIES else ():
        sentence = f"{shown} = {found}, more than the {total} of the column; in another column they add up exactly."
        case.relate("sum", cells, "error-if", sentence, "sum of categories", on=(cells[-1],))


def _bare_shares(case: Case, block: list[Row]) -> None:
    """Rows of one number below a line that ends with a percent sign, of which each subject has one."""
    cells = [row.cells[0] for row in block]
    if len(block) < _FEWEST_CATEGORIES or any(len(row.cells) != 1 or row.cells[0].quantities.percent for row in block):
        return
    begin = case.text.passages[cells[0].passage].start
    around = case.flat[max(0, begin - _LINE) : begin].rstrip("\n")
    above = around.rsplit("\n", 1)[-1]
    labels = {_plain(row.label) for row in block}
    counted_once = _COUNTED_ONCE.search(above) is not None
    kinds = any(labels <= family for family in _FAMILIES) and not _SEVERAL_EACH.search(above)
    if not _IN_PERCENT.search(above) or _OF_EACH_LEVEL.search(around) or len(labels) < len(block):
        return
    if not (counted_once or kinds):
        return
    total = sum(c.quantities.n or 0 for c in cells)
    if _ROUNDED * len(cells) + 100 < total < _TWICE and max(c.quantities.n or 0 for c in cells) <= 100:
        shown = " + ".join(str(c.quantities.n) for c in cells)
        sentence = f"{shown} = {total} %, more than a hundred, if every subject is counted once."
        case.relate("sum", cells, "error-if", sentence, "sum of categories", on=(cells[-1],))


_OF_EACH_LEVEL = re.compile(
    r"\b(?:rates?|surviv\w+|respon\w+|mortal\w+|risks?|inciden\w+|prevalen\w+|by|per|probab\w+|positiv\w+|sensitiv\w+"
    r"|specific\w+|recur\w+|relaps\w+|alive|cured?|control\w*|accura\w+|deaths?|died|benefit|yield|adher\w+"
    r"|complet\w+|among)\b",
    re.IGNORECASE,
)
"""Above a column of shares that are each of a level of its own: `response rate by performance status`."""
_LINE, _ROUNDED, _TWICE = 160, 0.5, 200
_IN_PERCENT = re.compile(r"(?:[\t|,] ?|\(|\s{2,})%\)?(?: \([^()]*\))?\s*\|?\s*$")
_COUNTED_ONCE = re.compile(
    r"\b(?:each|every) [a-z]+ (?:was |is )?counted (?:only )?once\b|\bone (?:answer|category) (?:each|per)\b"
)
_SEVERAL_EACH = re.compile(
    r"adverse|toxicit|side effect|\bevents?\b|symptom|comorbid|medication|complication|metasta|sites?\b|multiple",
    re.IGNORECASE,
)
_FEWEST_CATEGORIES = 3
_NO_CHANCE = 20
"""Subjects of a column from which on rows do not make up all of them by chance: 3 + 0 + 2 + 1 = 6."""
_HALF = re.compile(r"(?P<sign>[<>≤≥]|under|below|over|above)?=? ?(?P<number>\d+(?:\.\d+)?)")


def _halves(labels: list[str]) -> bool:
    """Whether two labels are the two sides of one limit: `<65 years` and `≥65 years`."""
    found = [_HALF.search(label) for label in labels]
    if len(found) != 2 or found[0] is None or found[1] is None or found[0]["number"] != found[1]["number"]:
        return False
    below = [m is not None and m["sign"] in ("<", "≤", "under", "below") for m in found]
    above = [m is not None and m["sign"] in (">", "≥", "over", "above") for m in found]
    return (below[0] and above[1]) or (above[0] and below[1])


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


def _all_arms(case: Case, table: int, rows: list[Row]) -> None:
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
