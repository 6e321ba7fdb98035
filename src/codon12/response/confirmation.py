"""Confirmation of CR and PR, for all assessments at once."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES

__all__ = ["with_confirmation"]

_CR, _PR, _SD, _NE = CODES["CR"], CODES["PR"], CODES["SD"], CODES["NE"]


def with_confirmation(rows: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Add `_confirmed` (the assessment is a CR or PR that a later one confirms) and `_by` (its row number).

    `rows` are sorted by subject, evaluator (`_g`) and date. The confirming record is the first later one of the
    right kind (CR for CR; CR or PR for PR) at least ``confirmation_min_days`` on. Everything between and the
    confirming record itself is the window: for CR only CR and NE; for PR only CR, PR, SD and NE, with no PR after a
    CR; at most ``max_ne`` NE, and at most one SD where ``accept_sd`` says so, else none.
    """
    code = rows["_code"].to_numpy().astype(np.int8)
    group = rows["_g"].to_numpy().astype(np.int64)
    day = rows["ADT"].cast(pl.Date).to_physical().to_numpy().astype(np.int64)
    n = len(code)
    if n == 0:
        empty = [
            pl.lit(None, dtype=pl.Boolean).alias("_confirmed"),
            pl.lit(None, dtype=pl.Int64).alias("_by"),
        ]
        return rows.with_columns(empty)
    is_cr, is_pr = code == _CR, code == _PR
    candidate = np.flatnonzero(is_cr | is_pr)
    start = _first_from(group, day, candidate, gap=policy.confirmation_min_days)
    next_cr, next_response = _next(is_cr), _next(is_cr | is_pr)
    wants_cr = is_cr[candidate]
    safe = np.minimum(start, n)
    by = np.where(wants_cr, next_cr[safe], next_response[safe])
    found = (by < n) & (start < n)
    by_safe = np.where(found, by, candidate)
    found &= group[by_safe] == group[candidate]
    if policy.confirmation_max_days is not None:
        found &= day[by_safe] - day[candidate] <= policy.confirmation_max_days
    by_safe = np.where(found, by_safe, candidate)

    def between(what: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Rows of a kind after the candidate, up to the confirming one."""
        running = np.concatenate(([0], np.cumsum(what, dtype=np.int64)))
        return running[by_safe + 1] - running[candidate + 1]

    not_evaluable = between(code == _NE)
    cr_kind = between(~np.isin(code, (_CR, _NE))) == 0
    pr_kind = between(~np.isin(code, (_CR, _PR, _SD, _NE))) == 0
    stable = between(code == _SD) <= (1 if policy.accept_sd else 0)
    first_cr = next_cr[candidate + 1]
    last_pr = _last(is_pr)[by_safe]
    in_order = ~((first_cr <= by_safe) & (last_pr > first_cr))
    ok = found & (not_evaluable <= policy.max_ne)
    ok &= np.where(wants_cr, cr_kind, pr_kind & stable & in_order)
    confirmed = np.zeros(n, dtype=bool)
    confirmed[candidate] = ok
    confirming = np.full(n, -1, dtype=np.int64)
    confirming[candidate] = np.where(ok, by_safe, -1)
    return rows.with_columns(pl.Series("_confirmed", confirmed), pl.Series("_by", confirming))


def _first_from(
    group: NDArray[np.int64], day: NDArray[np.int64], candidate: NDArray[np.int64], *, gap: int
) -> NDArray[np.int64]:
    """Row of the first later assessment of the same group at least `gap` days on (or a row beyond the group)."""
    origin = day.min()
    span = int(day.max() - origin) + gap + 2
    place = group * span + (day - origin)
    return np.maximum(np.searchsorted(place, place[candidate] + gap, side="left"), candidate + 1)


def _next(what: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each row (and one past the end) the first row from it on where `what` holds, else n."""
    n = len(what)
    at = np.where(what, np.arange(n), n)
    return np.append(np.minimum.accumulate(at[::-1])[::-1], n)


def _last(what: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each row the last row up to it where `what` holds, else -1."""
    return np.maximum.accumulate(np.where(what, np.arange(len(what)), -1))
