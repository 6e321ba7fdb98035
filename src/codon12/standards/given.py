"""What the files of a study say of their own variables: labels of SAS files, Dataset-JSON and Define-XML."""

from __future__ import annotations

from pathlib import Path

import msgspec

from codon12.errors import InputError
from codon12.records import Study
from codon12.standards.define_read import Define, read_define

__all__ = ["GivenMetadata", "given_metadata"]


class GivenMetadata(msgspec.Struct, frozen=True):
    """Labels of data sets and variables, and the Define-XML they came with, where there is one."""

    titles: dict[str, str] = {}
    labels: dict[tuple[str, str], str] = {}
    define: Define | None = None


class _Named(msgspec.Struct):
    name: str
    label: str = ""


class _Head(msgspec.Struct):
    columns: list[_Named]
    label: str = ""


def given_metadata(study: Study) -> GivenMetadata:
    """Labels that the files of a study bring; Define-XML (``define.xml`` in the folder) goes before the files.

    Raises
    ------
    InputError
        ``define.xml`` is there and is no Define-XML.
    """
    titles: dict[str, str] = {}
    labels: dict[tuple[str, str], str] = {}
    for table, file, kind in study.sources.select("TABLE", "FILE", "FORMAT").iter_rows():
        title, said = _of_file(study.path / file, kind)
        if title:
            titles[table] = title
        labels |= {(table, name.upper()): label for name, label in said.items() if label}
    define = None
    path = study.path / "define.xml"
    if path.is_file():
        define = read_define(path)
        titles |= {n: d.label for n, d in define.datasets.items() if d.label}
        labels |= {
            (n, v.name): v.label for n, d in define.datasets.items() for v in d.variables.values() if v.label
        }
    return GivenMetadata(titles, labels, define)


def _of_file(path: Path, kind: str) -> tuple[str, dict[str, str]]:
    """Title and labels of one file; none where its format has none or they cannot be read apart from the data."""
    if kind in ("xpt", "sas7bdat"):
        import pyreadstat

        read = pyreadstat.read_xport if kind == "xpt" else pyreadstat.read_sas7bdat
        try:
            _, meta = read(str(path), metadataonly=True)
        except Exception:  # noqa: BLE001 - the reader of records has said what is wrong with the file
            return "", {}
        return meta.file_label or "", {k: v or "" for k, v in meta.column_names_to_labels.items()}
    if kind == "dataset-json" and path.suffix in (".json", ".ndjson"):
        text = path.read_bytes()
        try:
            head = msgspec.json.decode(text.partition(b"\n")[0] if path.suffix == ".ndjson" else text, type=_Head)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return "", {}
        return head.label, {c.name: c.label for c in head.columns}
    return "", {}


def require_define(study: Study) -> Define:
    """The Define-XML of a study's folder.

    Raises
    ------
    InputError
        There is none.
    """
    path = study.path / "define.xml"
    if not path.is_file():
        raise InputError(f"{study.path.name}: has no define.xml")
    return read_define(path)
