"""Which row and which cell of a table a number of running text is told of: by words, grades, size or its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.repeats.beside_cells import TIMED
from codon12.check.verify.repeats.numbers_told import OF_SO_MANY, SIZE, NumberTold, SentenceTold, in_full
from codon12.check.verify.tables.drawn import Cell, Row
from codon12.check.verify.tables.grades import GRADED, grades_in

__all__ = ["IN_BRACKETS", "NOISE", "cell_of", "grades_of", "has_own_size", "names_in_head", "row_of"]

NOISE = stems(
    "n no number numbers patients participants subjects with value total all of the in percent count median mean "
    "months years weeks days rate"
)


IN_BRACKETS = re.compile(r"\([^()]*\)|[nN] ?= ?\d+")


def names_in_head(cell: Cell) -> frozenset[str]:
    """The words of a head, without its size and what stands in brackets."""
    return in_full(IN_BRACKETS.sub(" ", cell.text)) - NOISE


def row_of(number: NumberTold, named: Sequence[tuple[frozenset[str], Row]]) -> tuple[frozenset[str], Row] | None:
    """The row named in the part of the sentence the number stands in, or before it; else the only one it names."""
    named = [x for x in named if bool(number.unit) == (TIMED.search(x[1].label) is not None)] or named
    for words in (number.words, number.ahead, *((number.behind,) if not number.ahead else ())):
        own = [x for x in named if x[0] <= words]
        if own:
            most = [x for x in own if all(y[0] <= x[0] for y in own)]
            return most[0] if len(most) == 1 else None
    partly = any(x[0] & number.words for x in named)
    return named[0] if len(named) == 1 and not partly else None


def cell_of(case: Case, number: NumberTold, s: SentenceTold, row: Row, heads: Row, caption: str) -> Cell | None:
    """The cell of the column named beside the number, its size or its place; the first where heads name nobody."""
    grades, said = frozenset(s.grades if number.graded else ()), frozenset(s.words)
    above = grades and grades_of(caption)
    columns = [
        j for j, c in enumerate(heads.cells) if (grades_of(f"{c.text} {row.label} {heads.label}") or above) == grades
    ]
    names = {j: names_in_head(heads.cells[j]) for j in columns}
    if not any(names.values()):
        nobody = all(_OF_NOBODY.fullmatch(heads.cells[j].text) for j in columns) and len(columns) <= _COUNT_AND_SHARE
        return _at(row, columns[0]) if columns and (nobody or len(columns) == 1) else None
    common = frozenset.intersection(*names.values()) if len(names) > 1 else frozenset()
    for words in (number.words, number.ahead, said):
        found = [j for j, own in names.items() if (own - common) & words]
        if len(found) == 1:
            return _at(row, found[0])
        if found:
            break
    at, many = number.place
    sized = _of_size(case, number, s, {j: heads.cells[j] for j in columns})
    if sized is not None:
        return _at(row, sized)
    if many > 1:
        return _at(row, columns[at]) if many == len(columns) else None
    return _at(row, columns[0]) if len(columns) == 1 else None


def _at(row: Row, column: int) -> Cell | None:
    return row.cells[column] if column < len(row.cells) else None


def _of_size(case: Case, number: NumberTold, s: SentenceTold, heads: Mapping[int, Cell]) -> int | None:
    """The one column whose head has the size that is told with a number, or as the only one in its sentence."""
    own = OF_SO_MANY.match(case.flat, number.span[1])
    told = {own["n"].replace(",", "")} if own is not None else set(s.sizes)
    found = [j for j, c in heads.items() if (m := SIZE.search(c.text)) and m["n"].replace(",", "") in told]
    return found[0] if len(found) == 1 and number.place[1] == 1 else None


def has_own_size(case: Case, number: NumberTold, head: Cell) -> bool:
    """Whether a number is told of as many as the head of its column has: `112 of 734`."""
    own, size = OF_SO_MANY.match(case.flat, number.span[1]), SIZE.search(head.text)
    return own is not None and size is not None and own["n"].replace(",", "") == size["n"].replace(",", "")


def grades_of(words: str) -> frozenset[int]:
    """The grades that a head, a label or a caption names."""
    m = GRADED.search(words)
    return frozenset(grades_in(m)) if m is not None else frozenset()


_COUNT_AND_SHARE = 2
_OF_NOBODY = re.compile(
    r"\W*(?:(?:n|no\.?|of|number|count|patients|value|total|%|percent|all)\b[^a-z]*|%\W*)*"
    r"(?:\(?[nN] ?= ?\d[\d,]*\)?)?\W*",
    re.IGNORECASE,
)
"""Heads that say what is printed below, not of whom."""
