"""Treatment exposure: how long, how much, and how the dose was changed."""

from __future__ import annotations

import polars as pl

from codon12.errors import UsageError
from codon12.records.dates import parse_dtc
from codon12.records.domains.exposure import not_given, open_ended

__all__ = ["dose_changes", "exposure"]


def _doses(ex: pl.DataFrame, adsl: pl.DataFrame | None = None) -> pl.DataFrame:
    """Dose records in order, each with a last day; what was not given (EXOCCUR N) has dose 0.

    A record that says no end lasts one day if it is a single dose, else to the day before the next record of the
    treatment, or, the last one, to the end of treatment in ADSL.
    """
    missing = [c for c in ("USUBJID", "EXSTDTC") if c not in ex.columns]
    if missing:
        raise UsageError(f"exposure needs the columns {', '.join(missing)}")
    end = pl.col("EXENDTC") if "EXENDTC" in ex.columns else pl.lit(None, dtype=pl.String)
    dose = pl.col("EXDOSE").cast(pl.Float64) if "EXDOSE" in ex.columns else pl.lit(None, dtype=pl.Float64)
    treatment = pl.col("EXTRT") if "EXTRT" in ex.columns else pl.lit(None, dtype=pl.String)
    keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in ex.columns]
    records = ex.select(
        "USUBJID",
        *keys,
        EXTRT=treatment,
        ASTDT=parse_dtc(pl.col("EXSTDTC"), impute="first"),
        AENDT=parse_dtc(end, impute="last"),
        DOSE=pl.when(not_given(ex)).then(0.0).otherwise(dose),
        _OPEN=open_ended(ex),
    )
    last = pl.DataFrame(schema={"USUBJID": pl.String, "_UNTIL": pl.Date})
    if adsl is not None:
        last = adsl.select(pl.col("USUBJID").cast(ex.schema["USUBJID"]), pl.col("TRTEDT").cast(pl.Date).alias("_UNTIL"))
    following = pl.col("ASTDT").shift(-1).over("USUBJID", "EXTRT") - pl.duration(days=1)
    until = pl.when("_OPEN").then(pl.coalesce(following, "_UNTIL"))
    return (
        records.filter(pl.col("ASTDT").is_not_null())
        .join(last, on="USUBJID", how="left")
        .sort("USUBJID", "EXTRT", "ASTDT", "AENDT", *keys, nulls_last=True)
        .with_columns(AENDT=pl.coalesce("AENDT", pl.max_horizontal("ASTDT", until)))
        .drop("_OPEN", "_UNTIL")
    )


