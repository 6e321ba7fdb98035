"""Treatment exposure: how long, how much, and how the dose was changed."""

from __future__ import annotations

import polars as pl

from codon12.errors import UsageError
from codon12.records.dates import parse_dtc
from codon12.records.domains.exposure import not_given, open_ended
from codon12.records.rows import may_repeat
from codon12.records.terms.doses import (
    days_between_doses,
    dose_unit,
    doses_a_day,
    doses_within,
    milligrams_per_unit,
    planned_rest,
)
from codon12.records.terms.spelling import one_spelling

__all__ = ["dose_changes", "exposure"]


def _doses(ex: pl.DataFrame, adsl: pl.DataFrame | None = None) -> pl.DataFrame:
    """Dose records in order, each with a last day, masses in mg; what was not given has dose 0.

    A record that ends before it starts lasts one day. A record that says no end lasts one day if it is a single dose,
    else to the day before the next record of the treatment, or, the last one, to the end of treatment in ADSL.
    """
    missing = [c for c in ("USUBJID", "EXSTDTC") if c not in ex.columns]
    if missing:
        raise UsageError(f"exposure needs the columns {', '.join(missing)}")
    end = pl.col("EXENDTC") if "EXENDTC" in ex.columns else pl.lit(None, dtype=pl.String)
    dose = pl.col("EXDOSE").cast(pl.Float64) if "EXDOSE" in ex.columns else pl.lit(None, dtype=pl.Float64)
    blank = pl.lit(None, dtype=pl.String)
    unit = pl.col("EXDOSU") if "EXDOSU" in ex.columns else blank
    frequency = pl.col("EXDOSFRQ") if "EXDOSFRQ" in ex.columns else blank
    regimen = pl.col("EXDOSRGM") if "EXDOSRGM" in ex.columns else blank
    treatment = blank
    if ex.schema.get("EXTRT") == pl.String:
        treatment = one_spelling(ex, [pl.col("EXTRT")], of="treatments given")[0]
    keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in ex.columns]
    records = ex.select(
        "USUBJID",
        *keys,
        EXTRT=treatment,
        ASTDT=parse_dtc(pl.col("EXSTDTC"), impute="first"),
        AENDT=parse_dtc(end, impute="last"),
        DOSE=pl.when(not_given(ex)).then(0.0).otherwise(dose * milligrams_per_unit(unit)),
        UNIT=dose_unit(unit),
        DAYS=days_between_doses(frequency),
        REST=planned_rest(regimen),
        FREQUENCY=frequency,
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
        .with_columns(AENDT=pl.max_horizontal("ASTDT", pl.coalesce("AENDT", until)))
        .drop("_OPEN", "_UNTIL")
    )


def dose_changes(ex: pl.DataFrame) -> pl.DataFrame:
    """List every dose reduction, increase and interruption in the exposure records.

    Parameters
    ----------
    ex
        EX records: USUBJID, EXSTDTC, and where present EXENDTC, EXDOSE, EXDOSU, EXDOSFRQ, EXTRT, source keys. A record
        with dose 0 that follows a positive dose of the same treatment is an interruption; so is a gap between the end
        of one record and the start of the next in which a dose was due: of two days or more where it is given daily,
        of six weeks or more where every three weeks (EXDOSFRQ); a gap behind a record with dose 0 is the same
        interruption. Where EXDOSFRQ does not say how often and the records
        are single administrations, the shortest time between two of the subject counts as the time from one to the
        next (finding ``dosing-interval-assumed``). A rest that the regimen plans (EXDOSRGM, 3 WEEKS ON, 1 WEEK OFF) is
        none; other rests that come back are told (``rest-may-be-planned``). Treatments that differ in case and blanks
        are one, and records of one treatment and span are one dose (two strengths, morning and evening). Masses are
        compared in mg, a day's dose where EXDOSFRQ says it (400 mg BID, then QD, is a reduction), else that of one
        administration; doses in units of another kind (mg/kg and mg) are not compared (``dose-units-differ``).

    Returns
    -------
    pl.DataFrame
        USUBJID, EXTRT, ADT (first day of the change), CHANGE (REDUCED, INCREASED, INTERRUPTED), FROM, TO
        (dose of one administration; null for a gap), and the source keys of the record that shows the change.

    Examples
    --------
    >>> ex = pl.DataFrame({"USUBJID": ["1"] * 2, "EXSTDTC": ["2020-01-01", "2020-02-01"]})
    >>> ex = ex.with_columns(EXENDTC=pl.Series(["2020-01-31", "2020-03-01"]), EXDOSE=pl.Series([960, 480]))
    >>> dose_changes(ex).select("CHANGE", "FROM", "TO").rows()
    [('REDUCED', 960.0, 480.0)]
    """
    course = ["USUBJID", "EXTRT"]
    doses = _of_one_span(_doses(ex), course)
    doses = doses.filter(may_repeat(doses, course))  # nothing changes in a course of one record
    given = pl.when(pl.col("DOSE") > 0).then(pl.col("DOSE"))
    frame = doses.with_columns(
        _last_given=given.forward_fill().over(course).shift(1).over(course),
        _last_day=pl.when(pl.col("DOSE") > 0).then("A_DAY").forward_fill().shift(1).over(course),
        _last_unit=pl.when(pl.col("DOSE") > 0).then("UNIT").forward_fill().shift(1).over(course),
        _days=_days_to_next(course).shift(1).over(course),
        _previous=pl.col("DOSE").shift(1).over(course),
        _end=pl.col("AENDT").cum_max().shift(1).over(course),
    )
    alike = pl.col("UNIT").eq_missing(pl.col("_last_unit"))
    daily = pl.col("A_DAY").is_not_null() & pl.col("_last_day").is_not_null()
    now, last = (
        pl.when(daily).then(day).otherwise(one) for day, one in (("A_DAY", "DOSE"), ("_last_day", "_last_given"))
    )
    lower = alike & (pl.col("DOSE") > 0) & (now < last)
    higher = alike & (pl.col("DOSE") > 0) & (now > last)
    paused = (pl.col("DOSE") == 0) & (pl.col("_previous") > 0)
    idle = (pl.col("ASTDT") - pl.col("_end")).dt.total_days()
    pausing = (pl.col("_previous") == 0) & (pl.col("AENDT").shift(1).over(course) == pl.col("_end"))
    gap = (idle >= 2 * pl.col("_days")) & (idle > 1 + pl.col("REST").shift(1).over(course))
    gap &= ~pausing.fill_null(value=False)  # time without a dose goes on
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


