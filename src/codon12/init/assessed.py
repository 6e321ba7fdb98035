"""Best responses and progressions that a registry tells beside the assessments of each visit: what is not used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from codon12.init.plan import Plan
from codon12.init.tables import Known
from codon12.init.visits import wide_families
from codon12.init.vocabulary import response_word

__all__ = ["sizes_alone", "told_apart", "with_responses_first"]


def sizes_alone(rows: Known) -> bool:
    """Tell whether a table has sizes of target lesions and nothing of new or other lesions, which progress too."""
    group = rows.column("GROUP")
    others = group is not None and bool(set(rows.cells(group).drop_nulls().replace(group.values).unique()) - {"TARGET"})
    return rows.kind == "lesions" and rows.column("STATE") is None and not others


def with_responses_first(events: list[Known], plan: Plan) -> list[Known]:
    """Leave out sizes of target lesions alone where responses are told: these know of new and other lesions too."""
    told = next((k for k in events if k.kind == "responses"), None)
    if told is None:
        return events
    plan.assumed += [
        f"{k.seen.place}: not used; it has sizes of target lesions alone, and the responses of {told.seen.place} "
        "tell of new and other lesions too."
        for k in events
        if sizes_alone(k)
    ]
    return [k for k in events if not sizes_alone(k)]


def told_apart(main: Known, events: Sequence[Known], others: Sequence[Known]) -> Iterator[str]:
    """Say which best responses are not used, and how many progressions that are told no assessment has."""
    for table in (main, *others):
        best = next((b for b, _ in table.columns if b.role == "BOR" and b.confidence != "unsure"), None)
        if best is not None:
            place = f"{table.seen.place}, {best.column}"
            yield f"{place}: not used; the responses follow from the assessments of each visit."
    progress, subject = main.column("PROGDT"), main.column("USUBJID")
    if progress is None or subject is None:
        return
    if any(k.kind == "lesions" for k in events):
        if any(sizes_alone(k) for k in events):
            yield (
                f"{main.seen.place}, {progress.column}: not used; progression follows from the sizes of target "
                "lesions, which tell of no new lesion."
            )
        return
    told = main.seen.frame.filter(pl.col(progress.column).is_not_null())[subject.column].unique()
    seen = pl.concat([_progressed(k) for k in events]).unique()
    lacking = told.filter(~told.is_in(seen.implode()))
    if len(lacking):
        yield (
            f"{main.seen.place}, {progress.column}: {len(lacking)} of {len(told)} patients have a date of progression "
            "and no assessment that says PD; progression follows from the assessments alone."
        )


def _progressed(rows: Known) -> pl.Series:
    """Patients with an assessment of progression, in rows or in a column for each visit."""
    subject, response = rows.column("USUBJID"), rows.column("BOR")
    if subject is None:
        return pl.Series([], dtype=pl.String)
    columns = [response.column] if response is not None and rows.kind == "responses" else _of_visits(rows)
    cells = {(w, b.values.get(w, w)) for b, v in rows.columns if b.column in columns for w in (*v.words, *b.values)}
    words = [cell for cell, meaning in cells if response_word(meaning) == "PD"]
    return rows.seen.frame.filter(pl.any_horizontal(pl.col(columns).is_in(words)))[subject.column].drop_nulls()


def _of_visits(main: Known) -> list[str]:
    said = {b.column for b, _ in main.columns if b.role is None and "BOR" in b.alternatives}
    families = wide_families(main.seen.frame.columns).values()
    return [c for visits in families if said & {*visits.values()} for c in visits.values()]
