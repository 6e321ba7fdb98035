"""Pictures of what follows a progression."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from codon12.analyses.kind import Analysis, EvidenceLike, own_points
from codon12.analyses.study_figure import StudyFigure, curve_words, evaluator_words, level_words, p_words
from codon12.evidence.schema import slug
from codon12.figures import after_swimmer, alluvial, cumulative_incidence, kaplan_meier
from codon12.numbers import Rounding

__all__ = ["after_figures"]


def after_figures(
    analysis: Analysis, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding
) -> Iterator[StudyFigure]:
    """Kaplan-Meier curves by every grouping, cumulative incidence, swimmer, alluvial."""
    who = evaluator_words(own)
    by = f", by {who}" if who else ""
    curves = own_points(evidence, "after_curves", analysis)
    lanes = own_points(evidence, "after_lanes", analysis)
    if not curves.is_empty():
        for (column, words), part in curves.group_by(["by", "words"], maintain_order=True):
            stem = "by_pattern" if column == "PATTERN" else f"by_{slug(str(column))}"
            tests = own.filter((pl.col("endpoint") == f"resistance.os_after.{stem}") & (pl.col("statistic") == "p"))
            drawn = int(part.group_by("level").agg(pl.col("n_risk").max())["n_risk"].sum())
            lacking = (
                f" Not drawn: {lanes.height - drawn:,} of {lanes.height:,} subjects, not evaluable or not followed up."
                if drawn < lanes.height
                else ""
            )
            texts = [f"Log-rank {p_words(v, rounding)}" for v in tests["value"].drop_nulls()]
            yield StudyFigure(
                f"survival-after-{slug(str(column)).replace('_', '-')}", analysis.name,
                f"Overall survival from the progression, by {words}",
                f"Kaplan-Meier estimate from the progression{by}. {curve_words(part, (), own, by='level')} "
                f"Time zero is the progression.{lacking}",
                kaplan_meier(
                    part, group="level", texts=texts, x_title="Months since progression", y_title="Overall survival (%)"
                ),
            )  # fmt: skip
    risk = own_points(evidence, "after_incidence", analysis)
    if not risk.is_empty():
        yield StudyFigure(
            "incidence-of-resistance", analysis.name, "Progression and death among responders",
            f"Cumulative incidence (Aalen-Johansen) among responders{by}; death without progression competes. "
            f"Shaded, where drawn: pointwise {level_words(own)} confidence interval. Numbers below the axis: subjects "
            "at risk.",
            cumulative_incidence(risk, group="cause", common_risk=True, x_title="Months since start of treatment"),
        )  # fmt: skip
    if lanes.is_empty():
        return
    yield StudyFigure(
        "resistance-swimmer", analysis.name, "From response to resistance to the next therapy",
        f"Thick bars: until the progression{by}; thin bars: follow-up after it. Colour: organs that progressed.",
        after_swimmer(_lanes(evidence, lanes)),
    )  # fmt: skip
    if lanes["NEXT"].is_not_null().any():
        adsl = evidence.frames["adsl"]
        drug = next((c for c in ("TRT01A", "ARM") if c in adsl.columns and adsl[c].is_not_null().any()), None)
        told = pl.col(drug).cast(pl.String) if drug else pl.lit("Study drug")
        flows = lanes.join(adsl.select("USUBJID", DRUG=told), on="USUBJID", how="left", maintain_order="left")
        yield StudyFigure(
            "treatment-pattern-next", analysis.name, "Treatment, pattern of progression, next therapy",
            "Subjects with resistance: bands are as wide as they have subjects.",
            alluvial(flows, stages=("DRUG", "PATTERN", "NEXT"), titles=("Treatment", "Progression", "Next therapy")),
        )  # fmt: skip


def _lanes(evidence: EvidenceLike, lanes: pl.DataFrame) -> pl.DataFrame:
    """Lanes with the start of the response, where the study has it."""
    adtte = evidence.frames.get("adtte")
    response = None
    if adtte is not None and (adtte["PARAMCD"] == "TTR").any():
        found = adtte.filter((pl.col("PARAMCD") == "TTR") & (pl.col("CNSR") == 0))
        response = found.select("USUBJID", RESPONSE="MONTHS").unique("USUBJID", maintain_order=True)
    out = lanes if response is None else lanes.join(response, on="USUBJID", how="left", maintain_order="left")
    died = pl.when(pl.col("EVENT")).then("ENDAT")
    return out.select(
        "USUBJID", GROUP="PATTERN", RESPONSE=pl.col("RESPONSE") if response is not None else pl.lit(None, pl.Float64),
        PROGRESSION="TIMEMO", NEXT="NEXTAT", DEATH=died, END="ENDAT",
    )  # fmt: skip
