"""ADTR as given: its sums of diameters, in the shape of those derived from lesions."""

from __future__ import annotations

import polars as pl

from codon12.derive.adtr import with_best_change
from codon12.derive.given import given_evaluator
from codon12.records.findings import Severity, no_findings, row_findings
from codon12.records.terms.assessments import diameter_mm
from codon12.response import RecistPolicy
from codon12.response.sums import with_baseline_and_nadir

__all__ = ["given_sums"]

_SUM = r"(?i)\bsums?\b.*\b(diameters?|lesions?|ld|sld|sod)\b"
"""PARAM of a sum of diameters, as sponsors word it."""
_CODES = ("SDIAM", "SDIAMI", "SUMDIAM", "SUMDIA", "SUMLD", "SUMTLD", "SLD", "SOD")
_IMPUTED = r"(CF|LOV|WOV)$|IMPUT|INTERP|EXTRAP|ENDPOINT"
"""DTYPE of values that nobody measured: LOCF, WOCF, BOCF, INTERP and their kind."""
_KEPT = ("USUBJID", "EVAL", "ADT", "VISITNUM", "VISIT", "AVAL", "ABLFL", "ANL01FL", "SRCDOM", "SRCROW")
_SAME = 0.05
"""Percentage points within which two changes are the same printed number."""


def given_sums(
    adtr: pl.DataFrame, adrs: pl.DataFrame, *, policy: RecistPolicy
) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """Sums of diameters of a given ADTR, in the shape of those derived from lesions; None where it holds none.

    Parameters
    ----------
    adtr
        USUBJID, PARAMCD or PARAM, ADT, AVAL (mm), [ABLFL, ANL01FL, PCHG, PARCAT3, EVAL or PARCAT2], SRCDOM, SRCROW.
        A sum has a code or a PARAM that says so. Without ABLFL the first sum of a subject is the baseline; without
        ANL01FL every sum counts as complete. AVAL is in mm, or in cm or m where AVALU says so.
    adrs
        Responses, with the first progression by which the best change is bounded (``policy.best_change``).

    Returns
    -------
    tuple of DataFrame
        Sums with baseline, change, nadir and ANL02FL (best change). PCHG is the one given where there is one. Findings:
        other parameters and criteria are not used (``parameter-not-used``, ``criterion-not-used``), nor rows without a
        date (``assessment-without-date``), a second sum of a day (``sum-given-twice``: the largest counts), a sum in
        another unit (``sum-unit-unknown``), without a number (``sum-not-read``) or made by imputation
        (``sum-imputed``: DTYPE); sums in cm are converted (``sum-converted``). All sums by one other criterion count
        and are told (``sum-by-other-criterion``); a PCHG that AVAL and baseline contradict (``change-differs``).

    Notes
    -----
    Source: CDISC ADaM Implementation Guide 1.3, section 3.3 (BDS: ABLFL, ANLzzFL, PCHG); RECIST 1.1, section 4.3.2.
    """
    rows, found = _sums_of(adtr, policy=policy)
    if rows.is_empty():
        return None, pl.concat(found)
    found.append(_of_no_baseline(rows))
    sums = with_baseline_and_nadir(rows.select(c for c in _KEPT if c in rows.columns), None, policy=policy)
    if "PCHG" in rows.columns:
        sums = sums.join(rows.select("SRCROW", _given="PCHG"), on="SRCROW", how="left", maintain_order="left")
        differs = (pl.col("PCHG") - pl.col("_given")).abs() > _SAME
        found.append(
            row_findings(
                sums.filter(differs),
                table="ADTR",
                rule="change-differs",
                severity="warning",
                variable="PCHG",
                value=pl.col("_given").round(1),
                message="ADTR row {}: PCHG is {}, AVAL and baseline give {}; the one given counts.",
                parts=[pl.col("SRCROW"), pl.col("_given").round(1), pl.col("PCHG").round(1)],
            )
        )
        sums = sums.with_columns(PCHG=pl.coalesce("_given", "PCHG")).drop("_given")
    sums, late = with_best_change(sums, _progressed(adrs), policy=policy)
    return sums, pl.concat([*found, late.with_columns(TABLE=pl.lit("ADTR"))])


