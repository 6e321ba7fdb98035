"""What a study records of doses, responses, lesions and therapies, as the resistance room takes it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.derive.adrs import readings
from codon12.derive.resistance_frames import ResistanceRecords
from codon12.errors import ConfigError
from codon12.parallel import of_all
from codon12.records import Study
from codon12.records.config import CONFIG_FILE
from codon12.records.config.resistance import SubjectColumns
from codon12.records.domains.tumours import lesions as lesions_of
from codon12.records.domains.tumours import responses as responses_of
from codon12.records.findings import row_findings
from codon12.records.sql import evaluate
from codon12.records.terms.events import DENIED
from codon12.resistance import ResistancePolicy
from codon12.resistance.clinical_facts import known_response
from codon12.response import RecistPolicy

__all__ = ["resistance_records"]

_SUBSEQUENT = r"(?i)subsequent|new anti|post.?(study|treatment|progression)|follow.?up anti"


def resistance_records(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    policy: ResistancePolicy,
    recist: RecistPolicy,
    *,
    month: float,
    lesions: pl.DataFrame | None = None,
) -> ResistanceRecords | None:
    """Gather the records; None where none tells of a progression.

    First what ``[resistance.subjects]`` names; else responses as collected (RS) or derived; else the events of
    progression-free survival. `lesions`: those of the study, partial dates at the first day; read here if left out.
    """
    own = study.config.resistance
    sites = _table(study, own.sites.table, "sites") if own.sites else None
    therapy = _therapy(study)
    if own.subjects is not None:
        subjects, assessments = _of_columns(study, own.subjects)
        assessments, found = _without_unknown(assessments)
        note = "Progression is the event of progression-free survival that is no death."
        return ResistanceRecords(
            subjects=subjects, assessments=assessments, sites=sites, therapy=therapy, note=note, findings=found
        )
    adsl = frames["adsl"]
    subjects = _subjects(adsl)
    if lesions is None and study.format == "sdtm" and study.has("TR"):
        lesions = lesions_of(study)
    assessments = _assessments(study, frames, policy, recist, lesions)
    if assessments is not None:
        assessments, found = _without_unknown(assessments)
        note = "Progression is the first one of each evaluator."
        return ResistanceRecords(
            subjects=subjects,
            assessments=assessments,
            lesions=lesions,
            sites=sites,
            therapy=therapy,
            note=note,
            findings=found,
        )
    made = _of_times(frames, month)
    if made is None:
        return None
    note = "Progression is the event of progression-free survival that is no death; days are counted from time zero."
    return ResistanceRecords(
        subjects=made[0], assessments=made[1], sites=sites, therapy=therapy, note=note, times_only=True
    )


def _subjects(adsl: pl.DataFrame) -> pl.DataFrame:
    def date(*names: str) -> pl.Expr:
        have = [pl.col(n) for n in names if n in adsl.columns]
        return pl.coalesce(have) if have else pl.lit(None, pl.Date)

    return adsl.select(
        pl.col("USUBJID").cast(pl.String), TRTSDT=date("TRTSDT", "STARTDT"), TRTEDT=date("TRTEDT"), DTHDT=date("DTHDT"),
        LASTDT=date("LSTALVDT", "FUPDT"),
    )  # fmt: skip


def _of_one_criterion(rows: pl.DataFrame) -> pl.DataFrame:
    """Responses by RECIST where a study has them; those by iRECIST where it has no others."""
    if "CRITERION" not in rows.columns:
        return rows
    immune = pl.col("CRITERION").str.starts_with("i").fill_null(value=False)
    plain = rows.filter(~immune)
    return plain if of_all("RS has responses that are not immune", bool(plain.height)) else rows


def _without_unknown(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Responses that are no known term count as not evaluable, each a finding."""
    strange = ~known_response(pl.col("AVALC"))
    none = pl.lit(None, pl.Int64).alias("SRCROW")
    told = rows if "SRCROW" in rows.columns else rows.with_columns(none)
    found = row_findings(
        told.filter(strange), table="RS", rule="unknown-response", severity="warning", variable="AVALC",
        value=pl.col("AVALC"), message="'{}' is no response that is known; it counts as not evaluable for resistance.",
        parts=[pl.col("AVALC").cast(pl.String)],
    )  # fmt: skip
    return rows.with_columns(
        AVALC=pl.when(strange).then(pl.lit("NE")).otherwise(pl.col("AVALC").cast(pl.String))
    ), found


