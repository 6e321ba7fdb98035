"""One row a subject: resistance, time to it, survival from it, pattern, next therapy."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.derive.context import Context
from codon12.evidence.frames import columns_of, rows_of
from codon12.evidence.schema import slug
from codon12.resistance import next_therapy_times, survival_after, time_to_resistance
from codon12.resistance.clinical_facts import as_days, progressed
from codon12.resistance.patterns import oligo_column

__all__ = ["after_frame", "definition_column", "groupings_of"]


def definition_column(name: str) -> str:
    """Column that is Y for subjects that meet a definition, in all but confirmation where that is open."""
    return f"MET_{slug(name).upper()}"


def after_frame(context: Context, reader: str | None, definition: str) -> pl.DataFrame | None:
    """Rows of subjects with a progression or a response by one evaluator; None without records.

    USUBJID, PROGDT, RESISTFL (Y by the definition, in all but confirmation where that is open), TIMEMO (months from the
    first dose to the progression), RISKMO and CAUSE (responders: time and kind of the first event), MONTHS and EVENT
    (survival from the progression), PATTERN and the columns of oligoprogression, NEXT, BEYOND, LOCAL, NEXTMO and NEXTEV
    (progression-free survival on the next therapy), NEXTAT (its start, months from the first dose), ENDAT, source.
    """
    made = context.resistance
    if made is None or "resistance" not in context.frames:
        return None
    classified = rows_of(context.frames, "resistance")
    name = definition or context.config.resistance.definition
    made.definitions.definition(name)
    if reader is not None and "EVAL" in columns_of(context.frames, "resistance"):
        classified = classified.filter(pl.col("EVAL") == reader).drop("EVAL")
    rows = classified.filter(pl.col("DEFINITION") == name).collect()
    met = (pl.col("RESULT") == "meets") | (pl.col("ALL_BUT_CONFIRMATION") == "Y").fill_null(value=False)
    rows = rows.with_columns(
        RESISTFL=pl.when(met & pl.col("PROGDT").is_not_null()).then(pl.lit("Y")),
        TIMEMO=pl.col("PROGDY") / context.month,
    )
    people = made.records.subjects
    risk = time_to_resistance(rows, people, month=context.month).select("USUBJID", "CAUSE", RISKMO="MONTHS")
    progressed = rows.filter(pl.col("PROGDT").is_not_null())
    times = survival_after(progressed, people, month=context.month).select("USUBJID", "MONTHS", "EVENT")
    out = rows.select("USUBJID", "PROGDT", "BOR", "RESISTFL", "TIMEMO", "SRCDOM", "SRCROW")
    meets = classified.filter(met & pl.col("PROGDT").is_not_null()).select("USUBJID", "DEFINITION").collect()
    for one in made.definitions.definitions:
        own = meets.filter(pl.col("DEFINITION") == one.id)
        flag = own.select("USUBJID", pl.lit("Y").alias(definition_column(one.id)))
        out = out.join(flag, on="USUBJID", how="left", maintain_order="left")
    for part in (risk, times, _patterns(context, reader), _nexts(context, reader)):
        if part is not None:
            out = out.join(part, on="USUBJID", how="left", maintain_order="left")
    for column, kind in (("PATTERN", pl.String), ("NEXT", pl.String), ("BEYOND", pl.String), ("LOCAL", pl.String),
                         ("ENTRY", pl.Float64), ("NEXTMO", pl.Float64), ("NEXTEV", pl.Boolean)):  # fmt: skip
        if column not in out.columns:
            out = out.with_columns(pl.lit(None, kind).alias(column))
    first = people.select(pl.col("USUBJID").cast(pl.String), "TRTSDT")
    out = out.join(first, on="USUBJID", how="left", maintain_order="left").with_columns(
        NEXTAT=pl.when(pl.col("NEXTDY").is_not_null()).then(pl.col("TIMEMO") + pl.col("NEXTDY") / context.month)
        if "NEXTDY" in out.columns
        else pl.lit(None, pl.Float64),
        ENDAT=pl.col("TIMEMO") + pl.col("MONTHS"),
    )
    return out.filter(pl.col("PROGDT").is_not_null() | pl.col("CAUSE").is_not_null()).drop("TRTSDT")


def _patterns(context: Context, reader: str | None) -> pl.DataFrame | None:
    frame = context.frames.get("progression")
    if frame is None or context.resistance is None:
        return None
    frame = frame if reader is None or "EVAL" not in frame.columns else frame.filter(pl.col("EVAL") == reader)
    return frame.select("USUBJID", "PATTERN", *(oligo_column(o) for o in context.resistance.definitions.oligo))


def _nexts(context: Context, reader: str | None) -> pl.DataFrame | None:
    frame, made = context.frames.get("next_therapy"), context.resistance
    if frame is None or made is None:
        return None
    frame = frame if reader is None or "EVAL" not in frame.columns else frame.filter(pl.col("EVAL") == reader)
    frame = frame.drop("EVAL", strict=False)
    later = made.records.assessments.filter(
        progressed(pl.col("AVALC")), pl.col("PARAMCD").cast(pl.String).is_in(["OVRLRESP", "OVR"])
    )
    later = later if reader is None or "EVAL" not in later.columns else later.filter(pl.col("EVAL") == reader)
    times = next_therapy_times(frame, made.records.subjects, later, month=context.month)
    times = times.select("USUBJID", NEXTMO="MONTHS", NEXTEV="EVENT")
    out = frame.join(times, on="USUBJID", how="left", maintain_order="left")
    since = (as_days(out, "NEXTDT") - as_days(out, "PROGDT")).clip(lower_bound=0)  # a partial start is then
    return out.with_columns(NEXTDY=since).select("USUBJID", "NEXT", "BEYOND", "LOCAL", "NEXTMO", "NEXTEV", "NEXTDY")


def groupings_of(context: Context, rows: pl.DataFrame) -> Sequence[tuple[str, str]]:
    """Columns that survival from the progression is grouped by, with their words: organs, every oligo definition."""
    if context.resistance is None:
        return []
    found = [("PATTERN", "organs that progressed")]
    found += [(oligo_column(o), f"oligoprogression ({o.title})") for o in context.resistance.definitions.oligo]
    return [(c, w) for c, w in found if c in rows.columns and rows[c].is_not_null().any()]