def _of_one_span(doses: pl.DataFrame, course: list[str]) -> pl.DataFrame:
    """Records of one treatment, unit and span as one: their doses add up."""
    span = [*course, "ASTDT", "AENDT", "UNIT"]
    a_day = pl.col("DOSE") * doses_a_day(pl.col("FREQUENCY"))
    whole = pl.when(a_day.is_not_null().all()).then(a_day.sum()).alias("A_DAY")
    dose = pl.when(pl.col("DOSE").is_not_null().any()).then(pl.col("DOSE").sum())
    rest = pl.exclude(*span, "DOSE").first()
    return doses.group_by(span, maintain_order=True).agg(dose.alias("DOSE"), whole, rest).sort(span, nulls_last=True)


def _days_to_next(course: list[str]) -> pl.Expr:
    """Days from a dose of each record to the next: by EXDOSFRQ, else the shortest between single ones."""
    single = pl.col("AENDT") == pl.col("ASTDT")
    both = single & single.shift(-1).over(course)
    between = (pl.col("ASTDT").shift(-1).over(course) - pl.col("ASTDT")).dt.total_days()
    shortest = pl.when(both & (between > 0)).then(between).min().over(course)
    return pl.coalesce("DAYS", pl.when(both).then(shortest), pl.lit(1, pl.Int64))


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
        USUBJID, TRTDURD (TRTEDT - TRTSDT + 1, days), N_RECORDS, CUMDOSE (dose x how often EXDOSFRQ gives it in the days
        of the record, once a day where it does not say; masses in mg; null where the subject has doses in units that
        cannot be added, mg/kg and mg), DOSEDAYS (days with a positive dose, each
        once), N_REDUCED, N_INCREASED, N_INTERRUPTED.

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
        CUMDOSE=pl.when(pl.col("UNIT").filter(pl.col("DOSE") > 0).n_unique() <= 1).then(
            (pl.col("DOSE") * doses_within(days, pl.col("FREQUENCY"))).sum()
        ),
    )
    totals = totals.join(_days_with_a_dose(doses), on="USUBJID", how="left")
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


def _days_with_a_dose(doses: pl.DataFrame) -> pl.DataFrame:
    """Days of each subject on which a dose was taken, those of records that overlap once."""
    given = doses.filter(pl.col("DOSE") > 0).sort("USUBJID", "ASTDT", "AENDT")
    before = pl.col("AENDT").cum_max().shift(1).over("USUBJID")
    new = pl.max_horizontal("ASTDT", before + pl.duration(days=1))
    days = ((pl.col("AENDT") - new).dt.total_days() + 1).clip(lower_bound=0)
    return given.with_columns(_new=days).group_by("USUBJID").agg(DOSEDAYS=pl.col("_new").sum())
