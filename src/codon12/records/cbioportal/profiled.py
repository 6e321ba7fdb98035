"""Which samples of a cBioPortal study were profiled, as its case lists, its MAF and its meta files say."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import msgspec
import polars as pl

from codon12.records.files.locate import Located
from codon12.records.findings import Finding

__all__ = ["PROFILED_SCHEMA", "Profiled", "profiled_samples", "read_keys"]

PROFILED_SCHEMA = pl.Schema(
    {
        "SAMPLE_ID": pl.String,
        "KIND": pl.String,
        "GENE_PANEL": pl.String,
        "SRCFILE": pl.String,
        "SRCDOM": pl.String,
        "SRCROW": pl.Int64,
    }
)
"""Columns of table PROFILED, one row a sample and kind of alteration (``mutation``, ``copy number``, ``fusion``) that a
list names. A row without a sample says which panel read all samples of its kind (``gene_panel`` of a meta file)."""

_LISTS = {
    "sequenced": ("mutation",),
    "cna": ("copy number",),
    "cnaseq": ("mutation", "copy number"),
    "3way_complete": ("mutation", "copy number"),
    "sv": ("fusion",),
    "fusion": ("fusion",),
}
_CATEGORIES = {
    "all_cases_with_mutation_data": "sequenced",
    "all_cases_with_cna_data": "cna",
    "all_cases_with_mutation_and_cna_data": "cnaseq",
    "all_cases_with_mutation_and_cna_and_mrna_data": "cnaseq",
    "all_cases_with_sv_data": "sv",
}
_KIND_OF_TABLE = {"MUTATIONS": "mutation", "CNA": "copy number", "SV": "fusion"}
_HEADER = re.compile(r"#\s*sequenced_samples\s*:(.*)", re.IGNORECASE)


class Profiled(msgspec.Struct, frozen=True, kw_only=True):
    """Table PROFILED and the files it came from."""

    frame: pl.DataFrame
    files: tuple[tuple[Path, int], ...]
    """File and the samples it names."""
    findings: tuple[Finding, ...] = ()


def read_keys(path: Path) -> dict[str, str]:
    """Keys of a meta file or case list, in lower case, and their values."""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def profiled_samples(folder: Path, located: list[Located]) -> Profiled | None:
    """Read ``case_lists/*.txt``, ``#sequenced_samples:`` of the MAF and ``gene_panel:`` of meta files; None without.

    A case list counts by the end of its stable_id, its category or its file name (``_sequenced``, ``_cna``,
    ``_cnaseq``, ``_sv``); others, such as ``_all``, say nothing of tests. A list without ids is a finding.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats": case lists, mutation data, gene panels.
    """
    rows: list[tuple[str | None, str, str | None, str, str, int]] = []
    files: list[tuple[Path, int]] = []
    findings = []
    for path in sorted((folder / "case_lists").glob("*.txt")):
        keys = read_keys(path)
        kinds = _kinds(keys, path)
        if not kinds:
            continue
        name = path.relative_to(folder).as_posix()
        ids = keys.get("case_list_ids", "").split()
        if not ids:
            findings.append(_no_ids(name))
        files.append((path, len(ids)))
        rows += [(s, kind, None, name, "PROFILED", i) for kind in kinds for i, s in enumerate(ids, 1)]
    for entry in located:
        if entry.table == "MUTATIONS":
            ids = _sequenced(entry.path)
            name = entry.path.relative_to(folder).as_posix()
            rows += [(s, "mutation", None, name, "PROFILED", i) for i, s in enumerate(ids, 1)]
            if ids:
                files.append((entry.path, len(ids)))
    panels: dict[str, str] = {}
    for path in sorted(folder.glob("meta_*.txt")):
        keys = read_keys(path)
        panel, table = keys.get("gene_panel"), _table_of(keys, located)
        if panel and table:
            if panels.setdefault(table, panel) != panel:
                findings.append(_another_panel(path.name, table, panel, panels[table]))
            rows.append((None, _KIND_OF_TABLE[table], panel, path.name, "PROFILED", 0))
            files.append((path, 0))
    if not rows and not findings:
        return None
    frame = pl.DataFrame(rows, schema=PROFILED_SCHEMA, orient="row")
    return Profiled(frame=frame, files=tuple(files), findings=tuple(findings))


def _another_panel(name: str, table: str, panel: str, first: str) -> Finding:
    return Finding(
        table=table,
        rule="several-panels-in-meta-files",
        severity="warning",
        variable="gene_panel",
        value=panel,
        message=f"{name}: gene_panel {panel}, and {first} in another meta file of {table}; {first} counts.",
    )


def _kinds(keys: dict[str, str], path: Path) -> tuple[str, ...]:
    category = _CATEGORIES.get(keys.get("case_list_category", "").lower())
    if category is not None:
        return _LISTS[category]
    for name in (keys.get("stable_id", ""), path.stem):
        for end, kinds in _LISTS.items():
            if name.lower().endswith(f"_{end}"):
                return kinds
    return ()


def _sequenced(path: Path) -> list[str]:
    """Samples that the comment lines of a MAF name."""
    ids: list[str] = []
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8-sig", "replace")
            if not text.startswith("#"):
                if text.strip():
                    break
                continue
            found = _HEADER.match(text)
            if found:
                ids += found[1].split()
    return ids


def _table_of(keys: dict[str, str], located: list[Located]) -> str | None:
    """Table whose file a meta file describes."""
    name = keys.get("data_filename")
    return next((e.table for e in located if e.path.name == name and e.table in _KIND_OF_TABLE), None)


def _no_ids(name: str) -> Finding:
    return Finding(
        table="PROFILED",
        rule="case-list-empty",
        severity="warning",
        value=name,
        message=f"{name} names no samples (case_list_ids); who was profiled is not known from it.",
    )
