"""Evidence as the parts of a page: the report's own tables, figures and cards, with links to files made on demand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import polars as pl

from codon12.analyses import Evidence
from codon12.drawing.engine import FORMATS
from codon12.errors import DataError
from codon12.report.manifest import run_record
from codon12.report.pages import page_values
from codon12.report.part import Part
from codon12.report.write import part_of_page, table_on_page
from codon12.serve.holding import Holding, Say
from codon12.serve.settings import Settings

__all__ = ["TABLE_FORMATS", "named", "parts_of", "refuse_errors", "report_values"]

TABLE_FORMATS = ("csv", "xlsx", "docx", "rtf")


def refuse_errors(evidence: Evidence) -> None:
    """Show no number where the data leave no right answer, as `codon12 report` writes none.

    Raises
    ------
    DataError
        Findings of severity error exist.
    """
    found = evidence.frames.get("findings")
    errors = 0 if found is None else found.filter(pl.col("SEVERITY") == "error").height
    if errors:
        raise DataError(
            f"{errors:,} error{'s' if errors != 1 else ''} in the data leave no right answer, so that no number is "
            "shown; see the findings, and correct the data or map them in codon12.toml."
        )


def parts_of(
    holding: Holding, settings: Settings, only: Sequence[str] | None = None, say: Say = lambda _: None
) -> tuple[Evidence, list[Part]]:
    """Evidence by the settings, and its parts as the report shows them."""
    evidence = holding.evidence(settings, only, say)
    refuse_errors(evidence)
    rounding: Any = evidence.policies["rounding"]
    drawn = holding.figures(settings, only, say)
    pictures = {}
    for figure in drawn:
        say(f"Drawing {figure.title}")
        pictures[figure.name] = {"svg": holding.pictures.svg(figure.spec).encode()}
    parts = []
    for analysis in evidence.plan:
        table = table_on_page(evidence, analysis, rounding)
        part = part_of_page(evidence, analysis, table, drawn, pictures, (), rounding)
        if part is not None:
            parts.append(_linked(part, holding, settings))
    return evidence, parts


def _linked(part: Part, holding: Holding, settings: Settings) -> Part:
    """The part with addresses of its files."""
    tail = f"?{query}" if (query := settings.query_alone) else ""
    name = quote(part.name, safe="")
    figures = tuple(
        {
            **f,
            "files": [
                (x.upper(), f"/s/{holding.number}/figure/{name}/{quote(f['name'], safe='')}.{x}{tail}") for x in FORMATS
            ],
        }
        for f in part.figures
    )
    files = ()
    if part.table is not None:
        files = tuple((x.upper(), f"/s/{holding.number}/table/{name}.{x}{tail}") for x in TABLE_FORMATS)
    return dataclasses.replace(part, figures=figures, files=files)


def named(part: Part, prefix: str) -> Part:
    """The part under other names, so that a page may show it twice."""
    if not prefix:
        return part
    table = None if part.table is None else msgspec.structs.replace(part.table, name=prefix + part.table.name)
    figures = tuple({**f, "name": prefix + f["name"]} for f in part.figures)
    return dataclasses.replace(part, table=table, figures=figures)


def report_values(
    holding: Holding, settings: Settings, only: Sequence[str] | None = None, say: Say = lambda _: None
) -> dict[str, Any]:
    """What the report's template prints, of the whole plan or of some analyses."""
    evidence, parts = parts_of(holding, settings, only, say)
    record = run_record(evidence, options={"mask_ids": holding.mask_ids})
    return page_values(evidence, parts, record=record, rounding=evidence.policies["rounding"])
