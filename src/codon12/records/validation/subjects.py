"""Rules on the subject tables: spellings of arms, units of ages, populations that the records contradict."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.config import StudyConfig
from codon12.records.dates import parse_dtc
from codon12.records.domains.exposure import doses
from codon12.records.terms.ages import YEARS_PER_UNIT, age_in_years, age_unit
from codon12.records.terms.events import DENIED, YES
from codon12.records.terms.spelling import LEVELS, one_level, one_spelling, word
from codon12.records.validation.dosing import disposition_told
from codon12.records.validation.rule import Breach, Rule, Tables, breaches, once

__all__ = ["SUBJECT_RULES"]

_ALL = ("sdtm", "adam", "tables")
_YEAR = 365.25


def _arms(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Arms and treatments in another spelling than the most frequent."""
    out = []
    for table, columns in (("DM", ("ARM", "ACTARM")), ("ADSL", ("TRT01P", "TRT01A"))):
        frame = tables.get(table)
        have = [] if frame is None else [c for c in columns if frame.schema.get(c) == pl.String]
        if frame is None or not have:
            continue
        spelt = one_spelling(frame, [pl.col(c) for c in have], of=f"arms of {table}")
        for column, one in zip(have, spelt, strict=True):
            rows = frame.with_columns(one.alias("_SPELT"))
            out += breaches(table, rows, pl.col(column) != pl.col("_SPELT"), column, other=pl.col("_SPELT"))
    return out


def _levels(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Sex, race and ethnic group in another spelling than the most frequent."""
    out = []
    for table in ("DM", "ADSL", "PATIENT"):
        frame = tables.get(table)
        for column in LEVELS:
            if frame is not None and frame.schema.get(column) == pl.String:
                rows = frame.with_columns(one_level(frame, column, of=table).alias("_SPELT"))
                out += breaches(table, rows, pl.col(column) != pl.col("_SPELT"), column, other=pl.col("_SPELT"))
    return out


def _ages(tables: Tables, *, known: bool) -> list[Breach]:
    out = []
    for table in ("DM", "ADSL", "PATIENT"):
        frame = tables.get(table)
        if frame is None or not {"AGE", "AGEU"} <= set(frame.columns):
            continue
        unit = age_unit(pl.col("AGEU"))
        bad = (unit.is_in(list(YEARS_PER_UNIT)) & (unit != "YEAR")) if known else ~unit.is_in(list(YEARS_PER_UNIT))
        rows = frame.with_columns(age_in_years(frame).round(1).alias("_YEARS"))
        out += breaches(table, rows, bad & pl.col("AGE").is_not_null(), "AGEU", other=pl.col("_YEARS"))
    return out


def _age_of_birth(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Ages more than a year away from what the date of birth gives on the day of reference."""
    dm = tables.get("DM")
    if dm is None or not {"AGE", "BRTHDTC"} <= set(dm.columns):
        return []
    days = [c for c in ("RFICDTC", "RFSTDTC", "RFXSTDTC", "DMDTC") if c in dm.columns]
    if not days:
        return []
    day = pl.coalesce(parse_dtc(c, impute="first") for c in days)
    oldest = (day - parse_dtc("BRTHDTC", impute="first")).dt.total_days() / _YEAR
    youngest = (day - parse_dtc("BRTHDTC", impute="last")).dt.total_days() / _YEAR
    rows = dm.with_columns(_AGE=age_in_years(dm), _LOW=youngest - 2, _HIGH=oldest + 1, _BORN=oldest.floor())
    return breaches(
        "DM", rows, ~pl.col("_AGE").is_between("_LOW", "_HIGH"), "AGE", other=pl.col("_BORN").cast(pl.Int64)
    )


def _populations(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Populations of SUPPDM or ADSL against doses and randomisation."""
    return [*_supplemental(tables), *_given(tables)]


def _supplemental(tables: Tables) -> list[Breach]:
    dm, ex, ds = tables.get("DM"), tables.get("EX"), tables.get("DS")
    if dm is None or "USUBJID" not in dm.columns:
        return []
    said: dict[str, pl.Series] = {}
    if ex is not None and "USUBJID" in ex.columns and of_all("EX has records", bool(ex.height)):
        said |= dict.fromkeys(("SAFETY", "SAFFL", "SAFETYFL"), doses(ex)["USUBJID"].unique())
    if ds is not None and "USUBJID" in ds.columns:
        randomised = once(tables, disposition_told).filter(pl.col("RANDFL") == "Y")["USUBJID"]
        if of_all("DS randomises somebody", bool(randomised.len())):
            said |= dict.fromkeys(("ITT", "ITTFL"), randomised)
    out = []
    for column, members in said.items():
        if column in dm.columns:
            member, text = pl.col("USUBJID").is_in(members.implode()), word(pl.col(column))
            what = "had a dose" if column.startswith("SAF") else "was randomised"
            other = (
                pl.when(member)
                .then(pl.lit(f"the subject {what}"))
                .otherwise(pl.lit(f"nothing says the subject {what}"))
            )
            differs = (text.is_in(YES) & ~member) | (text.is_in(DENIED) & member)
            out += breaches("DM", dm, differs, column, other=other)
    return out


def _given(tables: Tables) -> list[Breach]:
    adsl = tables.get("ADSL")
    if adsl is None:
        return []
    out = []
    for flag, column, what in (
        ("SAFFL", "TRTSDT", "first dose"),
        ("SAFFL", "TRT01A", "treatment"),
        ("SAFFL", "TRT01P", "planned treatment"),
        ("ITTFL", "RANDDT", "date of randomisation"),
    ):
        if not {flag, column} <= set(adsl.columns) or not of_all(
            f"ADSL: {column} is filled", bool(adsl[column].is_not_null().any())
        ):
            continue
        there = pl.col(column).is_not_null()
        differs = (pl.col(flag) == "Y") & ~there
        if column in ("TRTSDT", "RANDDT"):
            differs |= (pl.col(flag) == "N") & there
        other = pl.when(there).then(pl.lit(f"there is a {what}")).otherwise(pl.lit(f"there is no {what}"))
        out += breaches("ADSL", adsl, differs, flag, other=pl.format("{} ({})", other, pl.lit(column)))
    return out


SUBJECT_RULES: tuple[Rule, ...] = (
    Rule(id="arm-spelling", scope="within", severity="note", formats=_ALL, check=_arms,
         sentence="{table} row {row}: {variable} '{value}' is written '{other}' elsewhere; they are one treatment."),
    Rule(id="level-spelling", scope="within", severity="note", formats=(*_ALL, "cbioportal"), check=_levels,
         sentence="{table} row {row}: {variable} '{value}' is written '{other}' elsewhere; they are one level."),
    Rule(id="age-converted", scope="within", severity="note", formats=_ALL, check=lambda t, _: _ages(t, known=True),
         sentence="{table} row {row}: the age in {value} was read as {other} years."),
    Rule(id="age-unit-unknown", scope="within", severity="warning", formats=_ALL,
         check=lambda t, _: _ages(t, known=False),
         sentence="{table} row {row}: {variable} '{value}' is no unit of an age; {other} years were taken."),
    Rule(id="age-differs", scope="within", severity="warning", check=_age_of_birth,
         sentence="{table} row {row}: AGE is {value}, the date of birth gives {other}; AGE was used."),
    Rule(id="population-differs", scope="across", severity="warning", formats=_ALL, check=_populations,
         sentence="{table} row {row}: {variable} is {value}, and {other}."),
)  # fmt: skip
"""Rules on the subject tables."""
