"""Multi-state probabilities from start-stop rows: any states, any transitions, delayed entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.competing.causes import causes, names_of
from codon12.survival.competing.multi_state_fit import Rows, fit_states
from codon12.survival.competing.state_curves import StateCurves, StateModel
from codon12.survival.results.limits import CONF_TYPES, ConfType, normal_quantile
from codon12.survival.subjects.columns import entry_times, score_values
from codon12.survival.subjects.options import check_choice
from codon12.survival.subjects.subjects import left_out, read_subjects
from codon12.survival.subjects.ties import snapped

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
    check_choice("conf_type", conf_type, CONF_TYPES)
    normal_quantile(level)
    names = names_of("states", states)
    if not names:
        raise UsageError("states must be a list of names; got none")
    given = {} if origin is None else {"origin": origin}
    subjects = read_subjects(
        stop, group=group, cluster=subject, weights=weights, what="stop", event=event, start=start, **given
    )
    t, groups, weight = subjects.time, subjects.group, subjects.weights
    codes, _ = causes(subjects.others["event"], t.size, names[1:])
    begin = entry_times(subjects.others["start"], t, what="start")
    assert begin is not None
    end, snapped_begin = snapped(t, begin)
    assert snapped_begin is not None
    begin = entry_times(snapped_begin, end, what="start")
    assert begin is not None
    people = np.arange(t.size) if subjects.cluster is None else subjects.cluster.codes
    w = np.ones(t.size) if weight is None else weight
    origin = subjects.others.get("origin")
    before, first, last = _paths(people, begin, end, codes, origin, len(names))
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
        begins_in = int(before[own][np.argmin(begin[own])])
        fit = fit_states(rows, begins_in)
        moves = np.argwhere(fit.pop("moves"))
        hazard = fit.pop("hazard")
        late, at_risk = _entries(rows, begin[own], end[own], before[own], w[own], first[own])
        curves.append(
            StateCurves(
                group=label,
                n=int(np.unique(people[own]).size),
                states=names,
                begins_in=begins_in,
                transitions=tuple((names[i], names[j]) for i, j in moves),
                cumulative_hazard=np.cumsum(hazard[:, moves[:, 0], moves[:, 1]], axis=0),
                conf_type=conf_type,
                level=level,
                weight=None if weight is None else float(w[own][first[own]].sum()),
                entry_time=late,
                entry_risk=at_risk,
                **fit,
            )
        )
    method = f"Aalen-Johansen, infinitesimal jackknife over subjects, {conf_type} limits at {100 * level:g}%"
    return StateModel(tuple(curves), method + left_out(subjects.dropped), subjects.dropped)


def _entries(
    rows: Rows, begin: Floats, end: Floats, before: Codes, weight: Floats, first: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Times of late entry between those of the grid, and who is at risk in each state just before."""
    when = np.unique(begin[first & (begin > 0) & (begin < rows.time[-1])])
    when = when[~np.isin(when, rows.time)]
    at_risk = np.zeros((when.size, rows.n_states))
    for state in range(rows.n_states):
        own = before == state
        for sign, edge in ((1, begin[own]), (-1, end[own])):
            order = np.argsort(edge)
            so_far = np.append(0.0, np.cumsum(weight[own][order]))
            at_risk[:, state] += sign * so_far[np.searchsorted(edge[order], when, side="left")]
    return when, at_risk


def _paths(
    people: Codes, begin: Floats, end: Floats, codes: Codes, origin: Any, n_states: int
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
        held = score_values(origin, people.size, what="origin")
        given = np.clip(held, -1, n_states).astype(np.intp)
        if (given < 0).any() or (given >= n_states).any() or (given != held).any():
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
