"""Findings as a file that a spreadsheet may open, and as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from codon12.figures.lettering import shown
from codon12.tables import inert

__all__ = ["write_findings", "write_findings_page"]


def write_findings(findings: pl.DataFrame | None, sources: pl.DataFrame | None, path: Path) -> None:
    """Write findings as CSV, with the file of each table, every text inert in a spreadsheet."""
    if findings is None:
        return
    files = None
    if sources is not None:
        files = sources.select("TABLE", "FILE").group_by("TABLE").agg(pl.col("FILE").unique().sort().str.join("; "))
    path.unlink(missing_ok=True)
    with path.open("ab") as file:
        for at in range(0, max(findings.height, 1), _AT_A_TIME):
            part = findings.slice(at, _AT_A_TIME)
            if files is not None:
                part = part.join(files, on="TABLE", how="left", maintain_order="left")
            texts = [_inert(part[c]) for c, kind in part.schema.items() if kind == pl.String]
            file.write(part.with_columns(texts).write_csv(include_header=at == 0).encode())


_AT_A_TIME = 100_000


def _inert(texts: pl.Series) -> pl.Series:
    """Texts that no spreadsheet runs; one that holds nothing but letters, digits and blanks is none."""
    odd = ~texts.str.contains(r"^[A-Za-z0-9][A-Za-z0-9 .,:;()%/_'+=<>-]*$").fill_null(value=True)
    odd |= texts.str.len_chars().fill_null(0) > _SHORT
    asked = texts.filter(odd)
    if asked.is_empty():
        return texts
    made = asked.map_elements(inert, return_dtype=pl.String, skip_nulls=True)
    return texts.clone().scatter(odd.arg_true(), made)


_SHORT = 1000
"""Letters of a text that is not cut."""


def write_findings_page(
    rules: Sequence[Mapping[str, Any]], path: Path, *, study: str, summary: str, refused: str | None = None
) -> None:
    """Write findings as one page that opens from disk: the rules with their counts, their first rows, what to do.

    Each of `rules` has severity, rule, table, file, findings (how many), subjects, remedy and first (rows of findings).
    Text of the data is inert in it.
    """
    import jinja2

    text = (resources.files("codon12.report") / "page" / "findings.html.j2").read_text(encoding="utf-8")
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)
    plain = [{**rule, "first": [{k: _plain(v) for k, v in row.items()} for row in rule["first"]]} for rule in rules]
    html = page.render(rules=plain, study=shown(study, 100), summary=summary, refused=refused)
    path.write_text(html, encoding="utf-8", newline="\n")


def _plain(value: object) -> object:
    return shown(value, 300) if isinstance(value, str) else value
