"""Rows of a table that are the categories of one thing: together they are all of their column, or no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.shares.margins import OF_THE_ROW
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.grades import Row
from codon12.check.verify.tables.named_sums import levels_of_one
from codon12.numbers.unrounded import percent_modes

__all__ = ["are_of_one_family", "check_categories"]

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


def check_categories(case: Case, rows: list[Row]) -> None:
    """Check each run of rows that are the categories of one thing, by their heading or by their own names."""
    short: list[_Short] = []
    whole: dict[int, list[bool]] = defaultdict(list)
    for block in _blocks(rows):
        runs = [run for run in _named(block) if len(run) < len(block) or not block[0].heading]
        runs += [[a, b] for a, b in pairwise(block) if len(block) > 2 and _of_one_measure(a.label, b.label)]
        for part in [*([block] if block[0].heading else []), *runs, *levels_of_one(block)]:
            _categories(case, part, short, whole)
        _bare_shares(case, block)
    for x in short:
        _fewer(case, x, whole[x.column], sum(y.column == x.column for y in short))


class _Short(NamedTuple):
    """Categories of a column that leave some of it out."""

    cells: list[Statement]
    column: int
    total: int
    says_missing: bool
    """Whether one of the categories is that of those whose category is not known."""
    elsewhere: bool
    """Whether they are all of another column."""


def _fewer(case: Case, x: _Short, whole: list[bool], times: int) -> None:
    """Categories that one digit would make all of their column, where those not known have a row of their own.

    It is one of them, in a table where they make another column; or all other categories of the column make it, and
    where some are not known a row says so. `whole` tells that of each.
    """
    counts = [c.quantities.n or 0 for c in x.cells]
    apart = x.total - sum(counts)
    told = (x.says_missing and x.elsewhere) or (times == 1 and len(whole) >= _FEWEST_WHOLE and any(whole))
    if told and apart >= _SMALL_GAP and any(one_digit_apart(str(n), str(n + apart)) for n in counts):
        sentence = f"{' + '.join(map(str, counts))} = {x.total - apart}, not {x.total}; one digit would explain it."
        case.relate("sum", x.cells, "unlikely", sentence, "sum of categories", on=(x.cells[-1],), tie="structural")


_FEWEST_WHOLE, _SMALL_GAP = 3, 3


def are_of_one_family(labels: list[str]) -> bool:
    """Whether labels are categories that exclude each other, as men and women do."""
    plain = {_plain(x) for x in labels}
    return any(plain <= family for family in _FAMILIES)


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


_MISSING = {
    "unknown",
    "missing",
    "missingdata",
    "notreported",
    "notavailable",
    "notevaluable",
    "notassessed",
    "nottested",
}


def _only_near(case: Case, cells: list[Statement]) -> bool:
    """Whether the total of a column is one that the text names somewhere, not one of the table."""
    return all(case.denominators[c.id].source in ("context", "later") for c in cells if c.id in case.denominators)


def _fitting(cells: list[Statement], total: int) -> int:
    """How many shares of a column are of a total, rounded."""
    shares = [(c.quantities.n or 0, c.quantities.percent) for c in cells]
    return sum(p is not None and bool({"half-up", "half-even"} & {*percent_modes(n, total, p)}) for n, p in shares)


def _categories(case: Case, block: list[Row], short: list[_Short], whole: dict[int, list[bool]]) -> None:
    """Rows of one heading that add up to their total; more than the total where each subject has one category."""
    if len(block) < 2:
        return
    labels = [_plain(_MEASURE.sub("", row.label)) for row in block]
    one_family = len(set(labels)) == len(labels) and any(set(labels) <= family for family in _FAMILIES)
    exclusive = one_family or _halves([row.label for row in block])
    missing = not _MISSING.isdisjoint(labels)
    exact = False
    left: list[tuple[list[Statement], int, int]] = []
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
            whole[column].append(missing)
            case.relate("sum", cells, "ok", f"{shown} = {total}.", "sum of categories", computed)
        elif exclusive and found > total and _fitting(cells, found) + _only_near(case, cells) > _fitting(cells, total):
            continue  # their shares are of the sum: it is their total that was misread
        elif exclusive and found > total:
            sentence = f"{shown} = {found}, more than the {total} of the column, if every subject is counted once."
            case.relate("sum", cells, "error-if", sentence, "sum of categories", computed, on=(cells[-1],))
        elif exclusive:
            sentence = f"{shown} = {found} leaves {total - found} of {total} out; no row says they are missing."
            case.relate("sum", cells, "cannot confirm", sentence, "sum of categories", computed)
            left.append((cells, column, total))
        elif found > total:
            over.append((cells, shown, found, total))
    short += [_Short(*x, missing, exact) for x in left]
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
    kinds = are_of_one_family([row.label for row in block]) and not _SEVERAL_EACH.search(above)
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


def _of_one_measure(a: str, b: str) -> bool:
    """Whether two labels are the two sides of one limit of a measure that both name: `CEA ≤ 5` and `CEA > 5`."""
    names = {_plain(_HALF.sub("", x)) for x in (a, b)}
    return len(names) == 1 and names != {""} and _halves([a, b])
