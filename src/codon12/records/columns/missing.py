"""Texts that say a value is missing, such as the ``NA`` that R writes: where they are read so, and where not."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial

import polars as pl

from codon12.parallel import of_all, told_of_all
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
    if not text:
        return frame, findings_frame([])
    asked = tuple(dict.fromkeys((*MISSING_WORDS, *everywhere)))
    counts = frame.select(pl.col(text).is_in(asked).sum()).row(0, named=True)
    hit = [c for c in text if counts[c]]
    names = frozenset(frame.columns)
    strict = [c for c in hit if c.endswith("DTC") or _FLAG.fullmatch(c)]
    typed = [c for c in hit if is_number(c, names) or (dates and is_date(c))]
    own = of_all(f"{table}: words for missing in {file}", frozenset(_words(frame, [*strict, *typed])))
    found = [findings_frame([])]
    exprs = []
    for column in text:
        coded = not _KEPT.fullmatch(column) and _CODE.fullmatch(column) and column not in (*strict, *typed)
        said = (counts[column], frame.height - frame[column].null_count()) if coded else (0, 0)
        mostly = coded and of_all(f"{table}: {column} of {file} mostly says missing", said, _mostly)
        if column not in hit or column in typed:
            continue  # said where the column gets its type
        words = set(everywhere)
        if column in strict:
            words |= set(MISSING_WORDS)
        elif not _KEPT.fullmatch(column):
            words |= own
            if mostly:
                words |= set(MISSING_WORDS)
        rows = frame.filter(pl.col(column).is_in(list(words))) if words else frame.clear()
        if not rows.height:
            continue
        exprs.append(pl.when(~pl.col(column).is_in(list(words))).then(pl.col(column)).alias(column))
        seen = rows.select(_N=pl.lit(rows.height, pl.Int64), _WORD=column, SRCROW=pl.col("SRCROW").cast(pl.Int64)).head(
            1
        )
        make = partial(_finding, column=column, table=table, file=file)
        found.append(told_of_all(f"{table}: missing {column} of {file}", seen, make))
    return frame.with_columns(exprs) if exprs else frame, pl.concat(found)


def _mostly(seen: tuple[int, int]) -> bool:
    """Whether most of the texts of a column are words for missing."""
    return seen[0] > _MOST * seen[1]


def _words(frame: pl.DataFrame, columns: list[str]) -> set[str]:
    """Words for missing among columns that must hold something else."""
    held = [frame[c].filter(frame[c].is_in(list(MISSING_WORDS))).unique() for c in columns]
    return {str(w) for series in held for w in series}


def _finding(seen: pl.DataFrame, *, column: str, table: str, file: str) -> pl.DataFrame:
    """One finding of a column: how many cells, and the first."""
    if seen.is_empty():
        return findings_frame([])
    cells, (word, row) = int(seen["_N"].sum()), seen.sort("SRCROW").select("_WORD", "SRCROW").row(0)
    one = Finding(
        table=table,
        row=row,
        rule="text-says-missing",
        severity="note",
        variable=column,
        value=word,
        message=f"{file}: {cells} cell(s) of {column} hold a text such as '{word}' and were read as missing, "
        f"the first in row {row}.",
    )
    return findings_frame([one])