def dose_changes(ex: pl.DataFrame) -> pl.DataFrame:
    """List every dose reduction, increase and interruption in the exposure records.

    Parameters
    ----------
    ex
        EX records: USUBJID, EXSTDTC, and where present EXENDTC, EXDOSE, EXTRT, source keys. A record with
        dose 0 that follows a positive dose of the same treatment is an interruption; so is a gap of more than
        one day between the end of one record and the start of the next.

    Returns
    -------
    pl.DataFrame
        USUBJID, EXTRT, ADT (first day of the change), CHANGE (REDUCED, INCREASED, INTERRUPTED), FROM, TO
        (dose; null for a gap), and the source keys of the record that shows the change.

    Examples
    --------
    >>> ex = pl.DataFrame({"USUBJID": ["1"] * 2, "EXSTDTC": ["2020-01-01", "2020-02-01"]})
    >>> ex = ex.with_columns(EXENDTC=pl.Series(["2020-01-31", "2020-03-01"]), EXDOSE=pl.Series([960, 480]))
    >>> dose_changes(ex).select("CHANGE", "FROM", "TO").rows()
    [('REDUCED', 960.0, 480.0)]
    """
    doses = _doses(ex)
    course = ["USUBJID", "EXTRT"]
    given = pl.when(pl.col("DOSE") > 0).then(pl.col("DOSE"))
    frame = doses.with_columns(
        _last_given=given.forward_fill().over(course).shift(1).over(course),
        _previous=pl.col("DOSE").shift(1).over(course),
        _end=pl.col("AENDT").cum_max().shift(1).over(course),
    )
    lower = (pl.col("DOSE") > 0) & (pl.col("DOSE") < pl.col("_last_given"))
    higher = pl.col("DOSE") > pl.col("_last_given")
    paused = (pl.col("DOSE") == 0) & (pl.col("_previous") > 0)
    gap = (pl.col("ASTDT") - pl.col("_end")).dt.total_days() > 1
    keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in doses.columns]
    found = [
        frame.filter(condition).select(
            *course, ADT=day, CHANGE=pl.lit(name), FROM=before, TO=after, **{k: pl.col(k) for k in keys}
        )
        for name, condition, day, before, after in (
            ("REDUCED", lower, pl.col("ASTDT"), pl.col("_last_given"), pl.col("DOSE")),
            ("INCREASED", higher, pl.col("ASTDT"), pl.col("_last_given"), pl.col("DOSE")),
            ("INTERRUPTED", paused, pl.col("ASTDT"), pl.col("_last_given"), pl.col("DOSE")),
            (
                "INTERRUPTED",
                gap.fill_null(value=False) & ~paused.fill_null(value=False),
                pl.col("_end") + pl.duration(days=1),
                pl.col("_last_given"),
                pl.lit(None, dtype=pl.Float64),
            ),
        )
    ]
    return pl.concat(found).sort("USUBJID", "ADT", "CHANGE", *keys, nulls_last=True)


def exposure(ex: pl.DataFrame, adsl: pl.DataFrame) -> pl.DataFrame:
    """One row a subject: duration of treatment, number of dose records, cumulative and mean dose, changes.

    Parameters
    ----------
    ex
        EX records, as for `dose_changes`.
    adsl
        USUBJID, TRTSDT, TRTEDT: the subjects of the result. A subject without records has zero records.

    Returns
    -------
    pl.DataFrame
        USUBJID, TRTDURD (TRTEDT - TRTSDT + 1, days), N_RECORDS, CUMDOSE (dose x days on it), DOSEDAYS (days
        with a positive dose), N_REDUCED, N_INCREASED, N_INTERRUPTED.

    Examples
    --------
    >>> import datetime as dt
    >>> ex = pl.DataFrame({"USUBJID": "1", "EXSTDTC": "2020-01-01", "EXENDTC": "2020-01-10", "EXDOSE": 2})
    >>> adsl = pl.DataFrame({"USUBJID": "1", "TRTSDT": dt.date(2020, 1, 1), "TRTEDT": dt.date(2020, 1, 10)})
    >>> exposure(ex, adsl).select("TRTDURD", "CUMDOSE", "N_REDUCED").row(0)
    (10, 20.0, 0)
    """
    doses = _doses(ex, adsl)
    days = (pl.col("AENDT") - pl.col("ASTDT")).dt.total_days() + 1
    totals = doses.group_by("USUBJID").agg(
        N_RECORDS=pl.len().cast(pl.Int64),
        CUMDOSE=(pl.col("DOSE") * days).sum(),
        DOSEDAYS=days.filter(pl.col("DOSE") > 0).sum(),
    )
    changes = (
        dose_changes(ex)
        .group_by("USUBJID")
        .agg(
            (pl.col("CHANGE") == change).sum().cast(pl.Int64).alias(f"N_{change}")
            for change in ("REDUCED", "INCREASED", "INTERRUPTED")
        )
    )
    counts = ["N_RECORDS", "N_REDUCED", "N_INCREASED", "N_INTERRUPTED"]
    return (
        adsl.select(
            "USUBJID",
            TRTDURD=(pl.col("TRTEDT").cast(pl.Date) - pl.col("TRTSDT").cast(pl.Date)).dt.total_days() + 1,
        )
        .join(totals, on="USUBJID", how="left", maintain_order="left")
        .join(changes, on="USUBJID", how="left", maintain_order="left")
        .with_columns(pl.col(counts).fill_null(0))
    )
