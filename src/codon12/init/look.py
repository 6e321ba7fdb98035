"""Looking at files: the head of every table in a folder, where its headings stand, and what could not be read."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import Codon12Error, InputError
from codon12.init.packed import packed
from codon12.init.values import looks_like_value
from codon12.records.columns import as_text
from codon12.records.readers import ReadOptions, format_of, read_table
from codon12.records.readers.decode import refuse_pointer, utf8_text
from codon12.records.readers.delimited import parse_delimited
from codon12.records.readers.formulas import formulas_without_value
from codon12.records.readers.sas import labels_of
from codon12.records.readers.workbook import unreadable

__all__ = ["Seen", "look"]

HEAD_BYTES = 4 * 1024**2
"""Of a longer text file only so much is read."""
_HEAD_ROWS = 5_000
_MOST_FILES = 200
_TITLE_LINES = 30
_FEWEST_GROUPS = 2
"""One filled cell above the headings is a title."""
_LABELLED = (".sav", ".zsav", ".dta", ".xpt", ".sas7bdat")
_TEXT = (".csv", ".tsv", ".txt", ".maf")
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_PACKED = (".zip", ".7z", ".rar", ".tar", ".tgz")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The head of one table."""

    file: str
    sheet: str | None
    header: int | None
    """Row that names the columns, where it is not the first."""
    frame: pl.DataFrame
    """Text columns as the file names them, empty cells null."""
    sampled: bool
    where: str | None = None
    """SQL predicate that keeps these rows, where they are some of the file's."""
    codes: dict[str, dict[str, str]] = {}
    """Column -> code -> meaning, and under the empty code the column's label, where the file itself says so."""
    hidden: bool = False
    """Whether the workbook hides the sheet."""
    above: dict[str, str] = {}
    """Column -> heading of the group that it stands in, where a row of groups is above the headings."""

    @property
    def place(self) -> str:
        """Name of the table as it is printed."""
        named = f"{self.file}, sheet {self.sheet}" if self.sheet else self.file
        return f"{named}, rows where {self.where}" if self.where else named


def look(folder: Path, names: Sequence[str] | None = None) -> tuple[list[Seen], list[str]]:
    """Give the tables of the files of a folder (or of those named), and a sentence for each file that was not read."""
    lost = sorted(p.name for p in folder.iterdir() if p.is_symlink() and not os.path.exists(p))  # noqa: PTH110 - a loop is none
    paths = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
    if names is not None:
        paths = [p for p in paths if p.name in names]
    seen: list[Seen] = []
    notes: list[str] = [f"{name}: a link that leads nowhere; copy the file itself here." for name in lost]
    for path in paths[:_MOST_FILES]:
        ending = format_of(path.name)
        if ending is None:
            if path.suffix.lower() in _PACKED:
                notes.append(f"{path.name}: {packed(path)}")
            elif path.suffix.lower() not in (".toml", ".md"):
                notes.append(f"{path.name}: not a table that can be read; left alone.")
            continue
        try:
            with path.open("rb") as file:
                refuse_pointer(file.read(200), path.name)
            if ending in _BOOKS:
                found, said = _book(path)
                seen += found
                notes += said
            elif ending in _TEXT:
                seen.append(_text(path))
            else:
                seen.append(_whole(path))
        except (Codon12Error, OSError) as err:
            why = err.strerror or str(err) if isinstance(err, OSError) else str(err)
            notes.append(f"{path.name}: not read: {why.removeprefix(f'{path.name}: ')}")
    if len(paths) > _MOST_FILES:
        notes.append(f"The folder holds {len(paths)} files; the first {_MOST_FILES} by name were looked at.")
    return seen, notes


def _text(path: Path) -> Seen:
    data, sampled = _head(path)
    text = utf8_text(data, path.name, cut=sampled)
    if sampled:
        text = text[: text.rfind(b"\n") + 1] or text
    lines = [line.decode(errors="replace") for line in text.split(b"\n", _TITLE_LINES)[:_TITLE_LINES]]
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    sep = max("\t,;|", key=lambda s: sum(line.count(s) for line in lines[first:]))
    grid = [[c.strip(' "') for c in line.split(sep)] for line in lines[first:]]
    at = _heading_row(grid)
    header = None if at == 0 else first + at + 1
    plain = ".maf" in path.name.lower() or path.name.startswith("data_")
    options = ReadOptions(table=path.name, header=header, quoting=not plain)
    raw = parse_delimited(text, name=path.name, options=options)
    frame = _plain(raw.frame)
    above = _groups(grid, at, frame.columns)
    return Seen(file=path.name, sheet=None, header=header, frame=frame, sampled=sampled, above=above)


