"""What the columns of a table say of one another: one for each role, columns of a visit, groups of headings, births."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.named_by_facts import patients_named
from codon12.init.roles import DATE_ROLES
from codon12.init.values import Values
from codon12.init.vocabulary import beside_words, compact, date_words, heading_roles, without_unit, words

__all__ = [
    "of_groups",
    "of_neighbours",
    "one_each",
    "with_births",
    "with_key",
]

_DATE_OF = {"VITAL": "LSTALVDT"}
"""What a date is under the heading of a group."""
_BARE = frozenset(
    (
        "id",
        "no",
        "nr",
        "n",
        "num",
        "number",
        "numero",
        "nummer",
        "code",
        "pid",
        "uid",
        "key",
        "case",
        "lfdnr",
        "lfd",
        "index",
    ),
) | {"番号", "번호", "연번", "순번", "通し番号"}
"""Headings that say number and no more."""
_TELLING = 3
"""So many known columns make a table that of patients may be."""
_STRANGERS = 3
"""Rows of no patient, such as a total, that a column which tells the rows apart may leave empty."""
_YOUNGEST = 15
"""A patient is so many years old at the least; a later date is no birth."""


def one_each(beliefs: list[tuple[ColumnBelief, Values]]) -> tuple[tuple[ColumnBelief, Values], ...]:
    """Leave each role to one column: of two the surer has it, and the first of equals."""
    rank = {"sure": 0, "likely": 1, "unsure": 2}
    order = sorted(range(len(beliefs)), key=lambda i: (rank[beliefs[i][0].confidence], i))
    taken: dict[str, str] = {}
    out = list(beliefs)
    for i in order:
        belief, values = beliefs[i]
        if belief.role is None or belief.confidence == "unsure":
            continue
        if belief.role in taken:
            why = f"{belief.why}; '{taken[belief.role]}' is already taken for {belief.role}"
            out[i] = (replace(belief, confidence="unsure", why=why), values)
        else:
            taken[belief.role] = belief.column
    return tuple(out)


def of_groups(
    beliefs: list[tuple[ColumnBelief, Values]], above: Mapping[str, str]
) -> list[tuple[ColumnBelief, Values]]:
    """Take dates whose own headings say no more than that for what the headings of their groups say."""
    return [(_of_group(b, above.get(b.column), v), v) for b, v in beliefs]


def _of_group(belief: ColumnBelief, group: str | None, values: Values) -> ColumnBelief:
    if group is None or values.dates is None or belief.role not in (None, "ASSDT"):
        return belief
    roles = {_DATE_OF.get(r, r) for r, *_ in heading_roles(group)} & {*DATE_ROLES}
    if len(roles) != 1:
        return belief
    why = f"a date under the heading '{group}', and its cells are dates such as {values.dates.example}"
    settled = not values.dates.choices
    return replace(
        belief,
        role=roles.pop(),
        confidence="likely" if settled else "unsure",
        why=why if settled else f"{why}, which may be day or month first",
        formats=values.dates.formats,
    )


def of_neighbours(beliefs: list[tuple[ColumnBelief, Values]]) -> list[tuple[ColumnBelief, Values]]:
    """Take a date that says start, or end, and no more for that of the treatment, where its neighbour is of it.

    A start stands beside the column of the treatment, an end beside the start; only where no other column is it.
    """
    started = _beside(beliefs, "TRTSDT", "DRUG_TYPE", "start")
    return _beside(started, "TRTEDT", "TRTSDT", "end")


def _beside(
    beliefs: list[tuple[ColumnBelief, Values]], role: str, neighbour: str, says: str
) -> list[tuple[ColumnBelief, Values]]:
    if any(b.role == role and b.confidence != "unsure" for b, _ in beliefs):
        return beliefs
    table = date_words()
    bare = {w for some in table["roles"][role]["not"] for w in some} - {"study"}
    beside = {*table["date"]} | beside_words("fillers")
    out = list(beliefs)
    for at, (belief, values) in enumerate(beliefs):
        spoken = {w for w in words(without_unit(belief.column)) if w not in beside}
        near = [b for b, _ in beliefs[max(0, at - 1) : at + 2] if b.role == neighbour and b.confidence != "unsure"]
        free = belief.role in (None, "ASSDT") or belief.confidence == "unsure"
        if values.dates is None or values.dates.choices or not near or not free or not spoken or not spoken <= bare:
            continue
        why = (
            f"it says {says}, stands beside '{near[0].column}', and its cells are dates such as {values.dates.example}"
        )
        formats = values.dates.formats
        out[at] = (replace(belief, role=role, confidence="likely", why=why, formats=formats), values)
        break
    return out


def with_births(beliefs: list[tuple[ColumnBelief, Values]], frame: pl.DataFrame) -> list[tuple[ColumnBelief, Values]]:
    """Tell dates of birth from others: no patient is born within 15 years of the other dates of a table."""
    dated = [b for b, v in beliefs if v.dates is not None]
    latest = {b.column: _latest_year(frame[b.column]) for b in dated}
    out = []
    for belief, values in beliefs:
        born, others = latest.get(belief.column), [y for c, y in latest.items() if c != belief.column and y]
        if belief.role == "BRTHDT" and born is not None and others and born > max(others) - _YOUNGEST:
            other = next((a for a in belief.alternatives if a in DATE_ROLES), None)
            why = f"{belief.why}, too late for births of patients"
            sure = "likely" if other is not None and belief.confidence != "unsure" else "unsure"
            read = replace(belief, role=other or "BRTHDT", confidence=sure, why=why, alternatives=("BRTHDT",))
            out.append((read, values))
        else:
            out.append((belief, values))
    return out


def with_key(
    beliefs: tuple[tuple[ColumnBelief, Values], ...],
    above: Mapping[str, str],
    frame: pl.DataFrame,
    told: str | None = None,
) -> tuple[tuple[ColumnBelief, Values], ...]:
    """Take a column that says no more than number for the patient, where none names one and it tells the rows apart.

    Where several rows speak of one patient, the column in whose rows birth, sex and diagnosis are always the same.
    Without either every column that tells the rows apart may be the key, and none is taken.
    """
    if told is not None:
        read = (
            replace(b, role="USUBJID", confidence="sure", why="as you said") if b.column == told else b
            for b, _ in beliefs
        )
        return tuple(zip(read, (v for _, v in beliefs), strict=True))
    named = next((b for b, _ in beliefs if b.role == "USUBJID" and b.confidence != "unsure"), None)
    numbers = _numbers(beliefs, above)
    if named is not None:
        return _of_people(beliefs, named, frame, numbers)
    known = [b for b, _ in beliefs if b.role is not None and b.confidence != "unsure"]
    if len(known) < _TELLING:
        return beliefs
    may = [
        b
        for b, v in beliefs
        if (b.role in (None, "USUBJID") or b.confidence == "unsure")
        and (v.dates is None and not v.comma and v.distinct + _STRANGERS >= v.rows and (v.numbers < 1 or v.whole))
    ]
    if (found := patients_named(beliefs, frame, numbers)) is not None:
        return tuple((found if b.column == found.column else b, v) for b, v in beliefs)
    own = {b.column: b.column in numbers for b in may}
    alone = [b.column for b in may if b is beliefs[0][0]] if len(may) == 1 else []
    chosen = next((c for c, bare in own.items() if bare), alone[0] if alone else None)
    out = []
    for belief, values in beliefs:
        if belief.column == chosen:
            why = f"no heading names the patient; its {values.distinct:,} cells tell the {values.rows:,} rows apart"
            out.append((replace(belief, role="USUBJID", confidence="likely", why=why), values))
        elif chosen is None and belief.column in own:
            why = f"its {values.distinct:,} cells are all different, so it may name the patient"
            out.append((replace(belief, role="USUBJID", confidence="unsure", why=why), values))
        else:
            out.append((belief, values))
    return tuple(out)


def _of_people(
    beliefs: tuple[tuple[ColumnBelief, Values], ...], named: ColumnBelief, frame: pl.DataFrame, numbers: set[str]
) -> tuple[tuple[ColumnBelief, Values], ...]:
    """A number of the row is no patient, where another column names the people who stand in several rows."""
    if frame[named.column].n_unique() < frame.height or (found := patients_named(beliefs, frame, numbers)) is None:
        return beliefs
    why = f"{named.why}; but it counts rows: {found.column} names those that are of one patient"
    rows = replace(named, confidence="unsure", why=why)
    return tuple(({named.column: rows, found.column: found}.get(b.column, b), v) for b, v in beliefs)


def _numbers(beliefs: tuple[tuple[ColumnBelief, Values], ...], above: Mapping[str, str]) -> set[str]:
    """Columns whose headings say number or id."""
    first = beliefs[0][0].column if beliefs else None
    columns = [b.column for b, _ in beliefs]
    return {c for c in columns if _says_number(c, above.get(c, ""), first=c == first)}


def _says_number(heading: str, group: str, *, first: bool) -> bool:
    """Whether a heading is no more than a number or an id, has such a word in the first column, or is of a patient."""
    spoken = set(words(without_unit(heading)))
    bare = compact(without_unit(heading)) in _BARE or (first and bool(spoken & _BARE))
    return bare or "USUBJID" in {r for r, *_ in heading_roles(group)}


def _latest_year(cells: pl.Series) -> int | None:
    found = cells.str.extract(r"((?:19|20)\d\d)").cast(pl.Int64).max()
    return found if isinstance(found, int) else None
