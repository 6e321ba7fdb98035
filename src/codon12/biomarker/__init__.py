"""Biomarkers: variants, assays and their reach, expression and burden cut-offs, profiles."""

from codon12.biomarker.assays.assay import Assay, Reach, gene_panel, hotspot_assay, ihc_assay
from codon12.biomarker.assays.cbioportal import study_tests
from codon12.biomarker.assays.panels import observed_panels, read_gene_panel
from codon12.biomarker.assays.pcr import PcrProfile, PcrResult, PcrTarget, read_ct_sheet, read_pcr_profile
from codon12.biomarker.calls.cbioportal import copy_number_calls, fusion_calls, study_calls
from codon12.biomarker.calls.codon_phase import join_codons
from codon12.biomarker.calls.frame import CALL_SCHEMA, Calls, calls_frame, calls_of
from codon12.biomarker.calls.maf import read_maf, scan_maf
from codon12.biomarker.calls.tables import table_calls
from codon12.biomarker.calls.vcf import read_vcf
from codon12.biomarker.cohorts.association import (
    CoOccurrenceRule,
    alteration_matrix,
    co_occurrence_table,
    multiplicity_sentence,
)
from codon12.biomarker.cohorts.figure_frames import genes_tested, lollipop_frame, oncoprint_calls
from codon12.biomarker.cohorts.shared_patients import shared_patients
from codon12.biomarker.cohorts.spectrum import SmokingSignature, smoking_signature, substitution_spectrum
from codon12.biomarker.questions.alleles import AlleleGroups, allele_groups, co_mutation
from codon12.biomarker.questions.criterion import Criterion
from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.biomarker.questions.measured import measure_status
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.profile import Profile, Test
from codon12.biomarker.questions.status import Status, biomarker_status
from codon12.biomarker.questions.study import StudyProfiles, study_profiles
from codon12.biomarker.scores.burden import BurdenRule, mutation_counts, tumour_mutational_burden
from codon12.biomarker.scores.cutoffs import (
    SP142_IC,
    SP142_TC,
    TMB_10,
    TPS_22C3,
    BurdenCutoffs,
    ExpressionCutoffs,
    burden_category,
    expression_category,
)
from codon12.biomarker.scores.joint import JointScore, read_joint_score
from codon12.biomarker.scores.measure import Measure, microsatellite_state
from codon12.biomarker.scores.study import score_categories
from codon12.biomarker.variants.coding import CodingChange, parse_coding
from codon12.biomarker.variants.genomic import GenomicChange
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.protein import ProteinChange
from codon12.biomarker.variants.protein_syntax import parse_protein
from codon12.biomarker.variants.ras import RAS_GENES, hotspot_table
from codon12.biomarker.variants.reference import check_reference
from codon12.biomarker.variants.variant import ExonChange, Variant
from codon12.records.terms.scores import Interval, read_score, read_scores

__all__ = [
    "CALL_SCHEMA",
    "RAS_GENES",
    "SP142_IC",
    "SP142_TC",
    "TMB_10",
    "TPS_22C3",
    "AlleleGroups",
    "Assay",
    "BurdenCutoffs",
    "BurdenRule",
    "Calls",
    "CoOccurrenceRule",
    "CodingChange",
    "Criterion",
    "ExonChange",
    "ExpressionCutoffs",
    "GeneDefinitions",
    "GenomicChange",
    "Interval",
    "JointScore",
    "Measure",
    "PcrProfile",
    "PcrResult",
    "PcrTarget",
    "Profile",
    "ProteinChange",
    "Reach",
    "SmokingSignature",
    "Status",
    "StudyProfiles",
    "Test",
    "Variant",
    "allele_groups",
    "alteration_matrix",
    "biomarker_status",
    "burden_category",
    "calls_frame",
    "calls_of",
    "check_reference",
    "co_mutation",
    "co_occurrence_table",
    "copy_number_calls",
    "expression_category",
    "fusion_calls",
    "gene_panel",
    "genes_tested",
    "hotspot_assay",
    "hotspot_table",
    "ihc_assay",
    "join_codons",
    "lollipop_frame",
    "measure_status",
    "microsatellite_state",
    "multiplicity_sentence",
    "mutation_counts",
    "observed_panels",
    "oncoprint_calls",
    "parse_coding",
    "parse_criterion",
    "parse_protein",
    "parse_variant",
    "read_ct_sheet",
    "read_gene_panel",
    "read_joint_score",
    "read_maf",
    "read_pcr_profile",
    "read_score",
    "read_scores",
    "read_vcf",
    "scan_maf",
    "score_categories",
    "shared_patients",
    "smoking_signature",
    "study_calls",
    "study_profiles",
    "study_tests",
    "substitution_spectrum",
    "table_calls",
    "tumour_mutational_burden",
]