def _head(path: Path) -> tuple[bytes, bool]:
    try:
        if path.name.lower().endswith(".gz"):
            with gzip.open(path) as file:
                data = file.read(HEAD_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(HEAD_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as err:
        raise InputError(f"{path.name}: the gzip stream is broken ({err}); copy the file again") from None
    return data[:HEAD_BYTES], len(data) > HEAD_BYTES


def _whole(path: Path) -> Seen:
    raw = read_table(path, ReadOptions(table=path.name))
    frame = _plain(raw.frame)
    codes = labels_of(path) if format_of(path.name) in _LABELLED else {}
    sampled = frame.height > _HEAD_ROWS
    return Seen(file=path.name, sheet=None, header=None, frame=frame.head(_HEAD_ROWS), sampled=sampled, codes=codes)


def _book(path: Path) -> tuple[list[Seen], list[str]]:
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    import fastexcel

    seen, notes = [], []
    try:
        book = fastexcel.read_excel(path)
        names = book.sheet_names
    except Exception as err:  # noqa: BLE001 - the reader raises its own kinds, all mean an unreadable file
        raise InputError(f"{path.name}: {unreadable(path, err)}") from None
    for sheet in names:
        try:
            grid = book.load_sheet(
                sheet, dtypes="string", header_row=None, n_rows=_TITLE_LINES, skip_rows=0
            ).to_polars()
            cells = [["" if c is None else c for c in row] for row in grid.rows()]
            at = _heading_row(cells)
            page = book.load_sheet(sheet, dtypes="string", header_row=at, n_rows=_HEAD_ROWS + 1)
            frame, hidden = page.to_polars(), page.visible != "visible"
        except Exception as err:  # noqa: BLE001 - as above
            notes.append(f"{path.name}, sheet {sheet}: not read: {err}")
            continue
        if not frame.width or not frame.height:
            notes.append(f"{path.name}, sheet {sheet}: holds no table.")
            continue
        empty = formulas_without_value(path, sheet) if any(frame.null_count().row(0)) else []
        if empty:
            notes.append(
                f"{path.name}, sheet {sheet}: {len(empty)} cell(s) hold a formula and no result (the first is "
                f"{empty[0]}); open the file in the spreadsheet program and save it, then run this again."
            )
        seen.append(
            Seen(
                file=path.name,
                sheet=sheet if len(names) > 1 else None,
                header=at + 1 if at else None,
                frame=_plain(frame).head(_HEAD_ROWS),
                sampled=frame.height > _HEAD_ROWS,
                above=_groups(cells, at, frame.columns),
                hidden=hidden,
            )
        )
    return seen, notes


def _groups(rows: list[list[str]], at: int, columns: Sequence[str]) -> dict[str, str]:
    """Column -> the heading above its own, which stands once over the columns of a group.

    Examples
    --------
    >>> _groups([["Diagnosis", "", "Death"], ["Date", "Stage", "Date"]], 1, ["Date", "Stage", "Date_1"])
    {'Date': 'Diagnosis', 'Stage': 'Diagnosis', 'Date_1': 'Death'}
    """
    row = [c.strip() for c in rows[at - 1]] if at else []
    if sum(map(bool, row)) < _FEWEST_GROUPS:
        return {}
    out, group = {}, ""
    for column, cell in zip(columns, row, strict=False):
        group = cell or group
        if group:
            out[column] = group
    return out


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    text = as_text(frame.drop("SRCROW", strict=False))
    return text.filter(~pl.all_horizontal(pl.all().is_null())) if text.width else text


def _heading_row(rows: list[list[str]]) -> int:
    """Row that names the columns: the first as wide as the table whose cells are names, not values.

    Examples
    --------
    >>> _heading_row([["Register 2021", "", ""], ["", "", ""], ["ID", "Alter", "Tod"], ["1", "64", "29.11.2021"]])
    2
    """
    filled = [sum(bool(c.strip()) for c in row) for row in rows]
    widest = max(filled, default=0)
    for at, (row, n) in enumerate(zip(rows, filled, strict=True)):
        cells = [c.strip() for c in row if c.strip()]
        wide = n >= max(2, 0.6 * widest) or (widest == 1 and n == 1)
        if wide and sum(looks_like_value(c) for c in cells) <= 0.2 * n and len(set(cells)) >= 0.8 * n:
            return at
    return next((i for i, n in enumerate(filled) if n), 0)
