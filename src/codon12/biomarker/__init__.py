"""Biomarkers: variants, assays and their reach, expression and burden cut-offs, profiles."""

from codon12.biomarker.coding import CodingChange, parse_coding
from codon12.biomarker.genes import current_symbol, current_symbols
from codon12.biomarker.genomic import GenomicChange, build_name
from codon12.biomarker.parse import parse_variant
from codon12.biomarker.protein import ProteinChange
from codon12.biomarker.protein_syntax import parse_protein
from codon12.biomarker.ras import HOTSPOT_CODONS, RAS_GENES, hotspot_table
from codon12.biomarker.reference import check_reference, reference_bases
from codon12.biomarker.variant import ExonChange, Variant

__all__ = [
    "HOTSPOT_CODONS",
    "RAS_GENES",
    "CodingChange",
    "ExonChange",
    "GenomicChange",
    "ProteinChange",
    "Variant",
    "build_name",
    "check_reference",
    "current_symbol",
    "current_symbols",
    "hotspot_table",
    "parse_coding",
    "parse_protein",
    "parse_variant",
    "reference_bases",
]
