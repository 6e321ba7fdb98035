"""Which overall responses count: evaluator, one a day, from the reference date to the first progression."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.errors import DataError
from codon12.records.columns.needed import need
from codon12.response.keys import group_number, grouping, refuse, sources
from codon12.response.policy import RecistPolicy
from codon12.response.readers import accepted_readings
from codon12.response.running import any_before
from codon12.response.terms import CODES, KNOWN, coded

__all__ = ["analysis_set", "baseline_dates", "counted_assessments", "judged_assessments", "reference_dates"]

_SEVERITY = {6: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 8: 0}  # ND < NE < CR < PR < SD < NON-CR/NON-PD < PD
_SEEN = [CODES["PR"], CODES["SD"], CODES["NON-CR/NON-PD"]]


def reference_dates(adsl: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Reference date of each subject (USUBJID, ADT) by the policy's ``reference_date``.

    Columns used: STARTDT for ``start`` (else RANDDT, else TRTSDT), RANDDT for ``randomisation``, TRTSDT for
    ``treatment``; NACTDT (start of new anti-cancer therapy) is carried along where present. A subject without
    the date keeps its row with a null date.

    Examples
    --------
    >>> import datetime as dt
    >>> reference_dates(pl.DataFrame({"USUBJID": ["1"], "RANDDT": [dt.date(2024, 1, 1)]}))["ADT"].item()
    datetime.date(2024, 1, 1)
    """
    policy = policy or RecistPolicy()
    wanted = {
        "start": ("STARTDT", "RANDDT", "TRTSDT"),
        "randomisation": ("RANDDT",),
        "treatment": ("TRTSDT",),
    }
    columns = [c for c in wanted[policy.reference_date] if c in adsl.columns]
    need(adsl, ("USUBJID", *([] if columns else wanted[policy.reference_date][:1])), what="adsl")
    date = pl.col(columns[0]) if columns[0] == "STARTDT" else pl.coalesce(columns)
    extra = [c for c in ("NACTDT",) if c in adsl.columns]
    return adsl.select("USUBJID", date.alias("ADT"), *extra)


def baseline_dates(adsl: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Last day of each subject on which a scan is baseline (USUBJID, ADT), by the policy's ``baseline``.

    The first dose (TRTSDT) where it is later than the reference date, else the reference date (``reference_dates``).

    Source: RECIST 1.1 (Eisenhauer 2009), 4.2: baseline evaluations lie as close as possible to the beginning of
    treatment, and before it.

    Examples
    --------
    >>> import datetime as dt
    >>> adsl = pl.DataFrame({"USUBJID": ["1"], "RANDDT": [dt.date(2024, 1, 1)], "TRTSDT": [dt.date(2024, 1, 5)]})
    >>> baseline_dates(adsl)["ADT"].item()
    datetime.date(2024, 1, 5)
    """
    policy = policy or RecistPolicy()
    start = reference_dates(adsl, policy=policy).select("USUBJID", "ADT")
    if policy.baseline == "reference" or "TRTSDT" not in adsl.columns:
        return start
    return start.with_columns(pl.max_horizontal("ADT", adsl["TRTSDT"].cast(pl.Date)).alias("ADT"))


def counted_assessments(
    assessments: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Assessments that count towards a best response, in order of subject, evaluator and date.

    Parameters
    ----------
    assessments
        USUBJID, [EVAL, EVALID, ACPTFL], [PARAMCD: only OVRLRESP or OVR is used], ADT, AVALC, [source].
        Rows without AVALC or without a date are no assessments.
    reference
        USUBJID, ADT, [NACTDT: new anti-cancer therapy], [PDDT: progression, in place of the first PD record]. Only its
        subjects are kept.
    policy
        evaluator, accepted_only, assessments_from, new_therapy, same_day, cr_then_non_cr, stop_at_first_pd,
        unknown_values.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], ADT, AVALC, the source, and the reference date as REFDT. One row per subject,
        evaluator and day.

    Raises
    ------
    DataError
        A response outside the controlled terms; two on one day where ``same_day`` is ``error``; an evaluable
        response other than CR after CR where ``cr_then_non_cr`` is ``error``.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": [dt.date(2024, m, 1) for m in (2, 3, 4)],
    ...     "AVALC": ["SD", "PD", "SD"]})
    >>> counted_assessments(rows)["AVALC"].to_list()
    ['SD', 'PD']
    """
    rows = analysis_set(assessments, reference, policy=policy or RecistPolicy())
    return rows.rename({"_ref": "REFDT"}).select(pl.exclude("^_.*$"))


def judged_assessments(assessments: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Overall responses as the policy judges them, for times to event: one a day, disease after CR as it says.

    As ``counted_assessments``, before new therapy and after, after the first progression and before the reference date:
    censoring is the business of the time-to-event rules. A text that is no controlled term is NE.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, m, 1) for m in (2, 3)], "AVALC": ["CR", "PR"]})
    >>> judged_assessments(rows, policy=RecistPolicy.recist_1_1())["AVALC"].to_list()
    ['CR', 'PD']
    """
    policy = msgspec.structs.replace(policy or RecistPolicy(), stop_at_first_pd=False)
    rows = counted_assessments(assessments, policy=policy).drop("REFDT")
    text = pl.col("AVALC").cast(pl.String).str.strip_chars()
    return rows.with_columns(pl.when(text.is_in(KNOWN)).then(text).otherwise(pl.lit("NE")).alias("AVALC"))


def analysis_set(assessments: pl.DataFrame, reference: pl.DataFrame | None, *, policy: RecistPolicy) -> pl.DataFrame:
    """As ``counted_assessments``, with `_code`, `_g` (subject and evaluator) and `_ref` for the kernels."""
    need(assessments, ("USUBJID", "ADT", "AVALC"), what="assessments")
    rows = assessments
    if "PARAMCD" in rows.columns:
        rows = rows.filter(pl.col("PARAMCD").cast(pl.String).is_in(["OVRLRESP", "OVR"]))
    rows = accepted_readings(rows, policy=policy)
    keys = grouping(rows)
    keep = [*keys, "ADT", "AVALC", "_code", *sources(rows)]
    rows = coded(rows.filter(pl.col("ADT").is_not_null()), policy=policy).select(keep)
    rows = _from_reference(rows, reference, policy=policy)
    rows = _one_a_day(rows, keys=keys, policy=policy).with_columns(group_number(keys))
    rows = _after_cr(rows, policy=policy)
    if policy.stop_at_first_pd:
        rows = rows.filter(_until_progression(rows))
    return rows.drop("_pd", "_nact", strict=False)


def _from_reference(rows: pl.DataFrame, reference: pl.DataFrame | None, *, policy: RecistPolicy) -> pl.DataFrame:
    """Add the subject's dates and keep what lies between reference date and new therapy."""
    empty = pl.lit(None, dtype=pl.Date)
    if reference is None:
        return rows.with_columns(empty.alias("_ref"), empty.alias("_nact"))
    need(reference, ("USUBJID", "ADT"), what="reference")
    dates = {"_ref": "ADT", "_nact": "NACTDT", "_pd": "PDDT"}
    start = reference.select(
        pl.col("USUBJID").cast(rows.schema["USUBJID"]),
        *((pl.col(c) if c in reference.columns else empty).cast(pl.Date).alias(k) for k, c in dates.items()),
    )
    refuse(
        start.filter(pl.col("USUBJID").is_duplicated()),
        "USUBJID",
        what="reference",
        advice="Give one row a subject.",
    )
    rows = rows.join(start, on="USUBJID", how="inner")
    if policy.assessments_from == "reference":
        rows = rows.filter((pl.col("ADT") >= pl.col("_ref")).fill_null(value=True))
    if policy.new_therapy == "before":
        rows = rows.filter((pl.col("ADT") < pl.col("_nact")).fill_null(value=True))
    elif policy.new_therapy == "on-or-before":
        rows = rows.filter((pl.col("ADT") <= pl.col("_nact")).fill_null(value=True))
    return rows if "PDDT" in reference.columns else rows.drop("_pd")


