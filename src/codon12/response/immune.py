"""iRECIST: progression is unconfirmed until the next scan confirms it, or the tumour shrinks and the bar is reset."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.records.columns.needed import need
from codon12.response.counted import everyone, first_of, late_enough
from codon12.response.keys import group_number, grouping, sources
from codon12.response.overall import overall_response
from codon12.response.policy import RecistPolicy

__all__ = ["best_immune_response", "both_criteria", "immune_progression", "immune_response"]

_IMMUNE = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "NON-CR/NON-PD": "NON-iCR/NON-iUPD"}
_RANK = {"iCR": 1, "iPR": 2, "iSD": 3, "NON-iCR/NON-iUPD": 4, "iCPD": 5, "iUPD": 6, "NE": 7, "CHECK": 7}


def immune_response(timepoints: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Overall response by iRECIST at each time point.

    Parameters
    ----------
    timepoints
        As for ``overall_response``, with ADT; AVAL (sum, mm), NTPROG (non-target lesions progressed), NNEW (new
        lesions) and NEWSUM (their measured sizes, mm) where known: they tell further worsening from persistence.
    policy
        immune_reading, immune_min_days, immune_max_days, immune_confirmed_by, and those of ``overall_response``.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (IOVRLRESP), ADT, [VISITNUM, VISIT], AVALC (iCR, iPR, iSD, NON-iCR/NON-iUPD,
        iUPD, iCPD, NE, CHECK), UPDDT (date of the first iUPD of the spell that is pending or was confirmed) and the
        source. Time points after iCPD stay iCPD.

    Notes
    -----
    A time point that is PD by RECIST 1.1 is iUPD. The next ones are judged against the latest iUPD (one less than
    ``immune_min_days`` after it takes not its place): worse (sum at least ``progression_mm`` larger, more
    non-target lesions progressed, more new lesions or these at least ``progression_mm`` larger, or progression of a
    kind not seen at the iUPD) and between ``immune_min_days`` and ``immune_max_days`` after it, it is confirmed: iCPD.
    A time point that is not PD by the table ends the spell (the bar is reset). NE leaves it pending. Otherwise it
    stays iUPD.

    ``immune_reading = 'EORTC'``: worse is measured against the first iUPD of the spell, so that growth adds up; and
    complete or partial response of the targets beside new lesions that are neither more nor larger than at the
    latest iUPD (and no non-target progression) is iPR and resets the bar, where the guideline's table 2 leaves it
    iUPD because a new lesion is there.

    References
    ----------
    Seymour 2017, Lancet Oncol 18:e143, tables 1 and 2; EORTC, questions and answers on iRECIST (recist.eortc.org).

    Examples
    --------
    >>> import datetime as dt
    >>> points = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": [dt.date(2024, m, 1) for m in (2, 3, 4)],
    ...     "TRGRESP": ["PD", "PD", "SD"], "NTRGRESP": [None] * 3, "NEWLRESP": [None] * 3, "AVAL": [50.0, 56.0, 40.0]})
    >>> immune_response(points)["AVALC"].to_list()
    ['iUPD', 'iCPD', 'iCPD']
    """
    policy = policy or RecistPolicy()
    need(timepoints, ("USUBJID", "ADT", "TRGRESP", "NTRGRESP", "NEWLRESP"), what="timepoints")
    keys = grouping(timepoints)
    memoryless = msgspec.structs.replace(policy, reappearance_after_cr="sum-rule", visit_date="earliest")
    rows = overall_response(timepoints.filter(pl.col("ADT").is_not_null()), policy=memoryless)
    rows = rows.with_columns(group_number(keys))
    state, since, quiet = _walk(rows, policy=policy)
    marked = pl.select(
        pl.when(pl.Series(state) == _CONFIRMED)
        .then(pl.lit("iCPD"))
        .when(pl.Series(state) == _PENDING)
        .then(pl.lit("iUPD"))
        .when(pl.Series(quiet))
        .then(pl.lit("iPR"))
        .otherwise(rows["AVALC"].replace(_IMMUNE))
        .alias("AVALC"),
        pl.when(pl.Series(since) >= 0).then(rows["ADT"].gather(np.maximum(since, 0))).alias("UPDDT"),
    )
    kept = [c for c in ("VISITNUM", "VISIT") if c in rows.columns]
    return rows.select(*keys, pl.lit("IOVRLRESP").alias("PARAMCD"), "ADT", *kept, *marked.get_columns(), *sources(rows))


