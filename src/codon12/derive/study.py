"""A study to its analysis frames: ADSL, ADTR, ADRS, ADTTE, ADAE, exposure."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import msgspec
import polars as pl

from codon12.derive.adae import derived_events
from codon12.derive.adex import derived_exposure, exposure_not_read
from codon12.derive.adrs import Responses, response_frames
from codon12.derive.adrs_given import given_responses, no_best_response
from codon12.derive.adsl import with_measurable_flags
from codon12.derive.adtr_given import given_sums
from codon12.derive.adtte import derived_times, given_times
from codon12.derive.context import Context
from codon12.derive.policies import policies_of
from codon12.derive.resistance import resistance_frames
from codon12.derive.resistance_pairs import frames_of_resistance, study_pairs
from codon12.derive.stages import Stages
from codon12.derive.study_context import study_context
from codon12.derive.subjects import settled_subjects
from codon12.policy import Policy
from codon12.records import Study, no_findings
from codon12.records.config import StudyConfig
from codon12.records.domains.deaths import DEATH_SOURCES
from codon12.records.domains.tumours import lesions as lesions_of
from codon12.records.domains.tumours import responses as responses_of
from codon12.records.findings import Finding, findings_frame
from codon12.records.findings.accounting import less_unused, with_left_out
from codon12.records.subjects.covariate_findings import covariate_findings
from codon12.response import RecistPolicy, target_selection_findings
from codon12.response.assessments import baseline_dates
from codon12.survival import CensorRules

__all__ = ["Derived", "derive", "frames_from"]


@dataclass(frozen=True)
class Derived:
    """Analysis frames with what was decided on the way."""

    frames: dict[str, pl.DataFrame]
    context: Context
    policies: dict[str, Policy]
    notes: list[str]
    """Sentences for the methods text: what was derived and what was used as given."""


def derive(
    study: Study,
    *,
    progress: Callable[[str], None] = lambda _: None,
    executor: Executor | None = None,
    stages: Stages | None = None,
) -> Derived:
    """Derive every analysis frame the records support; lesions a block of subjects at a time, on an executor if given.

    The frames are the same on any executor. `stages` are those of earlier derivations of the same records: where a
    policy differs, only what rests on it is derived anew.
    """
    kept = Stages() if stages is None else stages
    own = study.config
    settled_by = policies_of(own)
    recist, rules, safety = settled_by.response, settled_by.survival, settled_by.safety
    policies: dict[str, Policy] = {"rounding": own.rounding}
    notes = [_read_from(study)]
    study = replace(study, config=_of_policies(own, StudyConfig()))  # a stage is told its policies and reads no others

    progress("Subjects")
    base = kept.of("subjects", lambda: settled_subjects(study), study)
    adsl, records = base.adsl, base.study
    notes += base.notes

    progress("Responses")
    sdtm = study.format == "sdtm" and study.has("TR")
    measured = None
    if sdtm:
        day = recist.lesion_day
        measured = kept.of("lesions", lambda: lesions_of(records, impute=day), records, day)
    answered = kept.of(
        "responses", lambda: _responses(records, adsl, measured, recist, executor), records, adsl, measured, recist
    )
    found, given = answered.found, answered.given
    notes += answered.notes
    if found is not None:
        if not given:
            policies["response"] = recist
        adsl = with_measurable_flags(adsl, found)
    progress("Times to event")
    timed = kept.of(
        "times",
        lambda: _times(records, base.adsl, found, base.therapy, rules, recist),
        records,
        base.adsl,
        found,
        base.therapy,
        rules,
        recist,
    )
    notes += timed.notes
    if timed.adtte is not None and not study.has("ADTTE"):
        policies["survival"] = rules
    frames = {"adsl": adsl, "sources": study.sources, "accounting": study.accounting}
    if found is not None:
        frames |= {"adrs": found.adrs, "disagreements": found.disagreements}
        if found.adtr is not None:
            frames["adtr"] = found.adtr
            if measured is not None and not given:
                frames["lesions"] = measured
    if timed.adtte is not None:
        frames["adtte"] = timed.adtte
    progress("Adverse events and exposure")
    events = kept.of("events", lambda: derived_events(records, base.adsl, policy=safety), records, base.adsl, safety)
    doses = kept.of("doses", lambda: derived_exposure(records, base.adsl), records, base.adsl)
    if events is not None:
        frames["adae"] = events[0]
        policies["safety"] = safety
    if doses is not None:
        frames["adex"] = doses
    told = kept.of("covariate findings", lambda: covariate_findings(records, base.adsl), records, base.adsl)
    frames["findings"] = pl.concat(
        [
            _findings(records, told, found, measured, base.adsl, recist),
            base.therapy_findings,
            answered.unused,
            timed.decided,
            exposure_not_read(study),
            *([] if events is None else [events[1]]),
        ]
    )
    frames["accounting"] = less_unused(study.accounting, frames["findings"])
    if base.profiles is not None:
        known = pl.col("USUBJID").is_in(adsl["USUBJID"].implode())
        frames["calls"] = base.profiles.calls.filter(known)
        frames["findings"] = pl.concat([frames["findings"], base.findings])
        frames["biomarker_rows"] = base.rows
        frames["accounting"] = with_left_out(frames["accounting"], "MUTATIONS", base.profiles.left_out)
    progress("Resistance")
    adrs = frames.get("adrs")
    times = None if adrs is not None and (adrs["PARAMCD"] == "OVRLRESP").any() else frames.get("adtte")
    rests = {k: f for k, f in (("adsl", base.adsl), ("adrs", adrs), ("adtte", times)) if f is not None}
    ended = kept.of(
        "resistance",
        lambda: resistance_frames(records, rests, month=rules.month, recist=recist),
        records,
        *(rests.get(k) for k in ("adsl", "adrs", "adtte")),
        rules.month,
        recist,
    )
    pairs = kept.of(
        "pairs", lambda: study_pairs(records, base.adsl, profiles=base.profiles), records, base.adsl, base.profiles
    )
    frames |= frames_of_resistance(ended, pairs, frames["findings"])
    if ended is not None:
        policies["resistance"] = ended.policy
    if pairs is not None:
        policies["pairs"] = pairs.comparison.policy
    config = _of_policies(records.config, own)
    context = study_context(config, frames, found, settled_by, given=given)
    context = replace(
        context, profiles=base.profiles, resistance=ended, pairs=pairs, study=replace(records, config=config)
    )
    return Derived(frames=frames, context=context, policies=policies, notes=notes)


def _of_policies(config: StudyConfig, other: StudyConfig) -> StudyConfig:
    """The configuration with the policies of another."""
    return msgspec.structs.replace(
        config, response=other.response, survival=other.survival, safety=other.safety, evaluator=other.evaluator
    )


def frames_from(config: StudyConfig, adsl: pl.DataFrame, *, lesions: pl.DataFrame) -> Context:
    """Derive responses and times from frames in memory (see docs/house.md), without a study folder."""
    policies = policies_of(config)
    recist, rules = policies.response, policies.survival
    found = response_frames(adsl, lesions, None, policy=recist)
    adsl = with_measurable_flags(adsl, found)
    frames = {"adsl": adsl, "adrs": found.adrs, "adtte": derived_times(adsl, found, None, rules=rules, policy=recist)}
    if found.adtr is not None:
        frames["adtr"] = found.adtr
    return study_context(config, frames, found, policies)


def _read_from(study: Study) -> str:
    names = {
        "sdtm": "SDTM records",
        "adam": "ADaM data sets",
        "tables": "plain tables mapped by codon12.toml",
        "cbioportal": "a cBioPortal study",
    }
    return f"The study was read from {names[study.format]} ({', '.join(sorted(study.tables))})."


@dataclass(frozen=True)
class _Answered:
    """Responses, whether they were given, and why none of them counts."""

    found: Responses | None
    given: bool = False
    unused: pl.DataFrame = field(default_factory=no_findings)
    notes: tuple[str, ...] = ()


def _responses(
    study: Study,
    adsl: pl.DataFrame,
    measured: pl.DataFrame | None,
    policy: RecistPolicy,
    executor: Executor | None,
) -> _Answered:
    """Responses derived from lesions or collected, or as given in ADRS."""
    if study.has("ADRS"):
        given = given_responses(study.table("ADRS"))
        if given is not None:
            notes = ["Responses were used as given in ADRS."]
            if study.has("ADTR"):
                sums, told = given_sums(study.table("ADTR"), given.adrs, policy=policy)
                given = replace(given, adtr=sums, findings=pl.concat([given.findings, told]))
                notes += [] if sums is None else ["Sums of diameters were used as given in ADTR."]
            return _Answered(given, given=True, notes=tuple(notes))
        if study.format == "adam":
            return _Answered(None, unused=no_best_response(study.table("ADRS")))
    collected = responses_of(study, impute=policy.assessment_day) if study.has("RS") else None
    if measured is None and collected is None:
        return _Answered(None)
    found = response_frames(adsl, measured, collected, policy=policy, executor=executor)
    notes = []
    if measured is not None and measured.is_empty():
        notes.append("No lesion is identified in TR and TU, so that no response was derived from measurements.")
        measured = None
    if measured is not None:
        notes.append("Responses were derived from lesion measurements (TU, TR) by RECIST 1.1.")
    if measured is not None and collected is not None:
        n = found.disagreements.height
        notes.append(f"They differ from the responses as collected (RS) at {n} time point(s).")
        alone = found.findings.filter(RULE="response-as-collected").height
        if alone:
            notes.append(f"Where no lesion was measured the response as collected counts: {alone} time point(s).")
    elif collected is not None:
        notes.append("Responses are those collected at each time point (RS).")
    if not found.evaluators:
        return _Answered(None, unused=found.findings, notes=tuple(notes))
    return _Answered(found, notes=tuple(notes))


@dataclass(frozen=True)
class _Timed:
    """Times to event, and findings on those given."""

    adtte: pl.DataFrame | None
    decided: pl.DataFrame = field(default_factory=no_findings)
    notes: tuple[str, ...] = ()


def _times(
    study: Study,
    adsl: pl.DataFrame,
    found: Responses | None,
    therapy: pl.DataFrame | None,
    rules: CensorRules,
    policy: RecistPolicy,
) -> _Timed:
    """Times to event as given or derived."""
    if study.has("ADTTE"):
        notes = ("Times to event were used as given in ADTTE.", *_computed(study.table("ADTTE")))
        return _Timed(*given_times(study.table("ADTTE"), month=rules.month), notes)
    if "STARTDT" not in adsl.columns or adsl["STARTDT"].is_null().all():
        return _Timed(None)
    untold = _deaths_untold(study)
    if untold.height and found is None:
        return _Timed(None, untold)
    note = "Times to event were derived from dates; time zero is randomisation, else the first dose."
    times = derived_times(adsl, found, therapy, rules=rules, policy=policy, deaths=untold.is_empty())
    return _Timed(times, untold, notes=(note,))


def _deaths_untold(study: Study) -> pl.DataFrame:
    """One finding where no table could tell that somebody died."""
    given = study.has("ADSL") or study.format != "sdtm"
    table = "ADSL" if given else "DM"
    have = set(study.table(table).columns) if study.has(table) else {"DTHFL"}
    told = have & {"DTHFL", "DTHDT", "DTHDTC"}
    if told or (not given and any(study.has(t) for t in DEATH_SOURCES if t != "DM")):
        return no_findings()
    message = (
        f"No table tells who died ({table} has neither DTHFL nor a date of death): overall survival is not derived, "
        "and other times count no death."
    )
    return findings_frame([Finding(table=table, rule="deaths-not-recorded", severity="warning", message=message)])


def _computed(adtte: pl.DataFrame) -> list[str]:
    """How times were made that no column holds."""
    if "SRCVAR" not in adtte.columns:
        return []
    made = adtte.filter(pl.col("SRCVAR").str.contains(r"[-+*/(]")).select("PARAMCD", "SRCVAR").unique().sort("PARAMCD")
    return [f"{name} is computed as {how}." for name, how in made.iter_rows()]


def _findings(
    study: Study,
    told: pl.DataFrame,
    found: Responses | None,
    measured: pl.DataFrame | None,
    adsl: pl.DataFrame,
    policy: RecistPolicy,
) -> pl.DataFrame:
    """Findings of records, covariates (`told`) and target selection; responses that differ from those collected."""
    parts = [study.findings, told]
    if measured is not None:
        parts.append(target_selection_findings(measured, baseline_dates(adsl, policy=policy), policy=policy))
    if found is not None:
        parts.append(found.findings)
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
