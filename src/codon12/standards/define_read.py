"""Define-XML read: labels and code lists of the variables, and what of them the data contradict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding, findings_frame, row_findings, shown_expr

__all__ = ["Define", "DefinedDataset", "DefinedVariable", "define_findings", "read_define"]

_NUMBERS = ("integer", "float")


class DefinedVariable(msgspec.Struct, frozen=True):
    """A variable as Define-XML has it."""

    name: str
    label: str = ""
    type: str = "text"
    length: int | None = None
    mandatory: bool = False
    terms: tuple[str, ...] | None = None
    """Coded values, where the variable has a code list of its own."""
    codelist: str = ""


class DefinedDataset(msgspec.Struct, frozen=True):
    """A data set as Define-XML has it."""

    name: str
    label: str
    variables: dict[str, DefinedVariable]


class Define(msgspec.Struct, frozen=True):
    """What a Define-XML says."""

    datasets: dict[str, DefinedDataset]


class _DocumentTypeError(Exception):
    """A document type begins, by which a document could pull in files or grow without end."""


class _Plain(ET.TreeBuilder):
    """Builds the tree of a document without a document type."""

    def doctype(self, *_: object) -> None:
        raise _DocumentTypeError


def read_define(path: Path) -> Define:
    """Read data sets, variables, labels and code lists of a Define-XML 2.0 or 2.1.

    Raises
    ------
    InputError
        No XML, XML with a document type (which could pull in files), or no Define-XML.
    """
    parser = ET.XMLParser(target=_Plain())  # noqa: S314 - a document type is refused as it begins
    try:
        parser.feed(path.read_bytes())
        root = parser.close()
    except ET.ParseError as err:
        raise InputError(f"{path.name}: is no XML: {err}") from None
    except _DocumentTypeError:
        raise InputError(f"{path.name}: has a document type, which Define-XML has not; it was not read") from None
    version = next((e for e in root.iter() if _tag(e) == "MetaDataVersion"), None)
    if version is None:
        raise InputError(f"{path.name}: is no Define-XML: it has no MetaDataVersion")
    lists: dict[str, tuple[str, tuple[str, ...]]] = {}
    items: dict[str, ET.Element] = {}
    for element in version:
        if _tag(element) == "CodeList":
            found = [e.get("CodedValue", "") for e in element if _tag(e) in ("CodeListItem", "EnumeratedItem")]
            if found:
                lists[element.get("OID", "")] = (element.get("Name", ""), tuple(found))
        elif _tag(element) == "ItemDef":
            items[element.get("OID", "")] = element
    datasets = {}
    for element in version:
        if _tag(element) != "ItemGroupDef":
            continue
        name = element.get("Name", "").upper()
        variables = {}
        for ref in (e for e in element if _tag(e) == "ItemRef"):
            item = items.get(ref.get("ItemOID", ""))
            if item is not None:
                made = _variable(item, ref, lists)
                variables[made.name] = made
        datasets[name] = DefinedDataset(name, _text(element), variables)
    return Define(datasets)


def define_findings(define: Define, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Where a Define-XML and the data contradict each other: one finding a variable, or a row for odd values.

    ``define-table-missing``, ``define-table-unknown``: a data set that one has and the other has not;
    ``define-variable-missing``, ``define-variable-unknown`` the same of variables; ``define-type``: numbers declared,
    texts found; ``define-length``: a text longer than declared; ``define-term``: a value outside the code list;
    ``define-mandatory``: no value where one must be.
    """
    single: list[Finding] = []
    found = []
    for name, told in define.datasets.items():
        if name not in tables:
            single.append(_said(name, "define-table-missing", None, f"define.xml has {name}, the study has not"))
            continue
        frame = tables[name]
        data = frame if "SRCROW" in frame.columns else frame.with_row_index("SRCROW", offset=1)
        for variable in (v for v in told.variables.values() if v.name != "SRCROW"):  # it numbers the rows here
            if variable.name not in data.columns:
                words = f"define.xml has {name}.{variable.name}, the data have not"
                single.append(_said(name, "define-variable-missing", variable.name, words))
                continue
            found += _variable_findings(name, variable, data, single)
        own = [c for c in frame.columns if c not in ("SRCDOM", "SRCROW", "SRCROW.1", "SRCFILE")]
        single += [
            _said(name, "define-variable-unknown", c, f"{name}.{c} is in the data and not in define.xml")
            for c in own
            if c not in told.variables
        ]
    single += [
        _said(name, "define-table-unknown", None, f"{name} is in the study and not in define.xml")
        for name in tables
        if name not in define.datasets
    ]
    return pl.concat([findings_frame(single), *found])


