"""What a given ADTTE says of its times besides AVAL: their unit, which row counts, and what contradicts them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.parallel import of_all
from codon12.records.config import StudyConfig
from codon12.records.config.endpoints import ENDPOINTS, endpoints_of
from codon12.records.findings import Severity, no_findings, row_findings, shown_expr

__all__ = [
    "beside_a_reader",
    "contradictions",
    "deaths_contradicted",
    "flagged_rows",
    "in_units",
    "not_shown",
    "times_not_given",
    "unit_assumed",
]

_IN_PARAM = r"(?:[(\[,;]\s*|\bIN\s+)(DAY|WEEK|MONTH|YEAR)S?\s*(?:[)\]]|$)"
"""PARAM that says the unit of AVAL: ``Overall Survival (Months)``, ``PFS, weeks``, ``Time to death in days``."""
_SHORT = {
    "DAYS": r"^(?:D|DAY)$",
    "WEEKS": r"^(?:W|WK|WKS|WEEK)$",
    "MONTHS": r"^(?:MO|MOS|MON|MTH|MTHS|MONTH)$",
    "YEARS": r"^(?:Y|YR|YRS|YEAR)$",
}
"""Units of AVALU -> how else they are written."""
_EVENT = (
    r"^(DEATH|DIED|DEAD|PD|DEATH (DUE|RELATED) TO .*|(DOCUMENTED |RADIOLOGICAL |DISEASE )*PROGRESSION|"
    r"PROGRESSIVE DISEASE|PROGRESSED|RELAPSED?|(DISEASE )?RECURRENCE)$"
)
_NO_EVENT = (
    r"^(CENSORED?\b.*|ALIVE\b.*|LOST TO FOLLOW[- ]?UP|LAST .*|NO EVENT.*|ONGOING.*|WITHDR[AE]W.*|STUDY CUT[- ]?OFF.*)$"
)
_BEFORE_DEATH = ("PFS", "DFS", "RFS", "EFS", "IDFS", "DSS", "DOR")
"""Parameters of which no time is longer than overall survival."""
_SLACK = 0.11
"""Months by which two printed times may differ and be the same: both rounded to a tenth."""


def in_units(frame: pl.DataFrame) -> pl.Expr:
    """Unit of AVAL in capitals (DAYS, WEEKS, MONTHS, YEARS): AVALU, else what PARAM says, else days."""
    said: list[pl.Expr] = []
    if "AVALU" in frame.columns:
        text = pl.col("AVALU").cast(pl.String).str.strip_chars().str.to_uppercase()
        for unit, short in _SHORT.items():
            text = text.str.replace(short, unit)
        said.append(pl.when(text != "").then(text))
    if "PARAM" in frame.columns:
        said.append(pl.col("PARAM").cast(pl.String).str.to_uppercase().str.extract(_IN_PARAM) + "S")
    return pl.coalesce(*said, pl.lit("DAYS"))


def unit_assumed(frame: pl.DataFrame, *, month: float) -> pl.DataFrame:
    """``time-unit-assumed``: days were taken where nothing says the unit, at the first row of each parameter.

    Dates beside AVAL that agree with days (STARTDT, ADT) say it.
    """
    silent = pl.lit(value=True)
    if "AVALU" in frame.columns:
        silent &= pl.col("AVALU").cast(pl.String).str.strip_chars().fill_null("") == ""
    if "PARAM" in frame.columns:
        silent &= pl.col("PARAM").cast(pl.String).str.to_uppercase().str.extract(_IN_PARAM).is_null()
    rows = frame.filter(silent & pl.col("AVAL").is_not_null() & pl.col("PARAMCD").is_not_null())
    if {"STARTDT", "ADT"} <= set(frame.columns):
        rows = rows.filter((pl.col("MONTHS") * month - _days()).abs().fill_null(9.0) > 1)
    counts = rows.with_columns(pl.len().over("PARAMCD").alias("_ROWS")).unique(
        "PARAMCD", keep="first", maintain_order=True
    )
    message = "{} row {} ({}): neither AVALU nor PARAM says the unit of AVAL; days were taken. Such rows: {}."
    parts = [_table(frame), pl.col("SRCROW"), shown_expr(pl.col("_PARAMCD")), pl.col("_ROWS")]
    return _told(counts, "time-unit-assumed", "AVALU", pl.col("AVAL"), message, parts, "note")


def flagged_rows(frame: pl.DataFrame, key: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that ANL01FL = Y marks, where a row of the same key is marked; all others as they are, and findings."""
    if "ANL01FL" not in frame.columns:
        return frame, no_findings()
    flag = (pl.col("ANL01FL").cast(pl.String) == "Y").fill_null(value=False)
    marked = frame.with_columns(_mine=flag, _some=flag.any().over(key))
    beaten = marked.filter("_some", ~pl.col("_mine"))
    message = "{} row {} ({}): another row of the subject has ANL01FL = Y; this one is left out."
    parts = [_table(frame), pl.col("SRCROW"), shown_expr(pl.col("_PARAMCD"))]
    found = _told(beaten, "time-not-flagged", "ANL01FL", pl.col("AVAL"), message, parts, "note")
    return marked.filter(~(pl.col("_some") & ~pl.col("_mine"))).drop("_mine", "_some"), found


