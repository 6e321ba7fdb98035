"""The scores of a study: PD-L1, mutational burden, microsatellites; answers and categories of whole columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.calls.samples import normal_samples
from codon12.biomarker.scores.burden import tumour_mutational_burden
from codon12.biomarker.scores.cutoffs import ExpressionCutoffs, expression_category
from codon12.biomarker.scores.joint import read_joint_score
from codon12.biomarker.scores.measure import Measure, microsatellite_state, repair_state, scales_of
from codon12.errors import ConfigError, UsageError
from codon12.records.config import CONFIG_FILE
from codon12.records.config.biomarkers import MeasureSource
from codon12.records.findings import Finding, findings_frame, no_findings, row_findings, shown_expr
from codon12.records.sql import evaluate
from codon12.records.study import Study
from codon12.records.terms.scores import MISSING, SCORE_SCHEMA, read_scores

__all__ = ["SCORES_SCHEMA", "score_categories", "score_values", "study_scores"]

SCORES_SCHEMA = pl.Schema(
    {
        "USUBJID": pl.String,
        "MEASURE": pl.String,
        "KIND": pl.String,
        "VALUE": pl.String,
        "ASSAY": pl.String,
        "SCALE": pl.String,
        "PROBLEM": pl.String,
        "SRCDOM": pl.String,
        "SRCROW": pl.Int64,
    }
)
"""Columns of a scores frame: one row a score as reported; MEASURE is its name in ``[measures]``, PROBLEM why a text was
not read."""


def study_scores(
    study: Study, *, calls: pl.DataFrame, tests: pl.DataFrame, assays: Mapping[str, Assay]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the scores that ``[measures]`` names, and findings for the texts that are none.

    Returns
    -------
    tuple
        A frame of `SCORES_SCHEMA`, and findings: a score that cannot be read, or lies outside its scale, stays in the
        frame with its PROBLEM and answers nothing.

    Raises
    ------
    ConfigError
        No such table or column.
    """
    parts, found = [pl.DataFrame(schema=SCORES_SCHEMA)], [no_findings()]
    for name, source in study.config.measures.items():
        rows = _counted(name, calls, tests, assays) if source.value is None else _read(study, name, source)
        parts.append(rows)
        files = dict(study.sources.select("TABLE", "FILE").iter_rows())
        table = source.table.upper()
        found.append(
            row_findings(
                rows.filter(pl.col("PROBLEM").is_not_null()),
                table=table,
                rule="score-unread",
                severity="warning",
                variable=source.value,
                value=pl.col("VALUE"),
                message=f"{files.get(table, table)}, row {{}}: {{}}; the score is left out.",
                parts=[pl.col("SRCROW"), shown_expr(pl.col("PROBLEM"), limit=200)],
            )
        )
        found += [_as_fractions(rows, source, files.get(table, table)), _of_another_scale(name, source)]
    return pl.concat(parts), pl.concat(found)


def _of_another_scale(name: str, source: MeasureSource) -> pl.DataFrame:
    """A finding where the assay that is named does not report on the scale that is named."""
    own = scales_of(source.assay) if source.kind == "PD-L1" else ()
    scale = source.scale or "TPS"
    if not own or scale in (*own, "TC/IC"):
        return no_findings()
    says = (
        f"{CONFIG_FILE}, measures.{name}: {source.assay} reports {' and '.join(own)}, not {scale}; scales are not "
        f"converted: the scores count as {scale} here, and answer nothing in a match of therapies."
    )
    return findings_frame(
        [Finding(table=source.table.upper(), rule="scale-of-assay", severity="warning", variable=source.value,
                 message=says)]
    )  # fmt: skip


def _as_fractions(rows: pl.DataFrame, source: MeasureSource, file: str) -> pl.DataFrame:
    """A finding where all numbers of an expression score lie from 0 to 1: they may be fractions, not percent."""
    numbers = score_values(rows)["VALUE"] if source.kind == "PD-L1" else pl.Series([], dtype=pl.Float64)
    between = numbers.filter((numbers > 0) & (numbers < 1))
    if not between.len() or numbers.filter(numbers > 1).len():
        return no_findings()
    says = (
        f"{file}: all {numbers.len()} numbers of {source.value} lie from 0 to 1; they were read as percent, so that "
        "none reaches more than 1 %."
    )
    told = Finding(
        table=source.table.upper(),
        rule="score-may-be-fraction",
        severity="warning",
        variable=source.value,
        message=says,
    )
    return findings_frame([told])


