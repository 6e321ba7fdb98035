"""Every response parameter of a study at once."""

from __future__ import annotations

import polars as pl

from codon12.response.benefit import benefit_of, progression_of, response_of
from codon12.response.best import best_of
from codon12.response.counted import Counted
from codon12.response.policy import RecistPolicy

__all__ = ["response_parameters"]


def response_parameters(
    assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy | None = None
) -> list[pl.DataFrame]:
    """Best response, response and disease control, confirmed (CBOR, CRSP, CDCR) and not (BOR, RSP, DCR), then PD.

    Parameters
    ----------
    assessments, reference, policy
        As in ``best_overall_response``; which assessments count is settled once for all of them.

    Returns
    -------
    list of DataFrame
        As from ``best_overall_response``, ``objective_response``, ``disease_control`` and ``progression``, one each.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 12)], "AVALC": ["PR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> [(p["PARAMCD"].item(), p["AVALC"].item()) for p in response_parameters(seen, start)][:4]
    [('CBOR', 'SD'), ('CRSP', 'N'), ('CDCR', 'Y'), ('BOR', 'PR')]
    """
    counted = Counted.of(assessments, reference, policy=policy or RecistPolicy())
    parameters = []
    for confirmed in (True, False):
        parameters += [of(counted, confirmed=confirmed) for of in (best_of, response_of, benefit_of)]
    return [*parameters, progression_of(counted)]
