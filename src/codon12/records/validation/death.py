"""Rules on death: records that contradict one another, deaths without a date, contacts after a death."""

from __future__ import annotations

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.dates import parse_dtc
from codon12.records.dates.cutoff import start_column
from codon12.records.domains.deaths import (
    DEATH_SOURCES,
    chosen_deaths,
    contact,
    death_records,
    latest_death,
    not_before_contact,
)
from codon12.records.domains.exposure import doses
from codon12.records.terms.events import DENIED, YES
from codon12.records.validation.dosing import disposition_told
from codon12.records.validation.rule import Breach, Check, Rule, Tables, breaches, once

__all__ = ["DEATH_RULES", "deaths_told"]

_ABOUT_DEATH = ("DD", "CO")
"""Tables whose records may be made after a death because they are about it."""


def deaths_told(tables: Tables) -> pl.DataFrame:
    """Give the death of each subject that died, as ADSL has it."""
    return not_before_contact(chosen_deaths(once(tables, death_records)), tables)


def _dated_deaths(tables: Tables) -> pl.DataFrame:
    """Deaths that are dated, not learned of: `_REF` is the last day that each may mean, `_SAID` the day in words."""
    died = once(tables, deaths_told).filter(pl.col("DTHDT").is_not_null())
    partial = pl.col("DTHDTF").is_in(["D", "M"])
    said = pl.when(partial).then(pl.format("{} at the latest", "_REF")).otherwise(pl.col("_REF").cast(pl.String))
    return died.with_columns(_REF=latest_death()).select("USUBJID", "DTHDTF", "_REF", _SAID=said)


def _of_the_dead(frame: pl.DataFrame, died: pl.DataFrame) -> pl.DataFrame:
    return frame.join(died.drop("DTHDTF"), on="USUBJID", how="inner", maintain_order="left")


def _at_source(died: pl.DataFrame, bad: pl.Expr, *, value: pl.Expr, other: pl.Expr) -> list[Breach]:
    """Breaches at the records that deaths were taken from, table by table."""
    found = died.filter(bad)
    if found.is_empty():
        return []
    rows = found.select(
        "USUBJID", "DTHDOM", pl.col("DTHROW").alias("SRCROW"),
        value.cast(pl.String).alias("_VALUE"), other.cast(pl.String).alias("_OTHER"),
    )  # fmt: skip
    variables = {"DM": "DTHDTC", "DS": "DSSTDTC", "AE": "AEENDTC", "DD": "DDDTC", "SS": "SSDTC"}
    parts = ((t, rows.filter(DTHDOM=t).drop("DTHDOM").sort("SRCROW")) for t in DEATH_SOURCES)
    return [Breach(t, part, variables[t]) for t, part in parts if part.height]


def _late_dose(tables: Tables, _: StudyConfig) -> list[Breach]:
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return []
    died = once(tables, _dated_deaths).filter(pl.col("DTHDTF").ne_missing(pl.lit("C")))
    rows = _of_the_dead(doses(ex), died)
    return breaches("EX", rows, parse_dtc("EXSTDTC", impute="first") > pl.col("_REF"), "EXSTDTC", other=pl.col("_SAID"))


def _last_dose(tables: Tables, _: StudyConfig) -> list[Breach]:
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC", "EXENDTC"} <= set(ex.columns):
        return []
    died = once(tables, _dated_deaths).filter(pl.col("DTHDTF").ne_missing(pl.lit("C")))
    rows = _of_the_dead(doses(ex), died)
    began = parse_dtc("EXSTDTC", impute="first") <= pl.col("_REF")
    late = parse_dtc("EXENDTC", impute="first") > pl.col("_REF")
    return breaches("EX", rows, began & late, "EXENDTC", other=pl.col("_SAID"))


def _after_death(tables: Tables, _: StudyConfig) -> list[Breach]:
    died = once(tables, _dated_deaths)
    out = []
    for table, frame in sorted(tables.items()):
        column = start_column(table, frame.columns)
        if table in (*_ABOUT_DEATH, "EX") or column is None or "USUBJID" not in frame.columns:
            continue
        rows = _of_the_dead(frame, died)
        late = (parse_dtc(column, impute="first") > pl.col("_REF")) & contact(table, frame.columns)
        out += breaches(table, rows, late, column, other=pl.col("_SAID"))
    return out


