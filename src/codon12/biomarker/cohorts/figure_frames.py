"""The frames that oncoprint and lollipop are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codon12.biomarker.assays.assay import AlterationKind, Assay, Reach
from codon12.biomarker.assays.tests import denies, frame_of_tests, with_specimens
from codon12.errors import UsageError
from codon12.records.columns.needed import need

__all__ = ["genes_tested", "lollipop_frame", "oncoprint_calls"]

_DRAWN = (
    "missense",
    "truncating",
    "inframe",
    "splice",
    "splice region",
    "promoter",
    "fusion",
    "amplification",
    "deletion",
    "rearrangement",
    "other",
)


def oncoprint_calls(calls: pl.DataFrame) -> pl.DataFrame:
    """Alterations an oncoprint shows: USUBJID, GENE, CLASS, each once; a fusion under both of its genes.

    Silent and noncoding calls, low-level gains and losses, and calls without a class are left out.

    Examples
    --------
    >>> fusion = {"USUBJID": "1", "GENE": "ALK", "PARTNER": "EML4", "CLASS": "fusion"}
    >>> silent = {"USUBJID": "1", "GENE": "KRAS", "PARTNER": None, "CLASS": "silent"}
    >>> oncoprint_calls(pl.DataFrame([fusion, silent])).rows()
    [('1', 'ALK', 'fusion'), ('1', 'EML4', 'fusion')]
    """
    need(calls, ("USUBJID", "GENE", "PARTNER", "CLASS"), what="calls")
    shown = calls.filter(pl.col("CLASS").is_in(list(_DRAWN)))
    partners = shown.filter(pl.col("PARTNER").is_not_null()).with_columns(GENE="PARTNER")
    both = pl.concat([frame.select("USUBJID", "GENE", "CLASS") for frame in (shown, partners)])
    return both.drop_nulls(["USUBJID", "GENE"]).unique().sort("USUBJID", "GENE", "CLASS")


def genes_tested(
    tests: pl.DataFrame,
    assays: Mapping[str, Assay],
    genes: Sequence[str],
    *,
    kinds: Sequence[AlterationKind] = ("mutation",),
) -> pl.DataFrame:
    """Pairs of subject and gene whose whole gene a test with a result covered, for all of `kinds`.

    Returns
    -------
    polars.DataFrame
        USUBJID, GENE; sorted. A list of hotspots covers no gene, a test of plasma denies none.

    Examples
    --------
    >>> from codon12.biomarker import gene_panel
    >>> tests = pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["P"], "STATE": ["valid"]})
    >>> genes_tested(tests, {"P": gene_panel("P", ["KRAS"])}, ["KRAS", "EGFR"]).rows()
    [('1', 'KRAS')]
    """
    if not isinstance(assays, Mapping):
        raise UsageError(f"assays must map a name to an Assay, not {type(assays).__name__}")
    read = with_specimens(frame_of_tests(tests), assays)
    read = read.filter((pl.col("STATE") == "valid") & pl.col("TARGET").is_null() & denies())
    rows = [
        (name, own, gene, kind)
        for name, own in read.select("ASSAY", "KIND").unique().iter_rows()
        for gene in dict.fromkeys(genes)
        for kind in kinds
        if name in assays and own in (None, kind) and assays[name].covers(Reach(gene=gene, kind=kind))
    ]
    schema = dict.fromkeys(("ASSAY", "KIND", "GENE", "kind"), pl.String)
    table = pl.DataFrame(rows, schema=schema, orient="row")
    found = read.join(table, on=["ASSAY", "KIND"], nulls_equal=True).select("USUBJID", "GENE", "kind").unique()
    whole = found.group_by("USUBJID", "GENE").len().filter(pl.col("len") == len(set(kinds)))
    return whole.select("USUBJID", "GENE").drop_nulls().sort("USUBJID", "GENE")


def lollipop_frame(calls: pl.DataFrame, gene: str) -> pl.DataFrame:
    """Changes of one protein by codon: POS, LABEL, N (patients), CLASS, as a lollipop draws them.

    A patient counts once a change; silent and noncoding calls, and those without a protein change, are left out.

    Examples
    --------
    >>> rows = {"USUBJID": ["1", "2"], "GENE": "KRAS", "PROTEIN": "p.G12C", "CLASS": "missense"}
    >>> lollipop_frame(pl.DataFrame(rows), "KRAS").rows()
    [(12, 'G12C', 2, 'missense')]
    """
    need(calls, ("USUBJID", "GENE", "PROTEIN", "CLASS"), what="calls")
    codon = pl.col("PROTEIN").str.extract(r"^p\.\D?(\d+)").cast(pl.Int64, strict=False)
    rows = calls.filter((pl.col("GENE") == gene) & pl.col("CLASS").is_in(list(_DRAWN))).select(
        "USUBJID", "CLASS", POS=codon, LABEL=pl.col("PROTEIN").str.replace(r"^p\.", "")
    )
    found = (
        rows.drop_nulls().group_by("POS", "LABEL", "CLASS").agg(pl.col("USUBJID").n_unique().cast(pl.Int64).alias("N"))
    )
    return found.select("POS", "LABEL", "N", "CLASS").sort("POS", "N", "LABEL", descending=[False, True, False])
