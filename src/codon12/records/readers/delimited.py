"""Delimited text: comma, tab, semicolon or bar; quoted or not; every cell as text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from codon12.errors import InputError
from codon12.records.columns import unique_names
from codon12.records.findings import Finding, shown
from codon12.records.readers.decode import text_bytes
from codon12.records.readers.delimited_layout import Layout, from_header, header_cells, layout_of, whole_records
from codon12.records.readers.delimited_told import RowsTold
from codon12.records.readers.interface import RawTable, ReadOptions
from codon12.records.readers.text import TextFile

__all__ = ["delimited_slices", "parse_delimited", "read_delimited"]

_NAMED_ENCODINGS = {
    "latin-1": "Latin-1 (Windows-1252)",
    "cp932": "Japanese (Shift-JIS, Windows-932)",
    "cp949": "Korean (EUC-KR, Windows-949)",
}
_MAX_EXTRA = 16
"""Cells beyond the header that are still looked at; a row with more is reported all the same."""

_TOLD_APART = "quotes stand inside unquoted cells, so rows cannot be told apart"
_DOUBLE = "double them or quote the whole cell"


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
    *slices, told = _slices(lambda: iter((data,)), name, options, encoding)
    return RawTable(
        frame=slices[0].frame if len(slices) == 1 else pl.concat([s.frame for s in slices]),
        format=told.format,
        encoding=told.encoding,
        rows_read=sum(s.rows_read for s in slices),
        left_out=told.left_out,
        findings=told.findings,
    )


def delimited_slices(path: Path, options: ReadOptions, *, size: int = 16 * 2**20) -> Iterator[RawTable]:
    """Read a delimited text file some `size` bytes of text at a time; the rows and findings of `read_delimited`.

    The last has no rows: it says what was found in the whole. The file is read three times: for its encoding, for what
    parts its cells, for its rows. Errors as `read_delimited`, some of them after the first rows.
    """
    file = TextFile(path)
    yield from _slices(lambda: file.pieces(size), path.name, options, file.encoding)


def _slices(
    pieces: Callable[[], Iterator[bytes]], name: str, options: ReadOptions, encoding: str
) -> Iterator[RawTable]:
    def text() -> Iterator[bytes]:
        return from_header(pieces(), options.header)

    layout = layout_of(text, name, options)
    told = RowsTold(options.table, name)
    header: list[str] = []
    columns: list[str] = []
    repeated: list[Finding] = []
    rows, parsed, blank = 0, 0, 0
    frame = pl.DataFrame()
    for records in whole_records(text(), layout):
        first = not header  # the first record is the header
        if first:
            header = header_cells(records.data[: records.ends[0]], layout, name)
            columns, repeated = _columns(header, options.table, name)
        begin = int(records.ends[0]) + 1 if first else 0
        cells, ends = (records.cells[1:], records.ends[1:]) if first else (records.cells, records.ends)
        lengths = np.diff(ends, prepend=begin - 1) - 1
        width = len(header)
        extra = min(max(int(cells.max(initial=0)) - width, 0), _MAX_EXTRA)
        names = [f"{i}" for i in range(width + extra)]
        frame = _parse(records.data[begin:] if begin else records.data, names, layout, name, options.table)
        before, rows, parsed = rows, rows + len(cells), parsed + frame.height
        if rows != parsed:
            continue  # rows cannot be told apart; how many there are is still counted
        told.lengths(cells, lengths, width, before)
        frame = frame.hstack([pl.Series("SRCROW", np.arange(before + 1, rows + 1), dtype=pl.Int64)])
        if layout.nul:
            frame = told.without_nul(frame, names)
        kept = _without_blank(frame, names)
        blank += frame.height - kept.height
        if extra:
            told.beyond_header(kept, names[width:])
        frame = kept[[*names[:width], "SRCROW"]]
        frame.columns = columns
        yield RawTable(frame=frame, format="text", encoding=encoding, rows_read=len(cells))
    if rows != parsed:
        raise InputError(f"{name}: {_TOLD_APART} ({rows} by counting, {parsed} by reading); {_DOUBLE}")
    findings = [*told.findings(), *layout.findings, *told.later_findings(), *repeated]
    yield RawTable(
        frame=frame.clear(),
        format="text",
        encoding=encoding,
        rows_read=0,
        left_out={"blank row": blank} if blank else {},
        findings=[*findings, *_named(encoding, options.table, name)],
    )


def _columns(header: list[str], table: str, name: str) -> tuple[list[str], list[Finding]]:
    """Names of the columns, each once, and SRCROW; a file that codon12 wrote holds SRCROW itself: this row counts."""
    unique, repeated = unique_names(header, table=table, file=name, upper=False)
    return ["SRCROW.1" if h == "SRCROW" else h for h in unique] + ["SRCROW"], repeated


def _named(encoding: str, table: str, name: str) -> list[Finding]:
    if encoding not in _NAMED_ENCODINGS:
        return []
    said = f"{name} is not UTF-8; it was read as {_NAMED_ENCODINGS[encoding]}."
    return [Finding(table=table, rule="text-encoding", severity="note", message=said)]


def _parse(body: bytes, names: list[str], layout: Layout, name: str, table: str) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    if not body:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            io.BytesIO(body),
            has_header=False,
            schema=schema,
            separator=layout.delimiter.decode(),
            quote_char='"' if layout.quoted else None,
            truncate_ragged_lines=True,
            missing_columns="insert",
            extra_columns="ignore",
        )
    except pl.exceptions.PolarsError as err:
        if layout.quoted:  # it counts other rows than there are ends outside quotes
            raise InputError(f"{name}: table {table}: {_TOLD_APART}; {_DOUBLE}") from None
        raise InputError(
            f"{name}: table {table} cannot be parsed as delimited text: {shown(str(err), limit=200)}"
        ) from None


def _without_blank(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    if not frame.height or not all(column.null_count() for column in frame.select(names).iter_columns()):
        return frame
    return frame.filter(~pl.all_horizontal(pl.col(names).is_null()))
