"""What is derived of each subject by itself: responses and times to event, of a whole study or of a block of it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import polars as pl

from codon12.derive.adrs import Responses, response_frames
from codon12.derive.adrs_given import best_not_given, given_responses, no_best_response
from codon12.derive.adtr_given import given_sums
from codon12.derive.adtte import derived_times, given_times
from codon12.derive.adtte_told import deaths_contradicted, not_shown, times_not_given
from codon12.derive.disposition_told import progression_in_disposition
from codon12.derive.pairs_of_block import PairsOfBlock
from codon12.derive.resistance_frames import ResistanceFrames
from codon12.derive.sums_collected import collected_sums
from codon12.parallel import of_all
from codon12.records import Study, no_findings
from codon12.records.domains.deaths import DEATH_SOURCES
from codon12.records.domains.tumours import responses as responses_of
from codon12.records.findings import Finding, findings_frame, row_findings
from codon12.response import RecistPolicy
from codon12.survival import CensorRules

__all__ = ["Answered", "OfSubjects", "Timed", "responses_answered", "said_of_responses", "times_derived"]


@dataclass(frozen=True)
class Answered:
    """Responses, whether they were given, and why none of them counts."""

    found: Responses | None
    given: bool = False
    unused: pl.DataFrame = field(default_factory=no_findings)
    notes: tuple[str, ...] = ()


def responses_answered(
    study: Study,
    adsl: pl.DataFrame,
    measured: pl.DataFrame | None,
    policy: RecistPolicy,
    executor: Executor | None,
) -> Answered:
    """Responses derived from lesions or collected, or as given in ADRS."""
    if study.has("ADRS"):
        given = given_responses(study.table("ADRS"))
        if given is not None:
            if study.has("ADSL") and study.format in ("adam", "sdtm"):
                told = best_not_given(adsl, given)
                given = replace(given, findings=pl.concat([given.findings, told]))
            notes = ["Responses were used as given in ADRS."]
            if study.has("ADTR"):
                sums, told = given_sums(study.table("ADTR"), given.adrs, policy=policy)
                given = replace(given, adtr=sums, findings=pl.concat([given.findings, told]))
                notes += [] if sums is None else ["Sums of diameters were used as given in ADTR."]
            return Answered(given, given=True, notes=tuple(notes))
        if study.format == "adam":
            return Answered(None, unused=no_best_response(study.table("ADRS")))
    collected = responses_of(study, impute=policy.assessment_day) if study.has("RS") else None
    if measured is None and collected is None:
        return Answered(None)
    found = response_frames(adsl, measured, collected, policy=policy, executor=executor)
    found = replace(found, findings=pl.concat([found.findings, collected_sums(study, found.adtr)]))
    lesions = None if measured is None else measured.height
    notes = said_of_responses(lesions, found, collected=collected is not None)
    if not found.evaluators:
        return Answered(None, unused=found.findings, notes=notes)
    return Answered(found, notes=notes)


def said_of_responses(lesions: int | None, found: Responses, *, collected: bool) -> tuple[str, ...]:
    """Sentences on what responses rest on: `lesions` counts the rows of them, `collected` whether RS is there."""
    notes = []
    if lesions == 0:
        notes.append("No lesion is identified in TR and TU, so that no response was derived from measurements.")
    if lesions:
        notes.append("Responses were derived from lesion measurements (TU, TR) by RECIST 1.1.")
    if lesions and collected:
        n = found.disagreements.height
        notes.append(
            f"They differ from the responses as collected (RS) at {_points(n)}."
            if n
            else "They agree with the responses as collected (RS) at every time point that has both."
        )
        alone = found.findings.filter(RULE="response-as-collected").height
        if alone:
            notes.append(f"Where no lesion was measured the response as collected counts: {_points(alone)}.")
    elif collected:
        notes.append("Responses are those collected at each time point (RS).")
    return tuple(notes)


def _points(n: int) -> str:
    return f"{n:,} time point{'s' if n != 1 else ''}"


@dataclass(frozen=True)
class Timed:
    """Times to event, and findings on those given."""

    adtte: pl.DataFrame | None
    decided: pl.DataFrame = field(default_factory=no_findings)
    notes: tuple[str, ...] = ()


def times_derived(
    study: Study,
    adsl: pl.DataFrame,
    found: Responses | None,
    therapy: pl.DataFrame | None,
    rules: CensorRules,
    policy: RecistPolicy,
) -> Timed:
    """Times to event as given or derived."""
    if study.has("ADTTE"):
        notes = ("Times to event were used as given in ADTTE.", *_computed(study.table("ADTTE")))
        times, told = given_times(study.table("ADTTE"), month=rules.month)
        if study.has("ADSL") and study.format in ("adam", "sdtm"):
            told = pl.concat([told, times_not_given(adsl, times), not_shown(times, study.config)])
        told = pl.concat([told, deaths_contradicted(adsl, times, month=rules.month)])
        return Timed(times, told, notes)
    if not of_all("a time zero is known", "STARTDT" in adsl.columns and bool(adsl["STARTDT"].is_not_null().any())):
        return Timed(None)
    untold = _deaths_untold(study)
    told = untold if found is None else pl.concat([untold, progression_in_disposition(study, found.adrs)])
    dated = found is not None and not found.adrs.filter(PARAMCD="OVRLRESP").is_empty()
    if found is not None and found.evaluators and not of_all("an assessment is dated", dated):
        told, found = pl.concat([told, _undated(found.adrs)]), None
    if untold.height and found is None:
        return Timed(None, told)
    note = "Times to event were derived from dates; time zero is randomisation, else the first dose."
    times = derived_times(adsl, found, therapy, rules=rules, policy=policy, deaths=untold.is_empty())
    return Timed(times, pl.concat([told, _never_followed(study, times)]), notes=(note,))


def _undated(adrs: pl.DataFrame) -> pl.DataFrame:
    """One finding where best responses are given and no assessment is: nobody is censored for want of those."""
    message = (
        f"Best responses of {adrs['USUBJID'].n_unique():,} subject(s) are given and no assessment with a date: "
        "progression-free survival, time to response and its duration are not derived."
    )
    return findings_frame([Finding(table="ADRS", rule="assessments-not-dated", severity="note", message=message)])


def _never_followed(study: Study, times: pl.DataFrame) -> pl.DataFrame:
    """``survival-without-follow-up``: the living of whom no record says that they were seen after the start."""
    rows = times.filter(PARAMCD="OS", CNSDTDSC="Start date").select("USUBJID", SRCROW=pl.lit(None, pl.Int64))
    message = (
        "No record shows the subject alive after the start, and none dead: overall survival is censored on day 1, "
        "which makes those who died weigh more."
    )
    return row_findings(
        rows, table="ADSL" if study.has("ADSL") else "DM", rule="survival-without-follow-up", severity="warning",
        variable="LSTALVDT", message=message,
    )  # fmt: skip


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


@dataclass(frozen=True, kw_only=True)
class OfSubjects:
    """What is derived of subjects each by itself, all of a study or those of a block."""

    measured: pl.DataFrame | None
    """Lesions."""
    targets: pl.DataFrame
    """Findings on the selection of targets."""
    answered: Answered
    timed: Timed
    events: tuple[pl.DataFrame, pl.DataFrame] | None
    """Adverse events and findings."""
    doses: pl.DataFrame | None
    ended: ResistanceFrames | None
    pairs: PairsOfBlock | None = None
    """Paired samples; None where they are worked of all subjects at once."""
    covariates: pl.DataFrame | None = None
    """Findings on the covariates whose rows were picked of each subject by itself; None where none were."""
