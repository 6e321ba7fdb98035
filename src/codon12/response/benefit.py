"""Response, disease control and clinical benefit: yes or no for each subject."""

from __future__ import annotations

import polars as pl

from codon12.response.counted import Counted, first_of, late_enough
from codon12.response.keys import grouping, sources
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES

__all__ = [
    "benefit_of",
    "clinical_benefit",
    "confirmed_response",
    "disease_control",
    "objective_response",
    "progression",
    "progression_of",
    "response_of",
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
    return response_of(Counted.of(assessments, reference, policy=policy), confirmed=confirmed)


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
    confirmed = policy.confirmation if confirmed is None else confirmed
    return benefit_of(Counted.of(assessments, reference, policy=policy), confirmed=confirmed)


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
    confirmed = policy.confirmation if confirmed is None else confirmed
    days = policy.sd_min_days if policy.benefit_min_days is None else policy.benefit_min_days
    counted = Counted.of(assessments, reference, policy=policy)
    return _lasting("CCB" if confirmed else "CB", counted, days=days, confirmed=confirmed)


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
    return progression_of(Counted.of(assessments, reference, policy=policy or RecistPolicy()))


def response_of(counted: Counted, *, confirmed: bool) -> pl.DataFrame:
    """As ``objective_response``, of assessments that were counted before."""
    return _yes_no("CRSP" if confirmed else "RSP", counted, counted.responses(confirmed=confirmed))


def benefit_of(counted: Counted, *, confirmed: bool) -> pl.DataFrame:
    """As ``disease_control``, of assessments that were counted before."""
    return _lasting("CDCR" if confirmed else "DCR", counted, days=counted.policy.sd_min_days, confirmed=confirmed)


def progression_of(counted: Counted) -> pl.DataFrame:
    """As ``progression``, of assessments that were counted before."""
    return _yes_no("PD", counted, counted.rows["_code"] == CODES["PD"])


def _lasting(name: str, counted: Counted, *, days: int, confirmed: bool) -> pl.DataFrame:
    values = [CODES[v] for v in counted.policy.benefit_values]
    lasting = pl.col("_code").is_in(values) & late_enough(days, policy=counted.policy)
    hits = counted.rows.select(lasting | counted.responses(confirmed=confirmed))
    return _yes_no(name, counted, hits.to_series())


def _yes_no(name: str, counted: Counted, hits: pl.Series) -> pl.DataFrame:
    """Whether any assessment is a hit, and the first that is."""
    rows = counted.per_person(first_of(counted.rows.filter(hits), pl.lit(0)))
    yes = pl.col("AVALC").is_not_null()
    return rows.select(
        *grouping(rows),
        pl.lit(name).alias("PARAMCD"),
        "ADT",
        pl.when(yes).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("AVALC"),
        yes.cast(pl.Int8).alias("AVAL"),
        *sources(rows),
    )
