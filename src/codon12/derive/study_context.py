"""Derived frames to the context that analyses work on: evaluators, the response that counts, arms."""

from __future__ import annotations

import polars as pl

from codon12.derive.adrs import Responses
from codon12.derive.adsl import with_response_flags
from codon12.derive.adtr import with_responders
from codon12.derive.context import Context, default_populations
from codon12.errors import DataError
from codon12.records.config import StudyConfig
from codon12.response import RecistPolicy

__all__ = ["study_context"]


def study_context(
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
        frames["adtr"] = with_responders(frames["adtr"], context)
    if context.has_responses:
        frames["adsl"] = with_response_flags(frames["adsl"], context)
    return context


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