_NOTHING, _PENDING, _CONFIRMED = 0, 1, 2


def _walk(rows: pl.DataFrame, *, policy: RecistPolicy) -> tuple[NDArray[np.int8], NDArray[np.int64], NDArray[np.bool_]]:
    """State after each time point, the row where its spell of iUPD began (-1: none), and whether it is iPR by EORTC.

    One step a visit number, all subjects at once: a spell depends on what came before it.
    """
    n = rows.height
    state, since, quiet = np.zeros(n, dtype=np.int8), np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    if n == 0:
        return state, since, quiet
    group = rows["_g"].to_numpy().astype(np.int64) - 1
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    order = np.arange(n) - first[group]
    by_order = np.argsort(order, kind="stable")
    bounds = np.searchsorted(order[by_order], np.arange(order.max() + 2))
    day = rows["ADT"].cast(pl.Date).to_physical().to_numpy().astype(np.int64)
    progressed = (rows["AVALC"] == "PD").to_numpy()
    unjudged = rows["AVALC"].is_in(["NE", "CHECK"]).to_numpy()
    gone = rows["NEWLRESP"].is_null().to_numpy()
    worse = _worsening(rows, policy=policy)
    adds_up = policy.immune_reading == "EORTC"
    stable = _stable_new(rows, policy=policy) if adds_up else None
    longest = np.inf if policy.immune_max_days is None else policy.immune_max_days
    now = np.zeros(len(first), dtype=np.int8)  # by subject: state, first row of the spell, row to compare with
    began, compare, known = np.full((3, len(first)), -1, dtype=np.int64)
    for step in range(len(bounds) - 1):
        at = by_order[bounds[step] : bounds[step + 1]]
        who = group[at]
        before, against = now[who], compare[who]
        shrunk = np.zeros(len(at), dtype=np.bool_)
        if stable is not None:
            shrunk = (before != _CONFIRMED) & (known[who] >= 0) & progressed[at] & stable(at, known[who])
        quiet[at], bad = shrunk, progressed[at] & ~shrunk
        known[who[~unjudged[at] & gone[at]]] = -1  # one that comes back is new again
        pending = (before == _PENDING) & bad
        gap = day[at] - day[against]
        sure = (
            pending & worse(at, began[who] if adds_up else against) & (gap >= policy.immune_min_days) & (gap <= longest)
        )
        fresh = (before == _NOTHING) & bad
        reset = (before == _PENDING) & ~bad & ~unjudged[at]
        now[who[fresh]], began[who[fresh]] = _PENDING, at[fresh]
        renewed = fresh | (pending & ~sure & (gap >= policy.immune_min_days))
        compare[who[renewed]] = known[who[renewed]] = at[renewed]
        now[who[sure]] = _CONFIRMED
        now[who[reset]], began[who[reset]] = _NOTHING, -1
        shown = np.where((now[who] == _PENDING) & unjudged[at], _NOTHING, now[who])
        state[at], since[at] = shown, began[who]
    return state, since, quiet


