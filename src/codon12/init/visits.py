"""A column for each visit: headings that differ in a number alone, and what such columns are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.roles import DATE_ROLES
from codon12.init.values import Values
from codon12.records.dates import parse_dtc
from codon12.records.dates.written import iso_dates

__all__ = ["of_a_visit", "of_visits", "wide_families"]

_RESPONSES = 0.9
"""Share of the cells of a column that are words for a response, from which it is one of responses."""
_KINDS = 3
"""So many different words for responses tell a series of columns as one of responses."""
_NEAR = 2
"""So many columns at most are between the response and the day of one visit."""


def wide_families(columns: list[str]) -> dict[str, dict[str, str]]:
    """Headings that differ in one number alone: name with ``{}`` -> number -> heading; two numbers at least.

    Examples
    --------
    >>> wide_families(["ID", "CT 1", "CT 2", "RECIST 1", "race2"])
    {'CT {}': {'1': 'CT 1', '2': 'CT 2'}}
    """
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        for number in re.finditer(r"\d+", column):
            name = f"{column[: number.start()]}{{}}{column[number.end() :]}"
            again = column[: number.start()].removesuffix("_") if number.end() == len(column) else ""
            if "{" not in column and "}" not in column and again not in columns:
                found.setdefault(name, {})[number.group()] = column
    return {name: visits for name, visits in found.items() if len(visits) > 1}


def of_a_visit(belief: ColumnBelief) -> ColumnBelief:
    """Take a column of one visit for nothing by itself, where its heading is known without its number."""
    if belief.role not in (*DATE_ROLES, "BOR", "SIZE", "VISIT"):
        return belief
    why = f"{belief.why}; but there is one for each visit"
    return replace(belief, role=None, confidence="unsure", why=why, alternatives=(str(belief.role),))


def of_visits(
    beliefs: list[tuple[ColumnBelief, Values]], families: Mapping[str, Mapping[str, str]], frame: pl.DataFrame
) -> list[tuple[ColumnBelief, Values]]:
    """Take series of columns whose cells are responses for those, and the dates beside them for the days of the visits.

    The days stand beside the responses of the same numbers and go forward with them, and no other such dates are there.
    """
    own = {b.column: (b, v) for b, v in beliefs}
    filled = {n: {k: c for k, c in f.items() if c in own and own[c][1].filled} for n, f in families.items()}
    answers = [n for n, f in filled.items() if _responses([own[c] for c in f.values()])]
    if len(answers) != 1:
        return beliefs
    numbers, name = filled[answers[0]], answers[0].replace("{}", "N")
    told = dict.fromkeys(
        numbers.values(), ("BOR", f"with the other columns '{name}' its cells are responses of RECIST")
    )
    if not any({"ASSDT", *DATE_ROLES} & {*own[c][0].alternatives} for f in filled.values() for c in f.values()):
        why = f"dates with the numbers of '{name}', each later than the one before"
        told |= dict.fromkeys(_days(filled, numbers, own, frame), ("ASSDT", why))
    return [(_told(b, *told[b.column]) if b.column in told else b, v) for b, v in beliefs]


def _told(belief: ColumnBelief, role: str, why: str) -> ColumnBelief:
    if role in belief.alternatives or (belief.role is not None and belief.confidence != "unsure"):
        return belief
    return replace(belief, role=None, confidence="unsure", why=why, alternatives=(role,))


def _responses(visits: list[tuple[ColumnBelief, Values]]) -> bool:
    """Whether all cells of a series of columns are responses, of three kinds at least, or a heading says so."""
    alike = [v for _, v in visits if v.kinds.get("recist", 0) >= _RESPONSES]
    named = any("BOR" in b.alternatives for b, _ in visits)
    kinds = {w for v in alike for w in v.words}
    return len(alike) == len(visits) > 0 and (named or len(kinds) >= _KINDS)


def _days(
    filled: Mapping[str, Mapping[str, str]],
    numbers: Mapping[str, str],
    own: Mapping[str, tuple[ColumnBelief, Values]],
    frame: pl.DataFrame,
) -> list[str]:
    """The one series of dates beside the responses; none where several are, or none is."""
    dated = [n for n, f in filled.items() if {*numbers} <= {*f} and _in_order(frame, [own[c] for c in f.values()])]
    places = {c: i for i, c in enumerate(frame.columns)}
    near = [n for n in dated if all(abs(places[filled[n][k]] - places[c]) <= _NEAR for k, c in numbers.items())]
    return list(filled[near[0]].values()) if len(near) == 1 else []


def _in_order(frame: pl.DataFrame, visits: list[tuple[ColumnBelief, Values]]) -> bool:
    """Whether all columns are dates of one order, later from one to the next in every patient."""
    if any(v.dates is None or v.dates.choices for _, v in visits):
        return False
    days = [
        parse_dtc(iso_dates(pl.col(b.column), list(v.dates.formats) or ["%Y-%m-%d"]), impute="first")
        for b, v in visits
        if v.dates is not None
    ]
    later = frame.select(
        (after > before).all() for before, after in pairwise(d.alias(f"{i}") for i, d in enumerate(days))
    )
    return all(later.row(0)) if later.width else False
