"""ADaM data sets used as given: responses under the names used here, times in months."""

from __future__ import annotations

import polars as pl

from codon12.evidence.derive.responses import Responses, shaped
from codon12.evidence.derive.times import shaped_times

__all__ = ["given_responses", "given_times"]

_BEST = {"BESRSPI": "CBOR", "BESRSP": "CBOR", "BOR": "BOR", "CBOR": "CBOR", "OVR": "OVRLRESP", "OVRINV": "OVRLRESP"}
_PER_MONTH = {"DAYS": 30.4375, "WEEKS": 30.4375 / 7, "MONTHS": 1.0, "YEARS": 1 / 12}
_TIMES = {"RSD": "DOR", "DURRSP": "DOR", "DURRESP": "DOR", "TTRESP": "TTR", "PFSINV": "PFS", "PFSIRC": "PFS"}


def given_responses(adrs: pl.DataFrame) -> Responses | None:
    """ADRS as given, with its parameters under the names used here."""
    code = pl.col("PARAMCD").replace(_BEST)
    evaluator = pl.lit("INVESTIGATOR")
    for column in ("EVAL", "PARCAT2", "PARAM"):
        if column in adrs.columns:
            text = pl.col(column).str.to_uppercase()
            central = text.str.contains("INDEPENDENT|CENTRAL|BICR|IRC")
            evaluator = pl.when(central.fill_null(value=False)).then(pl.lit("CENTRAL")).otherwise(evaluator)
            break
    date = next((c for c in ("ADT", "ADTM") if c in adrs.columns), None)
    day = pl.col(date).cast(pl.Date) if date else pl.lit(None, dtype=pl.Date)
    frame = shaped(adrs.with_columns(PARAMCD=code, EVAL=evaluator, ADT=day, ORIGIN=pl.lit("given")))
    if not frame["PARAMCD"].is_in(["BOR", "CBOR"]).any():
        return None
    found = frame.filter(pl.col("PARAMCD").is_in(["BOR", "CBOR"]))["EVAL"].unique().to_list()
    return Responses(
        adrs=frame,
        adtr=None,
        evaluators=tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in found),
        disagreements=pl.DataFrame(),
    )


def given_times(adtte: pl.DataFrame) -> pl.DataFrame:
    """Times to event as given in ADTTE, in months by the unit they state (days where they state none).

    ENTRY, the time at which a subject came under observation, has the unit of AVAL and becomes ENTRYMO; an entry
    before time zero counts from time zero.

    Rows without a parameter or time, and those whose unit is no unit of time (counts), are left out.
    """
    unit = pl.col("AVALU").str.to_uppercase() if "AVALU" in adtte.columns else pl.lit("DAYS")
    unit = unit.fill_null("DAYS").str.replace(r"^(DAY|WEEK|MONTH|YEAR)$", "${1}S")
    per_month = unit.replace_strict(_PER_MONTH, default=None, return_dtype=pl.Float64)
    evaluator = pl.col("EVAL") if "EVAL" in adtte.columns else pl.lit(None, dtype=pl.String)
    entry = pl.col("ENTRY") if "ENTRY" in adtte.columns else pl.lit(None)
    frame = adtte.with_columns(
        PARAMCD=pl.col("PARAMCD").replace(_TIMES),
        MONTHS=pl.col("AVAL").cast(pl.Float64) / per_month,
        ENTRYMO=(entry.cast(pl.Float64, strict=False) / per_month).clip(lower_bound=0),
        EVAL=evaluator,
    )
    return shaped_times(frame.filter(pl.col("MONTHS").is_not_null() & pl.col("PARAMCD").is_not_null()))
