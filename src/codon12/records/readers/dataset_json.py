"""CDISC Dataset-JSON 1.1: one JSON object (.json) or one JSON value a line (.ndjson)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.decode import text_bytes
from codon12.records.readers.interface import RawTable, ReadOptions

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


def read_dataset_json(path: Path, options: ReadOptions) -> RawTable:
    """Read Dataset-JSON 1.1, as one object or as one value a line; decimals stay text until columns are typed.

    Raises
    ------
    InputError
        Not JSON, not Dataset-JSON (no `columns`), or rows that do not fit the columns.

    Notes
    -----
    Source: CDISC Dataset-JSON v1.1, sections "Dataset-JSON" and "NDJSON representation".
    """
    data, encoding = text_bytes(path)
    lines = path.name.lower().removesuffix(".gz").endswith(".ndjson")
    try:
        if lines:
            first, _, rest = data.partition(b"\n")
            head = msgspec.json.decode(first, type=_Head)
            rows = msgspec.json.decode(
                b"[" + b",".join(line for line in rest.split(b"\n") if line.strip()) + b"]",
                type=list[list[Any]],
            )
        else:
            head = msgspec.json.decode(data, type=_Head)
            rows = head.rows
    except (msgspec.ValidationError, msgspec.DecodeError) as err:
        raise InputError(
            f"{path.name}: table {options.table} is no Dataset-JSON 1.1: {err}; "
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
    findings = []
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


def _series(name: str, values: tuple[Any, ...], dtype: Any) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        # A value of another kind than declared: as text, so that typing the column finds and names it.
        return pl.Series(name, [None if v is None else str(v) for v in values], dtype=pl.String)
