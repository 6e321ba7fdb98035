"""What another table says of the same patients: deaths in a list of their own, the last of several visits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.roles import DATE_ROLES
from codon12.init.tables import Join, Known
from codon12.init.values import Values
from codon12.init.vocabulary import words

__all__ = ["with_joins"]

_MOST = 0.95
"""Share of the keys of another table that are patients of this one, from which its rows are theirs."""
_FEWEST = 2
_OF_THE_LAST = ("VITAL", "LSTALVDT", "DTHDT")
"""What the latest of several rows of a patient may say."""


def with_joins(main: Known, others: Sequence[Known], roles: Sequence[str]) -> tuple[Known, list[str]]:
    """Give the table of patients with columns that it lacks and other tables have, and a sentence for each table.

    Keys are compared letter by letter, and all but a twentieth of those of the other table must be patients. Of a table
    with several rows a patient only its latest row is taken, for who is dead and when the last contact was.
    """
    said = []
    for other in others:
        join = _join(main, other, roles)
        if join is None:
            continue
        main = _joined(main, join)
        said.append(f"{_place(other)}: {join.why}.")
    return main, said


def _place(known: Known) -> str:
    return f"{known.seen.file}, sheet {known.seen.sheet}" if known.seen.sheet else known.seen.file


def _join(main: Known, other: Known, roles: Sequence[str]) -> Join | None:
    subject = main.column("USUBJID")
    if subject is None or other.seen.sampled:
        return None
    key = _key(main, other, subject)
    if key is None:
        return None
    lacking = set(roles) - main.roles() - {"USUBJID", "STUDYID", "LINE"}
    found = [b for b, _ in other.columns if b.role in lacking and b.confidence != "unsure" and b.column != key]
    cells = other.seen.frame[key].drop_nulls()
    order = None
    if cells.n_unique() < len(cells):
        found, order = _of_the_latest(other, found, lacking)
    if not found:
        return None
    taken = {*main.seen.frame.columns}
    columns = {_free(b.column, taken): b.column for b in found}
    listed = ", ".join(f"{b.column} ({b.role})" for b in found)
    rows = "the latest row of each patient" if order else "one row a patient"
    why = f"{listed} taken from here, {rows}, by {key} = {subject.column}; who has no row here has none of it"
    stem = other.seen.sheet or re.sub(r"\.[^.]+$", "", other.seen.file)
    name = "_".join(words(stem)) or "other"
    name = name if name.isascii() else "other"
    number = len([j for j in main.joins if j.name.startswith(name)])
    return Join(
        name=f"{name}{number + 1}" if number else name,
        other=other,
        key=key,
        on=subject.column,
        columns=columns,
        order=order,
        why=why,
    )


def _free(column: str, taken: set[str]) -> str:
    """A name that the table of patients has not."""
    name = column if column not in taken else f"{column} (joined)"
    taken.add(name)
    return name


def _key(main: Known, other: Known, subject: ColumnBelief) -> str | None:
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


def _of_the_latest(other: Known, found: list[ColumnBelief], lacking: set[str]) -> tuple[list[ColumnBelief], str | None]:
    """What the latest row of a patient says, where a date orders them."""
    day = other.column("ASSDT") or other.column("LSTALVDT")
    if day is None:
        return [], None
    out = [b for b in found if b.role in _OF_THE_LAST and b is not day]
    if "LSTALVDT" in lacking and (other.column("VITAL") is not None or day.role == "LSTALVDT"):
        why = f"{day.why}; the latest of a patient's rows"
        out.append(replace(day, role="LSTALVDT", confidence="likely", why=why))
    return out, day.column if out else None


def _joined(main: Known, join: Join) -> Known:
    other = join.other
    own = {b.column: (b, v) for b, v in other.columns}
    frame = other.seen.frame.with_row_index("row")
    if join.order is not None:
        frame = _by_day(frame, join.order, own[join.order][0])
    rows = frame.unique(join.key, keep="last", maintain_order=True)
    picked = rows.select(pl.col(join.key).alias(join.on), *(pl.col(c).alias(n) for n, c in join.columns.items()))
    seen = main.seen.frame.join(picked, on=join.on, how="left", maintain_order="left")
    columns = (*main.columns, *_beliefs(join, own))
    return replace(main, seen=replace(main.seen, frame=seen), columns=columns, joins=(*main.joins, join))


def _by_day(frame: pl.DataFrame, day: str, belief: ColumnBelief) -> pl.DataFrame:
    from codon12.records.dates.written import iso_dates

    order = iso_dates(pl.col(day), list(belief.formats) or ["%Y-%m-%d"])
    return frame.sort(order, nulls_last=False, maintain_order=True)


def _beliefs(join: Join, own: dict[str, tuple[ColumnBelief, Values]]) -> Iterator[tuple[ColumnBelief, Values]]:
    for name, column in join.columns.items():
        belief, values = own[column]
        role = "LSTALVDT" if column == join.order and belief.role in DATE_ROLES else belief.role
        why = f"{belief.why}; it stands in {_place(join.other)}, see join below"
        yield replace(belief, column=name, role=role, confidence="likely", why=why), values
