"""What no policy changes: the subjects of a study with their biomarkers, and the therapies that followed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.biomarkers import add_biomarkers
from codon12.records import Study
from codon12.records.domains.new_therapy import new_therapy
from codon12.records.subjects.adsl import core_subjects
from codon12.records.subjects.covariates import add_covariates

__all__ = ["Subjects", "Therapies", "new_therapies", "settled_from", "settled_subjects", "with_first_therapy"]


@dataclass(frozen=True)
class Subjects:
    """ADSL before any response is looked at, and what it was settled from."""

    adsl: pl.DataFrame
    study: Study
    """The study with its biomarkers as covariates."""
    profiles: StudyProfiles | None
    findings: pl.DataFrame
    rows: pl.DataFrame
    therapy: pl.DataFrame | None
    therapy_findings: pl.DataFrame
    notes: tuple[str, ...]


Therapies = tuple[pl.DataFrame | None, pl.DataFrame]
"""Starts of new therapies, None without any, and findings."""


def settled_subjects(study: Study) -> Subjects:
    """Settle the subjects; errors as `analysis_subjects` and `add_biomarkers`."""
    core = core_subjects(study)
    return settled_from(study, core, new_therapies(study, core))


def new_therapies(study: Study, core: pl.DataFrame) -> Therapies:
    """New therapies after the first dose, or time zero, of each subject."""
    dose = [c for c in ("TRTSDT", "STARTDT") if c in core.columns]
    first_dose = core.select("USUBJID", ADT=pl.coalesce(*dose) if dose else pl.lit(None, pl.Date))
    return new_therapy(study, first_dose, predicates=study.config.new_therapy)


def with_first_therapy(adsl: pl.DataFrame, therapy: pl.DataFrame | None) -> pl.DataFrame:
    """Add NACTDT, the first new therapy, where ADSL has none and therapies are known."""
    if therapy is None or "NACTDT" in adsl.columns:
        return adsl
    first = therapy.group_by("USUBJID").agg(NACTDT=pl.col("ADT").min())
    return adsl.join(first, on="USUBJID", how="left", maintain_order="left")


def settled_from(
    study: Study, core: pl.DataFrame, therapies: Therapies, *, picked: pl.LazyFrame | None = None
) -> Subjects:
    """Add covariates and biomarkers to the core of ADSL; errors as `add_covariates` and `add_biomarkers`.

    `picked` as `add_covariates`.
    """
    settled = add_biomarkers(study, add_covariates(core, study, picked=picked))
    adsl, notes = settled.adsl, [*settled.notes]
    therapy, found = therapies
    adsl = with_first_therapy(adsl, therapy)
    if "SAFFL" not in adsl.columns or adsl["SAFFL"].is_null().all():
        notes.append("No dose is recorded: every subject counts as treated.")
    return Subjects(adsl, settled.study, settled.profiles, settled.findings, settled.rows, therapy, found, tuple(notes))
