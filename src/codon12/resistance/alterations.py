"""What an alteration is called, which gene and codons it concerns, and when two calls are the same one."""

from __future__ import annotations

import polars as pl

from codon12.biomarker.calls.frame import COUNTED_CLASSES

__all__ = ["DESCRIBED", "KINDS", "describe", "with_descriptor"]

KINDS = dict.fromkeys((*COUNTED_CLASSES, "silent", "noncoding"), "mutation") | {
    "amplification": "copy number",
    "deletion": "copy number",
    "fusion": "fusion",
    "rearrangement": "fusion",
}
"""Class of a call -> kind of alteration that an assay must read to see it."""

DESCRIBED = ("GENE", "PARTNER", "CLASS", "PROTEIN", "CODING", "CHROM", "POS", "REF", "ALT", "BUILD", "CONSEQUENCE")
"""Columns of a call that say which alteration it is."""

_WORDS = {
    "amplification": "amplification",
    "deletion": "deep deletion",
    "rearrangement": "intragenic rearrangement",
}
_ITD = r"(?i)[_-]?ITD$"


def with_descriptor(calls: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the distinct alterations of a calls frame: the calls with DESC, and one row a DESC, as `describe` gives.

    Millions of calls name few alterations: names are read once each.
    """
    told = [c for c in DESCRIBED if calls[c].null_count() < calls.height] or ["GENE"]
    number = pl.struct(told).hash().alias("DESC")
    numbered = calls.with_columns(number)
    return numbered.drop(DESCRIBED), describe(numbered.unique("DESC", keep="first", maintain_order=True))


def describe(calls: pl.DataFrame) -> pl.DataFrame:
    """Say of each call what it is: DESC, GENE, PARTNER, CLASS, KIND, PROTEIN, NAME, KEY, FIRST, LAST, INDEL, PLACE.

    NAME is as printed (``KRAS p.G12C``, ``MET amplification``, ``EML4-ALK fusion``); KEY is the same for calls that
    name one alteration; FIRST and LAST are its codons; INDEL tells indels and tandem duplications, PLACE where they
    lie, in base pairs. Low-level gains and losses, silent changes outside codon 12 of RAS and noncoding changes have
    no KIND: they are not compared.

    Examples
    --------
    >>> from codon12.biomarker import calls_of, parse_variant
    >>> calls = calls_of([parse_variant("KRAS G12C"), parse_variant("MET amp")], subject="1")
    >>> describe(calls.with_row_index("DESC"))["NAME"].to_list()
    ['KRAS p.G12C', 'MET amplification']
    """
    number = pl.col("PROTEIN").str.slice(3, pl.col("PROTEIN").str.len_chars() - 4).cast(pl.Int64, strict=False)
    rows = calls.with_columns(_number=number)
    plain = (pl.col("CLASS") == "missense") & pl.col("PROTEIN").str.starts_with("p.") & number.is_not_null()
    plain &= ~pl.col("GENE").str.contains("ITD", literal=True)
    told = rows.select(plain.fill_null(value=False).alias("plain"))["plain"]
    return pl.concat([_substitutions(rows.filter(told)), _others(rows.filter(~told).drop("_number"))])


def _substitutions(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one residue replaced by another, most of all: described without looking into their text."""
    name = pl.format("{} {}", "GENE", "PROTEIN")
    false = pl.lit(value=False)
    placed = pl.format("{}:{} {}>{}", "CHROM", "POS", "REF", "ALT") if rows["POS"].null_count() < rows.height else None
    coordinates = pl.format("{} {}", "BUILD", placed) if placed is not None else pl.lit(None, pl.String)
    return rows.select(
        "DESC", "GENE", "PARTNER", "CLASS", KIND=pl.lit("mutation"), PROTEIN="PROTEIN", CODING="CODING", NAME=name,
        KEY=pl.format("mutation {} {}", "GENE", "PROTEIN"), FIRST="_number", LAST="_number", INDEL=false,
        PLACE=pl.lit(None, pl.Int64), ITD=false, CODED=pl.lit(value=True), SHIFT=false, COORD=coordinates,
    )  # fmt: skip


def _others(calls: pl.DataFrame) -> pl.DataFrame:
    itd = pl.col("GENE").str.contains(_ITD) | pl.col("CONSEQUENCE").str.contains(r"(?i)\bITD\b|tandem dup")
    calls = calls.with_columns(ITD=itd.fill_null(value=False))
    itd = pl.col("ITD")
    gene = pl.col("GENE").str.replace(_ITD, "")
    protein = pl.col("PROTEIN")
    codon_12 = gene.is_in(["KRAS", "NRAS", "HRAS"]) & protein.str.contains(r"^p\.G12=$")
    left_out = pl.col("CLASS").is_in(["silent", "noncoding"]) & ~codon_12.fill_null(value=False)
    # A cell with words in place of a change (``pending``) is no alteration that could be compared.
    left_out |= (pl.col("CLASS").is_null() & ~protein.str.contains(r"\d")).fill_null(value=False)
    kind = pl.col("CLASS").fill_null("other").replace_strict(KINDS, default=None, return_dtype=pl.String)
    first = protein.str.extract(r"^p\.[A-Z*]?(\d+)").cast(pl.Int64)
    last = protein.str.extract(r"_[A-Z*]?(\d+)").cast(pl.Int64)
    frame = calls.with_columns(
        GENE=gene,
        KIND=pl.when(~left_out).then(kind),
        FIRST=first,
        LAST=pl.coalesce(last, first),
        place=pl.format("{}:{} {}>{}", "CHROM", "POS", "REF", "ALT"),
    )
    mutation = pl.col("KIND") == "mutation"
    shift = protein.str.contains("fs", literal=True)
    inframe = protein.str.contains("del|ins|dup") | (pl.col("CLASS") == "inframe")
    by_bases = (pl.col("REF").str.len_chars() != pl.col("ALT").str.len_chars()) | (pl.col("REF") == "-")
    indel = mutation & (itd | shift | inframe | by_bases | (pl.col("ALT") == "-")).fill_null(value=False)
    exact = pl.coalesce(protein, "CODING", "place", pl.when(itd).then(pl.lit("ITD")), "CONSEQUENCE", "CLASS")
    ends = [pl.min_horizontal("GENE", "PARTNER"), pl.max_horizontal("GENE", "PARTNER")]
    fused = pl.when(pl.col("PARTNER").is_not_null()).then(pl.format("{}-{} fusion", "GENE", "PARTNER"))
    name = (
        pl.when(pl.col("CLASS") == "fusion")
        .then(fused.otherwise(pl.format("{} fusion", "GENE")))
        .when(pl.col("CLASS").is_in(list(_WORDS)))
        .then(pl.format("{} {}", "GENE", pl.col("CLASS").replace(_WORDS)))
        .otherwise(pl.format("{} {}", "GENE", pl.when(itd & protein.is_null()).then(pl.lit("ITD")).otherwise(exact)))
    )
    key = (
        pl.when(pl.col("CLASS") == "fusion")
        .then(pl.format("fusion {} {}", *ends))
        .when(itd)  # however they are written, the tandem duplications of a gene are one alteration
        .then(pl.format("mutation {} ITD", "GENE"))
        .when(mutation)
        .then(pl.format("mutation {} {}", "GENE", exact))
        .otherwise(pl.format("{} {}", "CLASS", "GENE"))
    )
    # Where both are known the codon places an indel, whatever build its coordinates are of.
    place = pl.coalesce(3 * pl.col("FIRST"), "POS")
    frame = frame.with_columns(NAME=name, KEY=key, INDEL=indel, PLACE=pl.when(indel & ~itd).then(place))
    return frame.select(
        "DESC", "GENE", "PARTNER", "CLASS", "KIND", "PROTEIN", "CODING", "NAME", "KEY", "FIRST", "LAST", "INDEL",
        "PLACE", "ITD", _coded("FIRST"), SHIFT=shift.fill_null(value=False), COORD=pl.format("{} {}", "BUILD", "place"),
    )  # fmt: skip


def _coded(column: str) -> pl.Expr:
    """Tell whether the place of an indel is a codon of the protein; coordinates and codons are never mixed."""
    return pl.col(column).is_not_null().alias("CODED")
