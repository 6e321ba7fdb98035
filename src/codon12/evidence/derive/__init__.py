"""A study to its analysis frames: ADSL, ADTR, ADRS, ADTTE, ADAE, exposure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from codon12.errors import DataError
from codon12.evidence.context import Context, default_populations
from codon12.evidence.derive.policies import policy_from
from codon12.evidence.derive.responses import Responses, response_frames, shaped
from codon12.evidence.derive.times import derived_times, given_times, new_therapy
from codon12.policy import Policy
from codon12.records import Study
from codon12.records.config import StudyConfig
from codon12.records.subjects import analysis_subjects
from codon12.records.tumours import lesions, responses
from codon12.response import RecistPolicy, reference_dates, target_selection_findings
from codon12.safety import SafetyPolicy, adverse_events, exposure
from codon12.survival import CensorRules

__all__ = ["Derived", "derive"]

_BEST = {
    "BESRSPI": "CBOR",
    "BESRSP": "CBOR",
    "BOR": "BOR",
    "CBOR": "CBOR",
    "OVR": "OVRLRESP",
    "OVRINV": "OVRLRESP",
}


@dataclass(frozen=True)
class Derived:
    """Analysis frames with what was decided on the way."""

    frames: dict[str, pl.DataFrame]
    context: Context
    policies: dict[str, Policy]
    notes: list[str]
    """Sentences for the methods text: what was derived and what was used as given."""


def derive(study: Study, *, progress: Callable[[str], None] = lambda _: None) -> Derived:
    """Derive every analysis frame the records support."""
    config = study.config
    recist = policy_from(RecistPolicy, config.response, section="response", presets=("recist_1_1", "admiralonco"))
    rules = policy_from(CensorRules, config.survival, section="survival", presets=("fda", "ema", "admiralonco"))
    safety = policy_from(SafetyPolicy, config.safety, section="safety")
    policies: dict[str, Policy] = {"rounding": config.rounding}
    notes = [_read_from(study)]

    progress("Subjects")
    adsl = analysis_subjects(study)
    therapy = new_therapy(study)
    if therapy is not None and "NACTDT" not in adsl.columns:
        first = therapy.group_by("USUBJID").agg(NACTDT=pl.col("ADT").min())
        adsl = adsl.join(first, on="USUBJID", how="left", maintain_order="left")

    if "SAFFL" not in adsl.columns or adsl["SAFFL"].is_null().all():
        notes.append("No dose is recorded: every subject counts as treated.")

    progress("Responses")
    measured = lesions(study) if study.format == "sdtm" and study.has("TR") else None
    found, given = _responses(study, adsl, measured, recist, notes)
    if found is not None:
        if not given:
            policies["response"] = recist
        adsl = _measurable(adsl, found)
    progress("Times to event")
    adtte = _times(study, adsl, found, therapy, rules, recist, notes)
    if adtte is not None and not study.has("ADTTE"):
        policies["survival"] = rules
    frames = {"adsl": adsl, "sources": study.sources, "accounting": study.accounting}
    if found is not None:
        frames |= {"adrs": found.adrs, "disagreements": found.disagreements}
        if found.adtr is not None and measured is not None:
            frames |= {"adtr": found.adtr, "lesions": measured}
    if adtte is not None:
        frames["adtte"] = adtte
    progress("Adverse events and exposure")
    source = next((t for t in ("ADAE", "AE") if study.has(t)), None)
    if source:
        frames["adae"] = adverse_events(study.table(source), adsl, policy=safety)
        policies["safety"] = safety
    if study.has("EX"):
        frames["adex"] = exposure(study.table("EX"), adsl)
    frames["findings"] = _findings(study, found, measured, adsl, recist)
    context = _context(config, frames, found, recist, given=given)
    if len(context.evaluators) > 1:
        frames["agreement"] = _agreement(context)
    if "adtr" in frames and context.has_responses:
        frames["adtr"] = _responders(frames["adtr"], context)
    return Derived(frames=frames, context=context, policies=policies, notes=notes)


def _read_from(study: Study) -> str:
    names = {
        "sdtm": "SDTM records",
        "adam": "ADaM data sets",
        "tables": "plain tables mapped by codon12.toml",
        "cbioportal": "a cBioPortal study",
    }
    return f"The study was read from {names[study.format]} ({', '.join(sorted(study.tables))})."


def _responses(
    study: Study, adsl: pl.DataFrame, measured: pl.DataFrame | None, policy: RecistPolicy, notes: list[str]
) -> tuple[Responses | None, bool]:
    """Responses derived from lesions or collected responses, or as given in ADRS; True if given."""
    if study.has("ADRS"):
        given = _given_responses(study.table("ADRS"))
        if given is not None:
            notes.append("Responses were used as given in ADRS.")
            return given, True
    collected = responses(study) if study.has("RS") else None
    if collected is not None and "CRITERION" in collected.columns:
        collected = collected.filter(~pl.col("CRITERION").str.starts_with("i").fill_null(value=False))
    if measured is None and collected is None:
        return None, False
    found = response_frames(adsl, measured, collected, policy=policy)
    if measured is not None:
        notes.append("Responses were derived from lesion measurements (TU, TR) by RECIST 1.1.")
    if measured is not None and collected is not None:
        n = found.disagreements.height
        notes.append(f"They differ from the responses as collected (RS) at {n} time point(s).")
    elif collected is not None:
        notes.append("Responses are those collected at each time point (RS).")
    return (found if found.evaluators else None), False


def _given_responses(adrs: pl.DataFrame) -> Responses | None:
    """ADRS as given, with its parameters under the names used here."""
    code = pl.col("PARAMCD").replace(_BEST)
    evaluator = pl.lit("INVESTIGATOR")
    for column in ("EVAL", "PARCAT2", "PARAM"):
        if column in adrs.columns:
            text = pl.col(column).str.to_uppercase()
            central = text.str.contains("INDEPENDENT|CENTRAL|BICR|IRC")
            evaluator = pl.when(central.fill_null(value=False)).then(pl.lit("CENTRAL")).otherwise(evaluator)
            break
    date = next((c for c in ("ADT", "ADTM") if c in adrs.columns), None)
    day = pl.col(date).cast(pl.Date) if date else pl.lit(None, dtype=pl.Date)
    frame = shaped(adrs.with_columns(PARAMCD=code, EVAL=evaluator, ADT=day, ORIGIN=pl.lit("given")))
    if not frame["PARAMCD"].is_in(["BOR", "CBOR"]).any():
        return None
    found = frame.filter(pl.col("PARAMCD").is_in(["BOR", "CBOR"]))["EVAL"].unique().to_list()
    return Responses(
        adrs=frame,
        adtr=None,
        evaluators=tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in found),
        disagreements=pl.DataFrame(),
    )


def _times(
    study: Study,
    adsl: pl.DataFrame,
    found: Responses | None,
    therapy: pl.DataFrame | None,
    rules: CensorRules,
    policy: RecistPolicy,
    notes: list[str],
) -> pl.DataFrame | None:
    if study.has("ADTTE"):
        notes.append("Times to event were used as given in ADTTE.")
        return given_times(study.table("ADTTE"))
    if "STARTDT" not in adsl.columns or adsl["STARTDT"].is_null().all():
        return None
    notes.append("Times to event were derived from dates; time zero is randomisation, else the first dose.")
    return derived_times(adsl, found, therapy, rules=rules, policy=policy)


def _measurable(adsl: pl.DataFrame, found: Responses) -> pl.DataFrame:
    """Flag per evaluator the subjects with measurable disease at baseline (or, without lesions, any assessment)."""
    for evaluator in found.evaluators:
        name = f"MEASFL_{evaluator}"
        if name in adsl.columns:
            continue
        sums = found.adrs.clear() if found.adtr is None else found.adtr.filter(EVAL=evaluator)
        rows = sums.filter(ABLFL="Y") if sums.height else found.adrs.filter(EVAL=evaluator)
        ids = rows.select("USUBJID").unique().with_columns(pl.lit("Y").alias(name))
        adsl = adsl.join(ids, on="USUBJID", how="left", maintain_order="left")
    return adsl


def _responders(adtr: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mark in ADTR the rows of subjects with a response, evaluator by evaluator."""
    best = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
    hit = best.filter(pl.col("AVALC").is_in(list(context.responders))).select("USUBJID", "EVAL")
    flag = hit.unique().with_columns(RESPONDERFL=pl.lit("Y"))
    return adtr.join(flag, on=["USUBJID", "EVAL"], how="left", maintain_order="left")


