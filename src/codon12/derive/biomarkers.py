"""Biomarkers of ``codon12.toml`` into ADSL, answered from the profiles: present, absent within reach, not tested."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import msgspec
import polars as pl

from codon12.biomarker import AlleleGroups, score_categories, study_profiles
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.profile import is_measured
from codon12.biomarker.questions.study import StudyProfiles, source_rows
from codon12.biomarker.scores.study import score_values
from codon12.derive.cohort_defaults import with_default_biomarkers
from codon12.errors import ConfigError, UsageError
from codon12.records import Study
from codon12.records.config import Covariate
from codon12.records.config.biomarkers import Biomarker, MeasureSource
from codon12.records.findings import no_findings
from codon12.records.subjects.covariates import add_covariates

__all__ = ["Settled", "add_biomarkers"]


@dataclass(frozen=True)
class Settled:
    """ADSL with its biomarkers, and what they were answered from."""

    adsl: pl.DataFrame
    study: Study
    """The same study; its configuration has the biomarkers as covariates, so that every analysis knows their names."""
    profiles: StudyProfiles | None
    findings: pl.DataFrame
    notes: tuple[str, ...]
    rows: pl.DataFrame
    """NAME, USUBJID, SRCDOM, SRCROW: the rows of calls and scores that each biomarker rests on."""


_ROWS = {"NAME": pl.String, "USUBJID": pl.String, "SRCDOM": pl.String, "SRCROW": pl.Int64}


def add_biomarkers(study: Study, adsl: pl.DataFrame) -> Settled:
    """Add every biomarker of codon12.toml to ADSL, then the covariates that rest on them.

    A biomarker `NAME` becomes four columns:

    - NAME: a category with the words for no and yes, or the categories of a score, the allele groups of a gene, the
      combinations of a cross; null where the answer is not known.
    - NAME_STATE: ``detected``, ``not detected``, ``not tested``, ``invalid`` or ``indeterminate``; of scores and
      crosses also ``measured``.
    - NAME_REASON: the sentence that says why.
    - NAME_READFL: Y where the tests could have said yes or no. A detection may come from a test that could not have
      denied it, and a share must not count those.

    A cBioPortal study that names no biomarkers gets those of `cohort_defaults`.

    Raises
    ------
    ConfigError
        A question cannot be read, or the study holds nothing that could answer it.
    """
    settled = with_default_biomarkers(study)
    config, study = settled.config, settled.study
    profiles = study_profiles(study)
    if profiles is None:
        if config.biomarkers:
            raise ConfigError(
                "codon12.toml, [biomarkers]: the study has no table of calls (MUTATIONS, CNA, SV), no [assays] and no "
                "[measures] that could answer them"
            )
        return Settled(adsl, study, None, no_findings(), (), pl.DataFrame(schema=_ROWS))
    rows: dict[str, pl.DataFrame] = {}
    subjects = adsl["USUBJID"]
    shown: dict[str, Covariate] = {}
    for name, entry in config.biomarkers.items():
        column = name.upper()
        where = f"codon12.toml, key biomarkers.{name}"
        asked = Biomarker(question=entry) if isinstance(entry, str) else entry
        try:
            answers, levels = _answers(asked, profiles, adsl, subjects, config.measures)
            rows[column] = _rows(asked, profiles, rows)
        except UsageError as err:
            raise ConfigError(f"{where}: {err}") from None
        named = answers.select(
            "USUBJID",
            pl.col("LEVEL").cast(pl.Enum(levels)).alias(column) if levels else pl.col("LEVEL").alias(column),
            pl.col("STATE").alias(f"{column}_STATE"),
            pl.col("REASON").alias(f"{column}_REASON"),
            pl.when(_covered(answers)).then(pl.lit("Y")).alias(f"{column}_READFL"),
        )
        adsl = adsl.drop(named.columns[1:], strict=False)
        adsl = adsl.join(named, on="USUBJID", how="left", maintain_order="left")
        shown[column] = Covariate(expression=column, labels=list(levels), label=asked.label or _label(asked))
    # The order of the file: biomarkers first, as covariates may rest on them.
    adsl = add_covariates(adsl, study, late=True)
    resolved = msgspec.structs.replace(config, covariates={**shown, **config.covariates})
    known = pl.col("USUBJID").is_in(subjects.implode())
    parts = [frame.filter(known).with_columns(NAME=pl.lit(name)).select(*_ROWS) for name, frame in rows.items()]
    return Settled(
        adsl,
        replace(study, config=resolved),
        profiles,
        profiles.findings,
        (*settled.notes, *_sentences(profiles)),
        pl.concat([pl.DataFrame(schema=_ROWS), *parts]),
    )


def _rows(asked: Biomarker, profiles: StudyProfiles, earlier: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows that a biomarker rests on; those of a cross are those of its parts."""
    if asked.cross:
        return source_rows(pl.concat([earlier[name.upper()] for name in asked.cross]))
    if asked.measure:
        return source_rows(profiles.scores.filter(MEASURE=asked.measure))
    return profiles.deciding_rows(asked.question or f"{asked.alleles} mutation")


