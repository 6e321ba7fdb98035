"""What is known only after time zero: subjects who entered late, and groups that form while time already runs."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.derive.context import Context
from codon12.derive.sample_dates import sampled_biomarkers
from codon12.evidence.frames import rows_of
from codon12.records import Study, findings_frame, no_findings, parse_dtc
from codon12.records.dates.cutoff import start_column
from codon12.records.findings import Finding, row_findings
from codon12.records.sql import expression
from codon12.survival import immortal_time

__all__ = ["time_zero_findings"]


def time_zero_findings(study: Study, context: Context, grouping: Sequence[str]) -> pl.DataFrame:
    """Findings on left truncation and immortal time; `grouping` are the columns of ADSL that analyses group by.

    ``entry-missing`` and ``entry-not-before-time``: in an endpoint with times of entry, a subject that has none, or
    whose time ended before it; such a subject was never seen at risk. ``immortal-time``: a covariate that an analysis
    groups by, or that a column it groups by is made of, was taken from rows dated after time zero; or a biomarker from
    samples taken after it (`date` of ``[assays]`` and ``[measures]``), unless subjects have times of entry. Partial
    dates count from their first day; rows without a date are not judged.
    """
    if "adtte" not in context.frames:
        return no_findings()
    adtte = rows_of(context.frames, "adtte")
    return pl.concat([_entries(adtte), *_immortal(study, context, adtte, grouping)])


def _entries(adtte: pl.LazyFrame) -> pl.DataFrame:
    if not adtte.select(pl.col("ENTRYMO").is_not_null().any()).collect().item():
        return no_findings()
    own = ["PARAMCD", "EVAL"]
    rows = adtte.filter(pl.col("ENTRYMO").is_not_null().any().over(own), pl.col("MONTHS").is_not_null()).collect()
    rules = (
        ("entry-missing", pl.col("ENTRYMO").is_null(), "has no time of entry"),
        ("entry-not-before-time", pl.col("ENTRYMO") >= pl.col("MONTHS"), "ended at or before entry"),
    )
    found = [no_findings()]
    for rule, bad, words in rules:
        part = rows.filter(bad)
        told = row_findings(
            part,
            table="ADTTE",
            rule=rule,
            severity="warning",
            variable="ENTRY",
            value=pl.col("ENTRYMO").round(3),
            message=f"{{}} {words}: never seen at risk, left out of it.",
            parts=[pl.col("PARAMCD")],
        )
        found.append(told.with_columns(TABLE=part["SRCDOM"].fill_null("ADTTE")))
    return pl.concat(found)


def _immortal(study: Study, context: Context, adtte: pl.LazyFrame, grouping: Sequence[str]) -> list[pl.DataFrame]:
    known = set(adtte.select(pl.col("PARAMCD").drop_nulls().unique()).collect()["PARAMCD"])
    endpoint = next((p for p in ("OS", "PFS") if p in known), min(known, default=""))
    times = adtte.filter(PARAMCD=endpoint).select("USUBJID", "MONTHS", "ENTRYMO").collect()
    times = times.drop_nulls("MONTHS").unique("USUBJID", keep="first", maintain_order=True)
    names = _grouped_by(context, grouping)
    found = []
    if context.is_filled("STARTDT"):
        for name in names:
            spec = context.config.covariates.get(name)
            rows = _dated(study, context, name) if spec is not None and spec.table else None
            if rows is not None:
                found += _finding(name, _table_of(context, name), rows, times, endpoint)
    if times["ENTRYMO"].is_null().all():  # those at risk from the sample on have no immortal time
        for name, table, rows in sampled_biomarkers(study, context, names):
            found += _finding(name, table, rows, times, endpoint)
    return [findings_frame(found)]


def _finding(name: str, table: str, rows: pl.DataFrame, times: pl.DataFrame, endpoint: str) -> list[Finding]:
    """Finding on a grouping whose rows, USUBJID and _BEGAN in months, lie after time zero; none where none does."""
    both = times.join(rows, on="USUBJID", how="left", maintain_order="left").drop_nulls("MONTHS")
    if not both.height:
        return []
    result = immortal_time(both["MONTHS"].to_numpy(), exposure_time=both["_BEGAN"])
    if not (result.late or result.impossible):
        return []
    return [
        Finding(
            table=table,
            variable=name,
            rule="immortal-time",
            severity="warning",
            value=str(result.late + result.impossible),
            message=f"{name} is taken from rows dated after time zero. In months to {endpoint}: {result.sentence()}",
        )
    ]


def _grouped_by(context: Context, grouping: Sequence[str]) -> list[str]:
    """Covariates and biomarkers on which a grouping restss, directly or through expressions."""
    covariates = {name.upper(): spec for name, spec in context.config.covariates.items()}
    waiting = [*grouping, *(s.variable for s in context.config.subgroups)]
    seen: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0).upper()
        spec = covariates.get(name)
        if spec is None or name in seen:
            continue
        seen[name] = None
        if spec.expression:
            waiting += expression(spec.expression, where=f"covariates.{name}").meta.root_names()
    return list(seen)


def _table_of(context: Context, name: str) -> str:
    return str(context.values(pl.col(f"{name}_SRCDOM").drop_nulls().first()).item())


def _dated(study: Study, context: Context, name: str) -> pl.DataFrame | None:
    """Months from time zero to the row that gave each subject its value: USUBJID, _BEGAN; None without dates."""
    row = f"{name}_SRCROW"
    if not context.is_filled(f"{name}_SRCDOM"):
        return None
    named = _table_of(context, name)
    frame = study.rows(named)
    column = start_column(named, study.columns(named))
    if column is None and frame.collect_schema().get("ADT") != pl.Date:
        return None
    date = parse_dtc(column, impute="first") if column else pl.col("ADT")
    own = context.values("USUBJID", "STARTDT", pl.col(row).cast(pl.Int64).alias("SRCROW")).drop_nulls()
    rows = frame.with_columns(pl.col("SRCROW").cast(pl.Int64)).join(own.lazy(), on="SRCROW", how="semi")
    dates = rows.select("SRCROW", date.alias("_DATE")).collect().unique("SRCROW", keep="first")
    months = (pl.col("_DATE") - pl.col("STARTDT")).dt.total_days() / context.month
    return own.join(dates, on="SRCROW", how="inner").select("USUBJID", _BEGAN=months.clip(lower_bound=0)).drop_nulls()
