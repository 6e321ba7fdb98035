"""Which genes are altered in whom, of those in whom they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codon12.biomarker import alteration_matrix, genes_tested, oncoprint_calls
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.profile import is_measured
from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.context import Context

__all__ = ["alteration_columns", "altered", "asked_genes", "gene_column", "profiled"]


def profiled(context: Context) -> StudyProfiles | None:
    """Profiles of a study in which somebody was tested and something called; None else."""
    found = context.profiles
    return found if found is not None and found.calls.height and found.tests.height else None


def asked_genes(context: Context) -> list[str]:
    """Genes that the biomarkers of the configuration ask about, in its order."""
    out: dict[str, None] = {}
    for entry in context.config.biomarkers.values():
        question = entry if isinstance(entry, str) else entry.question
        gene = None if isinstance(entry, str) else entry.alleles
        if gene:
            out[gene.upper()] = None
        if question and not is_measured(question):
            out |= dict.fromkeys(parse_criterion(question).genes)
    return list(out)


def gene_column(gene: str) -> str:
    """Column of a gene in the frame ``alterations``, quoted for a predicate."""
    return f'"ALT_{gene}"'


def altered(profiles: StudyProfiles, genes: Sequence[str]) -> pl.DataFrame:
    """Whether each gene is altered: USUBJID, GENE, ALTERED, one row a pair whose whole gene was read for mutations.

    An alteration seen by a list of hotspots alone is in no row: the list could not have denied the others.
    """
    read = genes_tested(profiles.tests, profiles.assays, list(genes))
    calls = oncoprint_calls(profiles.calls).join(read, on=["USUBJID", "GENE"], how="semi")
    return alteration_matrix(calls, read)


def alteration_columns(context: Context, genes: Sequence[str]) -> Mapping[str, pl.DataFrame]:
    """Frame ``alterations``: a row a subject, a column ``ALT_gene`` (Y, N, null: not tested) a gene."""
    profiles = profiled(context)
    if profiles is None or not genes:
        return {}
    genes = list(dict.fromkeys(genes))
    long = altered(profiles, genes).with_columns(
        pl.when("ALTERED").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("V"), pl.format("ALT_{}", "GENE").alias("C")
    )
    columns = [f"ALT_{g}" for g in genes]
    grid = context.values("USUBJID").join(pl.DataFrame({"C": columns}), how="cross")
    wide = grid.join(long, on=["USUBJID", "C"], how="left").pivot(
        on="C", index="USUBJID", values="V", maintain_order=True
    )
    return {"alterations": wide.select("USUBJID", *columns)}
