"""Time to response and the span of a response, for responders."""

from __future__ import annotations

import polars as pl

from codon12.response.counted import Counted, first_of
from codon12.response.keys import grouping, sources
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES, ND

__all__ = ["duration_of_response", "time_to_response"]


def time_to_response(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Time from the reference date to the first response, for each responder.

    Parameters
    ----------
    assessments, reference, policy
        As in ``best_overall_response``.
    confirmed
        Whether the first date of a confirmed response is taken; the policy's ``duration_from`` if not given.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (TTR), STARTDT (reference), ADT (first response), AVAL (days, ADT -
        STARTDT + 1; null without a reference date), and the source of the response. Responders only.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 2, 1), dt.date(2024, 3, 1)],
    ...     "AVALC": ["PR", "PR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> time_to_response(seen, start).select("STARTDT", "AVAL").row(0)
    (datetime.date(2024, 1, 1), 32)
    """
    first = _first_response(assessments, reference, policy=policy or RecistPolicy(), confirmed=confirmed)[1]
    return first.select(
        *grouping(first),
        pl.lit("TTR").alias("PARAMCD"),
        pl.col("_ref").alias("STARTDT"),
        "ADT",
        ((pl.col("ADT") - pl.col("_ref")).dt.total_days() + 1).alias("AVAL"),
        *sources(first),
    ).sort(grouping(first), nulls_last=True)


def duration_of_response(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Span of each response: from its first date to progression, or to the last evaluable assessment.

    Death, new therapy and missed visits end a duration of response too: those are rules of censoring and belong
    to the time-to-event derivation, which takes STARTDT from here.

    Parameters
    ----------
    assessments, reference, policy
        As in ``best_overall_response``.
    confirmed
        Whether only confirmed responses count; the policy's ``duration_from`` if not given.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (DOR), STARTDT (first response), ADT (first PD after it, else the last
        assessment other than NE and ND), AVAL (days, ADT - STARTDT + 1), PDFL (Y: ended by PD), and the source of the
        assessment at ADT. Responders only.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.7.1.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 3, "AVALC": ["PR", "PR", "PD"],
    ...     "ADT": [dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> duration_of_response(seen, start).select("AVAL", "PDFL").row(0)
    (61, 'Y')
    """
    rows, first = _first_response(assessments, reference, policy=policy or RecistPolicy(), confirmed=confirmed)
    begin = first.select("_g", pl.col("ADT").alias("STARTDT"))
    since = rows.join(begin, on="_g", how="inner", maintain_order="left").filter(
        (pl.col("ADT") >= pl.col("STARTDT")) & ~pl.col("_code").is_in([CODES["NE"], ND])
    )
    ended = pl.col("_code") == CODES["PD"]
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    rank = pl.when(ended).then(place - 2**40).otherwise(-place)  # the first PD, else the last row
    since = since.with_columns(rank.alias("_rank"))
    end = since.sort("_g", "_rank").unique("_g", keep="first", maintain_order=True)
    return end.select(
        *grouping(end),
        pl.lit("DOR").alias("PARAMCD"),
        "STARTDT",
        "ADT",
        ((pl.col("ADT") - pl.col("STARTDT")).dt.total_days() + 1).alias("AVAL"),
        pl.when(pl.col("_code") == CODES["PD"]).then(pl.lit("Y")).alias("PDFL"),
        *sources(end),
    ).sort(grouping(end), nulls_last=True)


def _first_response(
    assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy, confirmed: bool | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All counted assessments, and of each responder the first (confirmed) response."""
    counted = Counted.of(assessments, reference, policy=policy)
    confirmed = policy.duration_from == "confirmed" if confirmed is None else confirmed
    responses = counted.rows.filter(counted.responses(confirmed=confirmed))
    return counted.rows, first_of(responses, pl.lit(0))
