"""When the samples behind a biomarker were taken, where the configuration names the column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.records import Study, parse_dtc
from codon12.records.columns import number
from codon12.records.config import CONFIG_FILE
from codon12.records.config.biomarkers import Biomarker
from codon12.records.sql import evaluate

__all__ = ["sampled_biomarkers"]


def sampled_biomarkers(study: Study, context: Context, names: Sequence[str]) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Biomarkers among `names` whose samples are dated: name, table, and USUBJID with _BEGAN, months from time zero.

    Of a subject with several samples the first counts: from it on the answer may have been known. Subjects without an
    answer have no row.

    Raises
    ------
    ConfigError
        ``date`` names a column, or a table, that is not there.
    """
    entries = {name.upper(): entry for name, entry in context.config.biomarkers.items()}
    for name in names:
        if name not in entries:
            continue
        places = list(dict.fromkeys(_places(entries, name, context)))
        if not places:
            continue
        known = context.subjects.filter(pl.col(name).is_not_null()).select("USUBJID").collect()
        rows = pl.concat([_months(study, context, *place) for place in places])
        first = rows.drop_nulls().group_by("USUBJID").agg(pl.col("_BEGAN").min()).sort("USUBJID")
        yield name, places[0][1], first.join(known, on="USUBJID", how="semi")


def _places(
    entries: dict[str, str | Biomarker], name: str, context: Context
) -> Iterator[tuple[str, str, str | None, str]]:
    """Key, table, predicate and column of the dates that a biomarker rests on."""
    entry = entries[name]
    asked = Biomarker(question=entry) if isinstance(entry, str) else entry
    for part in asked.cross:
        yield from _places(entries, part.upper(), context)
    question = (asked.question or "").upper()
    measures = context.config.measures
    scored = [m for m in measures if m == asked.measure or question.startswith(measures[m].kind)]
    for own in scored:
        source = measures[own]
        if source.date:
            yield f"measures.{own}", source.table.upper(), source.where, source.date
    if not scored and not asked.cross:
        for own, assay in context.config.assays.items():
            if assay.date:
                yield f"assays.{own}", (assay.table or "SAMPLE").upper(), assay.where, assay.date


def _months(study: Study, context: Context, key: str, table: str, where: str | None, column: str) -> pl.DataFrame:
    """USUBJID, _BEGAN: months from time zero to each sample, 0 for those before it; null where not known."""
    at = f"{CONFIG_FILE}, [{key}] date"
    if not study.has(table):
        raise ConfigError(f"{at}: there is no table {table}")
    frame = study.table(table)
    name = column if column in frame.columns else column.upper()
    if name not in frame.columns or "USUBJID" not in frame.columns:
        raise ConfigError(f"{at}: table {table} has no column {column}; it has {', '.join(frame.columns[:40])}")
    if where is not None:
        frame = frame.filter(evaluate(frame, where, where=f"{CONFIG_FILE}, [{key}] where").fill_null(value=False))
    rows = frame.select("USUBJID", _TEXT=pl.col(name).cast(pl.String))
    if "STARTDT" in context.variables:
        rows = rows.join(context.values("USUBJID", "STARTDT"), on="USUBJID", how="left", maintain_order="left")
    else:
        rows = rows.with_columns(STARTDT=pl.lit(None, pl.Date))
    dated = (parse_dtc("_TEXT", impute="first") - pl.col("STARTDT")).dt.total_days().cast(pl.Float64)
    days = pl.when(pl.col("_TEXT").str.contains("^[0-9]{4}-")).then(dated).otherwise(number(pl.col("_TEXT")))
    return rows.select("USUBJID", _BEGAN=(days / context.month).clip(lower_bound=0))
