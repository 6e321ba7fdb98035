"""Texts that say a value is missing, such as the ``NA`` that R writes: where they are read so, and where not."""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from codon12.records.columns.types import is_date, is_number
from codon12.records.findings import Finding, findings_frame

__all__ = ["ATTRIBUTE_WORDS", "MISSING_WORDS", "without_missing_words"]

MISSING_WORDS = ("NA", "N/A", "<NA>", "NaN", "nan", "NaT", "NULL", "null", ".")
"""What programs write for a missing value: R, SAS, Python, databases."""

ATTRIBUTE_WORDS = (
    *("NA", "N/A", "[Not Applicable]", "[Not Available]", "[Pending]", "[Discrepancy]", "[Completed]", "[null]"),
    *("<NA>", "NaN", "nan"),
)
"""What cBioPortal takes for a missing clinical attribute, and what Python writes."""

_FLAG = re.compile(r"[A-Z0-9_]+FL")
# Where CDISC wants a controlled term of which NA is none.
_CODE = re.compile(
    r"SEX|AGEU|ETHNIC|[A-Z]{2}(?:TOXGR|SEV|SER|REL|ACN|OUT|STAT|OCCUR|DECOD|PRESP)|A(?:TOXGR|SEV|REL|ACN)"
)
# NA is North America, Namibia, or what RECIST calls a response that does not apply.
_KEPT = re.compile(r"COUNTRY\w*|\w*REGION\w*|AVALC|[A-Z]{2}(?:STRESC|ORRES)|SRCROW")
_MOST = 0.5


def without_missing_words(
    frame: pl.DataFrame,
    *,
    table: str,
    file: str,
    dates: bool = False,
    kept: Collection[str] = (),
    everywhere: Collection[str] = (),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read texts such as ``NA`` as missing where a date, a flag or a code must stand; frame and one finding a column.

    Text dates (``--DTC``) and flags (``..FL``) never hold such a word. A word found there, or among numbers and dates
    (`dates`: the table has ADaM's), is how the file writes missing values, and is read so in its other columns too.
    In a file that gives no such sign, a column of a controlled term is read so where most of its rows hold one.
    Countries, regions and results keep the text, as do the columns `kept`. Words of `everywhere` are missing in every
    column.

    Examples
    --------
    >>> dm = pl.DataFrame({"DTHFL": ["NA", "Y"], "SEX": ["F", "NA"], "REGION1": ["NA", "EU"], "SRCROW": [1, 2]})
    >>> read, found = without_missing_words(dm, table="DM", file="dm.csv")
    >>> read.drop("SRCROW").rows(), found["VARIABLE"].to_list()
    ([(None, 'F', 'NA'), ('Y', None, 'EU')], ['DTHFL', 'SEX'])
    """
    text = [c for c, t in frame.schema.items() if t == pl.String and c not in kept]
    if not text or not frame.height:
        return frame, findings_frame([])
    asked = tuple(dict.fromkeys((*MISSING_WORDS, *everywhere)))
    counts = frame.select(pl.col(text).is_in(asked).sum()).row(0, named=True)
    hit = [c for c in text if counts[c]]
    names = frozenset(frame.columns)
    strict = [c for c in hit if c.endswith("DTC") or _FLAG.fullmatch(c)]
    typed = [c for c in hit if is_number(c, names) or (dates and is_date(c))]
    own = _words(frame, [*strict, *typed])
    found = []
    exprs = []
    for column in hit:
        if column in typed:
            continue  # said where the column gets its type
        words = set(everywhere)
        if column in strict:
            words |= set(MISSING_WORDS)
        elif not _KEPT.fullmatch(column):
            words |= own
            if _CODE.fullmatch(column) and counts[column] > _MOST * (frame.height - frame[column].null_count()):
                words |= set(MISSING_WORDS)
        rows = frame.filter(pl.col(column).is_in(list(words))) if words else frame.clear()
        if not rows.height:
            continue
        exprs.append(pl.when(~pl.col(column).is_in(list(words))).then(pl.col(column)).alias(column))
        found.append(_finding(rows, column, table, file))
    return frame.with_columns(exprs), findings_frame(found)


def _words(frame: pl.DataFrame, columns: list[str]) -> set[str]:
    """Words for missing among columns that must hold something else."""
    held = [frame[c].filter(frame[c].is_in(list(MISSING_WORDS))).unique() for c in columns]
    return {str(w) for series in held for w in series}


def _finding(rows: pl.DataFrame, column: str, table: str, file: str) -> Finding:
    word, row = rows[column][0], int(rows["SRCROW"][0])
    return Finding(
        table=table,
        row=row,
        rule="text-says-missing",
        severity="note",
        variable=column,
        value=word,
        message=f"{file}: {rows.height} cell(s) of {column} hold a text such as '{word}' and were read as missing, "
        f"the first in row {row}.",
    )
