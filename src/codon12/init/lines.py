"""Which line of therapy a cell names, and which rows are of the first one."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from codon12.init.rows import quoted, text
from codon12.init.vocabulary import beside_words, spoken_word

__all__ = ["first_lines", "line_number", "of_the_first_line"]

_NUMBERED = re.compile(r"(?:[^\W\d]+[ .:#-]*){0,2}(\d{1,2})(?:\.0)?(?:[.ªº°]? ?(?:[^\W\d]+[ .]*){0,2})?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


def line_number(cell: str) -> int | None:
    """Give the number of a line of therapy; None where a cell names none.

    Examples
    --------
    >>> [line_number(c) for c in ("1", "L2", "1ère ligne", "3rd line", "Erstlinie", "II", "adjuvant", "FOLFOX 6 mg/kg")]
    [1, 2, 1, 3, 1, 2, None, None]
    """
    said = spoken_word(cell)
    if said in _ROMAN:
        return _ROMAN[said]
    numbered = _NUMBERED.fullmatch(said)
    if numbered is not None:
        return int(numbered.group(1))
    begin = next(iter(re.findall(r"[^\W\d_]+", said)), "")
    return next(
        (n for n, kind in enumerate(("first", "second", "third"), 1) if begin in beside_words(f"{kind}s")), None
    )


def first_lines(cells: Iterable[str | None]) -> tuple[str, ...]:
    """Give the cells, in all their spellings, that name the earliest line of a table.

    Examples
    --------
    >>> first_lines(["L2", "L1", None, "1", "10"])
    ('1', 'L1')
    """
    texts = sorted({c for c in cells if c is not None})
    numbers = {c: n for c in texts if (n := line_number(c)) is not None}
    earliest = min(numbers.values(), default=None)
    return tuple(c for c, n in numbers.items() if n == earliest) or tuple(texts[:1])


def of_the_first_line(column: str, cells: pl.Series) -> tuple[pl.Expr, str]:
    """Give the rows of the earliest line, as an expression and as a predicate in SQL."""
    first = first_lines(cells.unique().to_list())
    sql = f"{quoted(column)} = {text(first[0])}"
    if len(first) > 1:
        sql = f"{quoted(column)} IN ({', '.join(map(text, first))})"
    return pl.col(column).is_in(list(first)).fill_null(value=False), sql
