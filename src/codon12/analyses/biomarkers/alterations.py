"""Alterations by gene and by codon: what an oncoprint and a lollipop show, as numbers and as frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from codon12.analyses.biomarkers.prevalence import interval_heading, limits
from codon12.analyses.plan import Analysis
from codon12.analyses.variables import level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.biomarker import StudyProfiles, alteration_matrix, genes_tested, lollipop_frame, oncoprint_calls
from codon12.biomarker.criterion import parse_criterion
from codon12.biomarker.profile import is_measured
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import NumberBook, slug, sql_text

__all__ = [
    "altered",
    "asked_genes",
    "gene_column",
    "genes_of",
    "lollipop",
    "lollipop_points",
    "oncoprint",
    "oncoprint_cells",
    "oncoprint_tracks",
    "profiled",
    "with_alterations",
]

_MOST_GENES = 15
"""Rows of an oncoprint whose genes are not named."""

_ALTERED = "Altered: a mutation that changes the protein, a high-level copy-number change, or a fusion."


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


def genes_of(analysis: Analysis, context: Context) -> list[str]:
    """Genes of an analysis: those it names, else those that its kind chooses.

    An oncoprint shows those asked about and the most often altered in its population, of the genes that a test read in
    full, in falling order; a lollipop the first asked about; co-occurrence all that are asked about.
    """
    if analysis.genes:
        return [g.upper() for g in analysis.genes]
    asked = asked_genes(context)
    if analysis.kind == "lollipop":
        return asked[:1]
    if analysis.kind == "co-occurrence":
        return asked
    profiles = profiled(context)
    if profiles is None:
        return []
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    calls = oncoprint_calls(profiles.calls).join(people, on="USUBJID", how="semi")
    read = genes_tested(profiles.tests, profiles.assays, calls["GENE"].unique().to_list())
    calls = calls.join(read, on=["USUBJID", "GENE"], how="semi")
    counts = (
        calls.group_by("GENE").agg(pl.col("USUBJID").n_unique().alias("n")).sort("n", "GENE", descending=[True, False])
    )
    often = counts["GENE"].head(_MOST_GENES).to_list()
    kept = set(list(dict.fromkeys([*asked, *often]))[:_MOST_GENES])
    return [g for g in counts["GENE"] if g in kept] + [g for g in asked if g in kept and g not in set(counts["GENE"])]


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


def with_alterations(context: Context, plan: Sequence[Analysis]) -> Context:
    """Add frame ``alterations``, which the predicates of oncoprint and co-occurrence look into.

    A row a subject, a column ``ALT_gene`` (Y, N, null: not tested) a gene of the plan.
    """
    profiles = profiled(context)
    shown = [a for a in plan if a.kind in ("oncoprint", "co-occurrence")]
    genes = list(dict.fromkeys(g for a in shown for g in genes_of(a, context)))
    if profiles is None or not genes:
        return context
    long = altered(profiles, genes).with_columns(
        pl.when("ALTERED").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("V"), pl.format("ALT_{}", "GENE").alias("C")
    )
    columns = [f"ALT_{g}" for g in genes]
    grid = context.adsl.select("USUBJID").join(pl.DataFrame({"C": columns}), how="cross")
    wide = grid.join(long, on=["USUBJID", "C"], how="left").pivot(
        on="C", index="USUBJID", values="V", maintain_order=True
    )
    return replace(context, frames={**context.frames, "alterations": wide.select("USUBJID", *columns)})


def oncoprint(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Patients with each gene altered, of those tested for it."""
    if "alterations" not in context.frames:
        return
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    members = context.members(predicate, arms=False).select("USUBJID").join(context.frames["alterations"], on="USUBJID")
    for gene in genes_of(analysis, context):
        values = members[f"ALT_{gene}"]
        n, total = int((values == "Y").sum()), int(values.is_not_null().sum())
        low, high = limits(n, total, analysis.conf_level)
        shared: dict[str, Any] = {
            "label": gene,
            "population": analysis.population,
            "n": n,
            "N": total,
            "value": 100 * n / total if total else None,
            "status": None if total else "no subjects",
            "method": f"{_ALTERED} Of the subjects in whom the gene was read; exact (Clopper-Pearson) limits.",
            "frame": "alterations",
            "where": context.where(predicate, f"{gene_column(gene)} = 'Y'"),
        }
        endpoint = f"altered.{slug(gene)}"
        book.add(analysis.name, endpoint, statistic="n", kind="fraction", level="Altered, n/N tested", **shared)
        book.add(
            analysis.name,
            endpoint,
            statistic="rate",
            main=True,
            kind="rate",
            level=interval_heading(analysis.conf_level),
            lower=low,
            upper=high,
            unit="%",
            conf_level=analysis.conf_level,
            **shared,
        )


