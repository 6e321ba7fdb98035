"""ADTTE: times to event, derived from dates or as given."""

from __future__ import annotations

import polars as pl

from codon12.derive.adrs import Responses
from codon12.derive.adtte_told import beside_a_reader, contradictions, flagged_rows, in_units, unit_assumed
from codon12.records import no_findings
from codon12.records.findings import Severity, row_findings, shown_expr
from codon12.records.terms.assessments import evaluator
from codon12.response import RecistPolicy
from codon12.response.assessments import judged_assessments
from codon12.survival import (
    CensorRules,
    derive_duration_of_response,
    derive_time_to_response,
    overall_survival,
    progression_free_survival,
)

__all__ = ["PARAMETERS", "derived_times", "given_times", "shaped_times"]

PARAMETERS = ("OS", "PFS", "DOR", "TTR")
"""Times that are derived, in the order of their rows."""

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
_TIMES = {"RSD": "DOR", "DURRSP": "DOR", "DURRESP": "DOR", "TTRESP": "TTR"}
"""Parameters of a given ADTTE -> their names here."""
_READ_BY = r"^(PFS|DOR|TTR|TTP|EFS|DFS)_?(INV|INVA|I|IRC|IRF|IRR|BICR|ICR|CEN|CENTRAL)$"
"""Parameters that say in their name who read the scans."""
_ONE_TIME = 1e-9
"""Relative difference up to which two times given in different units are one."""
_INVESTIGATOR = ("INV", "INVA", "I")


def derived_times(
    adsl: pl.DataFrame,
    responses: Responses | None,
    therapy: pl.DataFrame | None,
    *,
    rules: CensorRules,
    policy: RecistPolicy,
    deaths: bool = True,
) -> pl.DataFrame:
    """OS, and with assessments PFS, duration of and time to response, for every evaluator.

    Without OS where the records cannot tell a death (`deaths` false): nobody is alive because nothing says so.
    """
    parts = [overall_survival(adsl, rules=rules)] if deaths else []
    if responses is not None and responses.evaluators:
        overall = judged_assessments(responses.adrs.filter(PARAMCD="OVRLRESP"), policy=policy)
        parameter = "CRSP" if policy.duration_from == "confirmed" else "RSP"
        first = responses.adrs.filter(PARAMCD=parameter, AVALC="Y").drop("AVALC")
        treated = adsl.filter(pl.col("STARTDT").is_not_null())
        parts += [
            progression_free_survival(treated, overall, rules=rules, new_therapy=therapy, baseline=responses.baseline),
            derive_duration_of_response(treated, overall, first, rules=rules, new_therapy=therapy),
            derive_time_to_response(treated, first),
        ]
    shaped = [shaped_times(p.with_columns(MONTHS=in_months(pl.col("AVAL"), rules.month))) for p in parts]
    return pl.concat(shaped, how="vertical_relaxed") if shaped else pl.DataFrame(schema=_ADTTE)


def in_months(time: pl.Expr, per_month: float) -> pl.Expr:
    """Months of a time, by the reciprocal: so polars divides many rows, but one row to another last digit."""
    return time * (1 / per_month)