def _variable_findings(
    name: str, variable: DefinedVariable, data: pl.DataFrame, single: list[Finding]
) -> list[pl.DataFrame]:
    column, kind = pl.col(variable.name), data.schema[variable.name]
    text = column.cast(pl.String)
    number = column.cast(pl.Float64, strict=False)  # 2.0 and 2 are one code
    whole = pl.when(number == number.round()).then(number.cast(pl.Int64, strict=False).cast(pl.String))
    found = []
    if variable.type in _NUMBERS and kind == pl.String:
        odd = data.filter(column.is_not_null() & (column != "") & column.cast(pl.Float64, strict=False).is_null())
        found.append(_rows(name, odd, variable.name, "define-type", f"is no {variable.type}, as define.xml says"))
    if variable.length is not None and kind == pl.String:
        long = int(data[variable.name].str.len_bytes().max() or 0)  # type: ignore[arg-type]  # a number of bytes
        if long > variable.length:
            words = f"{name}.{variable.name} is up to {long} bytes long, define.xml says {variable.length}"
            single.append(_said(name, "define-length", variable.name, words))
    if variable.terms is not None:
        known = list(variable.terms)
        coded = text.is_in(known) | whole.is_in(known).fill_null(value=False)
        odd = data.filter(column.is_not_null() & (text != "") & ~coded)
        words = f"is outside the code list {variable.codelist} of define.xml"
        found.append(_rows(name, odd, variable.name, "define-term", words))
    if variable.mandatory:
        empty = data.filter(column.is_null() | (text == ""))
        found.append(_rows(name, empty, variable.name, "define-mandatory", "is empty, define.xml says it is mandatory"))
    return found


def _rows(name: str, rows: pl.DataFrame, variable: str, rule: str, words: str) -> pl.DataFrame:
    said = shown_expr(pl.col(variable))
    return row_findings(
        rows,
        table=name,
        rule=rule,
        severity="warning",
        variable=variable,
        value=pl.col(variable),
        message=f"{name} row {{}}: {variable} '{{}}' {words}.",
        parts=[pl.col("SRCROW"), said],
    )


def _said(table: str, rule: str, variable: str | None, words: str) -> Finding:
    return Finding(table=table, rule=rule, severity="warning", variable=variable, message=f"{words}.")


def _variable(item: ET.Element, ref: ET.Element, lists: Mapping[str, tuple[str, tuple[str, ...]]]) -> DefinedVariable:
    coded = next((lists[e.get("CodeListOID", "")] for e in item if _tag(e) == "CodeListRef"
                  and e.get("CodeListOID", "") in lists), None)  # fmt: skip
    length = item.get("Length", "")
    return DefinedVariable(
        name=item.get("Name", "").upper(),
        label=_text(item),
        type=item.get("DataType", "text"),
        length=int(length) if re.fullmatch(r"\d{1,9}", length) else None,
        mandatory=ref.get("Mandatory") == "Yes",
        terms=coded[1] if coded else None,
        codelist=coded[0] if coded else "",
    )


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: ET.Element) -> str:
    description = next((e for e in element if _tag(e) == "Description"), None)
    return "" if description is None else "".join(description.itertext()).strip()
