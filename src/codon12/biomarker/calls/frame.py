"""The calls frame: one row an alteration of a sample, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec
import polars as pl

from codon12.biomarker.variants.variant import Variant
from codon12.records.findings import no_findings

__all__ = ["CALL_SCHEMA", "CLASSES", "COUNTED_CLASSES", "Calls", "call_classes", "calls_frame", "calls_of", "no_calls"]

CALL_SCHEMA = pl.Schema(
    {
        "USUBJID": pl.String,
        "SAMPLE": pl.String,
        "GENE": pl.String,
        "PROTEIN": pl.String,
        "CODING": pl.String,
        "TRANSCRIPT": pl.String,
        "CHROM": pl.String,
        "POS": pl.Int64,
        "REF": pl.String,
        "ALT": pl.String,
        "BUILD": pl.String,
        "VAF": pl.Float64,
        "CLASS": pl.String,
        "CONSEQUENCE": pl.String,
        "PARTNER": pl.String,
        "PHASE": pl.String,
        "SRCDOM": pl.String,
        "SRCROW": pl.Int64,
    }
)
"""Columns of a calls frame, in order. GENE is the current symbol, PROTEIN in one letter with ``p.``; CHROM without
``chr``; POS, REF and ALT as in a MAF (``-`` for no base), plus strand; VAF 0 to 1; CLASS one of `CLASSES`,
null where nothing says it; CONSEQUENCE the file's own word; PARTNER the other gene of a fusion; calls of a sample with
one PHASE lie on one allele."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "missense": "one residue replaced by another",
        "truncating": "nonsense, frameshift or lost start",
        "inframe": "residues lost or added in frame",
        "splice": "one of the two bases of an intron next to an exon",
        "splice region": "beside a splice site or deeper in an intron, and said to alter splicing",
        "promoter": "upstream of TERT",
        "silent": "no residue changed",
        "noncoding": "intron, untranslated, flanking or intergenic",
        "amplification": "high-level gain of copies (2 in a discrete copy-number table)",
        "gain": "low-level gain of copies (1)",
        "deletion": "homozygous deletion (-2)",
        "loss": "fewer copies, not known to be a homozygous deletion (-1, -1.5)",
        "fusion": "two genes joined",
        "rearrangement": "a rearrangement within a gene, or one whose partner is not named",
        "other": "any other change, such as a lost stop",
    }
)
"""Class of a call -> what it means."""

COUNTED_CLASSES = ("missense", "truncating", "inframe", "splice", "splice region", "promoter", "other")
"""Classes by which a gene is mutated: not silent, not noncoding, no copy-number change or fusion."""

_MAF_CLASSES = {
    "missense_mutation": "missense",
    "missense": "missense",
    "nonsense_mutation": "truncating",
    "nonsense": "truncating",
    "frame_shift_del": "truncating",
    "frame_shift_ins": "truncating",
    "frameshift": "truncating",
    "translation_start_site": "truncating",
    "start_codon_snp": "truncating",
    "start_codon_del": "truncating",
    "in_frame_del": "inframe",
    "in_frame_ins": "inframe",
    "splice_site": "splice",
    "splice": "splice",
    "silent": "silent",
    "synonymous": "silent",
    "nonstop_mutation": "other",
    "stop_codon_del": "other",
    "de_novo_start_inframe": "other",
    "de_novo_start_outofframe": "other",
    "splice_region": "noncoding",
    "intron": "noncoding",
    "3'utr": "noncoding",
    "5'utr": "noncoding",
    "3'flank": "noncoding",
    "5'flank": "noncoding",
    "igr": "noncoding",
    "rna": "noncoding",
    "lincrna": "noncoding",
    "targeted_region": "noncoding",
    "itd": "inframe",
    "fusion": "fusion",
}
_CONSEQUENCES = (
    ("truncating", ("stop_gained", "frameshift", "start_lost", "initiator_codon_variant", "transcript_ablation")),
    ("splice", ("splice_acceptor", "splice_donor_variant")),
    ("missense", ("missense",)),
    ("inframe", ("inframe", "in_frame", "protein_altering")),
    ("other", ("stop_lost",)),
    ("silent", ("synonymous", "stop_retained", "start_retained")),
    (
        "noncoding",
        ("splice_region", "intron", "utr", "upstream", "downstream", "intergenic", "non_coding", "regulatory"),
    ),
)
"""Terms of the Sequence Ontology as VEP and SnpEff write them, the worst first."""


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """Calls read from a file, and what was found wrong with them."""

    frame: pl.DataFrame
    """Columns of `CALL_SCHEMA`."""
    germline: pl.DataFrame = msgspec.field(default_factory=lambda: pl.DataFrame(schema=CALL_SCHEMA))
    """Calls that the file says are inherited; they are none of the tumour's."""
    left_out: dict[str, int] = {}
    """Reason -> rows of the file that are no call of the tumour."""
    findings: pl.DataFrame = msgspec.field(default_factory=no_findings)
    """TABLE, ROW, USUBJID, VARIABLE, RULE, SEVERITY, VALUE, MESSAGE."""


def no_calls() -> pl.DataFrame:
    """Give an empty calls frame."""
    return pl.DataFrame(schema=CALL_SCHEMA)


