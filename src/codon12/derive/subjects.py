"""What no policy changes: the subjects of a study with their biomarkers, and the therapies that followed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.biomarkers import add_biomarkers
from codon12.records import Study
from codon12.records.domains.new_therapy import new_therapy
from codon12.records.subjects.adsl import analysis_subjects

__all__ = ["Subjects", "settled_subjects"]


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


def settled_subjects(study: Study) -> Subjects:
    """Settle the subjects; errors as `analysis_subjects` and `add_biomarkers`."""
    settled = add_biomarkers(study, analysis_subjects(study))
    adsl, notes = settled.adsl, [*settled.notes]
    dose = [c for c in ("TRTSDT", "STARTDT") if c in adsl.columns]
    first_dose = adsl.select("USUBJID", ADT=pl.coalesce(*dose) if dose else pl.lit(None, pl.Date))
    therapy, found = new_therapy(settled.study, first_dose, predicates=settled.study.config.new_therapy)
    if therapy is not None and "NACTDT" not in adsl.columns:
        first = therapy.group_by("USUBJID").agg(NACTDT=pl.col("ADT").min())
        adsl = adsl.join(first, on="USUBJID", how="left", maintain_order="left")
    if "SAFFL" not in adsl.columns or adsl["SAFFL"].is_null().all():
        notes.append("No dose is recorded: every subject counts as treated.")
    return Subjects(adsl, settled.study, settled.profiles, settled.findings, settled.rows, therapy, found, tuple(notes))
