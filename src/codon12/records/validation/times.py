"""Rules on times to event beside other tables: deaths and progressions that one table tells and another does not."""

from __future__ import annotations

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.validation.rule import Breach, Rule, Tables, breaches

__all__ = ["TIME_RULES"]

_NEEDED = {"USUBJID", "PARAMCD", "CNSR"}
_DIED = r"(?i)\b(?:death|died|dead)\b"
_PROGRESSED = r"(?i)^(?:i?PD|iUPD|iCPD)$|progressive|progression"


def _times(tables: Tables, code: str) -> pl.DataFrame | None:
    frame = tables.get("ADTTE")
    if frame is None or not set(frame.columns) >= _NEEDED:
        return None
    event = pl.col("CNSR").cast(pl.String).cast(pl.Float64, strict=False) == 0
    return frame.filter(pl.col("PARAMCD").cast(pl.String) == code).with_columns(_EVENT=event)


def _death_unknown_to_subjects(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Deaths of overall survival of whom the table of subjects tells no death, though it tells that of others."""
    times, adsl = _times(tables, "OS"), tables.get("ADSL")
    if times is None or adsl is None or "USUBJID" not in adsl.columns:
        return []
    told = [pl.col("DTHDT").is_not_null()] if "DTHDT" in adsl.columns else []
    told += [pl.col("DTHFL").cast(pl.String) == "Y"] if "DTHFL" in adsl.columns else []
    died = adsl.filter(pl.any_horizontal(told)) if told else adsl.clear()
    if died.is_empty():
        return []
    rows = times.join(adsl.select("USUBJID"), on="USUBJID", how="semi", maintain_order="left")
    rows = rows.join(died.select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    return breaches("ADTTE", rows, pl.col("_EVENT"), "CNSR")


def _progression_not_assessed(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Progressions of progression-free survival of subjects whose assessments are there and tell none."""
    times, adrs = _times(tables, "PFS"), tables.get("ADRS")
    if times is None or adrs is None or "EVNTDESC" not in times.columns:
        return []
    if not {"USUBJID", "PARAMCD", "AVALC"} <= set(adrs.columns):
        return []
    visits = adrs.filter(pl.col("PARAMCD").cast(pl.String).str.starts_with("OVR"))
    progressed = visits.filter(pl.col("AVALC").cast(pl.String).str.contains(_PROGRESSED))
    rows = times.join(visits.select("USUBJID"), on="USUBJID", how="semi", maintain_order="left")
    rows = rows.join(progressed.select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    said = pl.col("EVNTDESC").cast(pl.String)
    bad = pl.col("_EVENT") & said.is_not_null() & ~said.str.contains(_DIED)
    return breaches("ADTTE", rows, bad, "EVNTDESC")


TIME_RULES: tuple[Rule, ...] = (
    Rule(id="death-unknown-to-subjects", scope="across", severity="warning", formats=("adam", "tables"),
         check=_death_unknown_to_subjects,
         sentence="{table} row {row}: overall survival ends in a death that ADSL does not tell; survival counts "
         "it, and what is made of ADSL does not."),
    Rule(id="progression-not-assessed", scope="across", severity="warning", formats=("adam", "tables"),
         check=_progression_not_assessed,
         sentence="{table} row {row}: progression-free survival ends in '{value}', and no assessment of the subject "
         "is a progression; survival counts it, and what is made of assessments (resistance) does not."),
)  # fmt: skip