def calls_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame to the columns of `CALL_SCHEMA`: those it lacks are null, others are left out.

    Examples
    --------
    >>> calls_frame(pl.DataFrame({"USUBJID": ["1"], "GENE": ["KRAS"], "PROTEIN": ["p.G12C"]})).width
    18
    """
    have = frame.columns
    return frame.select(
        (pl.col(name).cast(kind) if name in have else pl.lit(None, kind)).alias(name)
        for name, kind in CALL_SCHEMA.items()
    )


def call_classes(rows: pl.DataFrame) -> pl.Series:
    """Class of each call: from the MAF's classification, else its consequence, else the protein change.

    `rows` has GENE, CLASSIFICATION, CONSEQUENCE and PROTEIN. The upstream changes of TERT are ``promoter``. A
    word that is not known gives ``other``; a change outside the code that is said to alter splicing
    (``Splice_Region`` with ``p.X1010_splice``) is ``splice region``; a call of which nothing says the class has none
    (null).

    Examples
    --------
    >>> rows = pl.DataFrame({"CLASSIFICATION": ["Splice_Site", None, None], "PROTEIN": [None, "p.G12C", "p.E746fs"]})
    >>> rows = rows.with_columns(pl.lit(None, pl.String).alias("CONSEQUENCE"), pl.lit("X").alias("GENE"))
    >>> call_classes(rows).to_list()
    ['splice', 'missense', 'truncating']
    """
    keys = ["CLASSIFICATION", "CONSEQUENCE"]
    word = pl.col("CLASSIFICATION").str.strip_chars().str.to_lowercase()
    terms = pl.col("CONSEQUENCE").str.to_lowercase()
    # The words are few, the rows many: each pair of words is classified once.
    known = (
        rows.select(keys)
        .unique()
        .with_columns(
            kind=pl.coalesce(
                word.replace_strict(_MAF_CLASSES, default=None, return_dtype=pl.String),
                *(
                    pl.when(t.str.contains_any(list(n))).then(pl.lit(k))
                    for t in (terms, word)
                    for k, n in _CONSEQUENCES
                ),
            ),
            upstream=((word == "5'flank") | terms.str.contains("upstream", literal=True)).fill_null(value=False),
        )
    )
    made = rows.select(*keys, "GENE", "PROTEIN").join(
        known, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    if made["kind"].null_count():
        said = pl.any_horizontal(pl.col(*keys, "PROTEIN").is_not_null())
        rest = pl.coalesce(_class_of_protein(pl.col("PROTEIN")), pl.when(said).then(pl.lit("other")))
        made = made.with_columns(pl.coalesce("kind", rest).alias("kind"))
    # A change beside the two bases of the intron, or further in, of which the file says that it alters splicing.
    region = (pl.col("kind") == "noncoding") & pl.col("PROTEIN").str.contains("_splice", literal=True)
    made = made.with_columns(kind=pl.when(region).then(pl.lit("splice region")).otherwise("kind"))
    promoter = pl.col("upstream") & (pl.col("GENE") == "TERT")
    return made.select(pl.when(promoter).then(pl.lit("promoter")).otherwise("kind").alias("CLASS")).to_series()


def _class_of_protein(protein: pl.Expr) -> pl.Expr:
    return (
        pl.when(protein.str.contains(r"fs|\d\*$|delins.*\*|ins.*\*|^p\.\(?M1\?"))
        .then(pl.lit("truncating"))
        .when(protein.str.contains("_splice", literal=True))
        .then(pl.lit("splice"))
        .when(protein.str.contains(r"=\)?$"))
        .then(pl.lit("silent"))
        .when(protein.str.contains("del|ins|dup"))
        .then(pl.lit("inframe"))
        .when(protein.str.contains(r"^p\.\(?[A-Z]\d+[A-Z]\)?$"))
        .then(pl.lit("missense"))
    )


def calls_of(
    variants: Iterable[Variant], *, subject: str, sample: str | None = None, table: str = "REPORT"
) -> pl.DataFrame:
    """Put single variants of one subject into a calls frame.

    Examples
    --------
    >>> from codon12.biomarker import parse_variant
    >>> calls_of([parse_variant("KRAS G12C"), parse_variant("EML4-ALK")], subject="1").select("GENE", "CLASS").rows()
    [('KRAS', 'missense'), ('ALK', 'fusion')]
    """
    rows = [
        {
            "USUBJID": subject,
            "SAMPLE": sample or subject,
            "GENE": v.gene,
            "PROTEIN": None if v.protein is None else msgspec.structs.replace(v.protein, predicted=False).one_letter,
            "CODING": None if v.coding is None else str(v.coding),
            "TRANSCRIPT": v.transcript,
            "CHROM": v.genomic.chrom if v.genomic else None,
            "POS": v.genomic.pos if v.genomic else None,
            "REF": v.genomic.ref if v.genomic else None,
            "ALT": v.genomic.alt if v.genomic else None,
            "BUILD": v.genomic.build if v.genomic else None,
            "VAF": v.vaf,
            "CLASS": v.kind if v.kind in ("loss", "gain", "rearrangement") else v.alteration_class,
            "CONSEQUENCE": str(v.exon) if v.exon else None,
            "PARTNER": v.partner,
            "PHASE": v.phase,
            "SRCDOM": v.source or table,
            "SRCROW": i,
        }
        for i, v in enumerate(variants, 1)
    ]
    return pl.DataFrame(rows, schema=CALL_SCHEMA)
