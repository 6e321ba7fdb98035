"""The keys of ``codon12.toml`` that speak of biomarkers: what is asked, what was measured, what an assay reaches."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from codon12.errors import ConfigError

__all__ = ["AssaySource", "Biomarker", "MeasureSource", "check_biomarkers"]

_FILE = "codon12.toml"


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


class Biomarker(_Closed, frozen=True):
    """One biomarker of every subject, answered from the profiles: a question, a score cut, alleles, or a cross."""

    question: str | None = None
    """As `KRAS G12C`, `STK11 loss of function`, `RAS wild type`, `PD-L1 TPS >= 50`."""
    measure: str | None = None
    """A score of `[measures]`, cut into categories."""
    cuts: list[float] = []
    """Ascending lower bounds of the categories of `measure`."""
    alleles: str | None = None
    """Gene whose patients are grouped by allele."""
    cross: list[str] = []
    """Earlier biomarkers that are crossed with each other (`STK11 x KEAP1`)."""
    levels: list[str] = []
    """Words for no and yes of a question, in this order; or one a category of a score."""
    label: str | None = None
    """Name as printed."""


class MeasureSource(_Closed, frozen=True):
    """Where a measured biomarker stands, and on which scale of which assay."""

    kind: Literal["PD-L1", "TMB", "MSI"]
    value: str | None = None
    """Column that holds the score as reported: 60, <1%, 1-49, negative, TC3, TC2/3 or IC2/3. Without it a burden is
    counted again from the calls and the megabases of each sample's assay."""
    table: str = "SAMPLE"
    where: str | None = None
    """SQL predicate that picks the rows."""
    date: str | None = None
    """Column of `table` with the day of the sample: a date, or days since time zero. Samples after time zero are a
    finding."""
    assay: str | None = None
    """Antibody or panel; a score is compared with no score of another one."""
    scale: Literal["TPS", "CPS", "TC", "IC", "TC/IC"] | None = None
    """Scale of an expression score; scales are not converted into each other. TC/IC: joint texts of SP142."""


class AssaySource(_Closed, frozen=True):
    """What an assay reaches, and which samples were tested with it."""

    panel: str | None = None
    """A cBioPortal gene panel file in the study folder."""
    genes: list[str] = []
    """Genes read over all coding exons."""
    kinds: tuple[Literal["mutation", "copy number"], ...] = ("mutation",)
    """What is called in every gene."""
    fusions: list[str] = []
    """Genes whose fusions are called."""
    hotspots: list[str] = []
    """Changes or codons read, and nothing else: `KRAS G12C`, `KRAS G12`."""
    profile: str | None = None
    """Assay profile (TOML, in the study folder) of a PCR kit; its Ct sheet is `table`."""
    table: str | None = None
    """Table of the samples tested with this assay; left out where another table names the assay of each sample."""
    where: str | None = None
    """SQL predicate that picks the rows of `table`."""
    result: str | None = None
    """Column of `table` with the result for the one gene or hotspot, where the assay gives no calls."""
    detected: list[str] = []
    """Texts of `result` that mean detected."""
    not_detected: list[str] = []
    """Texts that mean not detected; missing is not tested, any other text is no result."""
    date: str | None = None
    """Column of `table` (SAMPLE where none is named) with the day of the sample: a date, or days since time zero."""
    specimen: Literal["tissue", "plasma"] | None = None
    """What its samples are, where their table does not say it; absence in plasma leaves a question open."""
    megabases: float | None = None
    """Size of the coding region that a mutational burden is divided by."""


def check_biomarkers(
    biomarkers: Mapping[str, str | Biomarker],
    measures: Mapping[str, MeasureSource],
    assays: Mapping[str, AssaySource],
    *,
    taken: Collection[str],
) -> None:
    """Refuse what types alone cannot: keys that exclude each other, names given twice (`taken`: other columns).

    Raises
    ------
    ConfigError
        The message names the key.
    """
    names = [n.upper() for n in biomarkers]
    for i, (name, entry) in enumerate(biomarkers.items()):
        key = f"{_FILE}, key biomarkers.{name}"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            raise ConfigError(f"{key}: letters, digits and _ make the name of a column; what is printed is its 'label'")
        if names.count(names[i]) > 1 or names[i] in {c.upper() for c in taken}:
            raise ConfigError(f"{key}: the name is given twice, among biomarkers and covariates")
        if not isinstance(entry, str):
            _check_one(entry, names[:i], measures, key)
    for name, source in measures.items():
        if source.kind == "PD-L1" and source.scale is None:
            raise ConfigError(f"{_FILE}, key measures.{name}.scale: name the scale (TPS, CPS, TC, IC or TC/IC)")
        if source.value is None and source.kind != "TMB":
            raise ConfigError(f"{_FILE}, key measures.{name}.value: name the column of the score")
    for name, assay in assays.items():
        key = f"{_FILE}, key assays.{name}"
        if assay.profile is not None and assay.table is None:
            raise ConfigError(f"{key}.table: name the table that holds the Ct sheet")
        if assay.result is not None and not (assay.table and assay.detected and len(assay.genes + assay.hotspots) == 1):
            raise ConfigError(f"{key}.result: needs 'table', 'detected' and the one gene or hotspot it tells of")


def _check_one(entry: Biomarker, earlier: list[str], measures: Mapping[str, MeasureSource], key: str) -> None:
    given = [k for k in ("question", "measure", "alleles", "cross") if getattr(entry, k)]
    if len(given) != 1:
        raise ConfigError(f"{key}: give one of 'question', 'measure', 'alleles' or 'cross', got {given or 'none'}")
    if entry.measure is not None and entry.measure not in measures:
        raise ConfigError(f"{key}.measure: no [measures.{entry.measure}]; there are {', '.join(measures) or 'none'}")
    if entry.cuts != sorted(set(entry.cuts)):
        raise ConfigError(f"{key}.cuts: must ascend without repeats, got {entry.cuts}")
    wanted = 2 if entry.question else len(entry.cuts) + 1 if entry.measure and entry.cuts else None
    if entry.levels and wanted is not None and len(entry.levels) != wanted:
        raise ConfigError(f"{key}.levels: needs {wanted} words, got {len(entry.levels)}")
    unknown = [c for c in entry.cross if c.upper() not in earlier]
    if unknown:
        raise ConfigError(f"{key}.cross: {', '.join(unknown)} is no earlier biomarker")
