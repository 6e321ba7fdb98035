"""Evidence as the parts of a page: the report's own tables, figures and cards, with links to files made on demand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import polars as pl
from markupsafe import Markup

from codon12.analyses import Evidence
from codon12.drawing.engine import FORMATS
from codon12.errors import DataError
from codon12.report.manifest import run_record
from codon12.report.pages import page_values
from codon12.report.part import Part
from codon12.report.write import part_of_page, table_on_page
from codon12.serve.holding import Holding, Say
from codon12.serve.settings import Settings

__all__ = ["TABLE_FORMATS", "live", "named", "parts_of", "refuse_errors", "report_values"]

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
    pictures = {f.name: {"svg": (holding.pictures.ready(f.spec) or "").encode()} for f in drawn}
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
            "later": f"/s/{holding.number}/drawn/{name}/{quote(f['name'], safe='')}{tail}",
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
    figures = tuple(
        {**f, "name": prefix + f["name"], "later": f"{f['later']}{'&' if '?' in f['later'] else '?'}as={prefix}"}
        for f in part.figures
    )
    return dataclasses.replace(part, table=table, figures=figures)


def live(part: dict[str, Any]) -> dict[str, Any]:
    """The part as its template prints it, with a place for each figure that is not drawn yet.

    The page comes with its numbers and asks for the drawings; without scripts the browser does.
    """
    for figure in part["figures"]:
        if not figure["svg"]:
            address, file = figure["later"], dict(figure["files"])["SVG"]
            figure["svg"] = Markup(
                '<div class="later" data-src="{}">Being drawn<noscript><img loading="lazy" src="{}" '
                'alt="{}"></noscript></div>'
            ).format(address, file, figure["title"])
    return part


def report_values(
    holding: Holding, settings: Settings, only: Sequence[str] | None = None, say: Say = lambda _: None
) -> dict[str, Any]:
    """What the report's template prints, of the whole plan or of some analyses."""
    evidence, parts = parts_of(holding, settings, only, say)
    record = run_record(evidence, options={"mask_ids": holding.mask_ids})
    values = page_values(evidence, parts, record=record, rounding=evidence.policies["rounding"])
    for section in values["sections"]:
        section["parts"] = [live(p) for p in section["parts"]]
    return values
