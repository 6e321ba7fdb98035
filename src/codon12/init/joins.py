"""What another table says of the same patients: deaths in a list of their own, the last of several visits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.keys import shared_key
from codon12.init.lines import of_the_first_line
from codon12.init.roles import DATE_ROLES
from codon12.init.tables import Join, Known
from codon12.init.values import Values
from codon12.init.vocabulary import vital_of, words

__all__ = ["join_name", "joined", "with_joins"]

_FEWEST = 2
_MOSTLY = 0.8
"""Share of the rows of two tables that agree on who somebody is, from which they are of the same people."""
_OF_THE_PERSON = ("SEX", "AGE", "BRTHDT")
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
        main = joined(main, join)
        said.append(f"{other.seen.place}: {join.why}.")
    return main, said


def _join(main: Known, other: Known, roles: Sequence[str]) -> Join | None:
    subject = main.column("USUBJID")
    if subject is None or other.seen.sampled or other.seen.hidden:
        return None
    key = shared_key(main, other, subject)
    if key is None or not _same_people(main, other, (subject.column, key)):
        return None
    other = _of_deaths(other)
    lacking = set(roles) - main.roles() - {"USUBJID", "STUDYID", "LINE"}
    found = [b for b, _ in other.columns if b.role in lacking and b.confidence != "unsure" and b.column != key]
    rows, where = _first_line(other)
    cells, order = rows[key].drop_nulls(), None
    if where is not None and cells.n_unique() < len(cells):
        return None
    if where is None and cells.n_unique() < len(cells):
        found, order = _of_the_latest(other, found, lacking)
    if not found:
        return None
    taken = {*main.seen.frame.columns}
    columns = {_free(b.column, taken, same=main.seen.where is not None): b.column for b in found}
    listed = ", ".join(f"{b.column} ({b.role})" for b in found)
    which = "the latest row of each patient" if order else "one row a patient"
    which = f"the rows with {where}: the first line of therapy" if where else which
    why = f"{listed} taken from here, {which}, by {key} = {subject.column}; who has no row here has none of it"
    return Join(
        name=join_name(main, other),
        other=other,
        key=key,
        on=subject.column,
        columns=columns,
        order=order,
        where=where,
        why=why,
    )


def join_name(main: Known, other: Known) -> str:
    """A name for a join that no other has, after the file, sheet or form."""
    kind = re.search(r"= '([^']*)'$", other.seen.where or "")
    stem = kind.group(1) if kind else other.seen.sheet or re.sub(r"\.[^.]+$", "", other.seen.file)
    name = "_".join(words(stem)) or "other"
    name = name if name.isascii() else "other"
    number = len([j for j in main.joins if j.name.startswith(name)])
    return f"{name}{number + 1}" if number else name


def _same_people(main: Known, other: Known, keys: tuple[str, str]) -> bool:
    """Whether sex, age and birth agree under one key, where both tables have them: numbers may be of two cohorts."""
    mine, theirs = main.seen.frame, other.seen.frame
    for role in _OF_THE_PERSON:
        one, two = main.column(role), other.column(role)
        if one is None or two is None or one.column == keys[0] or two.column == keys[1]:
            continue
        left = mine.select(k=pl.col(keys[0]), a=pl.col(one.column).replace(one.values))
        both = left.join(
            theirs.select(k=pl.col(keys[1]), b=pl.col(two.column).replace(two.values)), on="k"
        ).drop_nulls()
        if both.height and both.filter(pl.col("a") == pl.col("b")).height < _MOSTLY * both.height:
            return False
    return True


def _of_deaths(other: Known) -> Known:
    """Take the one date of a table whose name speaks of death for the day of death, where no heading says so."""
    name = re.sub(r"\.[^.]+$", "", other.seen.file) if other.seen.sheet is None else other.seen.sheet
    dated = [(b, v) for b, v in other.columns if v.dates is not None]
    if (vital_of(name) or "") != "dead" or len(dated) != 1 or dated[0][0].role not in (None, "ASSDT"):
        return other
    ((belief, values),) = dated
    dates = values.dates
    if dates is None or dates.choices:
        return other
    why = f"the only date of '{name}', and its cells are dates such as {dates.example}"
    told = replace(belief, role="DTHDT", confidence="likely", why=why, formats=dates.formats)
    return replace(other, columns=tuple((told if b is belief else b, v) for b, v in other.columns))


def _free(column: str, taken: set[str], *, same: bool) -> str:
    """A name that the table of patients has not; in one file with it (`same`) every name is taken."""
    name = column if column not in taken and not same else f"{column} (joined)"
    taken.add(name)
    return name


def _first_line(other: Known) -> tuple[pl.DataFrame, str | None]:
    """Rows of the first line of therapy, where a table has a row for each line."""
    line, frame = other.column("LINE"), other.seen.frame
    lines = None if line is None else other.cells(line).drop_nulls()
    if line is None or lines is None or lines.n_unique() < _FEWEST:
        return frame, None
    first, sql = of_the_first_line(line.column, lines)
    return frame.filter(first), sql


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


def joined(main: Known, join: Join) -> Known:
    """Give the table of patients with the columns of a join among its own."""
    other = join.other
    own = {b.column: (b, v) for b, v in other.columns}
    frame = _first_line(other)[0] if join.where else other.seen.frame
    if join.order is not None:
        frame = _by_day(frame, join.order, own[join.order][0], first=join.pick == "first")
    rows = frame.unique(join.key, keep=join.pick, maintain_order=True)
    picked = rows.select(pl.col(join.key).alias(join.on), *(pl.col(c).alias(n) for n, c in join.columns.items()))
    seen = main.seen.frame.join(picked, on=join.on, how="left", maintain_order="left")
    columns = (*main.columns, *_beliefs(join, own))
    return replace(main, seen=replace(main.seen, frame=seen), columns=columns, joins=(*main.joins, join))


def _by_day(frame: pl.DataFrame, day: str, belief: ColumnBelief, *, first: bool) -> pl.DataFrame:
    from codon12.records.dates.written import iso_dates

    order = iso_dates(pl.col(day), list(belief.formats) or ["%Y-%m-%d"])
    return frame.sort(order, nulls_last=first, maintain_order=True)


def _beliefs(join: Join, own: dict[str, tuple[ColumnBelief, Values]]) -> Iterator[tuple[ColumnBelief, Values]]:
    for name, column in join.columns.items():
        belief, values = own[column]
        latest = column == join.order and join.pick == "last"
        role = "LSTALVDT" if latest and belief.role in DATE_ROLES else belief.role
        why = f"{belief.why}; it stands in {join.other.seen.place}, see join below"
        yield replace(belief, column=name, role=role, confidence="likely", why=why), values
