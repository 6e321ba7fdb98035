"""Fine and Gray's regression of the subdistribution hazard of one cause among competing ones."""

from __future__ import annotations

from numbers import Real
from typing import Any, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.competing.fine_gray_cells import cells
from codon12.survival.competing.fine_gray_fit import FineGrayFit, FineGrayWeights
from codon12.survival.competing.fine_gray_likelihood import FineGrayLikelihood
from codon12.survival.cox.newton import combination, independent_columns, maximise
from codon12.survival.subjects.columns import Factor, combined_factor
from codon12.survival.subjects.frame import CoxData, frame_columns, read_columns
from codon12.survival.subjects.options import check_choice, check_level
from codon12.survival.subjects.reading import Column, column, table
from codon12.survival.subjects.ties import snapped

__all__ = ["FineGrayFit", "FineGrayWeights", "fine_gray"]

Vector = NDArray[Any]


def fine_gray(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    terms: Any,
    cause: Any = 1,
    censored: Any = 0,
    strata: Any = None,
    censoring_strata: Any = None,
    weights: Any = None,
    entry: Any = None,
    cluster: Any = None,
    method: FineGrayWeights = "crr",
    level: float = 0.95,
) -> FineGrayFit:
    """Regress the subdistribution hazard of one cause on covariates.

    Who had a competing event stays in the risk set with the weight G(t-)/G(T-), the chance of not having been
    censored since. Ties are Breslow's.

    Parameters
    ----------
    frame, time, terms
        As in ``cox``; rows with a missing value are left out.
    event
        What happened, one code or text a subject.
    cause, censored
        The code of the event of interest, and of censoring; all other codes are competing events.
    strata
        Column or columns whose levels have their own baseline hazard.
    censoring_strata
        Column or columns whose levels have their own censoring distribution G (``cengroup`` of R's ``crr``).
    weights
        Positive case weights. They do not enter G, as in R's ``finegray``.
    entry
        Start of observation. The weights are then G H: H is the chance of having entered, by the product limit of
        entries backwards in time.
    cluster
        Column of dependent rows, for the variance.
    method
        How G treats ties of events and censorings: ``crr`` (R's cmprsk) keeps the dead in the risk set of the
        censored at the same time, ``finegray`` (R's survival) takes events to come first. And what G is after the last
        subject of a censoring stratum, if that one had an event: ``crr`` takes 0, as cmprsk does, which the result's
        ``notes`` tell; ``finegray`` keeps the last value of its product limit.
    level
        Confidence level.

    Raises
    ------
    UsageError
        Unknown method or column.
    DataError
        No event of the cause, collinear terms, a term that separates, or late entry that leaves one subject alone
        under observation.

    References
    ----------
    Fine and Gray 1999; Gray's cmprsk; Geskus 2011 (late entry); Zhou et al. 2011 (strata).

    Examples
    --------
    >>> fit = fine_gray(time=[1, 2, 3, 4, 5, 6], event=[1, 2, 0, 1, 1, 0], terms=[[0.0], [1], [0], [1], [0], [1]])
    >>> fit.events, fit.competing
    (3, 1)
    """
    check_choice("method", method, get_args(FineGrayWeights))
    check_level(level)
    if terms is None:
        raise UsageError("terms must name at least one column of the frame, or be numbers; got None")
    held = None if frame is None else table(frame)
    codes = _codes(held, event)
    known = codes.is_not_null()
    flag = pl.select(pl.when(known).then((codes != _own(codes, censored, "censored")).cast(pl.Int8))).to_series()
    layers, groups = (
        frame_columns(held, v, n) for v, n in ((strata, "strata"), (censoring_strata, "censoring_strata"))
    )
    options = {"weights": weights, "entry": entry, "cluster": cluster}
    both = [c for _, c in (*layers, *groups)]
    data = read_columns(held, time=time, event=flag, terms=terms, strata=both or None, **options)
    kept = codes if data.used is None else codes.gather(data.used)
    is_cause = (kept == _own(codes, cause, "cause")).to_numpy()
    if not is_cause.any():
        shown = ", ".join(map(str, kept.unique().sort().to_list()[:8]))
        raise DataError(f"no event of cause {cause!r}; codes that occur are {shown}")
    if cause == censored:
        raise UsageError(f"cause and censored are the same code {cause!r}")
    competing = data.event & ~is_cause
    baseline, censoring = (_factor(c, data.used, is_cause.size) for c in (layers, groups))
    x = data.design.x
    centre = x.mean(axis=1)
    scale = np.abs(x - centre[:, None]).mean(axis=1)
    scale = np.where(scale > 1e-14 * np.abs(centre), scale, 1.0)
    found_cells = cells(
        np.asarray(data.time, dtype=np.float64),
        data.event,
        entry=data.entry,
        strata=baseline,
        censoring=censoring,
        events_first=method == "finegray",
    )
    likelihood = FineGrayLikelihood(
        x=(x - centre[:, None]) / scale[:, None],
        cause=is_cause,
        competing=competing,
        weight=data.weights,
        **vars(found_cells),
    )
    null = likelihood.evaluate(np.zeros(scale.size))
    if null is None:
        raise DataError("the pseudo-likelihood is not finite at zero: look for covariates of extreme size")
    names = [c.name for c in data.design.columns]
    aliased = independent_columns(null.information)[1]
    if aliased:
        bad = combination([repr(names[j]) for j in aliased])
        raise DataError(f"{bad} cannot be estimated: constant, or determined by other terms; leave it out")
    found = maximise(likelihood, null)
    if found.separating:
        bad = combination([repr(names[k]) for k, _ in found.separating])
        told = (
            "separates {}: its hazard ratio is"
            if len(found.separating) == 1
            else "separate {}: their hazard ratios are"
        )
        raise DataError(f"{bad} {told.format(f'events of cause {cause!r} from the rest')} not finite")
    return FineGrayFit(
        likelihood=likelihood,
        maximum=found,
        design=data.design,
        centre=centre,
        scale=scale,
        cause=cause,
        method=method,
        n=int(is_cause.size),
        events=int(is_cause.sum()),
        competing=int(competing.sum()),
        level=level,
        strata=None if baseline is None else baseline.labels,
        cluster=data.cluster,
        dropped=data.rows - int(is_cause.size),
        stopped=() if method == "finegray" or censoring is None else _stopped(data, is_cause, competing, censoring),
        strata_columns=tuple(n for n, _ in layers if n is not None) if all(n for n, _ in layers) else (),
    )


