"""What can be wrong with calls: reference bases of another build, doubled rows, calls that contradict each other."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from codon12.biomarker.variants.genomic import BUILDS, Build
from codon12.biomarker.variants.ras import RAS_GENES
from codon12.records.findings import findings_frame, row_findings

__all__ = ["check_calls"]

_PLACE = ["SAMPLE", "CHROM", "POS", "REF", "ALT"]


def check_calls(calls: pl.DataFrame, *, name: str = "MUTATIONS") -> pl.DataFrame:
    """Find what is wrong with calls; nothing is changed or left out.

    Rules: ``reference-mismatch`` (error: the reference base of a KRAS, NRAS or HRAS coding base is not the
    genome's; both builds' bases are given), ``residue-mismatch`` (error: a protein change of these genes names a
    residue that they have not), ``class-contradicts-change`` (warning), ``duplicate-call`` (note: the same
    change of a sample again) and ``contradictory-call`` (error: one change of a sample under two protein changes of
    one gene).

    Examples
    --------
    >>> from codon12.biomarker.calls.frame import calls_frame
    >>> row = {"SAMPLE": "1", "GENE": "KRAS", "CHROM": "12", "POS": 25398285, "REF": "C", "ALT": "A", "BUILD": "GRCh38"}
    >>> check_calls(calls_frame(pl.DataFrame([{**row, "SRCROW": 1}])))["RULE"].to_list()
    ['reference-mismatch']
    """
    if not calls.height:
        return findings_frame([])
    located = calls.drop_nulls(_PLACE)
    again = located.filter(pl.struct(_PLACE).hash().is_duplicated())
    return pl.concat(
        [
            _reference(calls, name),
            _residues(calls, name),
            _classes(calls, name),
            _doubled(again, name),
            _contradictory(again, name),
        ]
    )


@cache
def _bases() -> pl.DataFrame:
    rows = [
        (gene.chrom, gene.position(base, build), build, gene.reference(gene.position(base, build) or 0, build))
        for gene in RAS_GENES.values()
        for build in BUILDS
        for base in range(1, len(gene.sequence) + 1)
    ]
    schema = {"CHROM": pl.String, "POS": pl.Int64, "build": pl.String, "base": pl.String}
    table = pl.DataFrame(rows, schema=schema, orient="row").drop_nulls()
    parts = [table.filter(build=b).select("CHROM", "POS", pl.col("base").alias(b)) for b in BUILDS]
    return parts[0].join(parts[1], on=["CHROM", "POS"], how="full", coalesce=True)


def _reference(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    named = pl.col("GENE").is_in(list(RAS_GENES)) | pl.col("GENE").is_null()
    rows = calls.filter(named & pl.col("REF").str.contains("^[ACGT]")).join(
        _bases(), on=["CHROM", "POS"], how="left", maintain_order="left"
    )
    first, builds = pl.col("REF").str.head(1), pl.col("BUILD")
    own, other = (_base_of(builds, order) for order in (BUILDS, BUILDS[::-1]))
    # A place outside the exons of its own build that is a coding base of the other one, read as that one reads it.
    elsewhere = own.is_null() & (other == first) & ~_between_exons(builds)
    fits = pl.any_horizontal((pl.col(b) == first).fill_null(value=False) for b in BUILDS)
    nowhere = builds.is_null() & pl.coalesce(*BUILDS).is_not_null() & ~fits
    wrong = (own != first).fill_null(value=False) | elsewhere.fill_null(value=False) | nowhere
    shown = [pl.col(b).fill_null("no coding base of KRAS, NRAS or HRAS") for b in BUILDS]
    return row_findings(
        rows.filter(wrong),
        table=name,
        rule="reference-mismatch",
        severity="error",
        variable="REF",
        value=pl.col("REF"),
        message=f"{name} row {{}}: {{}}:{{}} {{}}>{{}} of {{}} is given as {{}}; GRCh37 has {{}} there, "
        "GRCh38 has {}: wrong build or the other strand.",
        parts=[
            pl.col("SRCROW"),
            *(pl.col(c).cast(pl.String).fill_null("?") for c in ("CHROM", "POS", "REF", "ALT", "GENE")),
            pl.col("BUILD").fill_null("no build"),
            *shown,
        ],
    )


def _residues(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    held = {g.name: [g.residue(n) for n in range(1, len(g.sequence) // 3 + 1)] for g in RAS_GENES.values()}
    rows = calls.filter(pl.col("GENE").is_in(list(held)) & pl.col("PROTEIN").str.contains(r"^p\.[A-WYZ]\d"))
    ends = (r"^p\.([A-Z])(\d+)", r"^p\.[A-Z]\d+_([A-Z])(\d+)")
    wrong = []
    for gene, protein in rows.select("GENE", "PROTEIN").unique().iter_rows():
        for residue, place in (found.groups() for end in ends if (found := re.match(end, protein))):
            own = held[gene][int(place) - 1] if 0 < int(place) <= len(held[gene]) else None
            if own not in (None, residue):
                wrong.append((gene, protein, f"{gene} has {own} at residue {place}"))
                break
    said = pl.DataFrame(wrong, schema=dict.fromkeys(("GENE", "PROTEIN", "own"), pl.String), orient="row")
    return row_findings(
        rows.join(said, on=["GENE", "PROTEIN"], how="inner", maintain_order="left"),
        table=name,
        rule="residue-mismatch",
        severity="error",
        variable="PROTEIN",
        value=pl.col("PROTEIN"),
        message=f"{name} row {{}}: {{}} cannot be: {{}}. It counts as written.",
        parts=[pl.col("SRCROW"), pl.col("PROTEIN"), pl.col("own")],
    )


def _classes(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    same, other = (
        pl.col("PROTEIN").str.contains(r"^p\.[A-Z]\d+=$"),
        pl.col("PROTEIN").str.contains(r"^p\.[A-Z]\d+[A-Z]$"),
    )
    loud = pl.col("CLASS").is_in(["missense", "truncating", "inframe"])
    return row_findings(
        calls.filter((same & loud) | (other & (pl.col("CLASS") == "silent"))),
        table=name,
        rule="class-contradicts-change",
        severity="warning",
        variable="PROTEIN",
        value=pl.col("PROTEIN"),
        message=f"{name} row {{}}: {{}} {{}} is classified as {{}}; it counts as {{}}.",
        parts=[pl.col("SRCROW"), *(pl.col(c).fill_null("?") for c in ("GENE", "PROTEIN", "CONSEQUENCE", "CLASS"))],
    )


def _base_of(builds: pl.Expr, order: tuple[Build, ...]) -> pl.Expr:
    """Base in the stated build (`order` as it stands) or in the other one (`order` turned round)."""
    return pl.when(builds == BUILDS[0]).then(pl.col(order[0])).when(builds == BUILDS[1]).then(pl.col(order[1]))


def _between_exons(builds: pl.Expr) -> pl.Expr:
    spans = [
        (builds == build) & (pl.col("CHROM") == gene.chrom) & pl.col("POS").is_between(min(ends), max(ends))
        for gene in RAS_GENES.values()
        for build in BUILDS
        if (ends := [gene.position(base, build) or 0 for base in (1, len(gene.sequence))])
    ]
    return pl.any_horizontal(spans)


def _doubled(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    again = calls.filter(pl.int_range(pl.len()).over([*_PLACE, "GENE", "PROTEIN"]) > 0)
    return row_findings(
        again,
        table=name,
        rule="duplicate-call",
        severity="note",
        variable="SAMPLE",
        value=pl.col("SAMPLE"),
        message=f"{name} row {{}}: {{}} {{}} of sample {{}} stands there more than once; it counts once.",
        parts=[pl.col("SRCROW"), *(pl.col(c).fill_null("?") for c in ("GENE", "PROTEIN", "SAMPLE"))],
    )


def _contradictory(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    located = calls.drop_nulls(["PROTEIN", "GENE"])
    by = [*_PLACE, "GENE", "TRANSCRIPT"]
    rows = located.filter(pl.col("PROTEIN").n_unique().over(by) > 1)
    return row_findings(
        rows,
        table=name,
        rule="contradictory-call",
        severity="error",
        variable="PROTEIN",
        value=pl.col("PROTEIN"),
        message=f"{name} row {{}}: sample {{}} has {{}}:{{}} {{}}>{{}} of {{}} under several protein changes, "
        "here {}.",
        parts=[
            pl.col(c).cast(pl.String) for c in ("SRCROW", "SAMPLE", "CHROM", "POS", "REF", "ALT", "GENE", "PROTEIN")
        ],
    )
