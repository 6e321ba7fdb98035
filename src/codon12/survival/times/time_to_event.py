"""From event and censor sources to one time-to-event record a subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.options import check_choice, check_number
from codon12.survival.subjects.reading import table
from codon12.survival.times.frames import dated_frame
from codon12.survival.times.sources import Censor, Event

__all__ = ["derive_time_to_event", "months"]

_RECORD = {
    "ADT": pl.Date,
    "CNSR": pl.Int64,
    "EVNTDESC": pl.String,
    "CNSDTDSC": pl.String,
    "SRCDOM": pl.String,
    "SRCVAR": pl.String,
    "SRCROW": pl.Int64,
    "SRCSEQ": pl.Int64,
}


def months(days: pl.Expr | str = "AVAL", *, factor: float = 30.4375) -> pl.Expr:
    """Days as months of `factor` days each.

    Examples
    --------
    >>> pl.DataFrame({"AVAL": [60.875]}).select(months("AVAL")).item()
    2.0
    """
    check_number("factor", factor, "a positive number of days", above=0)
    if not isinstance(days, (str, pl.Expr)):
        raise UsageError(f"days must name a column or be an expression; got {days!r}")
    return (pl.col(days) if isinstance(days, str) else days) / factor


def derive_time_to_event(
    subjects: pl.DataFrame,
    *,
    events: Sequence[Event],
    censors: Sequence[Censor],
    start: str = "STARTDT",
    parameter: str = "TTE",
    end_of_observation: Sequence[Censor] = (),
    positive: bool = False,
    keys: Sequence[str] = ("USUBJID",),
) -> pl.DataFrame:
    """Derive one time-to-event record for every subject of the analysis set.

    Parameters
    ----------
    subjects
        The analysis set, one row a subject (or a combination of `keys`): the keys and the start date. Nobody
        else gets a record.
    events, censors
        Sources. A subject's first event counts; of events on one day the source listed first. Without an
        event the last censoring counts; of censorings on one day the source listed last. Inside a source the dates
        and its declared order decide, never the order of rows.
    start
        Column with the first day; may be missing (then STARTDT and AVAL are null).
    parameter
        PARAMCD of the records.
    end_of_observation
        Censor sources whose earliest date closes the observation (the source listed first, on one day): later
        events and censorings do not count, those on the day do. The censoring takes CNSR and EVNTDESC of that
        end, unless its source is a fallback (``closed_by_end=False``).
    positive
        True for a desired event such as response: subjects without it are censored at the end of observation
        rather than at their last assessment before it.
    keys
        Columns that make a record; sources that lack one of them (EVAL, say) count for all its values.

    Returns
    -------
    polars.DataFrame
        keys, PARAMCD, STARTDT, ADT (never before the start), AVAL = ADT - STARTDT + 1 days, CNSR (0 event,
        else the source's code), EVNTDESC, CNSDTDSC (null for events), SRCDOM, SRCVAR, SRCROW, SRCSEQ; sorted.

    Raises
    ------
    UsageError
        A frame lacks a column, dates are text, or there are no sources.
    DataError
        A subject occurs twice in `subjects`, or has neither event nor censoring (give a fallback).

    References
    ----------
    The source concept and the rules on ties and end dates are those of admiral's ``derive_param_tte``.

    Examples
    --------
    >>> import datetime as dt
    >>> adsl = pl.DataFrame({"USUBJID": ["01", "02"], "STARTDT": [dt.date(2024, 1, 1)] * 2,
    ...     "DTHDT": [dt.date(2024, 1, 31), None], "LSTALVDT": [None, dt.date(2024, 3, 1)]})
    >>> derive_time_to_event(adsl, parameter="OS",
    ...     events=[Event(description="Death", frame=adsl, date="DTHDT")],
    ...     censors=[Censor(description="Alive", frame=adsl, date="LSTALVDT")]).select("AVAL", "CNSR").rows()
    [(31, 0), (61, 1)]
    """
    subjects = table(subjects, "subjects")
    if isinstance(keys, (str, bytes)) or not isinstance(keys, (list, tuple)) or not keys:
        raise UsageError(f"keys must be a list of columns; got {keys!r}")
    for name, sources, kind in (("events", events, Event), ("censors", censors, Censor)):
        _sources(name, sources, kind)
    _sources("end_of_observation", end_of_observation, Censor)
    check_choice("positive", positive, (True, False))
    if not isinstance(parameter, str) or not isinstance(start, str):
        raise UsageError(f"parameter and start must be texts; got {parameter!r} and {start!r}")
    keys = list(keys)
    missing = [c for c in (*keys, start) if c not in subjects.columns]
    if missing:
        raise UsageError(f"subjects: no column {', '.join(missing)}; there are {', '.join(subjects.columns)}")
    if not events and not censors:
        raise UsageError("there are neither events nor censors: no time can be derived")
    for name in keys:
        kind = subjects.schema[name]
        if kind.is_nested() or kind in (pl.Object, pl.Binary):
            raise UsageError(f"subjects: {name} holds {kind}, by which no subject can be told")
    subjects = dated_frame(subjects, "subjects", dates=[start])
    people = subjects.select(*keys, pl.col(start).cast(pl.Date).alias("STARTDT"))
    twice = people.filter(pl.struct(keys).is_duplicated())
    if twice.height:
        raise DataError(f"subjects: {', '.join(keys)} {twice.row(0)[: len(keys)]} occurs more than once")
    ends = _first(_stack(end_of_observation, people, keys), keys)
    happened = _first(_within(_stack(events, people, keys), ends, keys), keys)
    ended = _last(_closed(censors, people, ends, keys, positive=positive), keys)
    records = pl.concat([happened, ended.join(happened, on=keys, how="anti", nulls_equal=True)])
    without = people.join(records, on=keys, how="anti", nulls_equal=True)
    if without.height:
        raise DataError(
            f"{parameter}: {without.height} of {people.height} subjects have neither an event nor a "
            f"censoring (first: {without.row(0)[0]}); add a Censor at the start date as the last resort"
        )
    adt = pl.max_horizontal("ADT", "STARTDT")
    return (
        people.join(records, on=keys, how="inner", nulls_equal=True)
        .with_columns(pl.lit(parameter).alias("PARAMCD"), adt.alias("ADT"))
        .with_columns(((pl.col("ADT") - pl.col("STARTDT")).dt.total_days() + 1).alias("AVAL"))
        .select(*keys, "PARAMCD", "STARTDT", "ADT", "AVAL", *list(_RECORD)[1:])
        .sort(keys)
    )


def _sources(name: str, given: Any, kind: type) -> None:
    if not isinstance(given, (list, tuple)) or not all(isinstance(s, kind) for s in given):
        raise UsageError(f"{name} must be a list of {kind.__name__} sources; got {given!r:.80}")


def _stack(sources: Sequence[Event | Censor], people: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """All dated rows of the sources for the analysis set, in the order that decides ties."""
    parts, who = [], people.select(keys)
    for rank, source in enumerate(sources):
        rows = source.rows(keys)
        own = [k for k in keys if k in rows.columns]
        for k in own:
            if rows.schema[k] != people.schema[k]:
                raise UsageError(
                    f"source {source.description!r}: {k} holds {rows.schema[k]}, in the subjects {people.schema[k]}"
                )
        if isinstance(source, Censor):
            code, why, what = source.code, source.description, source.date_description or source.description
        else:
            code, why, what = 0, source.description, None
        said = {
            "CNSR": pl.lit(code, dtype=pl.Int64),
            "EVNTDESC": pl.lit(why),
            "CNSDTDSC": pl.lit(what, dtype=pl.String),
            "_rank": pl.lit(rank, dtype=pl.Int64),
        }
        joined = who.join(rows, on=own, how="inner", nulls_equal=True, maintain_order="right")
        parts.append(joined.select(*keys, *(said.get(c, pl.col(c)).alias(c) for c in (*_RECORD, "_rank"))))
    kinds = {**_RECORD, "_rank": pl.Int64}
    empty = who.clear().with_columns(*(pl.lit(None, dtype=t).alias(c) for c, t in kinds.items()))
    return pl.concat([empty, *parts])


def _first(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    if rows.is_empty():
        return rows.drop("_rank")
    ordered = rows.sort("ADT", "_rank", maintain_order=True)
    return ordered.unique(keys, keep="first", maintain_order=True).drop("_rank")


def _last(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    ordered = rows.sort("ADT", "_rank", maintain_order=True)
    return ordered.unique(keys, keep="last", maintain_order=True).drop("_rank")


def _within(rows: pl.DataFrame, ends: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows up to the end of observation, that day included."""
    if rows.is_empty() or ends.is_empty():
        return rows
    closed = rows.join(
        ends.select(*keys, pl.col("ADT").alias("_end")),
        on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return closed.filter(pl.col("_end").is_null() | (pl.col("ADT") <= pl.col("_end"))).drop("_end")


def _closed(
    censors: Sequence[Censor], people: pl.DataFrame, ends: pl.DataFrame, keys: list[str], *, positive: bool
) -> pl.DataFrame:
    """Censorings, those that ends of observation concern renamed by the end."""
    rows = _stack(censors, people, keys)
    free = [rank for rank, source in enumerate(censors) if not source.closed_by_end]
    held = _within(rows.filter(~pl.col("_rank").is_in(free)), ends, keys)
    if ends.height:
        why = ends.select(*keys, pl.col("CNSR").alias("_code"), pl.col("EVNTDESC").alias("_why"))
        held = (
            held.join(why, on=keys, how="left", nulls_equal=True, maintain_order="left")
            .with_columns(pl.coalesce("_code", "CNSR").alias("CNSR"), pl.coalesce("_why", "EVNTDESC").alias("EVNTDESC"))
            .drop("_code", "_why")
        )
    parts = [held, rows.filter(pl.col("_rank").is_in(free))]
    if positive:
        parts.append(ends.with_columns(pl.lit(len(censors), dtype=pl.Int64).alias("_rank")).select(rows.columns))
    return pl.concat(parts)
