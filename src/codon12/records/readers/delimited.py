"""Delimited text: comma, tab, semicolon or bar; quoted or not; every cell as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import polars as pl

from codon12.errors import InputError
from codon12.records.columns import unique_names
from codon12.records.findings import Finding, shown
from codon12.records.readers.decode import text_bytes
from codon12.records.readers.interface import RawTable, ReadOptions

__all__ = ["parse_delimited", "read_delimited"]

_DELIMITERS = (b"\t", b",", b";", b"|")
_QUOTE, _LF = ord('"'), ord("\n")
_NAMED_ENCODINGS = {
    "latin-1": "Latin-1 (Windows-1252)",
    "cp932": "Japanese (Shift-JIS, Windows-932)",
    "cp949": "Korean (EUC-KR, Windows-949)",
}
_MAX_EXTRA = 16
"""Cells beyond the header that are still looked at; a row with more is reported all the same."""
_MAX_COLUMNS = 100_000
_MAX_LISTED = 1000
"""Ragged rows reported one by one; the rest are counted in one finding."""


def read_delimited(path: Path, options: ReadOptions) -> RawTable:
    """Read a delimited text file, plain or gzipped; every cell is text, the empty one null.

    Lines before the header that begin with ``#`` are comments (MAF, cBioPortal). Rows of the wrong length
    become findings: missing cells are read as missing, cells beyond the header are reported and left out.

    Raises
    ------
    InputError
        Nothing in the file, no header line, a quote that never closes, bytes that are no text.
    """
    data, encoding = text_bytes(path)
    return parse_delimited(data, name=path.name, options=options, encoding=encoding)


def parse_delimited(data: bytes, *, name: str, options: ReadOptions, encoding: str = "utf-8") -> RawTable:
    """Parse delimited text given as UTF-8 bytes with LF line ends. Shapes and errors as `read_delimited`."""
    data = _without_leading(data) if options.header is None else _from_line(data, options.header)
    if not data.strip():
        raise InputError(f"{name}: holds no text; a table needs at least a header line")
    if not data.endswith(b"\n"):
        data += b"\n"
    sep = _delimiter(data)
    quoted = _has_quoted_cells(data, sep) and (options.quoting or _has_quoted_header(data, sep))
    header, frame, counts, lengths = _cells(data, sep, quoted=quoted, name=name, table=options.table)
    width, extra = len(header), frame.width - len(header)
    findings = _ragged(counts, lengths, width, options.table, name)
    findings += _quotes(data, name, options, quoted=quoted)
    names = frame.columns
    frame = frame.hstack([pl.Series("SRCROW", np.arange(1, frame.height + 1), dtype=pl.Int64)])
    if b"\0" in data:
        frame, nul = _without_nul(frame, names, options.table, name)
        findings += nul
    frame, blank = _without_blank(frame, names)
    if extra:
        findings += _extra_cells(frame, names[width:], options.table, name)
    frame = frame[[*names[:width], "SRCROW"]]
    unique, repeated = unique_names(header, table=options.table, file=name, upper=False)
    findings += repeated
    frame.columns = [*unique, "SRCROW"] if "SRCROW" not in unique else _aside(unique)
    if encoding in _NAMED_ENCODINGS:
        findings.append(
            Finding(
                table=options.table,
                rule="text-encoding",
                severity="note",
                message=f"{name} is not UTF-8; it was read as {_NAMED_ENCODINGS[encoding]}.",
            )
        )
    return RawTable(
        frame=frame,
        format="text",
        encoding=encoding,
        rows_read=len(counts),
        left_out={"blank row": blank} if blank else {},
        findings=findings,
    )


def _cells(
    data: bytes, sep: bytes, *, quoted: bool, name: str, table: str
) -> tuple[list[str], pl.DataFrame, np.ndarray, np.ndarray]:
    ends, counts = _records(data, sep, quoted=quoted, name=name)
    header_end = int(ends[0])
    header = _header(data[:header_end], sep, quoted=quoted, name=name)
    body, counts, starts = data[header_end + 1 :], counts[1:], ends[:-1] + 1
    width = len(header)
    extra = min(max(int(counts.max(initial=0)) - width, 0), _MAX_EXTRA)
    names = [f"{i}" for i in range(width + extra)]
    frame = _parse(body, names, sep, quoted=quoted, name=name, table=table)
    if frame.height != len(counts):
        raise InputError(
            f"{name}: quotes stand inside unquoted cells, so rows cannot be told apart "
            f"({len(counts)} by counting, {frame.height} by reading); double them or quote the whole cell"
        )
    return header, frame, counts, ends[1:] - starts


def _quotes(data: bytes, name: str, options: ReadOptions, *, quoted: bool) -> list[Finding]:
    """Say that quotes were taken for characters, or quoted cells for what they hold where none are foreseen."""
    if options.quoting or b'"' not in data:
        return []
    at = data.index(b'"')
    row = data.count(b"\n", 0, at)
    said = (
        "its cells stand in quotes, which this kind of file does not know; they were taken off"
        if quoted
        else f"holds quotes that enclose no cell, the first in row {row}; they were read as characters"
    )
    return [
        Finding(
            table=options.table,
            row=None if quoted else row,
            rule="quotes-in-cells",
            severity="note",
            message=f"{name}: {said}.",
        )
    ]


def _has_quoted_header(data: bytes, sep: bytes) -> bool:
    """Whether every cell of the header stands in quotes, so that those of the body do as well."""
    cells = data[: data.find(b"\n")].split(sep)
    return all(len(c) > 1 and c.startswith(b'"') and c.endswith(b'"') for c in cells)


def _aside(header: list[str]) -> list[str]:
    # A file that codon12 wrote holds SRCROW itself; the row of this file is what counts now.
    return ["SRCROW.1" if h == "SRCROW" else h for h in header] + ["SRCROW"]


def _from_line(data: bytes, line: int) -> bytes:
    """Drop what stands above the line that names the columns."""
    for _ in range(line - 1):
        data = data.partition(b"\n")[2]
    return data


def _without_leading(data: bytes) -> bytes:
    """Drop empty and comment lines before the header, but never the only line there is."""
    pos = 0
    while True:
        end = data.find(b"\n", pos)
        line = data[pos : end if end >= 0 else None]
        if line.strip() and not line.startswith(b"#"):
            return data[pos:]
        if end < 0:
            return data[pos:] if line.strip() else b""
        pos = end + 1


def _delimiter(data: bytes) -> bytes:
    lines = data[:200_000].split(b"\n")[:30]
    first = [lines[0].count(d) for d in _DELIMITERS]
    rest = [line for line in lines[1:-1] if line.strip()]
    agree = [
        bool(n) and sum(line.count(d) == n for line in rest) >= 0.8 * len(rest)
        for n, d in zip(first, _DELIMITERS, strict=True)
    ]
    # The delimiter with which the rows agree with the header; else the most frequent one in the header.
    best = max(range(len(_DELIMITERS)), key=lambda i: (agree[i], first[i]))
    return _DELIMITERS[best] if first[best] else b","


def _has_quoted_cells(data: bytes, sep: bytes) -> bool:
    return data.startswith(b'"') or (sep + b'"') in data or b'\n"' in data


def _records(data: bytes, sep: bytes, *, quoted: bool, name: str) -> tuple[np.ndarray, np.ndarray]:
    """End position and number of cells of every record, quoted line ends not counted."""
    raw = np.frombuffer(data, np.uint8)
    wanted = np.zeros(256, bool)
    wanted[[ord(sep), _LF]] = True
    if quoted:
        wanted[_QUOTE] = True
    at = np.flatnonzero(wanted[raw])
    kind = raw[at]
    outside = np.ones(len(at), bool)
    if quoted:
        opened = np.cumsum(kind == _QUOTE, dtype=np.int32) & 1
        if len(opened) and opened[-1]:
            last = int(at[np.flatnonzero(kind == _QUOTE)[-1]])
            line = data.count(b"\n", 0, last) + 1
            raise InputError(f"{name}: a quote opened at or before line {line} never closes; close or double it")
        outside = opened == 0
    is_end = outside & (kind == _LF)
    ends = at[is_end]
    cells = np.diff(np.cumsum(outside & (kind == ord(sep)), dtype=np.int64)[is_end], prepend=0) + 1
    return ends, cells


def _header(line: bytes, sep: bytes, *, quoted: bool, name: str) -> list[str]:
    if b"\0" in line:
        raise InputError(f"{name}: the header line holds NUL bytes; this is no text table")
    text = line.decode()
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    csv.field_size_limit(max(len(text) + 1, 131_072))
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=sep.decode(), quoting=quoting))
    if len(cells) > _MAX_COLUMNS:
        raise InputError(f"{name}: the header has {len(cells)} columns; more than {_MAX_COLUMNS} is no table")
    return [c.strip() for c in cells]


def _parse(body: bytes, names: list[str], sep: bytes, *, quoted: bool, name: str, table: str) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    if not body:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            io.BytesIO(body),
            has_header=False,
            schema=schema,
            separator=sep.decode(),
            quote_char='"' if quoted else None,
            truncate_ragged_lines=True,
            missing_columns="insert",
            extra_columns="ignore",
        )
    except pl.exceptions.PolarsError as err:
        raise InputError(
            f"{name}: table {table} cannot be parsed as delimited text: {shown(str(err), limit=200)}"
        ) from None


def _without_nul(frame: pl.DataFrame, names: list[str], table: str, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    hit = pl.any_horizontal(pl.col(names).str.contains("\0", literal=True).fill_null(value=False))
    rows = frame.filter(hit)["SRCROW"]
    found = [
        Finding(
            table=table,
            row=int(rows[0]),
            rule="nul-bytes",
            severity="warning",
            value=str(len(rows)),
            message=f"{name}: NUL bytes were removed from {len(rows)} row(s), the first is row {rows[0]}.",
        )
    ]
    return frame.with_columns(pl.col(names).str.replace_all("\0", "", literal=True)), found


def _without_blank(frame: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, int]:
    if not frame.height or not all(column.null_count() for column in frame.select(names).iter_columns()):
        return frame, 0
    kept = frame.filter(~pl.all_horizontal(pl.col(names).is_null()))
    return kept, frame.height - kept.height


def _ragged(counts: np.ndarray, lengths: np.ndarray, width: int, table: str, name: str) -> list[Finding]:
    wrong = np.flatnonzero((counts != width) & (lengths > 0))
    out = []
    for i in wrong[:_MAX_LISTED].tolist():
        more = counts[i] > width
        text = "those beyond the header have no name" if more else "those it lacks were read as missing"
        out.append(
            Finding(
                table=table,
                row=i + 1,
                rule="ragged-row",
                severity="warning",
                value=str(int(counts[i])),
                message=f"{name}, row {i + 1}: {int(counts[i])} cells under {width} column names; {text}.",
            )
        )
    if len(wrong) > _MAX_LISTED:
        out.append(
            Finding(
                table=table,
                rule="ragged-row",
                severity="warning",
                value=str(len(wrong) - _MAX_LISTED),
                message=f"{name}: {len(wrong) - _MAX_LISTED} more rows have the wrong number of cells.",
            )
        )
    return out


def _extra_cells(frame: pl.DataFrame, extra: list[str], table: str, name: str) -> list[Finding]:
    full = frame.filter(pl.any_horizontal(pl.col(extra).is_not_null())).head(_MAX_LISTED)
    text = full.select(x=pl.concat_str(extra, separator=" | ", ignore_nulls=True))["x"].to_list()
    return [
        Finding(
            table=table,
            row=row,
            rule="cells-beyond-header",
            severity="error",
            value=value,
            message=f"{name}, row {row}: '{shown(value)}' stands in a column without a name and was left out.",
        )
        for row, value in zip(full["SRCROW"].to_list(), text, strict=True)
    ]
