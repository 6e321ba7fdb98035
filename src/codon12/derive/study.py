"""A study to its analysis frames: ADSL, ADTR, ADRS, ADTTE, ADAE, exposure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import polars as pl

from codon12.derive.adae import derived_events
from codon12.derive.adex import derived_exposure, exposure_not_read
from codon12.derive.adrs import Responses
from codon12.derive.adsl import with_measurable_flags
from codon12.derive.context import Context
from codon12.derive.of_subjects import OfSubjects, responses_answered, times_derived
from codon12.derive.pairs_of_block import read_from_frames
from codon12.derive.policies import Policies, policies_of
from codon12.derive.resistance import resistance_frames
from codon12.derive.resistance_pairs import study_pairs
from codon12.derive.resistance_rows import frames_of_resistance
from codon12.derive.stages import Stages
from codon12.derive.study_context import readers_apart, settings_without_use, study_context
from codon12.derive.subjects import Subjects, settled_subjects
from codon12.evidence.frames import Frames
from codon12.parallel import of_all
from codon12.policy import Policy
from codon12.records import Study, no_findings
from codon12.records.config import StudyConfig
from codon12.records.domains.tumours import lesions as lesions_of
from codon12.records.findings import in_order
from codon12.records.findings.accounting import less_unused, with_left_out
from codon12.records.subjects.covariate_findings import covariate_findings
from codon12.records.subjects.covariates_alone import picked_alone
from codon12.response import RecistPolicy, target_selection_findings
from codon12.response.assessments import baseline_dates

__all__ = ["Derived", "derive", "ends_of", "finished", "targets_found", "without_policies"]


@dataclass(frozen=True)
class Derived:
    """Analysis frames with what was decided on the way."""

    frames: MutableMapping[str, pl.DataFrame]
    """Those of many rows a subject lie on disk where the study came in blocks (`codon12.evidence.frames`)."""
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
    settled_by = policies_of(study.config)
    recist, rules, safety = settled_by.response, settled_by.survival, settled_by.safety
    bare = without_policies(study)

    progress("Subjects")
    base = kept.of("subjects", lambda: settled_subjects(bare), bare)
    adsl, records = base.adsl, base.study
    progress("Responses")
    measured, day = None, recist.lesion_day
    if study.format == "sdtm" and study.has("TR"):
        measured = kept.of("lesions", lambda: lesions_of(records, impute=day), records, day)
    answered = kept.of(
        "responses",
        lambda: responses_answered(records, adsl, measured, recist, executor),
        records, adsl, measured, recist,
    )  # fmt: skip
    found = answered.found
    progress("Times to event")
    timed = kept.of(
        "times",
        lambda: times_derived(records, adsl, found, base.therapy, rules, recist),
        records, adsl, found, base.therapy, rules, recist,
    )  # fmt: skip
    progress("Adverse events and exposure")
    events = kept.of("events", lambda: derived_events(records, adsl, policy=safety), records, adsl, safety)
    doses = kept.of("doses", lambda: derived_exposure(records, adsl), records, adsl)
    progress("Resistance")
    rests = ends_of(adsl, found, timed.adtte)
    ended = kept.of(
        "resistance",
        lambda: resistance_frames(
            records, rests, month=rules.month, recist=recist, lesions=measured if day == "first" else None
        ),
        records, *(rests.get(k) for k in ("adsl", "adrs", "adtte")), rules.month, recist,
    )  # fmt: skip
    parts = OfSubjects(
        measured=measured,
        targets=targets_found(measured, adsl, policy=recist),
        answered=answered,
        timed=timed,
        events=events,
        doses=doses,
        ended=ended,
    )
    return finished(study, base, parts, settled_by, stages=kept)


def finished(
    study: Study,
    base: Subjects,
    parts: OfSubjects,
    settled_by: Policies,
    *,
    stages: Stages | None = None,
    rows: Mapping[str, pl.LazyFrame] | None = None,
    folder: Path | None = None,
) -> Derived:
    """Put together what was derived of all subjects, and add what takes all of them: covariates, pairs, the context.

    `rows` are frames on disk, which stand in place of those of `parts`; other large frames are laid in `folder`.
    """
    kept = Stages(keep=0) if stages is None else stages
    own, records = study.config, base.study
    answered, timed, ended = parts.answered, parts.timed, parts.ended
    found, given, adsl = answered.found, answered.given, base.adsl
    policies: dict[str, Policy] = {"rounding": own.rounding}
    first = {"adsl": adsl, "sources": study.sources, "accounting": study.accounting}
    frames = Frames(first, folder=folder)
    if found is not None:
        if not given:
            policies["response"] = settled_by.response
        frames.update({"adrs": found.adrs, "disagreements": found.disagreements})
        if found.adtr is not None:
            frames["adtr"] = found.adtr
            if parts.measured is not None and not given:
                frames["lesions"] = parts.measured
        _place(frames, rows)
        frames["adsl"] = with_measurable_flags(adsl, found, frames)
    if timed.adtte is not None:
        frames["adtte"] = timed.adtte
        _place(frames, rows)
        if not study.has("ADTTE"):
            policies["survival"] = settled_by.survival
    if parts.events is not None:
        frames["adae"] = parts.events[0]
        policies["safety"] = settled_by.safety
    if parts.doses is not None:
        frames["adex"] = parts.doses
    if parts.covariates is None:
        told = kept.of("covariate findings", lambda: covariate_findings(records, adsl), records, adsl)
    else:
        rest = [name for name in records.config.covariates if name not in picked_alone(own)]
        told = pl.concat([parts.covariates, covariate_findings(records, adsl, of=rest)])
    frames["findings"] = pl.concat(
        [
            _findings(records, told, found, parts.targets),
            base.therapy_findings,
            answered.unused,
            timed.decided,
            exposure_not_read(study),
            *([] if parts.events is None else [parts.events[1]]),
        ]
    )
    frames["accounting"] = less_unused(study.accounting, frames["findings"])
    if base.profiles is not None:
        known = pl.col("USUBJID").is_in(adsl["USUBJID"].implode())
        frames["calls"] = base.profiles.calls.filter(known)
        frames["findings"] = pl.concat([frames["findings"], base.findings])
        frames["biomarker_rows"] = base.rows
        frames["accounting"] = with_left_out(frames["accounting"], "MUTATIONS", base.profiles.left_out)
    if parts.pairs is None:
        pairs = kept.of(
            "pairs", lambda: study_pairs(records, adsl, profiles=base.profiles), records, adsl, base.profiles
        )
    else:
        pairs = parts.pairs.made
    frames.update(frames_of_resistance(ended, pairs, frames["findings"]))
    if rows is not None and pairs is not None and parts.pairs is None:
        pairs = read_from_frames(pairs)
    _place(frames, rows)
    frames["findings"] = in_order(frames["findings"])
    if ended is not None:
        policies["resistance"] = ended.policy
    if pairs is not None:
        policies["pairs"] = pairs.comparison.policy
    config = _of_policies(records.config, own)
    context = study_context(config, frames, found, settled_by, given=given)
    unused = settings_without_use(context, settled_by, of=policies)
    frames["findings"] = in_order(pl.concat([frames["findings"], readers_apart(context), unused]))
    context = replace(
        context, profiles=base.profiles, resistance=ended, pairs=pairs, study=replace(records, config=config)
    )
    notes = [_read_from(study), *base.notes, *answered.notes, *timed.notes]
    return Derived(frames=frames, context=context, policies=policies, notes=notes)


def _place(frames: MutableMapping[str, pl.DataFrame], rows: Mapping[str, pl.LazyFrame] | None) -> None:
    """Put rows on disk in place of the frames of their names."""
    for name, lying in (rows or {}).items():
        if isinstance(frames, Frames) and name in frames and not frames.on_disk(name):
            frames.put(name, lying)


def without_policies(study: Study) -> Study:
    """The study with the policies that are the default: a stage is told its own and reads no others."""
    return replace(study, config=_of_policies(study.config, StudyConfig()))


def ends_of(adsl: pl.DataFrame, found: Responses | None, adtte: pl.DataFrame | None) -> dict[str, pl.DataFrame]:
    """What is known of how responses ended: overall responses, where there are none times to event."""
    adrs = None if found is None else found.adrs
    some = adrs is not None and bool((adrs["PARAMCD"] == "OVRLRESP").any())
    times = None if of_all("an overall response is derived", some) else adtte
    return {k: f for k, f in (("adsl", adsl), ("adrs", adrs), ("adtte", times)) if f is not None}


def targets_found(measured: pl.DataFrame | None, adsl: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Findings on the selection of targets."""
    if measured is None:
        return no_findings()
    return target_selection_findings(measured, baseline_dates(adsl, policy=policy), policy=policy)


def _of_policies(config: StudyConfig, other: StudyConfig) -> StudyConfig:
    """The configuration with the policies of another."""
    return msgspec.structs.replace(
        config, response=other.response, survival=other.survival, safety=other.safety, evaluator=other.evaluator
    )


def _read_from(study: Study) -> str:
    names = {
        "sdtm": "SDTM records",
        "adam": "ADaM data sets",
        "tables": "plain tables mapped by codon12.toml",
        "cbioportal": "a cBioPortal study",
    }
    return f"The study was read from {names[study.format]} ({', '.join(sorted(study.tables))})."


def _findings(study: Study, told: pl.DataFrame, found: Responses | None, targets: pl.DataFrame) -> pl.DataFrame:
    """Findings of records, covariates (`told`) and targets; responses that differ from those collected."""
    parts = [study.findings, told, targets]
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
