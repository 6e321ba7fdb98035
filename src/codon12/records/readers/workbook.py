"""Sheets of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), every cell as text."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.formulas import formulas_without_value
from codon12.records.readers.interface import RawTable, ReadOptions, other_members

__all__ = ["read_workbook", "unreadable"]


def _uncalculated(path: Path, frame: pl.DataFrame, sheet: str, table: str) -> list[Finding]:
    """One finding for the formulas of a sheet that have no result, where cells are empty."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not any(frame.null_count().row(0)):
        return []
    cells = formulas_without_value(path, sheet)
    if not cells:
        return []
    message = (
        f"{path.name}, sheet {sheet}: {len(cells)} cell(s) hold a formula and no result (the first is {cells[0]}), and "
        "were read as empty; open the file in the spreadsheet program and save it."
    )
    return [Finding(table=table, rule="formula-without-value", severity="warning", value=cells[0], message=message)]


_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


def unreadable(path: Path, err: Exception) -> str:
    """Say why a workbook cannot be opened, and what to do: a password, another kind of file, a broken one."""
    with path.open("rb") as file:
        head = file.read(1024**2)
    if head.startswith(_OLD) and "EncryptedPackage".encode("utf_16_le") in head:
        return "the workbook is protected by a password; open it in the spreadsheet program and save it without one"
    if head.startswith(_OLD) and path.suffix.lower() != ".xls":
        return f"is an old workbook (.xls) by another name; rename it to {path.stem}.xls, or save it as .xlsx"
    if not head.startswith((_OLD, _ZIP)):
        return "is no workbook; if it is text, name it .csv, else save it again as .xlsx"
    first = str(err).splitlines()[0].removeprefix("calamine error: ")
    return f"the workbook is damaged or cut short ({first}); copy it again, or save it again as .xlsx"


def read_workbook(path: Path, options: ReadOptions) -> RawTable:
    """Read one sheet of a workbook as text; its first filled row, or that of `header`, names the columns.

    Raises
    ------
    InputError
        No workbook, or no sheet of that name; the message lists the sheets.
    """
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
    except Exception as err:  # noqa: BLE001 - the reader raises its own kinds, all mean an unreadable file
        raise InputError(f"{path.name}: table {options.table}: {unreadable(path, err)}") from None
    if options.sheet is not None and options.sheet not in book.sheet_names:
        raise InputError(f"{path.name}: has no sheet '{options.sheet}'; its sheets are {', '.join(book.sheet_names)}")
    names = book.sheet_names
    chosen = options.sheet or next((n for n in names if n.strip().upper() == options.table), names[0] if names else 0)
    findings: list[Finding] = []
    if options.sheet is None and len(names) > 1:
        findings.append(other_members(path.name, options.table, str(chosen), [n for n in names if n != chosen]))
    try:
        sheet = book.load_sheet(chosen, dtypes="string", header_row=(options.header or 1) - 1)
        frame = sheet.to_polars()
    except Exception as err:  # noqa: BLE001 - as above
        raise InputError(f"{path.name}: sheet '{options.sheet or 1}' cannot be read: {err}") from None
    findings += _uncalculated(path, frame, str(chosen), options.table)
    rows = frame.height
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False)
    names = frame.columns
    if not names:
        raise InputError(f"{path.name}: sheet '{sheet.name}' is empty; its first row must name the columns")
    frame = frame.with_columns(pl.int_range(1, rows + 1, dtype=pl.Int64).alias("SRCROW"))
    kept = frame.filter(~pl.all_horizontal(pl.col(names).is_null()))
    blank = rows - kept.height
    return RawTable(
        frame=kept,
        format="workbook",
        rows_read=rows,
        left_out={"blank row": blank} if blank else {},
        findings=findings,
    )
