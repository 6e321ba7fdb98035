"""Best responses and progressions that a registry tells beside the assessments of each visit: what is not used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from codon12.init.tables import Known
from codon12.init.visits import wide_families
from codon12.init.vocabulary import response_word

__all__ = ["told_apart"]


def told_apart(main: Known, events: Sequence[Known], others: Sequence[Known]) -> Iterator[str]:
    """Say which best responses are not used, and how many progressions that are told no assessment has."""
    for table in (main, *others):
        best = next((b for b, _ in table.columns if b.role == "BOR" and b.confidence != "unsure"), None)
        if best is not None:
            place = f"{table.seen.place}, {best.column}"
            yield f"{place}: not used; the responses follow from the assessments of each visit."
    progress, subject = main.column("PROGDT"), main.column("USUBJID")
    if progress is None or subject is None or any(k.kind == "lesions" for k in events):
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
