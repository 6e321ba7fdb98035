"""Analysis subjects (ADSL): one row a subject, from SDTM, from a given ADSL, or from plain tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from codon12.errors import DataError
from codon12.parallel import of_all
from codon12.records.domains.deaths import deaths, last_known_alive, not_before_contact
from codon12.records.domains.disposition import disposition
from codon12.records.domains.exposure import doses, first_and_last_dose, screen_failed, without_arm
from codon12.records.study import Study
from codon12.records.subjects.covariates import add_covariates
from codon12.records.terms.ages import YEARS_PER_UNIT, age_in_years, age_unit
from codon12.records.terms.spelling import LEVELS, one_level, one_spelling

__all__ = ["ADSL_COLUMNS", "analysis_subjects", "core_subjects"]

ADSL_COLUMNS: dict[str, type[pl.DataType]] = {
    "STUDYID": pl.String,
    "USUBJID": pl.String,
    "SUBJID": pl.String,
    "SITEID": pl.String,
    "ARM": pl.String,
    "ACTARM": pl.String,
    "TRT01P": pl.String,
    "TRT01A": pl.String,
    "RANDDT": pl.Date,
    "TRTSDT": pl.Date,
    "TRTSDTF": pl.String,
    "TRTEDT": pl.Date,
    "TRTEDTF": pl.String,
    "TRTDURD": pl.Int64,
    "STARTDT": pl.Date,
    "DTHFL": pl.String,
    "DTHDT": pl.Date,
    "DTHDTF": pl.String,
    "DTHDOM": pl.String,
    "DTHVAR": pl.String,
    "DTHROW": pl.Int64,
    "LSTALVDT": pl.Date,
    "LSTALVDOM": pl.String,
    "LSTALVROW": pl.Int64,
    "FUPDT": pl.Date,
    "EOTSTT": pl.String,
    "EOTDT": pl.Date,
    "DCTREAS": pl.String,
    "EOSSTT": pl.String,
    "EOSDT": pl.Date,
    "DCSREAS": pl.String,
    "ENRLFL": pl.String,
    "RANDFL": pl.String,
    "ITTFL": pl.String,
    "SAFFL": pl.String,
    "AGE": pl.Float64,
    "SEX": pl.String,
    "RACE": pl.String,
}
"""Columns every ADSL has, in order; those that nothing is known of are null. Further columns follow."""


def analysis_subjects(study: Study) -> pl.DataFrame:
    """Give the analysis subjects of a study, one row a subject, sorted by USUBJID.

    From SDTM: DM (with SUPPDM) joined with first and last dose (EX), disposition (DS), death (DM, DD, DS, AE,
    SS) and last date known alive (all tables). From ADaM: ADSL as given, its missing parts filled where they
    follow from it. From plain tables and cBioPortal: the mapped subject table. Then the covariates of
    codon12.toml are added.

    Columns as in `ADSL_COLUMNS`, then all others of the source, then the covariates. Dates of death and
    follow-up do not pass the data cut-off; a last dose after it counts as of the cut-off. Dosing that no record ends
    (TRTEDTF ``O``; finding ``dosing-without-end``) counts to the end of treatment in DS, else to the cut-off or the
    last contact, and never beyond death. STARTDT (time zero) is RANDDT where the study randomised anyone, else TRTSDT,
    unless `start` in codon12.toml says otherwise.
    FUPDT is the end of follow-up: death, else last date known alive. Flags are Y or null: ENRLFL no screen
    failure, RANDFL randomised, SAFFL at least one dose, ITTFL randomised (enrolled where nobody was). TRT01P
    and TRT01A carry the labels of `treatments`.

    Raises
    ------
    DataError
        A subject stands twice in the subject table, or has no USUBJID.
    UsageError
        There is no subject table.

    Notes
    -----
    Source: ADaM Implementation Guide 1.3, ADSL; variable names as there.
    """
    return add_covariates(core_subjects(study), study)


def core_subjects(study: Study) -> pl.DataFrame:
    """Give the analysis subjects of a study without its covariates; errors as `analysis_subjects`."""
    derive = study.format == "sdtm" and not study.has("ADSL")
    adsl = _from_sdtm(study) if derive else _as_given(study)
    adsl = _in_years(adsl) if {"AGE", "AGEU"} <= set(adsl.columns) else adsl
    adsl = adsl.with_columns(one_level(adsl, c) for c in LEVELS if adsl.schema.get(c) == pl.String)
    return _in_order(_with_start(_labelled(adsl, study.config.treatments), study.config.start))


def _one_each(table: pl.DataFrame, name: str) -> pl.DataFrame:
    if "USUBJID" not in table.columns:
        raise DataError(f"table {name} has no USUBJID; map it with [tables.{name}.columns] in codon12.toml")
    repeated = table.filter(pl.col("USUBJID").is_duplicated() | pl.col("USUBJID").is_null())
    if repeated.height:
        rows = ", ".join(map(str, repeated["SRCROW"].head(5).to_list()))
        raise DataError(
            f"table {name}: {repeated.height} rows have no subject of their own (rows {rows}); "
            f"each subject must stand in it once. Where a subject may have several rows, say which counts: "
            f'[tables.{name}] pick = "last", order = "COLUMN" in codon12.toml'
        )
    return table


def _from_sdtm(study: Study) -> pl.DataFrame:
    tables, cutoff = study.tables, study.config.data_cutoff
    dm = _one_each(study.table("DM"), "DM")
    ex = tables.get("EX")
    died = deaths(tables)
    if cutoff is not None:
        died = died.filter((pl.col("DTHDT") <= cutoff).fill_null(value=True))
    died = not_before_contact(died, tables, data_cutoff=cutoff)
    alive = last_known_alive(tables, died, data_cutoff=cutoff)
    adsl = dm.drop([c for c in dm.columns if c in _DERIVED and c != "USUBJID"])
    for part in (first_and_last_dose(dm, ex), disposition(tables.get("DS")), died, alive):
        adsl = adsl.join(part, on="USUBJID", how="left", maintain_order="left")
    adsl = _with_open_dosing(adsl, cutoff)
    if cutoff is not None:
        capped = pl.when(pl.col("TRTEDT") > cutoff).then(pl.lit(cutoff)).otherwise("TRTEDT")
        adsl = adsl.with_columns(capped.alias("TRTEDT")).with_columns(
            pl.when(pl.col(c) <= cutoff).then(pl.col(c)).alias(c) for c in ("EOSDT", "EOTDT")
        )
    planned = _arm(adsl, "ARM", "ARMCD")
    actual = pl.coalesce(_arm(adsl, "ACTARM", "ACTARMCD"), planned)
    failed = (pl.col("SCRFFL") == "Y") | _says(adsl, ("ARM", "ARMCD", "ARMNRS"), screen_failed)
    failed = failed.fill_null(value=False)
    dosed = _dosed(ex)
    adsl = adsl.with_columns(
        planned.alias("TRT01P"),
        pl.when(dosed).then(actual).alias("TRT01A"),
        pl.when(~failed).then(pl.lit("Y")).alias("ENRLFL"),
        pl.when(dosed).then(pl.lit("Y")).alias("SAFFL"),
        ((pl.col("TRTEDT") - pl.col("TRTSDT")).dt.total_days() + 1).alias("TRTDURD"),
        pl.coalesce("DTHDT", "LSTALVDT").alias("FUPDT"),
    )
    randomised = of_all("anybody was randomised", bool((adsl["RANDFL"] == "Y").any()))
    begun = (pl.col("SAFFL") == "Y") | (pl.col("RANDFL") == "Y")
    ongoing = pl.when((begun & ~failed).fill_null(value=False)).then(pl.lit("ONGOING"))
    treated_on = pl.when((pl.col("SAFFL") == "Y").fill_null(value=False)).then(pl.lit("ONGOING"))
    adsl = _ended_with_study(adsl)
    adsl = adsl.with_columns(
        pl.col("RANDFL" if randomised else "ENRLFL").alias("ITTFL"),
        pl.coalesce("EOSSTT", ongoing).alias("EOSSTT"),
        pl.coalesce("EOTSTT", treated_on).alias("EOTSTT"),
    ).drop("SCRFFL")
    return _ended_by_death(adsl)


def _ended_with_study(adsl: pl.DataFrame) -> pl.DataFrame:
    """Who left the study is not on treatment: what no record ends, the end of the study does (``ended-with-study``)."""
    left = pl.col("EOSSTT").is_in(["DISCONTINUED", "COMPLETED"]) & pl.col("EOTSTT").is_null() & (pl.col("SAFFL") == "Y")
    both = (("EOTSTT", "EOSSTT"), ("EOTDT", "EOSDT"), ("DCTREAS", "DCSREAS"))
    return adsl.with_columns(
        pl.when(left.fill_null(value=False)).then(of_study).otherwise(own).alias(own) for own, of_study in both
    )


def _ended_by_death(adsl: pl.DataFrame) -> pl.DataFrame:
    """Who died is neither on treatment nor in the study: what no record ends, the death does (``ended-by-death``)."""
    changed = []
    for status, date, reason in (("EOTSTT", "EOTDT", "DCTREAS"), ("EOSSTT", "EOSDT", "DCSREAS")):
        ended = ((pl.col("DTHFL") == "Y") & (pl.col(status) == "ONGOING")).fill_null(value=False)
        changed += [
            pl.when(ended).then(pl.lit("DISCONTINUED")).otherwise(status).alias(status),
            pl.when(ended).then("DTHDT").otherwise(date).alias(date),
            pl.when(ended).then(pl.lit("DEATH")).otherwise(reason).alias(reason),
        ]
    return adsl.with_columns(changed)


_DERIVED = frozenset(ADSL_COLUMNS) - {"STUDYID", "USUBJID", "SUBJID", "SITEID", "ARM", "ACTARM", "AGE", "SEX", "RACE"}


def _says(frame: pl.DataFrame, columns: tuple[str, ...], what: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    have = [what(pl.col(c)) for c in columns if c in frame.columns]
    return pl.any_horizontal(have).fill_null(value=False) if have else pl.lit(value=False)


def _arm(frame: pl.DataFrame, name: str, code: str) -> pl.Expr:
    """Give the treatment of an arm; null for who has none."""
    if name not in frame.columns:
        return pl.lit(None, pl.String)
    return pl.when(~_says(frame, (name, code), without_arm)).then(pl.col(name))


def _with_open_dosing(adsl: pl.DataFrame, cutoff: dt.date | None) -> pl.DataFrame:
    """End dosing that no record ends: with the treatment (DS), else at death, cut-off or last contact while ongoing."""
    until = pl.min_horizontal(
        pl.coalesce("EOTDT", pl.lit(cutoff, pl.Date), "LSTALVDT"), pl.coalesce("DTHDT", pl.lit(None, pl.Date))
    )
    open_ = pl.col("TRTOPEN").is_not_null()
    return adsl.with_columns(
        pl.when(open_).then(pl.max_horizontal("TRTEDT", until)).otherwise("TRTEDT").alias("TRTEDT"),
        pl.when(open_).then(pl.lit("O")).otherwise("TRTEDTF").alias("TRTEDTF"),
    ).drop("TRTOPEN")


def _dosed(ex: pl.DataFrame | None) -> pl.Expr:
    if ex is None or not of_all("EX has records", bool(ex.height)):
        return pl.col("TRTSDT").is_not_null()
    given = doses(ex)["USUBJID"].unique()
    return pl.col("USUBJID").is_in(given.implode())


def _as_given(study: Study) -> pl.DataFrame:
    """ADSL, or the subject table of a registry, with what follows from it filled in."""
    name = "ADSL" if study.has("ADSL") or study.format != "cbioportal" else "PATIENT"
    given = _one_each(study.table(name), name)
    have = set(given.columns)
    blank = [c for c in ADSL_COLUMNS if c not in have]
    adsl = given.with_columns(pl.lit(None, ADSL_COLUMNS[c]).alias(c) for c in blank)
    yes = pl.lit("Y")
    adam = study.format == "adam" or (study.format == "sdtm" and name == "ADSL")
    values = [c for c in given.columns if c not in ("USUBJID", "SRCDOM", "SRCROW", "SRCFILE")]
    told = pl.any_horizontal(pl.col(values).is_not_null()) if values else pl.lit(value=True)
    fill: dict[str, pl.Expr] = {
        "TRT01P": pl.col("ARM"),
        "ARM": pl.col("TRT01P"),
        "TRT01A": pl.coalesce("ACTARM", "ARM", "TRT01P"),
        "TRTDURD": (pl.col("TRTEDT") - pl.col("TRTSDT")).dt.total_days() + 1,
        "RANDFL": pl.when(pl.col("RANDDT").is_not_null()).then(yes),
        "DTHFL": pl.when(pl.col("DTHDT").is_not_null()).then(yes),
        "FUPDT": pl.coalesce("DTHDT", "LSTALVDT", "EOSDT"),
        "ENRLFL": pl.when(~_says(adsl, ("ARM", "ARMCD", "TRT01P"), screen_failed)).then(yes) if adam else yes,
        # A subject of whom the table says nothing is not known to have been treated.
        "SAFFL": pl.when(pl.col("TRTSDT").is_not_null() if adam else told).then(yes),
    }
    adsl = adsl.with_columns(expr.cast(ADSL_COLUMNS[c]).alias(c) for c, expr in fill.items() if c in blank)
    if "ITTFL" in blank:
        randomised = of_all("anybody was randomised", bool((adsl["RANDFL"] == "Y").any()))
        adsl = adsl.with_columns(pl.col("RANDFL" if randomised else "ENRLFL").alias("ITTFL"))
    # A flag is Y or null here; ADaM also writes N.
    flags = [c for c, dtype in adsl.schema.items() if c.endswith("FL") and dtype == pl.String]
    return adsl.with_columns(pl.when(pl.col(c) != "N").then(pl.col(c)).alias(c) for c in flags)


def _in_years(adsl: pl.DataFrame) -> pl.DataFrame:
    """AGE and AGEU in years; a unit that is not known stays (``age-converted``, ``age-unit-unknown``)."""
    known = age_unit(pl.col("AGEU")).is_in(list(YEARS_PER_UNIT)) & pl.col("AGEU").is_not_null()
    return adsl.with_columns(age_in_years(adsl), pl.when(known).then(pl.lit("YEARS")).otherwise("AGEU").alias("AGEU"))


def _labelled(adsl: pl.DataFrame, treatments: dict[str, str]) -> pl.DataFrame:
    """Treatments under the labels of codon12.toml, each in the one spelling it has most often (``arm-spelling``)."""
    both = ["TRT01P", "TRT01A"]
    labelled = adsl.with_columns(pl.col(both).replace(treatments)) if treatments else adsl
    spelt = one_spelling(labelled, [pl.col(c).cast(pl.String) for c in both], of="treatments")
    return labelled.with_columns(text.alias(c) for c, text in zip(both, spelt, strict=True))


def _with_start(adsl: pl.DataFrame, start: str) -> pl.DataFrame:
    """Add time zero: randomisation where the study has it, else first dose, unless the study says otherwise."""
    if "STARTDT" in adsl.columns and of_all("STARTDT is given", adsl["STARTDT"].null_count() < adsl.height):
        return adsl
    if start == "auto":
        start = "randomisation" if of_all("RANDDT is known", adsl["RANDDT"].null_count() < adsl.height) else "treatment"
    column = "RANDDT" if start == "randomisation" else "TRTSDT"
    return adsl.with_columns(pl.col(column).alias("STARTDT"))


def _in_order(adsl: pl.DataFrame) -> pl.DataFrame:
    have = [
        pl.col(c).cast(t, strict=False) if c in adsl.columns else pl.lit(None, t).alias(c)
        for c, t in ADSL_COLUMNS.items()
    ]
    source = [c for c in ("SRCDOM", "SRCROW", "SRCFILE") if c in adsl.columns]
    others = [c for c in adsl.columns if c not in ADSL_COLUMNS and c not in source]
    return adsl.select(*have, *others, *source).sort("USUBJID")
