"""Mutations by codon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Self

import polars as pl

from codon12.analyses.biomarkers.alterations import altered, asked_genes, profiled
from codon12.analyses.kind import (
    Analysis,
    EvidenceLike,
    Genes,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure
from codon12.biomarker import lollipop_frame
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.figures import lollipop
from codon12.numbers import Rounding

__all__ = ["PROTEIN_LENGTHS", "Lollipop"]

PROTEIN_LENGTHS = {
    "KRAS": 189,
    "NRAS": 189,
    "HRAS": 189,
    "STK11": 433,
    "KEAP1": 624,
    "TP53": 393,
    "EGFR": 1210,
    "BRAF": 766,
    "ERBB2": 1255,
    "MET": 1390,
    "PIK3CA": 1068,
}
"""Residues of the canonical protein (UniProt); KRAS in its longer form, 4A."""


class Lollipop(Analysis, frozen=True, kw_only=True, tag="lollipop"):
    """Patients with each protein change of a gene, codon by codon."""

    place: ClassVar = 190

    genes: Genes = ()

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Changes of the first gene asked about."""
        return {190: cls(name="lollipop", title="Mutations by codon", section="biomarkers", display="both")}

    def shown(self, context: Context) -> list[str]:
        """Genes shown: those named, else the first that is asked about."""
        return [g.upper() for g in self.genes] or asked_genes(context)[:1]

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Patients with each protein change of a gene, codon by codon, of those tested for mutations of the gene."""
        profiles = profiled(context)
        if profiles is None:
            return
        predicate = self.inside(context)
        people = context.members(predicate, arms=False).select("USUBJID")
        for gene in self.shown(context):
            total = altered(profiles, [gene]).join(people, on="USUBJID", how="semi").height
            rows = lollipop_frame(profiles.calls.join(people, on="USUBJID", how="semi"), gene)
            for position, label, n, kind in rows.select("POS", "LABEL", "N", "CLASS").iter_rows():
                book.add(
                    self.name,
                    f"lollipop.{slug(gene)}.{slug(label)}",
                    statistic="n",
                    main=True,
                    label=f"p.{label}",
                    section=f"{gene} codon {position}",
                    variable=gene,
                    category=label,
                    kind="count",
                    population=self.population,
                    n=n,
                    N=total,
                    method="Subjects with the change, of those in whom the gene was read; each once a change.",
                    frame="calls",
                    where=context.where(
                        predicate,
                        f"GENE = {sql_text(gene)}",
                        f"PROTEIN = {sql_text(f'p.{label}')}",
                        f"CLASS = {sql_text(kind)}",
                    ),
                )

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``lollipop``."""
        found = self._changes(context)
        return {} if found is None else {"lollipop": found}

    def _changes(self, context: Context) -> pl.DataFrame | None:
        """What a lollipop draws: GENE, POS, LABEL, N, CLASS."""
        profiles = profiled(context)
        if profiles is None:
            return None
        predicate = self.inside(context)
        people = context.members(predicate, arms=False).select("USUBJID")
        calls = profiles.calls.join(people, on="USUBJID", how="semi")
        parts = [lollipop_frame(calls, g).with_columns(GENE=pl.lit(g)) for g in self.shown(context)]
        return pl.concat(parts).with_columns(analysis=pl.lit(self.name)) if parts else None

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """One lollipop a gene."""
        points = own_points(evidence, "lollipop", self)
        if points.is_empty():
            return
        genes = list(dict.fromkeys(points["GENE"]))
        for gene in genes:
            part = points.filter(GENE=gene)
            last = int(part["POS"].max() or 1)  # type: ignore[arg-type]  # codons are integers
            known = PROTEIN_LENGTHS.get(gene)
            length = max(last, known or 0)
            end = "" if known else " The length of the protein is not held: the axis ends at the last codon changed."
            alone = part["N"].max() == 1
            rare = f" Changes {'' if alone else 'seen in one patient, or '}without room for their name are not named."
            tested = own.filter(pl.col("variable") == gene)["N"].max()
            yield StudyFigure(
                self.name if len(genes) == 1 else f"{self.name}-{gene.lower()}",
                self.name,
                f"{gene} mutations by codon",
                f"Patients with each protein change of {gene}, of {tested:,} in whom the gene was read, each once a "
                f"change.{rare}{end}",
                lollipop(part, length=length, gene=gene, label_from=1 if alone else 2),
            )
