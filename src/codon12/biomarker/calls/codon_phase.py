"""Changes of one codon on one allele, joined: G12W of KRAS is c.34G>T and c.36T>G together."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.biomarker.calls.frame import Calls, calls_frame
from codon12.biomarker.variants.amino_acids import CODON_TABLE
from codon12.biomarker.variants.ras import RAS_GENES
from codon12.records.findings import row_findings

__all__ = ["join_codons"]

_KEYS = ["USUBJID", "SAMPLE", "GENE", "codon"]


def join_codons(calls: Calls) -> Calls:
    """Join substitutions in one codon of KRAS, NRAS or HRAS that lie on one allele; silent rows are read too.

    Rows with the same PHASE become one row with the protein change of the codon as it is read; the rows joined are
    named in a finding. Rows of one codon whose phase is not known stay as they are, and a finding says what they
    would make on one allele.

    Returns
    -------
    Calls
        PROTEIN and CODING of the joined codon, the lowest VAF and the first SRCROW of its rows.

    Examples
    --------
    >>> row = {"USUBJID": "1", "SAMPLE": "1", "GENE": "KRAS", "PHASE": "a:1", "SRCROW": 1}
    >>> rows = [{**row, "PROTEIN": "p.G12C", "CODING": "c.34G>T"}, {**row, "PROTEIN": "p.G12=", "CODING": "c.36T>G"}]
    >>> join_codons(Calls(frame=calls_frame(pl.DataFrame(rows)))).frame["PROTEIN"].to_list()
    ['p.G12W']
    """
    base = pl.coalesce(_coding_base(), _genomic_base())
    rows = calls.frame.with_row_index("row").with_columns(base=base).with_columns(_bases())
    inside = rows.filter(
        pl.col("GENE").is_in(list(RAS_GENES)) & pl.col("base").is_between(1, 450) & pl.col("new").is_not_null()
    ).with_columns(codon=(pl.col("base") + 2) // 3, at=(pl.col("base") + 2) % 3)
    several = inside.filter(pl.col("at").n_unique().over(_KEYS) > 1)
    if not several.height:
        return calls
    phased = several.filter(pl.col("PHASE").is_not_null())
    phased = phased.filter(pl.col("at").n_unique().over([*_KEYS, "PHASE"]) > 1)
    rest = several.join(phased.select("row"), on="row", how="anti")
    rest = rest.filter(pl.col("at").n_unique().over(_KEYS) > 1)
    joined = _read(phased, [*_KEYS, "PHASE"])
    kept = calls.frame.with_row_index("row").join(phased.select("row"), on="row", how="anti").drop("row")
    made = calls_frame(joined)
    found = [calls.findings, _joined(joined), _unphased(_read(rest, _KEYS))]
    frame = pl.concat([kept, made]).sort("SRCROW", maintain_order=True)
    return msgspec.structs.replace(calls, frame=frame, findings=pl.concat(found))


def _coding_base() -> pl.Expr:
    return pl.col("CODING").str.extract(r"^c\.(\d+)[ACGT]>[ACGT]$").cast(pl.Int64)


def _genomic_base() -> pl.Expr:
    """Coding base of a substitution that only its coordinate names."""
    single = (
        pl.col("REF").str.contains("^[ACGT]$") & pl.col("ALT").str.contains("^[ACGT]$") & pl.col("CODING").is_null()
    )
    out = pl.lit(None, pl.Int64)
    for gene in RAS_GENES.values():
        for (first, last), start in zip(((1, 111), (112, 290), (291, 450)), gene.exon_starts, strict=True):
            at = pl.col("POS") + pl.when(pl.col("BUILD") == "GRCh38").then(gene.offset).otherwise(0)
            base = first + gene.strand * (at - start)
            known = (
                single & (pl.col("GENE") == gene.name) & pl.col("BUILD").is_not_null() & base.is_between(first, last)
            )
            out = pl.when(known).then(base).otherwise(out)
    return out


def _bases() -> pl.Expr:
    """New base on the coding strand."""
    minus = [g.name for g in RAS_GENES.values() if g.strand < 0]
    own = pl.col("CODING").str.extract(r"^c\.\d+[ACGT]>([ACGT])$")
    plus = pl.col("ALT").str.extract("^([ACGT])$")
    flipped = plus.replace({"A": "T", "C": "G", "G": "C", "T": "A"})
    return pl.coalesce(own, pl.when(pl.col("GENE").is_in(minus)).then(flipped).otherwise(plus)).alias("new")


def _read(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """One row a group: the codon with all changes in it, and what it codes for."""
    codons = pl.DataFrame(
        [(g.name, n, g.codon(n)) for g in RAS_GENES.values() for n in range(1, 151)],
        schema={"GENE": pl.String, "codon": pl.Int64, "old": pl.String},
        orient="row",
    ).filter(~pl.col("old").str.contains("N"))
    new = [pl.col("new").filter(pl.col("at") == i).first().alias(f"new{i}") for i in range(3)]
    first = ["TRANSCRIPT", "CHROM", "BUILD", "SRCDOM"]
    groups = (
        rows.sort("SRCROW")
        .group_by(keys, maintain_order=True)
        .agg(*new, pl.col("VAF").min(), pl.col("SRCROW").min(), pl.col(first).first(), pl.col("SRCROW").alias("rows"))
        .join(codons, on=["GENE", "codon"], maintain_order="left")
    )
    bases = [pl.coalesce(f"new{i}", pl.col("old").str.slice(i, 1)) for i in range(3)]
    groups = groups.with_columns(made=pl.concat_str(bases))
    old_aa, new_aa = (pl.col(c).replace_strict(dict(CODON_TABLE), return_dtype=pl.String) for c in ("old", "made"))
    tail = pl.when(old_aa == new_aa).then(pl.lit("=")).otherwise(new_aa)
    start = 3 * pl.col("codon") - 2
    kind = pl.when(old_aa == new_aa).then(pl.lit("silent")).when(new_aa == "*").then(pl.lit("truncating"))
    return groups.with_columns(
        PROTEIN=pl.format("p.{}{}{}", old_aa, "codon", tail),
        CODING=pl.format("c.{}_{}delins{}", start, start + 2, "made"),
        CLASS=kind.otherwise(pl.lit("missense")),
        CONSEQUENCE=pl.lit("joined codon"),
        listed=pl.col("rows").cast(pl.List(pl.String)).list.join(", "),
    )


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    return row_findings(
        rows,
        table="MUTATIONS",
        rule="joined-codon",
        severity="note",
        variable="PROTEIN",
        value=pl.col("PROTEIN"),
        message="Rows {} of sample {} lie on one allele of {}: codon {} reads {}, {}.",
        parts=[pl.col(c).cast(pl.String) for c in ("listed", "SAMPLE", "GENE", "codon", "made", "PROTEIN")],
    )


def _unphased(rows: pl.DataFrame) -> pl.DataFrame:
    return row_findings(
        rows,
        table="MUTATIONS",
        rule="codon-phase-unknown",
        severity="warning",
        variable="PHASE",
        value=pl.col("PROTEIN"),
        message="Rows {} of sample {} change codon {} of {} and their phase is not known: on one allele they are {}, "
        "on two they are what each row says.",
        parts=[pl.col(c).cast(pl.String) for c in ("listed", "SAMPLE", "codon", "GENE", "PROTEIN")],
    )
