"""ADTTE: times to event, derived from dates or as given."""

from __future__ import annotations

import polars as pl

from codon12.derive.adrs import Responses
from codon12.records import Study, parse_dtc
from codon12.response import RecistPolicy
from codon12.survival import (
    CensorRules,
    duration_of_response,
    overall_survival,
    progression_free_survival,
    time_to_response,
)

__all__ = ["derived_times", "given_times", "new_therapy", "shaped_times"]

_ADTTE = {
    "USUBJID": pl.String,
    "EVAL": pl.String,
    "PARAMCD": pl.String,
    "STARTDT": pl.Date,
    "ADT": pl.Date,
    "AVAL": pl.Float64,
    "MONTHS": pl.Float64,
    "ENTRYMO": pl.Float64,
    "CNSR": pl.Int64,
    "EVNTDESC": pl.String,
    "CNSDTDSC": pl.String,
    "SRCDOM": pl.String,
    "SRCVAR": pl.String,
    "SRCROW": pl.Int64,
    "SRCSEQ": pl.Int64,
}
_PER_MONTH = {"DAYS": 30.4375, "WEEKS": 30.4375 / 7, "MONTHS": 1.0, "YEARS": 1 / 12}
_TIMES = {"RSD": "DOR", "DURRSP": "DOR", "DURRESP": "DOR", "TTRESP": "TTR", "PFSINV": "PFS", "PFSIRC": "PFS"}
"""Parameters of a given ADTTE -> their names here."""
_NEW_THERAPY = r"(?i)subsequent|new anti|post.?(study|treatment|progression)|follow.?up anti"


def derived_times(
    adsl: pl.DataFrame,
    responses: Responses | None,
    therapy: pl.DataFrame | None,
    *,
    rules: CensorRules,
    policy: RecistPolicy,
) -> pl.DataFrame:
    """OS, and with assessments PFS, duration of and time to response, for every evaluator."""
    parts = [overall_survival(adsl)]
    if responses is not None and responses.evaluators:
        overall = responses.adrs.filter(PARAMCD="OVRLRESP")
        parameter = "CRSP" if policy.duration_from == "confirmed" else "RSP"
        first = responses.adrs.filter(PARAMCD=parameter, AVALC="Y").drop("AVALC")
        treated = adsl.filter(pl.col("STARTDT").is_not_null())
        parts += [
            progression_free_survival(treated, overall, rules=rules, new_therapy=therapy),
            duration_of_response(treated, overall, first, rules=rules, new_therapy=therapy),
            time_to_response(treated, first),
        ]
    shaped = [shaped_times(p.with_columns(MONTHS=pl.col("AVAL") / rules.month)) for p in parts]
    return pl.concat(shaped, how="vertical_relaxed")


def new_therapy(study: Study) -> pl.DataFrame | None:
    """Starts of new anti-cancer therapy: CM (or PR) records whose category says so, on or after the first dose.

    A category counts if it speaks of subsequent, new or post-treatment anti-cancer therapy. Partial dates are
    taken at their first day.
    """
    parts = []
    for domain in ("CM", "PR"):
        category, start = f"{domain}CAT", f"{domain}STDTC"
        if not study.has(domain) or not {category, start} <= set(study.table(domain).columns):
            continue
        rows = study.table(domain).filter(pl.col(category).str.contains(_NEW_THERAPY))
        keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in rows.columns]
        parts.append(rows.select("USUBJID", *keys, ADT=parse_dtc(start, impute="first")).drop_nulls("ADT"))
    found = pl.concat(parts, how="diagonal_relaxed") if parts else None
    return found if found is not None and found.height else None


def shaped_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of ADTTE, typed; those the frame lacks are null. USUBJID and EVAL keep their type."""
    return frame.select(_column(frame, name, kind) for name, kind in _ADTTE.items())


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


def _column(frame: pl.DataFrame, name: str, kind: type[pl.DataType]) -> pl.Expr:
    if name in {"USUBJID", "EVAL"} and name in frame.columns:
        return pl.col(name)
    value = pl.col(name) if name in frame.columns else pl.lit(None)
    return value.cast(kind, strict=False).alias(name)