def _answers(
    asked: Biomarker,
    profiles: StudyProfiles,
    adsl: pl.DataFrame,
    subjects: pl.Series,
    measures: dict[str, MeasureSource],
) -> tuple[pl.DataFrame, list[str]]:
    """USUBJID, LEVEL, STATE, REASON; and the levels in order, none for numbers."""
    if asked.question:
        no, yes = asked.levels or _words(asked.question)
        found = profiles.status(asked.question, subjects)
        level = pl.col("ANSWER").replace_strict({"yes": yes, "no": no}, default=None, return_dtype=pl.String)
        return found.select("USUBJID", level.alias("LEVEL"), "STATE", "REASON", "COVERED"), [no, yes]
    if asked.measure:
        return _measured(asked, profiles, subjects, measures[asked.measure])
    if asked.alleles:
        rule = AlleleGroups()
        found = profiles.alleles(asked.alleles, subjects, groups=rule)
        order = ["wild type", *rule.alleles, *(name for _, name in rule.codons), rule.rest, "multiple"]
        present = set(found["LEVEL"].drop_nulls())
        return found, [level for level in order if level in present or level == "wild type"]
    return _crossed(asked, adsl)


def _measured(
    asked: Biomarker, profiles: StudyProfiles, subjects: pl.Series, source: MeasureSource
) -> tuple[pl.DataFrame, list[str]]:
    scores = profiles.scores.filter(MEASURE=asked.measure)
    if asked.cuts:
        labels = asked.levels or _category_words(asked.cuts, percent=source.kind == "PD-L1")
        return score_categories(scores, asked.cuts, labels, subjects), list(labels)
    if source.scale == "TC/IC" or source.kind == "MSI":
        texts = scores.filter(pl.col("PROBLEM").is_null()).select("USUBJID", LEVEL="VALUE").unique()
        texts = texts.filter(pl.len().over("USUBJID") == 1)
        levels = asked.levels or sorted(texts["LEVEL"].unique())
        return _with_states(texts, scores, subjects), levels
    numbers = score_values(scores).select("USUBJID", LEVEL="VALUE")
    return _with_states(numbers, scores, subjects), []


def _with_states(values: pl.DataFrame, scores: pl.DataFrame, subjects: pl.Series) -> pl.DataFrame:
    people = pl.DataFrame({"USUBJID": subjects})
    told = scores.select("USUBJID", told=pl.lit(value=True)).unique()
    out = people.join(values, on="USUBJID", how="left").join(told, on="USUBJID", how="left")
    known, some = pl.col("LEVEL").is_not_null(), pl.col("told")

    def words(measured: str, unclear: str, none: str) -> pl.Expr:
        return pl.when(known).then(pl.lit(measured)).when(some).then(pl.lit(unclear)).otherwise(pl.lit(none))

    return out.select(
        "USUBJID",
        "LEVEL",
        STATE=words("measured", "indeterminate", "not tested"),
        REASON=words("On record.", "No single value on record.", "No score on record."),
    )


