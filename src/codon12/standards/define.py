"""Define-XML 2.1 of a folder of data sets: variables, value level, code lists, derivations and where they came from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from codon12.standards.datasets import Dataset
from codon12.standards.define_lists import CodeTerms, code_lists
from codon12.standards.define_values import ValueItem, number_lengths, text_type, value_items
from codon12.standards.metadata import Column, adam_table

__all__ = ["write_define"]

_ODM = "http://www.cdisc.org/ns/odm/v1.3"
_DEF = "http://www.cdisc.org/ns/def/v2.1"
_XLINK = "http://www.w3.org/1999/xlink"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_define(
    data: Sequence[Dataset],
    path: Path,
    *,
    study: str,
    title: str,
    files: Mapping[str, str],
    created: dt.datetime,
    methods: Mapping[str, str] | None = None,
    numeric_dates: bool = True,
) -> None:
    """Write the Define-XML 2.1 of data sets of one standard.

    Parameters
    ----------
    data
        Data sets, all SDTM or all ADaM, in the order they are listed.
    study, title
        Identifier and name of the study.
    files
        File of each data set, beside the Define-XML.
    created
        Date of the document; the same data and date give the same bytes.
    methods
        Data set -> sentences of the policy by which its values were derived: the derivation of its value level.
    numeric_dates
        Whether dates are numbers with a format, as in SAS files; else they are ISO 8601.

    Notes
    -----
    Source: CDISC Define-XML 2.1, section 5. Value-level metadata: AVAL and AVALC by PARAMCD; in SDTM results by test,
    QVAL by QNAM and TSVAL by TSPARMCD.
    """
    ET.register_namespace("", _ODM)
    ET.register_namespace("def", _DEF)
    ET.register_namespace("xlink", _XLINK)
    version = _Writer(data, study, dict(methods or {}), numeric_dates=numeric_dates)
    root = version.document(title, files, created)
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _clean(text: object) -> str:
    return _NOT_XML.sub("\ufffd", str(text))


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: object) -> ET.Element:
    """Add an element; ``def_X`` and ``xlink_X`` are attributes of those name spaces, None is left out."""
    element = ET.SubElement(parent, _name(tag))
    for key, value in attributes.items():
        if value is not None:
            element.set(_attribute(key), _clean(value))
    if text is not None:
        element.text = _clean(text)
    return element


def _name(tag: str) -> str:
    return f"{{{_DEF}}}{tag[4:]}" if tag.startswith("def_") else f"{{{_ODM}}}{tag}"


def _attribute(key: str) -> str:
    for prefix, space in (("def_", _DEF), ("xlink_", _XLINK)):
        if key.startswith(prefix):
            return f"{{{space}}}{key.removeprefix(prefix)}"
    return key


def _describe(parent: ET.Element, text: str) -> None:
    description = _add(parent, "Description")
    translated = _add(description, "TranslatedText", text)
    translated.set("{http://www.w3.org/XML/1998/namespace}lang", "en")


class _Writer:
    """One MetaDataVersion; its parts are gathered first, for the order of the document is not that of the data."""

    def __init__(self, data: Sequence[Dataset], study: str, methods: dict[str, str], *, numeric_dates: bool) -> None:
        self.data, self.study, self.numeric_dates = data, study, numeric_dates
        self.policies = methods
        self.standard = data[0].standard if data else "ADaM"
        self.values: dict[tuple[str, str], list[ValueItem]] = {}
        self.lists: dict[tuple[str, str], CodeTerms] = {}
        self.methods: dict[str, tuple[str, str]] = {}
        for one in data:
            for item in value_items(one):
                self.values.setdefault((one.name, item.variable), []).append(item)
            self.lists |= {(one.name, variable): terms for variable, terms in code_lists(one).items()}

    def document(self, title: str, files: Mapping[str, str], created: dt.datetime) -> ET.Element:
        root = ET.Element(_name("ODM"))
        when = created.strftime("%Y-%m-%dT%H:%M:%S")
        oid = f"codon12/{self.study}/{self.standard}"
        said = {
            "FileType": "Snapshot", "FileOID": oid, "ODMVersion": "1.3.2", "CreationDateTime": when,
            "Originator": "codon12", "SourceSystem": "codon12", "SourceSystemVersion": metadata.version("codon12"),
            "def_Context": "Other",
        }  # fmt: skip
        for key, value in said.items():
            root.set(_attribute(key), _clean(value))
        study = _add(root, "Study", OID=f"STDY.{self.study}")
        names = _add(study, "GlobalVariables")
        for tag, text in (("StudyName", self.study), ("StudyDescription", title), ("ProtocolName", self.study)):
            _add(names, tag, text)
        version = _add(
            study,
            "MetaDataVersion",
            OID=f"MDV.{self.study}.{self.standard}",
            Name=f"{self.study}, {self.standard}",
            Description=f"Data definitions of {self.standard} data sets",
            def_DefineVersion="2.1.0",
        )
        self._standards(version)
        self._value_lists(version)
        for one in self.data:
            self._group(version, one, files[one.name])
        for one in self.data:
            for column in one.columns:
                self._item(version, one, column)
            for item in (i for k, found in self.values.items() if k[0] == one.name for i in found):
                self._value_item(version, one, item)
        self._codelists(version)
        for key, (name, text) in self.methods.items():
            _describe(_add(version, "MethodDef", OID=key, Name=name, Type="Computation"), text)
        return root

    def _standards(self, version: ET.Element) -> None:
        said = adam_table().standard
        guide, number = ("ADaMIG", said.adam) if self.standard == "ADaM" else ("SDTMIG", said.sdtm)
        standards = _add(version, "def_Standards")
        _add(standards, "def_Standard", OID="STD.1", Name=guide, Type="IG", Version=number, Status="Final")
        _add(
            standards, "def_Standard", OID="STD.2", Name="CDISC/NCI", Type="CT", PublishingSet=self.standard,
            Version=said.terminology, Status="Final",
        )  # fmt: skip

    def _value_lists(self, version: ET.Element) -> None:
        for (name, variable), items in self.values.items():
            held = _add(version, "def_ValueListDef", OID=f"VL.{name}.{variable}")
            for at, item in enumerate(items, 1):
                method = self._policy_method(name)
                ref = _add(held, "ItemRef", ItemOID=item.oid, OrderNumber=at, Mandatory="No", MethodOID=method)
                _add(ref, "def_WhereClauseRef", WhereClauseOID=item.where)
        done = set()
        for items in self.values.values():
            for item in items:
                if item.where in done:
                    continue
                done.add(item.where)
                clause = _add(version, "def_WhereClauseDef", OID=item.where)
                key = f"IT.{item.dataset}.{item.by}"
                check = _add(clause, "RangeCheck", SoftHard="Soft", def_ItemOID=key, Comparator="EQ")
                _add(check, "CheckValue", item.value)

    def _policy_method(self, name: str) -> str | None:
        if name not in self.policies:
            return None
        oid = f"MT.{name}.POLICY"
        self.methods[oid] = (f"How the values of {name} are derived", self.policies[name])
        return oid

    def _group(self, version: ET.Element, one: Dataset, file: str) -> None:
        single = one.keys == ("STUDYID", "USUBJID") or one.name == "DM"
        group = _add(
            version,
            "ItemGroupDef",
            OID=f"IG.{one.name}",
            Name=one.name,
            Repeating="No" if single else "Yes",
            IsReferenceData="Yes" if one.class_ == "TRIAL DESIGN" else "No",
            SASDatasetName=one.name,
            Domain=one.name if self.standard == "SDTM" else None,
            Purpose="Analysis" if self.standard == "ADaM" else "Tabulation",
            def_Structure=one.structure,
            def_StandardOID="STD.1",
            def_ArchiveLocationID=f"LF.{one.name}",
        )
        _describe(group, one.label)
        for at, column in enumerate(one.columns, 1):
            _add(
                group,
                "ItemRef",
                ItemOID=f"IT.{one.name}.{column.name}",
                OrderNumber=at,
                Mandatory="Yes" if column.name in ("STUDYID", "USUBJID") else "No",
                KeySequence=one.keys.index(column.name) + 1 if column.name in one.keys else None,
                MethodOID=self._method(one, column),
            )
        held = _add(group, "def_Class", Name=one.class_)
        if one.subclass:
            _add(held, "def_SubClass", Name=one.subclass)
        leaf = _add(group, "def_leaf", ID=f"LF.{one.name}", xlink_href=file)
        _add(leaf, "def_title", file)

    def _method(self, one: Dataset, column: Column) -> str | None:
        if column.origin != "Derived" or not column.derivation:
            return None
        oid = f"MT.{one.name}.{column.name}"
        self.methods[oid] = (f"Derivation of {one.name}.{column.name}", column.derivation)
        return oid

    def _type(self, one: Dataset, column: Column) -> dict[str, Any]:
        """Data type, length and format as Define-XML has them."""
        if column.type in ("date", "datetime"):
            if self.numeric_dates:
                return {"DataType": "integer", "Length": 8, "def_DisplayFormat": column.format}
            return {"DataType": column.type}
        if column.type == "text":
            kind = text_type(one.frame[column.name], column.name)
            return {"DataType": kind, "Length": column.length if kind == "text" else None}
        length, digits = number_lengths(one.frame[column.name])
        return {
            "DataType": column.type,
            "Length": length,
            "SignificantDigits": digits if column.type == "float" else None,
        }

    def _item(self, version: ET.Element, one: Dataset, column: Column) -> None:
        item = _add(
            version, "ItemDef", OID=f"IT.{one.name}.{column.name}", Name=column.name, SASFieldName=column.name,
            **self._type(one, column),
        )  # fmt: skip
        _describe(item, column.label)
        if (one.name, column.name) in self.lists:
            _add(item, "CodeListRef", CodeListOID=f"CL.{one.name}.{column.name}")
        source = None if column.origin == "Predecessor" else ("Sponsor" if column.origin != "Collected" else None)
        origin = _add(item, "def_Origin", Type=column.origin, Source=source or _collected(column))
        if column.predecessor:
            _describe(origin, column.predecessor)
        if (one.name, column.name) in self.values:
            _add(item, "def_ValueListRef", ValueListOID=f"VL.{one.name}.{column.name}")

    def _value_item(self, version: ET.Element, one: Dataset, value: ValueItem) -> None:
        item = _add(
            version, "ItemDef", OID=value.oid, Name=value.variable, SASFieldName=value.variable,
            DataType=value.type, Length=value.length, SignificantDigits=value.digits,
        )  # fmt: skip
        _describe(item, value.label)
        if (one.name, value.variable) in self.lists and self.standard == "ADaM":
            _add(item, "CodeListRef", CodeListOID=f"CL.{one.name}.{value.variable}")
        _add(
            item,
            "def_Origin",
            Type="Derived" if self.standard == "ADaM" else "Collected",
            Source="Sponsor" if self.standard == "ADaM" else "Investigator",
        )

    def _codelists(self, version: ET.Element) -> None:
        for (name, variable), terms in self.lists.items():
            kind = next(o for o in self.data if o.name == name).column(variable).type
            held = _add(
                version,
                "CodeList",
                OID=f"CL.{name}.{variable}",
                Name=terms.name,
                DataType="text" if kind == "text" else kind,
                def_StandardOID="STD.2" if terms.code else None,
                def_IsNonStandard=None if terms.code else "Yes",
            )
            decoded = any(d for _, d in terms.items)
            for at, (value, meaning) in enumerate(terms.items, 1):
                own = "Yes" if value in terms.extended else None
                element = _add(
                    held, "CodeListItem" if decoded else "EnumeratedItem",
                    CodedValue=value, OrderNumber=at, def_ExtendedValue=own,
                )  # fmt: skip
                if decoded:
                    decode = _add(element, "Decode")
                    text = _add(decode, "TranslatedText", meaning or value)
                    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
            if terms.code:
                _add(held, "Alias", Context="nci:ExtCodeID", Name=terms.code)


def _collected(column: Column) -> str | None:
    return "Investigator" if column.origin == "Collected" else None
