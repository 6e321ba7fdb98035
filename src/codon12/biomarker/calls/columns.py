"""What the columns of a table of mutations are called, and their text made uniform."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from codon12.biomarker.variants.amino_acids import ONE_LETTER
from codon12.biomarker.variants.protein_syntax import parse_protein
from codon12.errors import UsageError

__all__ = ["COLUMN_NAMES", "find_columns", "normal_build", "normal_chromosome", "normal_protein"]

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "USUBJID": ("USUBJID", "PATIENT_ID", "PTID"),
        "SAMPLE": ("TUMOR_SAMPLE_BARCODE", "SAMPLE_ID", "SAMPLE", "SAMPLEID"),
        "GENE": ("HUGO_SYMBOL", "GENE", "GENE_NAME", "SYMBOL", "GENE_SYMBOL"),
        "PROTEIN": (
            "HGVSP_SHORT",
            "PROTEIN_CHANGE",
            "AMINO_ACID_CHANGE",
            "AACHANGE",
            "PROTEIN_SYNTAX",
            "HGVSP",
            "PROTEIN",
        ),
        "CODING": ("HGVSC", "CDNA_CHANGE", "CDS_SYNTAX", "CODING"),
        "TRANSCRIPT": ("TRANSCRIPT_ID", "TRANSCRIPT_NAME", "I_TRANSCRIPT_NAME", "TRANSCRIPT", "FEATURE"),
        "CHROM": ("CHROMOSOME", "CHROM", "CHR"),
        "POS": ("START_POSITION", "POSITION", "POS", "START"),
        "REF": ("REFERENCE_ALLELE", "REFERENCE_SEQUENCE", "REF"),
        "ALT": ("TUMOR_SEQ_ALLELE2", "ALTERNATE_SEQUENCE", "ALT"),
        "ALT1": ("TUMOR_SEQ_ALLELE1",),
        "BUILD": ("NCBI_BUILD", "BUILD", "GENOME_BUILD"),
        "CLASSIFICATION": ("VARIANT_CLASSIFICATION", "EFFECT", "CLASSIFICATION"),
        "CONSEQUENCE": ("CONSEQUENCE",),
        "VAF": ("T_VAF", "VAF", "TUMOR_VAF", "ALLELE_FREQUENCY", "AF"),
        "VAF_PERCENT": ("I_TUMORVAF_WU", "VAF_PERCENT"),
        "ALT_COUNT": ("T_ALT_COUNT",),
        "REF_COUNT": ("T_REF_COUNT",),
        "PHASE": ("PHASE", "PHASE_SET"),
        "STATUS": ("MUTATION_STATUS",),
        "VALIDATION": ("VALIDATION_STATUS",),
    }
)
"""Column of codon12 -> what tables call it, compared in upper case; the first that is there and not empty is taken."""

_SHORT = {three: one for three, one in ONE_LETTER.items() if three != "Xaa"}
_CANONICAL = (
    r"^p\.(?:[A-WYZ]\d+(?:[A-WYZ*]|[A-Z]?fs(?:\*(?:\d+|\?))?|del|dup|=)|X\d+_splice|"
    r"[A-Z]\d+_[A-Z]\d+(?:del|dup|(?:del)?ins[A-Z]+))$"
)


def find_columns(names: list[str], *, given: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Find the columns of a table of mutations: column of codon12 -> columns of the table, the preferred first.

    `given` names columns outright.

    Raises
    ------
    UsageError
        `given` names a column that the table has not, or one that codon12 has not.

    Examples
    --------
    >>> find_columns(["Hugo_Symbol", "HGVSp", "HGVSp_Short"])
    {'GENE': ['Hugo_Symbol'], 'PROTEIN': ['HGVSp_Short', 'HGVSp']}
    """
    by_upper = {n.upper(): n for n in reversed(names)}
    out = {
        ours: found
        for ours, theirs in COLUMN_NAMES.items()
        if (found := [by_upper[t] for t in theirs if t in by_upper])
    }
    for ours, theirs in (given or {}).items():
        if ours not in COLUMN_NAMES:
            raise UsageError(f"columns: {ours!r} is none of {', '.join(COLUMN_NAMES)}")
        if theirs.upper() not in by_upper:
            raise UsageError(f"columns: the table has no column {theirs!r}; it has {', '.join(names[:60])}")
        out[ours] = [by_upper[theirs.upper()]]
    return out


def normal_chromosome(column: pl.Expr) -> pl.Expr:
    """Chromosomes without ``chr``; 23 and 24 are X and Y, M is MT."""
    plain = column.str.strip_chars().str.replace("(?i)^chr", "").str.to_uppercase()
    return plain.replace({"23": "X", "24": "Y", "M": "MT"})


def normal_build(column: pl.Expr) -> pl.Expr:
    """GRCh37 or GRCh38 for any of their names; null for other text."""
    plain = column.str.strip_chars().str.to_lowercase()
    return (
        pl.when(plain.str.contains("37|hg19|^19$"))
        .then(pl.lit("GRCh37"))
        .when(plain.str.contains("38"))
        .then(pl.lit("GRCh38"))
    )


def normal_protein(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Protein changes in one letter, canonical; and a mask of texts that could not be read and are kept as given.

    Missing (empty or ``.``) stays missing. A gene or transcript before the change (``KRAS:p.G12C``) is left out.
    What is canonical already is passed by whole columns; only the distinct
    others are read one by one.

    Examples
    --------
    >>> made, unread = normal_protein(pl.Series(["p.Gly12Cys", "G12D", "p.I7I", "odd", "."]))
    >>> made.to_list(), unread.to_list()
    (['p.G12C', 'p.G12D', 'p.I7=', 'odd', None], [False, False, False, True, False])
    """
    text = (
        pl.col("text")
        .str.strip_chars(" \t\"'")
        .str.replace(r"^[\w.()-]+:(p\.)", "${1}")
        .str.replace(r"^\((p\.[^()]+)\)$", "${1}")
    )
    frame = pl.DataFrame({"text": column.cast(pl.String)}).with_columns(
        text=pl.when(~text.is_in(["", ".", "-"])).then(text.str.replace_many(list(_SHORT), list(_SHORT.values())))
    )
    # Three letters are put into one first; a change such as p.I7I or of residue 1 is canonical in look alone.
    same = text.str.slice(2, 1) == text.str.slice(-1)
    canonical = frame.select(
        (text.str.contains(_CANONICAL) & ~same & ~text.str.contains(r"^p\.M1[A-Z]$")).fill_null(value=True)
    ).to_series()
    rest = frame["text"].filter(~canonical).unique().to_list()
    read = {t: _read(t) for t in rest}
    made = frame["text"].replace(read) if read else frame["text"]
    bad = [t for t, r in read.items() if r is None]
    unread = frame["text"].is_in(bad).fill_null(value=False)
    return pl.select(pl.when(unread).then(column.cast(pl.String)).otherwise(made)).to_series(), unread


def _read(text: str) -> str | None:
    try:
        change = parse_protein(text)
    except UsageError:
        return None
    return change.one_letter.replace("(", "").replace(")", "")
