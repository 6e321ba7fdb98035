"""Days on which patients may have come under observation, where another table than that of the patients has them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from codon12.init.entry import days_after
from codon12.init.joins import join_name, joined
from codon12.init.keys import shared_key
from codon12.init.markers import markers_in
from codon12.init.tables import Join, Known
from codon12.init.times import begin_of
from codon12.init.values import Values
from codon12.init.vocabulary import beside_words, words
from codon12.records.columns.late_entry import may_be_entry

__all__ = ["with_entries"]

_OFTEN = 0.2
"""Share of the patients whose first sample is after time zero, from which its day may be that of entry."""


def with_entries(main: Known, others: Sequence[Known]) -> tuple[Known, list[str]]:
    """Give the table of patients with the first day of consent, inclusion, sequencing or sampling that others have.

    Only where it lies after time zero; the report then says so, and the time of entry is proposed beside the times.
    """
    begin, said = begin_of(main), []
    subject = main.column("USUBJID")
    if begin is None or subject is None:
        return main, []
    for other in others:
        if other.seen.sampled or other.seen.hidden or other.kind in ("lesions", "responses", "events"):
            continue
        key = shared_key(main, other, subject)
        for belief, values in other.columns if key is not None else ():
            entered = may_be_entry(belief.column)
            sampled = _of_samples(other) and bool({*words(belief.column)} & beside_words("samples"))
            used = any(belief.column in j.columns.values() and j.other is other for j in main.joins)
            if key is None or used or not (entered or sampled) or not _dated(values):
                continue
            name = (
                belief.column
                if entered and belief.column not in main.seen.frame.columns
                else f"{belief.column} (entry)"
            )
            formats = values.dates.formats if values.dates is not None else ()
            read = replace(belief, role=None, confidence="unsure", formats=formats, why="may be the day of entry")
            columns = tuple((read if b is belief else b, v) for b, v in other.columns)
            why = f"{belief.column} may be the day on which patients came under observation; the first of each patient"
            join = Join(
                name=join_name(main, other),
                other=replace(other, columns=columns),
                key=key,
                on=subject.column,
                columns={name: belief.column},
                order=belief.column,
                where=None,
                why=why,
                pick="first",
            )
            wider = joined(main, join)
            late, size = days_after(wider, name, list(formats), begin[0])
            if late >= (1 if entered else max(2, _OFTEN * size)):
                main = wider
                said.append(f"{other.seen.place}: {why}: after {begin[1]} in {late} of {size} patients.")
    return main, said


def _of_samples(other: Known) -> bool:
    """Whether a table is of samples or of what was found in them, and not of scans or blood counts."""
    roles = {b.role for b, _ in other.columns}
    return bool(roles & {"SAMPLE_ID", "GENE", "PROTEIN"}) or any(True for _ in markers_in(other))


def _dated(values: Values) -> bool:
    return values.dates is not None and not values.dates.choices and not values.dates.months
