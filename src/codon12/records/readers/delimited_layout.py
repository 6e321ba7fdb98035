"""How a delimited text is laid out: where its header stands, what parts its cells, whether they stand in quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import msgspec
import numpy as np

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import ReadOptions

__all__ = ["Layout", "Records", "from_header", "header_cells", "layout_of", "whole_records"]

_DELIMITERS = (b"\t", b",", b";", b"|")
_QUOTE, _LF = ord('"'), ord("\n")
_HEAD = 200_000
_MAX_COLUMNS = 100_000


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a whole text."""

    delimiter: bytes
    quoted: bool
    """Whether cells stand in quotes; else a quote is a character."""
    nul: bool
    """Whether NUL bytes are in it."""
    findings: list[Finding]


class Records(msgspec.Struct, frozen=True):
    """Whole records of a text, one after the other."""

    data: bytes
    ends: np.ndarray
    """Where each ends: the place of its LF."""
    cells: np.ndarray
    """Cells of each."""


def from_header(pieces: Iterator[bytes], header: int | None) -> Iterator[bytes]:
    """Text from the line `header` on; without it from the first that is neither empty nor a comment.

    A comment that is the only line there is names the columns.
    """
    held, skip = b"", (header or 1) - 1
    for piece in pieces:
        held += piece
        found = False
        if header is None:
            held, found = _without_leading(held)
        else:
            while skip and b"\n" in held:
                held, skip = held.partition(b"\n")[2], skip - 1
            found = not skip
        if found and held:
            yield held
            yield from pieces
            return
    if header is None and held.strip():
        yield held


def _without_leading(data: bytes) -> tuple[bytes, bool]:
    """Drop whole empty and comment lines; whether another line begins there."""
    pos = 0
    while True:
        end = data.find(b"\n", pos)
        line = data[pos : end if end >= 0 else None]
        if line.strip() and not line.startswith(b"#"):
            return data[pos:], True
        if end < 0:
            return data[pos:], False
        pos = end + 1


def layout_of(pieces: Callable[[], Iterator[bytes]], name: str, options: ReadOptions) -> Layout:
    """Look at a text from its header line on, whose pieces come each time anew.

    Raises
    ------
    InputError
        No text, or a quote that never closes.
    """
    head = b""
    for piece in pieces():
        head += piece[: _HEAD - len(head)]
        if len(head) >= _HEAD:
            break
    sep = _delimiter(head if len(head) == _HEAD else _closed(head))
    cells = nul = text = False
    before, quotes, lines, first, last = b"\n", 0, 0, 0, 0
    for piece in pieces():
        text = text or bool(piece.strip())
        nul = nul or b"\0" in piece
        if b'"' in piece:
            near = before + piece[:1]
            cells = cells or any(m + b'"' in part for part in (near, piece) for m in (sep, b"\n"))
            first = first if quotes else lines + piece.count(b"\n", 0, piece.index(b'"'))
            last = lines + piece.count(b"\n", 0, piece.rindex(b'"')) + 1
            quotes += piece.count(b'"')
        lines += piece.count(b"\n")
        before = piece[-1:]
    if not text:
        raise InputError(f"{name}: holds no text; a table needs at least a header line")
    quoted = cells and (options.quoting or _has_quoted_header(head, sep))
    if quoted and quotes % 2:
        raise InputError(f"{name}: a quote opened at or before line {last} never closes; close or double it")
    findings = [_quotes(name, options, first, quoted=quoted)] if quotes and not options.quoting else []
    return Layout(delimiter=sep, quoted=quoted, nul=nul, findings=findings)


def _closed(data: bytes) -> bytes:
    return data if data.endswith(b"\n") else data + b"\n"


def _quotes(name: str, options: ReadOptions, row: int, *, quoted: bool) -> Finding:
    """Say that quotes were taken for characters, or quoted cells for what they hold where none are foreseen."""
    said = (
        "its cells stand in quotes, which this kind of file does not know; they were taken off"
        if quoted
        else f"holds quotes that enclose no cell, the first in row {row}; they were read as characters"
    )
    return Finding(
        table=options.table,
        row=None if quoted else row,
        rule="quotes-in-cells",
        severity="note",
        message=f"{name}: {said}.",
    )


def _has_quoted_header(data: bytes, sep: bytes) -> bool:
    """Whether every cell of the header stands in quotes, so that those of the body do as well."""
    cells = data.partition(b"\n")[0].split(sep)
    return all(len(c) > 1 and c.startswith(b'"') and c.endswith(b'"') for c in cells)


def _delimiter(data: bytes) -> bytes:
    lines = data.split(b"\n")[:30]
    first = [lines[0].count(d) for d in _DELIMITERS]
    rest = [line for line in lines[1:-1] if line.strip()]
    agree = [
        bool(n) and sum(line.count(d) == n for line in rest) >= 0.8 * len(rest)
        for n, d in zip(first, _DELIMITERS, strict=True)
    ]
    # The delimiter with which the rows agree with the header; else the most frequent one in the header.
    best = max(range(len(_DELIMITERS)), key=lambda i: (agree[i], first[i]))
    return _DELIMITERS[best] if first[best] else b","


def whole_records(pieces: Iterator[bytes], layout: Layout) -> Iterator[Records]:
    """Cut a text after whole records; a cell that is longer than a piece is put together first."""
    held, wanted = b"", 0
    for piece in _closed_at_end(pieces):
        held += piece
        if len(held) < wanted:
            continue
        found = _records(held, layout)
        if not len(found.ends):
            wanted = 2 * len(held)
            continue
        wanted, held = 0, held[len(found.data) :]
        yield found
    if held:
        yield _records(held, layout)


def _closed_at_end(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; the last ends in a line end."""
    before = b""
    for piece in pieces:
        if before:
            yield before
        before = piece
    if before:
        yield _closed(before)


def _records(data: bytes, layout: Layout) -> Records:
    """The whole records that a text begins with; quoted line ends are none."""
    raw = np.frombuffer(data, np.uint8)
    wanted = np.zeros(256, bool)
    wanted[[ord(layout.delimiter), _LF]] = True
    if layout.quoted:
        wanted[_QUOTE] = True
    at = np.flatnonzero(wanted[raw])
    kind = raw[at]
    outside = np.ones(len(at), bool)
    if layout.quoted:
        outside = (np.cumsum(kind == _QUOTE, dtype=np.int32) & 1) == 0
    is_end = outside & (kind == _LF)
    ends = at[is_end]
    cells = np.diff(np.cumsum(outside & (kind == ord(layout.delimiter)), dtype=np.int64)[is_end], prepend=0) + 1
    end = int(ends[-1]) + 1 if len(ends) else 0
    return Records(data if end == len(data) else data[:end], ends, cells)


def header_cells(line: bytes, layout: Layout, name: str) -> list[str]:
    """Cells of the header.

    Raises
    ------
    InputError
        NUL bytes, an empty line, or more columns than any table has.
    """
    if b"\0" in line:
        raise InputError(f"{name}: the header line holds NUL bytes; this is no text table")
    text = line.decode()
    quoting = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
    csv.field_size_limit(max(len(text) + 1, 131_072))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter.decode(), quoting=quoting)
    cells = next(reader, [])
    if not cells:
        raise InputError(f"{name}: the line that should name the columns is empty")
    if len(cells) > _MAX_COLUMNS:
        raise InputError(f"{name}: the header has {len(cells)} columns; more than {_MAX_COLUMNS} is no table")
    return [c.strip() for c in cells]
