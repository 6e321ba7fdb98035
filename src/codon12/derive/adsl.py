"""ADSL: the subjects with what the other frames add to them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.derive.adrs import Responses
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.parallel import of_all

__all__ = ["course_flag", "with_measurable_flags", "with_response_flags"]


def with_measurable_flags(adsl: pl.DataFrame, found: Responses, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Flag per evaluator the subjects with measurable disease at baseline (or, without lesions, any assessment).

    `frames` hold ADRS, and ADTR where lesions were measured.
    """
    for evaluator in found.evaluators:
        name = f"MEASFL_{evaluator}"
        if name in adsl.columns:
            continue
        mine = pl.col("EVAL") == evaluator
        sums = rows_of(frames, "adtr").filter(mine) if "adtr" in frames else None
        if sums is not None and sums.select("USUBJID").head(1).collect().height:
            rows = sums.filter(ABLFL="Y").select("USUBJID").collect()
            if found.unmeasured is not None:
                rows = pl.concat([rows, found.unmeasured.filter(mine).select("USUBJID")])
        else:
            rows = rows_of(frames, "adrs").filter(mine).select(pl.col("USUBJID").unique()).collect()
        ids = rows.unique().with_columns(pl.lit("Y").alias(name))
        adsl = adsl.join(ids, on="USUBJID", how="left", maintain_order="left")
    return adsl


def with_response_flags(adsl: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Flag in ADSL the responders of every evaluator, how the response came and whether it lasts.

    RESPFL_evaluator: best response is one of the responders' values. RESPFIRSTFL: the response was seen at the first
    assessment after baseline. RESPONGOFL: treatment goes on and there was no event of duration of response. These two
    are of the primary evaluator; of another its name follows (`course_flag`). They are there where the evaluator has
    dated times to response, or no responder.
    """
    adrs = rows_of(context.frames, "adrs")
    hit = (pl.col("PARAMCD") == context.best_response[0]) & pl.col("AVALC").is_in(list(context.responders))
    best = adrs.filter(hit).select("USUBJID", "EVAL").collect()
    for evaluator in context.evaluators:
        flag = (
            best.filter(EVAL=evaluator)
            .select("USUBJID")
            .unique()
            .with_columns(pl.lit("Y").alias(f"RESPFL_{evaluator}"))
        )
        adsl = adsl.join(flag, on="USUBJID", how="left", maintain_order="left")
    if not (context.has_endpoint("TTR") and context.has_endpoint("DOR")):
        return adsl
    for evaluator in context.evaluators:
        adsl = _with_course(adsl, context, evaluator)
    return adsl


def course_flag(name: str, evaluator: str, context: Context) -> str:
    """Column of ADSL of a flag on the course of a response, RESPFIRSTFL or RESPONGOFL, by an evaluator."""
    return name if evaluator == context.evaluators[0] else f"{name}_{evaluator}"


def _with_course(adsl: pl.DataFrame, context: Context, evaluator: str) -> pl.DataFrame:
    overall = (pl.col("PARAMCD") == "OVRLRESP") & (pl.col("EVAL") == evaluator)
    starts = adsl.lazy().select("USUBJID", "STARTDT")
    seen = rows_of(context.frames, "adrs").filter(overall).select("USUBJID", "ADT").join(starts, on="USUBJID")
    later = seen.filter(pl.col("ADT") > pl.col("STARTDT"))
    first = later.group_by("USUBJID").agg(_FIRST=pl.col("ADT").min()).collect()
    times = rows_of(context.frames, "adtte").filter(EVAL=evaluator, CNSR=0)
    came = times.filter(PARAMCD="TTR").select("USUBJID", _CAME="ADT").drop_nulls("_CAME").collect()
    if came.is_empty() and of_all(f"responders by {evaluator}", bool(adsl[f"RESPFL_{evaluator}"].is_not_null().any())):
        return adsl
    ended = times.filter(PARAMCD="DOR").select("USUBJID", _ENDED=pl.lit(value=True)).collect()
    for extra in (first, came, ended):
        adsl = adsl.join(extra, on="USUBJID", how="left", maintain_order="left")
    going = (pl.col("EOTSTT") == "ONGOING") if "EOTSTT" in adsl.columns else pl.lit(value=False)
    if "DTHFL" in adsl.columns:
        going &= (pl.col("DTHFL") != "Y").fill_null(value=True)  # nothing goes on of the dead
    at_first, lasts = (course_flag(name, evaluator, context) for name in ("RESPFIRSTFL", "RESPONGOFL"))
    return adsl.with_columns(
        pl.when(pl.col("_CAME") == pl.col("_FIRST")).then(pl.lit("Y")).alias(at_first),
        pl.when(pl.col("_CAME").is_not_null() & going & pl.col("_ENDED").is_null()).then(pl.lit("Y")).alias(lasts),
    ).drop("_FIRST", "_CAME", "_ENDED")