def _assessments(
    study: Study, frames: Mapping[str, pl.DataFrame], policy: ResistancePolicy, recist: RecistPolicy,
    lesions: pl.DataFrame | None,
) -> pl.DataFrame | None:  # fmt: skip
    """Overall responses: as each evaluator recorded them, else as derived; with best responses as given."""
    adrs = frames.get("adrs")
    derived = None if adrs is None else adrs.with_columns(pl.col("USUBJID", "EVAL", "PARAMCD", "AVALC").cast(pl.String))
    columns = ["USUBJID", "EVAL", "PARAMCD", "ADT", "AVALC", "VISITNUM", "SRCDOM", "SRCROW"]
    parts = []
    taken: list[str | None] = []
    if policy.responses == "collected" and study.has("RS"):
        given = _of_one_criterion(responses_of(study).filter(pl.col("PARAMCD") == "OVRLRESP"))
        given = readings(given.with_columns(pl.col("USUBJID", "EVAL").cast(pl.String)), policy=recist, flags=lesions)
        parts.append(given.select(columns))
        taken = list(of_all("evaluators of responses as collected", frozenset(given["EVAL"].unique())))
    if derived is not None:
        overall = derived.filter(pl.col("PARAMCD").is_in(["OVRLRESP", "OVR"]) & ~pl.col("EVAL").is_in(taken))
        alone = of_all("a derived response that nobody collected", bool(overall.height))
        given_best = derived.clear() if alone else derived.filter(pl.col("PARAMCD").is_in(["BOR", "CBOR"]))
        for name, part in (("overall", overall), ("best", given_best)):
            if of_all(f"{name} responses that end", bool(part.height)):
                missing = [c for c in columns if c not in part.columns]
                parts.append(part.with_columns(pl.lit(None).alias(c) for c in missing).select(columns))
    rows = pl.concat(parts, how="vertical_relaxed") if parts else None
    if rows is None:
        return None
    known = bool(rows["PARAMCD"].is_in(["OVRLRESP", "OVR"]).any())
    return rows if of_all("an overall response is known", known) else None


def _of_columns(study: Study, own: SubjectColumns) -> tuple[pl.DataFrame, pl.DataFrame]:
    table = _table(study, own.table, "subjects")

    def column(name: str | None) -> pl.Expr:
        if name is None:
            return pl.lit(None, pl.String)
        found = next((c for c in table.columns if c.upper() == name.upper()), None)
        if found is None:
            raise ConfigError(
                f"{CONFIG_FILE}, key resistance.subjects: table {own.table} has no column {name}; it has "
                f"{', '.join(table.columns[:60])}"
            )
        return pl.col(found).cast(pl.String).str.strip_chars()

    subjects = table.select(
        "USUBJID", TRTSDT=column(own.first_dose), TRTEDT=column(own.last_dose), DTHDT=column(own.death),
        LASTDT=column(own.last_contact), PFSDT=column(own.progression),
    )  # fmt: skip
    subjects = subjects.filter(pl.col("TRTSDT").is_not_null() & (pl.col("TRTSDT") != ""))
    row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64)
    source = {"SRCDOM": pl.lit(own.table.upper()), "SRCROW": row}
    parts = []
    if own.best_response is not None:
        best = table.select(
            "USUBJID", PARAMCD=pl.lit("BOR"), ADT=pl.lit(None, pl.String), AVALC=column(own.best_response), **source
        )
        parts.append(best.filter(pl.col("AVALC").is_not_null()))
    if own.progression is not None:
        date = column(own.progression)
        event = column(own.status).is_in(own.event) if own.status else date.is_not_null()
        death = date == column(own.death) if own.death else pl.lit(value=False)
        rows = table.filter((event & date.is_not_null() & ~death.fill_null(value=False)).fill_null(value=False))
        parts.append(
            rows.select(
                "USUBJID", PARAMCD=pl.lit("OVRLRESP"), ADT=column(own.progression), AVALC=pl.lit("PD"), **source
            )
        )
    if not parts:
        raise ConfigError(f"{CONFIG_FILE}, key resistance.subjects: name best_response, progression or both")
    return subjects, pl.concat(parts).join(subjects.select("USUBJID"), on="USUBJID", how="semi")


