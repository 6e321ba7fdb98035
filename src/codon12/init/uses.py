"""What became of each table, and why one is not used."""

from __future__ import annotations

from codon12.init.belief import TableBelief
from codon12.init.plan import Plan
from codon12.init.profiles import same_patients
from codon12.init.sections import place_of
from codon12.init.tables import Known, overlap

__all__ = ["say_uses"]


_TABLES = {"events": "AE", "lesions": "TR", "responses": "RS", "mutations": "MUTATIONS", "samples": "SAMPLE"}
"""Kinds of tables of which one is read, and what that becomes."""


def _other_parts(known: Known, of: list[Known], used: dict[int, str], main: Known) -> str | None:
    """Say of a table that another one of its kind is read, and how many rows that one lacks."""
    table = _TABLES.get(known.kind or "")
    first = next((k for k in of if table is not None and used.get(id(k)) == table), None)
    mine, theirs = known.column("USUBJID"), main.column("USUBJID")
    if first is None or mine is None or theirs is None or not overlap(known.cells(mine), main.cells(theirs)):
        return None
    here, there = known.seen.frame, first.seen.frame
    if set(here.columns) <= set(there.columns):
        more = here.join(there, on=here.columns, how="anti", nulls_equal=True).height
        if not more:
            return f"all its rows stand in {place_of(first)}"
    else:
        more = here.height
    return (
        f"{place_of(first)} is read as {table}, which lacks {more} of its {here.height} rows; to read both list them "
        f"one below the other as [[tables.{table}]] (docs/configuration.md)"
    )


def _of_others(known: Known, main: Known) -> str | None:
    """Why a table is not used whose patients are written otherwise, or are others."""
    mine, theirs = known.column("USUBJID"), main.column("USUBJID")
    if known.kind is None or mine is None or theirs is None or same_patients(known, main):
        return None
    one, other = (next(iter(k.cells(b).drop_nulls()), "") for k, b in ((known, mine), (main, theirs)))
    return (
        f"its patients ({mine.column}, such as {one}) are not those of {place_of(main)} "
        f"({theirs.column}, such as {other}); write them alike if they are the same"
    )


def say_uses(known: list[Known], used: dict[int, str], plan: Plan, main: Known | None) -> None:
    """Tell what became of each table, and of one that is not used why."""
    for k in known:
        table = used.get(id(k))
        why = k.why
        if table is None and main is not None and (part := _other_parts(k, known, used, main)) is not None:
            why = part
            plan.assumed += [f"{place_of(k)}: not used; {part}."] if "lacks" in part else []
        elif table is None and main is not None:
            why = _of_others(k, main) or why
        plan.tables.append(
            TableBelief(
                file=k.seen.file,
                sheet=k.seen.sheet,
                table=table,
                confidence=k.confidence,
                why=why,
                rows=k.seen.frame.height,
                sampled=k.seen.sampled,
                header=k.seen.header,
                columns=tuple(b for b, _ in k.columns),
            )
        )
        if table is None and k.kind != "dictionary":
            plan.notes.append(f"{place_of(k)} is not used: {why}.")
