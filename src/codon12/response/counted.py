"""The assessments that count, and everyone who is to have a result: what every response of a subject is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from codon12.parallel import of_all
from codon12.records.columns.needed import need
from codon12.response.assessments import analysis_set
from codon12.response.confirmation import with_confirmation
from codon12.response.keys import grouping
from codon12.response.policy import RecistPolicy
from codon12.response.terms import CODES

__all__ = ["Counted", "everyone", "first_of", "late_enough"]


@dataclass(frozen=True)
class Counted:
    """Assessments that count, and everyone who is to have a result."""

    rows: pl.DataFrame
    """As from ``analysis_set``."""
    people: pl.DataFrame
    """USUBJID, [EVAL, EVALID] in their order, and `_g` of `rows`, null for who has none."""
    policy: RecistPolicy

    @classmethod
    def of(cls, assessments: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy) -> Counted:
        """What counts of `assessments`, and a place for each subject of `reference` and each evaluator."""
        need(reference, ("USUBJID", "ADT"), what="reference")
        rows = analysis_set(assessments, reference, policy=policy)
        keys = grouping(rows)
        people = everyone(assessments, reference, like=rows, policy=policy)
        numbers = rows.filter(pl.col("_g") != pl.col("_g").shift(fill_value=0)).select(*keys, "_g")
        people = people.join(numbers, on=keys, how="left", nulls_equal=True, maintain_order="left")
        return cls(rows=rows, people=people, policy=policy)

    @cached_property
    def confirmed(self) -> pl.Series:
        """Whether each assessment is a CR or PR that a later one confirms."""
        return with_confirmation(self.rows, policy=self.policy)["_confirmed"]

    def responses(self, *, confirmed: bool) -> pl.Series:
        """Whether each assessment is a (confirmed) CR or PR."""
        return self.confirmed if confirmed else self.rows["_code"].is_in([CODES["CR"], CODES["PR"]])

    def per_person(self, found: pl.DataFrame) -> pl.DataFrame:
        """A row for everyone, with what was found of them (one row a `_g`); null where nothing was."""
        kept = [c for c in found.columns if c not in self.people.columns and not c.startswith("_")]
        rows = self.people.join(found.select("_g", *kept), on="_g", how="left", maintain_order="left")
        return rows.drop("_g")


def everyone(
    assessments: pl.DataFrame, reference: pl.DataFrame, *, like: pl.DataFrame, policy: RecistPolicy
) -> pl.DataFrame:
    """Each subject of `reference` with each evaluator, sorted, under the columns and types of `like`."""
    keys = grouping(like)
    dtype = like.schema["USUBJID"]
    subjects = reference.select(pl.col("USUBJID").cast(dtype)).unique()
    readers = [k for k in keys if k != "USUBJID"]
    if policy.denominator == "assessed":
        have = assessments.select(pl.col("USUBJID").cast(dtype)).unique()
        subjects = subjects.join(have, on="USUBJID", how="semi")
    if readers:
        pairs = assessments.filter(pl.col("AVALC").is_not_null()).select(readers).unique()
        if policy.evaluator is not None:
            pairs = pairs.filter(pl.col("EVAL").cast(pl.String) == policy.evaluator)
        own = frozenset(pairs.select(pl.all().cast(pl.String)).iter_rows())
        every = of_all("readers of responses", own) or {(None,) * len(readers)}
        named = pl.DataFrame(list(every), schema=dict.fromkeys(readers, pl.String), orient="row")
        subjects = subjects.join(named.cast({r: assessments.schema[r] for r in readers}), how="cross")
    return subjects.select(keys).sort(keys, nulls_last=True)


def first_of(rows: pl.DataFrame, rank: pl.Expr) -> pl.DataFrame:
    """Of each `_g` the first row of the lowest `rank`; rows are in order of date."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    best = rows.select("_g", (rank.cast(pl.Int64) * 2**40 + place).alias("_place"))
    at = best.group_by("_g").agg(pl.col("_place").min())["_place"] % 2**40
    return rows[at.sort().cast(pl.get_index_type())]


def late_enough(days: int, *, policy: RecistPolicy) -> pl.Expr:
    """Whether an assessment lies at least `days` after the reference date (false where that is missing)."""
    elapsed = (pl.col("ADT") - pl.col("_ref")).dt.total_days()
    if policy.sd_count == "study-day":
        elapsed = elapsed + 1  # an expression, not a number
    return (elapsed >= days).fill_null(value=False)