def _crossed(asked: Biomarker, adsl: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Combinations of earlier biomarkers; unknown where one of them is, in the state of the first that is."""
    names = [c.upper() for c in asked.cross]
    orders = [_levels(adsl[n]) for n in names]
    parts = [pl.format(f"{n} {{}}", pl.col(n).cast(pl.String)) for n in names]
    level = pl.concat_str(parts, separator=" / ")
    open_ = [pl.when(pl.col(n).is_null()) for n in names]
    frame = adsl.select(
        "USUBJID",
        LEVEL=level,
        STATE=pl.coalesce(
            *(w.then(pl.col(f"{n}_STATE")) for w, n in zip(open_, names, strict=True)), pl.lit("measured")
        ),
        REASON=pl.coalesce(
            *(w.then(pl.format(f"{n}: {{}}", pl.col(f"{n}_REASON"))) for w, n in zip(open_, names, strict=True)),
            pl.lit("All known."),
        ),
        COVERED=pl.all_horizontal(pl.col(f"{n}_READFL").eq("Y").fill_null(value=False) for n in names),
    )
    every = [" / ".join(f"{n} {v}" for n, v in zip(names, one, strict=True)) for one in product(*orders)]
    return frame, every


def _covered(answers: pl.DataFrame) -> pl.Expr:
    """A value that can be counted: known, and from tests that could have said otherwise."""
    known = pl.col("LEVEL").is_not_null()
    return known & pl.col("COVERED") if "COVERED" in answers.columns else known


def _levels(values: pl.Series) -> list[str]:
    kind = values.dtype
    return (
        kind.categories.to_list()
        if isinstance(kind, pl.Enum)
        else values.drop_nulls().cast(pl.String).unique().sort().to_list()
    )


def _words(question: str) -> list[str]:
    """Words for no and yes where none are given."""
    if is_measured(question):
        return ["No", "Yes"]
    asked = parse_criterion(question)
    whole = (
        asked.subject.endswith(" mutation")
        and not asked.proteins
        and (not asked.codons or asked.subject.startswith("RAS"))
    )
    words = ["Wild type", "Mutated"] if whole else ["Not detected", "Detected"]
    return words[::-1] if asked.negated else words


def _category_words(cuts: list[float], *, percent: bool) -> list[str]:
    """Names of categories: ``<1%``, ``1-49%``, ``>=50%``."""
    unit = "%" if percent else ""
    bounds = [f"{c:g}" for c in cuts]
    whole = percent and all(float(c).is_integer() for c in cuts)
    ends = [f"-{c - 1:g}" if whole else f" to <{c:g}" for c in cuts[1:]]
    middle = [f"{low}{end}{unit}" for low, end in zip(bounds, ends, strict=False)]
    return [f"<{bounds[0]}{unit}", *middle, f">={bounds[-1]}{unit}"]


def _label(asked: Biomarker) -> str:
    if asked.question:
        return asked.question
    if asked.alleles:
        return f"{asked.alleles} allele"
    return str(asked.measure) if asked.measure else " x ".join(asked.cross)


def _sentences(profiles: StudyProfiles) -> tuple[str, ...]:
    """What the answers rest on, for the methods text."""
    proven = sorted(n for n, a in profiles.assays.items() if not a.complete)
    written = sorted(n for n, a in profiles.assays.items() if a.complete)
    out = []
    if written:
        out.append(f"The reach of {', '.join(written)} is as described.")
    if proven:
        out.append(
            f"No gene list of {', '.join(proven)} was given: a gene counts as read by a panel where at least one of "
            "its samples showed it altered (copy number: where the table holds a value), and as not tested otherwise."
        )
    return tuple(out)
