"""Which column of another table names the patients of a table."""

from __future__ import annotations

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.several import one_row_each
from codon12.init.tables import Known, know, overlap
from codon12.init.values import Values

__all__ = ["shared_key", "with_shared_keys"]

_MOST = 0.95
"""Share of the keys of another table that are patients of this one, from which its rows are theirs."""
_FEWEST = 2
_EVENTS = ("lesions", "responses", "events")
_TELLING = 10
"""So many different cells at least has a column that names patients in two tables."""


def with_shared_keys(known: list[Known], codes: dict[str, dict[str, str]], dictionaries: list[str]) -> list[Known]:
    """Give the tables, those of lesions and responses with the column that names patients of another table as key."""
    known = _of_pairs(known, codes, dictionaries)
    mains = [k for k in known if k.kind == "patients" and k.column("USUBJID") is not None]
    mains = mains or [k for k in known if k.column("USUBJID") is not None and k.kind in ("lines", *_EVENTS)]
    mains = mains or [one for k in known if k.kind is None and k.columns and (one := one_row_each(k)) is not None]
    return [_keyed(k, mains, codes, dictionaries) for k in known]


def _of_pairs(known: list[Known], codes: dict[str, dict[str, str]], dictionaries: list[str]) -> list[Known]:
    """Where no table names its patients: columns of two tables that hold the same cells, all different in one."""
    if any(k.column("USUBJID") is not None for k in known):
        return known
    may = [(k, b.column) for k in known if k.kind is None and not k.seen.hidden for b, v in k.columns if _may(v)]
    for one, column in may:
        cells = one.seen.frame[column].drop_nulls()
        others = [(o, c) for o, c in may if o is not one and overlap(o.seen.frame[c], cells) >= _MOST]
        if cells.n_unique() == one.seen.frame.height and others:
            keys = {id(o): c for o, c in others} | {id(one): column}
            why = f"its cells name the rows of {one.seen.place}, column {column}"
            return [_told(k, keys[id(k)], why, codes, dictionaries) if id(k) in keys else k for k in known]
    return known


def _may(values: Values) -> bool:
    return values.dates is None and not values.comma and values.distinct >= _TELLING


def _told(known: Known, key: str, why: str, codes: dict[str, dict[str, str]], dictionaries: list[str]) -> Known:
    told = know(known.seen, codes, dictionaries, key=key)
    columns = tuple(
        (replace(b, confidence="likely", why=why), v) if b.column == key else (b, v) for b, v in told.columns
    )
    return replace(told, columns=columns)


def _keyed(known: Known, mains: list[Known], codes: dict[str, dict[str, str]], dictionaries: list[str]) -> Known:
    if known.kind is not None or known.seen.hidden or known.column("USUBJID") is not None:
        return known
    for main in mains:
        subject = main.column("USUBJID")
        key = None if subject is None else shared_key(main, known, subject)
        if subject is None or key is None:
            continue
        why = f"its cells are those of {subject.column} in {main.seen.place}"
        told = _told(known, key, why, codes, dictionaries)
        if told.kind in _EVENTS or (told.kind == "patients" and main.kind != "patients"):
            return told
    return known


def shared_key(main: Known, other: Known, subject: ColumnBelief) -> str | None:
    """Column of the other table that names the same patients."""
    patients = main.cells(subject).drop_nulls().unique().implode()
    best: tuple[float, bool, str] | None = None
    for belief, values in other.columns:
        if values.dates is not None or values.distinct < _FEWEST or belief.column not in other.seen.frame.columns:
            continue
        mine = other.cells(belief).drop_nulls().unique()
        share = float(mine.is_in(patients).sum()) / len(mine) if len(mine) else 0.0
        told = belief.role == "USUBJID" or belief.column == subject.column
        alike = told or any(not c.isdigit() or len(c) > _FEWEST for c in mine.head(5))
        if share >= _MOST and alike and (best is None or (told, share) > (best[1], best[0])):
            best = (share, told, belief.column)
    return None if best is None else best[2]
