"""``tlf/``: every table of the plan as a numbered output, with titles, footnotes, page x of y and a program line."""

from __future__ import annotations

import datetime as dt
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.analyses.kind import SECTIONS
from codon12.tables import Cell, Column, Row, Table, csv_text, docx_bytes, rtf_text

__all__ = ["numbered_tables", "write_tlf"]

_CHAPTERS = {"patients": "14.1", "safety": "14.3"}
"""Section of a report -> chapter of a clinical study report (ICH E3, section 14); all else is efficacy, 14.2."""


def write_tlf(evidence: Any, folder: Path, *, created: dt.datetime) -> dict[str, str]:
    """Write every table of a study and give the file of each analysis, as ``tlf/NAME.rtf``.

    ``t-14-2-1-response.rtf`` and so on; ``tlf.docx`` holds all of them; ``contents.rtf`` and ``contents.csv`` list
    number, title, population and file. Texts of the data are inert in every format.

    Raises
    ------
    UsageError
        rtflite or python-docx is not installed; the message says how to get it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = f"codon12 {metadata.version('codon12')}, {created:%Y-%m-%d %H:%M}"
    tables, files, rows = [], {}, []
    for number, analysis, table in numbered_tables(evidence):
        name = f"t-{number.replace('.', '-')}-{table.name}.rtf"
        titled = msgspec.structs.replace(table, title=f"Table {number}  {table.title}")
        program = f"Program: {made}; analysis {analysis.name} ({analysis.kind}). Data: {_data_of(evidence, analysis)}"
        (folder / name).write_text(rtf_text(titled, program=program), encoding="ascii", errors="replace")
        files[analysis.name] = f"tlf/{name}"
        tables.append(titled)
        rows.append(Row(f"Table {number}", tuple(Cell(text) for text in (table.title, table.population, name))))
    contents = Table(
        name="contents",
        title=f"Contents: {evidence.title}",
        columns=tuple(Column(label) for label in ("Title", "Population", "File")),
        rows=tuple(rows),
        stub="Number",
    )
    program = f"Program: {made}"
    (folder / "contents.rtf").write_text(rtf_text(contents, program=program), encoding="ascii", errors="replace")
    (folder / "contents.csv").write_text(csv_text(contents), encoding="utf-8", newline="\n")
    (folder / "tlf.docx").write_bytes(docx_bytes(tables, program=program))
    return files


def numbered_tables(evidence: Any) -> list[tuple[str, Any, Table]]:
    """Number, analysis and table of everything the plan shows as a table, by chapter and in the order of the plan."""
    rounding = (evidence.policies or {}).get("rounding")
    counts: dict[str, int] = {}
    out = []
    order = list(SECTIONS)
    for analysis in sorted(evidence.plan, key=lambda a: (_chapter(a), order.index(a.section))):
        if analysis.display not in ("table", "both"):
            continue
        own = evidence.numbers.filter(pl.col("analysis") == analysis.name)
        label = evidence.context.population_label(analysis.population)
        table = analysis.table(own, population=label, rounding=rounding)
        if table is None:
            continue
        chapter = _chapter(analysis)
        counts[chapter] = counts.get(chapter, 0) + 1
        out.append((f"{chapter}.{counts[chapter]}", analysis, table))
    return out


def _chapter(analysis: Any) -> str:
    return _CHAPTERS.get(analysis.section, "14.2")


def _data_of(evidence: Any, analysis: Any) -> str:
    """Data sets behind the numbers of an analysis, as exported."""
    frames = evidence.numbers.filter(pl.col("analysis") == analysis.name)["frame"].drop_nulls().unique().sort()
    return ", ".join(f.upper() for f in frames if f.startswith("ad")) or "ADSL"