def _stopped(data: CoxData, is_cause: Vector, competing: Vector, censoring: Factor) -> tuple[str, ...]:
    """Sentences on censoring strata that end with an event, after which others have events of the cause."""
    out = []
    clock = snapped(data.time)[0]
    last_event = clock[is_cause].max()
    for g, label in enumerate(censoring.labels):
        own = censoring.codes == g
        last = clock[own].max()
        open_ended = data.event[own & (clock == last)].all() and last < last_event and bool((competing & own).any())
        if open_ended:
            out.append(
                f"censoring stratum {label} ends with an event at {last:g}: as in cmprsk its competing events have no"
                " weight afterwards (method='finegray' keeps the last weight)"
            )
    return tuple(out)


def _factor(columns: list[tuple[str | None, Column]], used: Vector | None, size: int) -> Factor | None:
    if not columns:
        return None
    return combined_factor([c if used is None else c[used] for _, c in columns], size)


def _codes(held: pl.DataFrame | None, event: Any) -> pl.Series:
    """What happened to each subject, as a series; missing is null."""
    if isinstance(event, str):
        if held is None or event not in held.columns:
            columns = ", ".join([] if held is None else held.columns[:30])
            raise UsageError(f"event: no column {event!r}; columns are {columns}")
        event = held[event]
    found = column(event, "event")
    if isinstance(found, np.ndarray):
        found = pl.Series("event", found)
        return found.fill_nan(None) if found.dtype.is_float() else found
    if found.dtype.is_temporal():
        raise UsageError(f"event must be codes or texts; got values of type {found.dtype}")
    return found if found.dtype == pl.Boolean else found.cast(pl.String)


def _own(codes: pl.Series, value: Any, what: str) -> Any:
    """A code that can be compared with those of the column: a text, a boolean, or a whole number as they are."""
    if codes.dtype == pl.String:
        fits = isinstance(value, str)
    elif codes.dtype == pl.Boolean:
        fits = isinstance(value, (bool, np.bool_))
    else:
        fits = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and float(value).is_integer()
    if not fits:
        raise UsageError(f"{what} must be one code of event, which holds {codes.dtype}; got {value!r}")
    return value