def beside_a_reader(times: pl.DataFrame) -> pl.DataFrame:
    """``time-without-reader``: a time that names no reader, beside times of its endpoint that do; those are shown."""
    own = [code for code, endpoint in ENDPOINTS.items() if endpoint.assessed is False]
    named = pl.col("EVAL").is_not_null().any().over("PARAMCD") & ~pl.col("PARAMCD").is_in(own)
    message = "{} row {} ({}): it names no reader, and other rows of {} do; theirs are shown, this one is not."
    parts = [_table(times), pl.col("SRCROW"), shown_expr(pl.col("_PARAMCD")), pl.col("PARAMCD")]
    rows = times.filter(named & pl.col("EVAL").is_null())
    return _told(rows, "time-without-reader", "PARAMCD", pl.col("_PARAMCD"), message, parts)


def not_shown(times: pl.DataFrame, config: StudyConfig) -> pl.DataFrame:
    """``endpoint-not-shown``: parameters that are no known endpoint and that no analysis names, at their first row."""
    asked = {str(a.get("endpoint", "")).upper() for a in config.analyses.values() if isinstance(a, Mapping)}
    unknown = times.filter(~pl.col("PARAMCD").is_in([*endpoints_of(config.endpoints), *sorted(asked)]))
    first = unknown.with_columns(_ROWS=pl.len().over("PARAMCD")).unique("PARAMCD", keep="first", maintain_order=True)
    message = "{} row {}: {} is no endpoint that is known; no analysis shows it. Such rows: {}."
    parts = [_table(first), pl.col("SRCROW"), shown_expr(pl.col("PARAMCD")), pl.col("_ROWS")]
    return _told(first, "endpoint-not-shown", "PARAMCD", pl.col("PARAMCD"), message, parts)


def contradictions(times: pl.DataFrame, *, month: float) -> pl.DataFrame:
    """What given times say against one another; all are used as given.

    ``time-differs-from-dates``: AVAL is not ADT - STARTDT + 1, by more than two days and two per cent.
    ``censoring-contradicted``: EVNTDESC names an event and CNSR is not 0, or the other way round.
    ``time-beyond-survival``: longer than overall survival of the subject. ``death-in-one-time-alone``: ended by a death
    that overall survival does not know.
    """
    found = [no_findings()]
    base = [_table(times), pl.col("SRCROW"), shown_expr(pl.col("_PARAMCD"))]
    if {"STARTDT", "ADT"} <= set(times.columns):
        days = pl.col("MONTHS") * month
        rows = times.filter((days - _days()).abs() > 2 + 0.02 * _days())
        message = "{} row {} ({}): AVAL is {} days, STARTDT and ADT give {}; AVAL was used."
        parts = [*base, days.round(1), _days()]
        found.append(_told(rows, "time-differs-from-dates", "AVAL", pl.col("AVAL"), message, parts))
    word = _word("EVNTDESC") if "EVNTDESC" in times.columns else pl.lit("")
    event, censored = word.str.contains(_EVENT), word.str.contains(_NO_EVENT)
    odd = times.filter((event & (pl.col("CNSR") > 0)) | (censored & (pl.col("CNSR") == 0)))
    message = "{} row {} ({}): CNSR is {}, and EVNTDESC says '{}'; CNSR was used (0 is an event)."
    parts = [*base, pl.col("CNSR"), shown_expr(word)]
    found.append(_told(odd, "censoring-contradicted", "CNSR", pl.col("CNSR"), message, parts))
    survival = times.filter(PARAMCD="OS").unique("USUBJID", keep="first", maintain_order=True)
    both = times.filter(pl.col("PARAMCD").is_in(_BEFORE_DEATH)).join(
        survival.select("USUBJID", _os="MONTHS", _alive=pl.col("CNSR") > 0),
        on="USUBJID",
        how="inner",
        maintain_order="left",
    )
    longer = both.filter(pl.col("MONTHS") > pl.col("_os") + _SLACK)
    message = "{} row {} ({}): a time of {} months is longer than overall survival of the subject, {}; both were used."
    parts = [*base, pl.col("MONTHS").round(2), pl.col("_os").round(2)]
    found.append(_told(longer, "time-beyond-survival", "AVAL", pl.col("AVAL"), message, parts))
    died = word.str.contains(r"^(DEATH|DIED|DEAD)\b") & (pl.col("CNSR") == 0) & pl.col("_alive")
    message = "{} row {} ({}): ended by a death, and overall survival of the subject is censored; both were used."
    found.append(_told(both.filter(died), "death-in-one-time-alone", "EVNTDESC", word, message, base))
    return pl.concat(found)