def _sums_of(adtr: pl.DataFrame, *, policy: RecistPolicy) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Rows that are sums of the study's criterion, one a subject, evaluator and day; why the others are not used."""
    texts = [c for c in ("PARAMCD", "PARAM") if c in adtr.columns]
    if not texts or "AVAL" not in adtr.columns or not {"ADT", "ADTM"} & set(adtr.columns):
        return adtr.clear(), [no_findings()]
    named = pl.lit(value=False)
    if "PARAMCD" in texts:
        named |= pl.col("PARAMCD").cast(pl.String).str.to_uppercase().is_in(_CODES).fill_null(value=False)
    if "PARAM" in texts:
        named |= pl.col("PARAM").cast(pl.String).str.contains(_SUM).fill_null(value=False)
    parameter = pl.coalesce(pl.col(c).cast(pl.String) for c in texts)
    found = [_unused(adtr.filter(~named), "parameter-not-used", "note", texts[0], parameter, "nothing is made of {}")]
    rows = adtr.filter(named)
    if "PARCAT3" in rows.columns and rows["PARCAT3"].drop_nulls().n_unique() == 1:
        text = pl.col("PARCAT3").cast(pl.String)
        other = rows.filter((text.str.to_uppercase() != policy.criterion.strip().upper()).fill_null(value=False))
        message = f"all sums are by {{}} and none by {policy.criterion} ([response] criterion); they were used"
        told = _unused(other.head(1), "sum-by-other-criterion", "warning", "PARCAT3", text, message)
        found += [told] if rows["PARCAT3"].null_count() == 0 else []
    if "PARCAT3" in rows.columns and rows["PARCAT3"].n_unique() > 1:
        own = (pl.col("PARCAT3").cast(pl.String).str.to_uppercase() == policy.criterion.strip().upper()).fill_null(
            value=False
        )
        message = f"a sum by {{}}; only {policy.criterion} counts ([response] criterion)"
        found.append(_unused(rows.filter(~own), "criterion-not-used", "warning", "PARCAT3", pl.col("PARCAT3"), message))
        rows = rows.filter(own)
    rows, told = _in_millimetres(rows)
    found += told
    date = "ADT" if "ADT" in rows.columns else "ADTM"
    dated = pl.col(date).cast(pl.Date)
    undated = rows.filter(dated.is_null())
    found.append(_unused(undated, "assessment-without-date", "warning", date, pl.col("AVAL"), "the sum {} has no date"))
    rows = rows.with_columns(
        EVAL=given_evaluator(rows),
        ADT=dated,
        VISIT=pl.coalesce(c for c in ("AVISIT", "VISIT") if c in rows.columns) if _visited(rows) else pl.lit(None),
    ).filter(dated.is_not_null())
    if "ANL01FL" in rows.columns:
        rows = _complete(rows)
    who = ["USUBJID", "EVAL", "ADT"]
    ordered = rows.sort(*who, "AVAL", "SRCROW", descending=[*(False for _ in who), True, False], nulls_last=True)
    kept = ordered.unique(who, keep="first", maintain_order=True)
    twice = ordered.join(kept.select("SRCROW"), on="SRCROW", how="anti", maintain_order="left")
    message = "the sum {} is one of several of its day; the largest counts"
    found.append(_unused(twice, "sum-given-twice", "warning", "AVAL", pl.col("AVAL"), message))
    return kept, found


