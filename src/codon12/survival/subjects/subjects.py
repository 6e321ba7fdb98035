"""The subjects of one call: its columns read alike everywhere, rows without a group left out and counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.columns import (
    Factor,
    columns_of,
    combined_factor,
    entry_times,
    event_flags,
    subject_weights,
    times,
)
from codon12.survival.subjects.reading import Column, column, missing_rows

__all__ = ["FEW_CLUSTERS", "Subjects", "clusters_text", "left_out", "read_subjects"]


@dataclass(frozen=True, eq=False)
class Subjects:
    """Checked columns of the rows that belong to a group, a stratum and a cluster, where these are given."""

    time: NDArray[Any]
    others: dict[str, Column]
    """Further columns by name, not yet checked."""
    group: Factor
    strata: Factor | None
    cluster: Factor | None
    weights: NDArray[np.float64] | None
    entry: NDArray[np.float64] | None
    used: NDArray[np.intp] | None
    """Positions in the input of the rows used; None where all are."""
    dropped: int
    """Rows left out because their group, stratum or cluster is missing."""
    ungrouped: bool = False
    """Whether no group was given, so that all are of one."""

    @property
    def size(self) -> int:
        """Rows used."""
        return int(self.time.size)

    @cached_property
    def event(self) -> NDArray[np.bool_]:
        """Whether the event was observed."""
        return event_flags(self.others["event"], self.size)


def read_subjects(
    time: Any,
    *,
    group: Any = None,
    strata: Any = None,
    cluster: Any = None,
    weights: Any = None,
    entry: Any = None,
    what: str = "time",
    **others: Any,
) -> Subjects:
    """Read the columns of one call.

    A row whose group, stratum or cluster is missing is left out, as R leaves it out; `others` are further columns of
    the same length (``event=``) that go with the rows.

    Raises ``UsageError`` on columns of different lengths or kinds, ``DataError`` on missing, infinite or negative
    times, entries or weights, and where no row has a group.
    """
    clock = column(time, what)
    size = len(clock)
    classes = {k: columns_of(v, k) for k, v in (("group", group), ("strata", strata), ("cluster", cluster))}
    given = {k: column(v, k) for k, v in (("weights", weights), ("entry", entry), *others.items()) if v is not None}
    missing_argument = [k for k, v in others.items() if v is None]
    if missing_argument:
        raise UsageError(f"{missing_argument[0]} must be one column of values, one a subject; got None")
    for name, held in (*((k, c) for k, cs in classes.items() for c in cs), *given.items()):
        if len(held) != size:
            raise UsageError(f"{name} has {len(held)} values, {what} has {size}: they must be of one length")
    gone = [bad for cs in classes.values() for c in cs if (bad := missing_rows(c)) is not None]
    used, dropped = None, 0
    if gone:
        used = np.flatnonzero(~np.logical_or.reduce(gone))
        dropped = size - used.size
        if not used.size:
            empty = ", ".join(k for k, cs in classes.items() if cs)
            raise DataError(f"none of the {size} rows has a value of {empty}: nothing is left to analyse")
        clock = clock[used]
        classes = {k: [c[used] for c in cs] for k, cs in classes.items()}
        given = {k: v[used] for k, v in given.items()}
    t = times(clock, what=what)
    factors = {k: combined_factor(cs, t.size, what=k) if cs else None for k, cs in classes.items()}
    return Subjects(
        time=t,
        others={k: v for k, v in given.items() if k not in ("weights", "entry")},
        group=factors["group"] or combined_factor(None, t.size),
        strata=factors["strata"],
        cluster=factors["cluster"],
        weights=subject_weights(given.get("weights"), t.size),
        entry=entry_times(given.get("entry"), t),
        used=used,
        dropped=dropped,
        ungrouped=group is None,
    )


def left_out(dropped: int) -> str:
    """What a text about a result says of rows that were left out; empty where none were.

    Examples
    --------
    >>> left_out(2), left_out(0)
    ('; 2 rows left out for missing values', '')
    """
    if not dropped:
        return ""
    return f"; {dropped} {'row' if dropped == 1 else 'rows'} left out for missing values"


FEW_CLUSTERS = 20
"""Below so many clusters the sandwich is known to be too small (Cameron and Miller 2015, Journal of Human Resources
50:317: with fewer than 20 to 50 clusters tests reject too often)."""


def clusters_text(count: int) -> str:
    """A number of clusters, with a warning where they are too few to trust the variance over them.

    Examples
    --------
    >>> clusters_text(2)
    '2 clusters (too few: standard errors are too small, P values and limits not to be relied on)'
    >>> clusters_text(40)
    '40 clusters'
    """
    named = f"{count} cluster{'s' if count != 1 else ''}"
    if count >= FEW_CLUSTERS:
        return named
    return f"{named} (too few: standard errors are too small, P values and limits not to be relied on)"
