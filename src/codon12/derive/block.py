"""One block of subjects derived: what each subject gives by itself, and what all blocks give together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from codon12.derive.adae import derived_events
from codon12.derive.adex import derived_exposure
from codon12.derive.adrs import Responses
from codon12.derive.adtte import PARAMETERS
from codon12.derive.of_subjects import Answered, OfSubjects, Timed, responses_answered, said_of_responses, times_derived
from codon12.derive.pairs_of_block import pairs_of_block, pairs_of_blocks
from codon12.derive.policies import policies_of
from codon12.derive.resistance import resistance_frames
from codon12.derive.resistance_frames import ResistanceFrames
from codon12.derive.study import Derived, ends_of, finished, targets_found, without_policies
from codon12.derive.subjects import Therapies, new_therapies, settled_from, with_first_therapy
from codon12.derive.wide_subjects import narrow_subjects, wide_subjects
from codon12.evidence.frames import Frames
from codon12.records import Study
from codon12.records.domains.tumours import lesions as lesions_of
from codon12.records.findings import once
from codon12.records.subjects.adsl import core_subjects
from codon12.records.subjects.covariate_findings import covariate_findings
from codon12.records.subjects.covariates_alone import picked_alone, rows_picked_alone

__all__ = ["DerivedBlock", "derive_block", "derive_together"]


@dataclass(frozen=True)
class DerivedBlock:
    """What the subjects of a block give."""

    core: pl.DataFrame
    """ADSL without covariates and biomarkers."""
    covariates: pl.DataFrame
    """As from `rows_picked_alone`."""
    therapies: Therapies
    parts: OfSubjects


def derive_block(study: Study) -> DerivedBlock:
    """Derive what each subject of a study from SDTM gives by itself; questions about all are asked by `of_all`."""
    settled_by = policies_of(study.config)
    recist, rules = settled_by.response, settled_by.survival
    bare = without_policies(study)
    core = core_subjects(bare)
    therapies = new_therapies(bare, core)
    adsl = with_first_therapy(core, therapies[0])
    measured = lesions_of(bare, impute=recist.lesion_day) if study.has("TR") else None
    answered = responses_answered(bare, adsl, measured, recist, None)
    timed = times_derived(bare, adsl, answered.found, therapies[0], rules, recist)
    ends = ends_of(adsl, answered.found, timed.adtte)
    parts = OfSubjects(
        measured=measured,
        targets=targets_found(measured, adsl, policy=recist),
        answered=answered,
        timed=timed,
        events=derived_events(bare, adsl, policy=settled_by.safety),
        doses=derived_exposure(bare, adsl),
        ended=resistance_frames(
            bare, ends, month=rules.month, recist=recist, lesions=measured if recist.lesion_day == "first" else None
        ),
        pairs=pairs_of_block(bare, adsl),
        covariates=covariate_findings(bare, core, of=picked_alone(bare.config)),
    )
    return DerivedBlock(core, rows_picked_alone(core, bare), therapies, parts)


def derive_together(
    study: Study,
    blocks: Sequence[DerivedBlock],
    *,
    said: Sequence[pl.DataFrame] = (),
    rows: Mapping[str, pl.LazyFrame] | None = None,
    folder: Path | None = None,
) -> Derived:
    """Put blocks together as `derive` gives the whole.

    Parameters
    ----------
    study
        The whole: its tables are read where something takes all subjects (covariates, biomarkers, pairs).
    blocks
        Of all its subjects, on the same decisions.
    said
        Findings that are said once of all blocks (`codon12.parallel.told_of_all`).
    rows
        Frames on disk, whose rows the blocks do not hold (`codon12.derive.block_rows`).
    folder
        Where other frames of many rows are laid.
    """
    apart = dict(rows or {})
    lying = apart.pop("core", None)
    core = _by_subject([b.core for b in blocks]) if lying is None else narrow_subjects(lying, study.config)
    therapy = _some([b.therapies[0] for b in blocks], lambda f: _by_row(f, "SRCDOM", "SRCROW"))
    therapies = therapy, _once([b.therapies[1] for b in blocks])
    picked = apart.pop("covariates", None)
    if picked is None:
        picked = _by_subject([b.covariates for b in blocks]).lazy()
    base = settled_from(without_policies(study), core, therapies, picked=picked)
    parts = _together([b.parts for b in blocks], said, apart, collected=study.has("RS"))
    parts = replace(parts, pairs=pairs_of_blocks([b.parts.pairs for b in blocks], apart))
    del blocks, core, picked
    made = finished(study, base, parts, policies_of(study.config), rows=apart, folder=folder)
    if lying is not None and folder is not None and isinstance(made.frames, Frames):
        made.frames.put("adsl", wide_subjects(lying, made.frames["adsl"], folder))
    return made


def _together(
    parts: Sequence[OfSubjects], said: Sequence[pl.DataFrame], rows: Mapping[str, pl.LazyFrame], *, collected: bool
) -> OfSubjects:
    measured = _some([p.measured for p in parts], _by_subject)
    lesions = None if measured is None else _height(rows["lesions"]) if "lesions" in rows else measured.height
    return OfSubjects(
        measured=measured,
        targets=_once([p.targets for p in parts]),
        answered=_answered([p.answered for p in parts], lesions, said, collected=collected),
        timed=Timed(
            _some([p.timed.adtte for p in parts], _times),
            _once([p.timed.decided for p in parts]),
            parts[0].timed.notes,
        ),
        events=_some(
            [p.events for p in parts],
            lambda events: (_by_row([e[0] for e in events], "SRCROW"), _once([e[1] for e in events])),
        ),
        doses=_some([p.doses for p in parts], _by_subject),
        ended=_some([p.ended for p in parts], _ended),
        covariates=_some([p.covariates for p in parts], _once),
    )


def _answered(
    parts: Sequence[Answered], lesions: int | None, said: Sequence[pl.DataFrame], *, collected: bool
) -> Answered:
    found = _some([p.found for p in parts], lambda all_found: _responses(all_found, said))
    if found is None:
        return Answered(None, unused=_once([*(p.unused for p in parts), *said]), notes=parts[0].notes)
    return Answered(found, notes=said_of_responses(lesions, found, collected=collected))


def _responses(found: Sequence[Responses], said: Sequence[pl.DataFrame]) -> Responses:
    return replace(
        found[0],
        adrs=_by_subject([f.adrs for f in found]),
        adtr=_some([f.adtr for f in found], _by_subject),
        disagreements=_by_subject([f.disagreements for f in found]),
        findings=_once([*(f.findings for f in found), *said]),
        unmeasured=_some([f.unmeasured for f in found], _by_subject),
        baseline=_some([f.baseline for f in found], _by_subject),
    )


def _ended(found: Sequence[ResistanceFrames]) -> ResistanceFrames:
    def together(held: Sequence[Any], *names: str) -> dict[str, Any]:
        return {name: _some([getattr(one, name) for one in held], _by_subject) for name in names}

    records = [f.records for f in found]
    own = together(records, "subjects", "assessments", "lesions", "sites", "therapy")
    definitions = [d.id for d in found[0].definitions.definitions]
    return replace(
        found[0],
        records=replace(records[0], **own, findings=_once([r.findings for r in records])),
        classified=_classified([f.classified for f in found], definitions),
        **together(found, "patterns", "contributing", "sites", "nexts"),
        findings=_once([f.findings for f in found]),
    )


def _height(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())


def _some(found: Sequence[Any], together: Callable[[list[Any]], Any]) -> Any:
    """What is there, together; None where nothing is."""
    there = [f for f in found if f is not None]
    return together(there) if there else None


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames, how="vertical_relaxed", rechunk=True) if len(frames) > 1 else frames[0]


def _by_subject(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Rows of all blocks by subject, those of one as they stood."""
    frame = _joined(frames)
    if frame.schema["USUBJID"] == pl.String and frame["USUBJID"].is_sorted(nulls_last=True):
        return frame
    return frame.sort("USUBJID", nulls_last=True, maintain_order=True)


def _by_row(frames: Sequence[pl.DataFrame], *row: str) -> pl.DataFrame:
    return _joined(frames).sort(*row, maintain_order=True)


def _times(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """ADTTE: parameter after parameter, each by subject."""
    order = {name: n for n, name in enumerate(PARAMETERS)}
    place = pl.col("PARAMCD").replace_strict(order, return_dtype=pl.Int8)
    return _joined(frames).sort(place, "USUBJID", nulls_last=True, maintain_order=True)


def _classified(frames: Sequence[pl.DataFrame], definitions: Sequence[str]) -> pl.DataFrame:
    """Subjects as classified: definition after definition, each by subject."""
    order = {name: n for n, name in enumerate(definitions)}
    place = pl.col("DEFINITION").replace_strict(order, return_dtype=pl.Int32)
    return _joined(frames).sort(place, "USUBJID", nulls_last=True, maintain_order=True)


def _once(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return once(_joined(frames))
