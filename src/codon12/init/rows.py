"""Rows of a sheet that are of no patient: units below the headings, a total, notes; and how to leave them out."""

from __future__ import annotations

import re
from collections import Counter

import msgspec
import polars as pl

from codon12.init.values import looks_like_value

__all__ = ["Strangers", "quoted", "strangers", "text"]

_FEW = 0.3
"""A row with a smaller share of the cells that a usual row has filled is none of a patient."""
_TOTAL = re.compile(
    r"(?:grand )?(?:total|totals|sum|mean|median|average|count|gesamt|summe|mittelwert|anzahl|totaal|totale|moyenne|"
    r"somme|suma|media)\b|n ?=|합계|평균|合計|平均",
    re.IGNORECASE,
)
_LABELS, _LOOKED = 3, 200
"""A row of labels has no number or day in so many columns of these, of which so many cells are looked at."""
_PLAIN = re.compile(r"(?:\* ?)?[\w .,=:()'%†‡]{1,40}")
"""What may stand in a predicate, and is not too long to read there."""
_NOTE = re.compile(r"[*†‡#(]|.*[=:]|\S+(?:\s+\S+){2,}")


class Strangers(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that are of no patient."""

    where: str
    """SQL predicate that keeps the others."""
    count: int
    keep: pl.Series


def quoted(column: str) -> str:
    """A column's name in SQL.

    Examples
    --------
    >>> quoted("Tod am")
    '"Tod am"'
    """
    return '"' + column.replace('"', '""') + '"'


def text(word: str) -> str:
    """A text in SQL.

    Examples
    --------
    >>> text("d'origine")
    "'d''origine'"
    """
    return "'" + word.replace("'", "''") + "'"


def _headings(frame: pl.DataFrame, key: str) -> list[bool]:
    """Rows that hold the headings again, and a first one of labels in columns that else hold numbers and days alone."""
    cells = frame[key].to_list()
    again = frame.select(pl.sum_horizontal(pl.col(c) == c for c in frame.columns).fill_null(0))[:, 0].to_list()
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null()))[:, 0].to_list()
    out = [cell == key and 2 * n >= f for cell, n, f in zip(cells, again, filled, strict=True)]
    if cells and not out[0] and cells.count(cells[0]) == 1:
        measured = [c for c in frame.columns if _are_values(frame[c].slice(1))]
        first = [v for c in measured if (v := frame[c][0]) is not None]
        out[0] = len(first) >= _LABELS and not any(looks_like_value(v) for v in first)
    return out


def _are_values(cells: pl.Series) -> bool:
    some = cells.drop_nulls().head(_LOOKED)
    return len(some) >= _LABELS and all(looks_like_value(c) for c in some)


def strangers(frame: pl.DataFrame, key: str) -> Strangers | None:
    r"""Find rows that are of no patient; None where there are none, or where a row without a key may be of a patient.

    Such a row has no key, or a key of one row alone that says total or stands beside next to nothing, and is the
    first or among the last ones; or it has the headings again, or is the first and has labels or units where all
    others have numbers and days.

    Examples
    --------
    >>> sheet = pl.DataFrame({"ID": ["a", "b", "Total"], "Age": ["61", "64", "62"], "Sex": ["F", "M", None]})
    >>> strangers(sheet, "ID").where
    '"ID" NOT IN (\'Total\')'
    """
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null()))[:, 0]
    usual = float(filled.median() or 0)  # pyrefly: ignore[bad-argument-type]
    cells = frame[key].to_list()
    sparse = [n < _FEW * usual for n in filled]
    seen = Counter(cells)
    odd = [
        cell is None or (seen[cell] == 1 and bool(_TOTAL.match(cell) or (s and _NOTE.match(cell))))
        for cell, s in zip(cells, sparse, strict=True)
    ]
    last = next((i for i in range(len(odd) - 1, -1, -1) if not odd[i]), -1) + 1
    at_ends = [o and (i == 0 or i >= last) for i, o in enumerate(odd)]
    heads = _headings(frame, key)
    gone = [h or (o and (end or s)) for h, o, end, s in zip(heads, odd, at_ends, sparse, strict=True)]
    if not any(gone) or any(c is None and not g for c, g in zip(cells, gone, strict=True)):
        return None
    named = sorted({c for c, g in zip(cells, gone, strict=True) if g and c is not None})
    parts = [f"{quoted(key)} IS NOT NULL"] if None in cells else []
    short = [c for c in named if _PLAIN.fullmatch(c)]
    if short:
        listed = ", ".join(map(text, short))
        parts.append(f"{quoted(key)} NOT IN ({listed})")
    for note in (c for c in named if c not in short):
        begins = _PLAIN.match(note)
        if begins is None or any(c.startswith(begins.group()) for c in cells if c is not None and c not in named):
            return None
        parts.append(f"{quoted(key)} NOT LIKE {text(begins.group() + '%')}")
    return Strangers(
        where=" AND ".join(parts),
        count=sum(gone),
        keep=pl.Series([not g for g in gone], dtype=pl.Boolean),
    )