def _read(study: Study, name: str, source: MeasureSource) -> pl.DataFrame:
    where, table = f"{CONFIG_FILE}, key measures.{name}", source.table.upper()
    if not study.has(table):
        raise ConfigError(f"{where}.table: no table {table}; there are {', '.join(sorted(study.tables))}")
    frame = study.table(table)
    column = next((c for c in frame.columns if c.upper() == (source.value or "").upper()), None)
    if column is None or "USUBJID" not in frame.columns:
        raise ConfigError(
            f"{where}.value: table {table} needs USUBJID and {source.value}; it has {', '.join(frame.columns)}"
        )
    if source.where is not None:
        frame = frame.filter(evaluate(frame, source.where, where=f"{where}.where"))
    given = frame.filter(pl.col(column).is_not_null())
    if table == "SAMPLE" and "SAMPLE_ID" in given.columns:
        normal, _ = normal_samples(study)
        given = given.filter(~pl.col("SAMPLE_ID").is_in(normal["SAMPLE"].implode()))
    text = given[column].cast(pl.String)
    if source.kind == "PD-L1" and source.scale != "TC/IC":
        problem = read_scores(text, scale=source.scale or "TPS")["PROBLEM"]
    else:
        said = {t: _problem(t, source) for t in text.unique()}
        problem = text.replace_strict(said, return_dtype=pl.String, default=None)
    return given.select(
        "USUBJID",
        MEASURE=pl.lit(name),
        KIND=pl.lit(source.kind),
        VALUE=text,
        ASSAY=pl.lit(source.assay, pl.String),
        SCALE=pl.lit(source.scale, pl.String),
        PROBLEM=problem,
        SRCDOM=pl.lit(table),
        SRCROW=pl.col("SRCROW").cast(pl.Int64),
    )


def _problem(text: str, source: MeasureSource) -> str | None:
    try:
        if source.kind == "MSI":
            known = microsatellite_state(text) or repair_state(text) or text.strip().lower() in MISSING
            return None if known else f"{text!r} is no state of microsatellites or of mismatch repair"
        if source.scale == "TC/IC":
            read_joint_score(text)
        else:
            Measure(kind=source.kind, value=text, scale=source.scale)
    except UsageError as err:
        return str(err)
    return None


