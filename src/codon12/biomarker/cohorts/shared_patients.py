"""Patients that several studies share, by their id and by what tells them apart without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codon12.biomarker.calls.cbioportal import study_calls
from codon12.biomarker.calls.frame import COUNTED_CLASSES
from codon12.records.study import Study
from codon12.records.subjects.adsl import analysis_subjects
from codon12.records.subjects.overlap import Overlap, Part, overlap

__all__ = ["FINGERPRINT", "LEAST_VARIANTS", "fingerprints", "shared_patients"]

FINGERPRINT: tuple[Part, ...] = ("SEX", "VARIANTS")
"""Columns that tell a patient without the id, unless others are named."""

LEAST_VARIANTS = 3
"""Patients with fewer mutations have no set of variants to be told by: many share one or two."""


def fingerprints(study: Study) -> pl.DataFrame:
    """Give the subjects of a study with VARIANTS, the set of their mutations (``KRAS p.G12C``), where it has calls.

    VARIANTS is null for a subject with fewer than `LEAST_VARIANTS` of them.
    """
    adsl = analysis_subjects(study)
    calls = study_calls(study).frame.filter(pl.col("CLASS").is_in(list(COUNTED_CLASSES)))
    if not calls.height:
        return adsl
    text = pl.concat_str("GENE", pl.coalesce("PROTEIN", "CODING"), separator=" ")
    sets = (
        calls.select("USUBJID", text.alias("VARIANTS"))
        .drop_nulls()
        .unique()
        .group_by("USUBJID")
        .agg(pl.col("VARIANTS").sort())
        .filter(pl.col("VARIANTS").list.len() >= LEAST_VARIANTS)
    )
    return adsl.drop("VARIANTS", strict=False).join(sets, on="USUBJID", how="left", maintain_order="left")


def shared_patients(studies: Mapping[str, Study], *, fingerprint: Sequence[Part] = FINGERPRINT) -> Overlap:
    """Find the patients that studies share, before they are pooled.

    Parameters
    ----------
    studies
        Name -> study, two or more.
    fingerprint
        As `codon12.records.overlap` takes it, over the columns of ADSL and VARIANTS; two studies are compared where
        both have all of them. `FINGERPRINT` is left out where no study has calls: sex alone tells nobody.

    Raises
    ------
    UsageError
        A tolerance below 0, or a column of a fingerprint of one's own that no study has.
    """
    cohorts = {name: fingerprints(study) for name, study in studies.items()}
    held = {c for frame in cohorts.values() for c in frame.columns if frame[c].is_not_null().any()}
    default = tuple(fingerprint) == FINGERPRINT
    return overlap(cohorts, fingerprint=() if default and not {"SEX", "VARIANTS"} <= held else fingerprint)