def _disagree(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Death records that cannot be true of the day taken: another day, a span without it, learned of before it."""
    died = once(tables, deaths_told).select("USUBJID", _REF="DTHDT", _DOM="DTHDOM", _ROW="DTHROW", _KIND="DTHDTF")
    died = died.filter(pl.col("_REF").is_not_null() & pl.col("_KIND").is_null())
    rows = once(tables, death_records).join(died, on="USUBJID", how="inner").filter(pl.col("DTHDT").is_not_null())
    same = (pl.col("DTHDOM") == pl.col("_DOM")) & pl.col("DTHROW").eq_missing(pl.col("_ROW"))
    latest = parse_dtc("DTHDTC", impute="last")
    apart = (
        pl.when(pl.col("DTHDTF") == "C")
        .then(latest < pl.col("_REF"))
        .otherwise((pl.col("DTHDT") > pl.col("_REF")) | (latest < pl.col("_REF")))
    )
    return _at_source(rows, apart & ~same, value=pl.col("DTHDTC"), other=pl.col("_REF"))


def _dated_as(kind: str) -> Check:
    """Deaths whose date is missing (none), partial, or when it was learned of."""
    conditions = {
        "none": pl.col("DTHDT").is_null(),
        "partial": pl.col("DTHDTF").is_in(["D", "M"]).fill_null(value=False),
        "learned": (pl.col("DTHDTF") == "C").fill_null(value=False),
    }

    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        died = once(tables, deaths_told)
        return _at_source(died, conditions[kind], value=pl.col("DTHDT"), other=pl.col("DTHVAR"))

    return check


def _not_in_dm(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm = tables.get("DM")
    if dm is None or not {"DTHFL", "DTHDTC"} & set(dm.columns) or "USUBJID" not in dm.columns:
        return []
    records, in_dm = once(tables, death_records), pl.col("DTHDOM") == "DM"
    said = records.filter(in_dm).select("USUBJID")
    elsewhere = chosen_deaths(records.filter(~in_dm)).join(said, on="USUBJID", how="anti")
    return _at_source(elsewhere, pl.lit(value=True), value=pl.col("DTHDT"), other=pl.lit(None))


def _denied(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm = tables.get("DM")
    if dm is None or not {"DTHFL", "USUBJID"} <= set(dm.columns):
        return []
    died = once(tables, deaths_told).select("USUBJID", _REF="DTHDOM")
    rows = dm.join(died, on="USUBJID", how="inner", maintain_order="left")
    return breaches("DM", rows, _upper("DTHFL").is_in(DENIED), "DTHFL", other=pl.col("_REF"))


def _upper(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase()


def _flag_unknown(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Flags of death that say neither yes nor no."""
    out = []
    for table, flag in (("DM", "DTHFL"), ("AE", "AESDTH")):
        frame = tables.get(table)
        if frame is not None and flag in frame.columns:
            out += breaches(table, frame, ~_upper(flag).is_in([*YES, *DENIED, ""]), flag)
    return out


def _in_words(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Dispositions whose text speaks of death, and no record says that the subject died."""
    ds = tables.get("DS")
    if ds is None or not {"USUBJID", "DSTERM"} <= set(ds.columns):
        return []
    alive = ds.join(once(tables, deaths_told).select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    return breaches("DS", alive, _upper("DSTERM").str.contains(r"\b(DEATH|DIED|DEAD|DECEASED)\b"), "DSTERM")


def _grade_5_alone(tables: Tables, _: StudyConfig) -> list[Breach]:
    ae = tables.get("AE")
    if ae is None or not {"AETOXGR", "USUBJID"} <= set(ae.columns):
        return []
    records, in_ae = once(tables, death_records), pl.col("DTHDOM") == "AE"
    ungraded = death_records({"AE": ae.drop("AETOXGR")})
    graded = records.filter(in_ae)
    for known in (records.filter(~in_ae), ungraded):
        graded = graded.join(known.select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    return _at_source(graded, pl.lit(value=True), value=pl.lit("5"), other=pl.lit(None))


def _ended_by_death(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Deaths of subjects whose treatment or study no record of DS ends, in a study that records disposition."""
    ds = tables.get("DS")
    if ds is None or "USUBJID" not in ds.columns:
        return []
    died = once(tables, deaths_told)
    ends = once(tables, disposition_told).select("USUBJID", "EOTSTT", "EOSSTT")
    open_ = pl.when(pl.col("EOTSTT").is_null() & pl.col("EOSSTT").is_null()).then(pl.lit("treatment and study"))
    open_ = open_.when(pl.col("EOTSTT").is_null()).then(pl.lit("treatment"))
    open_ = open_.when(pl.col("EOSSTT").is_null()).then(pl.lit("study"))
    both = died.join(ends, on="USUBJID", how="left", maintain_order="left").with_columns(_OPEN=open_)
    return _at_source(both, pl.col("_OPEN").is_not_null(), value=pl.col("DTHDT"), other=pl.col("_OPEN"))


def _ongoing_though_dead(tables: Tables, config: StudyConfig) -> list[Breach]:
    """Subjects of a given ADSL who died, up to the data cut-off, and whose treatment or study goes on."""
    adsl = tables.get("ADSL")
    ends = [] if adsl is None else [c for c in ("EOTSTT", "EOSSTT") if adsl.schema.get(c) == pl.String]
    if adsl is None or not ends or adsl.schema.get("DTHDT") not in (pl.Date, pl.String):
        return []
    day = pl.col("DTHDT") if adsl.schema["DTHDT"] == pl.Date else parse_dtc("DTHDT")
    died = day.is_not_null() if config.data_cutoff is None else day <= config.data_cutoff
    found = [
        breaches("ADSL", adsl, died & (pl.col(c).str.to_uppercase() == "ONGOING"), c, other=pl.col("DTHDT"))
        for c in ends
    ]
    return [b for part in found for b in part]


DEATH_RULES: tuple[Rule, ...] = (
    Rule(id="dose-after-death", scope="across", severity="warning", check=_late_dose,
         sentence="{table} row {row}: a dose begins {value}, after the death on {other}."),
    Rule(id="death-before-last-dose", scope="across", severity="warning", check=_last_dose,
         sentence="{table} row {row}: dosing ends {value}, after the death on {other}."),
    Rule(id="record-after-death", scope="across", severity="warning", check=_after_death,
         sentence="{table} row {row}: {variable} {value} is after the death on {other}."),
    Rule(id="deaths-disagree", scope="across", severity="warning", check=_disagree,
         sentence="{table} row {row}: death on {value}, but {other} was taken: the earliest certain date."),
    Rule(id="death-without-date", scope="across", severity="warning", check=_dated_as("none"),
         sentence="{table} row {row}: the subject died and no record says when; not alive, and censored or counted "
         "as the policy on undated deaths says."),
    Rule(id="death-date-partial", scope="across", severity="warning", check=_dated_as("partial"),
         sentence="{table} row {row}: the date of death is partial; {value} was taken, the last contact within it or "
         "else the first day it may mean."),
    Rule(id="death-date-learned", scope="across", severity="warning", check=_dated_as("learned"),
         sentence="{table} row {row}: no record dates the death; {value}, when it was learned of, was taken."),
    Rule(id="death-not-in-dm", scope="across", severity="warning", check=_not_in_dm,
         sentence="{table} row {row}: a death that DM does not know."),
    Rule(id="death-denied", scope="across", severity="warning", check=_denied,
         sentence="{table} row {row}: {variable} is {value}, but {other} records a death; it was believed."),
    Rule(id="ended-by-death", scope="across", severity="note", check=_ended_by_death,
         sentence="{table} row {row}: no disposition (DS) ends {other} of a subject who died; the death does."),
    Rule(id="ongoing-though-dead", scope="within", severity="warning", formats=("adam", "tables"),
         check=_ongoing_though_dead,
         sentence="{table} row {row}: {variable} is {value}, and the subject died on {other}; both stay as given."),
    Rule(id="death-flag-unknown", scope="within", severity="warning", check=_flag_unknown,
         sentence="{table} row {row}: {variable} '{value}' says neither yes nor no; it counts as no."),
    Rule(id="death-in-words", scope="across", severity="warning", check=_in_words,
         sentence="{table} row {row}: {variable} '{value}' speaks of death, and no record says that the subject died; "
         "not counted as a death."),
    Rule(id="grade-5-alone", scope="across", severity="warning", check=_grade_5_alone,
         sentence="{table} row {row}: grade 5 is death, and no other record of the subject knows of one."),
)  # fmt: skip
"""Rules on deaths and what came after them."""