def oncoprint_cells(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """What an oncoprint draws: USUBJID, GENE, CLASS (null: read and not altered); pairs not read are absent."""
    profiles = profiled(context)
    if analysis.kind != "oncoprint" or profiles is None:
        return None
    genes = genes_of(analysis, context)
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    calls = oncoprint_calls(profiles.calls).filter(pl.col("GENE").is_in(genes))
    read = altered(profiles, genes).select("USUBJID", "GENE")
    tested = pl.concat([read, calls.select("USUBJID", "GENE")]).unique().join(people, on="USUBJID", how="semi")
    cells = tested.join(calls, on=["USUBJID", "GENE"], how="left").sort("GENE", "USUBJID", "CLASS")
    # Patients without any gene read stand in the frame too, so that the cohort is whole.
    return pl.concat([cells, people.join(cells, on="USUBJID", how="anti")], how="diagonal").with_columns(
        analysis=pl.lit(analysis.name)
    )


def oncoprint_tracks(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """What stands above the genes of an oncoprint: USUBJID, TRACK (as printed), VALUE (as printed), RANK of the value.

    The tracks are the columns of `by`, in its order; a subject without a value has no row. Raises ``ConfigError`` where
    ADSL lacks a column, or it holds numbers.
    """
    if analysis.kind != "oncoprint" or profiled(context) is None:
        return None
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    parts = []
    for name in dict.fromkeys(analysis.by):
        where = f"codon12.toml, [analyses.{analysis.name}] by"
        if name not in context.adsl.columns:
            raise ConfigError(f"{where}: ADSL has no column {name}.")
        if context.adsl.schema[name].is_numeric():
            raise ConfigError(f"{where}: {name} holds numbers; a track shows categories: cut it in [covariates].")
        rows = context.adsl.select("USUBJID", V=pl.col(name).cast(pl.String)).join(people, on="USUBJID", how="semi")
        order = level_order(context, name, rows["V"])
        rank = pl.col("V").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64, default=None)
        shown = pl.col("V").replace_strict(order, [printed_level(v) for v in order], default=None)
        parts.append(
            rows.drop_nulls("V").select("USUBJID", TRACK=pl.lit(variable_label(context, name)), VALUE=shown, RANK=rank)
        )
    return pl.concat(parts).with_columns(analysis=pl.lit(analysis.name)) if parts else None


def lollipop(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Patients with each protein change of a gene, codon by codon, of those tested for mutations of the gene."""
    profiles = profiled(context)
    if profiles is None:
        return
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    for gene in genes_of(analysis, context):
        total = altered(profiles, [gene]).join(people, on="USUBJID", how="semi").height
        rows = lollipop_frame(profiles.calls.join(people, on="USUBJID", how="semi"), gene)
        for position, label, n, kind in rows.select("POS", "LABEL", "N", "CLASS").iter_rows():
            book.add(
                analysis.name,
                f"lollipop.{slug(gene)}.{slug(label)}",
                statistic="n",
                main=True,
                label=f"p.{label}",
                section=f"{gene} codon {position}",
                kind="count",
                population=analysis.population,
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


def lollipop_points(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """What a lollipop draws: GENE, POS, LABEL, N, CLASS."""
    profiles = profiled(context)
    if analysis.kind != "lollipop" or profiles is None:
        return None
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    calls = profiles.calls.join(people, on="USUBJID", how="semi")
    parts = [lollipop_frame(calls, g).with_columns(GENE=pl.lit(g)) for g in genes_of(analysis, context)]
    return pl.concat(parts).with_columns(analysis=pl.lit(analysis.name)) if parts else None
