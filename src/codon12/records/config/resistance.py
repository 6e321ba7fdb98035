"""``[resistance]`` of ``codon12.toml``: what a study says of how responses ended."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["ResistanceSource", "SampleAssay", "SampleColumns", "SiteColumns", "SubjectColumns", "TherapyColumns"]


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


class SubjectColumns(_Closed, frozen=True, kw_only=True):
    """Where a table with one row a subject holds doses, response, progression and death (dates or day numbers)."""

    table: str = "PATIENT"
    first_dose: str
    last_dose: str | None = None
    best_response: str | None = None
    progression: str | None = None
    """Date of the progression-free survival event."""
    status: str | None = None
    """Column that says whether `progression` is an event; every date is one when left out."""
    event: list[str] = []
    """Texts of `status` that mean an event."""
    death: str | None = None
    """Date of death: an event on it is a death, never a progression."""
    last_contact: str | None = None


class SiteColumns(_Closed, frozen=True, kw_only=True):
    """Where a plain table names the sites of progression."""

    table: str
    column: str | None = None
    """Column that lists them."""
    flags: dict[str, str] = {}
    """Column that is yes or no -> site."""


class TherapyColumns(_Closed, frozen=True, kw_only=True):
    """Where therapies after progression stand; CM and PR with a category of subsequent therapy when left out."""

    table: str
    drug: str
    start: str
    kind: str | None = None
    """Column with words of its class."""
    where: str | None = None
    """SQL predicate that picks the rows."""


class SampleAssay(_Closed, frozen=True, kw_only=True):
    """What an assay of paired samples reads."""

    genes: list[str] = []
    kinds: tuple[Literal["mutation", "copy number", "fusion"], ...] = ("mutation",)
    fusions: list[str] = []
    targets: list[str] = []
    """Changes (``KRAS G12C``) or codons that a list of hotspots reads."""


class SampleColumns(_Closed, frozen=True, kw_only=True):
    """How the samples of a patient are ordered in time."""

    table: str = "SAMPLE"
    sample: str = "SAMPLE_ID"
    time: str | None = None
    """Column with a word for the time (baseline, progression)."""
    date: str | None = None
    """Column with a date or a day."""
    names: str | None = None
    """Rule on sample names: a regular expression with groups ``subject`` and ``order``."""
    specimen: str | None = None
    """Column that tells plasma (cfDNA) from tissue."""
    histology: str | None = None
    depth: str | None = None
    assay: str | None = None
    """Column with the name of the assay; that of the gene-panel matrix when left out."""
    where: str | None = None
    """SQL predicate that picks the samples of tumours."""
    calls: str | None = None
    """Table with the calls of these samples (SAMPLE_ID, GENE, KIND, PROTEIN, PARTNER, VAF, PHASE), where they stand
    apart from the mutations, copy numbers and fusions of the study."""
    assays: dict[str, SampleAssay] = {}
    """Assay -> what it reads, for calls that stand apart."""


class ResistanceSource(_Closed, frozen=True, kw_only=True):
    """All keys of ``[resistance]``."""

    drug: str | None = None
    """Drug of the catalogue that mechanisms are looked up for."""
    drugs: dict[str, str] = {}
    """Arm as printed -> drug of the catalogue."""
    definition: str = "response-then-progression"
    """Definition by which subjects are resistant in the analyses after progression."""
    studied: str | None = None
    """Class of the study drug, as ``checkpoint inhibitor``."""
    definitions: list[str] = []
    """Files of definitions in the study folder, beside those that ship."""
    catalogue: list[str] = []
    organs: list[str] = []
    therapies: list[str] = []
    subjects: SubjectColumns | None = None
    sites: SiteColumns | None = None
    therapy: TherapyColumns | None = None
    samples: SampleColumns | None = None
    policy: dict[str, Any] = {}
    """Fields of ResistancePolicy."""
    pairs: dict[str, Any] = {}
    """Fields of PairPolicy."""
