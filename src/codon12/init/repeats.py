"""Exports that hold several tables in one: rows of the patient, and rows of each form that repeats."""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from codon12.init.look import Seen
from codon12.init.rows import quoted, text
from codon12.init.vocabulary import compact

__all__ = ["parts_of"]

_INSTRUMENT = ("redcaprepeatinstrument", "repeatinstrument")
_EVENT = ("redcapeventname", "eventname", "redcapevent")
_OF_THE_EXPORT = ("redcaprepeatinstance", "repeatinstance", *_EVENT, *_INSTRUMENT)
_MOST_PARTS = 40


def parts_of(seen: Seen) -> list[Seen]:
    r"""Give the tables that an export holds, each with its own columns; the table itself where it holds one.

    Rows are told apart by the form that repeats, and by the event where a patient (the first column) has several.

    Examples
    --------
    >>> rows = {"record_id": ["1", "1"], "redcap_repeat_instrument": [None, "line"], "sex": ["F", None]}
    >>> export = Seen(file="a.csv", sheet=None, header=None, frame=pl.DataFrame(rows), sampled=False)
    >>> [p.where for p in parts_of(export)]
    ['"redcap_repeat_instrument" IS NULL', '"redcap_repeat_instrument" = \'line\'']
    """
    parts = [seen]
    for names in (_INSTRUMENT, _EVENT):
        column = next((c for c in seen.frame.columns if compact(c) in names), None)
        if column is not None:
            parts = [new for part in parts for new in _by(part, column, always=names is _INSTRUMENT)]
    return [_own(part) for part in parts] if len(parts) > 1 else [seen]


def _by(part: Seen, column: str, *, always: bool) -> list[Seen]:
    first = part.frame.columns[0]
    several = part.frame[first].drop_nulls().is_duplicated().any()
    kinds = part.frame[column].unique(maintain_order=True).to_list()
    if len(kinds) < 2 or len(kinds) > _MOST_PARTS or not (always or several):
        return [part]
    return [_rows(part, column, kind) for kind in sorted(kinds, key=lambda k: (k is not None, k or ""))]


def _rows(part: Seen, column: str, kind: str | None) -> Seen:
    is_ = f"{quoted(column)} IS NULL" if kind is None else f"{quoted(column)} = {text(kind)}"
    frame = part.frame.filter(pl.col(column).eq_missing(pl.lit(kind, pl.String)))
    return replace(part, frame=frame, where=f"{part.where} AND {is_}" if part.where else is_)


def _own(part: Seen) -> Seen:
    """The columns that the rows of a part fill, without those of the export."""
    frame = part.frame
    kept = [c for c in frame.columns if frame[c].null_count() < frame.height or c == frame.columns[0]]
    return replace(part, frame=frame.select(c for c in kept if compact(c) not in _OF_THE_EXPORT))
