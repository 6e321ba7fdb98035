"""The paired samples of a study: ordered, compared, explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from codon12.biomarker import study_profiles
from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.policies import policy_from
from codon12.derive.resistance_calls import calls_apart, has_calls_apart
from codon12.derive.resistance_frames import StudyPairs
from codon12.errors import ConfigError
from codon12.parallel import of_all
from codon12.records import Study, parse_dtc
from codon12.records.config import CONFIG_FILE
from codon12.records.config.resistance import SampleColumns
from codon12.records.files.locate import inside
from codon12.records.findings import row_findings
from codon12.records.sql import evaluate
from codon12.resistance import (
    Catalogue,
    Comparison,
    PairPolicy,
    PairSamples,
    compare_pairs,
    named_samples,
    pair_samples,
    read_catalogue,
)

__all__ = ["ARMS", "Paired", "compared", "paired_samples", "study_pairs"]

ARMS = ("TRT01A", "TRT01P", "ARM")
"""Columns of ADSL that tell the drug of a subject, the first that is filled."""
_PLASMA = r"(?i)cfdna|ctdna|plasma|liquid|blood"
_DATES = ("SAMPLE_DATE", "COLLECTION_DATE", "SAMPLE_COLLECTION_DATE", "SAMPLE_DAY", "START_DATE")
_WORDS = ("TIMEPOINT", "SAMPLE_TIMEPOINT", "TIME_POINT", "TIME")


def study_pairs(
    study: Study,
    adsl: pl.DataFrame | None = None,
    *,
    drug: str | None = None,
    profiles: StudyProfiles | None = None,
) -> StudyPairs | None:
    """Pair the samples of every patient and compare them; None without a drug, calls, or two samples of anybody.

    The drug is `drug`, else ``[resistance]`` drug, else that of the subject's arm (``drugs``).

    Raises
    ------
    ConfigError
        ``[resistance.samples]`` names a table or column that is not there.
    UsageError
        The drug is not in the catalogue.
    """
    read = paired_samples(study, adsl, drug=drug, profiles=profiles)
    return None if read is None else compared(study, read)


@dataclass(frozen=True)
class Paired:
    """Samples in pairs, with the calls of all samples."""

    samples: pl.DataFrame
    """Every sample, as `StudyPairs` has them."""
    pairs: pl.DataFrame
    """As from `pair_samples`, of pairs with a drug."""
    profiles: StudyProfiles
    catalogue: Catalogue
    findings: pl.DataFrame


def paired_samples(
    study: Study,
    adsl: pl.DataFrame | None = None,
    *,
    drug: str | None = None,
    profiles: StudyProfiles | None = None,
) -> Paired | None:
    """Put the samples of every patient in pairs; arguments, None and errors as `study_pairs`."""
    own = study.config.resistance
    if drug is None and own.drug is None and not own.drugs:
        return None
    apart = own.samples is not None and own.samples.calls is not None
    if apart:
        profiles = None
        found_calls = of_all("a paired sample has a call", has_calls_apart(study))
    else:
        profiles = profiles or study_profiles(study)
        found_calls = profiles is not None and profiles.calls.height > 0
    if not found_calls:
        return None
    files = [inside(study.path, f, where=f"{CONFIG_FILE}, key resistance.catalogue") for f in own.catalogue]
    catalogue = read_catalogue(*files)
    samples = _samples(study, own.samples or SampleColumns(), None if profiles is None else profiles.tests)
    if samples is None:
        return None
    one = drug or own.drug
    if one is not None:
        samples = samples.with_columns(DRUG=pl.lit(catalogue.drug(one)))
    else:
        samples = _by_arm(samples, adsl, {arm: catalogue.drug(d) for arm, d in own.drugs.items()})
    pairs, found = pair_samples(samples)
    pairs = pairs.filter(pl.col("DRUG").is_not_null())
    # Samples that could not be paired are told of, also where there are no others.
    if not of_all("samples are in pairs, or could not be", bool(pairs.height or found.height)):
        return None
    said = [found, _plasma_panels(samples)]
    if profiles is None:  # read last: what is said of its table is said of a study that has pairs
        profiles = calls_apart(study)
        if not of_all("a call of a paired sample counts", bool(profiles.calls.height)):
            return None
        said.append(profiles.findings)
    return Paired(samples, pairs, profiles, catalogue, pl.concat(said))


def compared(study: Study, read: Paired) -> StudyPairs:
    """Compare the samples of pairs."""
    own = study.config.resistance
    given = PairSamples(samples=read.pairs, calls=read.profiles.calls, assays=read.profiles.assays)
    policy = policy_from(PairPolicy, own.pairs, section="resistance.pairs")
    made = compare_pairs(given, catalogue=read.catalogue, policy=policy)
    return StudyPairs(
        samples=read.samples,
        comparison=made,
        disagreements=_disagreements(made, read.samples, read.profiles.calls),
        serial=_serial(read.samples, read.profiles.calls),
        findings=read.findings,
        table=(own.samples or SampleColumns()).table.upper(),
    )


def _samples(study: Study, own: SampleColumns, tests: pl.DataFrame | None) -> pl.DataFrame | None:
    if not study.has(own.table):
        if study.config.resistance.samples is None:
            return None
        raise ConfigError(f"{CONFIG_FILE}, key resistance.samples.table: no table {own.table}")
    table = study.table(own.table)
    if own.where is not None:
        keep = evaluate(table, own.where, where=f"{CONFIG_FILE}, key resistance.samples.where")
        table = table.filter(keep.fill_null(value=False))
    elif "SAMPLE_TYPE" in table.columns:
        table = table.filter(pl.col("SAMPLE_TYPE").cast(pl.String).str.to_lowercase().ne_missing(pl.lit("normal")))
    by_upper = {c.upper(): c for c in table.columns}

    def column(name: str | None, *usual: str) -> pl.Expr:
        if name is not None and name.upper() not in by_upper:
            raise ConfigError(
                f"{CONFIG_FILE}, key resistance.samples: table {own.table} has no column {name}; it has "
                f"{', '.join(table.columns[:60])}"
            )
        found = name or next((u for u in usual if u in by_upper), None)
        return pl.lit(None, pl.String) if found is None else pl.col(by_upper[found.upper()]).cast(pl.String)

    text = column(own.date, *_DATES)
    rows = table.select(
        "USUBJID",
        SAMPLE=column(own.sample),
        TIME=column(own.time, *_WORDS),
        SPECIMEN=pl.when(column(own.specimen, "SPECIMEN", "SAMPLE_CLASS", "SPECIMEN_TYPE").str.contains(_PLASMA))
        .then(pl.lit("plasma"))
        .otherwise(pl.lit("tissue")),
        HISTOLOGY=column(own.histology, "HISTOLOGY", "CANCER_TYPE_DETAILED"),
        DEPTH=column(own.depth, "SAMPLE_COVERAGE").str.strip_chars().cast(pl.Float64, strict=False),
        SRCROW=pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64),
        ASSAY=column(own.assay) if own.assay else pl.lit(None, pl.String),
        _date=text,
    )
    iso = pl.col("_date").str.contains("^[0-9]{4}-")
    day = pl.col("_date").str.strip_chars().cast(pl.Float64, strict=False).round(0).cast(pl.Int32)
    rows = rows.with_columns(ADT=pl.when(iso).then(parse_dtc("_date", impute="first")).otherwise(day.cast(pl.Date)))
    rows = rows.drop("_date").filter(pl.col("USUBJID").is_not_null() & pl.col("SAMPLE").is_not_null())
    if own.names is not None:
        order = named_samples(rows.select("SAMPLE"), own.names).select("SAMPLE", "ORDER").unique("SAMPLE")
        rows = rows.join(order, on="SAMPLE", how="left", maintain_order="left")
    if own.assay is not None or tests is None:
        return rows
    tests = tests.filter(pl.col("STATE").is_in(["valid", "detected", "not detected"]))
    assays = tests.select("SAMPLE", "ASSAY").drop_nulls().unique(maintain_order=True)
    return rows.drop("ASSAY").join(assays, on="SAMPLE", how="left", maintain_order="left")


def _by_arm(samples: pl.DataFrame, adsl: pl.DataFrame | None, drugs: Mapping[str, str]) -> pl.DataFrame:
    if adsl is None:
        return samples.with_columns(DRUG=pl.lit(None, pl.String))
    filled = (
        c for c in ARMS if c in adsl.columns and of_all(f"{c} is filled in ADSL", bool(adsl[c].is_not_null().any()))
    )
    arm = next(filled, None)
    if arm is None:
        return samples.with_columns(DRUG=pl.lit(None, pl.String))
    own = adsl.select(
        "USUBJID", DRUG=pl.col(arm).cast(pl.String).replace_strict(drugs, default=None, return_dtype=pl.String)
    )
    return samples.join(own, on="USUBJID", how="left", maintain_order="left")


def _disagreements(made: Comparison, samples: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Alterations that the pairs of one specimen lose and samples of the other specimen of the patient show."""
    gone = made.alterations.filter(pl.col("STATE").is_in(["lost", "present before, not found later"]))
    gone = gone.join(made.pairs.select("PAIR", "USUBJID"), on="PAIR", how="left")
    specimen = samples.select("USUBJID", "SAMPLE", "SPECIMEN").unique()
    pairs = gone.select("PAIR", "USUBJID", "ALTERATION").with_columns(
        own=pl.when(pl.col("PAIR").str.ends_with(" plasma")).then(pl.lit("plasma")).otherwise(pl.lit("tissue"))
    )
    named = calls.with_columns(
        ALTERATION=pl.when(pl.col("PROTEIN").is_not_null())
        .then(pl.format("{} {}", "GENE", "PROTEIN"))
        .otherwise(pl.format("{} {}", "GENE", pl.col("CLASS").replace({"deletion": "deep deletion"})))
    )
    other = named.select("SAMPLE", "ALTERATION", "VAF").join(specimen, on="SAMPLE", how="inner")
    both = pairs.join(other, on=["USUBJID", "ALTERATION"], how="inner").filter(pl.col("SPECIMEN") != pl.col("own"))
    return (
        both.select("USUBJID", "ALTERATION", "SPECIMEN", "SAMPLE", "VAF", LOST_IN="PAIR")
        .unique()
        .sort("USUBJID", "ALTERATION", "SAMPLE")
    )


