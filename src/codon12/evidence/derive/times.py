"""Times to event of a study: derived from dates, or as given."""

from __future__ import annotations

import polars as pl

from codon12.evidence.derive.responses import Responses
from codon12.response import RecistPolicy, judged_assessments
from codon12.survival import (
    CensorRules,
    duration_of_response,
    overall_survival,
    progression_free_survival,
    time_to_response,
)

__all__ = ["derived_times", "shaped_times"]

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
        overall = judged_assessments(responses.adrs.filter(PARAMCD="OVRLRESP"), policy=policy)
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


def shaped_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of ADTTE, typed; those the frame lacks are null. USUBJID and EVAL keep their type."""
    return frame.select(_column(frame, name, kind) for name, kind in _ADTTE.items())


def _column(frame: pl.DataFrame, name: str, kind: type[pl.DataType]) -> pl.Expr:
    if name in {"USUBJID", "EVAL"} and name in frame.columns:
        return pl.col(name)
    value = pl.col(name) if name in frame.columns else pl.lit(None)
    return value.cast(kind, strict=False).alias(name)
