"""Figures of a study that show tumours and patients: waterfall, spider, swimmer."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.study_figure import EvidenceLike, StudyFigure, arms_of, evaluator_words
from codon12.evidence.provenance import rows_behind
from codon12.figures.spider import spider
from codon12.figures.swimmer import swimmer
from codon12.figures.waterfall import waterfall

__all__ = ["change_figures", "lane_figures"]

_MONTH = 30.4375
_MINUS = "\u2212"


def _rows_of(evidence: EvidenceLike, numbers: pl.DataFrame) -> pl.DataFrame | None:
    """Rows of the derived frame behind some numbers of one frame, together."""
    if numbers.is_empty():
        return None
    parts = [
        rows_behind(evidence.frames, frame, where, having)
        for frame, where, having in numbers.select("frame", "where", "having").unique(maintain_order=True).iter_rows()
    ]
    return pl.concat(parts, how="diagonal_relaxed")


def _best_responses(evidence: EvidenceLike) -> pl.DataFrame:
    """USUBJID and BOR as the primary analysis of response counts them."""
    for analysis in evidence.plan:
        if analysis.kind == "response":
            numbers = evidence.numbers.filter(
                (pl.col("analysis") == analysis.name)
                & pl.col("endpoint").str.starts_with("bor.")
                & (pl.col("arm") == "all")
            )
            rows = _rows_of(evidence, numbers.filter(pl.col("endpoint") != "bor.missing"))
            if rows is not None:
                return rows.select("USUBJID", BOR="AVALC").unique("USUBJID", maintain_order=True)
    return pl.DataFrame(schema={"USUBJID": pl.String, "BOR": pl.String})


def change_figures(evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame) -> Iterator[StudyFigure]:
    """Waterfall and spider of the patients whose best change the evidence counts."""
    measured = own.filter((pl.col("endpoint") == "best_change") & (pl.col("arm") == "all"))
    bars = _rows_of(evidence, measured)
    if bars is None or bars.is_empty():
        return
    best = _best_responses(evidence)
    arms = arms_of(own)
    bars = bars.drop("BOR", strict=False).join(best, on="USUBJID", how="left", maintain_order="left")
    group = "TRT01A" if arms else None
    n, who = bars.filter(pl.col("PCHG").is_not_null()).height, evaluator_words(own)
    yield StudyFigure(
        "waterfall",
        analysis.name,
        "Best change in tumour burden",
        f"Lowest change from baseline in the sum of diameters of target lesions, by {who}, of the {n:,} patients with "
        f"a sum after baseline, coloured by best overall response. Dashed lines: +20% and {_MINUS}30%. An arrow head "
        "marks an increase beyond the scale. NE denotes not evaluable.",
        waterfall(bars, group=group, groups=arms),
    )
    adtr, adsl = evidence.frames["adtr"], evidence.frames["adsl"]
    evaluator = bars["EVAL"].drop_nulls()
    visits = adtr.filter((pl.col("ANL01FL") == "Y") & pl.col("PCHG").is_not_null())
    if len(evaluator):
        visits = visits.filter(pl.col("EVAL") == evaluator[0])
    visits = (
        visits.join(bars.select("USUBJID", "BOR").unique("USUBJID"), on="USUBJID", how="inner")
        .join(adsl.select("USUBJID", START="STARTDT"), on="USUBJID", how="left")
        .with_columns(TIME=(pl.col("ADT") - pl.col("START")).dt.total_days() / _MONTH)
    )
    if visits.height:
        yield StudyFigure(
            "spider",
            analysis.name,
            "Tumour burden over time",
            f"Change from baseline in the sum of diameters of target lesions at each complete assessment, by {who}; "
            "one line a patient, coloured by best overall response.",
            spider(visits),
        )


def lane_figures(evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame) -> Iterator[StudyFigure]:
    """Swimmer of the patients whose response the evidence counts."""
    best = _best_responses(evidence)
    adsl = evidence.frames["adsl"]
    if best.is_empty() or not {"STARTDT", "TRTEDT"} <= set(adsl.columns):
        return
    evaluator = (own["evaluator"].drop_nulls().to_list() or [""])[0].upper()
    adtte = evidence.frames.get("adtte", pl.DataFrame(schema={"USUBJID": pl.String, "PARAMCD": pl.String}))

    def times(parameter: str, name: str, *, events: bool = True) -> pl.DataFrame:
        if "MONTHS" not in adtte.columns:
            return pl.DataFrame(schema={"USUBJID": pl.String, name: pl.Float64})
        test = pl.col("PARAMCD") == parameter
        rows = adtte.filter(test & (pl.col("EVAL").is_null() | (pl.col("EVAL") == evaluator)))
        if events:
            rows = rows.filter(pl.col("CNSR") == 0)
        if parameter == "PFS":
            rows = rows.filter(
                ~pl.col("EVNTDESC").cast(pl.String).str.contains("(?i)death|died").fill_null(value=False)
            )
        return rows.select("USUBJID", pl.col("MONTHS").alias(name)).unique("USUBJID", maintain_order=True)

    def since(column: str) -> pl.Expr:
        if column not in adsl.columns:
            return pl.lit(None, pl.Float64)
        return ((pl.col(column) - pl.col("STARTDT")).dt.total_days() + 1) / _MONTH

    ongoing = next((c for c in ("EOTSTT", "EOSSTT") if c in adsl.columns and adsl[c].is_not_null().any()), None)
    lanes = best.join(adsl, on="USUBJID", how="left", maintain_order="left").with_columns(
        TRTDY=since("TRTEDT"),
        DTHDY=since("DTHDT"),
        LASTDY=since("LSTALVDT"),
        ONGOING=pl.when(pl.col(ongoing).str.to_uppercase() == "ONGOING").then(pl.lit("Y")) if ongoing else pl.lit(None),
    )
    for parameter, name, events in (("TTR", "RSPDY", True), ("PFS", "PDDY", True), ("OS", "OSDY", False)):
        lanes = lanes.join(times(parameter, name, events=events), on="USUBJID", how="left", maintain_order="left")
    lanes = lanes.with_columns(
        ENDDY=pl.max_horizontal(pl.coalesce("DTHDY", "OSDY", "LASTDY"), "TRTDY"),
        TRTDY=pl.when(pl.col("DTHDY").is_not_null()).then(pl.min_horizontal("TRTDY", "DTHDY")).otherwise("TRTDY"),
    )
    arms = arms_of(own)
    group = "TRT01A" if arms else None
    yield StudyFigure(
        "swimmer",
        analysis.name,
        "Course of each patient",
        "Thick bars: time on treatment; thin bars: follow-up after it. Colour: best overall response, by "
        f"{evaluator_words(own)}. Marks: start of response, progression, death, and treatment going on at the data "
        "cut-off.",
        swimmer(lanes, group=group, groups=arms),
    )
