"""Multi-state probabilities from start-stop rows: any states, any transitions, delayed entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.competing.causes import causes
from codon12.survival.competing.multi_state_fit import Rows, fit_states
from codon12.survival.competing.state_curves import StateCurves, StateModel
from codon12.survival.curves.risk_sets import snapped
from codon12.survival.results.limits import ConfType
from codon12.survival.subjects.columns import combined_factor, entry_times, grouping, subject_weights, times

__all__ = ["multi_state"]

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def multi_state(
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    *,
    states: Sequence[str],
    subject: Any = None,
    origin: ArrayLike | None = None,
    group: Any = None,
    weights: ArrayLike | None = None,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
) -> StateModel:
    """Estimate the probability of being in each state over time from intervals (start, stop].

    Parameters
    ----------
    start, stop
        Intervals under observation; several rows a subject.
    event
        State entered at `stop`: 0 none, 1 ... the states after the first.
    states
        Names of the states; all begin in the first unless `origin` says otherwise.
    subject
        Whose rows belong together, also for the variance; every row its own subject where left out.
    origin
        State (0, 1, ...) during each row; by default the one last entered.
    group, weights, conf_type, level
        As in ``kaplan_meier``.

    Returns
    -------
    StateModel
        Times at which something happened, somebody left, or a subject's first row ended.

    Raises
    ------
    DataError
        Rows of a subject overlap, or subjects begin in different states.
    UsageError
        Unknown codes.

    Notes
    -----
    The standard error is the infinitesimal jackknife over subjects. Work grows with subjects times the square root
    of the number of times; for competing risks without delayed entry ``aalen_johansen`` is much faster.

    References
    ----------
    Aalen and Johansen 1978; Andersen et al. 1993, chapter IV.4.

    Examples
    --------
    >>> model = multi_state([0, 2, 0], [2, 5, 4], [1, 2, 2], states=["well", "ill", "dead"], subject=[1, 1, 2])
    >>> model.curve().probability.tolist()
    [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]]
    """
    t = times(stop, what="stop")
    names = tuple(map(str, states))
    codes, _ = causes(event, t.size, names[1:])
    begin = entry_times(start, t)
    assert begin is not None
    end, snapped_begin = snapped(t, begin)
    assert snapped_begin is not None
    begin = entry_times(snapped_begin, end)
    assert begin is not None
    people = grouping(subject, t.size, what="subject").codes if subject is not None else np.arange(t.size)
    w = subject_weights(weights, t.size)
    w = np.ones(t.size) if w is None else w
    before, first, last = _paths(people, begin, end, codes, origin, len(names))
    groups = combined_factor(group, t.size, what="group")
    curves = []
    for g, label in enumerate(groups.labels):
        own = np.flatnonzero(groups.codes == g)
        if np.unique(before[own][first[own]]).size > 1:
            raise DataError(f"group {label}: subjects begin in different states; analyse them as groups")
        rows = Rows.of(
            begin[own],
            end[own],
            codes[own],
            before[own],
            people[own],
            w[own],
            shown=first[own] | last[own],
            n_states=len(names),
        )
        fit = fit_states(rows, int(before[own][np.argmin(begin[own])]))
        moves = np.argwhere(fit.pop("moves"))
        hazard = fit.pop("hazard")
        curves.append(
            StateCurves(
                group=label,
                n=int(np.unique(people[own]).size),
                states=names,
                transitions=tuple((names[i], names[j]) for i, j in moves),
                cumulative_hazard=np.cumsum(hazard[:, moves[:, 0], moves[:, 1]], axis=0),
                conf_type=conf_type,
                level=level,
                **fit,
            )
        )
    method = f"Aalen-Johansen, infinitesimal jackknife over subjects, {conf_type} limits at {100 * level:g}%"
    return StateModel(tuple(curves), method)


def _paths(
    people: Codes, begin: Floats, end: Floats, codes: Codes, origin: ArrayLike | None, n_states: int
) -> tuple[Codes, NDArray[np.bool_], NDArray[np.bool_]]:
    """State during each row, and whether the row is the first or the last of its subject."""
    order = np.lexsort((begin, people))
    who = people[order]
    new = np.append(True, who[1:] != who[:-1])
    if np.any((begin[order][1:] < end[order][:-1]) & ~new[1:]):
        raise DataError("rows of a subject overlap: every interval must begin at or after the previous one's end")
    first, last = np.empty(people.size, dtype=bool), np.empty(people.size, dtype=bool)
    first[order], last[order] = new, np.append(new[1:], True)
    if origin is not None:
        given = np.asarray(origin).astype(np.intp)
        if given.shape != people.shape or (given < 0).any() or (given >= n_states).any():
            raise UsageError(f"origin must hold one state number 0..{n_states - 1} a row")
        return given, first, last
    # Row whose event last put the subject where it is: the latest earlier row with an event, of the same subject.
    position = np.arange(who.size)
    happened = np.where(codes[order] > 0, position, -1)
    latest = np.append(-1, np.maximum.accumulate(happened)[:-1])
    head = np.maximum.accumulate(np.where(new, position, 0))
    state = np.empty(people.size, dtype=np.intp)
    state[order] = np.where(latest >= head, codes[order][np.maximum(latest, 0)], 0)
    return state, first, last
