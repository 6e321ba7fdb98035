"""What became of each table, and why one is not used."""

from __future__ import annotations

from codon12.init.belief import TableBelief
from codon12.init.plan import Plan
from codon12.init.profiles import same_patients
from codon12.init.sections import place_of
from codon12.init.tables import Known

__all__ = ["say_uses"]


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
        why = (None if table is not None or main is None else _of_others(k, main)) or k.why
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
