"""Which column of another table names the patients of a table."""

from __future__ import annotations

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.tables import Known, know

__all__ = ["shared_key", "with_shared_keys"]

_MOST = 0.95
"""Share of the keys of another table that are patients of this one, from which its rows are theirs."""
_FEWEST = 2
_EVENTS = ("lesions", "responses")


def with_shared_keys(known: list[Known], codes: dict[str, dict[str, str]], dictionaries: list[str]) -> list[Known]:
    """Give the tables, those of lesions and responses with the column that names patients of another table as key."""
    mains = [k for k in known if k.kind == "patients" and k.column("USUBJID") is not None]
    return [_keyed(k, mains, codes, dictionaries) for k in known]


def _keyed(known: Known, mains: list[Known], codes: dict[str, dict[str, str]], dictionaries: list[str]) -> Known:
    if known.kind is not None or known.seen.hidden or known.column("USUBJID") is not None:
        return known
    for main in mains:
        subject = main.column("USUBJID")
        key = None if subject is None else shared_key(main, known, subject)
        if subject is None or key is None:
            continue
        told = know(known.seen, codes, dictionaries, key=key)
        if told.kind in _EVENTS:
            why = f"its cells are those of {subject.column} in {main.seen.place}"
            columns = tuple(
                (replace(b, confidence="likely", why=why), v) if b.column == key else (b, v) for b, v in told.columns
            )
            return replace(told, columns=columns)
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
