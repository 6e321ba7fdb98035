"""Second changes in the codon of the target allele: joined where they lie in cis, before states are compared."""

from __future__ import annotations

import polars as pl

from codon12.biomarker.variants.ras import RAS_GENES
from codon12.resistance.catalogue import Catalogue
from codon12.resistance.codon_products import codon_product

__all__ = ["join_target_codons", "phase_notes", "target_alleles"]


def target_alleles(catalogue: Catalogue) -> pl.DataFrame:
    """Mutations that drugs aim at in RAS genes: DRUG, GENE, TARGET, CODON; those whose loss is a mechanism."""
    rows = [
        (drug, gene, lost, int(lost[3:-1]))
        for drug in catalogue.drugs
        for rule in catalogue.rules_for(drug)
        if rule.match.lost and rule.match.lost != "any"
        for lost in rule.match.spelled((rule.match.lost,))
        if lost[3:-1].isdigit()
        for gene in rule.match.all_genes
        if gene in RAS_GENES
    ]
    schema = {"DRUG": pl.String, "GENE": pl.String, "TARGET": pl.String, "CODON": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)


def join_target_codons(calls: pl.DataFrame, targets: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name a change on the molecule of the target mutation as the protein reads; the calls, and the joins made.

    `calls` has PAIR, TIME, SAMPLE and DRUG beside the columns of a calls frame. A call is in cis where its PHASE says
    so, or is that of the target in the same sample. The target itself stays: molecules without the second change
    carry it. Joins: PAIR, TIME, SAMPLE, PROTEIN (as called), TARGET, PRODUCT (null where it cannot be told).
    """
    number = pl.col("PROTEIN").str.extract(r"^p\.[A-Z](\d+)").cast(pl.Int64)
    rows = calls.with_row_index("_row")
    near = rows.filter(pl.col("GENE").is_in(targets["GENE"].unique().to_list())).with_columns(CODON=number)
    near = near.join(targets, on=["DRUG", "GENE", "CODON"], how="inner")
    own = near.filter(pl.col("PROTEIN") == pl.col("TARGET")).select(
        "PAIR", "TIME", "SAMPLE", "GENE", OWN_PHASE="PHASE", OWN_VAF="VAF"
    )
    own = own.unique(["PAIR", "TIME", "SAMPLE", "GENE"], keep="first", maintain_order=True)
    second = near.filter(pl.col("PROTEIN") != pl.col("TARGET")).join(
        own, on=["PAIR", "TIME", "SAMPLE", "GENE"], how="inner"
    )
    distinct = second.select("GENE", "TARGET", "PROTEIN", "CODING").unique(maintain_order=True)
    products = [codon_product(g, t, p, c) for g, t, p, c in distinct.iter_rows()]
    distinct = distinct.with_columns(PRODUCT=pl.Series(products, dtype=pl.String))
    keys = ["GENE", "TARGET", "PROTEIN", "CODING"]
    second = second.join(distinct, on=keys, how="left", nulls_equal=True).with_columns(PHASE=phase_word())
    joins = second.select("_row", "PAIR", "TIME", "SAMPLE", "GENE", "PROTEIN", "TARGET", "PRODUCT", "PHASE")
    cis = joins.filter((pl.col("PHASE") == "cis") & pl.col("PRODUCT").is_not_null())
    if cis.height:
        made = cis.select("_row", NEW="PRODUCT")
        rows = rows.join(made, on="_row", how="left", maintain_order="left").with_columns(
            PROTEIN=pl.coalesce("NEW", "PROTEIN"),
            CLASS=pl.when(pl.col("NEW").is_null())
            .then("CLASS")
            .when(pl.col("NEW").str.ends_with("*"))
            .then(pl.lit("truncating"))
            .when(pl.col("NEW").str.ends_with("="))
            .then(pl.lit("silent"))
            .otherwise(pl.lit("missense")),
            **{c: pl.when(pl.col("NEW").is_null()).then(c) for c in ("CODING", "CHROM", "POS", "REF", "ALT")},
        )
        rows = rows.drop("NEW")
    return rows.drop("_row"), joins.drop("_row")


def phase_word() -> pl.Expr:
    """``cis`` or ``trans`` of a call to the target of its sample, by words or phase sets; null where not known."""
    word = pl.col("PHASE").str.strip_chars().str.to_lowercase()
    own = pl.col("OWN_PHASE")
    same_set = pl.col("PHASE").str.extract(r"^(.*):[^:]*$") == own.str.extract(r"^(.*):[^:]*$")
    return (
        pl.when(word.is_in(["cis", "trans"]))
        .then(word)
        .when((pl.col("PHASE") == own).fill_null(value=False))
        .then(pl.lit("cis"))
        .when(same_set.fill_null(value=False))
        .then(pl.lit("trans"))
    )


def phase_notes(joins: pl.DataFrame) -> pl.DataFrame:
    """Sentences on second changes in the target's codon: PAIR, TIME, GENE, PROTEIN, KIND (joined, open), NOTE."""
    known = joins.filter(pl.col("PRODUCT").is_not_null() & pl.col("PHASE").ne_missing("trans"))
    cis = pl.col("PHASE").eq_missing(pl.lit("cis"))
    joined = pl.format("{} in cis with {} is {}", "PROTEIN", "TARGET", "PRODUCT")
    unknown = pl.format("{}: phase with {} not known; in cis it would be {}", "PROTEIN", "TARGET", "PRODUCT")
    return known.select(
        "PAIR", "TIME", "GENE", "PROTEIN",
        KIND=pl.when(cis).then(pl.lit("joined")).otherwise(pl.lit("open")),
        NOTE=pl.when(cis).then(joined).otherwise(unknown),
    )  # fmt: skip