def shaped_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of ADTTE, typed; those the frame lacks are null. USUBJID and EVAL keep their type."""
    return frame.select(_column(frame, name, kind) for name, kind in _ADTTE.items())


def given_times(adtte: pl.DataFrame, *, month: float = CensorRules().month) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Times to event as given in ADTTE, in months of `month` days by the unit they state, and findings.

    The unit stands in AVALU, else in PARAM (``Overall Survival (Months)``), else days are taken
    (``time-unit-assumed``). A parameter whose name says who read the scans (PFSINV, PFSIRC) is that endpoint by that
    evaluator. ENTRY, the time at which a subject came under observation, has the unit of AVAL and becomes ENTRYMO; an
    entry before time zero counts from time zero.

    Left out, each row with a finding: no parameter (``time-without-parameter``); no time, or a unit that is none of
    time (``time-not-read``); CNSR empty, negative or no whole number (``censoring-missing``); a row that says again
    what another one says (``time-repeated``); one beside a row with ANL01FL = Y (``time-not-flagged``). Of rows of one
    subject, parameter and evaluator that differ, the earliest event counts, else the longest censored time
    (``times-disagree``). A time without a reader beside those of one is told (`beside_a_reader`), and so is what times
    say against one another, their dates and descriptions (`contradictions`).
    """
    frame = adtte if "SRCROW" in adtte.columns else adtte.with_row_index("SRCROW", offset=1)
    unit = in_units(frame)
    units = {"DAYS": month, "WEEKS": month / 7, "MONTHS": 1.0, "YEARS": 1 / 12}

    def months(time: pl.Expr) -> pl.Expr:
        # divided by one number, as derived times are: what is written and read again is the same to the last bit
        value = time.cast(pl.Float64, strict=False)
        return pl.coalesce(pl.when(unit == name).then(in_months(value, per)) for name, per in units.items())

    code = pl.col("PARAMCD").str.strip_chars().str.to_uppercase()
    reader = code.str.extract(_READ_BY, 2)
    named = (
        pl.when(reader.is_in(_INVESTIGATOR))
        .then(pl.lit("INVESTIGATOR"))
        .when(reader.is_not_null())
        .then(pl.lit("CENTRAL"))
    )
    said = pl.when(pl.col("EVAL").is_not_null()).then(evaluator(pl.col("EVAL"))) if "EVAL" in frame.columns else None
    reader_given = named if said is None else pl.coalesce(said, named)
    code_of_censoring = pl.col("CNSR").cast(pl.Float64, strict=False)
    entry = pl.col("ENTRY") if "ENTRY" in frame.columns else pl.lit(None)
    frame = frame.with_columns(
        _PARAMCD="PARAMCD",
        PARAMCD=pl.coalesce(code.str.extract(_READ_BY, 1), code).replace(_TIMES),
        MONTHS=months(pl.col("AVAL")),
        ENTRYMO=months(entry).clip(lower_bound=0),
        EVAL=reader_given,
        CNSR=pl.when(code_of_censoring == code_of_censoring.round()).then(code_of_censoring).cast(pl.Int64),
    )
    no_time, no_code = pl.col("MONTHS").is_null(), pl.col("CNSR").is_null() | (pl.col("CNSR") < 0)
    timed = pl.col("PARAMCD").is_not_null() & ~no_time
    found = [
        _left_out(frame.filter(pl.col("PARAMCD").is_null()), "time-without-parameter", "PARAMCD", "has no parameter"),
        _left_out(frame.filter(pl.col("PARAMCD").is_not_null() & no_time & (~no_code | pl.col("AVAL").is_not_null())),
                  "time-not-read", "AVAL", "has no time in a unit of time", "note"),
        _left_out(frame.filter(timed & no_code), "censoring-missing", "CNSR", "has no whole CNSR of 0 or more"),
    ]  # fmt: skip
    key, said = ["USUBJID", "PARAMCD", "EVAL"], ["MONTHS", "CNSR"]
    kept, unflagged = flagged_rows(frame.filter(timed & ~no_code), key)
    found += [unflagged, unit_assumed(kept, month=month)]
    ordered = kept.sort(pl.col("CNSR") != 0, pl.when(pl.col("CNSR") == 0).then("MONTHS").otherwise(-pl.col("MONTHS")),
                        "SRCROW")  # fmt: skip
    first = ordered.unique(key, keep="first", maintain_order=True)
    more = ordered.join(first.select("SRCROW"), on="SRCROW", how="anti", maintain_order="left")
    taken = first.select(*key, *(pl.col(c).alias(f"_{c}") for c in said))
    again = more.join(taken, on=key, how="left", nulls_equal=True, maintain_order="left")
    near = (pl.col("MONTHS") - pl.col("_MONTHS")).abs() <= _ONE_TIME * pl.col("MONTHS").abs()  # 10 weeks are 70 days
    same = near & (pl.col("CNSR") == pl.col("_CNSR"))
    found += [
        _left_out(again.filter(same), "time-repeated", "AVAL", "says again what another row of the subject says"),
        _left_out(again.filter(~same), "times-disagree", "AVAL", "differs from another row of the subject", "error"),
    ]
    times = first.sort("SRCROW")
    found += [beside_a_reader(times), contradictions(times, month=month)]
    return shaped_times(times), pl.concat([no_findings(), *found])


def _left_out(rows: pl.DataFrame, rule: str, variable: str, what: str, severity: Severity = "warning") -> pl.DataFrame:
    return row_findings(
        rows,
        table="ADTTE",
        rule=rule,
        severity=severity,
        variable=variable,
        value=pl.col(variable),
        message=f"ADTTE row {{}} ({{}}): it {what}; the row is left out.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("_PARAMCD"))],
    )


def _column(frame: pl.DataFrame, name: str, kind: type[pl.DataType]) -> pl.Expr:
    if name in {"USUBJID", "EVAL"} and name in frame.columns:
        return pl.col(name)
    value = pl.col(name) if name in frame.columns else pl.lit(None)
    return value.cast(kind, strict=False).alias(name)