def _counted(name: str, calls: pl.DataFrame, tests: pl.DataFrame, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """Burden of every sample whose mutations were read by an assay of known size."""
    sizes = {n: a.megabases for n, a in assays.items() if a.megabases}
    if not sizes:
        raise ConfigError(
            f"{CONFIG_FILE}, key measures.{name}: to count a burden, give the assays' megabases under [assays]; "
            "there is no default, and without 'value' nothing else can be meant"
        )
    read = tests.filter(pl.col("KIND").eq("mutation").fill_null(value=True) & (pl.col("STATE") == "valid"))
    samples = read.select("USUBJID", "SAMPLE", "ASSAY").unique().sort("USUBJID", "SAMPLE", "ASSAY")
    made = tumour_mutational_burden(calls, samples, megabases=sizes).drop_nulls("TMB")
    return made.select(
        "USUBJID",
        MEASURE=pl.lit(name),
        KIND=pl.lit("TMB"),
        VALUE=pl.col("TMB").cast(pl.String),
        ASSAY="ASSAY",
        SCALE=pl.lit("mut/Mb"),
        PROBLEM=pl.lit(None, pl.String),
        SRCDOM=pl.lit("MUTATIONS"),
        SRCROW=pl.lit(None, pl.Int64),
    )


def score_categories(
    scores: pl.DataFrame, bounds: Sequence[float], labels: Sequence[str], subjects: pl.Series
) -> pl.DataFrame:
    """Category of each subject: USUBJID, LEVEL, STATE (``measured``, ``indeterminate``, ``not tested``), REASON.

    A score that spans a cut-off, and scores in several categories, are indeterminate.
    """
    read = _intervals(scores)
    cut = ExpressionCutoffs(bounds=tuple(bounds), labels=tuple(labels))
    given = ~pl.col("VALUE").str.strip_chars().str.to_lowercase().is_in(MISSING)
    rows = read.with_columns(LEVEL=expression_category(read.drop("SCALE", "ASSAY", strict=False), cut)).filter(given)
    own = rows.group_by("USUBJID").agg(
        pl.col("LEVEL").drop_nulls().unique().sort().alias("levels"),
        pl.col("LEVEL").is_null().any().alias("open"),
        pl.col("VALUE").unique().sort().str.join("; ").alias("said"),
    )
    bad = scores.filter(pl.col("PROBLEM").is_not_null()).select("USUBJID", bad=pl.lit(value=True)).unique()
    people = pl.DataFrame({"USUBJID": subjects.cast(pl.String)}).unique().drop_nulls()
    out = people.join(own, on="USUBJID", how="left").join(bad, on="USUBJID", how="left").sort("USUBJID")
    one = (pl.col("levels").list.len() == 1).fill_null(value=False)
    several = pl.col("levels").list.len() > 1
    return out.select(
        "USUBJID",
        LEVEL=pl.when(one).then(pl.col("levels").list.first()),
        STATE=pl.when(one)
        .then(pl.lit("measured"))
        .when(pl.col("said").is_not_null() | pl.col("bad"))
        .then(pl.lit("indeterminate"))
        .otherwise(pl.lit("not tested")),
        REASON=pl.when(one)
        .then(pl.format("Score {}.", "said"))
        .when(several)
        .then(pl.format("Scores {} lie in several categories.", "said"))
        .when(pl.col("said").is_not_null())
        .then(pl.format("Score {} spans a cut-off.", "said"))
        .when(pl.col("bad"))
        .then(pl.lit("The score on record cannot be read."))
        .otherwise(pl.lit("No score on record.")),
    )


def _intervals(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores that can be read, each on its own scale as an interval; a joint text of two scales has no bounds."""
    scale = pl.col("SCALE") if "SCALE" in scores.columns else pl.lit(None, pl.String).alias("SCALE")
    good = scores.filter(pl.col("PROBLEM").is_null()).with_columns(scale)
    parts = []
    for (kind, scale), rows in good.group_by("KIND", "SCALE", maintain_order=True):
        own = str(scale or "TPS")
        read = (
            _burdens(rows["VALUE"])
            if kind != "PD-L1"
            else read_scores(rows["VALUE"], scale="TC" if own == "TC/IC" else own)
        )
        parts.append(pl.concat([rows, read.drop("PROBLEM", strict=False)], how="horizontal"))
    bounds = {n: t for n, t in SCORE_SCHEMA.items() if n != "PROBLEM"}
    return pl.concat(parts) if parts else good.with_columns(pl.lit(None, t).alias(n) for n, t in bounds.items())


def _burdens(values: pl.Series) -> pl.DataFrame:
    """Burdens as intervals, with the bounds of `read_scores`: ``12.3`` and ``>=10``."""
    read = {v: Measure(kind="TMB", value=v).interval for v in values.unique().to_list()}
    rows = [(v, i.lower, i.upper, i.lower_in, i.upper_in) for v, i in read.items() if i is not None]
    names = ("VALUE", "LOWER", "UPPER", "LOWER_IN", "UPPER_IN")
    kinds = (pl.String, pl.Float64, pl.Float64, pl.Boolean, pl.Boolean)
    table = pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
    return values.to_frame("VALUE").join(table, on="VALUE", how="left", maintain_order="left").drop("VALUE")


def score_values(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores as numbers, where a subject has one exact number: USUBJID, VALUE."""
    exact = _intervals(scores).filter(pl.col("LOWER") == pl.col("UPPER"))
    return exact.select("USUBJID", VALUE="LOWER").unique().filter(pl.len().over("USUBJID") == 1)