def _worsening(rows: pl.DataFrame, *, policy: RecistPolicy) -> Callable[..., NDArray[np.bool_]]:
    """A function of (rows now, rows of the iUPD): whether the first are worse than the second."""
    if policy.immune_confirmed_by == "any":
        return lambda now, _then: np.ones(len(now), dtype=bool)

    target, other = _is_one(rows, "TRGRESP", "PD"), _is_one(rows, "NTRGRESP", "PD")
    new = _is_one(rows, "NEWLRESP", *_NEW)
    size, count = _number(rows, "AVAL", 1000), _number(rows, "NTPROG")
    least = round(policy.progression_mm * 1000)
    more = _more_new(rows, policy=policy)

    def worse(now: NDArray[np.int64], then: NDArray[np.int64]) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            larger = np.where(target[then], size[now] - size[then] >= least, target[now])
            further = np.where(other[then], count[now] > count[then], other[now])
            return larger | further | np.where(new[then], more(now, then), new[now])

    return worse


_NEW = ("UNEQUIVOCAL", "Y", "YES", "PD")


def _number(rows: pl.DataFrame, name: str, scale: int = 1) -> NDArray[np.float64]:
    if name not in rows.columns:
        return np.full(rows.height, np.nan)
    return (rows[name].cast(pl.Float64) * scale).round().to_numpy()


def _is_one(rows: pl.DataFrame, name: str, *values: str) -> NDArray[np.bool_]:
    text = rows[name].cast(pl.String).str.to_uppercase()
    return text.is_in(list(values)).fill_null(value=False).to_numpy()


def _more_new(rows: pl.DataFrame, *, policy: RecistPolicy) -> Callable[..., NDArray[np.bool_]]:
    """A function of (rows now, earlier rows): whether there are more new lesions, or larger ones."""
    count, size = _number(rows, "NNEW"), _number(rows, "NEWSUM", 1000)
    least = round(policy.progression_mm * 1000)

    def more(now: NDArray[np.int64], then: NDArray[np.int64]) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            return (count[now] > count[then]) | (size[now] - size[then] >= least)

    return more


def _stable_new(rows: pl.DataFrame, *, policy: RecistPolicy) -> Callable[..., NDArray[np.bool_]]:
    """A function of (rows now, rows of the iUPD): the targets respond and new lesions are neither more nor larger."""
    shrunk = _is_one(rows, "TRGRESP", "CR", "PR") & ~_is_one(rows, "NTRGRESP", "PD")
    new, more = _is_one(rows, "NEWLRESP", *_NEW), _more_new(rows, policy=policy)
    return lambda now, then: shrunk[now] & new[now] & new[then] & ~more(now, then)