def _in_millimetres(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Sums that can be used, in mm, and why others cannot: imputed, no number, another unit."""
    number = pl.col("AVAL").cast(pl.Float64, strict=False)
    text = pl.col("AVAL").cast(pl.String)
    found = []
    if "DTYPE" in rows.columns:
        made = pl.col("DTYPE").cast(pl.String).str.to_uppercase().str.contains(_IMPUTED).fill_null(value=False)
        message = "the sum {} was made by imputation (DTYPE); it is not used"
        found.append(_unused(rows.filter(made), "sum-imputed", "note", "DTYPE", text, message))
        rows = rows.filter(~made)
    unread = number.is_null()
    found.append(
        _unused(rows.filter(unread), "sum-not-read", "warning", "AVAL", text.fill_null(""), "the sum has no number {}")
    )
    rows = rows.filter(~unread).with_columns(AVAL=number)
    if "AVALU" not in rows.columns:
        return rows, found
    unit = pl.when(pl.col("AVALU").cast(pl.String).str.strip_chars() != "").then(pl.col("AVALU").cast(pl.String))
    size = diameter_mm(pl.col("AVAL"), unit)
    rows = rows.with_columns(_SIZE=size, _UNIT=unit)
    odd = rows.filter(pl.col("_SIZE").is_null())
    message = "a sum in '{}', which is no unit of length that is known; it is not used"
    found.append(_unused(odd, "sum-unit-unknown", "warning", "AVALU", pl.col("_UNIT"), message))
    rows = rows.filter(pl.col("_SIZE").is_not_null())
    made = rows.filter(pl.col("_SIZE") != pl.col("AVAL")).unique("_UNIT", keep="first", maintain_order=True)
    message = "sums in {} were converted to mm"
    found.append(_unused(made, "sum-converted", "note", "AVALU", pl.col("_UNIT"), message))
    return rows.with_columns(AVAL="_SIZE").drop("_SIZE", "_UNIT"), found


def _visited(rows: pl.DataFrame) -> bool:
    return bool({"AVISIT", "VISIT"} & set(rows.columns))


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    """ANL01FL of rows that count: those flagged and the baseline; a column that flags nothing says nothing."""
    flagged = (pl.col("ANL01FL").cast(pl.String) == "Y").fill_null(value=False)
    if not rows.select(flagged.any()).item():
        return rows.drop("ANL01FL")
    if "ABLFL" in rows.columns:
        flagged |= (pl.col("ABLFL").cast(pl.String) == "Y").fill_null(value=False)
    return rows.with_columns(ANL01FL=pl.when(flagged).then(pl.lit("Y")))


def _of_no_baseline(rows: pl.DataFrame) -> pl.DataFrame:
    """A finding for the first sum of each subject and evaluator of whom no sum is flagged as baseline."""
    if "ABLFL" not in rows.columns:
        return no_findings()
    who = ["USUBJID", "EVAL"]
    flagged = rows.filter((pl.col("ABLFL").cast(pl.String) == "Y") & pl.col("AVAL").is_not_null())
    first = rows.join(flagged.select(who), on=who, how="anti").unique(who, keep="first", maintain_order=True)
    message = "no sum of the subject ({} here) is flagged as baseline; it has no best change"
    return _unused(first, "sum-without-baseline", "warning", "ABLFL", pl.col("AVAL").cast(pl.String), message)


def _progressed(adrs: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, EVAL and ADT of the first progression of each subject and evaluator."""
    rows = adrs.filter((pl.col("PARAMCD") == "OVRLRESP") & (pl.col("AVALC") == "PD") & pl.col("ADT").is_not_null())
    return rows.group_by("USUBJID", "EVAL").agg(pl.col("ADT").min())


def _unused(
    rows: pl.DataFrame, rule: str, severity: Severity, variable: str, value: pl.Expr, message: str
) -> pl.DataFrame:
    return row_findings(
        rows,
        table="ADTR",
        rule=rule,
        severity=severity,
        variable=variable,
        value=value,
        message=f"ADTR row {{}}: {message}.",
        parts=[pl.col("SRCROW"), value],
    )
