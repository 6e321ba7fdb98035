"""Derived frames to the context that analyses work on: evaluators, the response that counts, arms."""

from __future__ import annotations

import polars as pl

from codon12.errors import DataError
from codon12.evidence.context import Context, default_populations
from codon12.evidence.derive.responses import Responses
from codon12.records.config import StudyConfig
from codon12.response import RecistPolicy

__all__ = ["settle", "with_measurable_flags"]


def with_measurable_flags(adsl: pl.DataFrame, found: Responses) -> pl.DataFrame:
    """Flag per evaluator the subjects with measurable disease at baseline (without lesions: any response)."""
    for evaluator in found.evaluators:
        name = f"MEASFL_{evaluator}"
        if name in adsl.columns:
            continue
        sums = found.adrs.clear() if found.adtr is None else found.adtr.filter(EVAL=evaluator)
        rows = sums.filter(ABLFL="Y") if sums.height else found.adrs.filter(EVAL=evaluator)
        if sums.height and found.unmeasured is not None:
            rows = pl.concat([rows.select("USUBJID"), found.unmeasured.filter(EVAL=evaluator).select("USUBJID")])
        ids = rows.select("USUBJID").unique().with_columns(pl.lit("Y").alias(name))
        adsl = adsl.join(ids, on="USUBJID", how="left", maintain_order="left")
    return adsl


def settle(
    config: StudyConfig,
    frames: dict[str, pl.DataFrame],
    found: Responses | None,
    policy: RecistPolicy,
    *,
    given: bool = False,
) -> Context:
    """Build the context, and add to `frames` what needs it: agreement of evaluators, responders in ADTR."""
    evaluators = found.evaluators if found else ()
    if config.evaluator != "auto" and config.evaluator.upper() in evaluators:
        first = config.evaluator.upper()
        evaluators = (first, *(e for e in evaluators if e != first))
    present = set(found.adrs["PARAMCD"].unique().to_list()) if found else set()
    confirmed = policy.confirmation and "CBOR" in present if not given else "CBOR" in present
    if found and not confirmed and "BOR" not in present:
        raise DataError("ADRS holds no best overall response (PARAMCD BOR or CBOR)")
    how = "Complete and partial responses are confirmed." if confirmed else "Responses need no confirmation."
    adsl = frames["adsl"]
    variable = "TRT01A" if "TRT01A" in adsl.columns and adsl["TRT01A"].is_not_null().any() else "ARM"
    arms = _arms(config, adsl, variable)
    context = Context(
        config=config,
        frames=frames,
        evaluators=evaluators,
        arms=arms,
        arm_variable=variable,
        best_response=("CBOR" if confirmed else "BOR", how),
        defaults=default_populations(adsl, assessed=bool(evaluators)),
    )
    if len(evaluators) > 1:
        frames["agreement"] = _agreement(context)
    if "adtr" in frames and context.has_responses:
        frames["adtr"] = _responders(frames["adtr"], context)
    if context.has_responses:
        frames["adsl"] = with_response_flags(frames["adsl"], context)
    return context


def with_response_flags(adsl: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Flag in ADSL the responders of every evaluator; for the primary one, how the response came and whether it lasts.

    RESPFL_evaluator: best response is one of the responders' values. RESPFIRSTFL: the response was seen at the first
    assessment after baseline. RESPONGOFL: treatment goes on and there was no event of duration of response.
    """
    adrs = context.frames["adrs"]
    best = adrs.filter(PARAMCD=context.best_response[0]).filter(pl.col("AVALC").is_in(list(context.responders)))
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
    evaluator = context.evaluators[0]
    seen = adrs.filter(PARAMCD="OVRLRESP", EVAL=evaluator).join(adsl.select("USUBJID", "STARTDT"), on="USUBJID")
    first = seen.filter(pl.col("ADT") > pl.col("STARTDT")).group_by("USUBJID").agg(_FIRST=pl.col("ADT").min())
    times = context.frames["adtte"].filter(EVAL=evaluator)
    came = times.filter(PARAMCD="TTR", CNSR=0).select("USUBJID", _CAME="ADT")
    ended = times.filter(PARAMCD="DOR", CNSR=0).select("USUBJID", _ENDED=pl.lit(value=True))
    for extra in (first, came, ended):
        adsl = adsl.join(extra, on="USUBJID", how="left", maintain_order="left")
    going = (pl.col("EOTSTT") == "ONGOING") if "EOTSTT" in adsl.columns else pl.lit(value=False)
    return adsl.with_columns(
        RESPFIRSTFL=pl.when(pl.col("_CAME") == pl.col("_FIRST")).then(pl.lit("Y")),
        RESPONGOFL=pl.when(pl.col("_CAME").is_not_null() & going & pl.col("_ENDED").is_null()).then(pl.lit("Y")),
    ).drop("_FIRST", "_CAME", "_ENDED")


def _arms(config: StudyConfig, adsl: pl.DataFrame, variable: str) -> tuple[str, ...]:
    if variable not in adsl.columns:
        return ()
    treated = adsl.filter(pl.col("SAFFL") == "Y") if "SAFFL" in adsl.columns else adsl
    found = treated[variable].drop_nulls().unique().sort().to_list()
    listed = [a for a in config.treatments.values() if a in found]
    arms = (*listed, *(a for a in found if a not in listed))
    wanted = len(arms) > 1 if config.by_arm is None else config.by_arm
    return tuple(arms) if wanted else ()


def _agreement(context: Context) -> pl.DataFrame:
    """Best overall response of the two evaluators side by side, subjects that both assessed."""
    best = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
    first, second = (best.filter(EVAL=e).select("USUBJID", pl.col("AVALC").alias(e)) for e in context.evaluators[:2])
    return first.join(second, on="USUBJID", how="inner").sort("USUBJID")


def _responders(adtr: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mark in ADTR the rows of subjects with a response, evaluator by evaluator."""
    best = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
    hit = best.filter(pl.col("AVALC").is_in(list(context.responders))).select("USUBJID", "EVAL")
    flag = hit.unique().with_columns(RESPONDERFL=pl.lit("Y"))
    return adtr.join(flag, on=["USUBJID", "EVAL"], how="left", maintain_order="left")
