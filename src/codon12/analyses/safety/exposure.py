"""Exposure: how long subjects were treated, and whose dose changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook

__all__ = ["Exposure"]


class Exposure(Analysis, frozen=True, kw_only=True, tag="exposure"):
    """Duration of treatment, and subjects with a dose reduced or interrupted."""

    place: ClassVar = 40
    treatment: ClassVar = "actual"

    population: Annotated[str, msgspec.Meta(description="Whose subjects are analysed; by default all treated.")] = (
        "safety"
    )
    landmarks: Annotated[
        tuple[float, ...], msgspec.Meta(description="Months of treatment that subjects are counted to have reached.")
    ] = (3.0, 6.0, 9.0)

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Exposure of every study that records doses."""
        return {40: cls(name="exposure", title="Exposure and dose changes", section="patients")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Duration of treatment and subjects with a dose change."""
        if "adex" not in context.frames:
            return
        predicate = self.inside(context)
        frame = context.frames["adex"].with_columns(MONTHS=pl.col("TRTDURD") / context.month)
        members = context.members(predicate).join(frame, on="USUBJID", how="left")
        landmarks = self.landmarks
        rows = members.group_by("ARM").agg(
            N=pl.len(),
            known=pl.col("MONTHS").count(),
            median=pl.col("MONTHS").median(),
            low=pl.col("MONTHS").min(),
            high=pl.col("MONTHS").max(),
            **{f"at{m:g}": (pl.col("TRTDURD") >= m * context.month).sum() for m in landmarks},
            **{c: (pl.col(f"N_{c}") > 0).sum() for c in ("REDUCED", "INTERRUPTED")},
        )
        got = {row["ARM"]: row for row in rows.iter_rows(named=True)}
        common: dict[str, Any] = {"population": self.population, "frame": "adex"}
        for arm in context.columns():
            row = got.get(arm, {"N": 0, "known": 0})
            shared: dict[str, Any] = {**common, "arm": arm, "section": "Duration of treatment, months"}
            for statistic, label, kind, value, limits in (
                ("median", "Median", "value", row.get("median"), (None, None)),
                ("range", "Range", "range", None, (row.get("low"), row.get("high"))),
            ):
                book.add(
                    self.name,
                    "exposure.duration",
                    statistic=statistic,
                    label=label,
                    kind=kind,
                    n=row["known"],
                    N=row["N"],
                    value=value,
                    lower=limits[0],
                    upper=limits[1],
                    status=None if row["known"] else "no subjects",
                    unit="months",
                    method=f"Last minus first day of dosing plus 1, over {context.month:g}.",
                    where=context.where(predicate, "TRTDURD IS NOT NULL", arm=arm),
                    **shared,
                )
            counted = [
                (
                    f"duration_{m:g}mo",
                    f"At least {m:g} months",
                    row.get(f"at{m:g}", 0),
                    f"TRTDURD >= {m * context.month!r}",
                )
                for m in landmarks
            ]
            counted += [
                ("reduced", "Dose reduced", row.get("REDUCED", 0), "N_REDUCED > 0"),
                ("interrupted", "Dose interrupted", row.get("INTERRUPTED", 0), "N_INTERRUPTED > 0"),
            ]
            for name, label, n, test in counted:
                book.add(
                    self.name,
                    f"exposure.{name}",
                    statistic="n",
                    main=True,
                    label=label,
                    kind="count",
                    n=n,
                    N=row["N"],
                    method="Number and percentage of treated subjects.",
                    where=context.where(predicate, test, arm=arm),
                    **{
                        **shared,
                        "section": "Duration of treatment, months" if "duration" in name else "Dose changes",
                    },
                )
