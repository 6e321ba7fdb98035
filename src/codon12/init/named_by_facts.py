"""The column that names patients in a table with several rows of each, told by its cells."""

from __future__ import annotations

import re

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.values import Values

__all__ = ["patients_named"]

_OF_THE_PERSON = ("BRTHDT", "DIAGDT", "SEX", "DTHDT", "RACE", "AGE")
_TELLING = ("BRTHDT", "DIAGDT")
"""Without one of these too many patients are alike."""
_SAME = 0.98
"""Share of the patients who have one birth, one sex and so on; the rest are slips."""
_APART = 0.8
"""Share of the patients whom these facts tell apart, from which as many patients are there as different cells."""
_SEVERAL = 0.9
"""Share of rows with different facts, above which each row is of another patient."""
_FEWEST = 5


def patients_named(
    beliefs: tuple[tuple[ColumnBelief, Values], ...], frame: pl.DataFrame, numbers: set[str]
) -> ColumnBelief | None:
    """Give the one column whose rows always have the same birth, sex and diagnosis, which differ from cell to cell.

    None where a row is a patient, or several columns or none are so. Dates and names of people are never keys; a plain
    number may be a measure, so that one whose heading says no number (it is not among `numbers`) stays unsure.
    """
    facts = {b.role: b.column for b, _ in beliefs if b.role in _OF_THE_PERSON and b.confidence != "unsure"}
    if not {*facts} & {*_TELLING} or len(facts) < len(_TELLING):
        return None
    person = pl.struct(facts.values())
    people = frame.select(person.n_unique()).item()
    if people > _SEVERAL * frame.height:
        return None
    found = [
        (b, v)
        for b, v in beliefs
        if b.column not in facts.values()
        and v.dates is None
        and not v.comma
        and v.distinct >= _FEWEST
        and all(any(c.isdigit() for c in w) and not re.search(r"\s", w) for w in v.words)
        and _one_person_each(frame, b.column, list(facts.values()), people)
    ]
    if len(found) != 1:
        return None
    belief, values = found[0]
    same = ", ".join(facts.values())
    of = f"its {values.distinct:,} cells name the patients of {values.rows:,} rows"
    why = f"{of}: {same} are the same in all rows of each"
    plain = values.numbers == 1 and belief.column not in numbers
    return replace(belief, role="USUBJID", confidence="unsure" if plain else "likely", why=why)


def _one_person_each(frame: pl.DataFrame, column: str, facts: list[str], people: int) -> bool:
    """Whether the facts are one in the rows of each cell, and nearly as many people as cells are there."""
    named = frame.filter(pl.col(column).is_not_null())
    if named.height < _SAME * frame.height:
        return False
    per = named.group_by(column).agg(pl.col(facts).drop_nulls().n_unique())
    alone = per.filter(pl.all_horizontal(pl.col(facts) <= 1)).height
    return alone >= _SAME * per.height and _APART * per.height <= people
