"""How responses ended: classified subjects, patterns of progression, what followed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.derive.adrs import readings
from codon12.derive.policies import policy_from
from codon12.derive.resistance_frames import ResistanceFrames
from codon12.derive.resistance_records import resistance_records
from codon12.records import Study
from codon12.records.config import CONFIG_FILE
from codon12.records.files.locate import inside
from codon12.resistance import (
    ResistancePolicy,
    classify_resistance,
    contributing_lesions,
    next_therapy,
    progression_findings,
    progression_patterns,
    read_definitions,
    read_organs,
    site_findings,
    sites_of_table,
    therapy_findings,
)
from codon12.resistance.organs import Organs
from codon12.resistance.therapies import Therapies, read_therapies
from codon12.response import RecistPolicy

__all__ = ["resistance_frames"]


def resistance_frames(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    *,
    month: float,
    recist: RecistPolicy | None = None,
    lesions: pl.DataFrame | None = None,
) -> ResistanceFrames | None:
    """Classify the subjects of a study and describe their progressions; None without records of progression.

    `frames` are those of `derive`; `month` is the length in days that their times in months were divided by;
    `lesions` are those of the study with partial dates at the first day, where they are read already.

    Raises
    ------
    ConfigError
        ``[resistance]`` names a file, table or column that is not there, or holds a policy that cannot be.
    """
    own = study.config.resistance
    policy = policy_from(ResistancePolicy, own.policy, section="resistance.policy")
    records = resistance_records(study, frames, policy, recist or RecistPolicy(), month=month, lesions=lesions)
    if records is None:
        return None
    files = {
        kind: [inside(study.path, f, where=f"{CONFIG_FILE}, key resistance.{kind}") for f in getattr(own, kind)]
        for kind in ("definitions", "organs", "therapies")
    }
    definitions, organs = read_definitions(*files["definitions"]), read_organs(*files["organs"])
    definitions.definition(own.definition)
    classified = classify_resistance(
        records.subjects, records.assessments, definition=definitions.definitions, policy=policy
    )
    facts = classified.filter(pl.col("DEFINITION") == definitions.definitions[0].id)
    progressed = facts.filter(pl.col("PROGDT").is_not_null()).with_columns(ADT="PROGDT")
    found = [records.findings, progression_findings(records.subjects, records.assessments, cutoff=policy.cutoff)]
    patterns = contributing = None
    if records.lesions is not None:
        told = records.lesions.with_columns(pl.col("USUBJID", "EVAL").cast(pl.String))
        lesions = readings(told, policy=recist or RecistPolicy(), flags=None)
        contributing = contributing_lesions(lesions, _with_visits(progressed, records.assessments), policy=recist)
        patterns = progression_patterns(progressed, contributing, organs=organs, oligo=definitions.oligo, policy=policy)
        found.append(site_findings(patterns, contributing, lesions, organs=organs))
    elif records.sites is not None:
        flags = own.sites.flags if own.sites else {}
        column = own.sites.column if own.sites else None
        contributing = sites_of_table(records.sites, sites=column, flags=flags)
        seen = progressed.join(records.sites.select("USUBJID").unique(), on="USUBJID", how="semi")
        patterns = progression_patterns(seen, contributing, organs=organs, oligo=definitions.oligo, policy=policy)
        found.append(site_findings(patterns, contributing, organs=organs))
    therapies: Therapies = read_therapies(*files["therapies"])
    if records.therapy is not None:
        found.append(therapy_findings(progressed, records.therapy))
    nexts = next_therapy(progressed, records.subjects, records.therapy, studied=own.studied, therapies=therapies)
    return ResistanceFrames(
        records=records,
        definitions=definitions,
        organs=organs,
        policy=policy,
        classified=classified,
        patterns=patterns,
        contributing=contributing,
        sites=None if contributing is None else _sites(contributing, organs),
        nexts=nexts,
        findings=pl.concat(found),
    )


def _with_visits(progressed: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """Visit of each progression, from its source row, so that lesions of the visit are found though dates differ."""
    if "VISITNUM" not in assessments.columns or "SRCROW" not in progressed.columns:
        return progressed
    visits = assessments.select("SRCDOM", "SRCROW", "VISITNUM", *(["EVAL"] if "EVAL" in assessments.columns else []))
    keys = [c for c in ("SRCDOM", "SRCROW", "EVAL") if c in visits.columns and c in progressed.columns]
    visits = visits.drop_nulls(keys).unique(keys, keep="first")
    return progressed.join(visits, on=keys, how="left", maintain_order="left")


def _sites(contributing: pl.DataFrame, organs: Organs) -> pl.DataFrame:
    """Sites of progression, a row a subject, evaluator and site; a lesion without a location is ``not recorded``."""
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in contributing.columns else [])]
    rows = contributing.with_columns(pl.col("LOC").cast(pl.String))
    places = organs.look_up(rows["LOC"].unique().to_list())
    rows = rows.join(places, on="LOC", how="left", nulls_equal=True, maintain_order="left")
    name = pl.col("NAME").fill_null("not recorded")
    source = [pl.col(c).first() for c in ("SRCDOM", "SRCROW") if c in rows.columns]
    return (
        rows.with_columns(SITE=name)
        .group_by(*keys, "SITE", maintain_order=True)
        .agg(*source, pl.col("CLASS").first(), KINDS=pl.col("KIND").unique().sort().str.join("+"), LESIONS=pl.len())
    )
