"""Best overall response, unconfirmed and confirmed."""

from __future__ import annotations

import polars as pl

from codon12.response.counted import Counted, first_of, late_enough
from codon12.response.keys import grouping, sources
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES, ND, RESPONSES

__all__ = ["best_of", "best_overall_response"]


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
    return best_of(Counted.of(assessments, reference, policy=policy), confirmed=confirmed)


def best_of(counted: Counted, *, confirmed: bool) -> pl.DataFrame:
    """As ``best_overall_response``, of assessments that were counted before."""
    policy, rows = counted.policy, counted.rows
    code, late = pl.col("_code"), late_enough(policy.sd_min_days, policy=policy)
    response = code
    if confirmed:
        as_stable = pl.when(late).then(CODES["SD"]).otherwise(CODES["NE"])
        response = pl.when(counted.confirmed).then(code).otherwise(as_stable)
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
    best = first_of(rows, pl.col("_rank"))
    values = dict(enumerate(RESPONSES, start=1)) | {ND: "ND"}
    best = best.with_columns(pl.col("_rank").replace_strict(values, return_dtype=pl.String).alias("AVALC"))
    found = counted.per_person(best)
    value = pl.col("AVALC").fill_null("NE" if policy.missing_as_ne else "MISSING")
    return found.select(
        *grouping(found),
        pl.lit("CBOR" if confirmed else "BOR").alias("PARAMCD"),
        "ADT",
        value.alias("AVALC"),
        value.replace_strict(CODES, default=None, return_dtype=pl.Int8).alias("AVAL"),
        *sources(found),
    )
