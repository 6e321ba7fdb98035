"""Events and censorings that endpoints share: death, last contact, the start itself."""

from __future__ import annotations

import polars as pl

from codon12.survival.times.sources import Censor, Event

__all__ = ["censored_at_last_contact", "censored_at_start", "death", "death_at_last_contact", "undated_death"]


def undated_death() -> pl.Expr:
    """Whether a subject died on a day nobody knows."""
    return ((pl.col("DTHFL") == "Y") & pl.col("DTHDT").is_null()).fill_null(value=False)


def death(people: pl.DataFrame) -> Event:
    """Death on its date, with the record that tells of it as its source."""
    return Event(description="Death", frame=_recorded(people, "DTH"), date="DTHDT", domain="ADSL")


def death_at_last_contact(people: pl.DataFrame) -> Event:
    """Death on an unknown day, counted on the last day known alive."""
    frame = _recorded(people, "LSTALV")
    return Event(description="Death, date unknown", frame=frame, date="LSTALVDT", domain="ADSL")


def censored_at_last_contact(people: pl.DataFrame, description: str, code: int = 1) -> Censor:
    """Censored on the last day known alive, with the record that tells of it as its source."""
    return Censor(
        description=description,
        date_description="Last date known alive",
        frame=_recorded(people, "LSTALV"),
        date="LSTALVDT",
        domain="ADSL",
        code=code,
    )


def censored_at_start(people: pl.DataFrame, description: str, code: int) -> Censor:
    """Censored on the day the time starts, day 1."""
    return Censor(
        description=description,
        date_description="Start date",
        frame=people,
        date="STARTDT",
        domain="ADSL",
        code=code,
        closed_by_end=False,
    )


def _recorded(people: pl.DataFrame, what: str) -> pl.DataFrame:
    """The frame with the record that a date was taken from as its source, where ADSL names one."""
    if f"{what}DOM" not in people.columns:
        return people
    named = pl.col(f"{what}DOM").is_not_null()
    variable = pl.col(f"{what}VAR") if f"{what}VAR" in people.columns else pl.lit(None, pl.String)
    given = {c: pl.col(c) if c in people.columns else pl.lit(None) for c in ("SRCDOM", "SRCROW", "SRCSEQ")}
    return people.with_columns(
        pl.when(named).then(f"{what}DOM").otherwise(given["SRCDOM"]).alias("SRCDOM"),
        pl.when(named).then(pl.coalesce(variable, pl.lit(f"{what}DT"))).otherwise(pl.lit(f"{what}DT")).alias("SRCVAR"),
        pl.when(named).then(f"{what}ROW").otherwise(given["SRCROW"]).alias("SRCROW"),
        pl.when(~named).then(given["SRCSEQ"]).cast(pl.Int64).alias("SRCSEQ"),
    )
