"""Best change in the sum of target lesions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    Evaluator,
    EvidenceLike,
)
from codon12.analyses.response.response import best_responses, coloured_by, counted_rows
from codon12.analyses.study_figure import StudyFigure, arms_of, evaluator_words
from codon12.derive.context import Context, planned_arm
from codon12.evidence.frames import columns_of, rows_of
from codon12.evidence.schema import NumberBook, sql_text
from codon12.figures import spider, waterfall
from codon12.numbers import Rounding

__all__ = ["BestChange"]

_MINUS = "\u2212"


class BestChange(Analysis, frozen=True, kw_only=True, tag="best-change"):
    """Best change in the sum of target lesions: measured, shrunk, medians; waterfall and spider."""

    place: ClassVar = 70

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default those evaluable for response.")
    ] = "response"
    evaluator: Evaluator = "primary"

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Best change by the primary evaluator."""
        title = "Best change in the sum of target lesions"
        return {70: cls(name="best-change", title=title, section="response", display="both")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Subjects with a post-baseline sum, with shrinkage, and the median best change."""
        evaluator = context.evaluator(self.evaluator)
        if evaluator is None or "adtr" not in context.frames:
            return
        parameter, _ = context.best_response
        predicate = self.inside(context, evaluator)
        best = f"ANL02FL = 'Y' AND EVAL = {sql_text(evaluator)}"
        change = rows_of(context.frames, "adtr").filter(pl.sql_expr(best)).select("USUBJID", "PCHG").collect()
        counted = (pl.col("PARAMCD") == parameter) & (pl.col("EVAL") == evaluator)
        answer = rows_of(context.frames, "adrs").filter(counted).select("USUBJID", "AVALC").collect()
        members = (
            context.members(predicate)
            .join(change, on="USUBJID", how="left")
            .join(answer, on="USUBJID", how="left")
            .with_columns(RESPONDER=pl.col("AVALC").is_in(list(context.responders)).fill_null(value=False))
        )
        stats = {
            row["ARM"]: row
            for row in members.group_by("ARM")
            .agg(
                N=pl.len(),
                bars=pl.col("PCHG").count(),
                shrank=(pl.col("PCHG") < 0).sum(),
                median=pl.col("PCHG").median(),
                responders=(pl.col("RESPONDER") & pl.col("PCHG").is_not_null()).sum(),
                median_responders=pl.col("PCHG").filter("RESPONDER").median(),
            )
            .iter_rows(named=True)
        }
        common: dict[str, Any] = {"frame": "adtr", "evaluator": evaluator, "population": self.population, "unit": "%"}
        for arm in context.columns():
            row = stats.get(arm, {"N": 0, "bars": 0, "shrank": 0, "responders": 0})
            for endpoint, label, n, test in (
                ("best_change.measured", "With a post-baseline sum of target lesions", row["bars"], ""),
                ("best_change.shrinkage", "With any decrease from baseline", row["shrank"], "PCHG < 0"),
            ):
                book.add(
                    self.name,
                    endpoint,
                    statistic="n",
                    main=True,
                    label=label,
                    kind="count",
                    arm=arm,
                    n=n,
                    N=row["N"],
                    method="Best change: lowest percent change from baseline among complete sums after baseline.",
                    where=context.where(predicate, best, test, arm=arm),
                    **common,
                )
            for endpoint, label, n, value, test in (
                ("best_change", "Median best change, %, all", row["bars"], row.get("median"), "PCHG IS NOT NULL"),
                (
                    "best_change.responders",
                    "Median best change, %, patients with a response",
                    row["responders"],
                    row.get("median_responders"),
                    "RESPONDERFL = 'Y'",
                ),
            ):
                book.add(
                    self.name,
                    endpoint,
                    statistic="median",
                    label=label,
                    kind="value",
                    arm=arm,
                    n=n,
                    N=row["N"],
                    value=value,
                    status=None if n else "no subjects",
                    method="Median of the best percent change from baseline.",
                    where=context.where(predicate, best, test, arm=arm),
                    **common,
                )

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Waterfall and spider of the patients whose best change the evidence counts."""
        measured = own.filter((pl.col("endpoint") == "best_change") & (pl.col("arm") == "all"))
        bars = counted_rows(evidence, measured)
        if bars is None or bars.is_empty():
            return
        best = best_responses(evidence)
        arms = arms_of(own)
        bars = bars.drop("BOR", strict=False).join(best, on="USUBJID", how="left", maintain_order="left")
        known = columns_of(evidence.frames, "adsl")
        wanted = ("USUBJID", "STARTDT", "RANDFL", "TRT01P", "TRT01A", "ARM")
        adsl = rows_of(evidence.frames, "adsl").select(c for c in known if c in wanted).collect()
        group = planned_arm(adsl) if arms else None
        n, who = bars.filter(pl.col("PCHG").is_not_null()).height, evaluator_words(own)
        coloured = coloured_by(evidence, who=who)
        yield StudyFigure(
            "waterfall",
            self.name,
            "Best change in tumour burden",
            f"Lowest change from baseline in the sum of diameters of target lesions, by {who}, of the {n:,} "
            f"{'patient' if n == 1 else 'patients'} with a sum after baseline, {coloured}. Dashed lines: +20% "
            f"and {_MINUS}30%. An arrow head marks an increase beyond the scale. NE denotes not evaluable.",
            waterfall(bars, group=group, groups=arms),
        )
        evaluator = bars["EVAL"].drop_nulls()
        sums = rows_of(evidence.frames, "adtr").filter((pl.col("ANL01FL") == "Y") & pl.col("PCHG").is_not_null())
        if len(evaluator):
            sums = sums.filter(pl.col("EVAL") == evaluator[0])
        visits = sums.select("USUBJID", "ADT", "PCHG").collect()
        treated = adsl.select("USUBJID", START="STARTDT", **({"ARM_": pl.col(group)} if group else {}))
        visits = (
            visits.join(bars.select("USUBJID", "BOR").unique("USUBJID"), on="USUBJID", how="inner")
            .join(treated, on="USUBJID", how="left")
            .with_columns(TIME=(pl.col("ADT") - pl.col("START")).dt.total_days() / evidence.context.month)
        )
        if visits.height:
            drawn = spider(visits, group="ARM_" if arms else None, groups=arms)
            beyond = any(v["clipped"] for v in drawn["data"]["values"])
            yield StudyFigure(
                "spider",
                self.name,
                "Tumour burden over time",
                f"Change from baseline in the sum of diameters of target lesions at each complete assessment, by {who}"
                f"; one line a patient, {coloured}. Dashed lines: +20% and {_MINUS}30% from baseline."
                f"{' An arrow head marks an increase beyond the scale.' if beyond else ''}",
                drawn,
            )
