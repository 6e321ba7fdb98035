"""Disposition: who is still on treatment and in the study, and why the others left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from codon12.analyses.kind import (
    Across,
    Analysis,
    Layout,
)
from codon12.analyses.patients.counts import count_levels
from codon12.analyses.split import split_subjects
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug

__all__ = ["Disposition"]


class Disposition(Analysis, frozen=True, kw_only=True, tag="disposition"):
    """Status of treatment and study, with the reasons for stopping."""

    place: ClassVar = 30

    across: Across = ""

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Disposition of every study that records it."""
        return {30: cls(name="disposition", title="Disposition", section="patients")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Status of treatment and study, with the reasons for stopping."""
        split = split_subjects(self, context, across=self.across)
        for name in ("EOTSTT", "DCTREAS", "EOSSTT", "DCSREAS"):
            if context.is_filled(name):
                endpoint = f"disposition.{slug(name)}"
                count_levels(self, context, book, split, name, endpoint=endpoint, missing=False)

    @property
    def columns(self) -> Layout:
        """A column a treatment, or a level of `across`."""
        return "group" if self.across else "arm"
