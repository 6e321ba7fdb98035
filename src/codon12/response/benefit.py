"""Response, disease control and clinical benefit: yes or no for each subject."""

from __future__ import annotations

import polars as pl

from codon12.response.assessments import analysis_set
from codon12.response.best import first_of, for_every_subject, late_enough
from codon12.response.confirmation import with_confirmation
from codon12.response.keys import grouping, need, sources
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES

__all__ = [
    "clinical_benefit",
    "confirmed_response",
    "disease_control",
    "is_response",
    "objective_response",
    "progression",
]


def objective_response(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Whether each subject responded (CR or PR), and when first.

    Parameters
    ----------
    assessments, reference, policy, confirmed
        As in ``best_overall_response``. The reference date itself may be null.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (CRSP confirmed, RSP not), ADT of the first response (null without), AVALC
        (Y, N), AVAL (1, 0), and the source of that assessment; a row for each subject and evaluator.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.6; admiralonco ``derive_param_response``, ``derive_param_confirmed_resp``.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 12)], "AVALC": ["PR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> [objective_response(seen, start, confirmed=c)["AVALC"].item() for c in (False, True)]
    ['Y', 'N']
    """
    policy = policy or RecistPolicy()
    confirmed = policy.confirmation if confirmed is None else confirmed
    need(reference, ("USUBJID", "ADT"), what="reference")
    rows = analysis_set(assessments, reference, policy=policy)
    found = rows.filter(is_response(rows, confirmed=confirmed, policy=policy))
    return _yes_no("CRSP" if confirmed else "RSP", found, assessments, reference, policy=policy)


def confirmed_response(
    assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Whether each subject had a confirmed CR or PR, and when first: ``objective_response(confirmed=True)``.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 2, 1), dt.date(2024, 2, 29)],
    ...     "AVALC": ["PR", "CR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> confirmed_response(seen, start).select("AVALC", "ADT").row(0)
    ('Y', datetime.date(2024, 2, 1))
    """
    return objective_response(assessments, reference, policy=policy, confirmed=True)


def disease_control(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Whether each subject responded or was stable for the minimum time, and when first.

    Y where there is a response (confirmed if asked for), at any time, or an assessment in ``benefit_values`` at least
    ``sd_min_days`` after the reference date; the date is the earlier of the two. This is Y for the subjects whose
    best overall response is one of ``benefit_values``.

    Returns
    -------
    DataFrame
        As ``objective_response``; PARAMCD is CDCR or DCR.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 12)], "AVALC": ["SD"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> disease_control(seen, start)["AVALC"].item()
    'Y'
    """
    policy = policy or RecistPolicy()
    name = "CDCR" if (policy.confirmation if confirmed is None else confirmed) else "DCR"
    return _benefit(name, assessments, reference, days=policy.sd_min_days, policy=policy, confirmed=confirmed)


def clinical_benefit(
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy | None = None,
    confirmed: bool | None = None,
) -> pl.DataFrame:
    """Whether each subject responded or was free of progression for ``benefit_min_days``, and when first.

    As ``disease_control``, with ``benefit_min_days`` (168 for the usual 24 weeks) in place of ``sd_min_days`` where
    it is set. PARAMCD is CCB or CB. Definitions differ between trials; the policy's sentences name this one.

    References
    ----------
    admiralonco ``derive_param_clinbenefit``.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 12)], "AVALC": ["SD"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> clinical_benefit(seen, start, policy=RecistPolicy(benefit_min_days=168))["AVALC"].item()
    'N'
    """
    policy = policy or RecistPolicy()
    name = "CCB" if (policy.confirmation if confirmed is None else confirmed) else "CB"
    days = policy.sd_min_days if policy.benefit_min_days is None else policy.benefit_min_days
    return _benefit(name, assessments, reference, days=days, policy=policy, confirmed=confirmed)


def progression(
    assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Whether each subject progressed (PD), and when first; PARAMCD is PD.

    Returns
    -------
    DataFrame
        As ``objective_response``.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 12)], "AVALC": ["PD"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> progression(seen, start)["AVALC"].item()
    'Y'
    """
    policy = policy or RecistPolicy()
    need(reference, ("USUBJID", "ADT"), what="reference")
    rows = analysis_set(assessments, reference, policy=policy)
    return _yes_no("PD", rows.filter(pl.col("_code") == CODES["PD"]), assessments, reference, policy=policy)


def is_response(rows: pl.DataFrame, *, confirmed: bool, policy: RecistPolicy) -> pl.Series:
    """Whether each counted assessment is a (confirmed) CR or PR."""
    if confirmed:
        return with_confirmation(rows, policy=policy)["_confirmed"]
    return rows["_code"].is_in([CODES["CR"], CODES["PR"]])


def _benefit(
    name: str,
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    days: int,
    policy: RecistPolicy,
    confirmed: bool | None,
) -> pl.DataFrame:
    confirmed = policy.confirmation if confirmed is None else confirmed
    need(reference, ("USUBJID", "ADT"), what="reference")
    rows = analysis_set(assessments, reference, policy=policy)
    values = [CODES[v] for v in policy.benefit_values]
    lasting = rows.select((pl.col("_code").is_in(values) & late_enough(days, policy=policy)).alias("x"))["x"]
    found = rows.filter(lasting | is_response(rows, confirmed=confirmed, policy=policy))
    return _yes_no(name, found, assessments, reference, policy=policy)


def _yes_no(
    name: str,
    found: pl.DataFrame,
    assessments: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    policy: RecistPolicy,
) -> pl.DataFrame:
    first = first_of(found.with_columns(pl.lit(0).alias("_rank")), "_rank")
    rows = for_every_subject(first, assessments, reference, policy=policy)
    yes = pl.col("AVALC").is_not_null()
    return rows.select(
        *grouping(rows),
        pl.lit(name).alias("PARAMCD"),
        "ADT",
        pl.when(yes).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("AVALC"),
        yes.cast(pl.Int8).alias("AVAL"),
        *sources(rows),
    )
