"""Data sets whose names and labels fit a format: shortened by the agreed table or by rule, each with a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import polars as pl

from codon12.records.findings import Finding, findings_frame
from codon12.standards.datasets import Dataset
from codon12.standards.naming import Agreed, name_findings, short_label, short_names

__all__ = ["fitted"]

_LONG = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")


def fitted(data: Sequence[Dataset], *, version: int, agreed: Agreed) -> tuple[list[Dataset], pl.DataFrame]:
    """Data sets as SAS transport files of a version name them, with findings.

    Version 5: names of 8 characters, labels of 40 bytes; version 8: names of 32 characters, labels of 256 bytes. A
    column that got another name keeps its own as `source`; the name of a data set is agreed as a variable of itself.
    """
    found: list[Finding] = []
    tables = {d.name: d.name for d in data}
    if version == 5:
        tables = short_names("", tables, Agreed({("", t): agreed.names.get((t, t), t) for t in tables if (t, t) in
                                                 agreed.names}))  # fmt: skip
        found += [
            Finding(
                table=old,
                rule="name-shortened",
                severity="note",
                value=new,
                message=f"{old}: the name of the data set has no place in the format and was written as {new}.",
            )
            for old, new in tables.items()
            if old != new
        ]
    return [_one(d, tables[d.name], version, agreed, found) for d in data], findings_frame(found)


def _one(data: Dataset, name: str, version: int, agreed: Agreed, found: list[Finding]) -> Dataset:
    names = [c.name for c in data.columns]
    if version == 5:
        short = short_names(data.name, names, agreed)
    else:
        odd = [n for n in names if not _LONG.fullmatch(n)]
        short = dict.fromkeys(names, "") | {n: n for n in names}
        short |= short_names(data.name, odd, agreed, fixed=set(names) - set(odd))
    columns, cut = [], {}
    for column in data.columns:
        label = agreed.labels.get((data.name, column.name)) or _label(column.label, version)
        if label != column.label and (data.name, column.name) not in agreed.labels:
            cut[column.name] = column.label
        new = short[column.name]
        source = column.name if new != column.name else column.source
        columns.append(msgspec.structs.replace(column, name=new, label=label, source=source))
    found += name_findings(data.name, short, cut)
    return Dataset(
        name=name,
        label=_label(data.label, version),
        frame=data.frame.rename(short),
        columns=tuple(columns),
        class_=data.class_,
        subclass=data.subclass,
        structure=data.structure,
        keys=tuple(short[k] for k in data.keys),
        parameters=data.parameters,
        standard=data.standard,
    )


def _label(label: str, version: int) -> str:
    return short_label(label) if version == 5 else label.encode()[:256].decode("utf-8", "ignore")
