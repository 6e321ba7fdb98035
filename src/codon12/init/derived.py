"""Columns made of others: an age without its unit or from a birth; of a vital status who died and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from codon12.init.rows import quoted, text
from codon12.init.sections import without_endings
from codon12.init.tables import Known
from codon12.init.toml_text import comment, inline

__all__ = ["MadeAge", "age_made", "derived_columns"]

_STARTS = ("RANDDT", "TRTSDT", "DIAGDT")


class MadeAge(NamedTuple):
    """How an age is made."""

    sql: str
    why: str
    assumed: str | None
    """What is taken unasked: without a day of birth the age may be a year less."""


def age_made(main: Known) -> MadeAge | None:
    """Give the age at randomisation, else treatment, else diagnosis; None where it is known, or nothing tells it."""
    day, year = main.column("BRTHDT"), main.column("BRTHYR")
    start = next((b for r in _STARTS if (b := main.column(r)) is not None), None)
    born = day or year
    if main.column("AGE") is not None or born is None or start is None:
        return None
    values = next(v for b, v in main.columns if b is born)
    from_, at = quoted(born.column), quoted(start.column)
    years = f"TRY_CAST(SUBSTR({at}, 1, 4) AS INTEGER) - TRY_CAST(SUBSTR({from_}, 1, 4) AS INTEGER)"
    if day is not None and values.dates is not None and values.dates.months == 0:
        sql = f"{years} - CASE WHEN SUBSTR({at}, 6, 5) < SUBSTR({from_}, 6, 5) THEN 1 ELSE 0 END"
        return MadeAge(sql, f"AGE: from {born.column} to {start.column}, in full years", None)
    said = f"AGE: the year of {start.column} less {born.column}, so it may be a year too high"
    return MadeAge(years, said, f"{main.seen.place}, {born.column}: {said}.")


def derived_columns(main: Known, roles: tuple[str, ...], *, died: bool) -> Iterator[str]:
    """Give the columns made of others; with `died` who died and when too, as survival of assessments needs it."""
    made = without_endings(main, roles)
    whys = [b.why for b, _ in main.columns if b.role in made and b.endings]
    vital, death, last = main.column("VITAL"), main.column("DTHDT"), main.column("LSTALVDT")
    if died and vital is not None:
        words = ", ".join(text(w) for w, m in vital.values.items() if m == "dead")
        dead = f"{quoted(vital.column)} IN ({words})"
        made["DTHFL"] = f"CASE WHEN {dead} THEN 'Y' END"
        whys.append(vital.why)
        if death is None and last is not None:
            made["DTHDT"] = f"CASE WHEN {dead} THEN {quoted(last.column)} END"
            whys.append("no column has the day of death, so that of the last contact counts for the dead")
    if (age := age_made(main)) is not None:
        made["AGE"] = age.sql
        whys.append(age.why)
    if made:
        yield f"derive = {inline(made)}  # likely: {comment('; '.join(whys))}"
