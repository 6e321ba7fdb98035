"""Biomarkers: variants, assays and their reach, expression and burden cut-offs, profiles."""

from codon12.biomarker.assay import TEST_STATES, Assay, Reach, gene_panel, hotspot_assay, ihc_assay
from codon12.biomarker.calls import CALL_SCHEMA, CLASSES, COUNTED_CLASSES, Calls, calls_frame, calls_of
from codon12.biomarker.cbioportal_calls import copy_number_calls, fusion_calls, study_calls, study_tests
from codon12.biomarker.check_calls import check_calls
from codon12.biomarker.coding import CodingChange, parse_coding
from codon12.biomarker.codon_phase import join_codons
from codon12.biomarker.criterion import Criterion, parse_criterion
from codon12.biomarker.definitions import GeneDefinitions
from codon12.biomarker.genes import current_symbol, current_symbols
from codon12.biomarker.genomic import GenomicChange, build_name
from codon12.biomarker.maf import read_maf, scan_maf
from codon12.biomarker.measures import Measure, measure_status, microsatellite_state
from codon12.biomarker.parse import parse_variant
from codon12.biomarker.pcr import PcrProfile, PcrResult, PcrTarget, read_ct_sheet, read_pcr_profile
from codon12.biomarker.profile import Profile, Test
from codon12.biomarker.protein import ProteinChange
from codon12.biomarker.protein_syntax import parse_protein
from codon12.biomarker.ras import HOTSPOT_CODONS, RAS_GENES, hotspot_table
from codon12.biomarker.reference import check_reference, reference_bases
from codon12.biomarker.scores import SCORE_SCHEMA, Interval, read_score, read_scores
from codon12.biomarker.status import TEST_SCHEMA, Status, biomarker_status, tests_frame
from codon12.biomarker.table_calls import table_calls
from codon12.biomarker.variant import ExonChange, Variant
from codon12.biomarker.vcf import read_vcf

__all__ = [
    "CALL_SCHEMA",
    "CLASSES",
    "COUNTED_CLASSES",
    "HOTSPOT_CODONS",
    "RAS_GENES",
    "SCORE_SCHEMA",
    "TEST_SCHEMA",
    "TEST_STATES",
    "Assay",
    "Calls",
    "CodingChange",
    "Criterion",
    "ExonChange",
    "GeneDefinitions",
    "GenomicChange",
    "Interval",
    "Measure",
    "PcrProfile",
    "PcrResult",
    "PcrTarget",
    "Profile",
    "ProteinChange",
    "Reach",
    "Status",
    "Test",
    "Variant",
    "biomarker_status",
    "build_name",
    "calls_frame",
    "calls_of",
    "check_calls",
    "check_reference",
    "copy_number_calls",
    "current_symbol",
    "current_symbols",
    "fusion_calls",
    "gene_panel",
    "hotspot_assay",
    "hotspot_table",
    "ihc_assay",
    "join_codons",
    "measure_status",
    "microsatellite_state",
    "parse_coding",
    "parse_criterion",
    "parse_protein",
    "parse_variant",
    "read_ct_sheet",
    "read_maf",
    "read_pcr_profile",
    "read_score",
    "read_scores",
    "read_vcf",
    "reference_bases",
    "scan_maf",
    "study_calls",
    "study_tests",
    "table_calls",
    "tests_frame",
]