def _one_a_day(rows: pl.DataFrame, *, keys: list[str], policy: RecistPolicy) -> pl.DataFrame:
    """One record per subject, evaluator and day, sorted."""
    recorded = [c for c in ("SRCROW", "SRCSEQ") if c in rows.columns]
    severity = pl.col("_code").replace_strict(_SEVERITY, return_dtype=pl.Int8)
    within = [severity, *recorded] if policy.same_day == "worst" or not recorded else recorded
    rows = rows.sort([*keys, "ADT", *within], nulls_last=False)
    several = pl.any_horizontal(*(pl.col(k).ne_missing(pl.col(k).shift(-1)) for k in [*keys, "ADT"])).fill_null(
        value=True
    )
    last = rows.select(several.alias("last"))["last"]
    if policy.same_day == "error" and not last.all():
        refuse(
            rows.filter(~last).with_columns(pl.col("ADT").cast(pl.String)),
            "ADT",
            what="assessments: several on one day",
            advice="Keep one a day, or set same_day to 'worst' or 'last'.",
        )
    return rows.filter(last)


def _after_cr(rows: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Evaluable disease after CR, as the policy has it."""
    if policy.cr_then_non_cr == "as-collected":
        return rows
    odd = pl.lit(any_before(rows["_code"] == CODES["CR"], rows["_g"])) & pl.col("_code").is_in(_SEEN)
    if policy.cr_then_non_cr == "pd":
        return rows.with_columns(
            pl.when(odd).then(pl.lit(CODES["PD"], dtype=pl.Int8)).otherwise("_code").alias("_code"),
            pl.when(odd).then(pl.lit("PD")).otherwise(pl.col("AVALC").cast(pl.String)).alias("AVALC"),
        )
    bad = rows.filter(odd)
    if not bad.is_empty():
        n = bad["USUBJID"].n_unique()
        raise DataError(
            f"assessments: {', '.join(sorted(bad['AVALC'].cast(pl.String).unique()))} after CR in {n} subject(s), "
            f"first {bad['USUBJID'].cast(pl.String).min()} on {bad['ADT'].min()}. "
            "Query the site, or set cr_then_non_cr to 'pd' or 'as-collected'."
        )
    return rows


def _until_progression(rows: pl.DataFrame) -> pl.Expr | pl.Series:
    """Up to and including the first PD: that recorded, or the date the reference frame gives."""
    if "_pd" in rows.columns:
        return (pl.col("ADT") <= pl.col("_pd")).fill_null(value=True)
    return ~any_before(rows["_code"] == CODES["PD"], rows["_g"])
