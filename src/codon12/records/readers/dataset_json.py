"""CDISC Dataset-JSON 1.1 and 1.0: one JSON object (.json), one value a line (.ndjson), or compressed (.dsjc)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.decode import text_bytes
from codon12.records.readers.interface import RawTable, ReadOptions, other_members

__all__ = ["read_dataset_json"]

_TYPES: dict[str, Any] = {
    "string": pl.String,
    "integer": pl.Int64,
    "decimal": pl.String,
    "float": pl.Float64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.String,
    "datetime": pl.String,
    "time": pl.String,
    "URI": pl.String,
}


class _Column(msgspec.Struct):
    name: str
    dataType: str = "string"  # noqa: N815 - the standard's own name


class _Head(msgspec.Struct):
    columns: list[_Column]
    records: int | None = None
    rows: list[list[Any]] = []


class _OldItem(msgspec.Struct):
    name: str
    type: str = "string"


class _OldGroup(msgspec.Struct):
    items: list[_OldItem]
    itemData: list[list[Any]] = []  # noqa: N815 - the standard's own name
    records: int | None = None
    name: str = ""


class _OldData(msgspec.Struct):
    itemGroupData: dict[str, _OldGroup]  # noqa: N815 - the standard's own name


class _Old(msgspec.Struct):
    """Dataset-JSON 1.0: the data sets of a study under `clinicalData` or `referenceData`."""

    clinicalData: _OldData | None = None  # noqa: N815 - the standard's own name
    referenceData: _OldData | None = None  # noqa: N815 - the standard's own name


_SEQUENCE = "ITEMGROUPDATASEQ"
"""Column of 1.0 that counts rows and belongs to no data set."""


def read_dataset_json(path: Path, options: ReadOptions) -> RawTable:
    """Read Dataset-JSON 1.1 or 1.0; decimals stay text until columns are typed.

    1.1 is one object or one value a line, either of them compressed (gzip or zlib) in a ``.dsjc``. Of a file of 1.0
    with several data sets the one named as the table is read, else the first; the others are a finding.

    Raises
    ------
    InputError
        Not JSON, not Dataset-JSON (no `columns`), or rows that do not fit the columns.

    Notes
    -----
    Source: CDISC Dataset-JSON v1.1, sections "Dataset-JSON", "NDJSON representation" and "Compressed Dataset-JSON";
    Dataset-JSON v1.0, section "itemGroupData".
    """
    data, encoding = text_bytes(path)
    try:
        head, rows, findings = _parsed(data, path, options)
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as err:
        raise InputError(
            f"{path.name}: table {options.table} is no Dataset-JSON 1.1 or 1.0: {err}; "
            "it needs 'columns' with names and 'rows' of as many values"
        ) from None
    names = [c.name for c in head.columns]
    if not names or len(set(names)) != len(names):
        raise InputError(f"{path.name}: 'columns' must name each column once")
    wrong = next((i for i, row in enumerate(rows, 1) if len(row) != len(names)), None)
    if wrong is not None:
        raise InputError(
            f"{path.name}, row {wrong}: {len(rows[wrong - 1])} values under {len(names)} columns; "
            "each row must have one value a column"
        )
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    try:
        frame = pl.DataFrame(
            [
                _series(c.name, values, _TYPES.get(c.dataType, pl.String))
                for c, values in zip(head.columns, columns, strict=True)
            ]
        )
    except (TypeError, pl.exceptions.PolarsError) as err:
        raise InputError(f"{path.name}: table {options.table}: {err}") from None
    if head.records is not None and head.records != len(rows):
        findings.append(
            Finding(
                table=options.table,
                rule="truncated-file",
                severity="error",
                value=str(len(rows)),
                message=f"{path.name}: says it has {head.records} records and holds {len(rows)}.",
            )
        )
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_columns(
        pl.int_range(1, len(rows) + 1, dtype=pl.Int64).alias("SRCROW")
    )
    return RawTable(frame=frame, format="dataset-json", encoding=encoding, rows_read=len(rows), findings=findings)


def _parsed(data: bytes, path: Path, options: ReadOptions) -> tuple[_Head, list[list[Any]], list[Finding]]:
    name = path.name.lower().removesuffix(".gz")
    first, _, rest = data.partition(b"\n")
    if name.endswith(".ndjson") or (name.endswith(".dsjc") and _is_whole(first)):
        head = msgspec.json.decode(first, type=_Head)
        lines = b",".join(line for line in rest.split(b"\n") if line.strip())
        return head, msgspec.json.decode(b"[" + lines + b"]", type=list[list[Any]]), []
    if b'"itemGroupData"' in data:
        return _old(msgspec.json.decode(data, type=_Old), path, options)
    head = msgspec.json.decode(data, type=_Head)
    return head, head.rows, []


def _is_whole(line: bytes) -> bool:
    """Whether a first line is a JSON value of its own, without rows: what follows are rows, a value a line."""
    try:
        found = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return False
    return "rows" not in found and "columns" in found


def _old(given: _Old, path: Path, options: ReadOptions) -> tuple[_Head, list[list[Any]], list[Finding]]:
    parts = (given.clinicalData, given.referenceData)
    groups = [g for part in parts if part is not None for g in part.itemGroupData.values()]
    if not groups:
        raise InputError(f"{path.name}: holds no data set under itemGroupData")
    wanted = (options.sheet or options.table).upper()
    group = next((g for g in groups if g.name.upper() == wanted), None)
    if group is None and options.sheet is not None:
        raise InputError(f"{path.name}: has no data set '{options.sheet}'; it has {', '.join(g.name for g in groups)}")
    group = group or groups[0]
    others = [g.name for g in groups if g is not group]
    names = [i.name for i in group.items]
    columns = [_Column(name=i.name, dataType=i.type) for i in group.items]
    rows = group.itemData
    if _SEQUENCE in names and all(len(row) == len(names) for row in rows):
        at = names.index(_SEQUENCE)
        columns.pop(at)
        rows = [row[:at] + row[at + 1 :] for row in rows]
    findings = [other_members(path.name, options.table, group.name, others)] if others and options.sheet is None else []
    return _Head(columns=columns, records=group.records), rows, findings


def _series(name: str, values: tuple[Any, ...], dtype: Any) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        # A value of another kind than declared: as text, so that typing the column finds and names it.
        return pl.Series(name, [None if v is None else str(v) for v in values], dtype=pl.String)
