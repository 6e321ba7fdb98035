"""Pairs of genes altered together, or avoiding one another: exact tests, adjusted for their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import msgspec
import polars as pl

from codon12.analyses.biomarkers.alterations import alteration_columns, altered, asked_genes, gene_column, profiled
from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    EvidenceLike,
    Genes,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure
from codon12.biomarker import CoOccurrenceRule, co_occurrence_table, multiplicity_sentence
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import co_occurrence
from codon12.numbers import Rounding

__all__ = ["CoOccurrence"]

_METHOD = (
    "Pairs of genes were compared by Fisher's exact test, with conditional odds ratios, in the subjects tested for "
    "both."
)


class CoOccurrence(Analysis, frozen=True, kw_only=True, tag="co-occurrence"):
    """Pairs of genes altered together or apart: Fisher's exact test, odds ratio with limits, adjusted P."""

    place: ClassVar = 200
    layout: ClassVar = "statistic"

    genes: Genes = ()
    adjustment: Annotated[
        Literal["benjamini-hochberg", "holm", "bonferroni", "none"],
        msgspec.Meta(description="How the P values of all pairs are adjusted together."),
    ] = "benjamini-hochberg"
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Pairs of the genes asked about."""
        notes = ("In the patients tested for both genes.",)
        title = "Alterations that occur together"
        return {200: cls(name="co-occurrence", title=title, section="biomarkers", display="both", footnotes=notes)}

    def shown(self, context: Context) -> list[str]:
        """Genes paired: those named, else all that are asked about."""
        return [g.upper() for g in self.genes] or asked_genes(context)

    def rows(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``alterations``."""
        return alteration_columns(context, self.shown(context))

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Counts of the four combinations of each pair, odds ratio with exact limits, P as tested and as adjusted."""
        table = self._pairs(context)
        if table is None or "alterations" not in context.frames:
            return
        predicate = self.inside(context)
        said = multiplicity_sentence(table, _rule(self))
        how = "Conditional maximum-likelihood odds ratio with exact limits, in the subjects tested for both genes."
        method = f"{said} {how}"
        for row in table.iter_rows(named=True):
            a, b = (gene_column(row[k]) for k in "AB")
            total = row["N"] + row["A_ONLY"] + row["B_ONLY"] + row["NEITHER"]
            shared: dict[str, Any] = {
                "label": f"{row['A']} and {row['B']}",
                "variable": f"{row['A']} x {row['B']}",
                "population": self.population,
                "N": total,
                "method": method,
                "frame": "alterations",
            }
            endpoint = f"co_occurrence.{slug(row['A'])}.{slug(row['B'])}"
            cells = (
                ("both", "Both", row["N"], "Y", "Y"),
                ("first_only", "First only", row["A_ONLY"], "Y", "N"),
                ("second_only", "Second only", row["B_ONLY"], "N", "Y"),
                ("neither", "Neither", row["NEITHER"], "N", "N"),
            )
            for statistic, heading, n, one, two in cells:
                book.add(
                    self.name, endpoint, statistic=statistic, kind="count", level=heading, n=n,
                    where=context.where(predicate, f"{a} = '{one}'", f"{b} = '{two}'"), **shared,
                )  # fmt: skip
            where = context.where(predicate, f"{a} IS NOT NULL", f"{b} IS NOT NULL")
            odds = {
                k: v if v is not None and v != float("inf") else None
                for k, v in row.items()
                if k in ("ODDS", "LOWER", "UPPER")
            }
            book.add(
                self.name, endpoint, statistic="odds_ratio", kind="ratio", n=row["N"], where=where,
                level=f"Odds ratio ({100 * self.conf_level:g}% CI)", conf_level=self.conf_level,
                value=odds["ODDS"], lower=odds["LOWER"], upper=odds["UPPER"],
                status=None if odds["ODDS"] is not None else "not estimable",
                upper_status=None if odds["UPPER"] is not None else "not estimable", **shared,
            )  # fmt: skip
            for statistic, heading, value in (("p", "P", row["P_RAW"]), ("p_adjusted", "P adjusted", row["P"])):
                book.add(
                    self.name, endpoint, statistic=statistic, kind="p", level=heading, n=row["N"], value=value,
                    where=where, **shared,
                )  # fmt: skip

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``co_occurrence``."""
        found = self._pairs(context)
        return {} if found is None else {"co_occurrence": found}

    def _pairs(self, context: Context) -> pl.DataFrame | None:
        """Every pair of genes with its counts and test, as `codon12.biomarker.co_occurrence_table` gives them."""
        profiles = profiled(context)
        genes = self.shown(context)
        if profiles is None or len(genes) < 2:
            return None
        predicate = self.inside(context)
        people = context.members(predicate, arms=False).select("USUBJID")
        matrix = altered(profiles, genes).join(people, on="USUBJID", how="semi")
        table = co_occurrence_table(matrix, genes=genes, rule=_rule(self))
        return table.with_columns(analysis=pl.lit(self.name))

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Odds ratio of every pair."""
        pairs = own_points(evidence, "co_occurrence", self)
        if pairs.is_empty():
            return
        method = str(own.sort("order")["method"][0])
        yield StudyFigure(
            self.name,
            self.name,
            self.title,
            "Odds ratio of every pair of genes in the patients tested for both: blue, altered together more often than "
            f"by chance; orange, less often. {method}",
            co_occurrence(pairs, note=multiplicity_sentence(pairs, _rule(self))),
        )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How pairs are compared."""
        if context.profiles is not None:
            told = " ".join(_rule(self).sentences().values())
            yield "Biomarkers", f"{_METHOD} {told}"


def _rule(analysis: CoOccurrence) -> CoOccurrenceRule:
    """How the pairs of an analysis are tested."""
    return CoOccurrenceRule(adjustment=analysis.adjustment, level=analysis.conf_level)