def _serial(samples: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Allele fractions over three plasma samples or more; 0 where a sample shows none of what another shows."""
    plasma = samples.filter(pl.col("SPECIMEN") == "plasma").unique(["USUBJID", "SAMPLE"], maintain_order=True)
    order = (
        pl.coalesce(pl.col("ADT").cast(pl.String), "ORDER")
        if "ORDER" in plasma.columns
        else pl.col("ADT").cast(pl.String)
    )
    plasma = plasma.with_columns(_order=order).filter(pl.col("_order").is_not_null())
    plasma = plasma.with_columns(AT=pl.col("_order").rank("dense").over("USUBJID").cast(pl.Int64))
    plasma = plasma.filter(pl.col("AT").n_unique().over("USUBJID") >= 3).select("USUBJID", "SAMPLE", "AT")
    named = calls.filter(pl.col("VAF").is_not_null() & pl.col("PROTEIN").is_not_null()).select(
        "SAMPLE", "VAF", ALTERATION=pl.format("{} {}", "GENE", "PROTEIN")
    )
    seen = plasma.join(named, on="SAMPLE", how="inner")
    grid = plasma.join(seen.select("USUBJID", "ALTERATION").unique(), on="USUBJID", how="inner")
    best = seen.group_by("SAMPLE", "ALTERATION").agg(pl.col("VAF").max())
    rows = grid.join(best, on=["SAMPLE", "ALTERATION"], how="left").with_columns(pl.col("VAF").fill_null(0.0))
    return rows.sort("USUBJID", "ALTERATION", "AT")


def _plasma_panels(samples: pl.DataFrame) -> pl.DataFrame:
    """Plasma samples named with an assay that most others use on tissue."""
    named = samples.filter(pl.col("ASSAY").is_not_null())
    counts = named.group_by("ASSAY").agg(tissue=(pl.col("SPECIMEN") == "tissue").sum(), n=pl.len())
    mostly: dict[str, bool] = of_all(
        "assays of paired samples by specimen", {a: (tissue, n) for a, tissue, n in counts.iter_rows()}, _mostly_tissue
    )
    odd = [a for a, tissue in mostly.items() if tissue]
    rows = named.filter((pl.col("SPECIMEN") == "plasma") & pl.col("ASSAY").is_in(odd))
    return row_findings(
        rows, table="SAMPLE", rule="plasma-with-tissue-panel", severity="note", variable="GENE_PANEL",
        value=pl.col("ASSAY"),
        message="Plasma sample {} names {}, a panel that the other samples here use on tissue; it was read as named.",
        parts=[pl.col("SAMPLE"), pl.col("ASSAY")],
    )  # fmt: skip


def _mostly_tissue(counts: dict[str, tuple[int, int]]) -> dict[str, bool]:
    return {assay: 2 * tissue > n for assay, (tissue, n) in counts.items()}
