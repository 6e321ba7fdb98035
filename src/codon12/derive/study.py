"""A study to its analysis frames: ADSL, ADTR, ADRS, ADTTE, ADAE, exposure."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import polars as pl

from codon12.derive.adae import derived_events
from codon12.derive.adex import derived_exposure
from codon12.derive.adrs import Responses, response_frames
from codon12.derive.adrs_given import given_responses, no_best_response
from codon12.derive.adsl import with_measurable_flags
from codon12.derive.adtte import derived_times, given_times
from codon12.derive.biomarkers import add_biomarkers
from codon12.derive.context import Context
from codon12.derive.adtr_given import given_sums
from codon12.derive.policies import policies_of
from codon12.derive.resistance import resistance_frames
from codon12.derive.resistance_pairs import frames_of_resistance, study_pairs
from codon12.derive.study_context import study_context
from codon12.policy import Policy
from codon12.records import Study, no_findings
from codon12.records.config import StudyConfig
from codon12.records.domains.deaths import DEATH_SOURCES
from codon12.records.domains.new_therapy import new_therapy
from codon12.records.domains.tumours import lesions as lesions_of
from codon12.records.domains.tumours import responses as responses_of
from codon12.records.findings import Finding, findings_frame
from codon12.records.findings.accounting import less_unused, with_left_out
from codon12.records.subjects.adsl import analysis_subjects
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
    study: Study, *, progress: Callable[[str], None] = lambda _: None, executor: Executor | None = None
) -> Derived:
    """Derive every analysis frame the records support; lesions a block of subjects at a time, on an executor if given.

    The frames are the same on any executor.
    """
    config = study.config
    settled_by = policies_of(config)
    recist, rules, safety = settled_by.response, settled_by.survival, settled_by.safety
    policies: dict[str, Policy] = {"rounding": config.rounding}
    notes = [_read_from(study)]

    progress("Subjects")
    adsl = analysis_subjects(study)
    settled = add_biomarkers(study, adsl)
    adsl, study, config = settled.adsl, settled.study, settled.study.config
    notes += settled.notes
    dose = [c for c in ("TRTSDT", "STARTDT") if c in adsl.columns]
    first_dose = adsl.select("USUBJID", ADT=pl.coalesce(*dose) if dose else pl.lit(None, pl.Date))
    therapy, therapy_findings = new_therapy(study, first_dose, predicates=config.new_therapy)
    if therapy is not None and "NACTDT" not in adsl.columns:
        first = therapy.group_by("USUBJID").agg(NACTDT=pl.col("ADT").min())
        adsl = adsl.join(first, on="USUBJID", how="left", maintain_order="left")

    if "SAFFL" not in adsl.columns or adsl["SAFFL"].is_null().all():
        notes.append("No dose is recorded: every subject counts as treated.")

    progress("Responses")
    measured = lesions_of(study, impute=recist.lesion_day) if study.format == "sdtm" and study.has("TR") else None
    found, given, unused = _responses(study, adsl, measured, recist, notes, executor)
    if found is not None:
        if not given:
            policies["response"] = recist
        adsl = with_measurable_flags(adsl, found)
    progress("Times to event")
    adtte, decided = _times(study, adsl, found, therapy, rules, recist, notes)
    if adtte is not None and not study.has("ADTTE"):
        policies["survival"] = rules
    frames = {"adsl": adsl, "sources": study.sources, "accounting": study.accounting}
    if found is not None:
        frames |= {"adrs": found.adrs, "disagreements": found.disagreements}
        if found.adtr is not None:
            frames["adtr"] = found.adtr
            if measured is not None and not given:
                frames["lesions"] = measured
    if adtte is not None:
        frames["adtte"] = adtte
    progress("Adverse events and exposure")
    events, doses = derived_events(study, adsl, policy=safety), derived_exposure(study, adsl)
    if events is not None:
        frames["adae"] = events[0]
        policies["safety"] = safety
    if doses is not None:
        frames["adex"] = doses
    frames["findings"] = pl.concat(
        [
            _findings(study, found, measured, adsl, recist),
            therapy_findings,
            unused,
            decided,
            *([] if events is None else [events[1]]),
        ]
    )
    frames["accounting"] = less_unused(study.accounting, frames["findings"])
    if settled.profiles is not None:
        known = pl.col("USUBJID").is_in(adsl["USUBJID"].implode())
        frames["calls"] = settled.profiles.calls.filter(known)
        frames["findings"] = pl.concat([frames["findings"], settled.findings])
        frames["biomarker_rows"] = settled.rows
        frames["accounting"] = with_left_out(frames["accounting"], "MUTATIONS", settled.profiles.left_out)
    progress("Resistance")
    ended = resistance_frames(study, frames, month=rules.month, recist=recist)
    pairs = study_pairs(study, adsl, profiles=settled.profiles)
    frames |= frames_of_resistance(ended, pairs, frames["findings"])
    if ended is not None:
        policies["resistance"] = ended.policy
    if pairs is not None:
        policies["pairs"] = pairs.comparison.policy
    context = study_context(config, frames, found, settled_by, given=given)
    context = replace(context, profiles=settled.profiles, resistance=ended, pairs=pairs, study=study)
    return Derived(frames=frames, context=context, policies=policies, notes=notes)


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


def _responses(
    study: Study,
    adsl: pl.DataFrame,
    measured: pl.DataFrame | None,
    policy: RecistPolicy,
    notes: list[str],
    executor: Executor | None,
) -> tuple[Responses | None, bool, pl.DataFrame]:
    """Responses derived from lesions or collected, or as given in ADRS; True if given; why none of them counts."""
    if study.has("ADRS"):
        given = given_responses(study.table("ADRS"))
        if given is not None:
            notes.append("Responses were used as given in ADRS.")
            if study.has("ADTR"):
                sums, found = given_sums(study.table("ADTR"), given.adrs, policy=policy)
                given = replace(given, adtr=sums, findings=pl.concat([given.findings, found]))
                if sums is not None:
                    notes.append("Sums of diameters were used as given in ADTR.")
            return given, True, no_findings()
        if study.format == "adam":
            return None, False, no_best_response(study.table("ADRS"))
    collected = responses_of(study, impute=policy.assessment_day) if study.has("RS") else None
    if measured is None and collected is None:
        return None, False, no_findings()
    found = response_frames(adsl, measured, collected, policy=policy, executor=executor)
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
        return None, False, found.findings
    return found, False, no_findings()


def _times(
    study: Study,
    adsl: pl.DataFrame,
    found: Responses | None,
    therapy: pl.DataFrame | None,
    rules: CensorRules,
    policy: RecistPolicy,
    notes: list[str],
) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """Times to event as given or derived, and findings on those given."""
    if study.has("ADTTE"):
        notes.append("Times to event were used as given in ADTTE.")
        notes += _computed(study.table("ADTTE"))
        return given_times(study.table("ADTTE"), month=rules.month)
    if "STARTDT" not in adsl.columns or adsl["STARTDT"].is_null().all():
        return None, no_findings()
    untold = _deaths_untold(study)
    if untold.height and found is None:
        return None, untold
    notes.append("Times to event were derived from dates; time zero is randomisation, else the first dose.")
    times = derived_times(adsl, found, therapy, rules=rules, policy=policy, deaths=untold.is_empty())
    return times, untold


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
    found: Responses | None,
    measured: pl.DataFrame | None,
    adsl: pl.DataFrame,
    policy: RecistPolicy,
) -> pl.DataFrame:
    """Findings of the records, of target selection, and every response that differs from the one collected."""
    parts = [study.findings, covariate_findings(study, adsl)]
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
