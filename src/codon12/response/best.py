"""Best overall response, unconfirmed and confirmed."""

from __future__ import annotations

import polars as pl

from codon12.response.assessments import analysis_set
from codon12.response.confirmation import with_confirmation
from codon12.response.keys import grouping, need, sources
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES, ND, RESPONSES

__all__ = ["best_overall_response", "first_of", "for_every_subject", "late_enough"]


def best_overall_response(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Best overall response of each subject and evaluator.

    Parameters
    ----------
    assessments
        Overall responses: USUBJID, [EVAL, EVALID], ADT (date), AVALC (CR, PR, SD, NON-CR/NON-PD, PD, NE, ND, CHECK),
        [SRCDOM, SRCROW, SRCSEQ].
    reference
        USUBJID, ADT (reference date, may be null), one row a subject: everyone who is to have a result.
        [NACTDT]: start of new anti-cancer therapy. [PDDT]: date of progression, in place of the first PD record.
    policy
        Which assessments count (see ``counted_assessments``), confirmation_*, max_ne, accept_sd, sd_min_days,
        sd_count, missing_as_ne, nd, denominator.
    confirmed
        Whether CR and PR must be confirmed; the policy's ``confirmation`` if not given.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (CBOR confirmed, BOR not), ADT and AVALC of the deciding assessment, AVAL
        (CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7, ND null), and its source. A row for each subject
        of `reference` and each evaluator in `assessments`; no assessment: MISSING, or NE by policy.

    Raises
    ------
    DataError
        See ``counted_assessments``.

    Notes
    -----
    Best of CR, PR, SD, NON-CR/NON-PD, PD, NE; the first record of the winning class. SD and NON-CR/NON-PD before
    ``reference + sd_min_days`` are NE. Where confirmation is asked for, a CR or PR that is not confirmed is SD
    if late enough, else NE; a CR is confirmed by a CR, a PR by a PR or CR.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.4 to 4.6, table 3; admiralonco ``derive_param_bor`` and ``..._confirmed_bor``.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1", "1"], "ADT": [dt.date(2024, 2, 12), dt.date(2024, 3, 25)],
    ...     "AVALC": ["PR", "PR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1", "2"], "ADT": [dt.date(2024, 1, 1)] * 2})
    >>> best_overall_response(seen, start).select("USUBJID", "AVALC", "ADT").rows()
    [('1', 'PR', datetime.date(2024, 2, 12)), ('2', 'MISSING', None)]
    """
    policy = policy or RecistPolicy()
    confirmed = policy.confirmation if confirmed is None else confirmed
    need(reference, ("USUBJID", "ADT"), what="reference")
    rows = analysis_set(assessments, reference, policy=policy)
    code, late = pl.col("_code"), late_enough(policy.sd_min_days, policy=policy)
    if confirmed:
        rows = with_confirmation(rows, policy=policy)
        as_stable = pl.when(late).then(CODES["SD"]).otherwise(CODES["NE"])
        response = pl.when(pl.col("_confirmed")).then(code).otherwise(as_stable)
    else:
        response = code
    rank = (
        pl.when(code.is_in([CODES["CR"], CODES["PR"]]))
        .then(response)
        .when(code.is_in([CODES["SD"], CODES["NON-CR/NON-PD"]]) & ~late)
        .then(CODES["NE"])
        .otherwise(code)
        .cast(pl.Int8)
        .alias("_rank")
    )
    rows = rows.with_columns(rank)
    if policy.nd == "missing" or (policy.nd == "report-if-confirmed" and not confirmed):
        rows = rows.filter(pl.col("_rank") != ND)
    best = first_of(rows, "_rank")
    values = dict(enumerate(RESPONSES, start=1)) | {ND: "ND"}
    best = best.with_columns(pl.col("_rank").replace_strict(values, return_dtype=pl.String).alias("AVALC"))
    everyone = for_every_subject(best, assessments, reference, policy=policy)
    absent = "NE" if policy.missing_as_ne else "MISSING"
    return _parameter(everyone, "CBOR" if confirmed else "BOR", absent=absent, codes=CODES)


def late_enough(days: int, *, policy: RecistPolicy) -> pl.Expr:
    """Whether an assessment lies at least `days` after the reference date (false where that is missing)."""
    elapsed = (pl.col("ADT") - pl.col("_ref")).dt.total_days()
    if policy.sd_count == "study-day":
        elapsed = elapsed + 1  # an expression, not a number
    return (elapsed >= days).fill_null(value=False)


def first_of(rows: pl.DataFrame, rank: str) -> pl.DataFrame:
    """Of each `_g` the first row of the lowest `rank`; rows are in order of date."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    best = rows.select("_g", (pl.col(rank).cast(pl.Int64) * 2**40 + place).alias("_place"))
    at = best.group_by("_g").agg(pl.col("_place").min())["_place"] % 2**40
    return rows[at.sort().cast(pl.get_index_type())]


def for_every_subject(
    found: pl.DataFrame, assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy
) -> pl.DataFrame:
    """A row for each subject of `reference` and each evaluator, sorted; null where nothing was found."""
    keys = grouping(found)
    dtype = found.schema["USUBJID"]
    subjects = reference.select(pl.col("USUBJID").cast(dtype)).unique()
    readers = [k for k in keys if k != "USUBJID"]
    if policy.denominator == "assessed":
        have = assessments.select(pl.col("USUBJID").cast(dtype)).unique()
        subjects = subjects.join(have, on="USUBJID", how="semi")
    if readers:
        pairs = assessments.filter(pl.col("AVALC").is_not_null()).select(readers).unique()
        if policy.evaluator is not None:
            pairs = pairs.filter(pl.col("EVAL").cast(pl.String) == policy.evaluator)
        if pairs.is_empty():
            pairs = pl.DataFrame({r: [None] for r in readers}, schema={r: assessments.schema[r] for r in readers})
        subjects = subjects.join(pairs, how="cross")
    kept = [c for c in found.columns if c not in keys and not c.startswith("_")]
    return subjects.join(found.select(*keys, *kept), on=keys, how="left", nulls_equal=True).sort(keys, nulls_last=True)


def _parameter(rows: pl.DataFrame, name: str, *, absent: str, codes: dict[str, int]) -> pl.DataFrame:
    value = pl.col("AVALC").fill_null(absent)
    return rows.select(
        *grouping(rows),
        pl.lit(name).alias("PARAMCD"),
        "ADT",
        value.alias("AVALC"),
        value.replace_strict(codes, default=None, return_dtype=pl.Int8).alias("AVAL"),
        *sources(rows),
    )