def _agreement(context: Context) -> pl.DataFrame:
    """Best overall response of the two evaluators side by side, subjects that both assessed."""
    best = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
    first, second = (best.filter(EVAL=e).select("USUBJID", pl.col("AVALC").alias(e)) for e in context.evaluators[:2])
    return first.join(second, on="USUBJID", how="inner").sort("USUBJID")


def _findings(
    study: Study,
    found: Responses | None,
    measured: pl.DataFrame | None,
    adsl: pl.DataFrame,
    policy: RecistPolicy,
) -> pl.DataFrame:
    """Findings of the records, of target selection, and every response that differs from the one collected."""
    parts = [study.findings]
    if measured is not None:
        parts.append(target_selection_findings(measured, reference_dates(adsl, policy=policy), policy=policy))
    if found is not None and found.disagreements.height:
        text = pl.format("The measured lesions give {} at this visit, {} was collected.", "DERIVED", "COLLECTED")
        parts.append(
            found.disagreements.select(
                TABLE="SRCDOM",
                ROW="SRCROW",
                USUBJID="USUBJID",
                VARIABLE=pl.lit("RSSTRESC"),
                RULE=pl.lit("response-differs"),
                SEVERITY=pl.lit("warning"),
                VALUE="COLLECTED",
                MESSAGE=text,
            )
        )
    return pl.concat([p.select(study.findings.columns) for p in parts], how="vertical_relaxed")


def _context(
    config: StudyConfig,
    frames: dict[str, pl.DataFrame],
    found: Responses | None,
    policy: RecistPolicy,
    *,
    given: bool,
) -> Context:
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
    return Context(
        config=config,
        frames=frames,
        evaluators=evaluators,
        arms=arms,
        arm_variable=variable,
        best_response=("CBOR" if confirmed else "BOR", how),
        defaults=default_populations(adsl),
    )


def _arms(config: StudyConfig, adsl: pl.DataFrame, variable: str) -> tuple[str, ...]:
    if variable not in adsl.columns:
        return ()
    treated = adsl.filter(pl.col("SAFFL") == "Y") if "SAFFL" in adsl.columns else adsl
    found = treated[variable].drop_nulls().unique().sort().to_list()
    listed = [a for a in config.treatments.values() if a in found]
    arms = (*listed, *(a for a in found if a not in listed))
    wanted = len(arms) > 1 if config.by_arm is None else config.by_arm
    return tuple(arms) if wanted else ()
