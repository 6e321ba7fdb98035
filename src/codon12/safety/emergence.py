"""Treatment-emergent adverse events."""

from __future__ import annotations

import polars as pl

from codon12.errors import UsageError
from codon12.safety.policy import SafetyPolicy

__all__ = ["time_of_day", "treatment_emergent"]

_DATES = ("ASTDT", "AENDT", "TRTSDT", "TRTEDT")


def treatment_emergent(
    events: pl.DataFrame, *, policy: SafetyPolicy | None = None, group: str | None = None
) -> pl.DataFrame:
    """Flag the events that began, or grew worse, on treatment.

    The first case that applies decides: not treated: blank; ended before the first dose: blank; start
    unknown: Y; began on or after the first dose (and no later than the window after the last dose): Y; began
    before and worsened: Y; else blank.

    Parameters
    ----------
    events
        One row an event: ASTDT, AENDT, TRTSDT, TRTEDT (dates or datetimes; null where unknown), and for
        worsening AEITOXGR (initial grade) and ATOXGR; a missing grade counts as possible worsening. Without
        an AEITOXGR column no event can have worsened.
    policy
        `end_window`, `ignore_time_at_end` and `worsening` are used.
    group
        Column that joins the records of one episode (AEGRPID). Then an event is new if no record of its
        episode began before the first dose, and worse if its grade exceeds that of the record before it on
        or after the first dose; later records of the episode keep the flag.

    Returns
    -------
    pl.DataFrame
        The rows in their order with TRTEMFL, Y or null.

    Raises
    ------
    UsageError
        A needed column is missing, or dates are given as text.

    References
    ----------
    ICH E9; the order of cases is that of the open ADaM implementations (admiral, derive_var_trtemfl).

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date
    >>> treatment_emergent(
    ...     pl.DataFrame(
    ...         {
    ...             "ASTDT": [day(2020, 1, 9), day(2020, 1, 1)],
    ...             "AENDT": [None, day(2020, 1, 2)],
    ...             "TRTSDT": [day(2020, 1, 5)] * 2,
    ...             "TRTEDT": [day(2020, 3, 1)] * 2,
    ...         }
    ...     )
    ... )["TRTEMFL"].to_list()
    ['Y', None]
    """
    policy = policy or SafetyPolicy()
    for name in _DATES:
        if name not in events.columns:
            raise UsageError(f"treatment_emergent needs the column {name}; got {', '.join(events.columns)}")
        if not events.schema[name].is_temporal() and events.schema[name] != pl.Null:
            raise UsageError(f"{name} must hold dates, not {events.schema[name]}: parse them first")
    start, end = pl.col("ASTDT").cast(pl.Datetime), pl.col("AENDT").cast(pl.Datetime)
    first, last = pl.col("TRTSDT").cast(pl.Datetime), pl.col("TRTEDT").cast(pl.Datetime)
    in_window = pl.lit(True)
    if policy.end_window is not None:
        limit = last + pl.duration(days=policy.end_window)
        late = (start.dt.date() > limit.dt.date()) if policy.ignore_time_at_end else (start > limit)
        in_window = last.is_null() | ~late
    frame = events.with_row_index("_row")
    if group is None:
        new = start >= first
        worse = pl.lit(False)
        if policy.worsening and {"AEITOXGR", "ATOXGR"} <= set(events.columns):
            initial, grade = pl.col("AEITOXGR").cast(pl.Int64), pl.col("ATOXGR").cast(pl.Int64)
            worse = (start < first) & (initial.is_null() | grade.is_null() | (initial < grade))
    else:
        frame = _episode_state(frame, group)
        new, worse = ~pl.col("_old"), pl.col("_worse") & policy.worsening
    flag = (
        pl.when(first.is_null() | (end < first).fill_null(value=False))
        .then(None)
        .when(start.is_null() | (new & in_window).fill_null(value=False) | worse.fill_null(value=False))
        .then(pl.lit("Y"))
        .otherwise(None)
        .alias("TRTEMFL")
    )
    out = frame.with_columns(flag).sort("_row")
    return out.select(*(c for c in events.columns if c != "TRTEMFL"), "TRTEMFL")


def time_of_day(text: pl.Expr) -> pl.Expr:
    """Hours and minutes of an ISO 8601 date-time; null without, and at midnight, which stands for no time.

    Examples
    --------
    >>> texts = pl.DataFrame({"T": ["2024-01-10T09:30:00", "2024-01-10", "2024-01-10T00:00", None]})
    >>> texts.select(time_of_day(pl.col("T")))["T"].to_list()
    ['09:30', None, None, None]
    """
    time = text.cast(pl.String).str.extract(r"^\d{4}-\d{2}-\d{2}[T ](\d{2}:\d{2})")
    return pl.when(time != "00:00").then(time).alias(text.meta.output_name())


def _episode_state(frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """Per record of an episode: did it begin before treatment, and has it worsened on treatment so far."""
    if "ATOXGR" not in frame.columns or "USUBJID" not in frame.columns:
        raise UsageError("with `group`, treatment_emergent needs the columns USUBJID and ATOXGR")
    episode = ["USUBJID", group]
    start, first = pl.col("ASTDT").cast(pl.Datetime), pl.col("TRTSDT").cast(pl.Datetime)
    grade = pl.col("ATOXGR").cast(pl.Int64)
    # records without a start date come last in their episode
    ordered = frame.sort(*episode, "ASTDT", "_row", nulls_last=True)
    rose = ((start >= first) & (grade > grade.shift(1).over(episode))).fill_null(value=False)
    return ordered.with_columns(
        _old=(start < first).fill_null(value=False).any().over(episode),
        _worse=rose.cast(pl.Int8).cum_max().over(episode).cast(pl.Boolean),
    )
