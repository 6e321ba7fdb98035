"""A table that says of each patient more than once who it is: which of the rows counts, and what it settles."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.tables import Known
from codon12.init.values import Values
from codon12.records.columns.late_entry import may_be_entry
from codon12.records.dates.written import iso_dates

__all__ = ["one_row_each"]

_OF_A_PATIENT = frozenset(
    (
        *(
            "SEX",
            "AGE",
            "BRTHDT",
            "RACE",
            "DIAGDT",
            "RANDDT",
            "TRTSDT",
            "DTHDT",
            "VITAL",
            "OS_TIME",
            "OS_STATUS",
            "ARM",
        ),
        *("HIST", "LSTALVDT", "SMOKING", "STAGE"),
    )
)
_WHO = frozenset(("SEX", "AGE", "BRTHDT", "DIAGDT", "RANDDT", "TRTSDT", "DTHDT", "OS_TIME"))
_OF_THE_LAST = ("VITAL", "LSTALVDT")
_FEWEST = 3
"""Columns about patients that a table settles, at least, to be taken for one of patients."""
_OFTEN = 0.5
"""Share of the patients with several rows whose days differ, from which a column orders the rows."""


def one_row_each(known: Known) -> Known | None:
    """Take a table with several rows a patient for one of patients; None where it does not say who they are.

    The first or the last row by a date counts, whichever settles more columns. A column is settled where the row that
    counts holds the only thing that is said of the patient, or where the latest row says when and whether somebody
    was last alive; any other that differs between the rows of a patient becomes unsure.
    """
    key = known.column("USUBJID")
    if key is None or known.seen.sampled or known.seen.hidden:
        return None
    ways = [_way(known, key.column, pick, day) for pick, day in _orders(known, key.column)]
    table, _ = max(ways, key=lambda w: w[1])
    about = table.roles() & _OF_A_PATIENT
    return table if len(about) >= _FEWEST and about & _WHO else None


def _orders(known: Known, key: str) -> Iterable[tuple[str, tuple[ColumnBelief, Values] | None]]:
    """Ways to order the rows of a patient, the likeliest first: by treatment, by visit, as they stand in the file."""
    frame = known.seen.frame
    several = frame.filter(pl.col(key).is_not_null() & pl.col(key).is_duplicated())
    start = known.column("TRTSDT")
    differs = []
    for belief, values in known.columns:
        if values.dates is None or values.dates.choices or may_be_entry(belief.column):
            continue
        per = several.group_by(key).agg(n=pl.col(belief.column).drop_nulls().n_unique())
        share = float((per["n"] > 1).mean() or 0)  # pyrefly: ignore[bad-argument-type]
        if share >= _OFTEN:
            differs.append((belief is start, belief.role == "ASSDT", share, (belief, values)))
    for of_treatment, _, _, day in sorted(differs, key=lambda d: d[:3], reverse=True):
        yield from [("first", day)] if of_treatment else [("last", day), ("first", day)]
    yield "first", None
    yield "last", None


def _way(known: Known, key: str, pick: str, day: tuple[ColumnBelief, Values] | None) -> tuple[Known, tuple[int, ...]]:
    frame = known.seen.frame
    ordered = frame.filter(pl.col(key).is_not_null())
    if day is not None:
        formats = list(day[1].dates.formats if day[1].dates else ()) or ["%Y-%m-%d"]
        ordered = ordered.sort(
            iso_dates(pl.col(day[0].column), formats), nulls_last=pick == "first", maintain_order=True
        )
    rows = ordered.unique(key, keep="last" if pick == "last" else "first", maintain_order=True)
    unsettled = {c for c in ordered.columns if c != key and not _settled(ordered, rows, key, c)}
    latest = pick == "last" and day is not None
    treatment = pick == "first" and day is not None and day[0].role == "TRTSDT"
    columns, lost = [], []
    for belief, values in known.columns:
        varies = belief.column in unsettled
        kept = not varies or (latest and belief.role in _OF_THE_LAST and _stays_dead(belief, ordered, rows, key))
        kept = kept or (treatment and belief.role not in (*_OF_THE_LAST, "DTHDT"))
        if kept or belief.role is None or belief.confidence == "unsure":
            columns.append((belief, values))
            continue
        lost.append(belief.column)
        why = f"{belief.why}; the rows of a patient differ in it, and which counts is not clear"
        columns.append((replace(belief, confidence="unsure", why=why), values))
    how = f"the {pick} row of each counts" + (f" by {day[0].column}" if day is not None else "")
    told = f"; not used, as the rows differ: {', '.join(lost[:6])}" if lost else ""
    table = replace(
        known,
        seen=replace(known.seen, frame=rows),
        kind="patients",
        confidence="likely",
        why=f"several rows a patient that say who it is; {how}{told}",
        columns=tuple(columns),
        pick=pick,
        order=None if day is None else day[0].column,
    )
    # fewest columns lost; then the last row by a date, which says who is alive
    return table, (-len(lost), int(treatment), int(latest), int(day is not None))


def _settled(ordered: pl.DataFrame, rows: pl.DataFrame, key: str, column: str) -> bool:
    """Whether the row that counts holds the only text of each patient."""
    told = ordered.group_by(key).agg(n=pl.col(column).drop_nulls().n_unique(), t=pl.col(column).drop_nulls().first())
    both = rows.select(key, column).join(told, on=key, how="left")
    return not both.filter((pl.col("n") > 1) | ~pl.col(column).eq_missing(pl.col("t"))).height


def _stays_dead(belief: ColumnBelief, ordered: pl.DataFrame, rows: pl.DataFrame, key: str) -> bool:
    """Whether nobody whom an earlier row calls dead is alive in the latest."""
    dead = [w for w, m in belief.values.items() if m == "dead"]
    if belief.role != "VITAL":
        return not rows[belief.column].is_null().any()
    ever = ordered.filter(pl.col(belief.column).is_in(dead))[key].unique()
    now = rows.filter(pl.col(belief.column).is_in(dead))[key]
    return not set(ever) - set(now)