def both_criteria(timepoints: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """RECIST 1.1 and iRECIST side by side at each time point.

    Parameters
    ----------
    timepoints, policy
        As in ``immune_response``.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], ADT, [VISITNUM, VISIT], RECIST, IRECIST (the overall responses), UPDDT and the source.

    Examples
    --------
    >>> import datetime as dt
    >>> points = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, m, 1) for m in (2, 3)],
    ...     "TRGRESP": ["PD", "PR"], "NTRGRESP": [None] * 2, "NEWLRESP": [None] * 2})
    >>> both_criteria(points).select("RECIST", "IRECIST").rows()
    [('PD', 'iUPD'), ('PR', 'iPR')]
    """
    policy = policy or RecistPolicy()
    need(timepoints, ("USUBJID", "ADT"), what="timepoints")
    timepoints = timepoints.filter(pl.col("ADT").is_not_null())
    usual = overall_response(timepoints, policy=msgspec.structs.replace(policy, visit_date="earliest"))
    immune = immune_response(timepoints, policy=policy)
    return (
        immune.rename({"AVALC": "IRECIST"})
        .drop("PARAMCD")
        .insert_column(immune.columns.index("AVALC") - 1, usual["AVALC"].alias("RECIST"))
    )


def immune_progression(immune: pl.DataFrame) -> pl.DataFrame:
    """Progression by iRECIST: the first iUPD that is confirmed, or that nothing better followed.

    Parameters
    ----------
    immune
        As from ``immune_response``.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (IPD), ADT (date of that first iUPD), AVALC (iCPD, or iUPD where it was never
        confirmed), and the source of the time point that decided. Subjects without progression have no row.

    References
    ----------
    Seymour 2017, Lancet Oncol 18:e143: the date of progression is that of the iUPD which is confirmed.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, m, 1) for m in (2, 3)],
    ...     "AVALC": ["iUPD", "iCPD"], "UPDDT": [dt.date(2024, 2, 1)] * 2})
    >>> immune_progression(seen).select("ADT", "AVALC").row(0)
    (datetime.date(2024, 2, 1), 'iCPD')
    """
    keys = grouping(immune)
    need(immune, ("USUBJID", "ADT", "AVALC", "UPDDT"), what="immune")
    rows = immune.sort([*keys, "ADT"], nulls_last=True, maintain_order=True).with_columns(group_number(keys))
    confirmed = rows.filter(pl.col("AVALC") == "iCPD").unique("_g", keep="first", maintain_order=True)
    last = rows.unique("_g", keep="last", maintain_order=True).filter(pl.col("UPDDT").is_not_null())
    last = last.join(confirmed.select("_g"), on="_g", how="anti")
    both = pl.concat([confirmed, last.with_columns(pl.lit("iUPD").alias("AVALC"))])
    return both.select(
        *keys, pl.lit("IPD").alias("PARAMCD"), pl.col("UPDDT").alias("ADT"), "AVALC", *sources(both)
    ).sort(keys, nulls_last=True)


def best_immune_response(
    immune: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Best overall response by iRECIST (iBOR) of each subject and evaluator.

    Parameters
    ----------
    immune
        As from ``immune_response``: USUBJID, [EVAL, EVALID], ADT, AVALC.
    reference
        USUBJID, ADT: everyone who is to have a result.
    policy
        sd_min_days, sd_count, missing_as_ne, denominator, evaluator.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (IBOR), ADT, AVALC and the source: the best of iCR, iPR, iSD,
        NON-iCR/NON-iUPD, iCPD, iUPD, NE, the first of equals. Responses after an iUPD count if the bar was reset;
        iSD and NON-iCR/NON-iUPD before the minimum time are NE. MISSING without an assessment.

    References
    ----------
    Seymour 2017, Lancet Oncol 18:e143, table 3.

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, m, 20) for m in (2, 3)],
    ...     "AVALC": ["iUPD", "iPR"]})
    >>> start = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 1, 1)]})
    >>> best_immune_response(seen, start)["AVALC"].item()
    'iPR'
    """
    policy = policy or RecistPolicy()
    need(immune, ("USUBJID", "ADT", "AVALC"), what="immune")
    need(reference, ("USUBJID", "ADT"), what="reference")
    keys = grouping(immune)
    start = reference.select(pl.col("USUBJID").cast(immune.schema["USUBJID"]), _ref="ADT").unique("USUBJID")
    rows = immune.join(start, on="USUBJID", how="inner").sort([*keys, "ADT"], nulls_last=True, maintain_order=True)
    rows = rows.with_columns(
        group_number(keys),
        pl.col("AVALC").replace_strict(_RANK, default=_RANK["NE"], return_dtype=pl.Int64).alias("_rank"),
    )
    early = pl.col("_rank").is_in([_RANK["iSD"], _RANK["NON-iCR/NON-iUPD"]])
    early &= ~late_enough(policy.sd_min_days, policy=policy)
    rows = rows.with_columns(pl.when(early).then(_RANK["NE"]).otherwise("_rank").alias("_rank"))
    best = first_of(rows, pl.col("_rank"))
    names = {rank: value for value, rank in reversed(_RANK.items())}
    best = best.with_columns(pl.col("_rank").replace_strict(names, return_dtype=pl.String).alias("AVALC"))
    people = everyone(immune, reference, like=best, policy=policy)
    rows = people.join(best, on=keys, how="left", nulls_equal=True, maintain_order="left")
    absent = pl.lit("NE" if policy.missing_as_ne else "MISSING")
    return rows.select(*keys, pl.lit("IBOR").alias("PARAMCD"), "ADT", pl.col("AVALC").fill_null(absent), *sources(rows))
