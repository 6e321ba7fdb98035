"""What is known of how the responses of a study ended, held together for its analyses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from codon12.records.findings import no_findings
from codon12.resistance import Comparison, Definitions, ResistancePolicy
from codon12.resistance.organs import Organs

__all__ = ["ResistanceFrames", "ResistanceRecords", "StudyPairs"]


@dataclass(frozen=True)
class ResistanceRecords:
    """Frames in the shapes that `codon12.resistance` takes."""

    subjects: pl.DataFrame
    """USUBJID, TRTSDT, TRTEDT, DTHDT, LASTDT: dates, or day numbers."""
    assessments: pl.DataFrame
    """USUBJID, [EVAL], PARAMCD, ADT, AVALC, [VISITNUM], SRCDOM, SRCROW."""
    lesions: pl.DataFrame | None = None
    sites: pl.DataFrame | None = None
    therapy: pl.DataFrame | None = None
    note: str = ""
    """Sentence for the methods text: what progression was read from."""
    findings: pl.DataFrame = field(default_factory=no_findings)
    times_only: bool = False
    """Whether nothing but times of progression-free survival is known."""


@dataclass(frozen=True)
class ResistanceFrames:
    """What the records say of how responses ended; frames share USUBJID and EVAL."""

    records: ResistanceRecords
    definitions: Definitions
    organs: Organs
    policy: ResistancePolicy
    classified: pl.DataFrame
    """As from `classify_resistance`, every definition."""
    patterns: pl.DataFrame | None = None
    """As from `progression_patterns`; None where neither lesions nor sites are recorded."""
    contributing: pl.DataFrame | None = None
    sites: pl.DataFrame | None = None
    """A row a subject, evaluator and site of progression: SITE, CLASS (organ class), KINDS of lesions, source."""
    nexts: pl.DataFrame | None = None
    """As from `next_therapy`, of subjects with a progression."""
    findings: pl.DataFrame = field(default_factory=no_findings)


@dataclass(frozen=True)
class StudyPairs:
    """What the paired samples of a study show."""

    samples: pl.DataFrame
    """USUBJID, SAMPLE, SPECIMEN, ASSAY, ADT, ORDER, TIME as read, of every sample of a tumour."""
    comparison: Comparison
    disagreements: pl.DataFrame
    """USUBJID, ALTERATION, LOST_IN (pair), SAMPLE and VAF of the other specimen that shows it."""
    serial: pl.DataFrame | None = None
    """USUBJID, AT, SAMPLE, ALTERATION, VAF of subjects with three plasma samples or more."""
    findings: pl.DataFrame = field(default_factory=no_findings)
    table: str = "SAMPLE"
    """Table of the samples."""
    lying: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    """Rows on disk in place of those here: ``alterations`` of the comparison, ``serial``."""

    def rows(self, name: str) -> pl.DataFrame | pl.LazyFrame | None:
        """Rows of ``alterations`` or ``serial``, on disk if they lie there."""
        held = self.comparison.alterations if name == "alterations" else self.serial
        return self.lying.get(name, held)
