"""What cells of a change say that is no name of a change: no mutation, no result, any residue."""

from __future__ import annotations

import polars as pl

from codon12.biomarker.calls.frame import call_classes
from codon12.biomarker.variants.genes import ACTIVATED
from codon12.records.findings import no_findings, row_findings

__all__ = ["classes_told", "open_changes", "with_any_residue", "without_mutation"]

_NO_MUTATION = (
    *("wt", "wild type", "wildtype", "negative", "neg", "none", "no", "absent", "normal", "not mutated", "unmutated"),
    *("not detected", "undetected", "none detected", "no mutation", "no mutation detected", "mutation not detected"),
)
"""What tables with a row a test write in place of a change where there is none."""
_ALTERED = (
    r"(?i)\b(?:mut\w*|pos\w*|detected|yes|altered|splic\w*|frame\w*|nonsense|missense|trunc\w*|del\w*|ins|insertion|"
    r"dup\w*|fusion|amp\w*)\b"
)


def with_any_residue(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave X for a residue open in genes that single residues activate: ``KRAS p.G12X`` is no stop.

    `rows` has GENE, PROTEIN, `given` (the cell), CLASSIFICATION and CONSEQUENCE.
    """
    last = pl.col("given").str.strip_chars_end(")")
    if not rows.select((last.str.ends_with("X") | last.str.ends_with("x")).any()).item():
        return rows
    said = pl.concat_str(["CLASSIFICATION", "CONSEQUENCE"], ignore_nulls=True).str.to_lowercase()
    held = pl.col("given").str.contains(r"(?i)^(?:p\.)?\(?(?:[A-Z]|[A-Z][a-z]{2})\d+X\)?$")
    held = held & pl.col("GENE").is_in(ACTIVATED) & ~said.str.contains("nonsense|stop_gained")
    stop = pl.col("PROTEIN").str.replace(r"\*$", "?")
    return rows.with_columns(PROTEIN=pl.when(held).then(stop).otherwise("PROTEIN"))


def without_mutation(rows: pl.DataFrame, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out rows whose cell says that there is no mutation (``wild type``), each with a finding.

    `rows` has `given`, `unread` (the cell names no change), CLASSIFICATION, GENE, SAMPLE and SRCROW.
    """
    if not rows["unread"].any():
        return rows, no_findings()
    plain = pl.col("given").str.to_lowercase().str.replace_all("[ _.-]+", " ").str.strip_chars()
    none = pl.col("unread") & pl.col("CLASSIFICATION").is_null() & plain.is_in(_NO_MUTATION)
    told = row_findings(
        rows.filter(none),
        table=name,
        rule="no-mutation",
        severity="note",
        variable="PROTEIN",
        value=pl.col("given"),
        message=f"{name} row {{}}: '{{}}' of {{}} in sample {{}} is no mutation and does not count.",
        parts=[pl.col("SRCROW"), *(pl.col(c).fill_null("?") for c in ("given", "GENE", "SAMPLE"))],
    )
    return rows.filter(~none.fill_null(value=False)), told


def classes_told(rows: pl.DataFrame) -> pl.Series:
    """Classes of calls (`call_classes`); none where the cell holds words that name no alteration: ``pending``."""
    if not rows["unread"].any():
        return call_classes(rows)
    wordless = pl.col("unread") & ~pl.col("given").str.contains(rf"\d|{_ALTERED}")
    wordless = wordless & pl.col("CLASSIFICATION").is_null() & pl.col("CONSEQUENCE").is_null()
    made = rows.with_columns(call_classes(rows))
    return made.select(CLASS=pl.when(~wordless.fill_null(value=False)).then("CLASS")).to_series()


def open_changes(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Changes that name a residue and not what became of it (``p.G12?``, ``p.G12``), and calls without any change."""
    half = pl.col("PROTEIN").str.contains(r"^p\.[A-Z*]\d+\??$") & (pl.col("PROTEIN") != "p.M1?")
    told = pl.format("'{}' does not say what became of the residue", "given")
    none = pl.col("PROTEIN").is_null() & pl.col("CLASS").is_null() & pl.col("GENE").is_not_null()
    return row_findings(
        rows.filter(half | none),
        table=name,
        rule="open-protein-change",
        severity="warning",
        variable="PROTEIN",
        value=pl.col("given"),
        message=f"{name} row {{}}: {{}}; questions about it stay open.",
        parts=[
            pl.col("SRCROW"),
            pl.when(half).then(told).otherwise(pl.format("no cell says what the change of {} is", "GENE")),
        ],
    )
