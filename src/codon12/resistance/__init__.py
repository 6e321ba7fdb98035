"""Resistance: how a response ends by which definition, and which mechanism explains it. Names load on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.resistance.after import next_therapy, next_therapy_times, survival_after, time_to_resistance
    from codon12.resistance.catalogue import Catalogue, Match, Needs, read_catalogue, shipped_catalogue
    from codon12.resistance.classify import classify_resistance
    from codon12.resistance.clinical_findings import progression_findings, site_findings, therapy_findings
    from codon12.resistance.clinical_policy import ResistancePolicy
    from codon12.resistance.codon_products import codon_product, second_base_products
    from codon12.resistance.cohort_files import pairs_of_files
    from codon12.resistance.compare import Comparison, compare_pairs
    from codon12.resistance.contributing import contributing_lesions
    from codon12.resistance.definitions import (
        BestResponse,
        Definition,
        Definitions,
        Oligoprogression,
        read_definitions,
        shipped_definitions,
    )
    from codon12.resistance.organs import read_organs, shipped_organs
    from codon12.resistance.overlap import definition_overlap
    from codon12.resistance.pair import PairAnswer, answer_pair, compare_samples
    from codon12.resistance.pair_policy import PairPolicy
    from codon12.resistance.paired import PairSamples
    from codon12.resistance.patterns import progression_patterns
    from codon12.resistance.plain_sites import sites_of_table
    from codon12.resistance.sample_files import read_assay_file, read_samples
    from codon12.resistance.sample_order import named_samples, pair_samples

__all__ = [
    "BestResponse",
    "Catalogue",
    "Comparison",
    "Definition",
    "Definitions",
    "Match",
    "Needs",
    "Oligoprogression",
    "PairAnswer",
    "PairPolicy",
    "PairSamples",
    "ResistancePolicy",
    "answer_pair",
    "classify_resistance",
    "codon_product",
    "compare_pairs",
    "compare_samples",
    "contributing_lesions",
    "definition_overlap",
    "named_samples",
    "next_therapy",
    "next_therapy_times",
    "pair_samples",
    "pairs_of_files",
    "progression_findings",
    "progression_patterns",
    "read_assay_file",
    "read_catalogue",
    "read_definitions",
    "read_organs",
    "read_samples",
    "second_base_products",
    "shipped_catalogue",
    "shipped_definitions",
    "shipped_organs",
    "site_findings",
    "sites_of_table",
    "survival_after",
    "therapy_findings",
    "time_to_resistance",
]

_HOME = {
    "MONTH_DAYS": "definitions",
    "CAUSES": "after",
    "CRITERIA": "classify",
    "BestResponse": "definitions",
    "Catalogue": "catalogue",
    "Comparison": "compare",
    "Definition": "definitions",
    "Definitions": "definitions",
    "Entry": "catalogue",
    "Match": "catalogue",
    "Needs": "catalogue",
    "Oligoprogression": "definitions",
    "Organs": "organs",
    "PairAnswer": "pair",
    "PairPolicy": "pair_policy",
    "PairSamples": "paired",
    "ResistancePolicy": "clinical_policy",
    "Rule": "catalogue",
    "Therapies": "therapies",
    "answer_pair": "pair",
    "classify_resistance": "classify",
    "codon_product": "codon_products",
    "compare_pairs": "compare",
    "compare_samples": "pair",
    "contributing_lesions": "contributing",
    "definition_counts": "overlap",
    "known_response": "clinical_facts",
    "definition_overlap": "overlap",
    "named_samples": "sample_order",
    "next_therapy": "after",
    "next_therapy_times": "after",
    "oligo_column": "patterns",
    "pair_samples": "sample_order",
    "pairs_of_files": "cohort_files",
    "progression_findings": "clinical_findings",
    "progression_patterns": "patterns",
    "read_assay_file": "sample_files",
    "read_catalogue": "catalogue",
    "read_definitions": "definitions",
    "read_organs": "organs",
    "read_samples": "sample_files",
    "read_therapies": "therapies",
    "samples_of_json": "sample_json",
    "second_base_products": "codon_products",
    "shipped_catalogue": "catalogue",
    "shipped_definitions": "definitions",
    "shipped_organs": "organs",
    "shipped_therapies": "therapies",
    "site_findings": "clinical_findings",
    "sites_of_table": "plain_sites",
    "survival_after": "after",
    "therapy_findings": "clinical_findings",
    "time_to_resistance": "after",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
