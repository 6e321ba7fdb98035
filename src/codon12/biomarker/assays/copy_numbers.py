"""What a copy-number table holds, and what it leaves open: a cell without a level says nothing of its gene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from codon12.biomarker.assays.assay import Assay, Reach
from codon12.biomarker.assays.tests import TEST_SCHEMA, frame_of_tests
from codon12.biomarker.calls.cbioportal import (
    LEVELS,
    copy_number_levels,
    level_words,
    long_copy_number,
    sample_columns,
    sample_subjects,
    with_own_names,
)
from codon12.biomarker.variants.genes import current_symbols
from codon12.records.study import Study

__all__ = ["copy_number_gaps", "copy_number_genes"]


def copy_number_genes(study: Study, tests: pl.DataFrame) -> dict[str, set[str]]:
    """Genes of which the copy-number table holds a level, by the assay of the samples that have one."""
    read = _tests(study, tests)
    if not read.height:
        return {}
    table = _table(study)
    long = long_copy_number(table)
    if long is not None:
        known = copy_number_levels(table).filter(pl.col("level").is_in(LEVELS)).join(read, on="SAMPLE")
        return {str(name): set(part["GENE"].drop_nulls()) for (name,), part in known.group_by("ASSAY")}
    symbol, samples = sample_columns(table)
    genes, out = table.select(current_symbols(pl.col(symbol))).to_series(), {}
    for (name,), part in read.group_by("ASSAY"):
        own = sorted(set(part["SAMPLE"].drop_nulls()) & set(samples))
        known = pl.repeat(value=False, n=table.height, eager=True)
        for columns in _batches(own):
            known |= _are_read(table, columns).select(pl.any_horizontal(pl.all())).to_series()
            if known.all():
                break
        out[str(name)] = set(genes.filter(known).drop_nulls())
    return out


def copy_number_gaps(study: Study, tests: pl.DataFrame, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """Tests, one a sample and gene within reach of its assay, whose cell holds no level.

    A missing cell is ``not tested``, a text that is no level ``indeterminate``.
    """
    read = _tests(study, tests)
    if not read.height:
        return pl.DataFrame(schema=TEST_SCHEMA)
    cells = _unread(_table(study)).join(read, on="SAMPLE", how="inner", maintain_order="left")
    pairs = cells.select("ASSAY", "GENE").unique().drop_nulls()
    seen = [
        (name, gene)
        for name, gene in pairs.iter_rows()
        if name in assays and assays[name].covers(Reach(gene=gene, kind="copy number"))
    ]
    within = pl.DataFrame(seen, schema={"ASSAY": pl.String, "GENE": pl.String}, orient="row")
    odd = pl.col("level").is_not_null()
    rows = cells.join(within, on=["ASSAY", "GENE"], how="semi", maintain_order="left").with_columns(
        TARGET=pl.format("{} copy number", "GENE"),
        STATE=pl.when(odd).then(pl.lit("indeterminate")).otherwise(pl.lit("not tested")),
        REASON=pl.when(odd).then(pl.format("reported as {}", "level")),
    )
    return frame_of_tests(rows)


def _unread(table: pl.DataFrame) -> pl.DataFrame:
    """GENE, SAMPLE, level of the cells that hold no level; whole columns and rows without one are looked at no more."""
    if long_copy_number(table) is None:
        symbol, samples = sample_columns(table)
        rows, some = pl.repeat(value=False, n=table.height, eager=True), []
        for columns in _batches(samples):
            gaps = _are_read(table, columns).select(~pl.all())
            open_ = [c for c, any_ in zip(columns, gaps.select(pl.all().any()).row(0), strict=True) if any_]
            if open_:
                rows |= gaps.select(pl.any_horizontal(open_)).to_series()
                some += open_
        table = table.filter(rows).select(symbol, *some)
    levels = copy_number_levels(table)
    return levels.filter(~pl.col("level").is_in(LEVELS).fill_null(value=False)).select("GENE", "SAMPLE", "level")


_TOGETHER = 500
"""Columns that are looked at in one pass."""


def _batches(columns: Sequence[str]) -> Iterator[list[str]]:
    """Give columns a few hundred at a time: one pass each, and no frame of the whole table."""
    yield from (list(columns[i : i + _TOGETHER]) for i in range(0, len(columns), _TOGETHER))


def _are_read(table: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Whether each cell holds a level."""
    cells = table.select(pl.col(columns).cast(pl.String))
    words = level_words(pl.concat(cells.get_columns()).unique())
    known = [cell for cell, level in words.items() if level in LEVELS]
    return cells.select(pl.all().is_in(known).fill_null(value=False))


def _table(study: Study) -> pl.DataFrame:
    return with_own_names(study.table("CNA"), sample_subjects(study))


def _tests(study: Study, tests: pl.DataFrame) -> pl.DataFrame:
    """Tests of copy numbers as a whole, where the study has a table of them."""
    if not study.has("CNA"):
        return tests.clear()
    whole = tests.filter(pl.col("KIND").eq("copy number").fill_null(value=True) & pl.col("TARGET").is_null())
    return whole.with_columns(KIND=pl.lit("copy number")).unique(maintain_order=True)