def _of_times(frames: Mapping[str, pl.DataFrame], month: float) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Progression and death out of PFS and OS in months, as days from time zero; doses are not known."""
    times = frames.get("adtte")
    if times is None or not of_all("a time to progression is known", bool((times["PARAMCD"] == "PFS").any())):
        return None
    rows = times.with_columns(pl.col("USUBJID", "PARAMCD").cast(pl.String), _day=pl.col("MONTHS") * month)
    pfs = rows.filter(PARAMCD="PFS").unique("USUBJID", keep="first", maintain_order=True)
    survival = rows.filter(PARAMCD="OS").unique("USUBJID", keep="first", maintain_order=True)
    died = survival.filter(CNSR=0).select("USUBJID", DTHDT="_day")
    both = pfs.join(died, on="USUBJID", how="left", maintain_order="left").join(
        survival.select("USUBJID", _end="_day"), on="USUBJID", how="left", maintain_order="left"
    )
    is_death = (pl.col("_day") - pl.col("DTHDT")).abs() <= 1
    said = pl.col("EVNTDESC").cast(pl.String).str.to_lowercase().str.contains("death|died")
    event = (pl.col("CNSR") == 0) & ~is_death.fill_null(value=False) & ~said.fill_null(value=False)
    subjects = both.select(
        "USUBJID",
        TRTSDT=pl.lit(0.0),
        TRTEDT=pl.lit(None, pl.Float64),
        DTHDT="DTHDT",
        LASTDT=pl.coalesce("_end", "_day"),
    )
    rows = both.filter(event).select(
        "USUBJID", "SRCDOM", "SRCROW", PARAMCD=pl.lit("OVRLRESP"), ADT="_day", AVALC=pl.lit("PD")
    )
    return subjects, rows


def _therapy(study: Study) -> pl.DataFrame | None:
    """Therapies: USUBJID, ADT, TRT, CLASS; as ``[resistance.therapy]`` says, else subsequent ones of CM and PR."""
    own = study.config.resistance.therapy
    if own is not None:
        table = _table(study, own.table, "therapy")
        if own.where is not None:
            keep = evaluate(table, own.where, where=f"{CONFIG_FILE}, key resistance.therapy.where")
            table = table.filter(keep.fill_null(value=False))
        names = {"ADT": own.start, "TRT": own.drug, **({"CLASS": own.kind} if own.kind else {})}
        missing = [n for n in names.values() if n.upper() not in {c.upper() for c in table.columns}]
        if missing:
            raise ConfigError(f"{CONFIG_FILE}, key resistance.therapy: table {own.table} has no {', '.join(missing)}")
        by_upper = {c.upper(): c for c in table.columns}
        read = {k: pl.col(by_upper[n.upper()]).cast(pl.String) for k, n in names.items()}
        return table.select("USUBJID", **read, **_source(table, own.table.upper()))
    parts = []
    for domain in ("CM", "PR"):
        category, start, name = f"{domain}CAT", f"{domain}STDTC", f"{domain}TRT"
        if not study.has(domain) or not {category, start, name} <= set(study.table(domain).columns):
            continue
        rows = study.table(domain)
        predicate = study.config.new_therapy.get(domain)
        if predicate is None:
            rows = rows.filter(pl.col(category).str.contains(_SUBSEQUENT))
        else:
            told = evaluate(rows, predicate, where=f"{CONFIG_FILE}, key new_therapy.{domain}")
            rows = rows.filter(told.fill_null(value=False))
        for answer, denied in ((f"{domain}OCCUR", DENIED), (f"{domain}STAT", ("NOT DONE",))):
            if answer in rows.columns:
                said = pl.col(answer).cast(pl.String).str.strip_chars().str.to_uppercase()
                rows = rows.filter(~said.is_in(denied).fill_null(value=False))
        kind = next((c for c in (f"{domain}CLAS", f"{domain}SCAT") if c in rows.columns), None)
        parts.append(
            rows.select(
                "USUBJID",
                ADT=start,
                TRT=name,
                CLASS=pl.col(kind) if kind else pl.lit(None, pl.String),
                **_source(rows, domain),
            )
        )
    return pl.concat(parts) if parts else None


def _source(rows: pl.DataFrame, table: str) -> dict[str, pl.Expr]:
    return {
        "SRCDOM": pl.lit(table),
        "SRCROW": pl.col("SRCROW").cast(pl.Int64) if "SRCROW" in rows.columns else pl.lit(None, pl.Int64),
    }


def _table(study: Study, name: str, key: str) -> pl.DataFrame:
    if not study.has(name):
        there = ", ".join(sorted(study.tables))
        raise ConfigError(f"{CONFIG_FILE}, key resistance.{key}.table: no table {name}; there are {there}")
    table = study.table(name)
    if "USUBJID" not in table.columns:
        raise ConfigError(f"{CONFIG_FILE}, key resistance.{key}.table: table {name} has no USUBJID")
    return table