def deaths_contradicted(adsl: pl.DataFrame, times: pl.DataFrame, *, month: float) -> pl.DataFrame:
    """``survival-and-death-differ``: overall survival as given and the death in ADSL, which cannot both be right.

    Censored though the subject died, unless on a day after the time ended; or ended by a death that ADSL does not know,
    where it knows of others.
    """
    given = {"DTHFL", "DTHDT", "VITAL"} & set(adsl.columns)
    if not given or "CNSR" not in times.columns:
        return no_findings()
    says = {"DTHFL": pl.col("DTHFL") == "Y", "DTHDT": pl.col("DTHDT").is_not_null(), "VITAL": pl.col("VITAL") == "DEAD"}
    died = pl.any_horizontal(says[c].fill_null(value=False) for c in sorted(given))
    zero = pl.col("STARTDT") if "STARTDT" in adsl.columns else pl.lit(None, pl.Date)
    day = pl.col("DTHDT") if "DTHDT" in given else pl.lit(None, pl.Date)
    known = adsl.select("USUBJID", _died=died, _days=(day - zero).dt.total_days())
    if not of_all("ADSL knows of a death", bool(known["_died"].any())):
        return no_findings()
    rows = times.filter(PARAMCD="OS").join(known, on="USUBJID", how="inner", maintain_order="left")
    later = (pl.col("_days") > (pl.col("MONTHS") + _SLACK) * month).fill_null(value=False)
    alive = pl.col("CNSR") > 0
    odd = rows.filter(pl.when(alive).then(pl.col("_died") & ~later).otherwise(~pl.col("_died")))
    what = (
        pl.when(alive)
        .then(pl.lit("censored, and the subject died"))
        .otherwise(pl.lit("a death, of which no other record knows"))
    )
    message = "{} row {} (OS): {}; the time was used as given."
    return _told(
        odd, "survival-and-death-differ", "CNSR", pl.col("CNSR"), message, [_table(odd), pl.col("SRCROW"), what]
    )


def times_not_given(adsl: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """``time-not-given``: subjects who were treated or randomised, without a time of OS or PFS that others have."""
    flags = [pl.col(c) == "Y" for c in ("SAFFL", "RANDFL") if c in adsl.columns]
    members = adsl.filter(pl.any_horizontal(flags)) if flags else adsl
    given = of_all("parameters of given times", frozenset(times["PARAMCD"].drop_nulls().unique()))
    found = [no_findings()]
    for name in ("OS", "PFS"):
        if name in given:
            without = members.join(times.filter(PARAMCD=name), on="USUBJID", how="anti", maintain_order="left")
            row = without.select("USUBJID", SRCROW=pl.lit(None, pl.Int64))
            message = f"ADTTE: the subject has no {name}, which others have; in no analysis of it."
            found.append(
                row_findings(
                    row, table="ADTTE", rule="time-not-given", severity="warning", variable="PARAMCD",
                    value=pl.lit(name), message=message,
                )
            )  # fmt: skip
    return pl.concat(found)


def _days() -> pl.Expr:
    return (
        pl.col("ADT").cast(pl.Date, strict=False) - pl.col("STARTDT").cast(pl.Date, strict=False)
    ).dt.total_days() + 1


def _word(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase().fill_null("")


def _table(frame: pl.DataFrame) -> pl.Expr:
    """The table as read: times of plain tables and cBioPortal stand in a table of their own."""
    return pl.col("SRCDOM").fill_null("ADTTE") if "SRCDOM" in frame.columns else pl.lit("ADTTE")


def _told(
    rows: pl.DataFrame,
    rule: str,
    variable: str,
    value: pl.Expr,
    message: str,
    parts: list[pl.Expr],
    severity: Severity = "warning",
) -> pl.DataFrame:
    found = row_findings(
        rows, table="ADTTE", rule=rule, severity=severity, variable=variable, value=value, message=message, parts=parts
    )
    return found.with_columns(TABLE=rows.select(_table(rows).alias("TABLE"))["TABLE"]) if rows.height else found
