"""SAS transport files, version 5 and 8, with labels, lengths and formats; what they cannot hold is a finding."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal

import polars as pl

from codon12.errors import InputError
from codon12.records.findings import findings_frame, row_findings
from codon12.standards.datasets import Dataset

__all__ = ["TEXT_BYTES", "fitting", "write_xpt"]

TEXT_BYTES = 200
"""Bytes of a text in version 5."""
_LARGEST, _SMALLEST = 7.237005577332262e75, 5.397605346934028e-79
"""What a number of IBM's format may be (16**63, 16**-65)."""
_STAMP = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def write_xpt(data: Dataset, path: Path, *, version: Literal[5, 8] = 5, created: dt.datetime) -> pl.DataFrame:
    """Write a data set as a SAS transport file and give findings on what the format cannot hold.

    Texts are UTF-8. Null text is blank, a null number missing. `created` is the date in the file's header: the same
    data and date give the same bytes.

    Raises
    ------
    InputError
        A name, a label or a data set that the format has no place for; nothing is written.

    Notes
    -----
    Source: SAS technical support TS-140 and TS-140 revised: record layout of a data set in transport format.
    """
    import pyreadstat

    frame, findings = fitting(data, version=version)
    try:
        pyreadstat.write_xport(
            frame,
            str(path),
            file_label=data.label[:40] if data.label.isascii() else "",
            column_labels={c.name: c.label for c in data.columns},
            table_name=data.name,
            file_format_version=version,
            variable_format={c.name: c.format for c in data.columns if c.format},
        )
    except Exception as err:
        path.unlink(missing_ok=True)  # a failed write leaves an empty file
        if isinstance(err, OSError):
            raise
        raise InputError(f"{data.name}: cannot be written as a SAS transport file: {err}") from None
    _stamp(path, created)
    return findings


def fitting(data: Dataset, *, version: Literal[5, 8]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frame as the format can hold it, and a finding for each value that it cannot hold as it is.

    Texts of more than 200 bytes are cut in version 5, numbers out of range become missing, whole ones beyond 2**53 are
    rounded, the character NUL is left out; letters beyond ASCII,
    trailing blanks and blank records at the end are kept as the format keeps them and told.
    """
    frame, found = data.frame, []
    rows = frame.drop("SRCROW", strict=False).with_row_index("SRCROW", offset=1)
    seen = _seen(frame)
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.String:
            if seen.get(f"wide {name}"):
                found.append(_not_ascii(data, rows, name))
            if seen.get(f"blank {name}"):
                blank = rows.filter(column.str.ends_with(" "))
                found.append(_told(data, blank, name, "text-trailing-blanks", "ends in blanks, which are not kept"))
            if version == 5 and (seen.get(f"bytes {name}") or 0) > TEXT_BYTES:
                long = rows.filter(column.str.len_bytes() > TEXT_BYTES)
                found.append(_told(data, long, name, "text-cut", f"has more than {TEXT_BYTES} bytes and was cut"))
                frame = frame.with_columns(_cut(frame[name]))
            if seen.get(f"ended {name}"):
                ended = rows.filter(column.str.contains("\0", literal=True))
                words = "holds the character NUL, at which a text of the format ends; it was left out"
                found.append(_told(data, ended, name, "text-cut", words))
                frame = frame.with_columns(pl.col(name).str.replace_all("\0", "", literal=True))
        elif seen.get(f"large {name}"):
            words = "has more digits than the format has room for and was rounded"
            found.append(_told(data, rows.filter(_large(column)), name, "number-out-of-range", words))
        elif seen.get(f"odd {name}"):
            bad = rows.filter(_odd(column))
            words = "is no number the format has; it was left missing"
            found.append(_told(data, bad, name, "number-out-of-range", words))
            frame = frame.with_columns(pl.when(~_odd(column)).then(column).alias(name))
    if frame.height and all(k == pl.String for k in frame.schema.values()):
        last = rows.tail(1).filter(pl.all_horizontal(pl.col(c).fill_null("") == "" for c in frame.columns))
        found.append(_told(data, last, None, "record-blank", "is blank; readers may take it for the end of the file"))
    return frame, pl.concat([findings_frame([]), *found])


def _odd(column: pl.Expr) -> pl.Expr:
    """Whether a number has no place in IBM's format; false of a missing one."""
    size = column.abs()
    out = ~column.is_finite() | (size >= _LARGEST) | ((size < _SMALLEST) & (size > 0))
    return column.is_not_null() & out


def _large(column: pl.Expr) -> pl.Expr:
    """Whether a whole number lies beyond those that a number of 8 bytes holds without a gap."""
    return (column > 2**53) | (column < -(2**53))


def _seen(frame: pl.DataFrame) -> dict[str, int | bool | None]:
    """What the columns hold that needs a closer look, found in one pass."""
    looks = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.String:
            looks += [
                (column.str.len_bytes() != column.str.len_chars()).any().alias(f"wide {name}"),
                column.str.ends_with(" ").any().alias(f"blank {name}"),
                column.str.len_bytes().max().alias(f"bytes {name}"),
                column.str.contains("\0", literal=True).any().alias(f"ended {name}"),
            ]
        elif kind.is_float():
            looks.append(_odd(column).any().alias(f"odd {name}"))
        elif kind.is_integer():
            looks.append(_large(column).any().alias(f"large {name}"))
    return frame.select(looks).row(0, named=True) if looks else {}


def _cut(texts: pl.Series) -> pl.Series:
    """Texts of at most 200 bytes, no letter cut in two; only the long ones are touched one by one."""
    long = texts.filter(texts.str.len_bytes() > TEXT_BYTES).unique().to_list()
    return texts.replace({t: t.encode()[:TEXT_BYTES].decode("utf-8", "ignore") for t in long})


def _told(data: Dataset, rows: pl.DataFrame, name: str | None, rule: str, words: str) -> pl.DataFrame:
    return row_findings(
        rows,
        table=data.name,
        rule=rule,
        severity="note" if rule == "text-trailing-blanks" else "warning",
        variable=name,
        value=None if name is None else pl.col(name),
        message=f"{data.name} record {{}}: {'it' if name is None else name} {words}.",
        parts=[pl.col("SRCROW")],
    )


def _not_ascii(data: Dataset, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """One finding a variable: how many of its texts have letters that a reader must take as UTF-8."""
    wide = rows.filter(pl.col(name).str.contains(r"[^\x00-\x7F]"))
    texts = "1 text" if wide.height == 1 else f"{wide.height:,} texts"
    return row_findings(
        wide.head(1),
        table=data.name,
        rule="text-not-ascii",
        severity="note",
        variable=name,
        value=pl.col(name),
        message=f"{data.name}: {texts} of {name}, the first in record {{}}, have letters beyond ASCII; "
        "they were written as UTF-8.",
        parts=[pl.col("SRCROW")],
    )


def _stamp(path: Path, created: dt.datetime) -> None:
    """Put the date into the header that the writer took from the clock."""
    stamp = f"{created:%d}{_MONTHS[created.month - 1]}{created:%y:%H:%M:%S}".encode()
    with path.open("r+b") as file:
        head = file.read(80 * 12)
        file.seek(0)
        file.write(_STAMP.sub(stamp, head))
