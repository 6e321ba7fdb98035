"""Columns of a table of subjects: the treatments, or the levels of one variable, and all subjects at the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from codon12.analyses.kind import Analysis
from codon12.analyses.variables import absences, level_order, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.errors import ConfigError

__all__ = ["Place", "Split", "split_subjects"]


@dataclass(frozen=True)
class Place:
    """One column: its key in `Split.members`, what its numbers say of it, and the predicate of its subjects."""

    key: str
    fields: dict[str, Any]
    test: str = ""
    arm: str = "all"


@dataclass(frozen=True)
class Split:
    """Subjects of an analysis, once per column they are in (USUBJID, PLACE), and the columns in printing order."""

    members: pl.DataFrame
    places: tuple[Place, ...]
    predicate: str

    @cached_property
    def totals(self) -> dict[str, int]:
        """Number of subjects of each column."""
        return dict(self.members.group_by("PLACE").len().iter_rows())

    def where(self, context: Context, place: Place, *tests: str) -> str:
        """Predicate of the subjects behind one cell."""
        return context.where(self.predicate, *tests, place.test, arm=place.arm)


def split_subjects(analysis: Analysis, context: Context, *, across: str = "") -> Split:
    """Subjects of an analysis by treatment, or by the levels of the column `across`; who has none, by the reason.

    Raises ``ConfigError`` where ADSL has no such column.
    """
    predicate = analysis.inside(context)
    members = context.members(predicate).rename({"ARM": "PLACE"})
    if not across:
        places = tuple(Place(arm, {"arm": arm}, arm=arm) for arm in context.columns())
        return Split(members, places, predicate)
    name = across
    if name not in context.variables:
        raise ConfigError(f"codon12.toml, [analyses.{analysis.name}] across: ADSL has no column {name}.")
    people = members.filter(PLACE="all").select("USUBJID")
    values = context.values("USUBJID", PLACE=pl.col(name).cast(pl.String))
    people = people.join(values, on="USUBJID", how="left")
    own = people.drop_nulls("PLACE")
    present = set(own["PLACE"])
    label = variable_label(context, name)
    columns, parts = [], [own]
    shown = printed_levels(v for v in level_order(context, name, own["PLACE"]) if v in present)
    for level, words in shown.items():
        fields = {"group": label, "level": words}
        columns.append(Place(level, fields, context.equals(name, level)))
    for reason, test, _ in absences(context, name, people.filter(pl.col("PLACE").is_null())["USUBJID"]):
        inside = context.subjects.filter(pl.sql_expr(test).fill_null(value=False)).select("USUBJID").collect()
        absent = people.filter(pl.col("PLACE").is_null()).join(inside, on="USUBJID", how="semi")
        words = f"{reason} (no value)" if reason in shown.values() else reason
        parts.append(absent.with_columns(PLACE=pl.lit(f" {words}")))  # no level begins with a blank
        columns.append(Place(f" {words}", {"group": label, "level": words}, test))
    parts.append(people.with_columns(PLACE=pl.lit("all")))
    return Split(pl.concat(parts), (*columns, Place("all", {})), predicate)
