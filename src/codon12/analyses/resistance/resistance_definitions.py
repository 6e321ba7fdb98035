"""All definitions of resistance side by side, and how many subjects meet two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import numpy as np
import polars as pl

from codon12.analyses.kind import Analysis, ConfLevel, Evaluator
from codon12.analyses.resistance.counts import COUNT, add_share, reader_of, readers_where
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, slug, sql_text

__all__ = ["ResistanceDefinitions"]

_METHOD = "Of the subjects classified; a criterion whose facts are missing is not evaluable, never not met."
_COLUMNS = ("USUBJID", "DEFINITION", "RESULT", "ALL_BUT_CONFIRMATION", "FIRSTEV")
_FIRST = ("progression", "death without progression", "neither")
_TESTS = ("RESULT = 'meets'", "ALL_BUT_CONFIRMATION = 'Y'", "RESULT = 'not evaluable'")
"""Met, met in all but confirmation, open."""
_MET = "(RESULT = 'meets' OR ALL_BUT_CONFIRMATION = 'Y')"


class ResistanceDefinitions(Analysis, frozen=True, kw_only=True, tag="resistance-definitions"):
    """Subjects that meet each definition of resistance, in all but confirmation, or are not evaluable; the overlap."""

    place: ClassVar = 310
    layout: ClassVar = "statistic"

    evaluator: Evaluator = "primary"
    conf_level: ConfLevel = 0.95
    overlap: Annotated[bool, msgspec.Meta(description="Whether the overlap of every two definitions is counted.")] = (
        True
    )

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """All definitions, where progressions are recorded."""
        notes = (
            (
                "Definitions disagree: which one is chosen changes the group. All but confirmation: every other "
                "criterion is met and no later assessment is on record."
            ),
        )
        return {
            64: cls(
                name="resistance-definitions",
                title="Resistance by every definition",
                section="resistance",
                footnotes=notes,
            )
        }

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Meets, all but confirmation and not evaluable for every definition; both of every two."""
        made = context.resistance
        if made is None or "resistance" not in context.frames:
            return
        reader = reader_of(self, context, "resistance")
        own = readers_where(reader)
        predicate = self.inside(context, None if reader is None else reader)
        members = context.members(predicate, arms=False).select("USUBJID")
        every = rows_of(context.frames, "resistance")
        every = (every if reader is None else every.filter(pl.col("EVAL") == reader)).select(_COLUMNS)

        own_rows = every.join(members.lazy(), on="USUBJID", how="semi")
        tests = {value: pl.col("FIRSTEV") == value for value in _FIRST} | {t: pl.sql_expr(t) for t in _TESTS}
        counted = own_rows.group_by("DEFINITION").agg(pl.len(), *(test.sum().alias(t) for t, test in tests.items()))
        counts = {row["DEFINITION"]: row for row in counted.collect(engine="streaming").iter_rows(named=True)}
        none = dict.fromkeys(["len", *tests], 0)
        common: dict[str, Any] = {"evaluator": reader, "frame": "resistance", "conf_level": self.conf_level}
        main = made.definitions.definitions[0].id
        base = context.where(predicate, own, f"DEFINITION = {sql_text(main)}")
        people = counts.get(main, none)
        for value in _FIRST:
            add_share(
                self, book, f"resistance.first_event.{slug(value)}", label=value[:1].upper() + value[1:],
                section="What came first", n=people[value], total=people["len"],
                rate=False, method="A death without progression is no resistance.",
                where=context.where(base, f"FIRSTEV = {sql_text(value)}"), **common,
            )  # fmt: skip
        for one in made.definitions.definitions:
            part = counts.get(one.id, none)
            base = context.where(predicate, own, f"DEFINITION = {sql_text(one.id)}")
            meets, but_confirmation, open_ = _TESTS
            cells = [("", "Meets the definition", meets, True)]
            if one.confirm_weeks is not None and made.policy.confirmation == "required":
                cells.append((".all_but_confirmation", "In all but confirmation", but_confirmation, True))
            cells.append((".not_evaluable", "Not evaluable", open_, False))
            for suffix, label, test, rate in cells:
                add_share(
                    self, book, f"resistance.{slug(one.id)}{suffix}", label=label, section=one.title,
                    n=part[test], total=part["len"], rate=rate, method=_METHOD,
                    where=context.where(base, test), **common,
                )  # fmt: skip
        if self.overlap:
            met = own_rows.filter(pl.sql_expr(_MET).fill_null(value=False)).select("USUBJID", "DEFINITION").collect()
            self._overlap(context, book, met, predicate, own, common)

    def _overlap(
        self, context: Context, book: NumberBook, met: pl.DataFrame, predicate: str, own: str, common: dict[str, Any]
    ) -> None:
        """Subjects that meet two definitions, of those that meet either."""
        made = context.resistance
        assert made is not None
        who = met.select("DEFINITION", place=pl.col("USUBJID").rank("dense").cast(pl.Int64))
        sets = {
            d: np.unique(part["place"].to_numpy())
            for (d,), part in who.partition_by("DEFINITION", as_dict=True).items()
        }
        none = np.zeros(0, np.int64)
        called = {d.id: d.called for d in made.definitions.definitions}
        for i, first in enumerate(called):
            for other in list(called)[i + 1 :]:
                one, two = sets.get(first, none), sets.get(other, none)
                both = np.intersect1d(one, two, assume_unique=True).size
                if not both:
                    continue
                book.add(
                    self.name, f"resistance.overlap.{slug(first)}.{slug(other)}", statistic="n", main=True,
                    label=f"{called[first][:1].upper()}{called[first][1:]} and {called[other]}",
                    section="Subjects that meet two definitions, of those with either",
                    kind="fraction", level=COUNT, population=self.population, n=both, N=one.size + two.size - both,
                    method="Meeting a definition in all but confirmation counts.",
                    evaluator=common["evaluator"], frame="resistance",
                    where=context.where(
                        predicate, own, f"DEFINITION IN ({sql_text(first)}, {sql_text(other)})", _MET
                    ),
                    having="ROWS IN (2)",
                )  # fmt: skip

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """Every definition in words, with its source."""
        made = context.resistance
        if made is None or "resistance" not in context.frames:
            return
        yield "Resistance", made.records.note
        for one in made.definitions.definitions:
            yield "Resistance", str(one)
        yield "Resistance", f"Definitions and organs: {'; '.join([*made.definitions.files, *made.organs.files])}."
