"""What the files of a study say of their own variables: labels of SAS files, Dataset-JSON and Define-XML."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from codon12.records import Study, findings_frame
from codon12.records.readers import ReadOptions, read_table
from codon12.standards.define_read import Define, define_findings, read_define

__all__ = ["GivenMetadata", "given_findings", "given_metadata"]


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
        labels |= {(n, v.name): v.label for n, d in define.datasets.items() for v in d.variables.values() if v.label}
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
        except msgspec.DecodeError:
            return "", {}
        return head.label, {c.name: c.label for c in head.columns}
    return "", {}


def given_findings(study: Study) -> pl.DataFrame:
    """Where the ``define.xml`` of a study's folder contradicts its files; no findings where there is none.

    The files are read once more as they are, for codon12 may know their tables and columns by other names.

    Raises
    ------
    InputError
        ``define.xml`` is no Define-XML.
    """
    path = study.path / "define.xml"
    if not path.is_file():
        return findings_frame([])
    define = read_define(path)
    tables = {}
    for table, file, kind in study.sources.select("TABLE", "FILE", "FORMAT").iter_rows():
        if kind == "toml" or table == "PROFILED":  # the configuration, and many small files that are no data set
            continue
        stem = Path(file).name.partition(".")[0].upper()
        raw = read_table(study.path / file, ReadOptions(table=table)).frame
        frame = raw.drop("SRCROW").rename(str.upper).with_columns(raw["SRCROW"]) if _apart(raw) else raw
        tables[stem if stem in define.datasets else table] = frame
    return define_findings(define, tables)


def _apart(frame: pl.DataFrame) -> bool:
    """Whether the names of the columns stay different in capitals."""
    names = [c.upper() for c in frame.columns]
    return len(set(names)) == len(names)
