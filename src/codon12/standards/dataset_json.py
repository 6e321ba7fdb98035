"""Dataset-JSON 1.1: a data set as one JSON object, or as one JSON value a line."""

from __future__ import annotations

import datetime as dt
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.records.findings import findings_frame, row_findings
from codon12.standards.datasets import Dataset
from codon12.standards.metadata import Column

__all__ = ["head_of", "write_dataset_json"]

_TYPES = {"text": "string", "integer": "integer", "float": "float", "date": "date", "datetime": "datetime"}


def write_dataset_json(
    data: Dataset, path: Path, *, lines: bool = False, created: dt.datetime, study: str
) -> pl.DataFrame:
    """Write a data set as Dataset-JSON 1.1 (with `lines` as NDJSON) and give findings.

    Null is JSON null. Dates are ISO 8601 with the integer that SAS would hold as target type. Numbers are written
    with every digit; one that is not finite has no place in JSON: null, with a finding.

    Notes
    -----
    Source: CDISC Dataset-JSON v1.1, sections "Dataset-JSON" and "NDJSON representation".
    """
    frame, findings = _finite(data)
    head = head_of(data, created=created, study=study)
    encode = msgspec.json.encode
    if lines:
        parts = [encode(head), *(encode(row) for row in frame.iter_rows())]
        path.write_bytes(b"\n".join(parts) + b"\n")
    else:
        path.write_bytes(encode(head)[:-1] + b',"rows":' + encode(frame.rows()) + b"}\n")
    return findings


def head_of(data: Dataset, *, created: dt.datetime, study: str) -> dict[str, Any]:
    """Everything of a data set but its rows, as the standard names it."""
    when = created.strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "datasetJSONCreationDateTime": when,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"codon12/{study}/{data.name}",
        "originator": "codon12",
        "sourceSystem": {"name": "codon12", "version": metadata.version("codon12")},
        "studyOID": f"STDY.{study}",
        "metaDataVersionOID": f"MDV.{study}.{data.standard}",
        "metaDataRef": "define.xml",
        "itemGroupOID": f"IG.{data.name}",
        "records": data.frame.height,
        "name": data.name,
        "label": data.label,
        "columns": [_column(data, c) for c in data.columns],
    }


def _column(data: Dataset, column: Column) -> dict[str, Any]:
    out: dict[str, Any] = {
        "itemOID": f"IT.{data.name}.{column.name}",
        "name": column.name,
        "label": column.label,
        "dataType": _TYPES[column.type],
    }
    if column.type in ("date", "datetime"):
        out["targetDataType"] = "integer"
    if column.type == "text":
        out["length"] = column.length
    if column.format:
        out["displayFormat"] = column.format
    if column.name in data.keys:
        out["keySequence"] = data.keys.index(column.name) + 1
    return out


def _finite(data: Dataset) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame, found = data.frame, [findings_frame([])]
    for name, kind in data.frame.schema.items():
        if kind.is_float():
            no = pl.col(name).is_not_null() & ~pl.col(name).is_finite()
            bad = data.frame.drop("SRCROW", strict=False).with_row_index("SRCROW", offset=1).filter(no)
            if bad.height:
                frame = frame.with_columns(pl.when(~no).then(pl.col(name)).alias(name))
            found.append(
                row_findings(
                    bad,
                    table=data.name,
                    rule="number-out-of-range",
                    severity="warning",
                    variable=name,
                    value=pl.col(name),
                    message=f"{data.name} record {{}}: {name} is no number JSON has; it was left missing.",
                    parts=[pl.col("SRCROW")],
                )
            )
    return frame, pl.concat(found)
